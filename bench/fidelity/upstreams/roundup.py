"""Roundup: an issue tracker whose every change needs an entity tag, with links, filters and fields by choice.

Roundup 2.6.0 (2026-07, MIT, ZPL-2.0 and PSF-2.0) from PyPI, served by Waitress 3.0.2 (ZPL-2.1).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.peer import fetch

ADMIN: Final = "harbor-Lantern-7"
"""The password that the tracker's administrator, `admin`, is given where it is set up."""
ORIGIN: Final = "https://desk.example.org"
"""The web page whose scripts may ask."""
# Its own command does not run as root, which is who runs things in containers.
PROGRAM: Final = """
import sys
from roundup.cgi.wsgi_handler import RequestDispatcher
from waitress import serve
serve(RequestDispatcher("tracker"), host="127.0.0.1", port=int(sys.argv[1]), threads=1)
"""
SETTINGS: Final = {
    "allowed_api_origins": ORIGIN,
    "password_pbkdf2_default_rounds": "1000",
    "secret_key": "amber-basin-cedar-delta",
}


class Roundup:
    """Roundup 2.6 from PyPI: its classic tracker on SQLite, with its usual priorities, states and two users."""

    name = "roundup"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "roundup==2.6.0", "waitress==3.0.2")
        self._tracker = self._bin.parent / "tracker"
        if not self._tracker.exists():
            self._set_up(self._bin.parent / "tracker.new")
            (self._bin.parent / "tracker.new").rename(self._tracker)

    def _set_up(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        command = [str(self._bin / "roundup-admin"), "-i", str(folder)]
        needed = "tracker_web=http://127.0.0.1:1/,mail_domain=example.org,tracker_email=desk@example.org"
        fetch([*command, "install", "classic", "sqlite", f"{needed},mail_host=localhost"], self._bin.parent)
        _write(folder, SETTINGS)
        fetch([*command, "initialise", ADMIN], self._bin.parent)

    def prepare(self, folder: Path, port: int) -> Start:
        shutil.copytree(self._tracker, folder / "tracker")
        # What it would send by mail goes to a file.
        _write(folder / "tracker", {"web": f"http://127.0.0.1:{port}/"})
        environment = {"SENDMAILDEBUG": str(folder / "mail.txt")}
        return Start([str(self._bin / "python"), "-c", PROGRAM, str(port)], environment, ready_path="/rest")


def _write(tracker: Path, settings: dict[str, str]) -> None:
    path = tracker / "config.ini"
    text = path.read_text(encoding="utf-8")
    for name, value in settings.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    path.write_text(text, encoding="utf-8")
