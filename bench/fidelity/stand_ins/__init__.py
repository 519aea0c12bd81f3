"""The stand-ins that are measured, by name."""

from __future__ import annotations

from typing import Final

from bench.fidelity.stand_in import StandIn
from bench.fidelity.stand_ins.replayed import Replayed
from bench.fidelity.stand_ins.synthesized import Synthesized
from bench.fidelity.stand_ins.wiremock import WireMock

_ALL: Final[tuple[StandIn, ...]] = (Synthesized(), Replayed(), WireMock())
STAND_INS: Final[dict[str, StandIn]] = {stand_in.name: stand_in for stand_in in _ALL}
