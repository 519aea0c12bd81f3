"""The self-check: every recorded session asked again of the definitions, and compared with what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cassettes.exchange import Request
from recorder.synthesis.checking.answering import Answering, Begin, Given, Serve
from recorder.synthesis.checking.difference import Content, Difference, compared, learn_headers
from recorder.synthesis.samples.sample import Sample, sessions_of
from recorder.synthesis.samples.substitution import Allows, Substitution


@dataclass(frozen=True, slots=True)
class Checked:
    """How one recorded interaction came out: whether it is answered as recorded, by which tier, and if not, why.

    `definition` is the id of the one that answered and `case` which of its cases, the first is 1. `translated` is
    whether the request had to be asked with an id that the definitions had made up in the place of the recorded one.
    """

    sample: Sample
    right: bool
    tier: str
    why: str = ""
    definition: str = ""
    case: int | None = None
    difference: Difference | None = None
    translated: bool = False


@dataclass(slots=True)
class Run:
    """Definitions asked for recorded sessions as their client would ask, with the values that they answered.

    `allows` limits which values may be made up in the place of recorded ones.
    """

    answering: Answering
    allows: Allows | None = None
    names: Substitution = field(default_factory=Substitution)

    def begin(self) -> None:
        """Forget everything: the next sample is the first of a session."""
        self.answering.reset()
        self.names = Substitution(allows=self.allows)

    def ask(self, sample: Sample) -> tuple[Given | None, Difference | None]:
        """Ask for one recorded call; give the answer, None where there is none, and what differs in it."""
        return self.asked(sample, self.names.asked(sample))

    def asked(self, sample: Sample, request: Request) -> tuple[Given | None, Difference | None]:
        """Do so with the request as a client of the definitions sends it."""
        try:
            given = self.answering.give(request)
        except Exception as error:  # noqa: BLE001  # whatever a definition does wrong is to be told of it, and no more
            return None, Difference("error", "", None, f"{type(error).__name__}: {error}"[:300])
        recorded, answered = Content.recorded(sample), Content.of(given.response)
        difference = compared(recorded, answered, self.names, method=sample.method)
        learn_headers(recorded, answered, self.names)
        return given, difference


def check(samples: Sequence[Sample], definitions: Sequence[dict[str, Any]], serve: Serve) -> list[Checked]:
    """Ask for every recorded interaction again, each session from the beginning, with the values that were answered."""
    return check_sessions(samples, lambda clock: serve(definitions, clock))


def check_sessions(samples: Sequence[Sample], begin: Begin) -> list[Checked]:
    """Do so of anything that answers; its clock shows when the recorded answers came."""
    now = [0.0]
    run = Run(begin(lambda: now[0]))
    found: list[Checked] = []
    for session in sessions_of(samples):
        run.begin()
        for sample in session:
            now[0] = sample.ended
            found.append(_checked(sample, run))
    return found


def _checked(sample: Sample, run: Run) -> Checked:
    request = run.names.asked(sample)
    given, difference = run.asked(sample, request)
    why = difference.told if difference is not None else ""
    translated = request != sample.interaction.exchange.request
    if given is None:
        return Checked(sample, right=False, tier="", why=why, difference=difference, translated=translated)
    return Checked(sample, difference is None, given.tier, why, given.definition, given.case, difference, translated)


__all__ = ["Checked", "Run", "Serve", "check", "check_sessions"]
