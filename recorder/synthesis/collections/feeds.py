"""Feeds: lists of the last write of each thing, also of deleted ones, for clients that keep a copy."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import place_of_rows
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts, rows_at

_LEAST: Final = 2
_FEWEST_ROWS: Final = 6
_RIGHT_TENTHS: Final = 9
_LONGEST: Final = 200

Key: TypeAlias = tuple[int, str]
"""A session, and the parameters of the feed's path in it."""


class Place(NamedTuple):
    """Where writes tell a number: in which `rows` of their answers, `()` for the answer itself, under which `name`.

    `own` is where the id of what was written stands beside it; None where the path says it, as its last parameter.
    """

    rows: Path | None
    name: str
    own: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A write that a feed tells of: of which thing, with which number, at which place of the call's list of rows."""

    sample: Sample
    own: str
    number: int
    at: int | None


@dataclass(eq=False, slots=True)
class Feed:
    """A list of last writes. `own` and `number` are the members of its rows that name the thing, and count the writes.

    `places` are where each endpoint that writes tells the number, `written` what was written in each session.
    """

    endpoint: Endpoint
    collection: Collection
    own: str
    number: str
    places: Mapping[Endpoint, Place] = field(default_factory=dict)
    written: Mapping[Key, Sequence[Written]] = field(default_factory=dict)


Answers: TypeAlias = dict[int, list[tuple[Place, tuple[str, int]]]]
"""What the answers of writes may tell of, by the numbers of their samples."""


def find_feeds(
    endpoints: Sequence[Endpoint], collections: list[Collection], bindings: dict[Endpoint, Binding]
) -> list[Feed]:
    """Bind the endpoints that list the last writes of things to collections of their own, which are added.

    Their rows name things and have numbers that only rise, or only fall, from row to row; nine of ten are those that
    the last write of the thing was answered with; and what was written twice is there once.
    """
    found: list[Feed] = []
    taken = {one.name for one in collections}
    answers: Answers = {}
    for endpoint in endpoints:
        binding = bindings[endpoint]
        is_list = endpoint.method == "GET" and bool(endpoint.template) and bool(endpoint.template[-1])
        is_free = is_list and not binding.also and _is_free(endpoint, bindings)
        rows = place_of_rows(endpoint) if is_free else None
        feed = _feed(endpoint, rows, endpoints, answers) if rows is not None else None
        if feed is None:
            continue
        parents = binding.parents
        if binding.role == "collection" and binding.collection is not None:
            collections.remove(binding.collection)
            taken.discard(binding.collection.name)
        elif binding.role == "action" and binding.collection is not None:
            parents = [*parents, (binding.collection, binding.collection.count)]
        feed.collection.name = _name(endpoint, taken)
        bindings[endpoint] = Binding("collection", feed.collection, rows=rows, parents=parents)
        collections.append(feed.collection)
        found.append(feed)
    return found


def _is_free(endpoint: Endpoint, bindings: Mapping[Endpoint, Binding]) -> bool:
    """Tell whether nothing but this endpoint has to do with the items that it may list."""
    binding = bindings[endpoint]
    if binding.role == "collection":
        own = binding.collection
        used = [*(one.collection for one in bindings.values()), *_beside(bindings.values())]
        return not binding.is_elsewhere and used.count(own) == 1
    return binding.role == "none" or (binding.role == "action" and binding.entity is None)


def _beside(bindings: Iterable[Binding]) -> Iterator[Collection]:
    for one in bindings:
        yield from (made.collection for made in one.also)
        yield from (parent for parent, _ in one.parents)


def _feed(endpoint: Endpoint, rows: Path, endpoints: Sequence[Endpoint], answers: Answers) -> Feed | None:
    lists = [
        (sample, [row for row in shown if isinstance(row, dict)])
        for sample in endpoint.samples
        if sample.succeeded and isinstance(shown := look(sample.answer_json, rows), list)
    ]
    shown = [row for _, inside in lists for row in inside]
    if len(shown) < _FEWEST_ROWS:
        return None
    names = [name for name in shown[0] if all(name in row and is_scalar(row[name]) for row in shown)]
    for number in (name for name in names if _counts([[row[name] for row in inside] for _, inside in lists])):
        for own in (name for name in names if name != number and _is_own(name, [inside for _, inside in lists])):
            feed = Feed(endpoint, Collection((*endpoint.template, None), id_path=(own,)), own, number)
            feed.places, feed.written = _told(feed, lists, endpoints, answers)
            if _holds(feed, lists):
                return feed
    return None


def _counts(lists: Sequence[Sequence[Any]]) -> bool:
    """Tell whether values are whole numbers that only rise, or only fall, in each list, and not the places of rows."""
    if not all(isinstance(one, int) and not isinstance(one, bool) for numbers in lists for one in numbers):
        return False
    steps = [other - one for numbers in lists for one, other in pairwise(numbers)]
    are_places = set(steps) == {1} and len({numbers[0] for numbers in lists if numbers}) == 1
    return bool(steps) and not are_places and (min(steps) > 0 or max(steps) < 0)


def _is_own(name: str, lists: Sequence[Sequence[dict[str, Any]]]) -> bool:
    """Tell whether a member is another one in each row of a list, and comes again in other lists."""
    texts = [[as_text(row[name]) for row in inside] for inside in lists]
    counts = Counter(text for inside in texts for text in inside)
    return all(len(set(inside)) == len(inside) for inside in texts) and max(counts.values()) > 1


def _told(
    feed: Feed,
    lists: Sequence[tuple[Sample, list[dict[str, Any]]]],
    endpoints: Sequence[Endpoint],
    answers: Answers,
) -> tuple[dict[Endpoint, Place], dict[Key, list[Written]]]:
    """Find where writes tell of the things and numbers of a feed's rows, and what they told."""
    shown: dict[Key, set[tuple[str, int]]] = defaultdict(set)
    for sample, rows in lists:
        shown[key_of(feed, feed.endpoint, sample)] |= {(as_text(row[feed.own]), row[feed.number]) for row in rows}
    writes = {one: [sample for sample in one.samples if sample.succeeded] for one in endpoints if _may_write(feed, one)}
    last = {key: _last(pairs) for key, pairs in shown.items()}
    votes = {one: _votes(feed, one, samples, shown, last, answers) for one, samples in writes.items()}
    called = {place.name for some in votes.values() for place, count in some.items() if count >= _LEAST}
    places: dict[Endpoint, Place] = {}
    written: dict[Key, list[Written]] = defaultdict(list)
    for endpoint, some in votes.items():
        # A write of which no feed was asked later tells its number as others do.
        likely = [place for place, count in some.items() if count >= _LEAST or (place.name in called and count >= 0)]
        if not likely:
            continue
        places[endpoint] = place = max(likely, key=lambda one: (some[one], one.own is None))
        for sample in writes[endpoint]:
            written[key_of(feed, endpoint, sample)] += written_in(endpoint, sample, place)
    for told in written.values():
        told.sort(key=lambda one: (one.sample.number, one.at or 0))
    return places, written


def _last(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give the highest number of each thing."""
    found: dict[str, int] = {}
    for own, number in pairs:
        found[own] = max(number, found.get(own, number))
    return found


def _votes(
    feed: Feed,
    endpoint: Endpoint,
    writes: Sequence[Sample],
    shown: Mapping[Key, set[tuple[str, int]]],
    last: Mapping[Key, Mapping[str, int]],
    answers: Answers,
) -> Counter[Place]:
    """Count for each place how often a feed shows what is told there, and twice down where it would have to.

    `last` are the highest numbers that are shown of things.
    """
    votes: Counter[Place] = Counter()
    highest_of_all = {key: max(numbers.values(), default=0) for key, numbers in last.items()}
    for sample in writes:
        key = key_of(feed, endpoint, sample)
        wanted: AbstractSet[tuple[str, int]] = shown.get(key, set())
        highest, most = last.get(key, {}), highest_of_all.get(key, 0)
        if sample.number not in answers:  # they are the same for each feed that is tried
            answers[sample.number] = list(_pairs(endpoint, sample))
        for place, (own, number) in answers[sample.number]:
            votes[place] += 1 if (own, number) in wanted else -2 if highest.get(own, most) < number <= most else 0
    return votes


def _may_write(feed: Feed, endpoint: Endpoint) -> bool:
    above = _above(feed.endpoint)
    return endpoint.method not in READS and endpoint.template[: len(above)] == above


def _above(endpoint: Endpoint) -> tuple[str | None, ...]:
    """Give the path of the item that a feed is of, () where it is of the whole service."""
    above = endpoint.template
    while above and above[-1] is not None:
        above = above[:-1]
    return above


def key_of(feed: Feed, endpoint: Endpoint, sample: Sample) -> Key:
    """Give in which session a call is, and below what: what it names first, as the feed's path does."""
    return sample.session, "".join(f"{value}/" for value in endpoint.values(sample)[: len(feed.endpoint.params)])


def _pairs(endpoint: Endpoint, sample: Sample) -> Iterator[tuple[Place, tuple[str, int]]]:
    """Give the things that an answer may tell of, each with a whole number, and where these stand."""
    values = endpoint.values(sample)
    for where, one in parts(sample.answer_json, longest_list=_LONGEST):
        if not isinstance(one, dict) or sum(isinstance(step, int) for step in where) > 1:
            continue
        in_list = bool(where) and isinstance(where[-1], int)
        if where and not in_list:
            continue
        rows = where[:-1] if in_list else None
        owns = [(name, as_text(value)) for name, value in one.items() if is_scalar(value) and value is not None]
        for name, number in one.items():
            if not isinstance(number, int) or isinstance(number, bool):
                continue
            yield from ((Place(rows, name, own), (text, number)) for own, text in owns if own != name)
            if values and not in_list:
                yield Place(rows, name, None), (values[-1], number)


def written_in(endpoint: Endpoint, sample: Sample, place: Place) -> Iterator[Written]:
    """Give what an answer tells of writes."""
    values = endpoint.values(sample)
    rows = [sample.answer_json] if place.rows is None else rows_at(sample.answer_json, place.rows)
    for at, row in enumerate(rows):
        number = row.get(place.name) if isinstance(row, dict) else None
        own = values[-1] if place.own is None else row.get(place.own) if isinstance(row, dict) else None
        if isinstance(number, int) and own is not None:
            yield Written(sample, as_text(own), number, None if place.rows is None else at)


def _holds(feed: Feed, lists: Sequence[tuple[Sample, list[dict[str, Any]]]]) -> bool:
    """Tell whether rows are last writes, and some things that were written twice are told of once."""
    right = wrong = 0
    twice: set[tuple[Key, str]] = set()
    for sample, rows in lists:
        key = key_of(feed, feed.endpoint, sample)
        before = [one for one in feed.written.get(key, ()) if one.sample.number < sample.number]
        last = {one.own: one.number for one in before}
        times = Counter(one.own for one in before)
        for row in rows:
            own = as_text(row[feed.own])
            is_right = last.get(own) == row[feed.number]
            right, wrong = right + is_right, wrong + (not is_right)
            if is_right and times[own] > 1:
                twice.add((key, own))
    return len(twice) >= _LEAST and right >= _FEWEST_ROWS and right * 10 >= (right + wrong) * _RIGHT_TENTHS


def rows_seen(feed: Feed, rows: Path, samples: Iterable[Sample]) -> dict[tuple[Key, str, int], dict[str, Any]]:
    """Give the rows that a feed showed, by whose they are, thing and number."""
    found: dict[tuple[Key, str, int], dict[str, Any]] = {}
    for sample in samples:
        for row in rows_at(sample.answer_json, rows) if sample.succeeded else ():
            if isinstance(row, dict) and feed.own in row and feed.number in row:
                key = key_of(feed, feed.endpoint, sample)
                found.setdefault((key, as_text(row[feed.own]), row[feed.number]), row)
    return found


def _name(endpoint: Endpoint, taken: set[str]) -> str:
    words = [part for part in endpoint.template if part]
    name = re.sub(r"\W+", "_", words[-1]).strip("_").lower() or "writes"
    name = name if name[:1].isalpha() else f"c_{name}"
    while name in taken:
        name += "_"
    taken.add(name)
    return name
