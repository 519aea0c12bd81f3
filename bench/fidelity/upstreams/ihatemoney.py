"""I Hate Money: shared expenses: projects with a code, members with weights, bills for several, balances.

I Hate Money 7.2.1 (2026, BSD) from PyPI, on SQLite; no mail is sent.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.peer import fetch

PLACE: Final = "IHATEMONEY_SETTINGS_FILE_PATH"
SETTINGS: Final = """
import os
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.path.join(os.getcwd(), "money.db")
SECRET_KEY = "Harbor-lantern-17"
MAIL_SUPPRESS_SEND = True
MAIL_DEFAULT_SENDER = "desk@studio.example"
ACTIVATE_DEMO_PROJECT = False
SESSION_COOKIE_SECURE = False
RATELIMIT_ENABLED = False
"""
PROGRAM: Final = """
import sys
from ihatemoney.run import create_app
create_app().run("127.0.0.1", int(sys.argv[1]), threaded=True)
"""
MIGRATION: Final = "from ihatemoney.run import create_app; create_app()"


class Ihatemoney:
    """I Hate Money 7.2 from PyPI with a database that is set up and holds nothing."""

    name = "ihatemoney"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "ihatemoney==7.2.1")
        self._database = self._bin.parent / "money.db"
        if not self._database.exists():
            new = self._bin.parent / "new"
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            fetch(["env", f"{PLACE}={_settings(new)}", str(self._bin / "python"), "-c", MIGRATION], new)
            (new / "money.db").rename(self._database)

    def prepare(self, folder: Path, port: int) -> Start:
        shutil.copy(self._database, folder / "money.db")
        command = [str(self._bin / "python"), "-c", PROGRAM, str(port)]
        return Start(command, {PLACE: _settings(folder)}, ready_path="/api/currencies")


def _settings(folder: Path) -> str:
    (folder / "money.cfg").write_text(SETTINGS, encoding="utf-8")
    return str(folder / "money.cfg")
