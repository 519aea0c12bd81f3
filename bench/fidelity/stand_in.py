"""A stand-in: what learned from recorded sessions and then answers in the place of the real server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from bench.fidelity.session import Program
from bench.fidelity.transcript import Step
from bench.fidelity.upstream import Upstream

# Gives the address of the stand-in as it is before any session, and forgets the session at the end.
Fresh: TypeAlias = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn from: the sessions `seeds` of an upstream, as cassettes in the library `home`.

    `folder` is the stand-in's own, and empty. `without` names the parts of the synthesis that are left out.
    """

    upstream: Upstream
    program: Program
    seeds: tuple[int, ...]
    home: Path
    folder: Path
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What was made of a lesson: how long it took, how many rules answer how many recorded interactions.

    `literal_share` is the share of recorded interactions that only a literal rule answers, -1 where that is unknown.
    """

    lesson: Lesson
    seconds: float
    rules: int
    interactions: int
    literal_share: float = -1.0


class StandIn(Protocol):
    """One kind. `obtain` fetches it once; `learn` raises LearningError; `serving` holds it ready for many sessions."""

    name: str

    def obtain(self) -> None: ...
    def learn(self, lesson: Lesson) -> Learned: ...
    def serving(self, learned: Learned) -> AbstractContextManager[Fresh]: ...
    def answered(self, step: Step) -> bool: ...


class LearningError(Exception):
    """A stand-in could not be made of a lesson; holds the end of what it said."""
