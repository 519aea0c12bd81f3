"""A transcript: what one played session asked and was answered, step by step."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One request and its answer.

    `path` is the target as asked, with the query; `headers` are those of the answer in order, names in lower case;
    `text` is the decoded body, or "" with `binary` True, where `digest` tells the bytes apart. The address of the
    server is written `{base}` wherever it occurs. `status` is 0 where the connection failed: `trouble` says how.
    `reads` marks a step whose answer shows what earlier steps wrote. `asked` is what was sent beside the target: the
    caller's own headers, an empty line, the body.
    """

    label: str
    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    binary: bool = False
    digest: str = ""
    size: int = 0
    reads: bool = False
    trouble: str = ""
    asked: str = ""

    def header(self, name: str) -> str | None:
        """Give the first value of a header."""
        return next((value for found, value in self.headers if found == name), None)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All steps of one session; `aborted` is the sentence that says why it ended early, "" where it did not."""

    upstream: str
    seed: int
    steps: tuple[Step, ...] = field(default_factory=tuple)
    aborted: str = ""

    def keyed(self) -> dict[tuple[str, int], Step]:
        """Give the steps by label and by how many steps had that label before: the same in every run of a seed."""
        seen: Counter[str] = Counter()
        found = {}
        for step in self.steps:
            found[step.label, seen[step.label]] = step
            seen[step.label] += 1
        return found


def without_local_names(transcript: Transcript, *ports: int) -> Transcript:
    """Write `{base}` and `{host}` also where a server calls itself localhost, whatever address it was asked at."""

    def placeless(text: str) -> str:
        for port in ports:
            text = text.replace(f"http://localhost:{port}", "{base}").replace(f"localhost:{port}", "{host}")
        return text

    steps = [
        replace(step, text=placeless(step.text), headers=tuple((name, placeless(told)) for name, told in step.headers))
        for step in transcript.steps
    ]
    return replace(transcript, steps=tuple(steps))


def dump(transcript: Transcript) -> str:
    """Give a transcript as JSON text."""
    return json.dumps(asdict(transcript), ensure_ascii=False, indent=1)


def load(path: Path) -> Transcript:
    """Read a transcript that `dump` wrote."""
    plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    steps = tuple(
        Step(**{**step, "headers": tuple((name, value) for name, value in step["headers"])}) for step in plain["steps"]
    )
    return Transcript(plain["upstream"], plain["seed"], steps, plain["aborted"])
