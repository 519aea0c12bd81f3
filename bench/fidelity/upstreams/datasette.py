"""Datasette: tables of a database as JSON, with filters, facets, pages by key, stored queries, writes and permissions.

Datasette 1.0a41 (2026, Apache-2.0) from PyPI, on SQLite.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

SECRET: Final = "Harbor-lantern-17"
HEAD: Final = "dstok_eyJhIjoicm9vdCIsInQiOjE3OTU3OTUwOTR9.48pViz4vwTFXgH80c76RSwFiP50"
"""The token of the one who may do everything, signed with the secret."""
HAND: Final = "dstok_eyJhIjoiYW5uIiwidCI6MTc5NTc5NTA5NX0.1QFYBFeHW4oybRpI1xsyqpxEWK8"
"""The token of one who may write rows and nothing else."""
TABLES: Final = """
create table beds (id integer primary key, name text not null unique, area real);
create table plants (
  id integer primary key, name text not null, bed integer references beds(id), height integer, planted text, notes text
);
"""
HAND_ONLY: Final = {"id": "ann"}
BY_HEIGHT: Final = "select id, name, height from plants where height >= :least order by height, id"
PER_BED: Final = (
    "select beds.name, count(plants.id) as plants, max(height) as tallest"
    " from beds left join plants on plants.bed = beds.id group by beds.id order by beds.name"
)
SETTINGS: Final = {
    "databases": {
        "nursery": {
            "permissions": {"insert-row": HAND_ONLY, "update-row": HAND_ONLY, "delete-row": HAND_ONLY},
            "queries": {"by_height": {"sql": BY_HEIGHT}, "per_bed": {"sql": PER_BED}},
        }
    }
}


class Datasette:
    """Datasette 1.0 from PyPI with the empty tables of a plant nursery."""

    name = "datasette"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "datasette==1.0a41")

    def prepare(self, folder: Path, port: int) -> Start:
        with closing(sqlite3.connect(folder / "nursery.db")) as database:
            database.executescript(TABLES)
        (folder / "datasette.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        command = [str(self._bin / "datasette"), "nursery.db", "--internal", "internal.db", "-c", "datasette.json"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--secret", SECRET, "--root"]
        return Start(command, ready_path="/-/versions.json")
