"""Bare ids: answers that are nothing but the id of what a call made."""

from __future__ import annotations

from recorder.synthesis.samples.values import as_text, is_scalar
from recorder.synthesis.state.play import Found
from recorder.synthesis.terms.scene import Scene


def tells_id(scene: Scene, row: Found) -> bool:
    """Tell whether a call to the path of a collection was answered with nothing but the id of a row."""
    own = scene.sample.answer_json
    if scene.sample.method != "POST" or scene.endpoint.template != row.collection.home:
        return False
    key = "/".join([*scene.endpoint.values(scene.sample), as_text(own)])
    return is_scalar(own) and as_text(own) != "" and key == row.key
