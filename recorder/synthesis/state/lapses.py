"""Lapses: what becomes of items when a time that they tell has come, without any call, as holds that expire."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.kinds import looks_like_a_time, time_form
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal

_LEAST: Final = 2
_MOST_WORDS: Final = 8
_SLACK_S: Final = 0.05
_MILLISECONDS: Final = 1e11
_CALL: Final = re.compile(r"\bresource\.(?P<name>\w+)\.(?:get|find|all|under)\(")


@dataclass(frozen=True, slots=True, eq=False)
class Lapse:
    """Items of a collection: where `field` is `word`, it is `other` once the time in their field `until` has come."""

    collection: str
    until: str
    field: str
    word: str
    other: str

    def written(self, items: str) -> str:
        """Write items, or one, as they are now."""
        arguments = ", ".join(map(literal, (self.until, self.field, self.word, self.other)))
        return f"lapsed({items}, {arguments})"


@dataclass(frozen=True, slots=True)
class _Sight:
    """An item as an answer showed it, between two moments."""

    which: tuple[int, str]
    item: Mapping[str, Any]
    asked: float
    told: float


def find_lapses(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding]) -> list[Lapse]:
    """Give what becomes of items by the clock alone: one for each collection at most.

    The word is there only after the time, and the one that it follows only before; two items or more have to show it.
    """
    sights: dict[Collection, list[_Sight]] = defaultdict(list)
    for scene in scenes:
        binding = bindings[scene.endpoint]
        if binding.collection is not None and scene.sample.succeeded:
            sights[binding.collection] += _shown(scene, binding, binding.collection)
    found = []
    for collection, seen in sights.items():
        lapse = next(_lapses(collection, seen), None)
        if lapse is not None:
            found.append(lapse)
    return found


def _shown(scene: Scene, binding: Binding, collection: Collection) -> Iterator[_Sight]:
    answered = scene.sample.answer_json
    one = look(answered, binding.entity) if binding.entity is not None else MISSING
    rows = look(answered, binding.rows) if binding.rows is not None else MISSING
    for item in [one, *(rows if isinstance(rows, list) else ())]:
        name = look(item, collection.id_path) if isinstance(item, dict) and collection.id_path else MISSING
        if name is not MISSING:
            yield _Sight((scene.sample.session, as_text(name)), item, scene.sample.started, scene.sample.ended)


def _lapses(collection: Collection, seen: Sequence[_Sight]) -> Iterator[Lapse]:
    names = dict.fromkeys(name for sight in seen for name in sight.item)
    times = [name for name in names if all(_moment(sight.item.get(name)) is not None for sight in seen)]
    for field in names if times else ():
        words = {word for sight in seen if isinstance(word := sight.item.get(field), str)}
        if field in times or not _LEAST <= len(words) <= _MOST_WORDS:
            continue
        for until in times:
            late = {word for word in words if _is_after(seen, field, word, until)}
            early = {word for word in words - late if _is_before(seen, field, word, until)}
            for other in sorted(late):
                for word in sorted(early):
                    if _follows(seen, field, word, other) >= _LEAST:
                        yield Lapse(collection.name, until, field, word, other)


def _is_after(seen: Sequence[_Sight], field: str, word: str, until: str) -> bool:
    """Tell whether a word was there only once the time had come."""
    return all(
        sight.told + _SLACK_S >= (_moment(sight.item[until]) or 0.0) for sight in seen if sight.item.get(field) == word
    )


def _is_before(seen: Sequence[_Sight], field: str, word: str, until: str) -> bool:
    """Tell whether a word was there only while the time had not come."""
    return all(
        sight.asked <= (_moment(sight.item[until]) or 0.0) + _SLACK_S for sight in seen if sight.item.get(field) == word
    )


def _follows(seen: Sequence[_Sight], field: str, word: str, other: str) -> int:
    """Count the items that had a word and then another."""
    had = {sight.which for sight in seen if sight.item.get(field) == word}
    return len({sight.which for sight in seen if sight.item.get(field) == other} & had)


def _moment(value: Any) -> float | None:
    """Read a time as Unix seconds."""
    if isinstance(value, bool) or not looks_like_a_time(value):
        return None
    form = time_form([value])
    if form is not None:
        return form.read(value) if form.name != "date" else None
    try:
        number = float(value)
    except ValueError:  # a day that no calendar has
        return None
    return number / 1_000 if number > _MILLISECONDS else number


def lapsed(text: str, lapses: Mapping[str, Lapse]) -> str:
    """Write an expression so that the items that it speaks of are as they are now."""
    made, place = "", 0
    for found in _CALL.finditer(text):
        lapse = lapses.get(found["name"])
        end = _closed(text, found.end()) if lapse is not None else None
        if lapse is None or end is None or found.start() < place:
            continue
        made += text[place : found.start()] + lapse.written(text[found.start() : end])
        place = end
    return made + text[place:]


def _closed(text: str, place: int) -> int | None:
    """Give where the bracket that was opened before a place is closed, behind it."""
    depth, quote = 1, ""
    while place < len(text):
        sign = text[place]
        if quote:
            place += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return place + 1
        place += 1
    return None
