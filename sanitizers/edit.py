"""An edit: one stretch of a text and what stands there instead, with what was found in it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Hit(NamedTuple):
    """One sensitive value: as it was, its stand-in, its kind, the rule that saw it, and the path inside the document."""

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
    """Sort edits by place; where two overlap the one that came first wins, but no hit is forgotten."""
    ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[0]))
    kept: list[tuple[int, Edit]] = []
    for rank, edit in ordered:
        if kept and edit.start < kept[-1][1].end:
            other_rank, other = kept[-1]
            if rank < other_rank:
                kept[-1] = (rank, edit)
            continue
        kept.append((rank, edit))
    settled = [edit for _, edit in kept]
    return settled if _apart(settled) else settle(settled)


def _apart(edits: Sequence[Edit]) -> bool:
    return all(one.end <= other.start for one, other in zip(edits, edits[1:], strict=False))


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


def ends(lengths: Iterable[int]) -> list[int]:
    """Give the running sums of some lengths."""
    return list(accumulate(lengths))
