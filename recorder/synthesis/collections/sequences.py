"""Sequences: numbers that every write below one item counts on by one, whichever call writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection, Counted
from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

_READS: Final = ("GET", "HEAD", "OPTIONS")
_LEAST: Final = 3
_RIGHT_TENTHS: Final = 9


def find_sequences(
    scenes: Sequence[Scene], collections: Sequence[Collection], bindings: Mapping[Endpoint, Binding]
) -> None:
    """Find the numbers in the answers of writes that count on, and tell every call below the item how far they were."""
    for collection in collections:
        for place in _places(scenes, collection, bindings):
            reached = _followed(scenes, collection, bindings, place)
            if reached is None:
                continue
            counted = Counted(collection, place)
            name = name_of(counted)
            for endpoint, binding in bindings.items():
                if (
                    collection.count > 1
                    and len(endpoint.params) >= collection.count - 1
                    and _is_below(endpoint, collection)
                ):
                    binding.counted = counted
            for scene in scenes:
                scene.seen[name] = reached[scene.sample.number]
            break


def name_of(counted: Counted) -> str:
    """Give the name under which a sequence is kept, before what tells whose it is."""
    return f"{counted.collection.name}:{'.'.join(map(str, counted.place))}:"


def key_text(endpoint: Endpoint, counted: Counted) -> str:
    """Write the key of the state under which a sequence is kept."""
    return f"{literal(name_of(counted))} ~ {key_term(endpoint, counted.collection.count - 1).text}"


def sequence_terms(endpoint: Endpoint, binding: Binding) -> Iterator[Term]:
    """Give the term of how far the sequence was that an endpoint counts on or tells of."""
    if binding.counted is not None:
        name, label = name_of(binding.counted), str(binding.counted.place[-1])
        text = f"(state.get({key_text(endpoint, binding.counted)}) or 0)"
        yield Term(text, lambda scene: scene.seen.get(name, 0), label, 1.2)


def reached_text(endpoint: Endpoint, binding: Binding) -> str:
    """Write how far a sequence is after an answer."""
    assert binding.counted is not None
    bulk, place = binding.bulk, binding.counted.place
    if bulk is None or bulk.collection is not binding.counted.collection:
        return member("vars.answer.json", place)
    rows = member("vars.answer.json", bulk.results)
    name = ".".join(map(str, place))
    told = f"({rows} | selectattr({literal(name)}, 'defined') | map(attribute={literal(name)}) | list)"
    return f"([state.get({key_text(endpoint, binding.counted)}) or 0] + {told}) | max"


def is_counting(binding: Binding) -> bool:
    """Tell whether the calls of an endpoint count the sequence on."""
    counted = binding.counted
    if counted is None:
        return False
    is_bulk = binding.bulk is not None and binding.bulk.collection is counted.collection
    return is_bulk or _is_own(binding, counted.collection)


def _is_own(binding: Binding, collection: Collection) -> bool:
    """Tell whether an endpoint has to do with a collection's items otherwise than by listing them."""
    return binding.collection is collection and binding.role in ("item", "collection") and not binding.lists_by_call


def ends(endpoint: Endpoint, collection: Collection) -> bool:
    """Tell whether an endpoint deletes the item below which the sequence counts: it begins again with a new one."""
    return endpoint.method == "DELETE" and endpoint.template == _above(collection)


def _is_below(endpoint: Endpoint, collection: Collection) -> bool:
    above = _above(collection)
    return bool(above) and endpoint.template[: len(above)] == above


def _above(collection: Collection) -> Template:
    """Give the path of the item that a collection's items are below, () where there is none."""
    above = collection.home
    while above and above[-1] is not None:
        above = above[:-1]
    return above


def _told(sample: Sample, binding: Binding, collection: Collection, place: Path) -> Iterator[Any]:
    """Give the numbers that a write's answer tells."""
    if not sample.succeeded or sample.method in _READS:
        return
    if binding.bulk is not None and binding.bulk.collection is collection:
        rows = look(sample.answer_json, binding.bulk.results)
        for row in rows if isinstance(rows, list) else ():
            yield look(row, place)
    elif _is_own(binding, collection):
        yield look(sample.answer_json, place)


def _places(scenes: Sequence[Scene], collection: Collection, bindings: Mapping[Endpoint, Binding]) -> Iterator[Path]:
    """Give the places of whole numbers that the answers of all kinds of writes have."""
    counts: Counter[Path] = Counter()
    kinds: dict[Path, set[Endpoint]] = defaultdict(set)
    for scene in scenes:
        binding, sample = bindings[scene.endpoint], scene.sample
        if (
            not _is_own(binding, collection)
            or sample.method in _READS
            or not sample.succeeded
            or not isinstance(sample.answer_json, dict)
        ):
            continue
        for name, value in sample.answer_json.items():
            if isinstance(value, int) and not isinstance(value, bool):
                counts[(name,)] += 1
                kinds[(name,)].add(scene.endpoint)
    yield from (place for place, _ in counts.most_common() if len(kinds[place]) > 1)


def _followed(
    scenes: Sequence[Scene], collection: Collection, bindings: Mapping[Endpoint, Binding], place: Path
) -> dict[int, int] | None:
    """Give how far the sequence was when each call came; None where it is none."""
    last: dict[tuple[int, str], int] = defaultdict(int)
    reached: dict[int, int] = {}
    right = wrong = 0
    above = collection.count - 1
    for scene in scenes:
        values = scene.endpoint.values(scene.sample)[:above]
        whose = scene.sample.session, "/".join(values)
        if ends(scene.endpoint, collection) and scene.sample.succeeded:
            last.pop(whose, None)
        reached[scene.sample.number] = last[whose]
        for value in _told(scene.sample, bindings[scene.endpoint], collection, place):
            if isinstance(value, int) and not isinstance(value, bool):
                right, wrong = (right + 1, wrong) if value == last[whose] + 1 else (right, wrong + 1)
                last[whose] = value
    return (
        reached
        if right >= _LEAST and max(reached.values()) > 1 and right * 10 >= (right + wrong) * _RIGHT_TENTHS
        else None
    )
