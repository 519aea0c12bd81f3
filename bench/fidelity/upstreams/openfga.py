"""OpenFGA: who may do what: stores, models of relations, tuples that are written, checks, lists, and changes by page.

OpenFGA 1.22.1 (2026, Apache-2.0), built from its Go module, in memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import go_command
from bench.fidelity.upstream import Start, steady_port

MODULE: Final = "github.com/openfga/openfga/cmd/openfga@v1.22.1"


class Openfga:
    """OpenFGA 1.22 from its Go module with no store."""

    name = "openfga"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._command = go_command(self.name, MODULE)

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        # Its HTTP side asks its gRPC side, which therefore needs a port of its own.
        command = [str(self._command), "run", "--http-addr", f"127.0.0.1:{port}"]
        command += ["--grpc-addr", f"127.0.0.1:{steady_port()}", "--metrics-enabled=false", "--log-level", "error"]
        return Start([*command, "--playground-enabled=false"], ready_path="/healthz")
