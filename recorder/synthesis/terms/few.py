"""Few sessions: too few to show what a service refuses, so that what nearly every service does counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from recorder.synthesis.terms.scene import Scene

FEW_SESSIONS: Final = 3
"""So many sessions are few: after more of them it was seen what is refused."""


def are_few(scenes: Iterable[Scene]) -> bool:
    """Tell whether scenes are of few sessions."""
    return len({scene.sample.session for scene in scenes}) <= FEW_SESSIONS


def are_of_one(scenes: Iterable[Scene]) -> bool:
    """Tell whether all scenes are of one session."""
    return len({scene.sample.session for scene in scenes}) == 1
