"""Definitions or a cassette as an OpenAPI 3.1 document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import orjson

from cassettes.cassette import Cassette
from cassettes.coding import content_codings, decode
from cassettes.definition import MockDefinition, SingleResponse, responses_of
from cassettes.errors import DecodingError
from cassettes.exchange import Exchange, Headers, header
from recorder.inference import inferred
from recorder.openapi.media import essence, is_json, is_text

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER: Final = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
_SCHEMAS: Final = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
}
_NUMBER: Final = re.compile(r"[0-9]+\Z")
_TOKEN: Final = re.compile(r"(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{16,}\Z")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_BODY_LIMIT: Final = 4 << 20


@dataclass(slots=True)
class _Seen:
    """What is known of one operation: texts of its query, bodies by media type, responses by status."""

    id: str = ""
    summary: str = ""
    tags: list[str] = field(default_factory=list)
    parameters: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    query: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0
    bodies: dict[str, list[Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, list[Any]]] = field(default_factory=dict)


class OpenapiExporter:
    """Describes paths, parameters, and bodies by the schema that all that is known of them satisfies."""

    def of_definitions(self, definitions: Iterable[MockDefinition], title: str) -> dict[str, Any]:
        """Describe what enabled definitions answer; one whose path is no template is left out."""
        seen: dict[tuple[str, str], _Seen] = {}
        for definition in definitions:
            path = definition.match.path
            plain = path if isinstance(path, str) else path.template or path.equals
            if not definition.enabled or plain is None or plain.startswith("^") or "*" in plain:
                continue
            for method in _methods(definition.match.method):
                place = seen.setdefault((_PARAMETER.sub(r"{\1}", plain), method), _Seen())
                _add_definition(place, definition, plain)
        return _document(seen, title, "")

    def of_cassette(self, cassette: Cassette, title: str) -> dict[str, Any]:
        """Describe what was recorded; segments that are numbers, UUIDs or long tokens are taken for parameters."""
        seen: dict[tuple[str, str], _Seen] = {}
        for interaction in cassette.interactions:
            exchange = interaction.exchange
            method = exchange.request.method.lower()
            if exchange.response is None or method not in _METHODS:
                continue
            path, parameters = _templated(exchange.request.path.decode("latin-1"))
            place = seen.setdefault((path, method), _Seen())
            place.parameters.update(parameters)
            _add_exchange(place, exchange)
        server = next(iter(cassette.manifest.upstreams.values()), "")
        return _document(seen, title, server)


def _methods(wanted: str | list[str]) -> list[str]:
    names = [wanted] if isinstance(wanted, str) else wanted
    if "*" in names:
        return ["get"]
    return [name.lower() for name in names if name.lower() in _METHODS]


def _add_definition(place: _Seen, definition: MockDefinition, path: str) -> None:
    place.id = place.id or definition.id
    place.summary = place.summary or definition.name
    place.tags = place.tags or list(definition.tags)
    for name, kind in _PARAMETER.findall(path):
        schema = _SCHEMAS.get(kind, {"type": "string"})
        place.parameters["path", name] = {"name": name, "in": "path", "required": True, "schema": schema}
    for name in definition.match.query:
        place.parameters["query", name] = {"name": name, "in": "query", "schema": {"type": "string"}}
    responses = [response for _, response in responses_of(definition)]
    if not responses:
        place.answers.setdefault("default", {})
    for response in responses:
        variants = [variant.response for variant in response.variants]
        for one in (*([] if variants else [response]), *variants, *response.examples.values()):
            _add_answer(place, one)


def _add_answer(place: _Seen, response: SingleResponse) -> None:
    status = str(response.status) if isinstance(response.status, int) else "default"
    bodies = place.answers.setdefault(status, {})
    given = next((value for name, value in response.headers.items() if name.lower() == "content-type"), None)
    body = response.body
    if body is None and response.body_base64 is None and response.body_file is None:
        return
    kind = given if isinstance(given, str) else ("text/plain" if isinstance(body, str) else "application/json")
    values = bodies.setdefault(essence(kind), [])
    if isinstance(body, str) and is_json(kind):
        try:
            values.append(orjson.loads(body))
        except orjson.JSONDecodeError:
            return  # a template that becomes JSON only when it is rendered
    elif body is not None:
        values.append(body)


def _add_exchange(place: _Seen, exchange: Exchange) -> None:
    request, response = exchange.request, exchange.response
    assert response is not None
    place.count += 1
    for name, text in parse_qsl(request.query.decode("latin-1"), keep_blank_values=True):
        place.query.setdefault(name, []).append(text)
    _add_body(place.bodies, request.headers, request.body)
    _add_body(place.answers.setdefault(str(response.status), {}), response.headers, response.body)


def _add_body(bodies: dict[str, list[Any]], headers: Headers, body: bytes) -> None:
    if not body:
        return
    kind = essence((header(headers, b"content-type") or b"application/octet-stream").decode("latin-1"))
    values = bodies.setdefault(kind, [])
    if not is_json(kind):
        return
    try:
        plain = decode(content_codings(headers), body)
        if len(plain) <= _BODY_LIMIT:
            values.append(orjson.loads(plain))
    except (DecodingError, orjson.JSONDecodeError):
        return


def _templated(path: str) -> tuple[str, dict[tuple[str, str], dict[str, Any]]]:
    """Give a path with parameters where its segments are ids, named by what stands before them: `/users/{userId}`."""
    parts, parameters = [], {}
    before = ""
    for part in path.split("/")[1:]:
        text = unquote(part)
        kind = "int" if _NUMBER.match(text) else "uuid" if _UUID.match(text) else "text" if _TOKEN.match(text) else ""
        if not kind:
            parts.append(part.replace("{", "%7B").replace("}", "%7D"))
            before = re.sub(r"[^A-Za-z0-9]+", "", text)
            continue
        stem = before[:-1] if before.endswith("s") and len(before) > 2 else before
        name = f"{stem}Id" if stem else "id"
        while ("path", name) in parameters:
            name += "2"
        schema = _SCHEMAS.get(kind, {"type": "string"})
        parameters["path", name] = {"name": name, "in": "path", "required": True, "schema": schema}
        parts.append("{" + name + "}")
        before = ""
    return "/" + "/".join(parts), parameters


def _document(seen: dict[tuple[str, str], _Seen], title: str, server: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    ids: set[str] = set()
    for (path, method), place in seen.items():
        paths.setdefault(path, {})[method] = _operation(place, ids)
    document: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": title, "version": "1.0.0"}}
    if server:
        document["servers"] = [{"url": server}]
    return {**document, "paths": paths}


def _operation(place: _Seen, ids: set[str]) -> dict[str, Any]:
    operation: dict[str, Any] = {}
    if place.id and place.id not in ids:
        ids.add(place.id)
        operation["operationId"] = place.id
    if place.summary:
        operation["summary"] = place.summary
    if place.tags:
        operation["tags"] = place.tags
    parameters = [*place.parameters.values(), *_query_parameters(place)]
    if parameters:
        operation["parameters"] = parameters
    if place.bodies:
        operation["requestBody"] = {"content": dict(_content(place.bodies))}
    operation["responses"] = {
        status: {"description": _described(status), **({"content": dict(_content(bodies))} if bodies else {})}
        for status, bodies in sorted(place.answers.items())
    }
    return operation


def _query_parameters(place: _Seen) -> Iterator[dict[str, Any]]:
    for name, texts in place.query.items():
        whole = all(_NUMBER.match(text) for text in texts)
        parameter = {"name": name, "in": "query", "schema": {"type": "integer" if whole else "string"}}
        yield {**parameter, "required": True} if len(texts) >= place.count > 1 else parameter


def _content(bodies: dict[str, list[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, values in bodies.items():
        if not is_json(kind):
            yield kind, {"schema": {"type": "string"}} if is_text(kind) else {}
        elif values:
            yield kind, {"schema": inferred(values), "example": values[0]}
        else:
            yield kind, {}


def _described(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Any other answer" if status == "default" else f"Status {status}"
