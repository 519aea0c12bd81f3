"""Tracks: the interactions of one key in order, walked by each client session at its own pace."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cassettes.cassette import Interaction
    from cassettes.key import Key

Repeat: TypeAlias = Literal["last", "loop", "strict"]


@dataclass(slots=True, eq=False)
class Track:
    """The interactions of one key, in the order of recording; `number` is unique in a player."""

    number: int
    key: Key
    steps: list[Interaction] = field(default_factory=list)


class Step(NamedTuple):
    """One interaction of a track, and its place there from 0."""

    track: Track
    place: int

    @property
    def interaction(self) -> Interaction:
        return self.track.steps[self.place]


@dataclass(slots=True, eq=False)
class Pool:
    """Tracks that a tier takes for one: all their steps in the order of recording; `number` is unique in a player."""

    number: int
    tracks: tuple[Track, ...]
    steps: tuple[Step, ...]


def pool_of(number: int, tracks: Iterable[Track]) -> Pool:
    """Join tracks into a pool."""
    joined = tuple(tracks)
    steps = (Step(track, place) for track in joined for place in range(len(track.steps)))
    return Pool(number, joined, tuple(sorted(steps, key=lambda step: step.interaction.number)))


@dataclass(slots=True, eq=False)
class Walk:
    """How far one client session has come: in each track, the number of steps it was given.

    A pool has no position of its own. It gives the first of its steps that the session was not given yet, so what an
    exact match gave is not given again by a looser one. `passed` only remembers where the search may begin.
    """

    given: dict[int, int] = field(default_factory=dict)
    passed: dict[int, int] = field(default_factory=dict)

    def next_step(self, pool: Pool, repeat: Repeat) -> tuple[Step, int] | None:
        """Give the next step of the pool and its position there from 1; None where a strict walk is at its end."""
        given, steps = self.given, pool.steps
        place = self.passed.get(pool.number, 0)
        while place < len(steps) and given.get(steps[place].track.number, 0) > steps[place].place:
            place += 1
        if place == len(steps):
            if repeat == "strict":
                return None
            if repeat == "last":
                self.passed[pool.number] = place
                return steps[-1], place
            self._begin_again(pool)
            place = 0
        step = steps[place]
        given[step.track.number] = step.place + 1
        self.passed[pool.number] = place + 1
        return step, place + 1

    def _begin_again(self, pool: Pool) -> None:
        for track in pool.tracks:
            self.given.pop(track.number, None)
        self.passed.clear()
