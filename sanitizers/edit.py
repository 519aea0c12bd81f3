"""An edit: one stretch of a text and what stands there instead, with what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Hit(NamedTuple):
    """One sensitive value: as it was, its stand-in, its kind, the rule that saw it, its path in the document."""

    raw: str
    stand_in: str
    kind: str
    rule: str
    path: str = ""

    def __repr__(self) -> str:  # a hit holds the raw value
        return f"Hit({self.kind}, {self.rule})"


class Edit(NamedTuple):
    """Replace `text[start:end]` with `text`; offsets count characters of the text that was looked at."""

    start: int
    end: int
    text: str
    hits: tuple[Hit, ...] = ()

    def __repr__(self) -> str:
        return f"Edit({self.start}, {self.end})"


def splice(text: str, edits: Sequence[Edit]) -> str:
    """Apply settled edits; every other character stays as it is."""
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def settle(edits: Iterable[Edit]) -> list[Edit]:
    """Sort edits by place; where two overlap the wider wins, of two that cross the one that came first."""
    kept: list[tuple[int, Edit]] = []
    for rank, edit in sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[0])):
        if not kept or edit.start >= kept[-1][1].end:
            kept.append((rank, edit))
        elif _prevails((rank, edit), kept[-1]):
            kept[-1] = (rank, edit)
            while len(kept) > 1 and kept[-2][1].end > edit.start:
                del kept[-2]
    return [edit for _, edit in kept]


def _prevails(new: tuple[int, Edit], old: tuple[int, Edit]) -> bool:
    (rank, edit), (other_rank, other) = new, old
    wider = edit.start <= other.start and edit.end >= other.end and edit.end - edit.start > other.end - other.start
    if wider:
        return rank < other_rank or not _is_userinfo(other)
    if other.start <= edit.start and other.end >= edit.end:
        return rank < other_rank and _is_userinfo(edit)
    return rank < other_rank


def _is_userinfo(edit: Edit) -> bool:
    """Say whether this is the password of a URL: `password@host` looks like an address, but the URL knows better."""
    return bool(edit.hits) and edit.hits[0].kind == "userinfo"


def shift(edits: Iterable[Edit], by: int) -> list[Edit]:
    """Move edits of a part to where the part stands in the whole."""
    return [Edit(edit.start + by, edit.end + by, edit.text, edit.hits) for edit in edits]


def moved(edits: Iterable[Edit], raw: str, offsets: Sequence[int], encode: Callable[[str, str], str]) -> list[Edit]:
    """Translate edits of a decoded text into edits of the `raw` text it came from.

    `offsets[i]` is where the i-th decoded character begins in `raw`, with one more entry for the end; `encode(new,
    old)` writes `new` in the coding and the style of the raw stretch `old`.
    """
    result: list[Edit] = []
    for edit in edits:
        start, end = offsets[edit.start], offsets[edit.end]
        result.append(Edit(start, end, encode(edit.text, raw[start:end]), edit.hits))
    return result


def merged(edits: Iterable[Edit]) -> tuple[Hit, ...]:
    """Give all hits of some edits."""
    return tuple(hit for edit in edits for hit in edit.hits)


def at_path(edits: Iterable[Edit], path: str) -> list[Edit]:
    """Say where in the document the hits of some edits are."""
    return [
        Edit(edit.start, edit.end, edit.text, tuple(hit._replace(path=path) for hit in edit.hits)) for edit in edits
    ]
