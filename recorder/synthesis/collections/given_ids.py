"""Given ids: the id that a service gave to what was sent, told by its name where only one thing was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look

_IDS: Final = ("id", "uuid", "uid")


def only_given_id(own: Sequence[tuple[Endpoint, Binding]]) -> Path | None:
    """Give the member that holds the id in the only thing that was answered to `POST`."""
    made = [
        sample
        for endpoint, binding in own
        if binding.role == "collection" and endpoint.method == "POST" and endpoint.operation is None
        for sample in endpoint.samples
        if sample.succeeded and isinstance(sample.answer_json, dict) and sample.answer_json
    ]
    return given_id(made[0]) if len(made) == 1 else None


def given_id(sample: Sample) -> Path | None:
    """Give the member of an answer that is called as all ids are and was not sent: the service gave it."""
    told = sample.answer_json if isinstance(sample.answer_json, dict) else {}
    sent = sample.json if isinstance(sample.json, dict) else {}
    names = (name for name in told if name.lower().strip("_") in _IDS and name not in sent)
    return next(((name,) for name in names if is_scalar(told[name]) and told[name] is not None), None)


def are_names(place: Path, uses: int, good: Sequence[Sample], own: Sequence[tuple[Endpoint, Binding]]) -> bool:
    """Tell whether a place tells ids, another one in each answer, by how many of these paths name later.

    What was made counts in the sessions in which a path led to an item.
    """
    items = (endpoint for endpoint, binding in own if binding.role in ("item", "action"))
    finding = {sample.session for endpoint in items for sample in endpoint.samples if sample.succeeded}
    made = sum(sample.session in finding for sample in good)
    told = {as_text(look(sample.answer_json, place)) for sample in good}
    return uses * 2 > made and len(told - {""}) == len(good)
