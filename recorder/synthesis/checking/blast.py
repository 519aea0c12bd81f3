"""The blast radius of an edit: which recorded calls old and new definitions answer differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cassettes.exchange import Response
from recorder.synthesis.checking.answering import Answering, Clock, Given
from recorder.synthesis.checking.difference import Content, Difference, compared, other_header, pieces
from recorder.synthesis.checking.selfcheck import Run
from recorder.synthesis.samples.sample import Sample, sessions_of
from recorder.synthesis.samples.substitution import Substitution
from recorder.synthesis.samples.values import MISSING, as_text

BeginSeeded: TypeAlias = Callable[[Clock, int], Answering]
"""Makes what answers, with the clock that it goes by and the seed of its chance."""
_NOTHING = Given(Response(500, ()), "")


@dataclass(frozen=True, slots=True)
class Changed:
    """A recorded call that two sets of definitions answer differently: what differs first, and what gave which."""

    sample: Sample
    difference: Difference
    old: Given
    new: Given


def blast(samples: Sequence[Sample], old: BeginSeeded, new: BeginSeeded) -> list[Changed]:
    """Ask for every recorded call of both, each session from its beginning, and give those that differ.

    Both are asked as a client would ask that was given their values. Values that each makes up anew are not compared:
    they are found by asking twice with other chance. Values that the edit changed are.
    """
    now = [0.0]
    ones, others = (_Twice.begun(begin, lambda: now[0]) for begin in (old, new))
    found: list[Changed] = []
    for session in sessions_of(samples):
        names = Substitution(allows=lambda was, is_now: was in ones.made_up and is_now in others.made_up)
        for run in (ones, others):
            run.begin()
        for sample in session:
            now[0] = sample.ended
            changed = _compared(sample, ones.ask(sample), others.ask(sample), names)
            if changed is not None:
                found.append(changed)
    return found


def _compared(sample: Sample, was: _Answer, now: _Answer, names: Substitution) -> Changed | None:
    if was.error or now.error:
        difference = Difference("error", "", was.error, now.error or "an answer") if was.error != now.error else None
    else:
        one, other = Content.of(was.given.response), Content.of(now.given.response)
        difference = compared(one, other, names, method=sample.method) or other_header(one, other, names)
    return None if difference is None else Changed(sample, difference, was.given, now.given)


@dataclass(frozen=True, slots=True)
class _Answer:
    given: Given
    error: str = ""


@dataclass(slots=True)
class _Twice:
    """The same definitions run twice, with other chance; `made_up` are the values in which the two differed."""

    first: Run
    second: Run
    made_up: set[str] = field(default_factory=set)

    @classmethod
    def begun(cls, begin: BeginSeeded, clock: Clock) -> _Twice:
        return cls(Run(begin(clock, 1)), Run(begin(clock, 2)))

    def begin(self) -> None:
        self.first.begin()
        self.second.begin()
        self.made_up.clear()

    def ask(self, sample: Sample) -> _Answer:
        given, difference = self.first.ask(sample)
        twin, _ = self.second.ask(sample)
        if given is None:
            return _Answer(_NOTHING, str(difference.now) if difference is not None else "no answer")
        if twin is not None:
            self.made_up |= _values(given.response) - _values(twin.response)
        return _Answer(given)


def _values(response: Response) -> set[str]:
    content = Content.of(response)
    texts: list[str] = [value.decode("latin-1") for _, value in content.headers]
    if content.json is not MISSING:
        texts += [as_text(value) for value in _scalars(content.json)]
    elif content.text is not None:
        texts.append(content.text)
    return {*texts, *_pieces(texts)}


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from pieces(text)


def _scalars(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending.extend(one.values())
        elif isinstance(one, list):
            pending.extend(one)
        else:
            yield one
