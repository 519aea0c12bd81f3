"""moto: the AWS services S3 (XML), DynamoDB (JSON by target header) and SQS."""

from __future__ import annotations

from pathlib import Path

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start


class Moto:
    """moto_server 5 from PyPI; signatures are not checked."""

    name = "moto"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        self._bin = python_environment(self.name, "moto[server,s3,dynamodb,sqs]==5.2.5")

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        return Start([str(self._bin / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], ready_path="/moto-api/")
