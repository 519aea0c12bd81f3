"""The main job as a demo: record a shop cleaned of secrets, close the shop, replay the visit, compare."""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from examples.children import MOCKCTL, Child, ChildError
from examples.kept import Kept, find_cassette, find_leaks, read_cassette
from examples.shop.session import PLANNED_STEPS, Difference, Step, Visit, compare, visit

CASSETTE: Final = "demo"
FAVOURITE_PORT: Final = 8000
PLAIN_WIDTH: Final = 120


class DemoError(Exception):
    """The demo cannot go on; the message says why."""


class Demo:
    """The story in four acts: record, look at what was kept, replay, compare."""

    def __init__(self, console: Console, home: Path, port: int) -> None:
        self._console = console
        self._home = home
        self._port = str(port)

    def record(self) -> Visit:
        """Open the shop, stand in front of it recording, go shopping, close both."""
        self._title("1  Record a shopping session")
        old = find_cassette(self._home, CASSETTE)
        if old is not None:
            shutil.rmtree(old)
        with Child("the shop", (sys.executable, "-m", "examples.shop")) as shop:
            self._say(f"the shop (the real service) is on {shop.address}")
            with Child("mockctl record", self._mockctl("record", shop.address, "--cassette", CASSETTE)) as gateway:
                self._say(f"the gateway records in front of it on {gateway.address}")
                recorded = self._visit(gateway.address, "shopping")
        if not recorded.went_well:
            raise DemoError(_unexpected(recorded) or f"{len(recorded.steps)} steps of {PLANNED_STEPS} were made")
        return recorded

    def show_kept(self, recorded: Visit) -> Kept:
        """Print what the cassette holds and what it does not."""
        self._title("2  What was kept, and what was removed")
        folder = find_cassette(self._home, CASSETTE)
        if folder is None:
            raise DemoError(f"there is no cassette {CASSETTE} below {self._home}")
        kept = read_cassette(folder)
        if len(kept.interactions) != len(recorded.steps):
            raise DemoError(f"{len(recorded.steps)} requests were made, but {len(kept.interactions)} were recorded")
        removed = kept.removed()
        self._say(f"{len(kept.interactions)} interactions in {folder}")
        table = Table("removed", "times", "for example in", box=None, padding=(0, 2))
        for kind, count, place in removed:
            table.add_row(kind, str(count), place)
        self._console.print(table)
        stored = kept.stored_header(b"authorization")
        self._say(f"stored instead of the token that was sent:  Authorization: {stored[:60]}…")
        if not removed:
            raise DemoError("nothing was removed from the recording, though secrets were sent")
        leaks = find_leaks(self._home, recorded.secrets)
        if leaks:
            raise DemoError(f"these secrets are still in {self._home}: {', '.join(leaks)}")
        self._say(f"searched every file below {self._home} for the {len(recorded.secrets)} secrets: none is there")
        return kept

    def replay(self, recorded: Visit, kept: Kept, *, once: bool) -> bool:
        """Answer the same visit with the shop closed and compare; unless `once`, serve on until interrupted."""
        self._title("3  The shop is closed; replay the same session offline")
        with Child("mockctl replay", self._mockctl("replay", CASSETTE)) as gateway:
            self._say(f"the gateway replays on {gateway.address}")
            replayed = self._visit(gateway.address, "shopping again")
            is_good = self._compare(recorded, replayed, kept)
            if is_good and not once:
                self._point_on(gateway.address)
                gateway.wait()
        return is_good

    def _point_on(self, address: str) -> None:
        self._title(f"Still serving the recorded shop on {address}")
        mockctl = Path(sys.executable).with_name("mockctl")
        program = os.path.relpath(mockctl) if mockctl.is_relative_to(Path.cwd()) else "mockctl"
        folder = find_cassette(self._home, CASSETTE)
        self._say("try next, in another terminal:")
        self._say(f"  curl -i '{address}/products?limit=5'")
        self._say(f"  {program} scan {folder}")
        self._say(f"  {program} record https://staging.example.com --cassette mine --port 8001")
        self._say("Ctrl-C ends the demo.")

    def _compare(self, recorded: Visit, replayed: Visit, kept: Kept) -> bool:
        self._title("4  Step by step: recorded, replayed")
        differences = {one.number: one for one in compare(recorded.steps, replayed.steps)}
        table = Table(box=None, padding=(0, 1))
        for title in ("", "request", "recorded", "replayed", ""):
            table.add_column(title, no_wrap=True)
        is_good = replayed.went_well
        verdicts: Counter[str] = Counter()
        for one, two in zip(recorded.steps, replayed.steps, strict=False):
            verdict, is_explained = _judge(differences.get(one.number), kept)
            is_good = is_good and is_explained
            verdicts[verdict.partition(":")[0]] += 1
            table.add_row(str(one.number), f"{one.method} {_short(one.path)}", _came_to(one), _came_to(two), verdict)
        self._console.print(table)
        self._say(f"{verdicts['equal']} of {PLANNED_STEPS} answers are equal to the byte")
        self._say(f"{verdicts['readdressed']} name the gateway where they named the shop, so that links stay offline")
        self._say(f"{verdicts['cleaned']} hold stand-ins where they held secrets; each is a finding in the cassette")
        if not is_good:
            self._say("the replay is NOT what was recorded: " + (_unexpected(replayed) or "see the table"))
        return is_good

    def _visit(self, address: str, what: str) -> Visit:
        with self._progress(what) as tell:
            try:
                return visit(address, tell)
            except (OSError, http.client.HTTPException) as error:
                raise DemoError(f"{address} stopped answering: {error!r}") from None

    @contextmanager
    def _progress(self, what: str) -> Iterator[Callable[[Step], None]]:
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[now]}"),
        )
        with Progress(*columns, console=self._console, disable=not self._console.is_terminal) as bar:
            task = bar.add_task(what, total=PLANNED_STEPS, now="")
            yield lambda step: bar.update(task, advance=1, now=f"{step.method} {_short(step.path)}")

    def _mockctl(self, *arguments: str) -> tuple[str, ...]:
        return (*MOCKCTL, *arguments, "--port", self._port)

    def _title(self, text: str) -> None:
        self._console.print(f"\n[bold]{text}[/bold]", highlight=False)

    def _say(self, text: str) -> None:
        self._console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)


def _judge(difference: Difference | None, kept: Kept) -> tuple[str, bool]:
    if difference is None:
        return "equal", True
    if difference.parts == ("addresses",):
        return "readdressed", True
    unexplained = set(difference.parts) - kept.cleaned_parts(difference.number)
    if unexplained:
        return f"DIFFERS in {', '.join(sorted(unexplained))}", False
    return "cleaned: " + ", ".join(difference.parts), True


def _unexpected(done: Visit) -> str:
    wrong = [step for step in done.steps if not step.went_well]
    return "; ".join(f"{step.method} {step.path} gave {step.status}, not {step.expected}" for step in wrong)


def _came_to(step: Step) -> str:
    return f"{step.status}, {step.length} bytes"


def _short(path: str) -> str:
    return path if len(path) <= 32 else path[:31] + "…"


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("there is no free port on 127.0.0.1")


def _act(demo: Demo, *, once: bool) -> int:
    recorded = demo.record()
    kept = demo.show_kept(recorded)
    return 0 if demo.replay(recorded, kept, once=once) else 1


def main() -> int:
    """Play the demo; gives 0 when the replay is what was recorded, 1 when it is not, 2 when it could not be played."""
    parser = argparse.ArgumentParser(prog="examples.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the comparison instead of serving on")
    parser.add_argument("--port", type=int, default=FAVOURITE_PORT, help="the gateway's; another free one if taken")
    options = parser.parse_args()
    console = Console() if sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
    home = Path(os.environ.get("MIMIC_HOME", ".mimic"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _act(Demo(console, home, _free_port(options.port)), once=options.once)
    except (ChildError, DemoError) as error:
        console.print(f"\nthe demo stopped: {error}", markup=False, highlight=False)
        return 2
    except KeyboardInterrupt:
        console.print("\nended; nothing is left running")
        return 0


if __name__ == "__main__":
    sys.exit(main())
