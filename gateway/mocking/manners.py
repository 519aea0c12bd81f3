"""The manners of one response: how long it keeps the caller waiting, and how it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from cassettes.definition import FaultName, SingleResponse
from gateway.faults.delay import Wait
from gateway.faults.trouble import apply_manners, response_delay
from gateway.mode import Reply


@dataclass(frozen=True, slots=True)
class Manners:
    """A delay, drawn anew for each answer unless it `is_fixed`, and a fault or None."""

    delay: Wait | None
    fault: FaultName | None
    random: Random
    is_fixed: bool

    def apply(self, reply: Reply) -> Reply:
        """Give the reply with its manners."""
        return apply_manners(reply, self.delay, self.fault, random=self.random)


def compile_manners(response: SingleResponse, random: Random) -> Manners | None:
    """Compile `delay_ms`, `delay` and `fault`; None where there are none."""
    delay = response_delay(response.delay_ms, response.delay)
    if delay is None and response.fault is None:
        return None
    is_fixed = response.delay is None or response.delay.fixed is not None
    return Manners(delay, response.fault, random, is_fixed)
