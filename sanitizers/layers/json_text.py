"""JSON, read leniently and span by span, so that everything that is not replaced keeps its bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import orjson

from sanitizers.edit import Edit, at_path, settle, shift
from sanitizers.layers import escapes
from sanitizers.layers.running_text import embedded

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanitizers.rule import Judgement, Place
    from sanitizers.walk import Walk

_STRING: Final = 1  # closed or, at the end, open
_MEMBER: Final = 2
_MARK: Final = 3
_TOKEN: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)(?:"(\s*:)?)?|([{}\[\],])|([^\s{}\[\],:"]+)', re.DOTALL)
_START: Final = re.compile(r"[\ufeff\s]*(?:\)\]\}',?\s*|for ?\(;;\);|while ?\(1\);)?[{\[\"]")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LITERALS: Final = frozenset({"true", "false", "null"})
_LABELS: Final = frozenset(
    {"name", "key", "field", "header", "param", "parameter", "attribute", "property", "variable"}
)
_VALUES: Final = frozenset({"value", "val", "stringvalue", "content", "currentvalue", "defaultvalue"})
_ERRORS: Final = frozenset({"errors", "error", "messages", "violations", "validation", "details", "issues", "invalid"})
_PLACES: Final[dict[str, Place]] = {
    "cookies": "cookie", "cookie": "cookie", "headers": "header", "header": "header", "args": "query", "query": "query",
    "querystring": "query", "queryparams": "query",
}  # fmt: skip
_SHOWN_KEY: Final = re.compile(r"[A-Za-z_$@][\w$@:.-]{0,63}")
_SHOWN_STEPS: Final = 24


def recognises(text: str) -> bool:
    return _START.match(text) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a text that begins like JSON; what is not JSON all through is read as running text as well."""
    found = JsonScan(text, walk, depth).run()
    if _is_strict(text):
        return settle(found)
    return settle(found + embedded(text, walk, depth, with_json=False))


def forced(text: str, walk: Walk, depth: int, judgement: Judgement) -> list[Edit]:
    """Give the edits of a JSON text in which every value is of one kind."""
    return settle(JsonScan(text, walk, depth, judgement).run())


def is_container(text: str) -> bool:
    """Say whether a text is a whole JSON object or array."""
    return text[:1] in ("{", "[") and text[-1:] in ("}", "]") and _is_strict(text)


def _is_strict(text: str) -> bool:
    try:
        orjson.loads(text)
    except (ValueError, UnicodeError):
        lines = text.splitlines()
        return len(lines) > 1 and all(_is_strict(line) for line in lines if line.strip()) if "\n" in text else False
    return True


class JsonScan:
    """One pass over the tokens of a JSON text that keeps just enough of a stack to know each value's name and path."""

    def __init__(self, text: str, walk: Walk, depth: int, forced_as: Judgement | None = None) -> None:
        self._text = text
        self._walk = walk
        self._depth = depth
        self._forced = forced_as
        self._always = walk.thorough or forced_as is not None
        self._edits: list[Edit] = []
        self._stack: list[tuple[str, bool, int, str, tuple[int, str] | None, bool, Place]] = []
        self._key = ""
        self._in_array = False
        self._index = 0
        self._label = ""
        self._pending: tuple[int, str] | None = None
        self._alert = self._always
        self._place: Place = "field"
        self._names: dict[tuple[str, str], tuple[bool, bool]] = {}

    def run(self) -> list[Edit]:
        curious, shortest = self._walk.curious, self._walk.shortest
        for token in _TOKEN.finditer(self._text):
            sort = token.lastindex
            if sort == _STRING:
                raw = token[1]
                if self._alert or (len(raw) >= shortest and curious(raw)):
                    self._leaf(token.start(1), raw)
            elif sort == _MEMBER:
                self._member(token)
            elif sort == _MARK:
                self._mark(token[3])
            elif self._alert or len(token[4]) >= shortest:
                self._bare(token.start(), token[4])
        return self._edits

    def _mark(self, mark: str) -> None:
        if mark == ",":
            self._index += 1
            if not self._in_array:
                self._alert = self._always
        elif mark in "{[":
            self._stack.append(
                (self._key, self._in_array, self._index, self._label, self._pending, self._alert, self._place)
            )
            self._index, self._in_array = 0, mark == "["
            if mark == "{":
                self._place = _PLACES.get(self._key.lower(), "field")
                self._label, self._pending, self._alert = "", None, self._always
        elif self._stack:
            self._key, self._in_array, self._index, self._label, self._pending, self._alert, self._place = (
                self._stack.pop()
            )

    def _member(self, token: re.Match[str]) -> None:
        raw = token[1]
        self._key = name = escapes.JSON.decode(raw) if "\\" in raw else raw
        known = self._names.get((self._place, name))
        if known is None:
            lower = name.lower()
            alert = self._always or self._walk.telling(self._place, name) or lower in _LABELS or lower in _VALUES
            known = self._names[self._place, name] = (alert, self._walk.thorough or self._walk.curious(raw))
        self._alert, odd = known
        if odd:
            self._add(self._walk.coded(escapes.JSON, raw, self._depth, self._walk.member), token.start(1))

    def _leaf(self, start: int, raw: str) -> None:
        self._add(self._walk.coded(escapes.JSON, raw, self._depth, self._judge(start, raw)), start)

    def _judge(self, start: int, raw: str) -> Callable[[str, int], list[Edit]]:
        walk, place, name = self._walk, self._place, self._key
        judgement = self._forced or walk.located(self._steps())
        if judgement is not None:
            settled = judgement
            return lambda text, depth: walk.whole(settled, text, depth)
        lower = name.lower()
        if lower in _LABELS and not self._in_array:
            self._label = raw
            if self._pending is not None:
                self._relabelled(*self._pending)
        elif lower in _VALUES:
            if self._label:
                name = self._label
            else:
                self._pending = (start, raw)
        if " " in raw and place == "field" and any(frame[0].lower() in _ERRORS for frame in self._stack):
            return walk.value
        return lambda text, depth: walk.named(place, name, text, depth)

    def _relabelled(self, start: int, raw: str) -> None:
        label, walk = self._label, self._walk
        found = walk.coded(
            escapes.JSON, raw, self._depth, lambda text, depth: walk.named(self._place, label, text, depth)
        )
        self._add(found, start)
        self._pending = None

    def _bare(self, start: int, raw: str) -> None:
        if raw in _LITERALS:
            return
        if _NUMBER.fullmatch(raw) is None:
            self._add(self._walk.value(raw, self._depth + 1), start)
            return
        found = self._judge(start, raw)(raw, self._depth) if self._alert else self._walk.value(raw, self._depth)
        for edit in found:
            new = raw[: edit.start] + edit.text + raw[edit.end :]
            text = new if _NUMBER.fullmatch(new) else orjson.dumps(new).decode()
            self._add([Edit(0, len(raw), text, edit.hits)], start)

    def _add(self, found: list[Edit], start: int) -> None:
        if found:
            self._edits += at_path(shift(found, start), self._path())

    def _steps(self) -> tuple[str | int, ...]:
        frames = [(frame[0], frame[1], frame[2]) for frame in self._stack]
        frames.append((self._key, self._in_array, self._index))
        return tuple(index if in_array else key for key, in_array, index in frames[1:])

    def _path(self) -> str:
        frames = [(frame[0], frame[1]) for frame in self._stack]
        frames.append((self._key, self._in_array))
        steps = ["[*]" if in_array else f".{_shown(key)}" for key, in_array in frames[1:]]
        return "$" + "".join(steps if len(steps) <= _SHOWN_STEPS else ["…", *steps[-_SHOWN_STEPS:]])


def _shown(key: str) -> str:
    return key if _SHOWN_KEY.fullmatch(key) and sum(char.isdigit() for char in key) < 6 and "@" not in key[1:] else "*"
