"""Recordings of the sessions: each made once a test run, with the transcript that the recording client saw."""

from __future__ import annotations

import contextlib
import importlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from e2e.client import Client, Step
from e2e.gateway_process import Gateway

from cassettes.coding import content_codings, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from e2e.servers import Pool

SESSIONS: Final = ("httpbin", "jsonserver", "kinto", "graphql", "litellm", "moto")


def parts_of(name: str) -> tuple[Callable[[Client], None], ...]:
    """Give the parts of the session called `name`, in their order; parts do not depend on each other when replayed."""
    parts: tuple[Callable[[Client], None], ...] = importlib.import_module(f"e2e.sessions.{name}").PARTS
    return parts


@dataclass(frozen=True, slots=True)
class Recording:
    """A cassette called `name` in `home`, and what the client saw while it was recorded."""

    name: str
    home: Path
    upstream: str
    steps: list[Step]

    @property
    def interactions(self) -> list[dict[str, Any]]:
        """Give the lines of the cassette, in order."""
        found = list(self.home.rglob("interactions.jsonl"))
        assert len(found) == 1, f"one cassette expected below {self.home}, found {found}"
        return [json.loads(line) for line in found[0].read_bytes().splitlines()]

    def moved(self, base: str) -> list[Step]:
        """Give the steps as they are when the upstream's URLs, and its host with the port, are those of another address.

        Both are of equal length.
        """
        assert len(base) == len(self.upstream)
        old, new = self.upstream.partition("://")[2], base.partition("://")[2]
        return [_moved(step, old, new) for step in self.steps]

    def of(self, step: Step) -> dict[str, Any]:
        """Give the interaction of a step, by the trace id that the client was given."""
        trace = step.header("x-mimic-trace")
        found = [line for line in self.interactions if trace and trace in json.dumps(line)]
        assert len(found) == 1, f"{len(found)} interactions with the trace {trace!r} of {step.name}"
        return found[0]


def _moved(step: Step, old: str, new: str) -> Step:
    codings = content_codings(tuple((name.encode(), value.encode("latin-1")) for name, value in step.headers))
    text = decode(codings, step.body) if codings and step.body else step.body
    changed = text.replace(old.encode(), new.encode())
    body = step.body if changed == text else encode(codings, changed) if codings else changed
    length = {"content-length": str(len(body))} if len(body) != len(step.body) else {}
    headers = tuple((name, length.get(name.lower(), value.replace(old, new))) for name, value in step.headers)
    return replace(step, body=body, headers=headers)


@contextlib.contextmanager
def replaying(recording: Recording, *words: str) -> Iterator[Gateway]:
    """Serve a recording with `mockctl replay`; no upstream is there any more."""
    with Gateway(recording.home, "replay", recording.name, "--port", "0", *words) as gateway:
        yield gateway


def record(name: str, folder: Path, pool: Pool, *words: str) -> Recording:
    """Run the session called `name` through a recording gateway before a fresh server, and end both."""
    home = folder / "home"
    command = ("record", "--cassette", name, "--port", "0", *words)
    with pool.serving(name) as upstream:
        gateway = Gateway(home, command[0], upstream, *command[1:])
        with gateway:
            client = Client(gateway.base).run(parts_of(name))
        assert not client.broken, "while recording: " + "\n".join(client.broken)
    return Recording(name, home, upstream, client.steps)


@dataclass(slots=True)
class Recordings:
    """The recordings of this test run, made when first asked for."""

    folder: Path
    pool: Pool
    _made: dict[tuple[str, ...], Recording] = field(default_factory=dict)

    def raw(self, name: str) -> Recording:
        return self._get(name, "--unsafe-raw")

    def cleaned(self, name: str) -> Recording:
        return self._get(name)

    def _get(self, name: str, *words: str) -> Recording:
        if (name, *words) not in self._made:
            folder = self.folder / "".join((name, *words))
            folder.mkdir()
            self._made[name, *words] = record(name, folder, self.pool, *words)
        return self._made[name, *words]
