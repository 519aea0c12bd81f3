"""A small service of our own from bench/fidelity/apps, served by uvicorn."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.fidelity.upstream import Start


class OwnApp:
    """The app `bench.fidelity.apps.NAME`; its state is in its process."""

    keeps_nothing = False

    def __init__(self, name: str, *, held_out: bool = False) -> None:
        self.name = name
        self.held_out = held_out

    def obtain(self) -> None:
        """Do nothing: it comes with the repository, and Starlette and uvicorn with the gateway."""

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        module = f"bench.fidelity.apps.{self.name.replace('-', '_')}:app"
        return Start(
            [
                sys.executable,
                "-m",
                "uvicorn",
                module,
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--no-access-log",
                "--log-level",
                "warning",
                "--no-use-colors",
            ]
        )
