"""Makings: operations whose answers tell of new things, and which things these are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from typing import Final

from recorder.synthesis.calls.arguments import Kind, Place, subject_of
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.verbs import is_called_id, label_of
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, leaves, look

_LONG: Final = 5
Made = dict[Endpoint, tuple[Kind, Path]]
"""What operations make, with the place of the new id in their answers."""


def find_makings(
    writing: Sequence[Endpoint], kinds: Sequence[Kind], samples: Sequence[Sample]
) -> tuple[Made, set[tuple[Endpoint, Path]]]:
    """Find which of the operations that write make things: later calls name what they tell of for the first time.

    The service gave the new id, or it was sent by the call, which then speaks of things of this kind, and sends each
    once beside the same ids of others. Give also all places at which answers have what nobody sent or told before.
    """
    endpoint_of = {sample.number: one for one in writing for sample in one.samples}
    later: dict[Place, list[tuple[int, Kind]]] = defaultdict(list)
    for kind in kinds:
        for argument in kind.arguments:
            for sample, value in argument.values:
                later[sample.session, value].append((sample.number, kind))
    told: dict[int, set[str]] = defaultdict(set)
    named_in = {one: [key.path for kind in kinds for key in kind.keys_of(one)] for one in writing}
    sent: set[tuple[int, Endpoint, Path, str, tuple[str, ...]]] = set()
    new: Counter[tuple[Endpoint, Path]] = Counter()
    given: Counter[tuple[Endpoint, Path]] = Counter()
    votes: Counter[tuple[Endpoint, Path, Kind]] = Counter()
    for sample in samples:
        endpoint = endpoint_of.get(sample.number)
        if endpoint is not None and sample.succeeded:
            owners = tuple(as_text(look(sample.asked, one)) for one in named_in[endpoint])
            for path, value, is_sent in _news(sample):
                place = (sample.session, endpoint, path, value, owners)
                if _spoken(path, value) in told[sample.session] if not is_sent else place in sent:
                    continue
                sent.add(place)
                new[endpoint, path] += 1
                given[endpoint, path] += not is_sent
                named = {kind for number, kind in later[sample.session, value] if number > sample.number}
                if len(value) >= _LONG or is_called_id(str(path[-1])):
                    may = [one for one in named if not is_sent or _may_be_named_by(endpoint, one)]
                    votes.update((endpoint, path, kind) for kind in may)
        for document in (sample.asked, sample.answer_json):
            for path, value in leaves(document, longest_list=50) if document is not MISSING else ():
                if is_scalar(value):
                    told[sample.session].add(_spoken(path, as_text(value)))
    return _likeliest(_often(new), votes), _often(given)


def _spoken(path: Path, value: str) -> str:
    """Give a value as it is remembered: short ones with what they speak of, since others are equal by chance."""
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    return value if len(value) >= _LONG or not label_of(name) else f"{label_of(name)} {value}"


def _often(counts: Counter[tuple[Endpoint, Path]]) -> set[tuple[Endpoint, Path]]:
    return {(endpoint, path) for (endpoint, path), count in counts.items() if count * 10 >= _told_by(endpoint) * 8}


def _may_be_named_by(endpoint: Endpoint, kind: Kind) -> bool:
    return subject_of(endpoint) == kind.name and not kind.keys_of(endpoint)


def _news(sample: Sample) -> Iterator[tuple[Path, str, bool]]:
    """Give the places of an answer at which an id may stand, with the text there, and whether the call sent it."""
    asked = {as_text(value) for _, value in leaves(sample.asked)} if sample.asked is not MISSING else set()
    for path, value in leaves(sample.answer_json, longest_list=0) if sample.answer_json is not MISSING else ():
        if isinstance(value, str | int) and not isinstance(value, bool) and path:
            text = as_text(value)
            yield path, text, text in asked


def _told_by(endpoint: Endpoint) -> int:
    return sum(sample.succeeded and bool(sample.answer_body) for sample in endpoint.samples)


def _likeliest(new: Container[tuple[Endpoint, Path]], votes: Counter[tuple[Endpoint, Path, Kind]]) -> Made:
    found: Made = {}
    ranked = sorted(votes.items(), key=lambda one: (-one[1], len(one[0][1]), repr(one[0][1]), one[0][2].name))
    for (endpoint, path, kind), count in ranked:
        is_often = count * 10 >= _told_by(endpoint) and (count > 1 or _is_of_one_session(endpoint))
        if endpoint not in found and (endpoint, path) in new and is_often:
            found[endpoint] = (kind, path)
    return found


def _is_of_one_session(endpoint: Endpoint) -> bool:
    """Tell whether all is from one session, which makes few things and goes on with one of them."""
    return len({sample.session for sample in endpoint.samples}) == 1
