"""Removals: whether what a call deletes is gone, or is shown on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample


def learn_removal(
    samples: Sequence[Sample], endpoint_of: dict[int, Endpoint], bindings: dict[Endpoint, Binding]
) -> None:
    """Tell for each endpoint that deletes whether what it deleted is gone: what the next look at it showed."""
    votes: Counter[Endpoint] = Counter()
    waiting: dict[tuple[int, str, str], Endpoint] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.role not in ("item", "action") or binding.collection is None:
            continue
        place = (sample.session, binding.collection.name, binding.key(endpoint.values(sample)))
        if binding.role == "item" and sample.method == "DELETE" and sample.succeeded:
            waiting[place] = endpoint
            votes[endpoint] += 0
        elif place in waiting:
            deleted = waiting[place]
            if sample.method == "GET" and binding.role == "item":
                votes[deleted] += 1 if sample.status in (404, 410) else -1 if sample.succeeded else 0
            elif sample.method == "PUT" and sample.succeeded:
                del waiting[place]
    for endpoint, count in votes.items():
        bindings[endpoint].removes = count >= 0
