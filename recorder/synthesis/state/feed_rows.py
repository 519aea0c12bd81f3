"""Rows of feeds: what each write puts in the place of the last row of the thing that it writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.feeds import Feed, Written, rows_seen
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.node import Fixed, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look, same
from recorder.synthesis.state.byproducts import Byproduct, find_byproducts
from recorder.synthesis.state.play import Found, Origins
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.term import Term, literal, member

_LEAST: Final = 2


def with_feeds(origins: Origins, feeds: Sequence[Feed], bindings: Mapping[Endpoint, Binding]) -> dict[int, list[Found]]:
    """Add the rows that writes made in feeds, in the place of what was found of them; what no feed showed in part."""
    own = {feed.collection for feed in feeds}
    found = {number: [one for one in rows if one.collection not in own] for number, rows in origins.items()}
    for feed in feeds:
        seen = rows_seen(feed, bindings[feed.endpoint].rows or (), feed.endpoint.samples)
        for key, written in feed.written.items():
            for one in written:
                shown = seen.get((key, one.own, one.number))
                item = shown if shown is not None else {feed.own: one.own, feed.number: one.number}
                name = f"{key[1]}{one.own}"
                row = Found(key[0], feed.collection, name, item, one.sample.number, is_seen=shown is not None)
                found.setdefault(one.sample.number, []).append(row)
    return found


def byproducts_of(
    behaviours: Sequence[Behaviour],
    origins: Origins,
    feeds: Sequence[Feed],
    bindings: Mapping[Endpoint, Binding],
    world: World,
) -> list[Byproduct]:
    """Give the rows that calls make in lists without showing them, those of feeds among them."""
    rows = find_byproducts(behaviours, _without_bulks(origins, feeds), bindings, world)
    return [*rows, *_rows(feeds, behaviours, bindings, rows)]


def _without_bulks(origins: Origins, feeds: Sequence[Feed]) -> Origins:
    """Leave out the rows of feeds that calls made which write several things: they are explained as such."""
    bulks = {
        (one.sample.number, feed.collection)
        for feed in feeds
        for written in feed.written.values()
        for one in written
        if one.at is not None
    }
    return {number: [one for one in rows if (number, one.collection) not in bulks] for number, rows in origins.items()}


def _rows(
    feeds: Sequence[Feed],
    behaviours: Sequence[Behaviour],
    bindings: Mapping[Endpoint, Binding],
    known: Sequence[Byproduct],
) -> Iterator[Byproduct]:
    """Give the rows that calls put in feeds, beside those that are known.

    Those of calls which write several things are as their answers list them; those of deletions, of which too few were
    seen, have what their answers tell, and the marks that only some rows have.
    """
    for feed in feeds:
        yield from _of_bulks(feed, behaviours, bindings)
        yield from _of_deletions(feed, behaviours, bindings, known)


def _of_deletions(
    feed: Feed, behaviours: Sequence[Behaviour], bindings: Mapping[Endpoint, Binding], known: Sequence[Byproduct]
) -> Iterator[Byproduct]:
    seen = list(rows_seen(feed, bindings[feed.endpoint].rows or (), feed.endpoint.samples).values())
    members = [name for name in seen[0] if all(name in row for row in seen)]
    marks = dict.fromkeys(name for row in seen for name in row if name not in members)
    told = {name: {as_text(row[name]): row[name] for row in seen if name in row} for name in marks}
    for behaviour in behaviours:
        place = feed.places.get(behaviour.endpoint)
        is_explained = any(one.behaviour is behaviour and one.collection is feed.collection for one in known)
        if behaviour.endpoint.method != "DELETE" or place is None or place.rows is not None or is_explained:
            continue
        above = len(feed.endpoint.params)
        deleted = [scene.sample for scene in behaviour.scenes if scene.sample.succeeded]
        answers = [one.answer_json for one in deleted if isinstance(one.answer_json, dict)]
        made: dict[str, tuple[Said | Fixed, Term | None]] = {}
        for name in members:
            if name == feed.own and place.own is None:
                param = behaviour.endpoint.params[-1]
                made[name] = (Said(_term(member("request.path_params", (param,)))), None)
            else:
                other = place.own if name == feed.own else place.name if name == feed.number else name
                if other is not None and answers and all(other in one for one in answers):
                    made[name] = (Said(_term(member("vars.answer.json", (other,)))), None)
        fixed = {name: next(iter(values.values())) for name, values in told.items() if len(values) == 1}
        made |= {name: (Fixed(value), None) for name, value in fixed.items() if is_scalar(value)}
        if set(members) <= set(made) and above <= len(behaviour.endpoint.params):
            prefix = Said(_prefix(behaviour.endpoint, above)) if above else None
            for status in sorted({one.status for one in deleted}):
                yield Byproduct(behaviour, status, feed.collection, Object(made), prefix)


def _of_bulks(feed: Feed, behaviours: Sequence[Behaviour], bindings: Mapping[Endpoint, Binding]) -> Iterator[Byproduct]:
    seen = rows_seen(feed, bindings[feed.endpoint].rows or (), feed.endpoint.samples)
    for behaviour in behaviours:
        place = feed.places.get(behaviour.endpoint)
        if place is None or place.rows is None:
            continue
        numbers = {scene.sample.number for scene in behaviour.scenes}
        pairs = [
            _Pair(seen[key, one.own, one.number], one)
            for key, written in feed.written.items()
            for one in written
            if one.at is not None and one.sample.number in numbers and (key, one.own, one.number) in seen
        ]
        node = _node(pairs, place.rows, feed) if len(pairs) >= _LEAST else None
        above = len(feed.endpoint.params)
        if node is None or above > len(behaviour.endpoint.params):
            continue
        prefix = Said(_prefix(behaviour.endpoint, above)) if above else None
        told = member("vars.row", (place.name,))
        each, own = member("vars.answer.json", place.rows), node.members[feed.own][0].expression()
        for status in sorted({pair.written.sample.status for pair in pairs}):
            condition = Term(f"{told} is defined", lambda _: True, "", 1.0)
            yield Byproduct(behaviour, status, feed.collection, node, prefix, condition, each=each, own=own)


class _Pair(NamedTuple):
    """A row that a feed showed, and the write that put it there."""

    row: dict[str, Any]
    written: Written


def _prefix(endpoint: Endpoint, count: int) -> Term:
    parts = [member("request.path_params", (name,)) for name in endpoint.params[:count]]
    return Term(" ~ '/' ~ ".join(parts), lambda _: MISSING, "prefix", 1.0)


def _node(pairs: Sequence[_Pair], place: Path, feed: Feed) -> Object | None:
    """Explain rows: their members are told of the thing in its place of the answer, or are a flag that was sent."""
    members: dict[str, tuple[Said | Fixed, Term | None]] = {}
    for name in dict.fromkeys(name for pair in pairs for name in pair.row):
        inside = [pair for pair in pairs if name in pair.row]
        told = _told(name, inside, place)
        if told is None and len(inside) == len(pairs):
            return None
        if told is not None:
            members[name] = (Said(_term(member("vars.row", (told,)))), None)
        elif len({as_text(pair.row[name]) for pair in inside}) == 1 and is_scalar(inside[0].row[name]):
            flag = _flag(name, pairs, place)
            if flag is not None:
                members[name] = (Fixed(inside[0].row[name]), _term(flag))
    return Object(members) if feed.own in members and feed.number in members else None


def _term(text: str) -> Term:
    return Term(text, lambda _: MISSING, "", 1.0)


def _told(name: str, pairs: Sequence[_Pair], place: Path) -> str | None:
    """Give the member of what an answer tells of a thing that is always the same as a row's, None where none is."""
    votes: Counter[str] = Counter()
    for row, written in pairs:
        told = look(written.sample.answer_json, (*place, written.at or 0))
        votes.update(other for other, value in told.items() if same(value, row[name]))
    return next((other for other, count in votes.most_common() if count == len(pairs)), None)


def _flag(name: str, pairs: Sequence[_Pair], place: Path) -> str | None:
    """Write the condition of a member that some rows have: what was sent, or told, of just these things."""
    size = {pair.written.sample.number: len(look(pair.written.sample.answer_json, place)) for pair in pairs}
    sent = [
        (f"{member('request.json', path)}[vars.at]", lambda one, path=path: look(one.sample.json, (*path, one.at or 0)))
        for path in _lists_sent(pairs, size)
    ]
    told: list[tuple[str, Callable[[Written], Any]]] = [
        ("vars.row", lambda one: look(one.sample.answer_json, (*place, one.at or 0)))
    ]
    for text, read in [*sent, *told]:
        rows = [(read(pair.written), name in pair.row) for pair in pairs]
        names = dict.fromkeys(other for row, is_so in rows if is_so and isinstance(row, dict) for other in row)
        for other in names:
            values = [(row.get(other, MISSING) if isinstance(row, dict) else MISSING, is_so) for row, is_so in rows]
            if all((value is True) == is_so for value, is_so in values):
                return f"{member(text, (other,))} is true"
            words = {as_text(value) for value, is_so in values if is_so}
            is_one = len(words) == 1 and all((as_text(value) in words) == is_so for value, is_so in values)
            if is_one and all(isinstance(value, str) for value, _ in values):
                return f"{member(text, (other,))} == {literal(words.pop())}"
    return None


def _lists_sent(pairs: Sequence[_Pair], size: Mapping[int, int]) -> Iterator[Path]:
    """Give where calls send as many rows as they are answered with."""
    samples = {pair.written.sample.number: pair.written.sample for pair in pairs}
    first = next(iter(samples.values()))
    document = first.json if isinstance(first.json, dict) else {}
    for path in [(), *((name,) for name in document)]:
        lists = [(look(one.json, path), size[number]) for number, one in samples.items()]
        if all(isinstance(rows, list) and len(rows) == count for rows, count in lists):
            yield path
