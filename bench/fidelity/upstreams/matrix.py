"""A Matrix homeserver: accounts, rooms with members and powers, events, aliases, devices and data of one's own.

Synapse 1.163.2 (2026-10, AGPL-3.0) from PyPI, on SQLite.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.peer import fetch

FREELY: Final = {"per_second": 1000, "burst_count": 1000}
"""No limit that a session would reach: sessions are faster than people."""
SETTINGS: Final = {
    "server_name": "studio.example",
    "pid_file": "homeserver.pid",
    "database": {"name": "sqlite3", "args": {"database": "homeserver.db"}},
    "log_config": "log.yaml",
    "media_store_path": "media",
    "signing_key_path": "signing.key",
    "enable_registration": True,
    "enable_registration_without_verification": True,
    "macaroon_secret_key": "Harbor-lantern-18",
    "form_secret": "Harbor-lantern-19",
    "report_stats": False,
    "trusted_key_servers": [],
    "bcrypt_rounds": 4,
    "presence": {"enabled": False},
    "rc_message": FREELY,
    "rc_registration": FREELY,
    "rc_login": {"address": FREELY, "account": FREELY, "failed_attempts": FREELY},
    "rc_joins": {"local": FREELY, "remote": FREELY},
    "rc_invites": {"per_room": FREELY, "per_user": FREELY, "per_issuer": FREELY},
    "rc_joins_per_room": FREELY,
    "rc_room_creation": FREELY,
}
LOG: Final = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}


class Matrix:
    """Synapse 1.163 from PyPI with nobody registered."""

    name = "matrix"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "matrix-synapse==1.163.2")
        self._key = self._bin.parent / "signing.key"
        if not self._key.exists():
            fetch([str(self._bin / "generate_signing_key"), "-o", str(self._key)], self._bin.parent)

    def prepare(self, folder: Path, port: int) -> Start:
        shutil.copy(self._key, folder / "signing.key")
        resources = [{"names": ["client"], "compress": False}]
        listener = {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": resources}
        # YAML that is JSON.
        (folder / "homeserver.yaml").write_text(json.dumps({**SETTINGS, "listeners": [listener]}), encoding="utf-8")
        (folder / "log.yaml").write_text(json.dumps(LOG), encoding="utf-8")
        command = [str(self._bin / "python"), "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
        return Start(command, ready_path="/_matrix/client/versions")
