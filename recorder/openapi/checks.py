"""What one operation asks of a request, and promises of a response, ready to be compared with real ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from recorder.openapi.flat import Flattener
from recorder.openapi.media import covers, essence, is_json, is_xml
from recorder.openapi.operation import Answer, Media, Parameter
from recorder.openapi.schemas import Schemas
from recorder.openapi.style import ABSENT, Shape, read_query, read_text, shape_of
from recorder.openapi.tree import pointer as written_pointer
from recorder.openapi.validator import Validator

Headers = Iterable[tuple[bytes, bytes]]
_FORM = "application/x-www-form-urlencoded"
_MANY_FAULTS_BYTES = 32 << 10
"""Up to here all that is wrong with a body is told; in a larger one finding all of it would take too long."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that breaks the document.

    `pointer` is the place in the document (`#/…`), `where` the place in the message: `body/items/0/name`,
    `query limit`, `header X-Rate`, `path id`, `cookie sid`, `content-type`, `status`, `path`, `method`.
    """

    pointer: str
    where: str
    sentence: str


class Schema:
    """A schema that values are compared with."""

    def __init__(self, schemas: Schemas, name: str) -> None:
        self._schemas = schemas
        self._name = name
        self._validator: Validator = schemas.validator(name)

    def breaches(self, value: Any, where: str, *, only_first: bool = False) -> list[Breach]:
        """Give what is wrong with a value, or the first of it; empty for one that is right, which is quick."""
        if self._validator.is_valid(value):
            return []
        faults = self._validator.first_fault(value) if only_first else self._validator.faults(value)
        return [
            Breach(
                self._schemas.place(fault.schema_path, self._name),
                where + written_pointer(tuple(map(str, fault.path))),
                fault.sentence,
            )
            for fault in faults
        ]


class ParameterCheck:
    """One parameter or header, and the schema of its value."""

    def __init__(self, parameter: Parameter, schemas: Schemas, flattener: Flattener) -> None:
        self.parameter = parameter
        self.where = f"{parameter.where} {parameter.name}"
        schema = parameter.schema if parameter.media is None else parameter.media.schema
        self._schema: Schema | None = None
        self.shape = Shape([])
        if schema is not None:
            name = schemas.name_of(schema)
            self._schema = Schema(schemas, name)
            self.shape = shape_of(schemas.schema(name), flattener)

    def breaches(self, value: Any) -> list[Breach]:
        """Compare a value, or ABSENT."""
        parameter = self.parameter
        if value is ABSENT:
            if not parameter.required:
                return []
            return [Breach(parameter.pointer, self.where, f"the {self.where} is required, and is not there")]
        if self._schema is None or (value == "" and parameter.allow_empty):
            return []
        return self._schema.breaches(value, self.where)


class BodyCheck:
    """The bodies that are described, by media type."""

    def __init__(self, content: tuple[Media, ...], pointer: str, schemas: Schemas, flattener: Flattener) -> None:
        self._pointer = pointer
        self._schemas = schemas
        self._flattener = flattener
        self._content = sorted(content, key=lambda media: media.type.count("*"))
        self._compiled: dict[str, Schema | None] = {}
        self._shapes: dict[str, Shape] = {}

    def breaches(self, media_type: str, body: bytes | None) -> list[Breach]:
        """Compare a body that has that content type ("" where none was given); of None only the content type."""
        media = next((one for one in self._content if covers(one.type, media_type)), None)
        if media is None and not media_type:
            media = self._content[0]
        if media is None:
            known = ", ".join(one.type for one in self._content)
            sentence = f"the content type {essence(media_type)} is not described: {known} would be"
            return [Breach(self._pointer, "content-type", sentence)]
        schema = self._schema(media)
        kind = media_type or media.type
        is_form = essence(kind) == _FORM
        shape = self._shape(media) if is_form else None
        if schema is None or body is None:
            return []
        only_first = len(body) > _MANY_FAULTS_BYTES
        if is_json(kind):
            try:
                value = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                return [Breach(self._pointer, "body", f"the body is not JSON: {error}")]
            return schema.breaches(value, "body", only_first=only_first)
        if shape is not None:
            return schema.breaches(_form_value(shape, body), "body", only_first=only_first)
        if is_compared(kind):
            return schema.breaches(body.decode(errors="replace"), "body")
        return []

    def _schema(self, media: Media) -> Schema | None:
        if media.type not in self._compiled:
            schema = None
            if media.schema is not None:
                schema = Schema(self._schemas, self._schemas.name_of(media.schema))
            self._compiled[media.type] = schema
        return self._compiled[media.type]

    def _shape(self, media: Media) -> Shape:
        shape = self._shapes.get(media.type)
        if shape is None:
            shape = Shape([])
            if media.schema is not None:
                name = self._schemas.name_of(media.schema)
                shape = shape_of(self._schemas.schema(name), self._flattener)
            self._shapes[media.type] = shape
        return shape


def is_compared(media_type: str) -> bool:
    """Say whether bodies of a type are looked into: JSON, forms and text; of others the type alone is compared."""
    kind = essence(media_type)
    if is_json(kind) or kind == _FORM:
        return True
    return kind.startswith("text/") and not is_xml(kind) and kind != "text/event-stream"


def _form_value(shape: Shape, body: bytes) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, text in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
        known = shape.properties.get(key, Shape([]))
        if known.kind == "array":
            value.setdefault(key, []).append(text)
        else:
            value[key] = known_value(text, known)
    return value


def known_value(text: str, shape: Shape) -> Any:
    """Read a field of a form: an object in it is JSON."""
    if shape.kind == "object":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return shape.value(text)


class RequestCheck:
    """Everything that an operation asks of a request."""

    def __init__(
        self,
        parameters: tuple[Parameter, ...],
        body: BodyCheck | None,
        body_pointer: str,
        schemas: Schemas,
        flattener: Flattener,
        *,
        body_required: bool,
    ) -> None:
        self._body = body
        self._body_pointer = body_pointer
        self._body_required = body_required
        self._checks = [ParameterCheck(one, schemas, flattener) for one in parameters]
        self._has_headers = any(one.where == "header" for one in parameters)
        self._has_cookies = any(one.where == "cookie" for one in parameters)

    def breaches(self, path_params: dict[str, str], query: str, headers: Headers, body: bytes | None) -> list[Breach]:
        """Compare a request; `path_params` are decoded texts, a body of None is there and not looked into."""
        found: list[Breach] = []
        pairs = parse_qsl(query, keep_blank_values=True) if query else []
        given = _by_name(headers)
        cookies = _cookies(given.get("cookie", "")) if self._has_cookies else {}
        for check in self._checks:
            parameter = check.parameter
            if parameter.where == "query":
                value = read_query(parameter, pairs, check.shape)
            else:
                texts = path_params if parameter.where == "path" else given if parameter.where == "header" else cookies
                name = parameter.name.lower() if parameter.where == "header" else parameter.name
                text = texts.get(name)
                value = ABSENT if text is None else read_text(parameter, text, check.shape)
            if parameter.where != "path" or value is not ABSENT:
                found += check.breaches(value)
        return found + self._of_body(given.get("content-type", ""), body)

    def _of_body(self, media_type: str, body: bytes | None) -> list[Breach]:
        if self._body is None:
            return []
        if body == b"":
            if not self._body_required:
                return []
            return [Breach(self._body_pointer, "body", "a body is required, and there is none")]
        return self._body.breaches(media_type, body)


class ResponseCheck:
    """Everything that one documented response promises."""

    def __init__(self, answer: Answer, schemas: Schemas, flattener: Flattener) -> None:
        self._headers = [ParameterCheck(one, schemas, flattener) for one in answer.headers]
        self._body = BodyCheck(answer.content, answer.pointer, schemas, flattener) if answer.content else None
        self._pointer = answer.pointer

    def breaches(self, headers: Headers, body: bytes | None, *, has_body: bool) -> list[Breach]:
        """Compare a response; without `has_body` (HEAD, 204, 304) its body is not looked at, nor where it is None."""
        found: list[Breach] = []
        given = _by_name(headers)
        for check in self._headers:
            text = given.get(check.parameter.name.lower())
            value = ABSENT if text is None else read_text(check.parameter, text, check.shape)
            found += check.breaches(value)
        if self._body is None or not has_body:
            return found
        media_type = given.get("content-type", "")
        if body and not media_type:
            return [*found, Breach(self._pointer, "content-type", "a body without a content type")]
        return found + self._body.breaches(media_type, body)


def _by_name(headers: Headers) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, text in headers:
        key, value = name.decode("latin-1").lower(), text.decode("latin-1")
        given[key] = f"{given[key]}, {value}" if key in given and key != "content-type" else value
    return given


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(";") if "=" in part)
    return {name: unquote(text) for name, _, text in pairs}
