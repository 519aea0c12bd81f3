"""MockServer: expectations, proxy, and a recorder that keeps in memory what it proxied."""

from __future__ import annotations

import json
from pathlib import Path

from bench.peer import Place, Role, Wanted, java, launch, npm_package
from bench.process import ServerProcess, free_port


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
        if role == "mock":
            expectation = {
                "httpRequest": {"method": "GET", "path": wanted.path},
                "httpResponse": {
                    "statusCode": 200,
                    "headers": {"content-type": ["application/json"]},
                    "body": wanted.body.decode(),
                },
            }
            file = folder / "expectations.json"
            file.write_text(json.dumps([expectation]))
            environment["MOCKSERVER_INITIALIZATION_JSON_PATH"] = str(file)
        else:  # it remembers what it proxies either way
            command += ["-proxyRemotePort", str(wanted.upstream_port), "-proxyRemoteHost", "127.0.0.1"]
        return launch(command, wanted, place, core, environment)
