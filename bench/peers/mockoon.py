"""Mockoon's command line: mocks and a proxy; it has no recorder."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from bench.peer import Place, Role, Wanted, launch, npm_package
from bench.process import ServerProcess, StartError, free_port


class Mockoon:
    """Written for Node."""

    name = "mockoon"
    warm_up_s = 3

    def obtain(self) -> None:
        self._command = npm_package("@mockoon/cli", ".bin/mockoon-cli")

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        if role == "record":
            raise StartError("its command line has no recorder")
        place = Place(free_port(), folder)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "environment.json"
        file.write_text(json.dumps(_environment(role, wanted)))
        command = [str(self._command), "start", "-d", str(file), "-p", str(place.port), "-l", "127.0.0.1"]
        return launch([*command, "--disable-log-to-file", "--disable-admin-api"], wanted, place, core)


def _environment(role: Role, wanted: Wanted) -> dict[str, Any]:
    routes = [_route(wanted)] if role == "mock" else []
    return {
        "uuid": str(uuid.uuid4()),
        "lastMigration": 33,
        "name": "bench",
        "endpointPrefix": "",
        "latency": 0,
        "port": 0,
        "hostname": "127.0.0.1",
        "folders": [],
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "proxyMode": role == "proxy",
        "proxyHost": wanted.upstream if role == "proxy" else "",
        "proxyRemovePrefix": False,
        "tlsOptions": {
            "enabled": False,
            "type": "CERT",
            "pfxPath": "",
            "certPath": "",
            "keyPath": "",
            "caPath": "",
            "passphrase": "",
        },
        "cors": False,
        "headers": [{"key": "Content-Type", "value": "application/json"}] if role == "mock" else [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
    }


def _route(wanted: Wanted) -> dict[str, Any]:
    response = {
        "uuid": str(uuid.uuid4()),
        "body": wanted.body.decode(),
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": True,
        "fallbackTo404": False,
        "default": True,
        "crudKey": "id",
        "callbacks": [],
    }
    return {
        "uuid": str(uuid.uuid4()),
        "type": "http",
        "documentation": "",
        "method": "get",
        "endpoint": wanted.path.lstrip("/"),
        "responses": [response],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }
