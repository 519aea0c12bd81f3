"""httpbin: echoes, encodings, redirects, cookies, authentication and caching."""

from __future__ import annotations

from pathlib import Path

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start


class Httpbin:
    """httpbin 0.10 from PyPI behind gunicorn."""

    name = "httpbin"
    held_out = False
    keeps_nothing = True

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "httpbin==0.10.4", "gunicorn")

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        return Start(
            [str(self._bin / "gunicorn"), "-b", f"127.0.0.1:{port}", "-k", "gthread", "--threads", "8", "httpbin:app"],
            ready_path="/status/200",
        )
