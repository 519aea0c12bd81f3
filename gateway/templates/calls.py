"""Compiles calls: functions, methods, filters and tests, each from its table and with its arguments counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final, cast

from jinja2 import nodes

from gateway.templates import fake
from gateway.templates.code import Code, Loop, Writer, fits
from gateway.templates.errors import ExpressionError
from gateway.templates.filters import FILTERS
from gateway.templates.functions import FUNCTIONS, Function
from gateway.templates.methods import METHODS
from gateway.templates.named import key_of, resource_name, root_of
from gateway.templates.objects import rows
from gateway.templates.questions import QUESTIONS
from gateway.templates.things import RESOURCE, STATE, header_or

_GIVES: Final = {
    "count": "int", "e": "text", "escape": "text", "hash": "plain", "json": "json", "length": "int", "tojson": "json",
    "wordcount": "int",
}  # fmt: skip
# What can be called with nothing, or written out, and costs less than its general form.
_QUICK: Final = {"now": ("now_iso(c)", "plain")}
_FAKE_COST: Final = 500


def call(write: Writer, node: nodes.Call) -> Code:
    """Write a call."""
    target = node.node
    if isinstance(target, nodes.Name):
        return _function(write, node, target.name)
    if isinstance(target, nodes.Getattr):
        return _method(write, node, target)
    raise ExpressionError("only functions and methods can be called, as now() or text.upper()")


def _function(write: Writer, node: nodes.Call, name: str) -> Code:
    if write.notes.find(name) is not None:
        raise ExpressionError(f"{name} is a value of the template and cannot be called")
    if name == "faker":
        raise ExpressionError("write what to make: faker.name(), faker('de_DE').city()")
    if root_of(write, node.node):
        raise ExpressionError(f"{name} cannot be called" if name != "resource" else "write resource('users').all()")
    if name == "each":
        return _each(write, node)
    if name in _QUICK and not node.args and not node.kwargs:
        text, gives = _QUICK[name]
        return Code(text, gives, solid=True, short=True)
    if name not in FUNCTIONS:
        raise ExpressionError(_unknown("function", name, [*FUNCTIONS, "faker"], "{}()"))
    return _applied(write, node, FUNCTIONS[name], f"fn_{name}", f"{name}()", ())


def _each(write: Writer, node: nodes.Call) -> Code:
    """Write `each(list, expression)`: the expression for each item, which it calls `row`, with its place as `at`."""
    if len(node.args) != 2 or node.kwargs:
        raise ExpressionError("each takes a list and an expression of row: each(request.json.items, row.id)")
    items = write.item(node.args[0])
    row, at, before = write.notes.name("r"), write.notes.name("i"), write.notes.cost
    write.notes.scopes.append({"row": row, "at": at})
    made = write.item(node.args[1])
    write.notes.scopes.pop()
    found = f"rows(b, {items}, {write.notes.cost - before})"
    return Code(f"[{made} for {at}, {row} in enumerate({found})]", solid=True)


def _applied(
    write: Writer, node: nodes.Call, function: Function, name: str, shown: str, before: tuple[str, ...]
) -> Code:
    fits(function.call, len(function.takes) + len(before), len(node.args), _names(node), shown)
    given = ", ".join((*function.takes, *before, *_arguments(write, node)))
    write.notes.cost += function.cost
    write.notes.waits |= function.waits
    text = f"(await {name}({given}))" if function.waits else f"{name}({given})"
    return Code(text, function.gives, solid=function.solid, short=function.gives in ("plain", "int"))


def _arguments(write: Writer, node: nodes.Call | nodes.Filter | nodes.Test) -> list[str]:
    names = _names(node)
    if len(names) > len(set(names)):
        raise ExpressionError("an argument is given twice")
    return [
        *(write.item(one) for one in node.args),
        # A word of Python's grammar cannot stand before =, as in dict(class=1).
        *(
            f"**{{{name!r}: {write.item(cast('Any', one).value)}}}"
            for name, one in zip(names, node.kwargs, strict=True)
        ),
    ]


def _names(node: nodes.Call | nodes.Filter | nodes.Test) -> tuple[str, ...]:
    return tuple(str(one.key) for one in node.kwargs)


def _method(write: Writer, node: nodes.Call, target: nodes.Getattr) -> Code:
    name = target.attr
    if root_of(write, target.node) == "state":
        if name not in STATE:
            raise ExpressionError(_unknown("method of state", name, STATE, "state.{}()"))
        return _applied(write, node, STATE[name], f"state_{name}", f"state.{name}()", ())
    if root_of(write, target.node) == "loop" and name == "cycle":
        return _cycle(write, node)
    if _is_faker(write, target.node):
        return _fake(write, node, target)
    resource = resource_name(write, target.node)
    if resource is not None:
        if name not in RESOURCE:
            raise ExpressionError(_unknown("method of a resource", name, RESOURCE, ".{}()"))
        return _applied(write, node, RESOURCE[name], f"resource_{name}", f".{name}()", (resource,))
    if name == "get" and _is_headers(write, target.node):
        fits(header_or, 2, len(node.args), _names(node), "request.headers.get()")
        return Code(f"header_or(b, v, {', '.join(_arguments(write, node))})", short=True)
    if name not in METHODS:
        raise ExpressionError(_unknown("method", name, METHODS, ".{}()"))
    return _on_value(write, node, target.node, METHODS[name], f"mth_{name}", f".{name}()")


def _on_value(
    write: Writer, node: nodes.Call | nodes.Filter | nodes.Test, value: nodes.Node, call: Callable[..., Any], name: str,
    shown: str,
) -> Code:  # fmt: skip
    fits(call, 2, len(node.args), _names(node), shown)
    write.notes.cost += 5
    return Code(f"{name}({', '.join(('b', write.solid(value), *_arguments(write, node)))})")


def _is_headers(write: Writer, node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Getattr | nodes.Getitem)
        and root_of(write, node.node) == "request"
        and key_of(node) == "headers"
    )


def _cycle(write: Writer, node: nodes.Call) -> Code:
    loop = write.notes.find("loop")
    if not isinstance(loop, Loop) or not node.args or node.kwargs:
        raise ExpressionError("loop.cycle takes the values to go through: loop.cycle('odd', 'even')")
    options = ", ".join(_arguments(write, node))
    return Code(f"({options},)[({loop.counter} - 1) % {len(node.args)}]", solid=True)


def _is_faker(write: Writer, node: nodes.Node) -> bool:
    inner = node.node if isinstance(node, nodes.Call) else node
    return isinstance(inner, nodes.Name) and inner.name == "faker" and write.notes.find("faker") is None


def _fake(write: Writer, node: nodes.Call, target: nodes.Getattr) -> Code:
    locale = seed = "None"
    told = "en_US"
    if isinstance(target.node, nodes.Call):
        options = target.node
        fits(_locale_and_seed, 0, len(options.args), _names(options), "faker()")
        given = {**dict(zip(("locale", "seed"), options.args, strict=False)),
                 **{one.key: one.value for one in options.kwargs}}  # fmt: skip
        locale, seed = (write.item(given[one]) if one in given else "None" for one in ("locale", "seed"))
        chosen = given.get("locale")
        if isinstance(chosen, nodes.Const) and isinstance(chosen.value, str):
            told = chosen.value
    fake.check(target.attr, told)
    write.notes.cost += _FAKE_COST
    given_text = ", ".join(("c.random", repr(target.attr), locale, seed, *_arguments(write, node)))
    return Code(f"fake({given_text})", solid=True)


def _locale_and_seed(locale: Any = None, seed: Any = None) -> None:
    """Show what faker() takes."""


def filtered(write: Writer, node: nodes.Filter) -> Code:
    """Write a filter."""
    name = node.name
    if node.node is None or name not in FILTERS:
        raise ExpressionError(_unknown("filter", name, FILTERS, "{}"))
    if name in ("default", "d"):
        fits(FILTERS[name], 2, len(node.args), _names(node), f"the filter {name}")
        arguments = ", ".join((write.value(node.node).text, *_arguments(write, node)))
        return Code(f"flt_default(b, {arguments})", solid=bool(node.args or node.kwargs))
    if name in ("tojson", "json") and write.notes.kind in ("html", "xml"):
        return Code(f"json_for_script(b, {write.item(node.node)})", "any", solid=True)
    made = _on_value(write, node, node.node, FILTERS[name], f"flt_{name}", f"the filter {name}")
    return Code(made.text, _GIVES.get(name, "any"), solid=name not in ("first", "last", "min", "max"))


def asked(write: Writer, node: nodes.Test) -> Code:
    """Write a test."""
    name = node.name
    if name not in QUESTIONS:
        raise ExpressionError(_unknown("test", name, QUESTIONS, "is {}"))
    if name in ("defined", "undefined"):
        fits(QUESTIONS[name], 2, len(node.args), (), f"the test {name}")
        text = f"isinstance({write.value(node.node).text}, Absent)"
        return Code(f"(not {text})" if name == "defined" else text, "bool", solid=True)
    made = _on_value(write, node, node.node, QUESTIONS[name], f"tst_{_word(name)}", f"the test {name}")
    return Code(made.text, "bool", solid=True)


def _word(name: str) -> str:
    """Give a test's name as a word: some of them are signs."""
    return name if name.isidentifier() else "_".join(str(ord(char)) for char in name)


def _unknown(what: str, name: str, table: Mapping[str, Any] | list[str], form: str) -> str:
    near = get_close_matches(name, list(table), 1)
    hint = f"; did you mean {form.format(near[0])}?" if near else ""
    return f"there is no {what} {name!r}{hint} (there are {', '.join(sorted(table))})"


PROGRAM: Final[dict[str, Callable[..., Any]]] = {
    "rows": rows,
    **{f"fn_{name}": one.call for name, one in FUNCTIONS.items()},
    **{f"state_{name}": one.call for name, one in STATE.items()},
    **{f"resource_{name}": one.call for name, one in RESOURCE.items()},
    **{f"mth_{name}": one for name, one in METHODS.items()},
    **{f"flt_{name}": one for name, one in FILTERS.items()},
    **{f"tst_{_word(name)}": one for name, one in QUESTIONS.items()},
}
"""The names that a program calls these by."""
