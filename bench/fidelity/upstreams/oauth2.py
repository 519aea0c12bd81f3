"""An authorization server for tests: discovery, keys, grants, user info, introspection, revocation."""

from __future__ import annotations

from pathlib import Path

from bench.fidelity.packages import node_modules
from bench.fidelity.upstream import Start


class Oauth2:
    """oauth2-mock-server from npm."""

    name = "oauth2"
    held_out = True
    keeps_nothing = False

    def obtain(self) -> None:
        self._modules = node_modules(self.name, "oauth2-mock-server")

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        server = self._modules / ".bin" / "oauth2-mock-server"
        return Start([str(server), "-a", "127.0.0.1", "-p", str(port)], ready_path="/.well-known/openid-configuration")
