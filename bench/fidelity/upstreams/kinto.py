"""Kinto: buckets, collections and records with accounts, permissions, ETags and paging."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start
from bench.process import StartError


class Kinto:
    """Kinto 26 from PyPI with its memory backend."""

    name = "kinto"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        # Its start-up needs pkg_resources, which setuptools 80 no longer brings.
        self._bin = python_environment(self.name, "kinto==26.5.0", "setuptools<80")

    def prepare(self, folder: Path, port: int) -> Start:
        settings = folder / "kinto.ini"
        command = [str(self._bin / "kinto"), "init", "--ini", str(settings), "--backend", "memory"]
        command += ["--cache-backend", "memory", "--host", "127.0.0.1"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        if not settings.exists():
            raise StartError(f"kinto init wrote no settings: {done.stderr[-300:]}")
        text = settings.read_text(encoding="utf-8")
        # Everybody who has an account may make buckets: the sessions are of people, not of the administrator.
        may = "[app:main]\nkinto.bucket_create_principals = system.Authenticated\n"
        text = re.sub(
            r"(?m)^(port = ).*|^kinto\.bucket_create_principals.*", lambda m: f"{m[1]}{port}" if m[1] else "", text
        )
        settings.write_text(text.replace("[app:main]\n", may), encoding="utf-8")
        return Start(
            [str(self._bin / "kinto"), "start", "--ini", str(settings), "--port", str(port)],
            ready_path="/v1/__heartbeat__",
        )
