"""A sketch: what is to be seen of the sessions in one piece of a cassette, small enough to be held for all pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from cassettes.cassette import Cassette, Interaction
from cassettes.errors import CassetteError
from cassettes.reel import Reel
from recorder.synthesis.plan.breadth import MANY, widened, widened_values
from recorder.synthesis.plan.features import Call, Mark, call_of, marks_of
from recorder.synthesis.samples.elements import read_elements
from recorder.synthesis.samples.sample import Sample, samples_of

_AT_ONCE: Final = 200
_MOST_DAMAGES: Final = 20


class Piece(NamedTuple):
    """The lines of one cassette, the `source` by its place among all, that begin from `start` on and before `end`."""

    source: int
    start: int
    end: int


def pieces_of(sizes: Iterable[int], most: int) -> list[Piece]:
    """Cut cassettes of so many bytes into pieces of at most so many."""
    return [
        Piece(source, start, min(start + most, size))
        for source, size in enumerate(sizes)
        for start in range(0, size, most)
    ]


@dataclass(slots=True)
class _Session:
    """The lines of a session as runs of bytes, how many of them have an answer, and what is to be seen of these."""

    name: str
    runs: list[list[int]] = field(default_factory=list)
    calls: int = 0
    marks: dict[int, None] = field(default_factory=dict)
    last: int | None = None

    def add_line(self, offset: int, size: int) -> None:
        """Take a line; one that follows the last one lengthens its run."""
        if self.runs and sum(self.runs[-1]) == offset:
            self.runs[-1][1] += size
        else:
            self.runs.append([offset, size])


class _Sketcher:
    """Collects what is seen: calls and marks are kept once, and known by their numbers."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.sessions: dict[str, _Session] = {}
        self.calls: dict[Call, int] = {}
        self.counts: Counter[int] = Counter()
        self.marks: dict[tuple[int, Mark], int] = {}

    def see(self, sample: Sample) -> None:
        session = self.sessions[sample.interaction.session]
        call = call_of(sample)
        number = self.calls.setdefault(call, len(self.calls))
        self.counts[number] += 1
        session.calls += 1
        if session.calls <= self._longest:
            for mark in marks_of(sample):
                self._mark(session, number, mark)
            if session.last is not None:
                self._mark(session, number, Mark("after", "", str(session.last)))
        session.last = number

    def _mark(self, session: _Session, number: int, mark: Mark) -> None:
        session.marks[self.marks.setdefault((number, mark), len(self.marks))] = None


def sketch(reel: Reel, piece: Piece, longest: int) -> dict[str, Any]:
    """Give what is to be seen in a piece as a document; of a session the first `longest` calls in it are looked at.

    `calls` are [method, path, status, how many], `marks` [call, kind, place, value], and `sessions` [name, answered
    calls, runs of bytes, marks].
    """
    sketcher = _Sketcher(longest)
    damages: list[str] = []
    for chunk in _chunks(reel, piece, sketcher.sessions, damages):
        samples = samples_of([Cassette(reel.manifest, tuple(chunk))])
        read_elements(samples)
        for sample in samples:
            sketcher.see(sample)
    return {"source": piece.source, "damages": damages[:_MOST_DAMAGES], "damaged": len(damages), **_document(sketcher)}


def _chunks(reel: Reel, piece: Piece, sessions: dict[str, _Session], damages: list[str]) -> Iterator[list[Interaction]]:
    chunk: list[Interaction] = []
    for offset, line in reel.lines(piece.start, piece.end):
        try:
            interaction = reel.load(line)
        except CassetteError as error:
            damages.append(f"the line at byte {offset}: {error}")
            continue
        name = interaction.session
        sessions.setdefault(name, _Session(name)).add_line(offset, len(line) + 1)
        chunk.append(interaction)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    yield chunk


def _document(sketcher: _Sketcher) -> dict[str, Any]:
    """Write what was seen, with parts and values of which there are many as one."""
    paths = widened(call.words for call in sketcher.calls)
    calls: dict[Call, int] = {}
    counts: Counter[int] = Counter()
    numbers = []
    for call, number in sketcher.calls.items():
        wide = call._replace(words=paths[call.words])
        numbers.append(calls.setdefault(wide, len(calls)))
        counts[numbers[-1]] += sketcher.counts[number]
    wide_marks = _wide_marks(sketcher, numbers)
    marks: dict[tuple[int, Mark], int] = {}
    mark_numbers = [marks.setdefault(mark, len(marks)) for mark in wide_marks]
    return {
        "calls": [[call.method, list(call.words), call.status, counts[number]] for call, number in calls.items()],
        "marks": [[number, *mark] for number, mark in marks],
        "sessions": [
            [one.name, one.calls, one.runs, list(dict.fromkeys(mark_numbers[mark] for mark in one.marks))]
            for one in sketcher.sessions.values()
        ],
    }


def _wide_marks(sketcher: _Sketcher, numbers: list[int]) -> list[tuple[int, Mark]]:
    made = []
    for number, mark in sketcher.marks:
        told = mark._replace(value=str(numbers[int(mark.value)])) if mark.kind == "after" else mark
        made.append((numbers[number], told))
    is_wide = widened_values(
        ((number, mark.kind, mark.place), mark.value) for number, mark in made if mark.kind != "after"
    )
    return [
        (number, mark._replace(value=MANY) if is_wide.get((number, mark.kind, mark.place)) else mark)
        for number, mark in made
    ]
