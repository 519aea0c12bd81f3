"""What is kept between runs of the benchmark: real transcripts and recordings, while their sources are the same."""

from __future__ import annotations

import ast
import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias

from bench.fidelity.packages import cache_folder
from bench.fidelity.recording import record
from bench.fidelity.session import Program, played
from bench.fidelity.transcript import Transcript, dump, load
from bench.fidelity.upstream import Upstream, running, steady_port
from bench.process import ROOT, StartError

HERE: Final = Path(__file__).parent
RUNS: Final = 3
Runs: TypeAlias = tuple[Transcript, Transcript, Transcript]


def real_runs(upstream: Upstream, program: Program, seeds: Sequence[int]) -> dict[int, Runs]:
    """Give three runs of each seed on the real server, each on a fresh one; played now where none are kept."""
    folder = cache_folder() / "runs" / _digest(upstream, program)
    folder.mkdir(parents=True, exist_ok=True)
    port = steady_port()
    # All seeds in turn, so that the runs of one are seconds apart: a time in seconds would look stable otherwise.
    rounds = [
        {seed: _run(upstream, program, seed, port, folder / f"{seed}-{number}.json") for seed in seeds}
        for number in range(RUNS)
    ]
    return {seed: (rounds[0][seed], rounds[1][seed], rounds[2][seed]) for seed in seeds}


def recordings(upstream: Upstream, program: Program, seeds: Sequence[int], *, raw: bool) -> Path:
    """Give a MIMIC_HOME with the cassettes of these seeds; recorded now where they are not kept."""
    recorder = _sources(*_written_by(*(ROOT / "sanitizers").rglob("*.py"), ROOT / "cassettes" / "library.py"))
    home = cache_folder() / "recordings" / f"{_digest(upstream, program)}-{recorder}" / ("raw" if raw else "clean")
    missing = [seed for seed in seeds if not (home / "transcripts" / f"session-{seed}.json").exists()]
    for seed in missing:  # what an interrupted run left of a cassette would be refused
        shutil.rmtree(home / "cassettes" / f"session-{seed}", ignore_errors=True)
    if missing:
        home.mkdir(parents=True, exist_ok=True)
        record(upstream, program, missing, home, raw=raw)
    return home


def _run(upstream: Upstream, program: Program, seed: int, port: int, kept: Path) -> Transcript:
    if kept.exists():
        return load(kept)
    with running(upstream, port) as base:
        transcript = played(upstream.name, program, seed, base)
    if transcript.aborted:
        raise StartError(f"session {seed} of {upstream.name} ended early on the real server: {transcript.aborted}")
    kept.write_text(dump(transcript), encoding="utf-8")
    return transcript


def _digest(upstream: Upstream, program: Program) -> str:
    """Give the upstream's name and a digest of everything that decides what a session asks and is answered."""
    apps, name = HERE / "apps", upstream.name.replace("-", "_")
    own = [place for place in (apps / f"{name}.py", *sorted(apps.glob(f"{name}_*.py")), apps / name) if place.exists()]
    modules = [type(upstream).__module__, program.__module__, "bench.fidelity.client", "bench.fidelity.values"]
    files = [Path(str(sys.modules[name].__file__)) for name in modules]
    return f"{upstream.name}-{_sources(*files, apps / 'parts.py', *own)}"


def _written_by(*modules: Path) -> list[Path]:
    """Give these modules and all that they import of the two packages that decide what stands in a cassette."""
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        for node in ast.walk(ast.parse(module.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("cassettes", "sanitizers")):
                inside = ROOT.joinpath(*(node.module or "").split("."))
                names = [inside, *(inside / alias.name for alias in node.names)]
                files = [file for name in names for file in (name.with_suffix(".py"), name / "__init__.py")]
                waiting += [file for file in files if file.exists()]
    return sorted(found)


def _sources(*places: Path) -> str:
    digest = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
