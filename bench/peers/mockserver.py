"""MockServer: expectations, proxy, and a recorder that keeps in memory what it proxied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from bench.peer import Place, Role, Wanted, java, launch, npm_package, operation_answer
from bench.process import ServerProcess, free_port

# Written into a JSON string of its template, hence the backslashes.
_BODY: Final = r"""{\"id\": \"$!request.pathParameters['id'][0]\", \"token\": \"$!uuid\", \"at\": \"$!now_iso_8601\"}"""
_TEMPLATE: Final = f'{{"statusCode": 200, "headers": {{"content-type": ["application/json"]}}, "body": "{_BODY}"}}'


class MockServer:
    """The jar that its npm package carries."""

    name = "mockserver"
    warm_up_s = 6

    def obtain(self) -> None:
        self._jar = npm_package("mockserver-node", "mockserver-node/mockserver-netty-*-jar-with-dependencies.jar")
        java()

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        place = Place(free_port(), folder)
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "MOCKSERVER_LOG_LEVEL": "WARN",
            "MOCKSERVER_DISABLE_SYSTEM_OUT": "true",
            "MOCKSERVER_LOCAL_BOUND_IP": "127.0.0.1",
        }
        command = [*java(), str(self._jar), "-serverPort", str(place.port)]
        if role in ("mock", "template", "body-match"):
            file = folder / "expectations.json"
            file.write_text(json.dumps(_expectations(role, wanted)))
            environment["MOCKSERVER_INITIALIZATION_JSON_PATH"] = str(file)
        else:  # it remembers what it proxies either way
            command += ["-proxyRemotePort", str(wanted.upstream_port), "-proxyRemoteHost", "127.0.0.1"]
        return launch(command, wanted, place, core, environment)


def _expectations(role: Role, wanted: Wanted) -> list[dict[str, Any]]:
    if role == "template":
        asked = {"method": "GET", "path": "/users/{id}", "pathParameters": {"id": [".*"]}}
        return [{"httpRequest": asked, "httpResponseTemplate": {"templateType": "VELOCITY", "template": _TEMPLATE}}]
    if role == "body-match":
        return [
            {
                "httpRequest": {
                    "method": "POST",
                    "path": wanted.path,
                    "body": {"type": "JSON", "json": {"op": f"op-{number}"}, "matchType": "ONLY_MATCHING_FIELDS"},
                },
                "httpResponse": _json(operation_answer(number)),
            }
            for number in range(wanted.operations)
        ]
    return [{"httpRequest": {"method": "GET", "path": wanted.path}, "httpResponse": _json(wanted.body.decode())}]


def _json(body: str) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"content-type": ["application/json"]}, "body": body}
