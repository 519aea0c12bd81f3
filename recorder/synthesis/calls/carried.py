"""Carried keys: items that a cookie or a header names, as a cart often is, seen as if the path named them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recorder.synthesis.endpoints.endpoint import Carried, Endpoint, names_of
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, leaves, look
from recorder.synthesis.terms.slots import SHORTEST_TICKET, is_plain_header

_READS = ("GET", "HEAD", "OPTIONS")
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A cookie or a header, and where answers show the id that it holds."""

    where: str
    name: str
    shown: Path


def see_carried(endpoints: Sequence[Endpoint]) -> None:
    """Give endpoints that work on an item which only a cookie or a header names a path that names it; samples, too.

    A call makes such an item and shows its id; later ones send the id in the cookie or header, and show it again at
    the same place, under one path. Credentials are none: what they let in shows itself, and not them.
    """
    plain = [one for one in endpoints if one.operation is None and one.discriminator is None]
    makers = [one for one in plain if one.method == "POST" and None not in one.template]
    for where, name in _carriers(plain):
        made = _made(where, name, makers, plain)
        if made is not None:
            carrier, maker = made
            showing = [one for one in plain if one is not maker and _shows(one, carrier)]
            home = _common([one.template for one in showing])
            if home and any(one.method in _READS for one in showing):
                for one in plain:
                    if one is not maker and one.template[: len(home)] == home and _carries(one, carrier):
                        _see(one, Carried(where, name, len(home)))


def _carriers(endpoints: Sequence[Endpoint]) -> list[tuple[str, str]]:
    """Give the cookies and headers of a service's own, by how often they are sent."""
    counts: Counter[tuple[str, str]] = Counter()
    for endpoint in endpoints:
        for sample in endpoint.samples:
            counts.update(("cookies", name) for name in sample.cookies)
            counts.update(("headers", name) for name in sample.headers if not is_plain_header(name))
    return [one for one, count in counts.most_common(20) if count > 1]


def _made(
    where: str, name: str, makers: Sequence[Endpoint], endpoints: Sequence[Endpoint]
) -> tuple[_Carrier, Endpoint] | None:
    """Tell which endpoint's answers show the ids that a cookie or header holds later, and where."""
    sent: dict[int, set[str]] = defaultdict(set)
    for endpoint in endpoints:
        for sample in endpoint.samples:
            value = _held(sample, where, name)
            if len(value) >= SHORTEST_TICKET and value not in sample.segments:
                sent[sample.session].add(value)
    counts: Counter[tuple[Endpoint, Path]] = Counter()
    for maker in makers:
        for sample in maker.samples if len(maker.samples) > 1 else ():
            own = sent.get(sample.session, set())
            for path, value in _texts(sample) if own and sample.succeeded else ():
                counts[maker, path] += value in own and value != _held(sample, where, name)
    total = sum(map(len, sent.values()))
    for (maker, path), count in counts.most_common(1):
        if count > 1 and count * 10 >= total * 8:
            return _Carrier(where, name, path), maker
    return None


def _texts(sample: Sample) -> Iterator[tuple[Path, str]]:
    if isinstance(sample.answer_json, dict):
        for path, value in leaves(sample.answer_json, longest_list=0):
            if len(path) <= _DEEPEST and is_scalar(value):
                yield path, as_text(value)


def _held(sample: Sample, where: str, name: str) -> str:
    return (sample.cookies if where == "cookies" else sample.headers).get(name, "")


def _carries(endpoint: Endpoint, carrier: _Carrier) -> bool:
    """Tell whether what succeeded was sent with the id, and the path does not name it as well."""
    good = [sample for sample in endpoint.samples if sample.succeeded] or endpoint.samples
    held = [(sample, _held(sample, carrier.where, carrier.name)) for sample in good]
    return sum(bool(value) and value not in sample.segments for sample, value in held) * 10 >= len(held) * 8


def _shows(endpoint: Endpoint, carrier: _Carrier) -> bool:
    good = [sample for sample in endpoint.samples if sample.succeeded]
    hits = sum(
        as_text(look(sample.answer_json, carrier.shown)) == _held(sample, carrier.where, carrier.name)
        for sample in good
        if _held(sample, carrier.where, carrier.name)
    )
    return hits > 0 and hits * 10 >= len(good) * 8 and _carries(endpoint, carrier)


def _common(templates: Sequence[Template]) -> Template:
    """Give what paths begin with alike, up to the first parameter."""
    shared: list[str] = []
    for parts in zip(*templates, strict=False):
        if parts[0] is None or len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)


def _see(endpoint: Endpoint, carried: Carried) -> None:
    at = carried.place
    for sample in endpoint.samples:
        sample.segments = (*sample.segments[:at], _held(sample, carried.where, carried.name), *sample.segments[at:])
        sample.carried_at = at
    endpoint.template = (*endpoint.template[:at], None, *endpoint.template[at:])
    endpoint.params = names_of(endpoint.template)
    endpoint.carried = carried
