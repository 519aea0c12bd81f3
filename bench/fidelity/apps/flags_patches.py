"""JSON Patch (RFC 6902) as the flags take it: all of it or nothing."""

from __future__ import annotations

import copy
from typing import Any

Row = dict[str, Any]


class RefusedError(Exception):
    """A refusal: a status, a code and a message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def unescaped(pointer: str) -> list[str]:
    if not pointer.startswith("/"):
        raise RefusedError(400, "invalid_request", f'invalid JSON pointer "{pointer}"')
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def step(here: Any, part: str, pointer: str) -> Any:
    if isinstance(here, dict) and part in here:
        return here[part]
    if isinstance(here, list) and part.isdigit() and int(part) < len(here):
        return here[int(part)]
    raise RefusedError(400, "invalid_patch", f'path "{pointer}" does not exist')


def at(document: Any, pointer: str) -> Any:
    for part in unescaped(pointer):
        document = step(document, part, pointer)
    return document


def taken_out(document: Any, pointer: str) -> Any:
    above, last = at_above(document, pointer)
    found = step(above, last, pointer)
    del above[int(last) if isinstance(above, list) else last]
    return found


def at_above(document: Any, pointer: str) -> tuple[Any, str]:
    *above, last = unescaped(pointer)
    for part in above:
        document = step(document, part, pointer)
    return document, last


def put_in(document: Any, pointer: str, value: Any) -> None:
    above, last = at_above(document, pointer)
    if isinstance(above, list):
        place = len(above) if last == "-" else int(last) if last.isdigit() else len(above) + 1
        if place > len(above):
            raise RefusedError(400, "invalid_patch", f'path "{pointer}" does not exist')
        above.insert(place, value)
    else:
        above[last] = value


def patched(flag: Row, operations: Any) -> Row:
    """Apply a patch of RFC 6902; nothing is changed where one of its operations fails."""
    if not isinstance(operations, list):
        raise RefusedError(400, "invalid_request", "a patch must be a list of operations")
    new = copy.deepcopy(flag)
    for operation in operations:
        kind, path = operation.get("op"), operation.get("path", "")
        if path.split("/")[1:2] in (["key"], ["_version"], ["creationDate"]):
            raise RefusedError(400, "invalid_patch", f'path "{path}" cannot be changed')
        if kind == "test":
            if at(new, path) != operation.get("value"):
                raise RefusedError(409, "optimistic_locking_error", f'test failed for path "{path}"')
        elif kind == "add":
            put_in(new, path, operation.get("value"))
        elif kind == "replace":
            taken_out(new, path)
            put_in(new, path, operation.get("value"))
        elif kind == "remove":
            taken_out(new, path)
        elif kind in ("move", "copy"):
            value = taken_out(new, operation["from"]) if kind == "move" else at(new, operation["from"])
            put_in(new, path, copy.deepcopy(value))
        else:
            raise RefusedError(400, "invalid_patch", f'unknown operation "{kind}"')
    return new
