"""Withheld members: what is sent and the answer shows as null, though a later read shows it, as contents of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.receipts import written_and_read
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, look, same
from recorder.synthesis.terms.scene import Scene

_LEAST: Final = 2


def find_withheld(
    endpoints: Sequence[Endpoint], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the members that answers of writes show as null, and the next read as they were sent."""
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and one.operation is None]
        copied = 0
        counts: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for endpoint, pairs in written_and_read(own, bindings).items():
            where = bindings[endpoint].entity
            for write, item in pairs if where is not None else ():
                shown = look(write.answer_json, where or ())
                for name, sent in write.json.items() if isinstance(write.json, dict) else ():
                    if sent is not None and isinstance(shown, dict) and shown.get(name, MISSING) is None:
                        counts[name] += 1
                        right[name] += same(item.get(name, MISSING), sent)
                copied += _shows_more(write, shown, item)
        collection.withheld = {
            name for name, count in counts.items() if right[name] >= _LEAST and right[name] * 10 >= count * 8
        }
        collection.is_copied = copied >= _LEAST


def _shows_more(write: Sample, shown: Any, item: dict[str, Any]) -> bool:
    """Tell whether a new item is read with members neither sent nor shown: those of what it was made of."""
    sent = write.json if isinstance(write.json, dict) else {}
    return (
        write.method == "POST"
        and isinstance(shown, dict)
        and any(value is None and name not in sent and item.get(name) is not None for name, value in shown.items())
    )


def completed(collection: Collection, shown: Any, sent: Any, old: Any) -> Any:
    """Give an item as an answer shows it, with what that withholds: as it was sent, else as it was."""
    if not collection.withheld or not isinstance(shown, dict):
        return shown
    made = dict(shown)
    for name in sorted(collection.withheld):
        for source in (sent, old):
            value = source.get(name) if isinstance(source, dict) else None
            if made.get(name, MISSING) is None and value is not None:
                made[name] = value
    return made


def copied(scene: Scene, collection: Collection) -> Any:
    """Give the item that a request names which makes another one of it."""
    sent = scene.sample.json if collection.is_copied and isinstance(scene.sample.json, dict) else {}
    named = (scene.timeline.get(collection.name, one, scene.moment) for one in sent.values() if isinstance(one, str))
    return next((item for item in named if item is not MISSING), MISSING)
