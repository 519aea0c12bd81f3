"""The built-in replay of all the recorded sessions as one cassette: exact matches and its tiers, no synthesis."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.fidelity.recording import cassette_of, mimic
from bench.fidelity.scoring import answered_by_mimic
from bench.fidelity.stand_in import Fresh, Learned, Lesson
from bench.fidelity.starter import starting
from bench.fidelity.transcript import Step
from cassettes.library import Library
from cassettes.stores import open_store

ALL: Final = "all-sessions"


class Replayed:
    """`mockctl replay` of this repository."""

    name = "replay"

    def obtain(self) -> None:
        """Do nothing: it is there."""

    def learn(self, lesson: Lesson) -> Learned:
        began = time.perf_counter()
        home = lesson.folder / "home"
        home.mkdir(parents=True)
        key = lesson.home / "sanitize.key"
        if key.exists():
            shutil.copy(key, home / key.name)
        count = _merge(lesson, home)
        return Learned(lesson, time.perf_counter() - began, count, count, 1.0)

    @contextlib.contextmanager
    def serving(self, learned: Learned) -> Iterator[Fresh]:
        folder = learned.lesson.folder
        with starting() as starter:
            yield lambda: mimic(["replay", ALL], folder / "home", folder / "replay", starter)

    def answered(self, step: Step) -> bool:
        return answered_by_mimic(step)


def _merge(lesson: Lesson, home: Path) -> int:
    """Write all sessions into one cassette, one after the other, and give how many interactions that are."""
    source = Library(open_store(lesson.home / "cassettes"))
    target = Library(open_store(home / "cassettes"))
    cassettes = [source.read(cassette_of(seed)) for seed in lesson.seeds]
    # Opened once: a server that another thread starts meanwhile holds the lock for a moment, too.
    with target.write(ALL, manifest=cassettes[0].manifest) as writer:
        return sum(len(writer.append(cassette.interactions)) for cassette in cassettes)
