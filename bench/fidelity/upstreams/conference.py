"""A conference on Django REST framework: routers, tokens, pages, filters, nested serializers, actions, permissions.

Django 5.2 (LTS, BSD-3-Clause), Django REST framework 3.16 (BSD-3-Clause) and django-filter 25.2 (BSD-3-Clause) from
PyPI, served by Waitress 3.0.2 (ZPL-2.1); what they serve is in bench/fidelity/apps/conference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.fidelity.packages import python_environment
from bench.fidelity.upstream import Start

CHAIR: Final = "harbor-Lantern-7"
"""The password of the account `chair`, which is staff."""
PACKAGE: Final = "bench.fidelity.apps.conference"


class Conference:
    """Its tables are in a file that is new at each start."""

    name = "conference"
    held_out = False
    keeps_nothing = False

    def obtain(self) -> None:
        packages = ("django==5.2.19", "djangorestframework==3.16.1", "django-filter==25.2", "waitress==3.0.2")
        self._bin = python_environment(self.name, *packages)

    def prepare(self, folder: Path, port: int) -> Start:  # noqa: ARG002
        environment = {"DJANGO_SETTINGS_MODULE": f"{PACKAGE}.settings"}
        return Start([str(self._bin / "python"), "-m", PACKAGE, str(port), CHAIR], environment, ready_path="/api/")
