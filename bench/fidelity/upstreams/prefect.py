"""Prefect's server: flows, their runs and states, deployments, work pools, limits, variables, filters, pages.

Prefect 3.9.1 (2026, Apache-2.0) from PyPI, without its background services, on SQLite.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.process import StartError

PROGRAM: Final = """
import sys
import uvicorn
from prefect.server.api.server import create_app
uvicorn.run(create_app(webserver_only=True), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
MIGRATION: Final = """
import asyncio
from prefect.server.database import provide_database_interface
asyncio.run(provide_database_interface().create_db())
"""
ENVIRONMENT: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


class Prefect:
    """Prefect 3.9 from PyPI with a database that is set up and holds nothing."""

    name = "prefect"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "prefect==3.9.1")
        self._database = self._bin.parent / "prefect.db"
        if not self._database.exists():
            new = self._bin.parent / "new"
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            command = [str(self._bin / "python"), "-c", MIGRATION]
            made = subprocess.run(command, env=os.environ | _own(new), cwd=new, capture_output=True, check=False)
            if made.returncode:
                raise StartError(f"prefect made no database: {made.stderr.decode('utf-8', 'replace')[-400:]}")
            (new / "prefect.db").rename(self._database)

    def prepare(self, folder: Path, port: int) -> Start:
        shutil.copy(self._database, folder / "prefect.db")
        environment = {**_own(folder), "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false"}
        return Start([str(self._bin / "python"), "-c", PROGRAM, str(port)], environment, ready_path="/api/health")


def _own(folder: Path) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "PREFECT_HOME": str(folder),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder}/prefect.db",
    }
