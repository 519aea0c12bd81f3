"""A starter: one process that has the modules of a gateway loaded, and forks for each gateway that is to be started.

Each session of the benchmark meets a gateway of its own; loading the modules takes longer than playing the session.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.process import ROOT

_MAIN: Final = "from bench.fidelity.starter import main; main()"
_LOOK_S: Final = 0.01


class Forked:
    """A process that a starter forked, to be asked for like a Popen."""

    def __init__(self, starter: Starter, pid: int) -> None:
        self._starter = starter
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, None while the process runs."""
        if self.returncode is None:
            self.returncode = self._starter.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give the exit code; raises subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a gateway", timeout or 0)
            time.sleep(_LOOK_S)
        return code


class Starter:
    """Launches gateways: a process of its own, which ends with its input."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("MIMIC_")}
            | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        )

    def launch(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], output: Path) -> Forked:
        """Start `mockctl` with these words in a folder, with what it says in the file `output`."""
        output.write_bytes(b"")  # before the fork: what the last one said must not be read for this one
        order = {"words": list(command), "folder": str(folder), "environment": dict(environment), "output": str(output)}
        pid = self.ask(order)
        if pid is None:
            raise RuntimeError("the starter of gateways did not say which process it forked")
        return Forked(self, pid)

    def ask(self, order: Mapping[str, Any]) -> int | None:
        """Give an order, and the number that is answered."""
        reading, writing = self._process.stdout, self._process.stdin
        if reading is None or writing is None:
            raise RuntimeError("the starter of gateways has no pipes")
        writing.write(json.dumps(order) + "\n")
        writing.flush()
        return json.loads(reading.readline())  # type: ignore[no-any-return]  # what `main` prints

    def end(self) -> None:
        """End the starter; the gateways are their owners' to end, before."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()


@contextlib.contextmanager
def starting() -> Iterator[Starter]:
    """Hold a starter ready."""
    starter = Starter()
    try:
        yield starter
    finally:
        starter.end()


def main() -> None:
    """Follow the orders that come as lines of JSON: fork a gateway, or tell the exit code of one that has ended."""
    import gateway.commands.serving  # noqa: F401 (what takes the time)
    from gateway.cli import main as mockctl

    for line in sys.stdin:
        order = json.loads(line)
        if "ended" in order:
            pid, status = os.waitpid(order["ended"], os.WNOHANG)
            print(json.dumps(os.waitstatus_to_exitcode(status) if pid else None), flush=True)
            continue
        pid = os.fork()
        if pid:
            print(pid, flush=True)
            continue
        _become(order)
        sys.argv = ["mockctl", *order["words"]]
        mockctl()
        os._exit(0)


def _become(order: Mapping[str, Any]) -> None:
    """Leave the starter's session, folder, environment and pipes."""
    os.setsid()
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    output = os.open(order["output"], os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for kept, own in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(kept, own)
