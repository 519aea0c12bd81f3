"""Operations of Swagger 2.0, given as those of OpenAPI 3."""

from __future__ import annotations

from typing import Any, Final

from recorder.errors import DocumentError
from recorder.openapi.operation import METHODS, Answer, Example, Media, Operation, Parameter, RequestBody
from recorder.openapi.tree import Node, Tree, pointer
from recorder.openapi.v3 import texts

_NOT_OF_A_SCHEMA: Final = {
    "name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "schema", "headers", "examples",
}  # fmt: skip
_FORM: Final = "application/x-www-form-urlencoded"


def path_operations(tree: Tree, path: str, item: Node) -> list[Operation]:
    """Read the operations of a path item; one that cannot be read becomes a remark."""
    found = []
    item = tree.follow(item)
    for name, node in item.items():
        if name.lower() not in METHODS:
            continue
        try:
            found.append(_operation(tree, path, name, node, item))
        except DocumentError as error:
            tree.remarks.fail(node.pointer, f"the operation is skipped: {error}")
    return found


def _operation(tree: Tree, path: str, name: str, node: Node, item: Node) -> Operation:
    node = tree.follow(node)
    if not isinstance(node.value, dict):
        raise DocumentError("an operation is a mapping")
    given: dict[tuple[str, str], Node] = {}
    for one in (*item.child("parameters").elements(), *node.child("parameters").elements()):
        parameter = tree.follow(one)
        given[parameter.text("in"), parameter.text("name")] = parameter
    produces = _types(tree, node, "produces") or ("application/json",)
    base = tree.root.text("basePath").rstrip("/")
    return Operation(
        method=name.upper(),
        path=path,
        pointer="#" + pointer(("paths", path, name)),
        id=node.text("operationId"),
        summary=node.text("summary"),
        description=node.text("description"),
        tags=texts(node.child("tags")),
        prefixes=("/" + base.lstrip("/") if base else "",),
        parameters=tuple(_parameters(tree, given)),
        body=_body(given, _types(tree, node, "consumes"), node),
        answers=tuple(
            _answer(tree, status, one, produces)
            for status, one in node.child("responses").items()
            if not status.startswith("x-")
        ),
    )


def _types(tree: Tree, node: Node, key: str) -> tuple[str, ...]:
    return texts(node.child(key)) or texts(tree.root.child(key))


def _parameters(tree: Tree, given: dict[tuple[str, str], Node]) -> list[Parameter]:
    found = []
    for (where, name), node in given.items():
        if where in ("body", "formData"):
            continue
        if where not in ("path", "query", "header") or not name:
            tree.remarks.warn(node.pointer, "a parameter needs a name, and in: path, query, header, body or formData")
            continue
        found.append(_parameter(node, name, where))
    return found


def _parameter(node: Node, name: str, where: Any) -> Parameter:
    collection = node.text("collectionFormat") or "csv"
    styles = {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}
    default = "form" if where == "query" else "simple"
    return Parameter(
        name=name,
        where=where,
        pointer=node.pointer,
        required=node.child("required").value is True or where == "path",
        schema=_own_schema(node),
        style=styles.get(collection, default),
        explode=collection == "multi",
        allow_empty=node.child("allowEmptyValue").value is True,
    )


def _own_schema(node: Node) -> Node:
    """Give the schema that is written into a parameter or header itself."""
    value = {key: value for key, value in node.value.items() if key not in _NOT_OF_A_SCHEMA}
    return Node(value, node.file, (*node.path, "(schema)"))


def _body(given: dict[tuple[str, str], Node], consumes: tuple[str, ...], operation: Node) -> RequestBody | None:
    for (where, _), node in given.items():
        if where == "body":
            content = tuple(Media(name, node.child("schema")) for name in consumes or ("application/json",))
            return RequestBody(node.pointer, content, required=node.child("required").value is True)
    form = {name: node for (where, name), node in given.items() if where == "formData"}
    if not form:
        return None
    required = [name for name, node in form.items() if node.child("required").value is True]
    schema = {"type": "object", "properties": {name: _own_schema(node).value for name, node in form.items()}}
    if required:
        schema["required"] = required
    place = Node(schema, operation.file, (*operation.path, "parameters", "(form)"))
    types = [name for name in consumes if name.startswith(("multipart/", _FORM))]
    has_file = any(node.text("type") == "file" for node in form.values())
    content = tuple(Media(name, place) for name in types or ["multipart/form-data" if has_file else _FORM])
    return RequestBody(operation.child("parameters").pointer, content, required=bool(required))


def _answer(tree: Tree, status: str, node: Node, produces: tuple[str, ...]) -> Answer:
    answer = tree.follow(node)
    schema = answer.child("schema")
    has_schema = isinstance(schema.value, dict)
    samples = dict(answer.child("examples").items())
    if has_schema and tree.follow(schema).text("type") == "file":
        schema = Node({"type": "string", "format": "binary"}, schema.file, (*schema.path, "(file)"))
    types = produces if has_schema else ()
    content = []
    for name in dict.fromkeys((*types, *samples)):
        if "/" not in name:
            continue  # people write names of examples, or the fields of one, where media types should be
        examples = (Example("", samples[name].value),) if name in samples else ()
        content.append(Media(name, schema if has_schema else None, examples))
    return Answer(
        status=status,
        pointer=node.pointer,
        description=answer.text("description"),
        content=tuple(content),
        headers=tuple(
            _parameter(tree.follow(one), name, "header")
            for name, one in answer.child("headers").items()
            if isinstance(tree.follow(one).value, dict)
        ),
    )
