"""Mockoon's command line: mocks and a proxy; it has no recorder."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any, Final

from bench.peer import Place, Role, Wanted, launch, npm_package, operation_answer
from bench.process import ServerProcess, StartError, free_port

_TEMPLATE: Final = """{"id": "{{urlParam 'id'}}", "token": "{{faker 'string.uuid'}}", "at": "{{now}}"}"""


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
    routes = [_route(role, wanted)] if role in ("mock", "template", "body-match") else []
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
        "headers": [{"key": "Content-Type", "value": "application/json"}] if routes else [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
    }


def _route(role: Role, wanted: Wanted) -> dict[str, Any]:
    responses = [_response(wanted.body.decode())]
    if role == "template":
        responses = [_response(_TEMPLATE, templated=True)]
    elif role == "body-match":
        responses = [_response(operation_answer(number), f"op-{number}") for number in range(wanted.operations)]
    return {
        "uuid": str(uuid.uuid4()),
        "type": "http",
        "documentation": "",
        "method": "post" if role == "body-match" else "get",
        "endpoint": "users/:id" if role == "template" else wanted.path.lstrip("/"),
        "responses": responses,
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def _response(body: str, operation: str = "", *, templated: bool = False) -> dict[str, Any]:
    rule = {"target": "body", "modifier": "op", "value": operation, "invert": False, "operator": "equals"}
    return {
        "uuid": str(uuid.uuid4()),
        "body": body,
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": [rule] if operation else [],
        "rulesOperator": "OR",
        "disableTemplating": not templated,
        "fallbackTo404": False,
        "default": operation in ("", "op-0"),
        "crudKey": "id",
        "callbacks": [],
    }
