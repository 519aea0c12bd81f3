"""The names in `vars` that a definition with cases uses, which it has to have given before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from jinja2 import nodes

from cassettes.definition import MockDefinition
from gateway.memory.mentions import conditions_in, templates_in
from gateway.templates import TemplateError, is_template
from gateway.templates.grammar import parse

_OF_EACH: Final = frozenset({"row", "at"})
"""What a save that is done for each element of a list names."""


def judge_names(definition: MockDefinition) -> None:
    """Raise TemplateError where something is read from `vars` that is not there then.

    What a script before the answer sets cannot be known, so that after one every name will do.
    """
    if definition.hooks.before is not None:
        return
    lead = f"definition {definition.id!r}, "
    known: set[str] = set()
    _judge_let(definition.let, f"{lead}let", known)
    if definition.list_ is not None:
        _judge(templates_in(definition.list_.model_dump(exclude_unset=True)), f"{lead}list", known)
        known.add("list")
    if definition.graph is not None:
        known.add("graph")
    for place, case in enumerate(definition.cases):
        where, named = f"{lead}cases.{place}", set(known)
        _judge(conditions_in(case.when), f"{where}.when", named)
        _judge_let(case.let, f"{where}.let", named)
        _judge(templates_in(case.response.model_dump(exclude_unset=True)), f"{where}.response", named)
        named.add("answer")
        for number, save in enumerate(case.save):
            _judge(templates_in(save.each), f"{where}.save.{number}.each", named)
            inside = named | (_OF_EACH if save.each is not None else set())
            _judge(conditions_in(save.when), f"{where}.save.{number}.when", inside)
            own = {save.as_} if save.as_ is not None else set()
            of_item = inside | own if save.under is not None else inside
            _judge(templates_in(save.item), f"{where}.save.{number}", of_item)
            named |= own
            rest = save.model_dump(exclude_unset=True, exclude={"when", "item", "each"})
            _judge(templates_in(rest), f"{where}.save.{number}", inside | own)


def _judge_let(let: Mapping[str, Any], where: str, known: set[str]) -> None:
    for name, value in let.items():
        _judge(templates_in(value), f"{where}.{name}", known)
        known.add(name)


def _judge(sources: Iterable[str], where: str, known: Collection[str]) -> None:
    for source in sources:
        if "vars" not in source:
            continue
        for name in _names(source):
            if name not in known:
                near = get_close_matches(name, known, 1)
                hint = (
                    f": did you mean vars.{near[0]}?" if near else f" (there are {', '.join(sorted(known)) or 'none'})"
                )
                raise TemplateError(where, 1, source, f"there is no vars.{name} here{hint}")


def _names(source: str) -> Iterator[str]:
    try:
        tree = parse(source, "").tree
    except TemplateError:
        return  # who compiles it says what is wrong
    if any(name.ctx == "store" and name.name == "vars" for name in tree.find_all(nodes.Name)):
        return
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Const)):
        if isinstance(node, nodes.Const):
            if isinstance(node.value, str) and is_template(node.value):
                yield from _names(node.value)
        elif isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
            name = _key(node) if node.node.name == "vars" else None
            if name is not None:
                yield name


def _key(node: nodes.Getattr | nodes.Getitem) -> str | None:
    if isinstance(node, nodes.Getattr):
        # `vars.items()` is a method; what is looked up under such a name is written vars['items'].
        return str(node.attr)
    key = node.arg.value if isinstance(node.arg, nodes.Const) else None
    return key if isinstance(key, str) else None
