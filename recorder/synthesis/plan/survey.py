"""The survey: the sketches of all pieces as one, with every session, where its lines stand, and what it shows."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from recorder.synthesis.plan.breadth import MANY, widened, widened_values
from recorder.synthesis.plan.features import Call, Mark


@dataclass(slots=True)
class Session:
    """A session of the cassette `source`: its answered calls, the runs of bytes of its lines, the numbers of its marks.

    `runs` are pairs of where a run begins and its size, one after the other.
    """

    source: int
    name: str
    calls: int
    runs: array[int] = field(repr=False)
    marks: array[int] = field(repr=False)


@dataclass(slots=True)
class Survey:
    """All sessions in the order of their cassettes and of their first lines; `marks` are the kinds of marks."""

    sessions: list[Session]
    marks: list[str]
    calls: list[tuple[Call, int]]

    @property
    def answered(self) -> int:
        """How many calls have an answer."""
        return sum(one.calls for one in self.sessions)


def merged(documents: Callable[[], Iterable[dict[str, Any]]], longest: int) -> Survey:
    """Make one survey of the sketches of all pieces in order; `documents` gives them, and is asked twice.

    What a session shows behind its first `longest` calls is left out.
    """
    paths = widened(tuple(words) for one in documents() for _, words, _, _ in one["calls"])
    calls: dict[Call, int] = {}
    counts: Counter[int] = Counter()
    marks: dict[tuple[int, Mark], int] = {}
    sessions: dict[tuple[int, str], Session] = {}
    for document in documents():
        numbers = []
        for method, words, status, count in document["calls"]:
            call = Call(method, paths[tuple(words)], status)
            numbers.append(calls.setdefault(call, len(calls)))
            counts[numbers[-1]] += count
        mark_numbers = [
            marks.setdefault((numbers[number], _numbered(Mark(*mark), numbers)), len(marks))
            for number, *mark in document["marks"]
        ]
        for name, answered, runs, shown in document["sessions"]:
            known = sessions.setdefault(
                (document["source"], name), Session(document["source"], name, 0, array("Q"), array("I"))
            )
            if known.calls < longest:
                known.marks.extend(mark_numbers[mark] for mark in shown)
            known.calls += answered
            for run in runs:
                known.runs.extend(run)
    kinds, places = _widened_marks(list(marks))
    for known in sessions.values():
        known.marks = array("I", sorted({places[mark] for mark in known.marks}))
    return Survey(list(sessions.values()), kinds, [(call, counts[number]) for call, number in calls.items()])


def _numbered(mark: Mark, numbers: list[int]) -> Mark:
    return mark._replace(value=str(numbers[int(mark.value)])) if mark.kind == "after" else mark


def _widened_marks(marks: list[tuple[int, Mark]]) -> tuple[list[str], list[int]]:
    """Give the kinds of the marks that are left where places of many values have one, and for each mark its place."""
    is_wide = widened_values(
        ((number, mark.kind, mark.place), mark.value) for number, mark in marks if mark.kind != "after"
    )
    kept: dict[tuple[int, Mark], int] = {}
    places = []
    for number, mark in marks:
        told = mark._replace(value=MANY) if is_wide.get((number, mark.kind, mark.place)) else mark
        places.append(kept.setdefault((number, told), len(kept)))
    return [mark.kind for _, mark in kept], places


def dump_survey(survey: Survey) -> bytes:
    """Write a survey as lines of JSON: what is common first, then a line a session."""
    head = {
        "marks": survey.marks,
        "calls": [[call.method, list(call.words), call.status, count] for call, count in survey.calls],
    }
    made = bytearray(orjson.dumps(head) + b"\n")
    for one in survey.sessions:
        made += orjson.dumps([one.source, one.name, one.calls, one.runs.tolist(), one.marks.tolist()]) + b"\n"
    return bytes(made)


def load_survey(content: bytes) -> Survey:
    """Read what `dump_survey` wrote."""
    lines = iter(content.splitlines())
    head = orjson.loads(next(lines))
    calls = [(Call(method, tuple(words), status), count) for method, words, status, count in head["calls"]]
    return Survey(list(_sessions(lines)), head["marks"], calls)


def _sessions(lines: Iterator[bytes]) -> Iterator[Session]:
    for line in lines:
        source, name, calls, runs, marks = orjson.loads(line)
        yield Session(source, name, calls, array("Q", runs), array("I", marks))
