"""Jupyter's server: files and folders under paths of any depth, with checkpoints, behind one token."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

TOKEN: Final = "a1f6c5e0d9b84e3f7c2a"
"""What Jupyter prints at its start for whoever opens it; here always the same."""


class Jupyter:
    """Jupyter Server 2 from PyPI on an empty folder."""

    name = "jupyter"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "jupyter-server==2.21.1")

    def prepare(self, folder: Path, port: int) -> Start:
        root = folder / "files"
        root.mkdir()
        command = [str(self._bin / "jupyter"), "server", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
        command += [f"--IdentityProvider.token={TOKEN}"]
        places = {
            "HOME": str(folder),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        }
        return Start(command, places, ready_path="/api")
