"""Hoverfly as a webserver of simulations, with its journal off; a binary must be installed already."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from bench.peer import Place, Role, Wanted, launch
from bench.process import ServerProcess, StartError, free_port


class Hoverfly:
    """No package registry carries it, so it is looked for on the path, or where HOVERFLY_BIN says."""

    name = "hoverfly"
    warm_up_s = 1

    def obtain(self) -> None:
        found = shutil.which(os.environ.get("HOVERFLY_BIN", "hoverfly"))
        if found is None:
            raise StartError("there is no command hoverfly (or HOVERFLY_BIN)")
        self._command = found

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        if role != "mock":
            raise StartError("it is a forward proxy, which the load generator cannot ask")
        place = Place(free_port(), folder)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "simulation.json"
        file.write_text(json.dumps(_simulation(wanted)))
        command = [self._command, "-ap", str(free_port()), "-pp", str(place.port), "-listen-on-host", "127.0.0.1"]
        command += ["-log-level", "error", "-logs-size", "0", "-journal-size", "0", "-webserver", "-import", str(file)]
        return launch(command, wanted, place, core)


def _simulation(wanted: Wanted) -> dict[str, object]:
    request = {
        "method": [{"matcher": "exact", "value": "GET"}],
        "path": [{"matcher": "exact", "value": wanted.path}],
    }
    response = {
        "status": 200,
        "body": wanted.body.decode(),
        "encodedBody": False,
        "templated": False,
        "headers": {"Content-Type": ["application/json"]},
    }
    return {
        "data": {"pairs": [{"request": request, "response": response}], "globalActions": {"delays": []}},
        "meta": {"schemaVersion": "v5.2", "hoverflyVersion": "v1.10.0", "timeExported": "2026-01-01T00:00:00Z"},
    }
