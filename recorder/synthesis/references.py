"""References: which held items a request speaks of, by the parameters of its path, by its fields and by credentials."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.entities import ONLY, Binding, Collection
from recorder.synthesis.paths import singular
from recorder.synthesis.sample import Sample
from recorder.synthesis.scene import GONE, Lookup, Scene
from recorder.synthesis.term import Term, member
from recorder.synthesis.values import MISSING, Path, as_text, is_scalar, leaves, look, parts

if TYPE_CHECKING:
    from recorder.synthesis.world import World

_MOST_LOOKUPS: Final = 12
_SHORTEST_TICKET: Final = 6
_COOKIE: Final = re.compile(r"([^=;\s]+)=([^;]*)")
_PLAIN_HEADERS: Final = re.compile(
    r"host|connection|accept.*|user-agent|content-.*|authorization|cookie|date|x-mimic-.*|traceparent|via|if-.*|origin|referer"
)


@dataclass(eq=False, slots=True)
class Ticket:
    """Something handed out in an answer and shown again later: a token, a cookie, a code.

    `name` is the collection that remembers it; `issuers` maps an endpoint to the expression of its answer's place, and
    how a sample's answer gives it. `revokers` are the endpoints that end a ticket: the
    one that is shown (None), or the one that was handed out together with another that is shown, at a place of that answer.
    """

    name: str
    slot: str
    term: Term
    issuers: dict[Endpoint, list[tuple[str, Callable[[Sample], Any]]]] = field(default_factory=dict)
    revokers: dict[Endpoint, list[tuple[Ticket | None, Path]]] = field(default_factory=dict)


def path_lookups(endpoint: Endpoint, binding: Binding) -> dict[str, Lookup]:
    """Give the items that the parameters of an endpoint's path name."""
    found: dict[str, Lookup] = {}
    named = [*((collection, count) for collection, count in binding.parents)]
    for collection, count in named:
        name = _free(singular(collection.name), found)
        found[name] = Lookup(name, collection.name, key_term(endpoint, count))
    if binding.role in ("item", "action") and binding.collection is not None:
        count = binding.collection.count
        found["item"] = Lookup("item", binding.collection.name, key_term(endpoint, count))
        found["gone"] = Lookup("gone", binding.collection.name + GONE, key_term(endpoint, count))
    return found


def key_term(endpoint: Endpoint, count: int, *, trailing: bool = False) -> Term:
    """Give the term of a key made of the first parameters of the path; `trailing` ends it with a slash."""
    names = endpoint.params[:count]
    if not names and not trailing:
        return Term(f"'{ONLY}'", lambda _scene: ONLY, ONLY)
    pieces = [member("request.path_params", (name,)) for name in names]
    text = " ~ '/' ~ ".join(pieces) + (" ~ '/'" if trailing and pieces else "")
    end = "/" if trailing and names else ""
    return Term(
        text or "''", lambda scene: "/".join(scene.params[name] for name in names) + end, names[-1] if names else ""
    )


def find_tickets(
    samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint], keys: Mapping[int, set[str]]
) -> list[Ticket]:
    """Find what is handed out and shown again. `keys` are, for each session, the keys of items, which are no tickets."""
    issued: dict[int, dict[str, list[tuple[int, Endpoint, str, Callable[[Sample], Any]]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    links: dict[str, Counter[tuple[Endpoint, str]]] = defaultdict(Counter)
    readers: dict[tuple[Endpoint, str], Callable[[Sample], Any]] = {}
    shown: Counter[str] = Counter()
    linked: Counter[str] = Counter()
    terms: dict[str, Term] = {}
    values: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        known = issued[sample.session]
        for slot, term, value in _slots(sample):
            values[slot][value].add(sample.session)
            if sample.succeeded:
                shown[slot] += 1
            terms.setdefault(slot, term)
            if value in keys.get(sample.session, ()):
                continue
            sources = known.get(value)
            if sources:
                if sample.succeeded:
                    linked[slot] += 1
                for _, issuer, place, _ in sources[:1]:
                    links[slot][issuer, place] += 1
        if sample.succeeded:
            for place, read, value in _handed_out(sample):
                readers[endpoint, place] = read
                known[value].append((sample.number, endpoint, place, read))
    tickets: list[Ticket] = []
    names: set[str] = set()
    for slot, counts in links.items():
        if not shown[slot] or linked[slot] * 2 < shown[slot] or not _is_handed_out_once(values[slot]):
            continue
        word = re.sub(r"\W+", "_", slot.rpartition(".")[2]).strip("_").lower() or "token"
        name = _free(f"{word}s" if not word.endswith("s") else word, names)
        names.add(name)
        ticket = Ticket(name, slot, terms[slot])
        for issuer, place in counts:
            ticket.issuers.setdefault(issuer, []).append((place, readers[issuer, place]))
        tickets.append(ticket)
    return tickets


def _is_handed_out_once(values: Mapping[str, set[int]]) -> bool:
    """Tell whether values look like tickets: not words of a few that every session uses."""
    sessions = set().union(*values.values())
    again = sum(len(inside) > 1 for inside in values.values())
    if len(sessions) > 1 and again * 3 > len(values) and not all(_NUMBERED.fullmatch(value) for value in values):
        return False
    return any(any(map(str.isdigit, value)) or len(value) >= 16 for value in values)


_NUMBERED: Final = re.compile(r"\d{1,6}")


def _slots(sample: Sample) -> Iterator[tuple[str, Term, str]]:
    auth = sample.auth
    if auth.token and auth.scheme != "basic":
        yield (
            "auth.token",
            Term("request.auth.token", lambda scene: scene.sample.auth.token or MISSING, "token", 1.9),
            auth.token,
        )
    for name, value in sample.cookies.items():
        if value:
            yield f"cookies.{name}", Term(
                member("request.cookies", (name,)), lambda scene, name=name: scene.sample.cookies.get(name, MISSING), name, 1.8
            ), value  # fmt: skip
    for name, value in sample.headers.items():
        if not _PLAIN_HEADERS.fullmatch(name) and len(value) >= _SHORTEST_TICKET:
            yield f"headers.{name}", Term(
                f"request.headers[{name!r}]", lambda scene, name=name: scene.sample.headers.get(name, MISSING), name, 2.0
            ), value  # fmt: skip
    if isinstance(sample.json, dict):
        for name, value in sample.json.items():
            if isinstance(value, str) and len(value) >= _SHORTEST_TICKET:
                yield f"json.{name}", Term(
                    member("request.json", (name,)), lambda scene, name=name: look(scene.sample.json, (name,)), name, 1.0
                ), value  # fmt: skip
    for name, values in sample.form.items():
        if len(values[0]) >= _SHORTEST_TICKET:
            yield f"form.{name}", Term(
                member("request.form", (name,)), lambda scene, name=name: scene.sample.form.get(name, [MISSING])[0], name, 1.1
            ), values[0]  # fmt: skip
    for name, values in sample.query.items():
        if len(values[0]) >= _SHORTEST_TICKET:
            yield f"query.{name}", Term(
                member("request.query", (name,)), lambda scene, name=name: scene.sample.query.get(name, [MISSING])[0], name, 1.3
            ), values[0]  # fmt: skip


def _handed_out(sample: Sample) -> Iterator[tuple[str, Callable[[Sample], Any], str]]:
    if sample.answer_json is not MISSING:
        for path, value in leaves(sample.answer_json, longest_list=0):
            if isinstance(value, str) and len(value) >= _SHORTEST_TICKET and " " not in value:
                yield member("vars.answer.json", path), _reader_of_json(path), value
    for name, value in sample.answer_headers:
        if name == "set-cookie":
            read = _COOKIE.match(value)
            if read is not None and read[2]:
                cookie = read[1]
                text = f"(vars.answer.headers['set-cookie'] | regex_search('{re.escape(cookie)}=([^;]*)', 1))"
                yield text, _reader_of_cookie(cookie), read[2]
        elif len(value) >= _SHORTEST_TICKET and name.startswith("x-"):
            yield f"vars.answer.headers[{name!r}]", lambda one, name=name: one.answer_header(name), value


def _reader_of_json(path: Path) -> Callable[[Sample], Any]:
    return lambda sample: look(sample.answer_json, path)


def _reader_of_cookie(cookie: str) -> Callable[[Sample], Any]:
    def read(sample: Sample) -> Any:
        for name, value in sample.answer_headers:
            found = _COOKIE.match(value) if name == "set-cookie" else None
            if found is not None and found[1] == cookie:
                return found[2]
        return MISSING

    return read


def find_memories(samples: Sequence[Sample], endpoint_of: Mapping[int, Endpoint]) -> list[Ticket]:
    """Find headers by which an endpoint knows a request that came before: what is sent with one key twice is one call."""
    seen: dict[tuple[Endpoint, str], dict[tuple[int, str], list[Sample]]] = defaultdict(lambda: defaultdict(list))
    terms: dict[str, Term] = {}
    for sample in samples:
        if sample.method in ("POST", "PUT", "PATCH"):
            for slot, term, value in _slots(sample):
                if slot.startswith("headers."):
                    terms[slot] = term
                    seen[endpoint_of[sample.number], slot][sample.session, value].append(sample)
    found: list[Ticket] = []
    for (endpoint, slot), calls in seen.items():
        again = [inside for inside in calls.values() if len(inside) > 1 and inside[0].succeeded]
        told = sum(
            later.answer_body == inside[0].answer_body or later.status in (409, 422)
            for inside in again
            for later in inside[1:]
        )
        if again and told * 10 >= sum(len(inside) - 1 for inside in again) * 9 and len(calls) > len(again):
            name = re.sub(r"\W+", "_", f"{slot.rpartition('.')[2]}_of_{endpoint.id}").lower()
            term = terms[slot]
            found.append(
                Ticket(
                    name,
                    slot,
                    term,
                    {endpoint: [(term.text, lambda sample, slot=slot: sample.headers.get(slot[8:], MISSING))]},
                )
            )
    return found


def remember_tickets(world: World, tickets: Sequence[Ticket]) -> None:
    """Put what is handed out into the timelines, each with the request and the answer that it came with.

    Who shows a ticket to get another hands on what was remembered with the first.
    """
    for scene in world.scenes:
        if not scene.sample.succeeded:
            continue
        for ticket in tickets:
            for _, read in ticket.issuers.get(scene.endpoint, ()):
                value = read(scene.sample)
                if value is MISSING or value is None:
                    continue
                item: dict[str, Any] = {"request": {}, "answer": {}}
                for other in tickets:
                    shown = other.term.get(scene)
                    old = (
                        scene.timeline.get(other.name, as_text(shown), scene.moment)
                        if shown is not MISSING
                        else MISSING
                    )
                    if isinstance(old, dict):
                        item = {"request": {**old["request"]}, "answer": {**old["answer"]}}
                item["request"] |= given_of(scene.sample)
                item["answer"] |= scene.sample.answer_json if isinstance(scene.sample.answer_json, dict) else {}
                scene.timeline.put(ticket.name, as_text(value), item, scene.moment)
    _learn_revocation(world, tickets)


def given_of(sample: Sample) -> dict[str, Any]:
    """Give the fields that a request sent, from JSON or a form."""
    if isinstance(sample.json, dict):
        return dict(sample.json)
    return {name: values[0] for name, values in sample.form.items()}


def _learn_revocation(world: World, tickets: Sequence[Ticket]) -> None:
    """Find the endpoints after which a ticket is refused: one that is shown to them, or one that came with it."""
    for ticket in tickets:
        votes: Counter[tuple[Endpoint, Ticket | None, Path]] = Counter()
        touched: dict[tuple[int, str], list[tuple[Endpoint, Ticket | None, Path]]] = defaultdict(list)
        for scene in world.scenes:
            session = scene.sample.session
            shown = ticket.term.get(scene)
            if shown is not MISSING and scene.timeline.get(ticket.name, as_text(shown), scene.moment) is not MISSING:
                causes = touched.pop((session, as_text(shown)), [])
                if scene.sample.status == 401:
                    votes.update(dict.fromkeys(causes, 1))
                elif scene.sample.succeeded:
                    votes.subtract(dict.fromkeys(causes, 2))
            if not scene.sample.succeeded or scene.sample.method in ("GET", "HEAD"):
                continue
            if shown is not MISSING:
                touched[session, as_text(shown)].append((scene.endpoint, None, ()))
            for other, path, value in _companions(scene, tickets):
                touched[session, value].append((scene.endpoint, other, path))
        for (endpoint, other, path), count in votes.items():
            if count > 0:
                ticket.revokers.setdefault(endpoint, []).append((other, path))
        for scene in world.scenes:
            if scene.endpoint in ticket.revokers and scene.sample.succeeded:
                for other, path in ticket.revokers[scene.endpoint]:
                    shown = ticket.term.get(scene) if other is None else _with(scene, other, path)
                    if shown is not MISSING and shown is not None:
                        scene.timeline.put(ticket.name, as_text(shown), MISSING, scene.moment)


def _with(scene: Scene, other: Ticket, path: Path) -> Any:
    """Give what was handed out together with the ticket that a scene shows."""
    shown = other.term.get(scene)
    if shown is MISSING:
        return MISSING
    return look(scene.timeline.get(other.name, as_text(shown), scene.moment), path)


def _companions(scene: Scene, tickets: Sequence[Ticket]) -> Iterator[tuple[Ticket, Path, str]]:
    for other in tickets:
        shown = other.term.get(scene)
        item = scene.timeline.get(other.name, as_text(shown), scene.moment) if shown is not MISSING else MISSING
        if isinstance(item, dict):
            for path, value in leaves(item["answer"], longest_list=0):
                if isinstance(value, str) and len(value) >= _SHORTEST_TICKET and value != as_text(shown):
                    yield other, ("answer", *path), value


def ticket_lookups(scenes: Sequence[Scene], tickets: Sequence[Ticket]) -> dict[str, Lookup]:
    """Give the tickets that this endpoint's requests show."""
    found: dict[str, Lookup] = {}
    for ticket in tickets:
        if any(ticket.term.get(scene) is not MISSING for scene in scenes):
            name = _free(singular(ticket.name), found)
            lookup = Lookup(name, ticket.name, ticket.term)
            if any(lookup.find(scene)[1] is not MISSING for scene in scenes):
                found[name] = lookup
    return found


class Fields:
    """Which values the fields of each collection's items had in each session."""

    def __init__(self, world: World, collections: Sequence[Collection]) -> None:
        self.keys: dict[str, dict[int, set[str]]] = {}
        self.values: dict[str, dict[str, dict[int, set[str]]]] = {}
        self.unique: dict[str, set[str]] = {}
        """The fields that no two items of a session share, by collection."""
        last = max((scene.moment for scene in world.scenes), default=0) + 1
        for collection in collections:
            keys: dict[int, set[str]] = {}
            values: dict[str, dict[int, set[str]]] = defaultdict(dict)
            owners: dict[str, dict[tuple[int, str], set[str]]] = defaultdict(lambda: defaultdict(set))
            for session, timeline in world.timelines.items():
                seen = _ever(timeline, collection.name, last)
                keys[session] = {key for key, _ in seen}
                for key, item in seen:
                    for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                        if len(path) <= 2 and isinstance(value, str | int) and not isinstance(value, bool):
                            name = ".".join(map(str, path))
                            values[name].setdefault(session, set()).add(as_text(value))
                            owners[name][session, as_text(value)].add(key)
            self.unique[collection.name] = {
                name for name, held in owners.items()
                if sum(len(keys) > 1 for keys in held.values()) * 10 <= len(held)
            }  # fmt: skip
            self.keys[collection.name] = keys
            self.values[collection.name] = values


def _ever(timeline: Any, name: str, last: int) -> list[tuple[str, Any]]:
    histories = timeline._versions.get(name, {})
    return [(key, item) for key, history in histories.items() for _, item in history if item is not MISSING and last]


def field_lookups(
    endpoint: Endpoint, binding: Binding, scenes: Sequence[Scene], collections: Sequence[Collection], fields: Fields,
    known: Mapping[str, Lookup],
) -> dict[str, Lookup]:  # fmt: skip
    """Give the items that fields of the request, or of what is looked up already, speak of."""
    found: dict[str, Lookup] = {}
    for term in _asked(scenes, known):
        pairs = [
            (scene, as_text(value)) for scene in scenes if is_scalar(value := term.get(scene)) and value is not None
        ]
        pairs = [(scene, value) for scene, value in pairs if value]
        if not pairs:
            continue
        for collection in collections:
            if len(found) + len(known) >= _MOST_LOOKUPS:
                return found
            lookup = _reference(term, pairs, collection, fields, binding, endpoint, {**known, **found})
            if lookup is not None:
                found[lookup.name] = lookup
    return found


def _reference(
    term: Term, pairs: Sequence[tuple[Scene, str]], collection: Collection, fields: Fields, binding: Binding,
    endpoint: Endpoint, known: Mapping[str, Lookup],
) -> Lookup | None:  # fmt: skip
    name = singular(collection.name)
    told = [one for one in binding.also if one.collection is collection and one.is_told]
    is_named = any(
        sum(as_text(look(scene.sample.answer_json, one.made)) == value for scene, value in pairs if scene.sample.succeeded) * 10
        >= sum(scene.sample.succeeded for scene, _ in pairs) * 8
        for one in told
    ) or any(one is collection for one, _ in binding.drops)  # fmt: skip
    alike = is_named or name in re.sub(r"\W", "", term.name.lower()) or term.name.lower().endswith("_id")
    deep = collection.count
    keyed = fields.keys[collection.name]
    if deep == 1 and not (
        binding.role in ("item", "action") and binding.collection is collection and term.text.startswith("request.path")
    ):
        hits = sum(value in keyed.get(scene.sample.session, ()) for scene, value in pairs)
        if hits and (alike or hits * 2 >= len(pairs)) and (alike or any(len(value) > 3 for _, value in pairs)):
            made = Lookup(_free(name, known), collection.name, term)
            if any(made.find(scene)[1] is not MISSING for scene, _ in pairs):
                return made
    best: tuple[float, str] | None = None
    for path, values in fields.values[collection.name].items():
        plain = path.rpartition(".")[2].lower()
        hits = sum(value in values.get(scene.sample.session, ()) for scene, value in pairs)
        distinct = {value for _, value in pairs}
        if path not in fields.unique[collection.name]:
            continue
        if not hits or len(distinct) < 2 and len(pairs) > 1 and len(next(iter(distinct))) < 5:
            continue
        same_name = plain == term.name.lower()
        if not same_name and (hits * 2 < len(pairs) or all(len(value) < 5 for value in distinct)):
            continue
        score = hits / len(pairs) + (1.0 if same_name else 0.0)
        if best is None or score > best[0]:
            best = (score, path)
    if best is None:
        return None
    prefix = None
    if deep > 1:
        if len(endpoint.params) < deep - 1:
            return None
        prefix = key_term(endpoint, deep - 1, trailing=True)
    label = (
        f"same_{best[1].replace('.', '_')}"
        if binding.role == "collection" and binding.collection is collection
        else name
    )
    made = Lookup(_free(re.sub(r"\W", "_", label), known), collection.name, term, best[1], prefix)
    return made if any(made.find(scene)[1] is not MISSING for scene, _ in pairs) else None


def _asked(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the scalars that may speak of an item: of the request, and of tickets that it shows."""
    paths: dict[Path, None] = {}
    for scene in scenes[:60]:
        for path, value in leaves(scene.sample.json, longest_list=0) if isinstance(scene.sample.json, dict) else ():
            if len(path) <= 3 and isinstance(value, str | int) and not isinstance(value, bool):
                paths.setdefault(path)
    for path in sorted(paths, key=lambda path: (len(path), path))[:40]:
        yield Term(
            member("request.json", path), lambda scene, path=path: look(scene.sample.json, path), str(path[-1]), 1.0
        )  # fmt: skip
    for name in sorted({name for scene in scenes[:60] for name in scene.sample.form}):
        yield Term(
            member("request.form", (name,)),
            lambda scene, name=name: scene.sample.form.get(name, [MISSING])[0],
            name,
            1.1,
        )
    for name in sorted({name for scene in scenes[:60] for name in scene.sample.query}):
        yield Term(
            member("request.query", (name,)),
            lambda scene, name=name: scene.sample.query.get(name, [MISSING])[0],
            name,
            1.3,
        )
    if any(scene.sample.auth.username for scene in scenes):
        yield Term("request.auth.username", lambda scene: scene.sample.auth.username or MISSING, "username", 1.6)
    for name, lookup in known.items():
        if lookup.collection == "" or name == "item":
            continue
        seen: dict[Path, None] = {}
        for scene in scenes[:40]:
            item = scene.looked_up(name) if scene.lookups else lookup.find(scene)[1]
            if isinstance(item, dict) and set(item) == {"request", "answer"}:
                for path, value in leaves(item, longest_list=0):
                    if isinstance(value, str | int) and not isinstance(value, bool) and len(path) <= 3:
                        seen.setdefault(path)
        for path in list(seen)[:12]:
            yield Term(
                member(f"vars.{name}", path), lambda scene, k=lookup, p=path: look(k.find(scene)[1], p), str(path[-1]), 1.6,
                frozenset({name}),
            )  # fmt: skip


def row_lookups(scenes: Sequence[Scene], known: Mapping[str, Lookup]) -> dict[str, Lookup]:
    """Give the objects in lists of what is looked up that a request speaks of: the line of a cart, say."""
    keyed = {name for lookup in known.values() for name in re.findall(r"path_params\.(\w+)", lookup.key.text)}
    params = [
        Term(
            member("request.path_params", (name,)), lambda scene, name=name: scene.params.get(name, MISSING), name, 1.0
        )
        for name in scenes[0].params
        if name not in keyed
    ]
    asked = [*params, *(term for term in _asked(scenes, {}) if not term.text.startswith("request.query"))]
    found: dict[str, Lookup] = {}
    for name, lookup in known.items():
        lists: dict[Path, set[str]] = defaultdict(set)
        for scene in scenes[:80]:
            item = lookup.find(scene)[1]
            for path, rows in parts(item, longest_list=0) if isinstance(item, dict) else ():
                if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
                    lists[path] |= {field for field, value in rows[0].items() if is_scalar(value)}
        for path, fields in lists.items():
            within = Term(
                member(f"vars.{name}", path), lambda scene, k=lookup, p=path: look(k.find(scene)[1], p), str(path[-1]), 1.0,
                frozenset({name}),
            )  # fmt: skip
            for term in asked:
                best: tuple[float, Lookup] | None = None
                for field in sorted(fields):
                    label = singular(str(path[-1]))
                    made = Lookup(
                        _free(f"{name}_{label}" if label == "item" else label, {**known, **found}),
                        "",
                        term,
                        field,
                        None,
                        within,
                    )
                    hits = sum(made.find(scene)[1] is not MISSING for scene in scenes)
                    good = sum(made.find(scene)[1] is not MISSING for scene in scenes if scene.sample.succeeded)
                    score = good * 2 + hits + (len(scenes) if field.lower() == term.name.lower() else 0)
                    is_own = term in params or field.lower() == term.name.lower()
                    if hits and is_own and (best is None or score > best[0]):
                        best = (score, made)
                if best is not None:
                    found[best[1].name] = best[1]
    return found


def _free(name: str, used: Any) -> str:
    made, number = re.sub(r"\W", "_", name) or "thing", 2
    while made in used or made in ("item", "list", "answer", "gone"):
        made, number = f"{name}{number}", number + 1
    return made
