"""cloud: seven AWS services of moto by four protocols: JSON by target, forms by action, REST in XML and JSON."""

from __future__ import annotations

from pathlib import Path

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start


class Cloud:
    """moto_server 5 from PyPI with parameters, secrets, topics, users, streams, zones of names and schedules."""

    name = "cloud"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        services = "ssm,secretsmanager,sns,sqs,iam,kinesis,logs,route53,stepfunctions,cognitoidp,kms"
        self._bin = python_environment(self.name, f"moto[server,{services}]==5.2.5")

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        return Start([str(self._bin / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], ready_path="/moto-api/")
