"""A definition's response from the documented ones: the success answers, the others can be asked for by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson

from recorder.importers.openapi.bodies import Bodies
from recorder.importers.openapi.maker import Maker
from recorder.openapi.document import OpenapiDocument
from recorder.openapi.operation import Answer, Operation, Parameter
from recorder.openapi.style import written

_WITHOUT_BODY: Final = frozenset({204, 205, 304})
# What the gateway settles itself, and what would be untrue of the body that is sent.
_NOT_SENT: Final = frozenset({
    "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "content-encoding", "trailer",
    "upgrade", "date", "content-md5", "content-range", "set-cookie",
})  # fmt: skip
_OF_A_RANGE: Final = {"2": 200, "3": 302, "4": 400, "5": 500}


class Responses:
    """Makes the responses of one document's operations."""

    def __init__(self, document: OpenapiDocument, maker: Maker) -> None:
        self._document = document
        self._maker = maker
        self.bodies = Bodies(document, maker)

    def of(self, operation: Operation) -> dict[str, Any]:
        """Give `response` for a definition: the lowest success, or what comes nearest to one."""
        ranked = sorted(self._numbered(operation), key=lambda pair: _rank(*pair))
        if not ranked:
            self._document.tree.remarks.note(
                operation.pointer, "no response is documented: 200 without a body is given"
            )
            return {"status": 200}
        (status, success), *others = ranked
        if not 200 <= status < 300:
            self._document.tree.remarks.note(success.pointer, f"no success is documented: {status} is what answers")
        main, *more = self._written(operation, status, success)
        named = {name or f"{status}": response for name, response in more}
        for code, answer in sorted(others, key=lambda pair: pair[0]):
            for number, (name, response) in enumerate(self._written(operation, code, answer)):
                key = f"{code}-{name}" if name and number else f"{code}"
                named.setdefault(key if key not in named else f"{key}.{number + 2}", response)
        response = main[1]
        if main[0] and more:
            named = {main[0]: response, **named}
        if named:
            response = {**response, "prefer": True, "examples": named}
        return response

    def _numbered(self, operation: Operation) -> Iterator[tuple[int, Answer]]:
        codes = {answer.status for answer in operation.answers}
        for answer in operation.answers:
            status = _number(answer.status, codes)
            if status is None:
                self._document.tree.remarks.warn(answer.pointer, f"{answer.status!r} is no status from 200 to 599")
            else:
                yield status, answer

    def _written(self, operation: Operation, status: int, answer: Answer) -> list[tuple[str, dict[str, Any]]]:
        bodies = [] if status in _WITHOUT_BODY or operation.method == "HEAD" else self.bodies.of(answer)
        headers = dict(self._headers(answer))
        if not bodies:
            return [("", _templated_off({"status": status, **({"headers": headers} if headers else {})}))]
        return [
            (
                body.name,
                _templated_off({"status": status, "headers": {"Content-Type": body.media, **headers}, **body.fields}),
            )
            for body in bodies
        ]

    def _headers(self, answer: Answer) -> Iterator[tuple[str, str]]:
        for header in answer.headers:
            if header.name.lower() in _NOT_SENT:
                continue
            text = written(header, self._value(header))
            if text and text.isascii() and text.isprintable():
                yield header.name, text.strip()

    def _value(self, header: Parameter) -> Any:
        schema = header.schema if header.media is None else header.media.schema
        if schema is None:
            return header.examples[0].value if header.examples else "string"
        name = self._document.responses.name_of(schema)
        for example in header.examples:
            if self._document.responses.validator(name).is_valid(example.value):
                return example.value
        return self._maker.make(name).value


def _number(status: str, codes: set[str]) -> int | None:
    if status.isdigit():
        return int(status) if 200 <= int(status) <= 599 else None
    if status == "default":
        succeeds = any(code[:1] == "2" for code in codes)
        return 500 if succeeds else 200
    if len(status) == 3 and status[1:].upper() == "XX":
        return _OF_A_RANGE.get(status[0])
    return None


def _rank(status: int, answer: Answer) -> tuple[int, int]:
    if 200 <= status < 300:
        return (0 if answer.status != "default" else 1), status
    return (2 if status < 400 else 3), status


def _templated_off(response: dict[str, Any]) -> dict[str, Any]:
    """Say that braces in a documented example are text, where there are any."""
    if b"{{" in orjson.dumps(response) or b"{%" in orjson.dumps(response):
        return {**response, "template": False}
    return response
