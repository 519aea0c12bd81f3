"""A CouchDB that is not CouchDB: express-pouchdb over memory, with revisions, views and bulk writes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import node_modules
from bench.fidelity.upstream import Start

SERVER: Final = """
const express = require('express');
const PouchDB = require('pouchdb').defaults({ adapter: 'memory' });
PouchDB.plugin(require('pouchdb-adapter-memory'));
const app = express();
app.use('/', require('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB', inMemoryConfig: true,
  overrideMode: { include: ['routes/find'] } }));
app.listen(Number(process.argv[2]), '127.0.0.1');
"""


class Couch:
    """express-pouchdb 4 from npm."""

    name = "couch"
    held_out = True
    keeps_nothing = False

    def obtain(self) -> None:
        self._modules = node_modules(self.name, "express-pouchdb", "pouchdb", "express", "pouchdb-adapter-memory")

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "server.js").write_text(SERVER, encoding="utf-8")
        return Start(["node", "server.js", str(port)], {"NODE_PATH": str(self._modules)})
