"""The scenes: which servers are up together, what they are asked, and which ratios that gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.contender import (
    BARE_OURS,
    BARE_STOCK,
    FEW,
    MANY,
    OURS,
    TAPE,
    Contender,
    Recordings,
    json_body,
    start_floor,
    start_gateway,
    write_answers,
    write_cassette,
)
from bench.load import BROWSER_HEADERS, Load, ask
from bench.peer import Peer, Role, Wanted, operation_answer, operation_body
from bench.process import ServerProcess, StartError
from bench.upstream import LARGE, SMALL, large_body, small_body, start_upstream

PING: Final = "/api/ping"
MANY_ROUTES: Final = 10_000
MANY_INTERACTIONS: Final = 10_000
FEW_OPERATIONS: Final = 10
PASS_OURS: Final = "pass-through on our server"
PASS_STOCK: Final = "pass-through on stock uvicorn"


@dataclass(frozen=True, slots=True)
class Workload:
    """What every contender of a scene is asked, and the bytes it must answer, or how an answer is judged."""

    name: str
    load: Load
    body: bytes
    judge: Callable[[bytes], bool] | None = None


@dataclass(slots=True)
class Scene:
    """Servers that are measured in turns."""

    workloads: tuple[Workload, ...]
    contenders: list[Contender] = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """Where scenes play: a scratch folder, the cores, the peers, and everything to be ended afterwards."""

    folder: Path
    server_core: int | None
    load_core: int | None
    peers: Sequence[Peer]
    ending: ExitStack
    skipped: dict[str, str] = field(default_factory=dict)

    def keep(self, server: ServerProcess) -> ServerProcess:
        """Have the server ended with the scene."""
        self.ending.callback(server.stop)
        return server

    def gateway(self, name: str, document: dict[str, Any], probe: str, posted: str = "") -> ServerProcess:
        """Start the gateway."""
        return self.keep(start_gateway(self.folder / name, document, self.server_core, probe, posted))

    def floors(self, kind: str, given: object, probe: str, names: tuple[str, str]) -> list[Contender]:
        """Start a floor on both servers."""
        return [
            Contender(
                name,
                self.keep(start_floor(self.folder / f"{kind}-{on}", kind, on, given, self.server_core, probe)),
            )
            for name, on in zip(names, ("ours", "stock"), strict=True)
        ]

    def upstream(self) -> ServerProcess:
        """Start the upstream on the load's core."""
        return self.keep(start_upstream(self.folder / "upstream", self.load_core))

    def peers_as(self, role: Role, wanted: Wanted) -> Iterator[Contender]:
        """Start the peers that can play a role; notes why the others do not."""
        for peer in self.peers:
            try:
                server = peer.start(role, wanted, self.folder / f"{peer.name}-{role}", self.server_core)
            except StartError as error:
                self.skipped[f"{peer.name} ({role})"] = str(error)
                continue
            self.keep(server)
            server.freeze()
            yield Contender(peer.name, server, warm_up_s=peer.warm_up_s)


def mock_scene(stage: Stage) -> Scene:
    """A static mock, asked plainly and with ten headers as a browser sends them."""
    body = json_body("ping")
    route = {"id": "ping", "match": {"method": "GET", "path": PING}, "response": {"body": body.decode()}}
    server = stage.gateway("ours", {"routes": [route]}, PING)
    answers = write_answers(stage.folder / "ping.json", ask(server.port, PING), {PING: body})
    floors = stage.floors("answers", answers, PING, (BARE_OURS, BARE_STOCK))
    peers = stage.peers_as("mock", Wanted(PING, body))
    headers = tuple(BROWSER_HEADERS.items())
    workloads = (Workload("static", Load(PING), body), Workload("static, 10 headers", Load(PING, (), headers), body))
    return Scene(workloads, [Contender(OURS, server), *floors, *peers])


def template_scene(stage: Stage) -> Scene:
    """A path parameter, a random UUID and the time, in a JSON body."""
    path = "/users/42"
    body = '{"id": "{{ request.path_params.id }}", "token": "{{ uuid() }}", "at": "{{ now() }}"}'
    route = {"id": "user", "match": {"method": "GET", "path": "/users/{id}"}, "response": {"body": body}}
    server = stage.gateway("ours", {"routes": [route]}, path)
    peers = stage.peers_as("template", Wanted(path))
    return Scene((Workload("templated", Load(path), b"", _is_user_42),), [Contender(OURS, server), *peers])


def _is_user_42(body: bytes) -> bool:
    told = json.loads(body)
    uuid, at = str(told.get("token", "")), str(told.get("at", ""))
    return told.get("id") == "42" and len(uuid) == 36 and uuid.count("-") == 4 and len(at) >= 10


def body_scene(stage: Stage) -> Scene:
    """Ten definitions at one path that differ in one field of the JSON that is posted, and ten thousand."""
    peers = list(stage.peers_as("body-match", Wanted("/rpc", operations=FEW_OPERATIONS)))
    ours = []
    for name, count in ((FEW, FEW_OPERATIONS), (MANY, MANY_ROUTES)):
        server = stage.gateway(f"ours-{count}", {"routes": _operations(count)}, "/rpc", operation_body(0))
        ours.append(Contender(name, server))
    asked = tuple(operation_body(number) for number in range(FEW_OPERATIONS))
    workload = Workload("JSON body match", Load("/rpc", bodies=asked), b"", lambda body: b'"ok"' in body)
    return Scene((workload,), [*ours, *peers])


def _operations(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"op-{number}",
            "match": {"method": "POST", "path": "/rpc", "body": {"jsonpath": "$.op", "equals": f"op-{number}"}},
            "response": {"body": operation_answer(number)},
        }
        for number in range(count)
    ]


def routes_scene(stage: Stage) -> Scene:
    """Ten routes against ten thousand, half of them exact and half with a template."""
    body = json_body("route")
    paths: list[str] = []
    servers = []
    for count in (10, MANY_ROUTES):
        routes, paths = _many_routes(count, body)
        servers.append(stage.gateway(f"ours-{count}", {"routes": routes}, paths[0]))
    few = tuple(paths[:10])
    spread = Load(few[0], tuple(paths))
    same = Workload("routes, same ten asked", Load(few[0], few), body)
    every = Workload("routes, all asked", Load(few[0], few * (MANY_ROUTES // 10)), body)
    return Scene((same, every), [Contender(FEW, servers[0]), Contender(MANY, servers[1], loads={every.name: spread})])


def _many_routes(count: int, body: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    routes, paths = [], []
    for number in range(count):
        stem = f"/svc{number % 50}/r{number}/items"
        path, asked = (f"{stem}/all", f"{stem}/all") if number % 2 else (f"{stem}/{{id}}", f"{stem}/99")
        routes.append(
            {"id": f"r{number}", "match": {"method": "GET", "path": path}, "response": {"body": body.decode()}}
        )
        paths.append(asked)
    return routes, paths


def replay_one_scene(stage: Stage) -> Scene:
    """A cassette of one interaction, and one recorded and asked for with ten headers as a browser sends them."""
    return _replay_scene(stage, "replay, 1 interaction", 1)


def replay_many_scene(stage: Stage) -> Scene:
    """A cassette of ten thousand interactions, asked for at random."""
    return _replay_scene(stage, "replay, 10,000 interactions", MANY_INTERACTIONS)


def _replay_scene(stage: Stage, name: str, count: int) -> Scene:
    body = json_body("recorded")
    bodies = {f"/items/{number}": body for number in range(count)}
    headers = tuple(BROWSER_HEADERS.items()) if count == 1 else ()
    write_cassette(stage.folder / "ours" / "home", bodies, {"/browser": (body, headers)} if headers else {})
    route = {"id": "tape", "mode": "replay", "cassette": TAPE}
    server = stage.gateway("ours", {"routes": [route]}, "/items/0")
    answers = write_answers(stage.folder / "recorded.json", ask(server.port, "/items/0"), {**bodies, "/browser": body})
    floors = stage.floors("answers", answers, "/items/0", (BARE_OURS, BARE_STOCK))
    workloads = [Workload(name, Load("/items/0", tuple(bodies) if count > 1 else ()), body)]
    if headers:
        workloads.append(Workload(f"{name}, 10 headers", Load("/browser", (), headers), body))
    return Scene(tuple(workloads), [Contender(OURS, server), *floors])


def proxy_scene(stage: Stage) -> Scene:
    """The answers of an upstream of one KiB each, passed on."""
    return _proxy_scene(stage, Workload("proxy 1 KB", Load(SMALL), small_body()))


def download_scene(stage: Stage) -> Scene:
    """Answers of one MiB, passed on; a scene of its own, since some peers never recover from it."""
    return _proxy_scene(stage, Workload("proxy 1 MB", Load(LARGE, connections=8), large_body()))


def _proxy_scene(stage: Stage, workload: Workload) -> Scene:
    upstream = stage.upstream()
    url = f"http://127.0.0.1:{upstream.port}"
    server = stage.gateway("ours", {"routes": [{"id": "all", "mode": "proxy", "upstream": url}]}, SMALL)
    floors = stage.floors("passage", upstream.port, SMALL, (PASS_OURS, PASS_STOCK))
    peers = stage.peers_as("proxy", Wanted(SMALL, small_body(), upstream.port))
    return Scene((workload,), [Contender(OURS, server), *floors, *peers])


def record_scene(stage: Stage) -> Scene:
    """As proxy, every exchange cleaned and kept; the floors keep nothing."""
    upstream = stage.upstream()
    url = f"http://127.0.0.1:{upstream.port}"
    route = {"id": "all", "mode": "record", "upstream": url, "cassette": TAPE, "record_mode": "all"}
    server = stage.gateway("ours", {"routes": [route]}, SMALL)
    floors = stage.floors("passage", upstream.port, SMALL, (PASS_OURS, PASS_STOCK))
    peers = stage.peers_as("record", Wanted(SMALL, small_body(), upstream.port))
    ours = Contender(OURS, server, settle=Recordings(server.port))
    return Scene((Workload("record 1 KB", Load(SMALL), small_body()),), [ours, *floors, *peers])


SCENES: Final[dict[str, Callable[[Stage], Scene]]] = {
    "mock": mock_scene,
    "template": template_scene,
    "body": body_scene,
    "routes": routes_scene,
    "replay-1": replay_one_scene,
    "replay-10000": replay_many_scene,
    "proxy": proxy_scene,
    "download": download_scene,
    "record": record_scene,
}


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that the gateway promises: `over` reaches at least `least` times the throughput of `under`."""

    workload: str
    over: str
    under: str
    least: float


GOALS: Final = (
    Goal("static", OURS, BARE_OURS, 0.6),
    Goal("static, 10 headers", OURS, BARE_OURS, 0.6),
    Goal("replay, 1 interaction", OURS, BARE_OURS, 0.6),
    Goal("replay, 1 interaction, 10 headers", OURS, BARE_OURS, 0.6),
    Goal("replay, 10,000 interactions", OURS, BARE_OURS, 0.6),
    Goal("routes, same ten asked", MANY, FEW, 0.9),
    Goal("routes, all asked", MANY, FEW, 0.9),
    Goal("proxy 1 KB", OURS, PASS_OURS, 0.75),
    Goal("JSON body match", MANY, FEW, 0.85),
    *(Goal("templated", OURS, peer, 2.0) for peer in ("mockoon", "wiremock", "mockserver", "mountebank")),
    *(Goal("JSON body match", FEW, peer, 1.0) for peer in ("mockoon", "wiremock", "mockserver", "mountebank")),
    *(Goal("static", OURS, peer, 1.0) for peer in ("mitmproxy", "mockoon", "wiremock", "mockserver", "mountebank")),
    *(Goal("proxy 1 KB", OURS, peer, 1.0) for peer in ("mitmproxy", "mockoon", "wiremock", "mockserver")),
)
