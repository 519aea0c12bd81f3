"""Recordings: the sessions of an upstream, each played once through `mockctl record` with the upstream fresh."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bench.fidelity.session import Program, played
from bench.fidelity.starter import Starter, starting
from bench.fidelity.transcript import Transcript, dump, load
from bench.fidelity.upstream import Upstream, running, steady_port
from bench.process import ServerProcess

# Not `-m gateway.cli`: this form needs nothing but the function that the installed command calls.
MOCKCTL: Final = (sys.executable, "-c", "from gateway.cli import main; main()")


@contextlib.contextmanager
def mimic(words: Sequence[str], home: Path, folder: Path, starter: Starter | None = None) -> Iterator[str]:
    """Run a serving mockctl command on a port of its own choice and give its address; it is ended politely."""
    told = [*words, "--port", "0", "--home", str(home)]
    command = told if starter else [*MOCKCTL, *told]
    with ServerProcess(command, folder, launch=starter.launch if starter else None) as server:
        server.wait_until_ready(lambda port: port > 0)
        yield f"http://127.0.0.1:{server.port}"


def cassette_of(seed: int) -> str:
    """Give the name of a session's cassette."""
    return f"session-{seed}"


def seen_while_recorded(home: Path, seed: int) -> Transcript:
    """Give what the client saw of the real server while a session was recorded into `home`, uncleaned."""
    return load(home / "transcripts" / f"{cassette_of(seed)}.json")


def _record_running(
    name: str, program: Program, seed: int, there: str, home: Path, starter: Starter, *, raw: bool
) -> Transcript:
    """Play one session through the recorder in front of an upstream that runs already."""
    cassette = cassette_of(seed)
    words = ["record", there, "--cassette", cassette, *(["--unsafe-raw"] if raw else [])]
    with mimic(words, home, home / "logs" / cassette, starter) as here:
        return played(name, program, seed, here, behind=there)


def record(
    upstream: Upstream, program: Program, seeds: Sequence[int], home: Path, *, raw: bool = False, tell: bool = False
) -> list[Transcript]:
    """Record sessions into `home`, a MIMIC_HOME, with their transcripts in `home/transcripts`; give these."""
    port = steady_port()
    (home / "transcripts").mkdir(parents=True, exist_ok=True)
    found = []
    with starting() as starter, contextlib.ExitStack() as standing:
        stands = standing.enter_context(running(upstream, port)) if upstream.keeps_nothing else ""
        for seed in seeds:
            with contextlib.ExitStack() as own:  # the upstream is fresh for each session, where it keeps anything
                there = stands or own.enter_context(running(upstream, port))
                transcript = _record_running(upstream.name, program, seed, there, home, starter, raw=raw)
            (home / "transcripts" / f"{cassette_of(seed)}.json").write_text(dump(transcript), encoding="utf-8")
            found.append(transcript)
            if tell:
                ended = f", aborted: {transcript.aborted}" if transcript.aborted else ""
                print(f"{upstream.name} {seed}: {len(transcript.steps)} steps{ended}", file=sys.stderr, flush=True)
    return found
