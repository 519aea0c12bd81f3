"""Attempts: how often the same was tried, which locks it, told by calls that are refused from some number on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.references import free_name
from recorder.synthesis.conditions.lockouts import COUNT, SUCCESS, Lockout
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.state.tickets import Ticket, ticket_lookups
from recorder.synthesis.terms.request_terms import form_term, json_term, path_term, token_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_LOCKING: Final = (423, 429)
"""Statuses that say themselves that something is locked, or was tried too often (RFC 4918 §11.3, RFC 6585 §4)."""
_BY_COUNT: Final = (*_LOCKING, 401, 403, 400, 409, 410, 422)
_LEAST: Final = 2
_SOME: Final = 3
_MOST_PARDONS: Final = 2
_LOOKED_AT: Final = 6


class _Count(NamedTuple):
    """A way to count: by which key, what counts, and what ends the count."""

    key: Term
    counted: int
    pardons: Mapping[Endpoint, Term]


class _Told(NamedTuple):
    """What a count tells: from how often on something is locked, and whether the last try says so already."""

    limit: int
    reaches: bool
    way: _Count


def find_lockouts(
    scenes: Sequence[Scene], tickets: Sequence[Ticket], taken: set[str], known: Collection[Endpoint] = ()
) -> list[Lockout]:
    """Find what is locked after so many tries, and put how often things were tried into the timelines.

    At the `known` endpoints numbers of items tell how often.
    """
    by_endpoint: dict[Endpoint, list[Scene]] = defaultdict(list)
    for scene in scenes:
        by_endpoint[scene.endpoint].append(scene)
    found: list[Lockout] = []
    for endpoint, inside in by_endpoint.items():
        statuses = Counter(scene.sample.status for scene in inside)
        for status in (
            (one for one in _BY_COUNT if statuses[one])
            if endpoint.method not in READS and endpoint not in known
            else ()
        ):
            told = _told(inside, status, by_endpoint, tickets)
            if told is not None:
                made = _made(endpoint, status, told, taken)
                taken.add(made.collection)
                _put(made, scenes)
                found.append(_with_others(made, by_endpoint))
                break
    return found


def _told(
    inside: Sequence[Scene],
    status: int,
    by_endpoint: Mapping[Endpoint, list[Scene]],
    tickets: Sequence[Ticket],
) -> _Told | None:
    """Give how a count tells the refusals with a status, by the key that has the most values."""
    refused = [scene for scene in inside if scene.sample.status == status]
    sessions = len({scene.sample.session for scene in inside})
    if len(refused) < (_LEAST if status in _LOCKING and sessions > 1 else 1 if status in _LOCKING else _SOME):
        return None
    aside = (status, *_LOCKING)
    counted = [one for one in Counter(scene.sample.status for scene in inside) if one >= 400 and one not in aside]
    for one in [*counted, *([SUCCESS] if status in _LOCKING else [])]:
        for key in _keys(inside, refused):
            told = _limit(_Count(key, one, {}), inside, status)
            if told is None and one != SUCCESS:
                told = _with_pardons(_Count(key, one, {}), inside, status, by_endpoint, tickets)
            if told is not None:
                return told
    return None


def _keys(inside: Sequence[Scene], refused: Sequence[Scene]) -> list[Term]:
    """Give the parts of requests that name what is tried, those with the most values first."""
    terms = [path_term(name) for name in inside[0].endpoint.params]
    names = {name for scene in refused if isinstance(scene.sample.json, dict) for name in scene.sample.json}
    terms += [json_term((name,)) for name in sorted(names)]
    terms += [form_term(name) for name in sorted({name for scene in refused for name in scene.sample.form})]
    terms.append(token_term())
    good = [one for one in terms if all(_is_key(one.get(scene)) for scene in refused)]
    return sorted(good, key=lambda one: -len({as_text(one.get(scene)) for scene in inside}))


def _is_key(value: object) -> bool:
    return value is not MISSING and value is not None and not isinstance(value, bool) and is_scalar(value)


def _limit(count: _Count, inside: Sequence[Scene], status: int, others: Sequence[Scene] = ()) -> _Told | None:
    """Give from how often on calls are refused with a status: all that are, and none that are not."""
    tried = _tried(count, inside, others)
    locked = [tried[scene.sample.number] for scene in inside if scene.sample.status == status]
    limit = min(locked)
    least = _LEAST if status in _LOCKING else _SOME
    if limit < (least if count.counted == SUCCESS else least - 1):
        return None
    above = [scene for scene in inside if scene.sample.status != status and tried[scene.sample.number] >= limit]
    if not above:
        return _Told(limit, False, count) if limit >= least else None
    is_last = all(tried[one.sample.number] == limit and _kind(one.sample.status) != count.counted for one in above)
    if not is_last or count.counted == SUCCESS:
        return None
    tried = _tried(count, inside, others, status)
    is_locked = all(one.sample.status == status for one in inside if tried[one.sample.number] > limit)
    return _Told(limit + 1, True, count) if is_locked else None


def _kind(status: int) -> int:
    return SUCCESS if SUCCESS <= status < 300 else status


def _tried(
    count: _Count, inside: Sequence[Scene], others: Sequence[Scene] = (), locked: int | None = None
) -> dict[int, int]:
    """Give how often it was tried before each call, by the number of its sample; `locked` is a status that counts."""
    known: dict[tuple[int, str], int] = defaultdict(int)
    found: dict[int, int] = {}
    for scene in sorted([*inside, *others], key=lambda one: one.sample.number):
        sample = scene.sample
        term = count.pardons.get(scene.endpoint, count.key)
        value = term.get(scene)
        place = sample.session, as_text(value)
        if scene.endpoint in count.pardons:
            known.pop(place, None)
            continue
        found[sample.number] = known[place] if _is_key(value) else 0
        if not _is_key(value):
            continue
        if _kind(sample.status) in (count.counted, locked):
            known[place] += 1
        elif sample.succeeded:
            known.pop(place, None)
    return found


def _with_pardons(
    count: _Count,
    inside: Sequence[Scene],
    status: int,
    by_endpoint: Mapping[Endpoint, list[Scene]],
    tickets: Sequence[Ticket],
) -> _Told | None:
    """Give the same where calls to other endpoints end the count: those after which what was locked is so no more.

    Nobody is let in who is locked out, unless something else was done, as a new password was set.
    """
    for _ in range(_MOST_PARDONS):
        tried = _tried(count, inside, _pardoning(count, by_endpoint))
        limit = min(tried[scene.sample.number] for scene in inside if scene.sample.status == status)
        if limit < _LEAST:
            return None
        above = [one for one in inside if one.sample.status != status and tried[one.sample.number] >= limit]
        between = [set(_between(count, one, inside, status, by_endpoint)) for one in above]
        if not between:
            return None
        for endpoint in sorted(set.intersection(*between), key=lambda one: one.id):
            term = _key_at(count, by_endpoint[endpoint], inside, tickets)
            if term is None:
                continue
            made = count._replace(pardons={**count.pardons, endpoint: term})
            told = _limit(made, inside, status, _pardoning(made, by_endpoint))
            if told is not None:
                return told
        return None
    return None


def _pardoning(count: _Count, by_endpoint: Mapping[Endpoint, list[Scene]]) -> list[Scene]:
    return [scene for one in count.pardons for scene in by_endpoint[one] if scene.sample.succeeded]


def _between(
    count: _Count, scene: Scene, inside: Sequence[Scene], status: int, by_endpoint: Mapping[Endpoint, list[Scene]]
) -> Iterator[Endpoint]:
    """Give the other endpoints that were written to between the last time that the key was locked and this call."""
    key = as_text(count.key.get(scene))
    before = [
        one.moment
        for one in inside
        if one.sample.session == scene.sample.session
        and one.moment < scene.moment
        and one.sample.status == status
        and as_text(count.key.get(one)) == key
    ]
    for endpoint, others in by_endpoint.items():
        if endpoint is not scene.endpoint and endpoint.method not in READS:
            own = [one for one in others if one.sample.session == scene.sample.session and one.sample.succeeded]
            if any(max(before, default=-1) < one.moment < scene.moment for one in own):
                yield endpoint


def _key_at(count: _Count, scenes: Sequence[Scene], inside: Sequence[Scene], tickets: Sequence[Ticket]) -> Term | None:
    """Give what tells the key at another endpoint: sent, or of who calls."""
    keys: dict[int, set[str]] = defaultdict(set)
    for one in inside:
        keys[one.sample.session].add(as_text(count.key.get(one)))
    own = [one for one in scenes if one.sample.succeeded and keys.get(one.sample.session)]
    named = ticket_lookups(scenes, tickets)
    for one in own:
        one.lookups = named
    vocabulary = Vocabulary(own, named)
    found = {
        term.text: term
        for one in own[:_LOOKED_AT]
        for key in keys[one.sample.session]
        for term in vocabulary.giving(key, one)
    }
    right = [term for term in found.values() if all(as_text(term.get(one)) in keys[one.sample.session] for one in own)]
    return min(right, key=lambda term: term.cost, default=None)


def _made(endpoint: Endpoint, status: int, told: _Told, taken: set[str]) -> Lockout:
    label = free_name(re.sub(r"\W+", "_", f"tries_at_{endpoint.id}").lower(), taken)
    count = told.way
    return Lockout(
        endpoint, label, count.key, told.limit, frozenset({count.counted}), {endpoint: status},
        {endpoint: Lookup(COUNT, label, count.key, decides=False)}, told.reaches, count.counted != SUCCESS,
        count.pardons,
    )  # fmt: skip


def _put(lockout: Lockout, scenes: Sequence[Scene]) -> None:
    """Have the timelines know how often things were tried."""
    for scene in scenes:
        sample = scene.sample
        scene.timeline.set_aside(lockout.collection)
        if scene.endpoint in lockout.pardons and sample.succeeded:
            key = lockout.pardons[scene.endpoint].get(scene)
            if _is_key(key):
                scene.timeline.put(lockout.collection, as_text(key), MISSING, scene.moment)
        if scene.endpoint is not lockout.endpoint or not _is_key(lockout.key.get(scene)):
            continue
        key = as_text(lockout.key.get(scene))
        if lockout.counts(sample.status):
            item = {COUNT: lockout.tried(scene) + 1}
            scene.timeline.put(lockout.collection, key, item, scene.moment)
        elif sample.succeeded and lockout.is_forgiven:
            scene.timeline.put(lockout.collection, key, MISSING, scene.moment)


def _with_others(lockout: Lockout, by_endpoint: Mapping[Endpoint, list[Scene]]) -> Lockout:
    """Add the other endpoints at which what is locked is refused with the same status, and nothing else with it."""
    status = lockout.locks[lockout.endpoint]
    locks, lookups = dict(lockout.locks), dict(lockout.lookups)
    for endpoint, scenes in by_endpoint.items():
        refused = [one for one in scenes if one.sample.status == status]
        if endpoint is lockout.endpoint or not refused or status not in _LOCKING:
            continue
        for key in _keys(scenes, refused):
            lookup = Lookup(f"{COUNT}_before", lockout.collection, key, decides=False)
            trying = [scene for scene in scenes if _count_of(lookup, scene) >= lockout.limit]
            if trying and all(scene.sample.status == status for scene in trying):
                locks[endpoint], lookups[endpoint] = status, lookup
                break
    return Lockout(
        lockout.endpoint, lockout.collection, lockout.key, lockout.limit, lockout.counted, locks, lookups,
        lockout.reaches, lockout.is_forgiven, lockout.pardons,
    )  # fmt: skip


def saves_of_lockouts(lockouts: Sequence[Lockout], endpoint: Endpoint, status: int) -> Iterator[dict[str, Any]]:
    """Write as saves how often something was tried, once a call is answered with a status."""
    for one in lockouts:
        succeeds = SUCCESS <= status < 300
        pardon = one.pardons.get(endpoint)
        if pardon is not None and succeeds:
            yield {"in": one.collection, "key": _said(pardon), "delete": True, "when": f"{pardon.text} is defined"}
        if endpoint is not one.endpoint:
            continue
        save = {"in": one.collection, "key": _said(one.key)}
        if one.counts(status):
            item = {COUNT: f"{{{{ {one.tried_term(endpoint).text} + 1 }}}}"}
            yield {**save, "item": item, "when": f"{one.key.text} is defined"}
        elif succeeds and one.is_forgiven:
            yield {**save, "delete": True, "when": f"{one.text_at(endpoint)} is defined"}


def _said(term: Term) -> str:
    return f"{{{{ {term.text} }}}}"


def _count_of(lookup: Lookup, scene: Scene) -> int:
    item = lookup.find(scene)[1]
    return item[COUNT] if isinstance(item, dict) else 0
