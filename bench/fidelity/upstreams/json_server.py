"""json-server: REST over a JSON file, with paging, filters, sorting and embedding."""

from __future__ import annotations

import json
from pathlib import Path

from bench.fidelity.packages import node_modules
from bench.fidelity.upstream import Start


class JsonServer:
    """json-server 0.17 from npm, with posts, comments and a profile to begin with."""

    name = "json-server"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._modules = node_modules(self.name, "json-server@0.17.4")

    def prepare(self, folder: Path, port: int) -> Start:
        seeded = {
            "posts": [
                {"id": 1, "title": "Harbor lights", "author": "ann", "views": 120, "tags": ["sea", "night"]},
                {"id": 2, "title": "Winter bread", "author": "bob", "views": 45, "tags": ["food"]},
                {"id": 3, "title": "Slow trains", "author": "ann", "views": 300, "tags": ["travel"]},
            ],
            "comments": [{"id": 1, "body": "Lovely", "postId": 1}, {"id": 2, "body": "More!", "postId": 3}],
            "profile": {"name": "The Daily", "language": "en"},
        }
        (folder / "db.json").write_text(json.dumps(seeded), encoding="utf-8")
        return Start(
            [
                str(self._modules / ".bin" / "json-server"),
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--quiet",
                "db.json",
            ],
            ready_path="/profile",
        )
