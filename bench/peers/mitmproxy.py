"""mitmproxy, as mitmdump: reverse proxy, recorder of flows, and player of a recorded flow."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.peer import Place, Role, Wanted, fetch, launch, python_package
from bench.process import ServerProcess, free_port

_FLOW: Final = """
import sys
from pathlib import Path
from mitmproxy import http, io
from mitmproxy.test import tflow
flow = tflow.tflow(resp=True)
flow.request = http.Request.make("GET", "http://127.0.0.1:9" + sys.argv[1])
flow.response = http.Response.make(200, Path(sys.argv[2]).read_bytes(), {"content-type": "application/json"})
with open(sys.argv[3], "wb") as file:
    io.FlowWriter(file).add(flow)
"""


class Mitmproxy:
    """The last release that Python 3.11 can have."""

    name = "mitmproxy"
    warm_up_s = 1

    def obtain(self) -> None:
        self._command = python_package("mitmproxy==11.0.2", "mitmdump")

    def start(self, role: Role, wanted: Wanted, folder: Path, core: int | None) -> ServerProcess:
        place = Place(free_port(), folder)
        upstream = wanted.upstream if role != "mock" else "http://127.0.0.1:9"
        command = [str(self._command), "-q", "--set", f"confdir={folder}", "--set", "flow_detail=0"]
        command += ["--listen-host", "127.0.0.1", "--listen-port", str(place.port), "--mode", f"reverse:{upstream}"]
        command += ["--set", "connection_strategy=lazy"]
        if role == "record":
            command += ["-w", str(folder / "kept.flow")]
        elif role == "mock":
            command += ["--server-replay", str(self._flow(wanted, folder)), "--set", "server_replay_reuse=true"]
            command += ["--set", "server_replay_ignore_host=true", "--set", "server_replay_ignore_port=true"]
            command += ["--set", "server_replay_refresh=false", "--set", "server_replay_extra=404"]
        return launch(command, wanted, place, core)

    def _flow(self, wanted: Wanted, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        body, kept = folder / "body", folder / "played.flow"
        body.write_bytes(wanted.body)
        python = self._command.with_name("python")
        fetch([str(python), "-c", _FLOW, wanted.path, str(body), str(kept)], folder)
        return kept
