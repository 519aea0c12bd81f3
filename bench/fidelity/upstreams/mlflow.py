"""MLflow's tracking server: experiments, runs with parameters and metrics, searches with filters, a model registry.

MLflow 3.17.2 (2026-10, Apache-2.0) from PyPI with SQLAlchemy on SQLite.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.peer import fetch

# Its own command starts a second process, which takes as long again.
PROGRAM: Final = """
import sys
import uvicorn
from mlflow.server.fastapi_app import app
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""
ENVIRONMENT: Final = {
    "_MLFLOW_SERVER_FILE_STORE": "sqlite:///tracking.db",
    "_MLFLOW_SERVER_REGISTRY_STORE": "sqlite:///tracking.db",
    "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
    "_MLFLOW_SERVER_ARTIFACT_DESTINATION": "artifacts",
    "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}


class Mlflow:
    """MLflow 3.17 from PyPI with a database that is set up and holds nothing but its default experiment."""

    name = "mlflow"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "mlflow==3.17.2")
        self._database = self._bin.parent / "tracking.db"
        if not self._database.exists():
            new = self._bin.parent / "tracking.new.db"
            new.unlink(missing_ok=True)
            fetch([str(self._bin / "mlflow"), "db", "upgrade", f"sqlite:///{new}"], self._bin.parent)
            new.rename(self._database)

    def prepare(self, folder: Path, port: int) -> Start:
        shutil.copy(self._database, folder / "tracking.db")
        return Start([str(self._bin / "python"), "-c", PROGRAM, str(port)], ENVIRONMENT, ready_path="/health")
