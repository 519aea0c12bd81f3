"""The programs that the demo starts, watches and ends: each a process of its own, known by its address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, Self

READY_S: Final = 30.0
FAREWELL_S: Final = 15.0
_ADDRESS: Final = re.compile(r"\b(?:listening|open) on (https?://[^\s/]+)")
# Not `-m gateway.cli`: this form needs nothing but the function that the installed command calls.
MOCKCTL: Final = (sys.executable, "-c", "from gateway.cli import main; main()")


class ChildError(Exception):
    """A program did not start or ended early; the message holds its last lines."""


class Child:
    """A running program and the address it printed; ends with the `with` block."""

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        self.name = name
        self.address = ""
        self._tail: deque[str] = deque(maxlen=12)
        self._has_spoken = threading.Event()
        # A session of its own: Ctrl-C in the terminal reaches the demo only, which then ends its children in order.
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        try:
            self._await_address()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        """Interrupt the program as Ctrl-C would, wait for it, and give its exit code; kills it after 15 s."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(FAREWELL_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.returncode

    def wait(self) -> None:
        """Wait until the program ends by itself, which it should not."""
        self._process.wait()
        raise ChildError(self._story("ended"))

    def _await_address(self) -> None:
        deadline = time.monotonic() + READY_S
        while not self._has_spoken.wait(0.05):
            if self._process.poll() is not None and not self._reader.is_alive():
                raise ChildError(self._story("did not start"))
            if time.monotonic() > deadline:
                raise ChildError(self._story(f"did not say where it listens within {READY_S:.0f} s"))

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._tail.append(line.rstrip())
            found = _ADDRESS.search(line)
            if found and not self.address:
                self.address = found[1]
                self._has_spoken.set()

    def _story(self, what: str) -> str:
        return "\n".join([f"{self.name} {what} (exit code {self._process.poll()}):", *self._tail])
