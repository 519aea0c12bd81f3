"""A contract: an OpenAPI document that real requests and responses are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from recorder.openapi.checks import BodyCheck, Breach, RequestCheck, ResponseCheck
from recorder.openapi.document import OpenapiDocument, open_document
from recorder.openapi.flat import Flattener
from recorder.openapi.operation import Answer, Operation
from recorder.openapi.paths import Paths, template_regex

__all__ = ["Breach", "Contract", "load_contract"]

Headers = Iterable[tuple[bytes, bytes]]
_WITHOUT_BODY: Final = frozenset({204, 205, 304})


@dataclass(slots=True)
class _Promise:
    """An operation with its checks, made when they are first needed."""

    operation: Operation
    request: RequestCheck | None = None
    responses: dict[str, ResponseCheck] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    tail: tuple[re.Pattern[str], tuple[str, ...]] | None = None


class Contract:
    """Compares messages with a document; schemas are compiled when an operation is first met.

    Bodies are given without their content coding. A form of parts (multipart) and XML are compared by media type only.
    """

    def __init__(self, document: OpenapiDocument) -> None:
        self.name = document.name
        self._document = document
        self._asked = Flattener(document.requests)
        self._given = Flattener(document.responses)
        self._by_pointer: dict[str, _Promise] = {}
        self._paths: Paths[_Promise] = Paths()
        for operation in document.operations():
            promise = _Promise(operation, answers={one.status.upper(): one for one in operation.answers})
            self._by_pointer[operation.pointer] = promise
            for prefix in dict.fromkeys((*operation.prefixes, "")):
                self._paths.add(prefix + re.split(r"[?#]", operation.path, maxsplit=1)[0], promise)

    def operations(self) -> tuple[Operation, ...]:
        """Give the operations of the document, in its order."""
        return tuple(promise.operation for promise in self._by_pointer.values())

    def operation(self, method: str, path: str, pointer: str = "") -> Operation | None:
        """Give the operation that a request is for, found as by `check_request`."""
        promise, _, _ = self._find(method, path, pointer)
        return promise.operation if promise is not None else None

    def methods(self, path: str) -> tuple[str, ...]:
        """Give the methods that are described for a path."""
        return tuple(promise.operation.method for _, promise in self._paths.find(path))

    def check_request(
        self, method: str, target: str, headers: Headers, body: bytes | None = b"", *, pointer: str = ""
    ) -> list[Breach]:
        """Give what a request breaks; a body of None is there and not looked into.

        `target` is path and query as sent. `pointer` names the operation where a definition knows it (`contract`,
        with or without the document's name); else it is found by method and path, and not to be found is a breach.
        """
        path, _, query = target.partition("?")
        promise, params, breach = self._find(method, path, pointer)
        if promise is None:
            return breach
        if promise.request is None:
            promise.request = self._request_check(promise.operation)
        return promise.request.breaches(params, query, headers, body)

    def check_response(
        self, method: str, target: str, status: int, headers: Headers, body: bytes | None = b"", *, pointer: str = ""
    ) -> list[Breach]:
        """Give what a response to such a request breaks; operations are found as by `check_request`."""
        promise, _, breach = self._find(method, target.partition("?")[0], pointer)
        if promise is None:
            return breach
        check = self._response_check(promise, status)
        if check is None and not promise.answers:
            return []
        if check is None:
            known = ", ".join(promise.answers) or "none"
            place = f"{promise.operation.pointer}/responses"
            return [Breach(place, "status", f"the status {status} is not described: {known} would be")]
        return check.breaches(headers, body, has_body=method != "HEAD" and status not in _WITHOUT_BODY)

    def _find(self, method: str, path: str, pointer: str) -> tuple[_Promise | None, dict[str, str], list[Breach]]:
        if pointer:
            promise = self._by_pointer.get("#" + pointer.partition("#")[2])
            if promise is None:
                return None, {}, [Breach(pointer, "path", "there is no such operation in the document any more")]
            return promise, self._params(promise, path), []
        found = self._paths.find(path)
        for params, promise in found:
            if promise.operation.method == method:
                return promise, params, []
        if not found:
            return None, {}, [Breach("#/paths", "path", "no path of the document is the one that was asked for")]
        known = ", ".join(promise.operation.method for _, promise in found)
        return None, {}, [Breach("#/paths", "method", f"{method} is not described for this path: {known} would be")]

    @staticmethod
    def _params(promise: _Promise, path: str) -> dict[str, str]:
        """Read the path's parameters from its end, wherever the definition has put the operation."""
        if promise.tail is None:
            regex, names = template_regex(promise.operation.path)
            promise.tail = (re.compile(".*?" + regex.pattern), names)
        regex, names = promise.tail
        found = regex.match(path)
        return {} if found is None else {name: unquote(text) for name, text in zip(names, found.groups(), strict=True)}

    def _request_check(self, operation: Operation) -> RequestCheck:
        schemas, body = self._document.requests, operation.body
        check = BodyCheck(body.content, body.pointer, schemas, self._asked) if body and body.content else None
        return RequestCheck(
            operation.parameters,
            check,
            body.pointer if body else "",
            schemas,
            self._asked,
            body_required=body.required if body else False,
        )

    def _response_check(self, promise: _Promise, status: int) -> ResponseCheck | None:
        for code in (str(status), f"{status // 100}XX", "DEFAULT"):
            answer = promise.answers.get(code)
            if answer is None:
                continue
            check = promise.responses.get(code)
            if check is None:
                check = promise.responses[code] = ResponseCheck(answer, self._document.responses, self._given)
            return check
        return None


def load_contract(path: Path, name: str = "") -> Contract:
    """Read a document as a contract; raises DocumentError."""
    return Contract(open_document(path, name))
