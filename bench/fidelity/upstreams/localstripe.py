"""localstripe: a payment provider's API with nested forms, prefixed ids, expansion and cursors.

localstripe 1.15.10 (2026-01, GPL-3.0-or-later) from PyPI: a server of its own that is only asked over HTTP.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

# Its own command listens on every interface, and keeps its state in one file that all its processes share.
PROGRAM: Final = """
import sys
from aiohttp import web
from localstripe.resources import Store
from localstripe.server import app
Store.dump_to_disk = lambda store: None
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


class Localstripe:
    """localstripe 1.15 from PyPI with nothing in it."""

    name = "localstripe"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "localstripe==1.15.10")

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        return Start([str(self._bin / "python"), "-c", PROGRAM, str(port)], ready_path="/js.stripe.com/v3/")
