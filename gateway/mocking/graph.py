"""A GraphQL service over collections: documents are judged by a schema, and run over what is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from cassettes.definition import GraphField, GraphRefusal, GraphSpec
from cassettes.definition.graph import Wrong
from gateway.context import Context
from gateway.errors import ConfigError
from gateway.graphql import LONGEST, TOKENS
from gateway.mocking.phrasing import phrased
from gateway.mocking.resolving import MOST_LOOKED_AT, AbsentError, Listed, Run, member
from gateway.templates import Document, compile_document
from gateway.view import RequestView

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLError, GraphQLSchema

_TOO_MUCH: Final = f"The document goes through more than {MOST_LOOKED_AT:,} items; ask for less at once."


class Graph:
    """What `graph` of a definition answers to a document. Raises ConfigError where its schema is none."""

    def __init__(self, spec: GraphSpec, where: str) -> None:
        self._spec: Final = spec
        self._documents: Final = {
            id(how): _document(how, f"{where}.fields.{name}") for name, how in spec.fields.items() if how.item
        }
        self._schema: Final = _schema(spec, where)
        self._collections: Final = tuple(dict.fromkeys(how.in_ for how in spec.fields.values()))
        self._read: Final[Callable[[str], DocumentNode]] = lru_cache(maxsize=256)(_read)

    async def answer(self, context: Context) -> dict[str, Any]:
        """Run the request's document: its `answer` and `status`; what it writes is kept. Raises StateError."""
        from graphql import GraphQLError, execute_sync, validate

        text, operation, variables = _asked(context.view)
        if not text:
            return {"status": 400, "answer": {"errors": [{"message": "Must provide query string."}]}}
        try:
            document = self._read(text)
        except GraphQLError as error:
            return self._refused("syntax", [error], variables)
        wrong = validate(self._schema, document)
        if wrong:
            return self._refused("validation", wrong, variables)
        run = Run(
            {name: await context.resources.entries(name) for name in self._collections},
            partial(self._rendered, context),
            await self._numbers(context, document),
        )
        result = execute_sync(
            self._schema,
            document,
            context_value=run,
            variable_values=variables,
            operation_name=operation or None,
        )
        if run.is_too_much:
            return {"status": 400, "answer": {"errors": [{"message": _TOO_MUCH}]}}
        if result.data is None and result.errors and not any(error.path for error in result.errors):
            return self._refused("variables", result.errors, variables)
        for name, key, item in run.writes:
            if item is None:
                await context.resources.delete(name, key)
            else:
                await context.resources.put(name, key, item)
        told: dict[str, Any] = (
            {"errors": [self._told(error, variables) for error in result.errors]} if result.errors else {}
        )
        return {"status": 200, "answer": {**told, "data": result.data}}

    def _refused(self, kind: Wrong, errors: Sequence[GraphQLError], variables: Mapping[str, Any]) -> dict[str, Any]:
        how = self._spec.refusals.get(kind, GraphRefusal())
        told = [
            {**self._told(error, variables), **({"extensions": how.extensions} if how.extensions else {})}
            for error in errors
        ]
        return {"status": how.status, "answer": {"errors": told}}

    def _told(self, error: GraphQLError, variables: Mapping[str, Any]) -> dict[str, Any]:
        told = dict(error.formatted)
        if not isinstance(error.original_error, AbsentError):
            told["message"] = phrased(error.message, variables, self._spec.quotes)
        return told

    async def _numbers(self, context: Context, document: DocumentNode) -> dict[str, list[int]]:
        """Draw a number for each item that the document may make."""
        from graphql import FieldNode, OperationDefinitionNode

        found: dict[str, list[int]] = {}
        for node in document.definitions:
            for one in node.selection_set.selections if isinstance(node, OperationDefinitionNode) else ():
                how = self._spec.fields.get(f"Mutation.{one.name.value}") if isinstance(one, FieldNode) else None
                if how is not None and how.gives == "made" and how.by not in how.item:
                    found.setdefault(how.in_, []).append(await context.resources.next_number(how.in_, how.by))
        return found

    def _rendered(self, context: Context, how: GraphField, arguments: Mapping[str, Any], item: Any) -> dict[str, Any]:
        document = self._documents.get(id(how))
        if document is None:
            return {}
        context.variables["arguments"], context.variables["item"] = dict(arguments), item
        made: dict[str, Any] = document.value(context)
        return dict(made)


def _document(how: GraphField, where: str) -> Document:
    made = compile_document(how.item, f"{where}.item")
    if made.waits:
        raise ConfigError(f"{where}.item: what is kept is known there as vars.item alone, and not as resource or state")
    return made


def _schema(spec: GraphSpec, where: str) -> GraphQLSchema:
    from graphql import GraphQLError, build_schema, is_object_type

    try:
        schema = build_schema(spec.types)
    except (GraphQLError, TypeError, ValueError) as error:
        raise ConfigError(f"{where}.types: {error}") from None
    known = {f"{kind}.{name}" for kind, type_ in schema.type_map.items() for name in getattr(type_, "fields", ())}
    for name in spec.fields:
        if name not in known:
            raise ConfigError(f"{where}.fields: the schema has no {name}")
    for kind, type_ in schema.type_map.items():
        if is_object_type(type_) and not kind.startswith("__"):
            for name, field in type_.fields.items():
                field.resolve = partial(_resolved, spec.fields.get(f"{kind}.{name}"), _kind(field.type))
    return schema


def _kind(type_: Any) -> str:
    """Tell what a field has to be, for those that tell of a list."""
    from graphql import get_named_type, get_nullable_type, is_list_type, is_object_type

    named = get_named_type(type_)
    if is_list_type(get_nullable_type(type_)):
        return "rows" if "node" in getattr(named, "fields", ()) else "list"
    if is_object_type(named):
        return "object"
    return "flag" if named.name == "Boolean" else "number" if named.name == "Int" else "value"


def _resolved(how: GraphField | None, kind: str, parent: Any, info: Any, /, **arguments: Any) -> Any:
    if how is None:
        return member(parent, info.field_name, kind)
    made = info.context.resolve(how, parent, arguments)
    if isinstance(made, Listed) and kind in ("list", "number"):
        return made.part["items"] if kind == "list" else made.part["total"]
    if how.gives not in ("one", "list") and kind in ("flag", "value", "number") and isinstance(made, Mapping):
        return True if kind == "flag" else made.get(how.by)
    return made


def _read(text: str) -> DocumentNode:
    from graphql import GraphQLSyntaxError, Source, parse

    if len(text) > LONGEST:
        raise GraphQLSyntaxError(Source(text[:100]), 0, f"a document has at most {LONGEST} characters")
    return parse(text, max_tokens=TOKENS)


def _asked(view: RequestView) -> tuple[str, str, dict[str, Any]]:
    """Give the document, the name of the operation to run and the variables that a request has, however it is sent."""
    if view.content_type == "application/graphql":
        return view.text, "", {}
    body = view.json if isinstance(view.json, dict) else {name: values[0] for name, values in view.query.items()}
    text, operation, variables = body.get("query"), body.get("operationName"), body.get("variables")
    if isinstance(variables, str):
        try:
            variables = orjson.loads(variables)
        except orjson.JSONDecodeError:
            variables = None
    return (
        text if isinstance(text, str) else "",
        operation if isinstance(operation, str) else "",
        variables if isinstance(variables, dict) else {},
    )
