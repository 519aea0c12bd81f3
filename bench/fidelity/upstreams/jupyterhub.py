"""JupyterHub: users, groups, tokens with scopes, and the servers that users have, with pages and permissions.

JupyterHub 6.1.1 (2026, BSD-3-Clause) from PyPI, without the proxy that it would start beside itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

DESK: Final = "desk-Lantern-7-harbor-basin"
"""The token of the service that administers the hub."""
SETTINGS: Final = """
from jupyterhub.proxy import Proxy


class Routes(Proxy):
    should_start = False

    def __init__(self, **options):
        super().__init__(**options)
        self.kept = {{}}

    async def add_route(self, routespec, target, data):
        self.kept[routespec] = {{"routespec": routespec, "target": target, "data": data}}

    async def delete_route(self, routespec):
        self.kept.pop(routespec, None)

    async def get_all_routes(self):
        return self.kept


c.JupyterHub.proxy_class = Routes
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = {port}
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.cookie_secret = bytes(32)
c.JupyterHub.allow_named_servers = True
c.JupyterHub.named_server_limit_per_user = 3
c.JupyterHub.services = [{{"name": "desk", "api_token": "{desk}", "admin": True}}]
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"admin"}}
"""


class Jupyterhub:
    """JupyterHub 6.1 from PyPI with one administrator and one service, on SQLite."""

    name = "jupyterhub"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "jupyterhub==6.1.1")

    def prepare(self, folder: Path, port: int) -> Start:
        (folder / "hub.py").write_text(SETTINGS.format(port=port, desk=DESK), encoding="utf-8")
        # Scopes are kept in sets: without a seed of its own each process would tell them in another order.
        environment = {"PYTHONHASHSEED": "0"}
        command = [str(self._bin / "jupyterhub"), "-f", str(folder / "hub.py"), "--log-level", "WARN"]
        return Start(command, environment, ready_path="/hub/api/")
