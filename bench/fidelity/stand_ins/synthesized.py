"""Mocks that `mockctl synthesize` made of the cassettes, served by `mockctl up`."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Final

from bench.fidelity.recording import MOCKCTL, cassette_of, mimic
from bench.fidelity.scoring import answered_by_mimic
from bench.fidelity.stand_in import Fresh, Learned, LearningError, Lesson
from bench.fidelity.starter import starting
from bench.fidelity.transcript import Step
from bench.process import ROOT

MOCKS: Final = "mocks.yaml"
TIMEOUT_S: Final = 600


class Synthesized:
    """The synthesis of this repository."""

    name = "synthesized"

    def obtain(self) -> None:
        """Say where the command is not there yet; raises LearningError."""
        if _mockctl(["synthesize", "--help"], {}).returncode:
            raise LearningError("this gateway has no command `synthesize` yet")

    def learn(self, lesson: Lesson) -> Learned:
        words = [
            "synthesize",
            *(cassette_of(seed) for seed in lesson.seeds),
            "-o",
            str(lesson.folder / MOCKS),
            "--json",
        ]
        for part in lesson.without:
            words += ["--without", part]
        began = time.perf_counter()
        done = _mockctl(words, {"MIMIC_HOME": str(lesson.home)})
        took = time.perf_counter() - began
        if done.returncode:
            raise LearningError(f"synthesize ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")
        _lay_out(lesson)
        told = _summary(done.stdout)
        return Learned(
            lesson,
            float(told.get("seconds", took)),
            int(told.get("definitions", 0)),
            int(told.get("interactions", 0)),
            float(told.get("literal_share", -1)),
        )

    @contextlib.contextmanager
    def serving(self, learned: Learned) -> Iterator[Fresh]:
        folder = learned.lesson.folder
        with starting() as starter:
            # Started anew: nothing that a session wrote, counted or scheduled can reach the next one.
            yield lambda: mimic(["up", "--mocks", str(folder / MOCKS)], folder / "home", folder / "up", starter)

    def answered(self, step: Step) -> bool:
        return answered_by_mimic(step)


def _lay_out(lesson: Lesson) -> None:
    """Give the mocks a home with the cassettes that they were made of: some sessions are told again from these."""
    home = lesson.folder / "home"
    home.mkdir(parents=True)
    key = lesson.home / "sanitize.key"
    if key.exists():
        shutil.copy(key, home / key.name)
    for seed in lesson.seeds:
        shutil.copytree(lesson.home / "cassettes" / cassette_of(seed), home / "cassettes" / cassette_of(seed))


def _mockctl(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MOCKCTL, *words],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def _summary(told: str) -> dict[str, Any]:
    """Read the summary, which may stand after other lines."""
    for start in [0, *(place + 1 for place, letter in enumerate(told) if letter == "\n")]:
        with contextlib.suppress(ValueError):
            found = json.loads(told[start:])
            if isinstance(found, dict):
                return found
    raise LearningError(f"synthesize --json printed no JSON object: {told[-300:]!r}")
