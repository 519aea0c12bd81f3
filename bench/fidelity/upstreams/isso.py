"""Isso: comments on pages, with threads, votes, cookies that let their writers edit them, and pages by offset.

Isso 0.14.0 (2025, MIT) from PyPI, on SQLite.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

# Votes count once for each address: callers say theirs in a header, as behind a proxy.
SETTINGS: Final = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
latest-enabled = true
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}
trusted-proxies = 127.0.0.1
[hash]
salt = Harbor-lantern-17
"""


class Isso:
    """Isso 0.14 from PyPI with no comments in it."""

    name = "isso"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "isso==0.14.0")

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "isso.cfg").write_text(SETTINGS.format(folder=folder, port=port), encoding="utf-8")
        return Start([str(self._bin / "isso"), "-c", str(folder / "isso.cfg")], ready_path="/info")
