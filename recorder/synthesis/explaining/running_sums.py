"""Running sums: numbers that are what all calls so far have come to, as what was spent in a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from recorder.synthesis.collections.keys import param_terms
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import MadeUp, Node, Object, Over, replaced, walk
from recorder.synthesis.samples.amounts import amount, digits_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, leaves, look
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.term import Term, literal

_LEAST: Final = 3
_MOST_PARTS: Final = 10
_MOST_KEYS: Final = 2
_NEAR: Final = 1e-6
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the answer or of the request that is known: how it is written, and what it was in each case."""

    text: str
    values: Sequence[Any]
    terms: Sequence[Term]


def with_running_sums(body: Node, cases: Sequence[Case], name: str) -> Node:
    """Explain numbers that are guesses as the sum of another over all calls so far, perhaps of those of one kind.

    The calls are those to the same path. Three different sums have to come out right, none of which is a first one.
    """
    if not cases or cases[0][0].sample.method in READS or not body.unknown:
        return body
    parts: list[_Part] | None = None
    for path, part in list(walk(body)):
        if not path or not part.unknown or isinstance(part, Object | Over):
            continue
        wanted = [amount(look(value, path)) for _, value in cases]
        sums = [float(one) for one in wanted if one is not None]
        if len(sums) < len(cases) or len(set(sums)) < _LEAST:
            continue
        parts = list(_parts(body, cases))[:_MOST_PARTS] if parts is None else parts
        found = _explained(sums, parts, cases, f"{name}:{path[-1]}", look(cases[0][1], path))
        body = replaced(body, path, found) if found is not None else body
    return body


def _parts(body: Node, cases: Sequence[Case]) -> Iterator[_Part]:
    """Give the scalars that all answers and all requests have and that are known."""
    for path, part in walk(body):
        is_plain = bool(path) and not part.unknown and not isinstance(part, Object | Over | MadeUp)
        values = [look(value, path) for _, value in cases] if is_plain else [MISSING]
        if all(is_scalar(one) and one is not None and one is not MISSING for one in values):
            yield _Part(part.expression(), values, part.terms)
    sent = leaves(cases[0][0].sample.json, longest_list=0)
    for path in (path for path, _ in sent if path):
        values = [look(scene.sample.json, path) for scene, _ in cases]
        if all(is_scalar(one) and one is not None and one is not MISSING for one in values):
            yield _Part(json_term(path).text, values, ())


def _explained(
    wanted: Sequence[float], parts: Sequence[_Part], cases: Sequence[Case], name: str, shown: Any
) -> MadeUp | None:
    """Give the sum that the numbers are, with the fewest parts that tell the kinds apart."""
    for count in range(_MOST_KEYS + 1):
        for summed in parts:
            values = [amount(value) for value in summed.values]
            numbers = [float(one) for one in values if one is not None]
            if len(numbers) < len(values):
                continue
            for keys in combinations([one for one in parts if one is not summed], count):
                if _is_sum(wanted, numbers, keys, cases):
                    return _made(summed, numbers, keys, cases, name, shown)
    return None


def _is_sum(wanted: Sequence[float], numbers: Sequence[float], keys: Sequence[_Part], cases: Sequence[Case]) -> bool:
    reached: dict[tuple[Any, ...], float] = defaultdict(float)
    later: set[float] = set()
    for place, ((scene, _), value, number) in enumerate(zip(cases, wanted, numbers, strict=True)):
        kind = (scene.sample.session, *scene.params.values(), *(as_text(key.values[place]) for key in keys))
        if kind in reached:
            later.add(value)
        reached[kind] += number
        if abs(reached[kind] - value) > _NEAR * max(1.0, abs(value)):
            return False
    return len(later) >= _LEAST


def _made(
    summed: _Part, numbers: Sequence[float], keys: Sequence[_Part], cases: Sequence[Case], name: str, shown: Any
) -> MadeUp:
    """Write the sum with what is remembered of it by the path and the keys."""
    own = [term.text for term in param_terms(cases[0][0].endpoint)]
    key = " ~ '/' ~ ".join([literal(name), *own, *(one.text for one in keys)])
    plain = summed.text if not isinstance(summed.values[0], str) else f"({summed.text} | float)"
    digits = max((digits_of(as_text(value)) or 0 for value in summed.values), default=0)
    rounding = f" | round({min(digits, _MOST_DIGITS)})" if any(one % 1 for one in numbers) else ""
    text = f"state.set({key}, ((state.get({key}, 0) + {plain}){rounding}))"
    written = digits_of(shown)
    terms = [term for one in (summed, *keys) for term in one.terms]
    return MadeUp(f"({text} | fixed({written}))" if written is not None else text, "counter", keeps=terms)
