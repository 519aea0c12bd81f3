"""Lists: what the parameters of a list mean, found by trying each meaning on the lists that were recorded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final
from urllib.parse import quote, unquote

from cassettes.definition import ListSpec
from cassettes.listing import TESTS, cursor_at, excerpt, read_field
from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.entities import Binding
from recorder.synthesis.references import key_term
from recorder.synthesis.scene import Lookup, Scene
from recorder.synthesis.term import Term, member
from recorder.synthesis.values import MISSING, Path, as_text, canon, is_number, is_scalar, leaves, look

_MOST_SCENES: Final = 60
_MOST_FIELDS: Final = 24
_OPERATORS: Final = ("eq", "ge", "le", "gt", "lt", "ne", "like", "starts", "in", "has", "present")
_PAIRS: Final = 1_500
_SHORTEST_CURSOR: Final = 4
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
Draft = dict[str, Any]
Change = Callable[[Draft], Draft]


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found: the `list` of the definition, the terms of `vars.list`, and in how many scenes it was right."""

    spec: Draft
    terms: tuple[Term, ...]
    right: int
    tried: int


@dataclass(slots=True)
class _Listing:
    """One recorded list: what there was, and the ids that were given, in order."""

    scene: Scene
    pool: list[Any]
    ids: list[str]
    given: list[str]
    query: dict[str, list[str]]
    callers: dict[str, Any]


def learn_list(
    endpoint: Endpoint, binding: Binding, scenes: Sequence[Scene], lookups: Mapping[str, Lookup]
) -> Listed | None:
    """Learn what a list gives: which items, in which order, by which pages; None where the endpoint gives none.

    Each scene is given the page that the answer should be as `values["list"]`.
    """
    collection = binding.collection
    if (
        binding.role != "collection"
        or collection is None
        or binding.rows is None
        or endpoint.method not in ("GET", "HEAD")
        and not binding.lists_by_call
    ):
        return None
    prefix = key_term(endpoint, len(endpoint.params), trailing=True)
    for scene in scenes:
        scene.lookups = lookups
    callers = _callers(scenes, lookups)
    listings = [
        _listing(scene, binding, as_text(prefix.get(scene)), callers) for scene in scenes if scene.sample.succeeded
    ]
    usable = [one for one in listings if one is not None]
    handed = _follow_cursors(usable)
    if not usable:
        return None
    step = max(1, len(usable) // _MOST_SCENES)
    tried = usable[::step]
    spec: Draft = {"in": collection.name}
    if endpoint.params:
        spec["under"] = f"{{{{ {prefix.text} }}}}"
    spec = _learn(_of_the_caller(spec, tried), tried)
    spec = _freed(spec, tried)
    right = sum(_is_right(spec, one) for one in tried)
    model = ListSpec.model_validate(spec)
    for scene in scenes:
        pool = list(scene.timeline.under(collection.name, as_text(prefix.get(scene)), scene.moment).values())
        query = next((one.query for one in usable if one.scene is scene), scene.sample.query)
        page = excerpt(model, pool, query, _values(model, {text: term.get(scene) for text, term in callers.items()}))
        if page["next_cursor"] is not None and id(scene) in handed:
            page["next_cursor"] = handed[id(scene)]
        scene.values = {**scene.values, "list": page}
    for one in usable:
        one.scene.values["list_right"] = _picked(model, one) == one.given
    return Listed(spec, tuple(_terms(collection.name)), right, len(tried))


def _callers(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> dict[str, Term]:
    """Give the terms that tell who asks, by how they are written in a definition."""
    found: dict[str, Term] = {}
    if any(scene.sample.auth.username for scene in scenes):
        term = Term("request.auth.username", lambda scene: scene.sample.auth.username or MISSING, "username")
        found[f"{{{{ {term.text} }}}}"] = term
    for name in lookups:
        for scene in scenes[:20]:
            item = scene.looked_up(name)
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                if len(path) <= 3 and isinstance(value, str | int) and not isinstance(value, bool):
                    text = member(f"vars.{name}", path)
                    found.setdefault(
                        f"{{{{ {text} }}}}",
                        Term(text, lambda scene, n=name, p=path: look(scene.looked_up(n), p), str(path[-1]), 1.0, frozenset({name})),
                    )  # fmt: skip
    return dict(list(found.items())[:40])


def _values(model: ListSpec, callers: Mapping[str, Any]) -> list[Any]:
    return [
        callers.get(one.value, one.value) if isinstance(one.value, str) else one.value
        for one in (*model.where, *model.any)
    ]


def _of_the_caller(spec: Draft, listings: Sequence[_Listing]) -> Draft:
    """Say that a list gives only what has to do with who asks, where all that was given did and the rest did not."""
    plain = [one for one in listings if not one.query] or list(listings)
    for text in listings[0].callers:
        if len({as_text(one.callers[text]) for one in plain}) < 2 or any(one.callers[text] is MISSING for one in plain):
            continue
        tests = []
        fields = [
            *((field, "eq") for field in _fields(listings)),
            *((field, "has") for field in _list_fields(listings)),
        ]
        for field, operator in fields:
            held = [(key in one.given) for one in plain for key, item in zip(one.ids, one.pool, strict=True)
                    if TESTS[operator](read_field(item, field.split(".")), [as_text(one.callers[text])])]  # fmt: skip
            if held and sum(held) * 50 >= len(held) * 49:
                tests.append({"field": field, "op": operator, "value": text})
        draft = {**spec, "where": [*spec.get("where", []), tests[0]]} if len(tests) == 1 else {**spec, "any": tests}
        if tests and sum(_scores(draft, plain)) > sum(_scores(spec, plain)) + 0.5:
            return draft
    return spec


def _list_fields(listings: Sequence[_Listing]) -> list[str]:
    found: dict[str, None] = {}
    for one in listings:
        for item in one.pool[:20]:
            found |= (
                {name: None for name, value in item.items() if isinstance(value, list)}
                if isinstance(item, dict)
                else {}
            )
    return list(found)[:8]


def _terms(collection: str) -> Iterator[Term]:
    uses = frozenset({"list"})
    sign = "\N{SECTION SIGN}"
    yield Term(
        f"{sign}{collection}{sign}vars.list.items{sign}", lambda scene: _of_list(scene, "items"), "items", 0.9, uses
    )
    for name in (
        "total", "all", "offset", "limit", "page", "pages", "has_more", "has_previous", "next_page", "previous_page",
        "next_offset", "previous_offset", "next_cursor",
    ):  # fmt: skip
        yield Term(f"vars.list.{name}", lambda scene, name=name: _of_list(scene, name), name, 1.1, uses)
    yield Term("(vars.list.pages or 1)", lambda scene: _of_list(scene, "pages") or 1, "pages", 1.15, uses)
    yield Term(
        "(vars.list.items | length)",
        lambda scene: len(scene.values.get("list", {}).get("items", ())),
        "count",
        1.0,
        uses,
    )


def _of_list(scene: Scene, name: str) -> Any:
    found = scene.values.get("list")
    return found.get(name, MISSING) if isinstance(found, dict) else MISSING


def _listing(scene: Scene, binding: Binding, prefix: str, callers: Mapping[str, Term]) -> _Listing | None:
    collection = binding.collection
    assert collection is not None
    assert binding.rows is not None
    rows = look(scene.sample.answer_json, binding.rows)
    if not isinstance(rows, list):
        return None
    held = scene.timeline.under(collection.name, prefix, scene.moment)
    given = [as_text(row if binding.rows_are_ids else look(row, collection.id_path or ())) for row in rows]
    ids = [key[len(prefix) :] for key in held]
    return _Listing(
        scene,
        list(held.values()),
        ids,
        given,
        scene.sample.query,
        {text: term.get(scene) for text, term in callers.items()},
    )


def _follow_cursors(listings: Sequence[_Listing]) -> dict[int, str]:
    """Have cursors mean what they continue: each is written anew as the place at which its list went on.

    Gives the cursor that each list handed out, as recorded, by the identity of its scene.
    """
    handed: dict[int, str] = {}
    names = _cursor_names(listings)
    places: dict[tuple[int, str], int] = {}
    for one in listings:
        session = one.scene.sample.session
        start = 0
        for name in names:
            token = one.query.get(name, [""])[0]
            if (session, token) in places:
                start = places[session, token]
                one.query = {**one.query, name: [cursor_at(start)]}
        for name in names:
            token = _token_in(one.scene, name, listings)
            if token:
                places[session, token] = start + len(one.given)
                handed[id(one.scene)] = token
    return handed


def _cursor_names(listings: Sequence[_Listing]) -> list[str]:
    """Give the parameters whose values an earlier answer of the session held: what is sent back to go on."""
    votes: dict[str, int] = defaultdict(int)
    told: dict[int, set[str]] = defaultdict(set)
    for one in listings:
        sample = one.scene.sample
        own = {value for values in sample.query.values() for value in values}
        for name, values in one.query.items():
            if len(values[0]) >= _SHORTEST_CURSOR and not values[0].isdigit():
                votes[name] += 1 if values[0] in told[sample.session] else -1
        texts = [value for _, value in sample.answer_headers]
        if sample.answer_json is not MISSING:
            texts += [value for _, value in leaves(sample.answer_json, longest_list=0) if isinstance(value, str)]
        told[sample.session] |= {
            unquote(value) for text in texts for value in re.findall(r"[?&][^=&?]+=([^&>\"'\s]+)", text)
        } - own
        told[sample.session] |= {text for text in texts if " " not in text} - own
    return [name for name, count in votes.items() if count > 0]


def _token_in(scene: Scene, name: str, listings: Sequence[_Listing]) -> str | None:
    """Find the cursor that an answer hands out: in a link, or where the answer shows one that was sent later."""
    sample = scene.sample
    for text in (*(value for _, value in sample.answer_headers), sample.answer_text or ""):
        found = re.search(rf"[?&]{re.escape(name)}=([^&>\"'\s]+)", text)
        if found is not None:
            return unquote(found[1])
    if sample.answer_json is MISSING:
        return None
    for path in _token_paths(name, listings):
        value = look(sample.answer_json, path)
        if isinstance(value, str) and value:
            return value
    return None


def _token_paths(name: str, listings: Sequence[_Listing]) -> list[Path]:
    sent = {one.scene.sample.query[name][0] for one in listings if name in one.scene.sample.query}
    found: dict[Path, None] = {}
    for one in listings:
        for path, value in leaves(one.scene.sample.answer_json, longest_list=0):
            if isinstance(value, str) and value in sent:
                found.setdefault(path)
    return list(found)


def _picked(model: ListSpec, one: _Listing) -> list[str]:
    """Give the ids that a draft would list."""
    marked = [_Marked(item, place) for place, item in enumerate(one.pool)]
    found = excerpt(model, marked, one.query, _values(model, one.callers))["items"]
    return [one.ids[item.place] for item in found if isinstance(item, _Marked)]


class _Marked(dict[str, Any]):
    """An item that knows its place among those there were."""

    def __init__(self, item: Any, place: int) -> None:
        super().__init__(item if isinstance(item, dict) else {})
        self.place = place


def _is_right(spec: Draft, one: _Listing) -> bool:
    return _picked(ListSpec.model_validate(spec), one) == one.given


def _learn(spec: Draft, listings: Sequence[_Listing]) -> Draft:
    known: set[str] = set()
    plain = [one for one in listings if not one.query] or list(listings)
    spec = _best(spec, plain, list(_defaults(listings)), [])[0]
    waiting = defaultdict(list)
    for one in listings:
        for name in one.query:
            waiting[name].append(one)
    order = sorted(waiting, key=lambda name: (min(len(one.query) for one in waiting[name]), -len(waiting[name]), name))
    for name in order:
        if name in known:
            continue
        alone = [one for one in waiting[name] if set(one.query) <= known | {name}]
        if alone:
            spec = _best(spec, alone, list(_meanings(name, alone)), plain)[0]
            known.add(name)
            continue
        partner = next(iter(sorted(set(waiting[name][0].query) - known - {name})), None)
        if partner is None:
            continue
        both = [
            one for one in listings if {name, partner} & set(one.query) and set(one.query) <= known | {name, partner}
        ]
        pairs = list(product(_meanings(name, both or waiting[name]), _meanings(partner, both or waiting[name])))[
            :_PAIRS
        ]
        spec = _best(spec, both or waiting[name], [_after(one, two) for one, two in pairs], plain)[0]
        known |= {name, partner}
    return spec


def _freed(spec: Draft, listings: Sequence[_Listing]) -> Draft:
    """Say that any field filters by its name, where two or more do and nothing speaks against it."""
    own = [one for one in spec.get("where", []) if one.get("param") == one["field"] and one["op"] == "eq"]
    if len(own) < 2:
        return spec
    rest = [one for one in spec["where"] if one not in own]
    draft = {
        **{name: part for name, part in spec.items() if name != "where"},
        **({"where": rest} if rest else {}),
        "free": True,
    }
    return draft if sum(_scores(draft, listings)) >= sum(_scores(spec, listings)) else spec


def _after(one: Change, other: Change) -> Change:
    return lambda spec: other(one(spec))


def _best(
    spec: Draft, listings: Sequence[_Listing], changes: Sequence[Change], also: Sequence[_Listing]
) -> tuple[Draft, int]:
    """Give the draft that lists most of the recorded lists right; of those that are as good the earliest, else as it was."""
    tried = [*listings[:30], *also[:6]]
    best, scores = spec, _scores(spec, tried)
    seen: set[str] = {repr(spec)}
    for change in changes:
        draft = change(spec)
        if repr(draft) in seen:
            continue
        seen.add(repr(draft))
        wrong = [place for place, score in enumerate(scores) if score < 1]
        if not wrong:
            break
        made = _scores(draft, [tried[place] for place in wrong])
        # What helps no list that is wrong so far need not be tried on the others.
        if sum(made) <= sum(scores[place] for place in wrong) + 1e-9:
            continue
        whole = _scores(draft, tried)
        if sum(whole) > sum(scores) + 1e-9:
            best, scores = draft, whole
    return best, int(sum(scores))


def _scores(spec: Draft, listings: Sequence[_Listing]) -> list[float]:
    try:
        model = ListSpec.model_validate(spec)
    except ValueError:
        return [0.0] * len(listings)
    return [_closeness(model, one) for one in listings]


def _closeness(spec: ListSpec, one: _Listing) -> float:
    picked = _picked(spec, one)
    if picked == one.given:
        return 1.0
    if set(picked) == set(one.given) and len(picked) == len(one.given):
        return 0.3
    common = len(set(picked) & set(one.given))
    return 0.2 * common / max(1, len(set(picked) | set(one.given)))


def _defaults(listings: Sequence[_Listing]) -> Iterator[Change]:
    """Orders and sizes without any parameter."""
    fields = sorted(_fields(listings), key=lambda name: not _counts_on(name, listings))
    orders: list[list[str]] = [[name] for name in fields] + [[f"-{name}"] for name in fields]
    sizes = sorted({len(one.given) for one in listings if len(one.given) < len(one.pool)} - {0}, reverse=True)[:2]
    # Some services list what came last first; a field that counts on says the same, and is tried before others.
    for size in (None, *sizes):
        page = {} if size is None else {"page": {"size": size}}
        if page:
            yield lambda spec, page=page: {**spec, **page}
        for order in orders:
            yield lambda spec, order=order, page=page: {**spec, "sort": {"default": order}, **page}
    few = sorted({name for name, _ in _constants(listings)})
    for lead in [*few, *(f"-{name}" for name in few)]:
        for order in orders:
            yield lambda spec, order=[lead, *order]: {**spec, "sort": {"default": order}}
    for name, value in _constants(listings):
        where = {"field": name, "op": "eq", "value": value}
        yield lambda spec, where=where: {**spec, "where": [*spec.get("where", []), where]}
        yield lambda spec, where=where: {**spec, "where": [*spec.get("where", []), {**where, "op": "ne"}]}
        for order in orders:
            yield lambda spec, where=where, order=order: {
                **spec, "where": [*spec.get("where", []), where], "sort": {"default": order}
            }  # fmt: skip


def _constants(listings: Sequence[_Listing]) -> Iterator[tuple[str, Any]]:
    """Give fields of few values, with these: what a list may leave out without being asked to."""
    counts: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in listings:
        for item in one.pool:
            for path, value in leaves(item, longest_list=0):
                if len(path) <= 2 and (isinstance(value, str | bool) or value is None):
                    counts[".".join(map(str, path))][repr(value)] = value
    for name, values in counts.items():
        if 2 <= len(values) <= 4:
            for value in values.values():
                yield name, value


def _fields(listings: Sequence[_Listing]) -> list[str]:
    names: dict[str, None] = {}
    for one in listings:
        for item in one.pool[:20]:
            for path, value in leaves(item, longest_list=0):
                if len(path) <= 2 and is_scalar(value):
                    names.setdefault(".".join(map(str, path)))
    return list(names)[:_MOST_FIELDS]


def _counts_on(field: str, listings: Sequence[_Listing]) -> bool:
    """Tell whether each item has a number or time of its own there: what will still be in order in a mock, as no made-up id is."""
    pool = max((one.pool for one in listings), key=len)
    found = [read_field(item, field.split(".")) for item in pool]
    return all(is_number(one) or isinstance(one, str) and _TIME.match(one) for one in found) and (
        len({canon(one) for one in found}) == len(found)
    )


def _meanings(name: str, listings: Sequence[_Listing]) -> Iterator[Change]:
    """Give everything that a parameter could mean, the likeliest first."""
    values = [value for one in listings for value in one.query.get(name, ())]
    fields = _fields(listings)
    numeric = bool(values) and all(re.fullmatch(r"\d{1,9}", value) for value in values)
    plain = re.sub(r"\W", "", name).lower()
    exact = [field for field in fields if field == name]
    for field in exact:
        yield _where(field, "eq", name)
        yield _where(field, "in", name)
        yield _where(field, "has", name)
    if numeric:
        yield _page({"limit": name})
        for first in (1, 0):
            for size in (None, *sorted({len(one.given) for one in listings}, reverse=True)[:3]):
                extra = {"size": size} if size else {}
                yield _page({"number": name, "first": first, **extra})
        yield _page({"offset": name})
        yield lambda spec: _page({"end": name})(spec) if "offset" in spec.get("page", {}) else spec
        for size in sorted({len(one.given) for one in listings}, reverse=True)[:2]:
            if size:
                yield _page({"offset": name, "size": size})
    stripped = [
        re.sub(r"^[-+]|[-+]$|[: ](?:asc|desc)$", "", part.strip()) for value in values for part in value.split(",")
    ]
    if stripped and sum(part in fields for part in stripped) * 2 > len(stripped):
        yield lambda spec: {**spec, "sort": {**spec.get("sort", {}), "param": name}}
    if values and all(value.lower() in ("asc", "desc", "ascending", "descending", "1", "-1") for value in values):
        yield lambda spec: {**spec, "sort": {**spec.get("sort", {}), "order_param": name}}
    if values and all(all(part in fields for part in value.split(",")) for value in values):
        yield lambda spec: {**spec, "fields_param": name}
    near = [
        field
        for field in fields
        if re.sub(r"\W", "", field).lower() in plain or plain in re.sub(r"\W", "", field).lower()
    ]
    for field in [*near, *(one for one in fields if one not in near)]:
        for operator in _OPERATORS:
            yield _where(field, operator, name)
    yield lambda spec: {**spec, "search": {"param": name}}
    texts = [
        field
        for field in fields
        if any(isinstance(look(item, tuple(field.split("."))), str) for one in listings for item in one.pool[:5])
    ]
    for field in texts:
        yield lambda spec, field=field: {**spec, "search": {"param": name, "fields": [field]}}
    for one, two in product(texts, texts):
        if one < two:
            yield lambda spec, pair=(one, two): {**spec, "search": {"param": name, "fields": list(pair)}}
    if not numeric or any(len(value) > 3 for value in values):
        yield _page({"cursor": name})
        for field in (None, *fields):
            for size in (None, *sorted({len(one.given) for one in listings}, reverse=True)[:2]):
                extra = {**({"by": field} if field else {}), **({"size": size} if size else {})}
                yield _page({"cursor": name, **extra})


def _where(field: str, operator: str, param: str) -> Change:
    return lambda spec: {**spec, "where": [*spec.get("where", []), {"field": field, "op": operator, "param": param}]}


def _page(change: Mapping[str, Any]) -> Change:
    def changed(spec: Draft) -> Draft:
        page = dict(spec.get("page", {}))
        if "cursor" in change:
            page.pop("by", None)
        return {**spec, "page": {**page, **change}}

    return changed


__all__ = ["Listed", "is_number", "learn_list"]
