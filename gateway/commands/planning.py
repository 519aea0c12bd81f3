"""Synthesis of more than is held at once: a plan in a folder, and the processes that carry it out."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cassettes.cassette import Cassette
from cassettes.errors import CassetteError
from cassettes.library import Library
from gateway.config import load_configuration
from gateway.errors import ConfigError
from gateway.inprocess import serve
from gateway.services import open_library
from recorder.errors import RecorderError
from recorder.synthesis.options import Options
from recorder.synthesis.plan.folder import Folder
from recorder.synthesis.plan.outcome import outcome
from recorder.synthesis.plan.plan import Bounds, Plan
from recorder.synthesis.plan.stages import Stages
from recorder.synthesis.plan.work import Watch, carry_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

AT_ONCE: Final = 10_000
"""More interactions than these are learnt from by a plan."""
_PLANS: Final = "plans"
_PATIENCE_S: Final = 5
_FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Made:
    """What a synthesis made, whichever way; `page` writes its report, `cassettes` gives what was learnt from."""

    definitions: list[dict[str, Any]]
    summary: dict[str, Any]
    remarks: list[str]
    page: Callable[[], str]
    cassettes: Callable[[], Sequence[Cassette]]


@dataclass(frozen=True, slots=True)
class Planned:
    """What the command line says of a plan: its folder, its processes, and from how many interactions is learnt."""

    folder: str | None
    workers: int | None
    most: int | None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ConfigError(f"--workers {self.workers}: at least one process is needed")
        if self.most is not None and self.most < _FEWEST:
            raise ConfigError(f"--most {self.most}: from fewer than {_FEWEST} interactions little is learnt")


def needs_plan(names: Sequence[str], home: str | None, planned: Planned) -> bool:
    """Tell whether these cassettes have more interactions than are learnt from at once, without reading them whole."""
    if planned.folder is not None:
        return True
    library, most = _library(home), planned.most or AT_ONCE
    count = 0
    try:
        for name in names:
            reel = library.reel(name)
            for _ in reel.lines(0, reel.size):
                count += 1
                if count > most:
                    return True
    except CassetteError as error:
        raise ConfigError(str(error)) from None
    return False


def by_plan(names: Sequence[str], home: str | None, options: Options, planned: Planned) -> Made:
    """Carry out the plan for these cassettes.

    It stands in its folder, where it stays and others can help; else in the home, where it goes once all is done.
    Raises ConfigError.
    """
    count = planned.workers if planned.workers is not None else os.cpu_count() or 1
    bounds = Bounds.of(planned.most) if planned.most is not None else Bounds()
    place = Path(planned.folder) if planned.folder is not None else _own_folder(names, home, options)
    plan = Plan(Folder(place), _library(home), tuple(names), options, bounds)
    try:
        plan.begin()
        stages = Stages(plan, serve)
        with _helpers(count - 1, place, home):
            carry_out(stages, plan.folder, _progress())
        found = outcome(plan, stages)
    except (CassetteError, RecorderError) as error:
        raise ConfigError(str(error)) from None
    if not found.summary["interactions"]:
        raise ConfigError(f"nothing is recorded in {', '.join(names)}: record a session first")
    if planned.folder is None:
        plan.folder.remove()
    return Made(
        found.definitions, found.summary, found.remarks, lambda: found.page, lambda: plan.cassettes(found.places)
    )


def tell_plan(told: dict[str, Any]) -> None:
    """Print what a plan learnt from, and how all else came out."""
    learnt, asked = told["learnt_from"], told["asked"]
    print(
        f"learnt from {learnt['interactions']} interactions of {learnt['sessions']} sessions; "
        f"of {asked['interactions']} others {asked['right']} are answered as recorded ({told['share']:.1%})",
        file=sys.stderr,
    )
    for damage in told["damages"]:
        print(f"warning: {damage}; left out", file=sys.stderr)
    if told["damaged"] > len(told["damages"]):
        print(f"warning: {told['damaged']} lines are damaged in all", file=sys.stderr)
    if told["not_asked"]:
        print(f"{told['not_asked']} calls of long sessions are only looked at", file=sys.stderr)


def _library(home: str | None) -> Library:
    settings = load_configuration(None, {"home": home}).settings
    return open_library(Path(settings.home), allow_paths=True)


def _own_folder(names: Sequence[str], home: str | None, options: Options) -> Path:
    settings = load_configuration(None, {"home": home}).settings
    key = hashlib.sha256(repr((sorted(names), options)).encode()).hexdigest()[:16]
    return Path(settings.home) / _PLANS / key


@contextmanager
def _helpers(count: int, folder: Path, home: str | None) -> Iterator[None]:
    """Have further processes work on the plan; they end with it, and with this process however it ends."""
    start = multiprocessing.get_context("spawn")
    helpers: list[BaseProcess] = [
        start.Process(target=help_out, args=(str(folder), home, os.getpid()), daemon=True) for _ in range(count)
    ]
    for one in helpers:
        one.start()
    try:
        yield
        for one in helpers:
            one.join(_PATIENCE_S)  # they see by themselves that all is done
    finally:
        for one in helpers:
            one.terminate()
            one.join()


def help_out(folder: str, home: str | None, parent: int) -> None:
    """Work on a plan as long as the process lives that began it."""
    with suppress(KeyboardInterrupt):
        plan = Plan.opened(Folder(Path(folder)), _library(home))
        carry_out(Stages(plan, serve), plan.folder, lambda *_: None, lambda: os.getppid() == parent)


def _progress() -> Watch:
    """Tell on standard error how far it is: in place on a terminal, else a line for each stage."""
    is_terminal, told = sys.stderr.isatty(), [""]

    def watch(title: str, done: int, of: int) -> None:
        if is_terminal:
            end = "\n" if done == of else ""
            print(f"\r{title}: {done} of {of}\x1b[K", end=end, file=sys.stderr, flush=True)
        elif title != told[0] or done == of:
            print(f"{title}: {done} of {of}", file=sys.stderr, flush=True)
        told[0] = title

    return watch
