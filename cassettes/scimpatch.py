"""Patches of attributes (RFC 7644 §3.5.2, SCIM): operations with dotted paths, all of them or none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cassettes.jsonpatch import PatchError

_PATH: Final = re.compile(
    r'(?P<name>[\w$-]+)(?:\[(?P<by>[\w$-]+) eq "(?P<wanted>[^"]*)"\])?(?:\.(?P<part>[\w$-]+))?', re.IGNORECASE
)
_VERBS: Final = ("add", "replace", "remove")


def attributes_patched(item: Mapping[str, Any], operations: Sequence[Any], weigh: Callable[[Any], None]) -> Any:
    """Give the item after all operations; it itself is not changed. Raises PatchError.

    A list whose values are all removed is empty then. `weigh` is told each value that is put in, and may raise.
    """
    made = dict(item)
    for one in operations:
        verb = str(one.get("op", "")).lower() if isinstance(one, dict) else ""
        if verb not in _VERBS:
            raise PatchError
        path, value = one.get("path"), one.get("value")
        if path is None and not (isinstance(value, dict) and verb != "remove"):
            raise PatchError
        weigh(value)
        for name, given in value.items() if path is None else [(path, value)]:
            _apply(made, verb, str(name), given)
    return made


def _apply(made: dict[str, Any], verb: str, path: str, value: Any) -> None:
    found = _PATH.fullmatch(path)
    if found is None:
        raise PatchError
    name, part = found["name"], found["part"]
    old = made.get(name)
    if found["by"] is not None:
        made[name] = _selected(old, verb, found, value)
    elif part is not None:
        kept = {key: one for key, one in old.items() if key != part} if isinstance(old, dict) else {}
        made[name] = kept if verb == "remove" else {**(old if isinstance(old, dict) else {}), part: value}
    elif verb == "remove":
        made.pop(name, None)
        if isinstance(old, list):
            made[name] = []
    elif verb == "add" and isinstance(old, list):
        made[name] = [*old, *(value if isinstance(value, list) else [value])]
    elif verb == "add" and isinstance(old, dict) and isinstance(value, dict):
        made[name] = {**old, **value}
    else:
        made[name] = value


def _selected(old: Any, verb: str, found: re.Match[str], value: Any) -> list[Any]:
    """Give a list in which the rows that a path selects are removed or changed; there has to be one."""
    rows = old if isinstance(old, list) else []
    chosen = [_is_chosen(row, found["by"], found["wanted"]) for row in rows]
    if not any(chosen):
        raise PatchError
    if verb == "remove" and found["part"] is None:
        return [row for row, is_chosen in zip(rows, chosen, strict=True) if not is_chosen]
    return [_changed(row, verb, found["part"], value) if ok else row for row, ok in zip(rows, chosen, strict=True)]


def _is_chosen(row: Any, by: str, wanted: str) -> bool:
    """Tell whether a row has a value; one that is no object is its own value."""
    value = row.get(by) if isinstance(row, dict) else row if by == "value" else None
    return isinstance(value, str) and value.lower() == wanted.lower()


def _changed(row: Any, verb: str, part: str | None, value: Any) -> Any:
    if part is None:
        return {**row, **value} if isinstance(row, dict) and isinstance(value, dict) else value
    if not isinstance(row, dict):
        raise PatchError
    kept = {name: one for name, one in row.items() if name != part}
    return kept if verb == "remove" else {**kept, part: value}
