"""mountebank: imposters that answer, pass on, or pass on and remember."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from bench.peer import Place, Role, Wanted, launch, npm_package, operation_answer
from bench.process import ServerProcess, free_port

_DECORATE: Final = (
    "(config) => { config.response.body = JSON.stringify({ id: config.request.path.split('/')[2], "
    "token: require('crypto').randomUUID(), at: new Date().toISOString() }); }"
)


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
        imposter = {"port": place.port, "protocol": "http", "stubs": _stubs(role, wanted)}
        file.write_text(json.dumps({"imposters": [imposter]}))
        command = [str(self._command), "start", "--port", str(free_port()), "--localOnly", "--nologfile"]
        if role == "template":
            command.append("--allowInjection")
        command += ["--loglevel", "error", "--pidfile", str(folder / "mb.pid"), "--configfile", str(file)]
        return launch(command, wanted, place, core)


def _stubs(role: Role, wanted: Wanted) -> list[dict[str, Any]]:
    if role == "mock":
        asked: dict[str, Any] = {"equals": {"method": "GET", "path": wanted.path}}
        return [{"predicates": [asked], "responses": [{"is": _json(wanted.body.decode())}]}]
    if role == "template":
        asked = {"matches": {"method": "GET", "path": "^/users/[^/]+$"}}
        behaviors = [{"decorate": _DECORATE}]
        return [{"predicates": [asked], "responses": [{"is": _json(""), "behaviors": behaviors}]}]
    if role == "body-match":
        return [
            {
                "predicates": [{"equals": {"method": "POST", "path": wanted.path, "body": {"op": f"op-{number}"}}}],
                "responses": [{"is": _json(operation_answer(number))}],
            }
            for number in range(wanted.operations)
        ]
    mode = "proxyAlways" if role == "record" else "proxyTransparent"
    generators = [{"matches": {"method": True, "path": True, "query": True}}]
    return [{"responses": [{"proxy": {"to": wanted.upstream, "mode": mode, "predicateGenerators": generators}}]}]


def _json(body: str) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
