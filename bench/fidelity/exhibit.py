"""An exhibit: what a stand-in was made of and what it answered, laid down for a person who asks why."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.fidelity.scoring import Scored
from bench.fidelity.stand_in import Lesson
from bench.fidelity.transcript import Step, Transcript, dump

Played = tuple[tuple[Scored, ...], Transcript, Transcript]


def lay_down(folder: Path, lesson: Lesson, sessions: Sequence[Played]) -> None:
    """Write the mocks, the mock's transcripts, and `wrong.txt`: each wrong step beside the real server's answer.

    `sessions` are the scores, the real transcript and the mock's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for made in lesson.folder.glob("mocks.*"):
        shutil.copy(made, folder / made.name)
    parts = []
    for scored, real, mock in sessions:
        (folder / f"session-{real.seed}.json").write_text(dump(mock), encoding="utf-8")
        parts.append(f"# session {real.seed}: {mock.aborted or 'played to its end'}\n")
        parts += [_shown(one, wanted, found) for one, wanted, found in _aligned(scored, real, mock) if one.level < 5]
    (folder / "wrong.txt").write_text("\n".join(parts), encoding="utf-8")


def _aligned(scored: Sequence[Scored], real: Transcript, mock: Transcript) -> list[tuple[Scored, Step, Step | None]]:
    mocked, wanted, seen = mock.keyed(), real.keyed(), Counter[str]()
    found = []
    for one in scored:
        key = one.label, seen[one.label]
        seen[one.label] += 1
        found.append((one, wanted[key], mocked.get(key)))
    return found


def _shown(one: Scored, wanted: Step, found: Step | None) -> str:
    lines = [f"{one.label}: L{one.level}, {one.why}", f"  asked    {wanted.method} {wanted.path}"]
    if body := wanted.asked.partition("\n\n")[2]:
        lines.append(f"           {body[:600]}")
    lines.append(_answer("real", wanted))
    if found is not None:
        if found.path != wanted.path:
            lines.append(f"  asked it {found.method} {found.path}")
        lines.append(_answer("mock", found))
    return "\n".join([*lines, ""])


def _answer(who: str, step: Step) -> str:
    told: list[Any] = [[name, value] for name, value in step.headers if name not in ("date", "server", "connection")]
    return f"  {who}     {step.status} {json.dumps(dict(told), ensure_ascii=False)}\n           {step.text[:1500]}"
