"""Scenes are of few sessions, or of more."""

from dataclasses import replace

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.terms.few import FEW_SESSIONS, are_few


@pytest.mark.parametrize(("sessions", "is_so"), [(1, True), (FEW_SESSIONS, True), (FEW_SESSIONS + 1, False)])
def test_sessions_are_counted_and_not_calls(sessions, is_so):
    scenes = scenes_of(*(("GET", "/x", None, 200, {}) for _ in range(12)))
    for place, scene in enumerate(scenes):
        scene.sample = replace(scene.sample, session=place % sessions)
    assert are_few(scenes) is is_so
