"""Serial numbers: texts that end in a number which counts on among the items that begin alike, as `2026-00017` does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.node import Joined, MadeUp, Piece, Said
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, applied, literal

_SERIAL: Final = re.compile(r"(?P<head>.*?(?P<mark>[^A-Za-z0-9]*))(?P<number>\d{3,12})")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_FEWEST: Final = 3
_LONGEST_HEAD: Final = 24


def serial(grounds: Grounds, cases: Sequence[Case], name: str) -> Joined | None:
    """Explain texts of a head and a number with leading zeros: one more than there are items with this head.

    It may also be the number that the new item has in another member, which counts on though items are deleted.
    The head is always the same, or what another value begins with, such as the year of a date.
    """
    parts = [one for _, value in cases if isinstance(value, str) and (one := _SERIAL.fullmatch(value)) is not None]
    numbers = [one["number"] for one in parts]
    if len(parts) < max(_FEWEST, len(cases)) or len(set(map(len, numbers))) != 1 or numbers[0][:1] != "0":
        return None
    heads, marks = [one["head"] for one in parts], {one["mark"] for one in parts}
    if len(marks) != 1 or not all(heads) or not name.isidentifier() or max(map(len, heads)) > _LONGEST_HEAD:
        return None
    scenes = [scene for scene, _ in cases]
    lead = _lead(grounds, scenes, heads, next(iter(marks)))
    if not lead:
        return None
    counted = _counted(scenes, heads, list(map(int, numbers)), name)
    if counted is not None:
        said = " ~ ".join(literal(one) if isinstance(one, str) else one.expression() for one in lead)
        number = f"({counted}.count(' ' ~ {said}) + 1)"
    else:
        number = _next_number(scenes, list(map(int, numbers)), name) or ""
    return Joined([*lead, MadeUp(f"({number} | string | zfill({len(numbers[0])}))", "counter")]) if number else None


def _next_number(scenes: Sequence[Scene], numbers: Sequence[int], name: str) -> str | None:
    """Give the text of a count of its own for what numbers the new items of a collection, also those that are deleted.

    A number is handed out once: so it is not that of the other member, which goes up with it.
    """
    if len(set(numbers)) < _FEWEST:
        return None
    for collection in sorted({one for scene in scenes for one in scene.timeline.names() if not one.endswith("~")}):
        if any(scene.timeline.under(collection, "", 0) for scene in scenes):
            continue  # those that were there before have numbers, too
        held = [item for scene in scenes for item in scene.timeline.under(collection, "", scene.moment).values()]
        fields = [name for item in held if isinstance(item, dict) for name, one in item.items() if isinstance(one, int)]
        for field in dict.fromkeys(fields):
            if all(
                number == 1 + scene.timeline.highest(collection, field, scene.moment, held=False)
                for scene, number in zip(scenes, numbers, strict=True)
            ):
                return f"resource.{collection}.next_id({literal(f'{name}_number')})"
    return None


def _lead(grounds: Grounds, scenes: Sequence[Scene], heads: Sequence[str], mark: str) -> list[Piece]:
    """Give what heads are made of; nothing where that is not known."""
    cores = [head.removesuffix(mark) for head in heads]
    is_year = scenes[0].sample.session == scenes[-1].sample.session and _YEAR.fullmatch(cores[0]) is not None
    if len(set(heads)) == 1 and not (is_year and _is_sent(grounds, scenes, cores[0])):
        return [heads[0]]
    size = len(cores[0])
    if not size or any(len(core) != size for core in cores):
        return []
    known = sorted(grounds.vocabulary.everything(scenes[0]), key=lambda one: one[0].cost)
    for term, value in known:
        if isinstance(value, str) and value.startswith(cores[0]) and term.text.startswith(("request.", "vars.")):
            said = term if value == cores[0] else applied(f"{{}}[:{size}]", term, lambda text: _begin(text, size), 0.4)
            if all(said.get(scene) == core for scene, core in zip(scenes, cores, strict=True)):
                return [Said(said), mark] if mark else [Said(said)]
    return []


def _is_sent(grounds: Grounds, scenes: Sequence[Scene], year: str) -> bool:
    """Tell whether a date that is sent begins with a year: in another session it begins with another one."""
    known = grounds.vocabulary.everything(scenes[0])
    return any(term.text.startswith("request.") and str(value).startswith(f"{year}-") for term, value in known)


def _begin(text: object, size: int) -> str:
    if not isinstance(text, str):
        raise TypeError
    return text[:size]


def _counted(scenes: Sequence[Scene], heads: Sequence[str], numbers: Sequence[int], name: str) -> str | None:
    """Give the text of all numbers of the items among which each head is counted."""
    for collection in sorted({one for scene in scenes for one in scene.timeline.names() if not one.endswith("~")}):
        for prefix in _prefixes(scenes[0]):
            held = [scene.timeline.under(collection, prefix.get(scene), scene.moment).values() for scene in scenes]
            counts = [
                sum(isinstance(item, dict) and str(item.get(name, "")).startswith(head) for item in items) + 1
                for items, head in zip(held, heads, strict=True)
            ]
            if counts == list(numbers) and len(set(counts)) > 1:
                under = f"under({prefix.text})" if prefix.text != "''" else "all()"
                return f"(' ' ~ (resource.{collection}.{under} | map(attribute='{name}') | join(' ')))"
    return None


def _prefixes(scene: Scene) -> Iterator[Term]:
    """Give what the keys may begin with of the items among which is counted."""
    if scene.endpoint.params:
        yield key_term(scene.endpoint, len(scene.endpoint.params), trailing=True)
    yield Term("''", lambda _scene: "")
