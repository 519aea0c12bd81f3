"""A second import over the first: what a person edited stays, what vanished is marked, and a report says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Any, Final

import orjson

from cassettes.definition import MockDefinition
from recorder.importer import Import

VANISHED: Final = "vanished"
_STAMP: Final = re.compile(r"(.*?)(?: \((.*)\))?\Z", re.DOTALL)
_SOURCES: Final = " of "
"""What follows a maker before what it made the definitions of: another source does not make it another maker."""
_NOT_COMPARED: Final = frozenset({"id", "created_by"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A definition that a person edited: which fields stayed, and which of those the document changed too."""

    id: str
    fields: tuple[str, ...]
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of merging: all definitions, and by id what happened to those of the document."""

    definitions: tuple[dict[str, Any], ...]
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    vanished: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()


def stamped(definition: dict[str, Any], kind: str, document: str) -> dict[str, Any]:
    """Sign a definition that an import made."""
    return signed(definition, f"import {kind} {document}")


def signed(definition: dict[str, Any], maker: str) -> dict[str, Any]:
    """Add to a generated definition who made it, with a short hash of each field, by which edits are found later."""
    marks = ",".join(f"{name}:{_hash(value)}" for name, value in _fields(definition).items())
    return {**definition, "created_by": f"{maker} ({marks})"}


def marks_of(definition: dict[str, Any], maker: str) -> dict[str, str] | None:
    """Give the hashes of the fields as they were generated, in order, or None where another made the definition."""
    found = _STAMP.match(str(definition.get("created_by", "")))
    if found is None or found[1].partition(_SOURCES)[0] != maker:
        return None
    pairs = (mark.partition(":") for mark in (found[2] or "").split(",") if mark)
    return {name: mark for name, _, mark in pairs}


def merge(existing: Iterable[dict[str, Any]], fresh: Import) -> Merge:
    """Bring a fresh import into definitions that are there.

    A field of an imported definition that nobody touched takes its fresh value; one that was edited stays. What the
    document has no more is disabled and tagged `vanished`. Definitions of other makers stay as they are: where one
    has the id of a new one, the new one takes `DOCUMENT ID`.
    """
    return merge_made(existing, fresh.definitions, f"import {fresh.kind} {fresh.document}", fresh.document)


def merge_made(existing: Iterable[dict[str, Any]], fresh: Sequence[dict[str, Any]], maker: str, document: str) -> Merge:
    """Do so with signed definitions of any maker."""
    return _Merging(list(existing), fresh, maker, document).result()


class _Merging:
    def __init__(
        self, existing: list[dict[str, Any]], fresh: Sequence[dict[str, Any]], maker: str, document: str
    ) -> None:
        self._fresh = fresh
        self._document = document
        self._existing = existing
        self._own = {str(one["id"]): marks for one in existing if (marks := marks_of(one, maker)) is not None}
        self._foreign = {str(one["id"]) for one in existing} - self._own.keys()
        self._kept: list[Kept] = []
        self._changed: list[str] = []
        self._unchanged: list[str] = []
        self._vanished: list[str] = []
        self._returned: list[str] = []

    def result(self) -> Merge:
        incoming, renamed = self._incoming()
        merged = []
        for one in self._existing:
            route_id = str(one["id"])
            if route_id not in self._own:
                merged.append(one)
            elif route_id in incoming:
                merged.append(self._met(one, incoming[route_id], self._own[route_id]))
            else:
                merged.append(self._gone(one, self._own[route_id]))
        added = [route_id for route_id in incoming if route_id not in self._own]
        merged += [incoming[route_id] for route_id in added]
        return Merge(
            tuple(merged),
            added=tuple(added),
            changed=tuple(self._changed),
            unchanged=tuple(self._unchanged),
            kept=tuple(self._kept),
            vanished=tuple(self._vanished),
            returned=tuple(self._returned),
            renamed=tuple(renamed),
        )

    def _incoming(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        incoming: dict[str, dict[str, Any]] = {}
        renamed = []
        for one in self._fresh:
            route_id = str(one["id"])
            if route_id in self._foreign:
                route_id = f"{self._document} {route_id}"[:200]
                renamed.append(route_id)
            incoming[route_id] = {**one, "id": route_id}
        return incoming, renamed

    def _met(self, ours: dict[str, Any], theirs: dict[str, Any], marks: dict[str, str]) -> dict[str, Any]:
        route_id = str(ours["id"])
        current, incoming = _fields(ours), _fields(theirs)
        chosen: dict[str, Any] = {"id": ours["id"]}
        edited, contested, is_changed = [], [], False
        for name in (*incoming, *(name for name in current if name not in incoming)):
            now, new = _mark(current, name), _mark(incoming, name)
            is_edited = now != marks.get(name)
            source = current if is_edited and now != new else incoming
            if is_edited and now != new:
                edited.append(name)
                if new != marks.get(name):
                    contested.append(name)
            elif now != new:
                is_changed = True
            if name in source:
                chosen[name] = source[name]
        if VANISHED in ours.get("tags", ()) and VANISHED not in chosen.get("tags", ()):
            self._returned.append(route_id)
        elif edited:
            self._kept.append(Kept(route_id, tuple(edited), tuple(contested)))
        elif is_changed:
            self._changed.append(route_id)
        else:
            self._unchanged.append(route_id)
        return {**chosen, "created_by": theirs["created_by"]}

    def _gone(self, ours: dict[str, Any], marks: dict[str, str]) -> dict[str, Any]:
        if VANISHED in ours.get("tags", ()):
            return ours
        self._vanished.append(str(ours["id"]))
        tags = [*ours.get("tags", ()), VANISHED]
        marked = {**ours, "enabled": False, "tags": tags}
        told = {name: mark for name, mark in marks.items() if name not in ("enabled", "tags")}
        # The two fields are the merge's own doing: they are no edit, and go when the operation comes back.
        told |= {"enabled": _hash(value=False), "tags": _hash(tags)}
        stamp = ",".join(f"{name}:{mark}" for name, mark in told.items())
        return {**marked, "created_by": f"{_lead(ours)} ({stamp})"}


def _lead(definition: dict[str, Any]) -> str:
    """Give who made a definition, and of what."""
    found = _STAMP.match(str(definition["created_by"]))
    assert found is not None, "it is signed"
    return found[1]


def _mark(fields: dict[str, Any], name: str) -> str | None:
    return _hash(fields[name]) if name in fields else None


def _fields(definition: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that say something: one that holds its default is as good as absent."""
    return {
        name: value for name, value in definition.items() if name not in _NOT_COMPARED and not _is_default(name, value)
    }


def _is_default(name: str, value: Any) -> bool:
    known = MockDefinition.model_fields.get(name)
    return known is not None and value == known.get_default(call_default_factory=True)


def _hash(value: Any) -> str:
    text = orjson.dumps(_whole(value), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str)
    return blake2s(text, digest_size=4).hexdigest()


def _whole(value: Any) -> Any:
    """Write 1.0 as 1, so that a file's round trip through other hands changes nothing."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value
