"""WireMock: mocks, proxy and recorder, with its request log off, and its journal where it can be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.peer import Place, Role, Wanted, java, launch, npm_package, operation_answer
from bench.process import ServerProcess, free_port


class WireMock:
    """The jar that its npm package carries."""

    name = "wiremock"
    warm_up_s = 6

    def obtain(self) -> None:
        self._jar = npm_package("wiremock", "wiremock/build/wiremock-standalone-*.jar")
        java()

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        place = Place(free_port(), folder)
        (folder / "mappings").mkdir(parents=True, exist_ok=True)
        (folder / "__files").mkdir(exist_ok=True)
        command = [*java(), str(self._jar), "--disable-banner", "--bind-address", "127.0.0.1"]
        command += ["--port", str(place.port), "--root-dir", str(folder)]
        command += ["--disable-request-logging", "--disable-gzip"]
        if role in ("mock", "template", "body-match"):
            (folder / "mappings" / "bench.json").write_text(json.dumps({"mappings": _mappings(role, wanted)}))
        else:
            command += ["--proxy-all", wanted.upstream]
        # Its recorder is written from the journal, which without a bound would fill the heap.
        command += (
            ["--record-mappings", "--max-request-journal", "1000"] if role == "record" else ["--no-request-journal"]
        )
        return launch(command, wanted, place, core)


def _mappings(role: Role, wanted: Wanted) -> list[dict[str, Any]]:
    if role == "template":
        body = '{"id": "{{request.path.id}}", "token": "{{randomValue type=\'UUID\'}}", "at": "{{now}}"}'
        asked: dict[str, Any] = {"method": "GET", "urlPathTemplate": "/users/{id}"}
        return [{"request": asked, "response": {**_json(body), "transformers": ["response-template"]}}]
    if role == "body-match":
        return [
            {
                "request": {
                    "method": "POST",
                    "urlPath": wanted.path,
                    "bodyPatterns": [{"matchesJsonPath": {"expression": "$.op", "equalTo": f"op-{number}"}}],
                },
                "response": _json(operation_answer(number)),
            }
            for number in range(wanted.operations)
        ]
    return [{"request": {"method": "GET", "urlPath": wanted.path}, "response": _json(wanted.body.decode())}]


def _json(body: str) -> dict[str, Any]:
    return {"status": 200, "headers": {"Content-Type": "application/json"}, "body": body}
