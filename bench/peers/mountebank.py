"""mountebank: imposters that answer, pass on, or pass on and remember."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.peer import Place, Role, Wanted, launch, npm_package
from bench.process import ServerProcess, free_port


class Mountebank:
    """The fork that is still kept up."""

    name = "mountebank"
    warm_up_s = 3

    def obtain(self) -> None:
        self._command = npm_package("@mbtest/mountebank", ".bin/mb")

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        place = Place(free_port(), folder)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "imposters.json"
        imposter = {"port": place.port, "protocol": "http", "stubs": [_stub(role, wanted)]}
        file.write_text(json.dumps({"imposters": [imposter]}))
        command = [str(self._command), "start", "--port", str(free_port()), "--localOnly", "--nologfile"]
        command += ["--loglevel", "error", "--pidfile", str(folder / "mb.pid"), "--configfile", str(file)]
        return launch(command, wanted, place, core)


def _stub(role: Role, wanted: Wanted) -> dict[str, Any]:
    if role == "mock":
        answer = {
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": wanted.body.decode(),
        }
        return {"predicates": [{"equals": {"method": "GET", "path": wanted.path}}], "responses": [{"is": answer}]}
    mode = "proxyAlways" if role == "record" else "proxyTransparent"
    generators = [{"matches": {"method": True, "path": True, "query": True}}]
    return {"responses": [{"proxy": {"to": wanted.upstream, "mode": mode, "predicateGenerators": generators}}]}
