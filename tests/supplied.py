"""Services as modes need them, without a gateway around them."""

from __future__ import annotations

import time

from cassettes.definition import MockDefinition
from gateway.config import Settings
from gateway.errors import ConfigError
from gateway.memory.remembered import Stores, remember
from gateway.scripts import Scripts
from gateway.supplies import Supplies
from gateway.webhooks import Webhooks


class SomeServices:
    """Real state in memory, no scripts, no upstreams, and the files given by name."""

    def __init__(self, *definitions, files=None, on_missing="empty", clock=time.time):
        self.files = files or {}
        self.remembered = remember(Stores(Settings()), definitions)
        self.supplies = Supplies(
            self,
            Scripts(None, {}),
            Webhooks(self.upstream),
            clock=clock,
            on_missing=on_missing,
            open_file=self._open,
        )

    def _open(self, definition, name):
        if name not in self.files:
            raise ConfigError(f"body_file: {name} cannot be read")
        return self.files[name]

    def upstream(self, reference):
        raise ConfigError(f"no upstream {reference}")

    def trouble(self, definition):
        return None

    def terms(self, definition):
        return None


def a_definition(**document):
    return MockDefinition.model_validate({"id": "x", "response": {}, **document})


def performed(plan):
    """Give what a plan that never waits comes to."""
    if not hasattr(plan, "make"):
        return plan
    work = plan.make()
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")
