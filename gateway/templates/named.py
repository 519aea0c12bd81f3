"""Compiles the names that every template has: request, state, scenario, resource, route, vars, keys and loop."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from jinja2 import nodes

from gateway.templates.code import Code, Loop, Writer
from gateway.templates.errors import ExpressionError

ROOTS: Final = frozenset({"keys", "loop", "request", "resource", "route", "scenario", "state", "vars"})

_HEAD: Final[dict[str, Code]] = {
    "auth": Code("v.auth", solid=True, short=True),
    "client": Code("v.request.client", "text", solid=True, short=True),
    "content_type": Code("v.content_type", "text", solid=True, short=True),
    "cookies": Code("v.cookies", solid=True, short=True),
    "headers": Code("firsts(v.headers)", solid=True, short=True),
    "headers_all": Code("v.headers", solid=True, short=True),
    "host": Code("v.host", "text", solid=True, short=True),
    "method": Code("v.request.method", "text", solid=True, short=True),
    "path": Code("v.path", "text", solid=True, short=True),
    "path_params": Code("v.path_params", solid=True, short=True),
    "path_segments": Code("segments(v)", solid=True, short=True),
    "port": Code("v.port", "int", solid=True, short=True),
    "query": Code("firsts(v.query)", solid=True, short=True),
    "query_all": Code("v.query", solid=True, short=True),
    "query_string": Code("query_string(v)", "text", solid=True, short=True),
    "scheme": Code("v.request.scheme", "text", solid=True, short=True),
    "url": Code("url(v)", "text", solid=True, short=True),
}
_BODY: Final[dict[str, Code]] = {
    "body": Code("v.text", "text", solid=True),
    "form": Code("firsts(v.form)", solid=True),
    "form_all": Code("v.form", solid=True),
    "graphql": Code("graphql(v)"),
    "json": Code("json_body(v)"),
    "parts": Code("parts(v)", solid=True),
    "parts_all": Code("parts_all(v)", solid=True),
    "raw_body": Code("v.body", solid=True),
    "text": Code("v.text", "text", solid=True),
    "xml": Code("xml(v)"),
}
REQUEST: Final = (*sorted(_HEAD), *sorted(_BODY))
# What is looked into without the absence that stands for the whole.
_INSIDE: Final = {"json": "v.json"}
_FIRST: Final = {"query": "v.query", "form": "v.form"}
_LOOP: Final = {
    "first": ("({i} == 1)", "bool"),
    "index": ("{i}", "int"),
    "index0": ("({i} - 1)", "int"),
    "last": ("({i} == len({items}))", "bool"),
    "length": ("len({items})", "int"),
    "revindex": ("(len({items}) - {i} + 1)", "int"),
    "revindex0": ("(len({items}) - {i})", "int"),
}


def root_of(write: Writer, node: nodes.Node) -> str:
    """Give the name of the built-in thing that the node is, or ""; a template's own variable hides it."""
    if isinstance(node, nodes.Name) and node.name in ROOTS:
        found = write.notes.find(node.name)
        return node.name if found is None or (isinstance(found, Loop) and node.name == "loop") else ""
    return ""


def whole(name: str) -> Code:
    """Write a built-in thing that stands alone."""
    if name == "route":
        return Code("c.route", "text", solid=True, short=True)
    if name == "keys":
        return Code("list(c.keys)", solid=True, short=True)
    if name == "vars":
        return Code("c.variables", solid=True)
    if name == "scenario":
        return Code("dict(c.scenario)", solid=True)
    examples = {"request": "request.json", "state": "state.get('key')", "resource": "resource.users.get(id)"}
    raise ExpressionError(f"{name} is no value by itself: write {examples.get(name, 'loop.index')}")


def looked_up(write: Writer, node: nodes.Getattr | nodes.Getitem) -> Code | None:
    """Write a look into a built-in thing, or give None where the node is another look-up."""
    key = key_of(node)
    root = root_of(write, node.node)
    if root == "request":
        return request_part(write, key)
    if root == "state":
        write.notes.waits = True
        write.notes.cost += 50
        return Code(f"(await state_get(c, b, {key_text(write, node)}))")
    if root == "resource":
        write.notes.waits = True
        write.notes.cost += 50
        return Code(f"(await resource_all(c, b, {key_text(write, node)}))", solid=True)
    if root in ("scenario", "vars"):
        source = "c.scenario" if root == "scenario" else "c.variables"
        return Code(f"look({source}, {key_text(write, node)}, {root!r})")
    if root == "route":
        if key == "id":
            return Code("c.route", "text", solid=True, short=True)
        raise ExpressionError("of a route there is route.id")
    if root == "loop":
        return _loop_part(write, key)
    return _field(write, node)


def _field(write: Writer, node: nodes.Getattr | nodes.Getitem) -> Code | None:
    """Write a look into a part of the request that has a form of its own."""
    inner = node.node
    if not isinstance(inner, nodes.Getattr | nodes.Getitem) or root_of(write, inner.node) != "request":
        return None
    part = key_of(inner)
    inside = f"request.{part}"
    if part == "headers":
        key = key_of(node)
        if isinstance(key, str):
            return Code(f"header(v, {key!r}, {inside!r})", short=True)
        return Code(f"header(v, text(b, {key_text(write, node)}), {inside!r})", short=True)
    if part in _FIRST:
        write.notes.needs_body |= part in _BODY
        return Code(f"first({_FIRST[part]}, {key_text(write, node)}, {inside!r})", short=part not in _BODY)
    if part in ("path_params", "cookies"):
        return Code(f"look(v.{part}, {key_text(write, node)}, {inside!r})", short=True)
    if part in _INSIDE:
        write.notes.needs_body = True
        return Code(f"look({_INSIDE[part]}, {key_text(write, node)}, {inside!r})")
    return None


def request_part(write: Writer, key: object) -> Code:
    """Write a part of the request."""
    if not isinstance(key, str):
        raise ExpressionError(f"the parts of a request are {', '.join(REQUEST)}")
    if key in _HEAD:
        return _HEAD[key]
    if key in _BODY:
        write.notes.needs_body = True
        return _BODY[key]
    near = get_close_matches(key, REQUEST, 1)
    hint = f"; did you mean request.{near[0]}?" if near else ""
    raise ExpressionError(f"a request has no {key!r}{hint} (there are {', '.join(REQUEST)})")


def _loop_part(write: Writer, key: object) -> Code:
    loop = write.notes.find("loop")
    if not isinstance(loop, Loop):
        raise ExpressionError("loop is there only inside {% for %}")
    if key not in _LOOP:
        raise ExpressionError(f"a loop has {', '.join(_LOOP)} and cycle(…)")
    form, gives = _LOOP[str(key)]
    return Code(form.format(i=loop.counter, items=loop.items), gives, solid=True, short=True)


def resource_name(write: Writer, node: nodes.Node) -> str | None:
    """Write the name of the resource that the node is (`resource.users`, `resource('users')`), or give None."""
    if isinstance(node, nodes.Getattr | nodes.Getitem) and root_of(write, node.node) == "resource":
        return key_text(write, node)
    if isinstance(node, nodes.Call) and root_of(write, node.node) == "resource":
        if len(node.args) != 1 or node.kwargs:
            raise ExpressionError("resource takes a name: resource('users')")
        return write.item(node.args[0])
    return None


def key_of(node: nodes.Getattr | nodes.Getitem) -> object:
    """Give the key of a look-up where it is written out, else None."""
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) else None


def key_text(write: Writer, node: nodes.Getattr | nodes.Getitem) -> str:
    """Write the key of a look-up."""
    return repr(node.attr) if isinstance(node, nodes.Getattr) else write.item(node.arg)


def told(node: nodes.Node) -> str:
    """Give a look-up's place as it is written, for messages."""
    steps: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem) and len(steps) < 20:
        key = key_of(node)
        steps.append(f".{key}" if isinstance(node, nodes.Getattr) else f"[{'…' if key is None else repr(key)}]")
        node = node.node
    start = node.name if isinstance(node, nodes.Name) else "the value"
    return (start + "".join(reversed(steps)))[:100]
