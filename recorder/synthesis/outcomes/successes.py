"""Successes: with which status calls of a kind mostly succeed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from recorder.synthesis.outcomes.behaviour import Behaviour


def usual_success(behaviours: Sequence[Behaviour], usual: int) -> int:
    """Give the status that most successes of these have, the usual one where there are none."""
    told = Counter(scene.sample.answered_status for one in behaviours for scene in one.scenes if scene.sample.succeeded)
    return told.most_common(1)[0][0] if told else usual
