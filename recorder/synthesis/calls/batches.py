"""Batches as definitions: where calls are those of JSON-RPC, each call of a list is answered as if sent alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.endpoints.discriminators import is_remote_call
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.batches import is_answered_by_call, is_batch
from recorder.synthesis.samples.sample import Sample

_VERSION: Final = "2.0"


def batch_definitions(endpoints: Sequence[Endpoint], samples: Sequence[Sample]) -> Iterator[dict[str, Any]]:
    """Give a definition for the batches to each path that takes calls of JSON-RPC.

    A path that was sent batches has one if these were answered call by call; another has one by what JSON-RPC 2.0 says.
    """
    taken = {endpoint.id for endpoint in endpoints}
    ways: dict[tuple[str, str], list[Sample]] = {}
    for endpoint in endpoints:
        ways.setdefault((endpoint.sent_method, endpoint.path), []).extend(endpoint.samples)
    for (method, path), inside in ways.items():
        if not any(is_remote_call(one) and one.json["jsonrpc"] == _VERSION for one in inside):
            continue
        paths = {one.sent_path for one in inside}
        sent = [one for one in samples if one.sent_method == method and one.sent_path in paths and is_batch(one)]
        if not all(map(is_answered_by_call, sent)):
            continue
        name = "-".join([method.lower(), *(part.strip("{}") for part in path.split("/") if part), "batch"])
        told = f"{len(sent)} recorded batches" if sent else "no recorded batch: what JSON-RPC says of them"
        made: dict[str, Any] = {"id": name if name not in taken else f"{name}-of-calls", "description": told}
        yield {**made, "match": {"method": method, "path": path}, "batch": True, "tags": ["synthesized"]}
