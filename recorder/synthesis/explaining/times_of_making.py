"""Times of making: when a thing was made is told anew, though another one was made in the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.nodes.kinds import looks_like_a_time, made_up
from recorder.synthesis.nodes.node import MadeUp
from recorder.synthesis.terms.term import Term

_CREATED: Final = 201


def time_of_making(cases: Sequence[Case], term: Term) -> MadeUp | None:
    """Tell whether what one session made was made at the time that it shows, and not at that of what it belongs to."""
    scene, value = cases[0]
    is_held = bool(term.uses) and "item" not in term.uses
    if not is_held or not looks_like_a_time(value) or scene.sample.answered_status != _CREATED:
        return None
    made = made_up(cases) if in_few_sessions(cases) else None
    return made if made is not None and "offset" not in made.text else None
