"""The command `mockctl` as a child process: started, waited for, asked, ended, and its output kept."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

START_TIMEOUT_S: Final = 30
STOP_TIMEOUT_S: Final = 20
_LISTENING: Final = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)")


class GatewayError(AssertionError):
    """The gateway did not start, answer or end as it should; carries the end of its output."""


def mockctl() -> str:
    """Give the path of the command that belongs to this interpreter."""
    beside = Path(sys.executable).with_name("mockctl")
    found = str(beside) if beside.exists() else shutil.which("mockctl")
    assert found, "the project is not installed: no command mockctl"
    return found


def environment(home: Path, **more: str) -> dict[str, str]:
    """Give the environment of a child: nothing of ours but MIMIC_HOME, and output that is not held back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MIMIC_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # it would compile every module at every start, as no installation does
    return kept | {"MIMIC_HOME": str(home), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "200"} | more


def run(home: Path, *words: str, timeout_s: float = 60, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `mockctl` to its end and give its exit code and output."""
    return subprocess.run(
        [mockctl(), *words],
        env=environment(home),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


class Gateway:
    """A running `mockctl record|replay|up`: use as a context; SIGINT ends it; `base` is its URL, `output` what it printed."""

    def __init__(self, home: Path, *words: str, folder: Path | None = None, **environ: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.words, self.home, self.base = words, home, ""
        self._pieces: list[bytes] = []
        self._child = subprocess.Popen(
            [mockctl(), *words],
            env=environment(home, **environ),
            cwd=folder or home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        try:
            self.wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def output(self) -> str:
        return b"".join(self._pieces).decode("utf-8", "replace")

    def wait_until_ready(self) -> None:
        """Wait for the line that names the address, and for /readyz to answer 200."""
        deadline = time.monotonic() + START_TIMEOUT_S
        if not self._listening.wait(START_TIMEOUT_S) or not self.base:
            raise GatewayError(f"{self._said()}: no line 'listening on http://…'")
        while time.monotonic() < deadline:
            if self.get("/readyz")[0] == 200:
                return
            time.sleep(0.02)
        raise GatewayError(f"{self._said()}: /readyz did not answer 200")

    def get(self, target: str) -> tuple[int, bytes]:
        """Ask the gateway itself; gives status and body, or 0 where nothing answers."""
        connection = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=10)
        try:
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error).encode()
        finally:
            connection.close()

    def status(self) -> Any:
        """Give the document of /api/admin/status."""
        code, body = self.get("/api/admin/status")
        if code != 200:
            raise GatewayError(f"{self._said()}: /api/admin/status answered {code} {body[:300]!r}")
        return json.loads(body)

    def rss_kib(self) -> int:
        """Give the resident memory of the process, in KiB."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())[1])  # type: ignore[index]

    def stop(self) -> int:
        """Press Ctrl-C, wait for the end, and give the exit code; a gateway that does not end is killed and is an error."""
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
        try:
            self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise GatewayError(f"{self._said()}: still there {STOP_TIMEOUT_S} s after SIGINT") from None
        self._close()
        return int(self._child.returncode)

    def kill(self) -> None:
        """Kill -9 the process and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        self._close()

    def _close(self) -> None:
        self._reader.join(5)
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._pieces.append(line)
            found = _LISTENING.search(line)
            if found and not self.base:
                self.base = f"http://127.0.0.1:{int(found[1])}"
                self._listening.set()
        self._listening.set()

    def _said(self) -> str:
        return f"mockctl {' '.join(self.words)} (exit {self._child.poll()}) said:\n{self.output[-3000:]}\n"
