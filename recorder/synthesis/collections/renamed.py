"""Renamed members: what is sent in writes that show nothing, and is read under other names or in another form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.receipts import written_and_read
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import as_text, is_scalar, same

_LEAST: Final = 2
_WRITES: Final = ("PUT", "PATCH", "POST")


def find_renamed(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the members that writes of items send and no read after them shows, where one is shown under another name.

    What becomes of the item then is learnt as an effect.
    """
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and one.operation is None]
        for endpoint, pairs in written_and_read(own, bindings).items():
            binding = bindings[endpoint]
            is_untold = binding.entity is None and not binding.sent and not binding.told
            if binding.role != "item" or endpoint.method not in _WRITES or not is_untold or len(pairs) < _LEAST:
                continue
            sent = [(write.json, item) for write, item in pairs if isinstance(write.json, dict)]
            asked, shown = ({name for pair in sent for name in pair[at]} for at in (0, 1))
            if asked & shown and any(_is_told_otherwise(name, sent) for name in asked - shown):
                binding.renamed = frozenset(asked - shown)


def _is_told_otherwise(name: str, sent: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> bool:
    """Tell whether what is sent under a name is what items show under one other name, of several values."""
    given = [(value, item) for asked, item in sent if is_scalar(value := asked.get(name)) and value is not None]
    others = set.intersection(*(set(item) for _, item in given)) if given else set()
    is_several = len({as_text(value) for value, _ in given}) >= _LEAST
    return is_several and any(all(same(value, item[other]) for value, item in given) for other in others)
