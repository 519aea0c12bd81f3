"""One server under measurement: a process group on a core of its own, frozen while others are measured."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT: Final = Path(__file__).parents[1]
START_TIMEOUT_S: Final = 100.0
STOP_TIMEOUT_S: Final = 8.0
PORT_LINE: Final = re.compile(rb"listening on (?:http://)?127\.0\.0\.1:(\d+)")


class StartError(Exception):
    """A server that did not start or does not answer as it should; holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class CpuTime:
    """What a process group used of the processor so far, and how long it had to wait for it, in seconds."""

    ran_s: float = 0.0
    waited_s: float = 0.0

    def since(self, earlier: CpuTime) -> CpuTime:
        return CpuTime(self.ran_s - earlier.ran_s, self.waited_s - earlier.waited_s)


_RUNNING: Final[set[ServerProcess]] = set()


def end_everything() -> None:
    """End every server that runs: for a program that is told to go at once, in whatever thread its servers are held."""
    for server in list(_RUNNING):
        server.stop()


def free_port() -> int:
    """Give a port that was free a moment ago, for servers that cannot choose one themselves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pinned(core: int | None, command: Sequence[str]) -> list[str]:
    """Give the command bound to a core, or as it is where there are no cores to choose from."""
    return list(command) if core is None else ["taskset", "-c", str(core), *command]


class Child(Protocol):
    """A process that was launched, as subprocess.Popen has it."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...


Launch: TypeAlias = "Callable[[Sequence[str], Path, Mapping[str, str], Path], Child]"
"""Runs a command in a folder, with more in its environment, and writes what it says into a file."""


class ServerProcess:
    """Starts at once, by `launch` where that is given; `port` is known after `wait_until_ready`.

    Use as a context, or call `stop`.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        core: int | None = None,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
        launch: Launch | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self._told = folder / "output.txt"
        self._child = (launch or _launched)(pinned(core, command), folder, environment or {}, self._told)
        _RUNNING.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._child.pid

    def output(self) -> str:
        """Give the end of what the server said."""
        return self._told.read_bytes()[-1500:].decode("utf-8", "replace").strip()

    def wait_until_ready(self, answers: Callable[[int], bool]) -> None:
        """Wait for the port to be told, where it was not given, and for `answers(port)`; raises StartError, stopped."""
        try:
            self._wait(answers)
        except BaseException:
            self.stop()
            raise

    def _wait(self, answers: Callable[[int], bool]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                raise StartError(f"it ended with exit code {self._child.returncode}: {self.output()}")
            if not self.port:
                found = PORT_LINE.search(self._told.read_bytes())
                self.port = int(found[1]) if found else 0
            if self.port:
                with contextlib.suppress(OSError):
                    if answers(self.port):
                        return
            time.sleep(0.03)
        raise StartError(f"it did not answer within {START_TIMEOUT_S:g} s: {self.output()}")

    def freeze(self) -> None:
        """Stop the clock of the whole group: some servers keep a core busy after their load has ended."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the group run again."""
        self._signal(signal.SIGCONT)

    def cpu(self) -> CpuTime:
        """Give the processor time of the whole group."""
        times = [_cpu_of(folder) for folder in _group(self.pid)]
        return CpuTime(sum(time.ran_s for time in times), sum(time.waited_s for time in times))

    def stop(self) -> None:
        """End the group: politely, then not."""
        self.thaw()
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(STOP_TIMEOUT_S)
        self._signal(signal.SIGKILL)
        self._child.wait()
        _RUNNING.discard(self)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)


def _launched(command: Sequence[str], folder: Path, environment: Mapping[str, str], told: Path) -> Child:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MIMIC_")}
    with told.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _group(leader: int) -> list[Path]:
    """Give the /proc folders of the processes in the group."""
    found: list[Path] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == leader:
                found.append(folder)
    return found


def _cpu_of(folder: Path) -> CpuTime:
    ran = waited = 0
    for thread in folder.glob("task/*/schedstat"):  # nanoseconds run, nanoseconds waited to run, time slices
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = thread.read_text().split()
            ran += int(fields[0])
            waited += int(fields[1])
    return CpuTime(ran / 1e9, waited / 1e9)
