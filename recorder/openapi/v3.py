"""Operations of OpenAPI 3.0, 3.1 and 3.2."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from recorder.errors import DocumentError
from recorder.openapi.operation import METHODS, Answer, Example, Media, Operation, Parameter, RequestBody, Where
from recorder.openapi.tree import Node, Tree, pointer

_DEFAULT_STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_NOT_PARAMETERS: Final = {"accept", "content-type", "authorization"}  # OpenAPI 3.0.3, Parameter Object


def path_operations(tree: Tree, path: str, item: Node) -> list[Operation]:
    """Read the operations of a path item; one that cannot be read becomes a remark."""
    item = tree.follow(item)
    shared = _parameters(tree, item.child("parameters"))
    found = []
    for name, node in _methods(item):
        try:
            found.append(_operation(tree, path, name, node, item, shared))
        except DocumentError as error:
            tree.remarks.fail(node.pointer, f"the operation is skipped: {error}")
    return found


def _methods(item: Node) -> list[tuple[str, Node]]:
    own = [(key, node) for key, node in item.items() if key.lower() in METHODS]
    more = [(key, node) for key, node in item.child("additionalOperations").items()]
    return own + more


def _operation(
    tree: Tree, path: str, name: str, node: Node, item: Node, shared: dict[tuple[str, str], Parameter]
) -> Operation:
    place = "#" + pointer(("paths", path, name))
    node = tree.follow(node)  # people keep operations in files of their own, though OpenAPI has no $ref there
    if not isinstance(node.value, dict):
        raise DocumentError("an operation is a mapping")
    parameters = {**shared, **_parameters(tree, node.child("parameters"))}
    return Operation(
        method=name.upper() if name.lower() in METHODS else name,
        path=path,
        pointer=place,
        id=node.text("operationId"),
        summary=node.text("summary"),
        description=node.text("description"),
        tags=texts(node.child("tags")),
        prefixes=_prefixes(tree, node, item),
        parameters=tuple(parameters.values()),
        body=_body(tree, node.child("requestBody")),
        answers=tuple(
            _answer(tree, status, one) for status, one in node.child("responses").items() if not status.startswith("x-")
        ),
    )


def texts(node: Node) -> tuple[str, ...]:
    """Give the texts of a list."""
    return tuple(one.value for one in node.elements() if isinstance(one.value, str))


def _prefixes(tree: Tree, node: Node, item: Node) -> tuple[str, ...]:
    for servers in (node.child("servers"), item.child("servers"), tree.root.child("servers")):
        if servers.elements():
            found = [_server_path(server) for server in servers.elements()]
            return tuple(dict.fromkeys(found))
    return ("",)


def _server_path(server: Node) -> str:
    url = server.text("url")
    for name, variable in server.child("variables").items():
        url = url.replace("{" + name + "}", str(variable.child("default").value or ""))
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    path = path.rstrip("/")
    return path if path.startswith("/") else ("/" + path if path and "://" not in url else "")


def _parameters(tree: Tree, nodes: Node) -> dict[tuple[str, str], Parameter]:
    found: dict[tuple[str, str], Parameter] = {}
    for one in nodes.elements():
        node = tree.follow(one)
        name, where = node.text("name"), node.text("in")
        if not name or where not in _DEFAULT_STYLES:
            if where != "querystring":
                tree.remarks.warn(one.pointer, "a parameter needs a name, and in: path, query, header or cookie")
            continue
        if where == "header" and name.lower() in _NOT_PARAMETERS:
            continue
        found[where, name] = _parameter(tree, node, name, where)  # type: ignore[arg-type]  # checked above
    return found


def _parameter(tree: Tree, node: Node, name: str, where: Where) -> Parameter:
    style = node.text("style") or _DEFAULT_STYLES[where]
    explode = node.child("explode").value
    content = media_types(tree, node.child("content"))
    return Parameter(
        name=name,
        where=where,
        pointer=node.pointer,
        required=node.child("required").value is True or where == "path",
        schema=_present(node.child("schema")),
        style=style,
        explode=explode if isinstance(explode, bool) else style in ("form", "cookie"),
        media=content[0] if content else None,
        examples=examples(tree, node),
        allow_empty=node.child("allowEmptyValue").value is True,
    )


def _present(node: Node) -> Node | None:
    return node if isinstance(node.value, dict | bool) else None


def _body(tree: Tree, node: Node) -> RequestBody | None:
    body = tree.follow(node)
    if not isinstance(body.value, dict):
        return None
    content = media_types(tree, body.child("content"))
    return RequestBody(body.pointer, content, required=body.child("required").value is True)


def _answer(tree: Tree, status: str, node: Node) -> Answer:
    answer = tree.follow(node)
    headers = []
    for name, one in answer.child("headers").items():
        header = tree.follow(one)
        if name.lower() != "content-type" and isinstance(header.value, dict):
            headers.append(_parameter(tree, header, name, "header"))
    return Answer(
        status=status,
        pointer=node.pointer,
        description=answer.text("description"),
        content=media_types(tree, answer.child("content")),
        headers=tuple(headers),
    )


def media_types(tree: Tree, content: Node) -> tuple[Media, ...]:
    """Read a `content` mapping."""
    found = []
    for name, one in content.items():
        node = tree.follow(one)
        schema = _present(node.child("schema"))
        if schema is None and isinstance(node.child("itemSchema").value, dict):  # 3.2: a stream of such items
            schema = None
        encoding = node.child("encoding").value
        held = encoding if isinstance(encoding, dict) else {}
        found.append(Media(name, schema, examples(tree, node), held))
    return tuple(found)


def examples(tree: Tree, node: Node) -> tuple[Example, ...]:
    """Read `example` and `examples` beside a schema; an external one is not fetched."""
    found: list[Example] = []
    if isinstance(node.value, dict) and "example" in node.value:
        found.append(Example("", _referred(tree, node.child("example"))))
    for name, one in node.child("examples").items():
        example = tree.follow(one)
        value: Any = example.value
        if isinstance(value, dict) and "externalValue" in value:
            tree.remarks.note(example.pointer, "an external example is not fetched")
        elif isinstance(value, dict) and ("value" in value or "dataValue" in value):
            key = "value" if "value" in value else "dataValue"
            found.append(Example(name, _referred(tree, example.child(key))))
        elif isinstance(value, dict) and "serializedValue" in value:
            found.append(Example(name, value["serializedValue"]))
        elif example.file != one.file:  # the file that is referred to is the example itself
            found.append(Example(name, value))
    return tuple(found)


def _referred(tree: Tree, node: Node) -> Any:
    """Give an example's value; people write a lone `$ref` there, though OpenAPI has none in that place."""
    if isinstance(node.value, dict) and set(node.value) == {"$ref"} and isinstance(node.value["$ref"], str):
        return tree.follow(node).value
    return node.value
