"""GNU Mailman's REST API: domains, lists with settings, members with roles, users with addresses, bans and requests.

Mailman 3.3.10 (2024-10, GPL-3.0-or-later) from PyPI, on SQLite, with the API alone: no mail is taken in or sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

DESK: Final = ("desk", "Harbor-lantern-17")
"""Who may ask: the one account of the API."""
SETTINGS: Final = """
[mailman]
layout: here
site_owner: root@studio.example
[paths.here]
var_dir: {folder}/var
[passwords]
configuration: {folder}/passwords.cfg
[webservice]
hostname: 127.0.0.1
port: {port}
workers: 1
admin_user: {desk[0]}
admin_pass: {desk[1]}
[mta]
incoming: mailman.mta.null.NullMTA
"""
# Its own command starts a dozen more processes, of which only this one answers.
PROGRAM: Final = """
from mailman.core.initialize import initialize
initialize("mailman.cfg")
from mailman.rest.gunicorn import make_gunicorn_server
make_gunicorn_server().run()
"""
PASSWORDS: Final = "[passlib]\nschemes = sha512_crypt\nsha512_crypt__default_rounds = 1000\n"


class Mailman:
    """Mailman 3.3 from PyPI with no domain."""

    name = "mailman"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        # Its queries are those of SQLAlchemy before 2.1.
        self._bin = python_environment(self.name, "mailman==3.3.10", "sqlalchemy<2.1")

    def prepare(self, folder: Path, port: int) -> Start:
        settings = SETTINGS.format(folder=folder, port=port, desk=DESK)
        (folder / "mailman.cfg").write_text(settings, encoding="utf-8")
        (folder / "passwords.cfg").write_text(PASSWORDS, encoding="utf-8")
        return Start([str(self._bin / "python"), "-W", "ignore", "-c", PROGRAM], ready_path="/3.1/system/versions")
