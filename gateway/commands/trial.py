"""A trial: a command run against some interactions, and how it fails."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, TypeAlias

from cassettes.cassette import Interaction
from cassettes.exchange import Request
from gateway.errors import ConfigError
from gateway.journal import Entry

Symptom: TypeAlias = tuple[int, tuple[str, ...]]
"""How a command failed: its exit code, and the lines in which pytest says what failed and why, without numbers."""

Serve: TypeAlias = Callable[
    [Sequence[Interaction], Mapping[str, str]], AbstractContextManager[tuple[str, Iterable[Entry]]]
]

_TELLING: Final = re.compile(r"^(?:FAILED |ERROR |E  +)\S.*", re.MULTILINE)
_NUMBERS: Final = re.compile(r"0x[0-9a-f]+|\d+")
_LONGEST: Final = 1 << 20


class Trial:
    """Runs one command again and again, each time against other interactions, never longer than `timeout_s`."""

    def __init__(
        self, command: str, timeout_s: float, upstreams: Mapping[str, str], serve: Serve, target: Request
    ) -> None:
        try:
            self._words = shlex.split(command)
        except ValueError as error:
            raise ConfigError(f"--command {command!r}: {error}") from None
        if not self._words:
            raise ConfigError("--command is empty: give the command that fails, as in 'pytest tests/test_shop.py'")
        self._timeout_s = timeout_s
        self._upstreams = upstreams
        self._serve = serve
        self._target = (target.method, target.path)

    def run(self, interactions: Sequence[Interaction]) -> Symptom | None:
        """Give how the command fails against these.

        None where it succeeds, takes too long, or was not given the answer in question: then it fails of another cause.
        """
        with self._serve(interactions, self._upstreams) as (url, journal):
            symptom = self._symptom(url)
            given = ((entry.request.method, entry.request.path) for entry in journal if entry.source == "cassette")
            return symptom if self._target in given else None

    def _symptom(self, url: str) -> Symptom | None:
        try:
            process = subprocess.Popen(  # noqa: S603  # the operator's own command, taken apart without a shell
                self._words,
                env={**os.environ, "MIMIC_CAPSULE_URL": url},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ConfigError(f"--command: {self._words[0]} cannot be run: {error.strerror}") from None
        try:
            output, _ = process.communicate(timeout=self._timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return None
        if process.returncode == 0:
            return None
        lines = _TELLING.findall(output[:_LONGEST].decode("utf-8", "replace"))
        return process.returncode, tuple(_NUMBERS.sub("#", line) for line in lines)
