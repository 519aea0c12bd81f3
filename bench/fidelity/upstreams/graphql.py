"""json-graphql-server: one address, told apart by the query in the body."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import node_modules
from bench.fidelity.upstream import Start

SEEDED: Final = """module.exports = {
  artists: [
    { id: 1, name: 'Nils Frahm', country: 'DE' },
    { id: 2, name: 'Sóley', country: 'IS' },
  ],
  albums: [
    { id: 1, title: 'Spaces', year: 2013, artist_id: 1, live: true },
    { id: 2, title: 'Endless Summer', year: 2017, artist_id: 2, live: false },
    { id: 3, title: 'All Melody', year: 2018, artist_id: 1, live: false },
  ],
  reviews: [{ id: 1, album_id: 1, stars: 5, text: 'Warm.' }, { id: 2, album_id: 3, stars: 4, text: 'Wide.' }],
};
"""


class Graphql:
    """json-graphql-server 3 from npm over a small collection of music."""

    name = "graphql"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._modules = node_modules(self.name, "json-graphql-server@3.3.2")

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "music.js").write_text(SEEDED, encoding="utf-8")
        server = self._modules / ".bin" / "json-graphql-server"
        return Start([str(server), "music.js", "-p", str(port), "-h", "127.0.0.1"], ready_path="/?query={__typename}")
