"""Hidden values: stand-ins that definitions have from a cleaned recording, where a live client sends what they hide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.leaves import is_among, request_leaves
from recorder.synthesis.samples.sample import Sample

_SHORTEST: Final = 4


def knows_stand_ins(samples: Sequence[Sample], definitions: Sequence[dict[str, Any]]) -> bool:
    """Tell whether a definition has a text that recorded requests were cleaned to."""
    values = {value for sample in samples for value in _stand_ins(sample) if len(value) >= _SHORTEST}
    if not values:
        return False
    text = json.dumps(definitions, ensure_ascii=False, default=str)
    return any(json.dumps(value, ensure_ascii=False)[1:-1] in text for value in values)


def _stand_ins(sample: Sample) -> Iterator[str]:
    interaction = sample.interaction
    places = {found.where for found in interaction.findings if found.where.startswith("request.")}
    if not places:
        return
    for leaf in request_leaves(interaction.exchange.request):
        # A finding of a path does not say which of its segments it is of; plain words are none that was cleaned.
        if is_among(leaf.place, places) and not (leaf.place.startswith("request.path.") and leaf.value.isalpha()):
            yield leaf.value.rpartition(" ")[2] if leaf.place == "request.headers.authorization" else leaf.value
