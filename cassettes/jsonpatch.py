"""JSON patches (RFC 6902): a list of operations on a value, of which none is done where one fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

_NONE: Final = object()


class PatchError(Exception):
    """An operation cannot be done."""


def patched(document: Any, operations: Sequence[Any], weigh: Callable[[Any], None]) -> Any:
    """Give the document after all operations; it itself is not changed. Raises PatchError.

    `weigh` is told each value that is copied, and may raise.
    """
    made = _copied(document)
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") not in _OPERATIONS:
            raise PatchError
        made = _OPERATIONS[operation["op"]](made, operation, weigh)
    return made


def _copied(value: Any) -> Any:
    try:
        return orjson.loads(orjson.dumps(value))
    except TypeError:
        raise PatchError from None


def _value(operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    if "value" not in operation:
        raise PatchError
    weigh(operation["value"])
    return _copied(operation["value"])


def _steps(operation: Mapping[str, Any], name: str = "path") -> list[str]:
    pointer = operation.get(name)
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise PatchError
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list):
        return value[_place(step, len(value) - 1)]
    raise PatchError


def _place(step: str, most: int) -> int:
    if not step.isascii() or not step.isdigit() or (step[0] == "0" and step != "0") or int(step[:9]) > most:
        raise PatchError
    return int(step[:9])


def _find(document: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        document = _step(document, step)
    return document


def _put(document: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    parent, last = _find(document, steps[:-1]), steps[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif isinstance(parent, list):
        parent.insert(len(parent) if last == "-" else _place(last, len(parent)), value)
    else:
        raise PatchError
    return document


def _take(document: Any, steps: list[str]) -> Any:
    """Remove what is at a place; gives the document."""
    if not steps:
        raise PatchError
    parent, last = _find(document, steps[:-1]), steps[-1]
    _step(parent, last)
    del parent[int(last) if isinstance(parent, list) else last]
    return document


def _add(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    return _put(document, _steps(operation), _value(operation, weigh))


def _remove(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    del weigh
    return _take(document, _steps(operation))


def _replace(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    steps, value = _steps(operation), _value(operation, weigh)
    if not steps:
        return value
    parent = _find(document, steps[:-1])
    _step(parent, steps[-1])
    parent[int(steps[-1]) if isinstance(parent, list) else steps[-1]] = value
    return document


def _move(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    del weigh
    source, target = _steps(operation, "from"), _steps(operation)
    value = _find(document, source)
    if source == target:
        return document
    if target[: len(source)] == source:
        raise PatchError
    return _put(_take(document, source), target, value)


def _copy(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    value = _find(document, _steps(operation, "from"))
    weigh(value)
    return _put(document, _steps(operation), _copied(value))


def _test(document: Any, operation: Mapping[str, Any], weigh: Callable[[Any], None]) -> Any:
    found, wanted = _find(document, _steps(operation)), operation.get("value", _NONE)
    weigh(found)
    if not _same(found, wanted):
        raise PatchError
    return document


def _same(one: Any, other: Any) -> bool:
    # In Python True equals 1; in JSON it does not.
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


_OPERATIONS: Final[dict[str, Callable[[Any, Mapping[str, Any], Callable[[Any], None]], Any]]] = {
    "add": _add,
    "copy": _copy,
    "move": _move,
    "remove": _remove,
    "replace": _replace,
    "test": _test,
}
