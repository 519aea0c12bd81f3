"""The collections that a definition with cases names, in its lists, its saves and its templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from jinja2 import nodes

from cassettes.definition import MockDefinition
from gateway.templates.errors import TemplateError
from gateway.templates.grammar import is_template, parse

Mentions: TypeAlias = dict[str, set[str]]
"""The names of collections, each with the fields of which a template asks for the next number."""


def mentions_of(definition: MockDefinition) -> Mentions:
    """Give what a definition with cases names; of one without cases nothing, whatever its response says."""
    found: Mentions = {name: set() for name in definition.collections}
    if not definition.cases:
        return found
    if definition.list_ is not None:
        found.setdefault(definition.list_.in_, set())
    if definition.graph is not None:
        found.update((one.in_, found.get(one.in_, set())) for one in definition.graph.fields.values())
    for case in definition.cases:
        for save in case.save:
            if save.in_ is not None:
                found.setdefault(save.in_, set())
    for source in _sources(definition):
        _scan(source, found)
    return found


def _sources(definition: MockDefinition) -> Iterator[str]:
    """Give the texts of a definition that are templates, and its conditions as if they were."""
    yield from templates_in(definition.let)
    if definition.list_ is not None:
        yield from templates_in(definition.list_.model_dump(exclude_unset=True))
    for case in definition.cases:
        yield from conditions_in(case.when)
        yield from templates_in(case.model_dump(exclude_unset=True, exclude={"when", "note", "save"}))
        for save in case.save:
            yield from conditions_in(save.when)
            yield from templates_in(save.model_dump(exclude_unset=True, exclude={"when"}))


def conditions_in(when: str | list[str] | None) -> Iterator[str]:
    """Give conditions as the templates that they would be."""
    for condition in [when] if isinstance(when, str) else when or ():
        yield f"{{{{ {condition} }}}}"


def templates_in(value: Any) -> Iterator[str]:
    """Give the texts anywhere in a value that are templates."""
    if isinstance(value, str):
        if is_template(value):
            yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from templates_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from templates_in(one)


def _scan(source: str, found: Mentions) -> None:
    if "resource" not in source:
        return
    try:
        tree = parse(source, "").tree
    except TemplateError:
        return  # who compiles it says what is wrong
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Call, nodes.Const)):
        if isinstance(node, nodes.Const):
            if isinstance(node.value, str) and is_template(node.value):
                _scan(node.value, found)
            continue
        name = _name(node)
        if name is not None:
            found.setdefault(name, set())
        if isinstance(node, nodes.Call):
            _note_number(node, found)


def _name(node: nodes.Node) -> str | None:
    """Give the name of the collection that the node is: `resource.users`, `resource['users']`, `resource('users')`."""
    if not isinstance(node, nodes.Getattr | nodes.Getitem | nodes.Call) or not _is_resource(node.node):
        return None
    if isinstance(node, nodes.Getattr):
        return str(node.attr)
    argument = node.arg if isinstance(node, nodes.Getitem) else node.args[0] if node.args else None
    told = argument.value if isinstance(argument, nodes.Const) else None
    return told if isinstance(told, str) and not is_template(told) else None


def _is_resource(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "resource"


def _note_number(node: nodes.Call, found: Mentions) -> None:
    target = node.node
    name = _name(target.node) if isinstance(target, nodes.Getattr) and target.attr == "next_id" else None
    if name is None:
        return
    given = [*node.args, *(one.value for one in node.kwargs)] or [nodes.Const("id")]
    if isinstance(given[0], nodes.Const) and isinstance(given[0].value, str):
        found.setdefault(name, set()).add(given[0].value)
