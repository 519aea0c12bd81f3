"""Definitions from operations: an id, what to match, how to answer, and where the operation stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2s
from typing import Any, Final
from urllib.parse import parse_qsl

from recorder.importers.openapi.maker import Maker
from recorder.importers.openapi.responses import Responses
from recorder.openapi.document import OpenapiDocument
from recorder.openapi.flat import Flattener
from recorder.openapi.operation import Operation

_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")
_ID_LENGTH: Final = 200


class Definitions:
    """Makes the definitions of one document, one for each operation."""

    def __init__(self, document: OpenapiDocument, seed: int) -> None:
        self._document = document
        self._maker = Maker(document.responses, seed)
        self._asked = Flattener(document.requests)
        self._responses = Responses(document, self._maker)
        self._ids: set[str] = set()

    @property
    def checked(self) -> int:
        """How many bodies were validated against their schemas."""
        return self._responses.bodies.checked

    def all(self) -> Iterator[dict[str, Any]]:
        """Give the definitions in the document's order; an operation that cannot be one becomes a remark."""
        for operation in self._document.operations():
            try:
                yield self._definition(operation)
            except (RecursionError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
                # A document is anybody's: one operation that nobody foresaw must not lose the others.
                sentence = f"the operation is skipped: it cannot be understood ({type(error).__name__}: {error})"
                self._document.tree.remarks.fail(operation.pointer, sentence[:300])

    def _definition(self, operation: Operation) -> dict[str, Any]:
        path, query = _path(operation)
        match: dict[str, Any] = {"method": operation.method, "path": path}
        if query:
            match["query"] = query
        definition: dict[str, Any] = {"id": self._id(operation)}
        if operation.summary:
            definition["name"] = operation.summary.strip()
        definition["match"] = match
        definition["response"] = self._responses.of(operation)
        definition["contract"] = self._document.name + operation.pointer
        if operation.tags:
            definition["tags"] = list(operation.tags)
        return self._with_types(definition, operation)

    def _with_types(self, definition: dict[str, Any], operation: Operation) -> dict[str, Any]:
        """Let a segment that is a whole number take nothing else, where that is all the schema allows."""
        path = definition["match"]["path"]
        for parameter in operation.parameters:
            if parameter.where != "path" or parameter.schema is None:
                continue
            name = self._document.requests.name_of(parameter.schema)
            if self._asked.flat(self._document.requests.schema(name)).types() == ["integer"]:
                name = _NOT_IN_A_NAME.sub("_", parameter.name)
                path = path.replace("{" + name + "}", "{" + name + ":int}")
        definition["match"]["path"] = path
        return definition

    def _id(self, operation: Operation) -> str:
        plain = f"{operation.method} {operation.path}"
        wanted = operation.id.strip() or plain
        if wanted in self._ids:
            wanted = plain if plain not in self._ids else f"{plain} ({operation.pointer})"
        if len(wanted) > _ID_LENGTH:
            wanted = f"{wanted[:180]}-{blake2s(wanted.encode(), digest_size=6).hexdigest()}"
        self._ids.add(wanted)
        return wanted


def _path(operation: Operation) -> tuple[str, dict[str, str]]:
    """Give the path as a definition has it, and a query that people write into it: `/x?action=y`, `/#Action=y`."""
    path, query = operation.path, {}
    parts = re.split(r"[?#]", path, maxsplit=1)
    if len(parts) == 2:
        path, query = parts[0], dict(parse_qsl(parts[1], keep_blank_values="?" in operation.path))
        query = {name: value for name, value in query.items() if "{" not in value}
    path = operation.prefixes[0] + path
    return _PARAMETER.sub(lambda found: "{" + (_NOT_IN_A_NAME.sub("_", found[1]) or "_") + "}", path), query
