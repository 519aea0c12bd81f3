"""Last shown: the last calls of each session that had to do with an item and succeeded: until then it was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recorder.synthesis.collections.attributes import ids_listed
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample


def last_shown(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint], bindings: Mapping[Endpoint, Binding]
) -> dict[tuple[int, str, str], int]:
    """Give for each item the number of the last sample that had to do with it and succeeded."""
    last: dict[tuple[int, str, str], int] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if not sample.succeeded or binding.collection is None:  # what is deleted was there
            continue
        name, values = binding.collection.name, endpoint.values(sample)
        if binding.role in ("item", "action"):
            last[sample.session, name, binding.key(values)] = sample.number
        for key in ids_listed(sample, binding) if binding.role == "collection" else ():
            last[sample.session, name, f"{binding.prefix(values)}{key}"] = sample.number
    return last
