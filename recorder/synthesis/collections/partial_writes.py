"""Partial writes: answers that show of an item only what was changed, in a form that reads do not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.attributes import names_of_items
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.told_kinds import are_of_another_kind, told_kinds
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import look, same

_LEAST: Final = 2


class _Written(NamedTuple):
    """What an item was when it was read before a write, and when it was read next, with nothing else in between."""

    before: dict[str, Any]
    write: Sample
    after: dict[str, Any]


def find_partial_writes(
    endpoints: Sequence[Endpoint], collections: Iterable[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Have writes whose answers show other members than reads do be calls that do something with the item.

    So it is where what they change is seen only by the next read: what becomes of the item is learnt from that.
    """
    for collection in collections:
        own = [one for one in endpoints if bindings[one].collection is collection and one.operation is None]
        known = names_of_items((one, bindings[one]) for one in own)
        seen = _seen(own, bindings) if known else {}
        for endpoint in own:
            if known and _shows_another(endpoint, bindings[endpoint], known, own, bindings):
                bindings[endpoint].entity = None
        for endpoint in _of_another_kind(own, bindings):
            bindings[endpoint].entity = None
        shapes = {one: _names_shown(one, bindings[one]) for one in own}
        alike = {
            frozenset(names)
            for endpoint, names in shapes.items()
            if names - known
            and len(names & known) * 2 <= len(known) + 1
            and _hides(seen.get(endpoint, ()), known - names)
        }
        for endpoint, names in shapes.items():
            binding = bindings[endpoint]
            is_write = endpoint.method not in (*READS, "DELETE") and binding.role in ("item", "action")
            if is_write and binding.sent is None and frozenset(names) in alike:
                binding.role, binding.report, binding.entity = "action", binding.entity, None


def _shows_another(
    endpoint: Endpoint, binding: Binding, known: set[str], own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]
) -> bool:
    """Tell whether what reads below an item show is not it, though it has its id: other members, and others' values."""
    if endpoint.method not in READS or binding.role != "action" or not _names_shown(endpoint, binding) - known:
        return False
    last: dict[tuple[int, str], dict[str, Any]] = {}
    compared: list[bool] = []
    for one, sample in _in_order(own):
        if bindings[one].role not in ("item", "action") or one.method not in READS or bindings[one].entity is None:
            continue
        place = sample.session, bindings[one].key(one.values(sample))
        item = look(sample.answer_json, bindings[one].entity or ())
        if not isinstance(item, dict):
            continue
        if bindings[one].role == "item":
            last[place] = item
        elif one is endpoint and place in last:
            compared.append(any(name in item and not same(item[name], value) for name, value in last[place].items()))
    return len(compared) >= _LEAST and all(compared)


def _of_another_kind(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> list[Endpoint]:
    """Give the calls below an item whose answers always name another kind of thing than the item is.

    So a deployment's scale is `{"kind": "Scale"}`, though it has the name and the members of the deployment. What
    writes show is another thing where a read at their path shows that, too: else the item may have become one.
    """
    shown = {endpoint: _items_shown(endpoint, bindings[endpoint]) for endpoint in own}
    below = [endpoint for endpoint in own if bindings[endpoint].role == "action"]
    items = told_kinds(one for endpoint in own if endpoint not in below for one in shown[endpoint])
    others = [endpoint for endpoint in below if are_of_another_kind(told_kinds(shown[endpoint]), items)]
    paths = {endpoint.template for endpoint in others if endpoint.method in READS}
    return [endpoint for endpoint in others if endpoint.template in paths]


def _items_shown(endpoint: Endpoint, binding: Binding) -> list[dict[str, Any]]:
    """Give the items that answers show."""
    good = [sample for sample in endpoint.samples if sample.succeeded and binding.entity is not None]
    shown = (look(sample.answer_json, binding.entity or ()) for sample in good)
    return [one for one in shown if isinstance(one, dict)]


def _names_shown(endpoint: Endpoint, binding: Binding) -> set[str]:
    """Give the names of the members that answers show of items."""
    return {name for one in _items_shown(endpoint, binding) for name in one}


def _hides(written: Sequence[_Written], names: Iterable[str]) -> bool:
    """Tell whether most writes changed members of these names, as the next read showed."""
    hidden = [one for one in written if any(_moved(one, name) for name in names)]
    return len(hidden) >= _LEAST and len(hidden) * 2 > len(written)


def _moved(one: _Written, name: str) -> bool:
    return name in one.before and name in one.after and not same(one.before[name], one.after[name])


def _seen(own: Sequence[Endpoint], bindings: Mapping[Endpoint, Binding]) -> dict[Endpoint, list[_Written]]:
    """Give, by endpoint, the writes of items that were read right before and right after."""
    found: dict[Endpoint, list[_Written]] = defaultdict(list)
    last: dict[tuple[int, str], dict[str, Any]] = {}
    waiting: dict[tuple[int, str], list[tuple[Endpoint, Sample]]] = defaultdict(list)
    for endpoint, sample in _in_order(own):
        binding = bindings[endpoint]
        if binding.role not in ("item", "action"):
            continue
        place = sample.session, binding.key(endpoint.values(sample))
        if sample.method not in READS:
            waiting[place].append((endpoint, sample))
            continue
        item = look(sample.answer_json, binding.entity) if binding.entity is not None else None
        if binding.role != "item" or not isinstance(item, dict) or sample.query:
            continue
        calls = waiting.pop(place, [])
        if place in last and len(calls) == 1:
            found[calls[0][0]].append(_Written(last[place], calls[0][1], item))
        last[place] = item
    return found


def _in_order(own: Sequence[Endpoint]) -> Iterator[tuple[Endpoint, Sample]]:
    calls = [(sample.number, endpoint, sample) for endpoint in own for sample in endpoint.samples if sample.succeeded]
    for _, endpoint, sample in sorted(calls, key=lambda call: call[0]):
        yield endpoint, sample
