"""Lists: what the parameters of a list mean, found by trying each meaning on the lists that were recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Any, Final

from cassettes.comparing import TESTS, read_field, texts_of
from cassettes.conventions import part_by_name
from cassettes.definition import ListSpec
from cassettes.listing import excerpt
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.keys import param_terms, prefix_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.counts import listed_sums
from recorder.synthesis.listings.cursor_forms import with_form
from recorder.synthesis.listings.cursors import follow_cursors, give_pages
from recorder.synthesis.listings.left_out import Change, last_words, left_out
from recorder.synthesis.listings.listing import (
    Draft,
    Listing,
    gives,
    is_right,
    listing_of,
    scores,
    selector_in,
    some_of,
    values_of,
    with_owner,
)
from recorder.synthesis.listings.meanings import (
    after,
    as_called,
    defaults,
    fields_of,
    list_fields_of,
    meanings,
    orders,
)
from recorder.synthesis.listings.page_terms import page_terms
from recorder.synthesis.listings.projections import with_kept
from recorder.synthesis.listings.visibility import are_given, are_only, public_or_own
from recorder.synthesis.samples.values import MISSING, as_text
from recorder.synthesis.terms.callers import callers_of, said_as
from recorder.synthesis.terms.request_terms import query_term
from recorder.synthesis.terms.scene import CALLER, HIDDEN, KEPT, OWNER, Lookup, Scene
from recorder.synthesis.terms.term import Term, member

_MOST_SCENES: Final = 60
_PAIRS: Final = 1_500
_LEAST_GAIN: Final = 1e-9
_WORTH_A_TEST: Final = 0.5
_FEWEST: Final = 4


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found: the `list` of the definition, the terms of `vars.list`, and in how many scenes it was right."""

    spec: Draft
    terms: tuple[Term, ...]
    right: int
    tried: int


def learn_list(
    endpoint: Endpoint,
    binding: Binding,
    scenes: Sequence[Scene],
    lookups: Mapping[str, Lookup],
    marked: Sequence[Term] = (),
    order: Sequence[str] = (),
) -> Listed | None:
    """Learn what a list gives: which items, in which order, by which pages; None where the endpoint gives none.

    `marked` are the terms of lists of ids that a row may have to be among, `order` is that of the collection's own
    list. Each scene is given the page that the answer should be as `values["list"]`.
    """
    collection = binding.collection
    is_list = endpoint.method in ("GET", "HEAD") or binding.lists_by_call
    if binding.role != "collection" or collection is None or binding.rows is None or not is_list:
        return None
    prefix = prefix_term(endpoint, binding)
    for scene in scenes:
        scene.lookups = lookups
    above = _named_in_path(endpoint, binding)
    paths, named = {said_as(term) for term in above}, [*above, *marked, *_of_makers(collection.name, scenes)]
    callers = {said_as(term): term for term in named} | callers_of(scenes, lookups)
    shown = [
        listing_of(scene, binding, as_text(prefix.get(scene)), callers) for scene in scenes if scene.sample.succeeded
    ]
    usable = [one for one in shown if one is not None]
    if not usable:
        return None
    handed = follow_cursors(usable)
    tried = some_of([one for one in usable if not one.is_nameless] or usable, _MOST_SCENES)
    begun = _begun(endpoint, binding, collection.name, order)
    seen = [
        public_or_own(made, tried, callers) if made is one else made for one, made in _for_callers(begun, tried, paths)
    ]
    drafts = [_freed(_spelled(_learn(one, tried), tried), tried) for one in seen]
    draft = with_kept(max(drafts, key=lambda one: sum(scores(one, tried))), usable, binding)
    formed = with_form(draft, usable, handed, binding)

    def give(scene: Scene, made: ListSpec, asked: Mapping[str, Any]) -> None:
        _give_page(scene, made, binding, as_text(prefix.get(scene)), asked, callers)

    model = give_pages(scenes, usable, draft, formed, handed, give)
    for one in usable:
        one.scene.values["list_right"] = gives(model, one)
    right = sum(is_right(draft, one) for one in tried)
    terms = (*page_terms(collection.name), *listed_sums(collection.name, scenes))
    return Listed(formed, terms, right, len(tried))


def _give_page(
    scene: Scene, model: ListSpec, binding: Binding, prefix: str, asked: Mapping[str, Any], callers: Mapping[str, Term]
) -> None:
    """Give a scene the page that the answer should be."""
    pool, hidden = _held(scene, binding.collection.name if binding.collection else "", prefix)
    who = values_of(model, {text: term.get(scene) for text, term in callers.items()})
    page = excerpt(model, pool, asked, who, selector=selector_in(scene, binding))
    kept = [hidden.get(id(item), {}) for item in page["items"]]
    scene.values = {**scene.values, "list": page, KEPT: kept}


def _named_in_path(endpoint: Endpoint, binding: Binding) -> Sequence[Term]:
    """Give what the path of a list names beyond what the keys of its items begin with."""
    return param_terms(endpoint)[binding.above :] if binding.is_elsewhere else ()


def _of_makers(name: str, scenes: Sequence[Scene]) -> list[Term]:
    """Give the parameters of the query that tell under what items of a collection were made."""
    kept = {
        attribute.removeprefix(CALLER)
        for scene in scenes[:_MOST_SCENES]
        for attributes in scene.timeline.under(name + HIDDEN, "", scene.moment).values()
        for attribute in (attributes if isinstance(attributes, dict) else ())
    }
    terms = [query_term(name) for name in dict.fromkeys(name for scene in scenes for name in scene.sample.query)]
    return [term for term in terms if term.text in kept]


def well_listed(scenes: list[Scene]) -> list[Scene]:
    """Leave out the answers whose list is another than what was learnt gives, where they are the fewer."""
    right = [scene for scene in scenes if scene.values.get("list_right", True)]
    return right if len(right) * 2 >= len(scenes) else scenes


def _begun(endpoint: Endpoint, binding: Binding, name: str, order: Sequence[str]) -> list[Draft]:
    """Give what may be known of a list before any was looked at: of what it is, and where its parameters are."""
    draft: Draft = {"in": name, **({"sort": {"default": list(order)}} if order else {})}
    if endpoint.params and (binding.above or not binding.is_elsewhere):
        draft["under"] = f"{{{{ {prefix_term(endpoint, binding).text} }}}}"
    operation = endpoint.operation
    if operation is not None and operation.lists and operation.given != "query":
        draft["params"] = f"{{{{ {member(f'request.{operation.given}', operation.base)} }}}}"
    if any(sample.asks_in_body for sample in endpoint.samples):
        draft["params"] = "{{ request.json }}"
    if binding.selector is None:
        return [draft]
    text = member("request.json", binding.selector)
    if binding.compound is not None and binding.compound.place:
        text = f"({binding.compound.text_around(text)} if {text} is defined else none)"
    value = f"{{{{ {text} }}}}"
    return [{**draft, "selector": one} for one in ({"value": value}, {"value": value, "lenient": False})]


def _held(scene: Scene, name: str, prefix: str) -> tuple[list[Any], dict[int, dict[str, Any]]]:
    """Give the items that there were, with who made them where that is kept, and what is kept hidden in each."""
    made = scene.timeline.under(name + HIDDEN, prefix, scene.moment)
    held = scene.timeline.under(name, prefix, scene.moment)
    pool = [with_owner(item, made.get(key)) for key, item in held.items()]
    kept = [made.get(key) for key in held]
    pairs = zip(pool, kept, strict=True)
    return pool, {id(item): attributes for item, attributes in pairs if isinstance(attributes, dict)}


def _of_the_caller(draft: Draft, listings: Sequence[Listing], paths: AbstractSet[str]) -> Draft:
    """Say that a list gives only what has to do with who asks, where all that was given did and the rest did not.

    `paths` are those of the callers that the path names.
    """
    plain = _without_query(listings)
    owner = _owner_of(listings)
    if owner is not None:
        return {**draft, "where": [{"field": OWNER, "op": "eq", "value": owner}]}
    fields = [
        *((field, "eq") for field in fields_of(listings)),
        *((field, "has") for field in list_fields_of(listings)),
    ]
    for text in listings[0].callers:
        who = [one.callers[text] for one in plain]
        if isinstance(listings[0].callers[text], list):
            among = _among(text, listings)
            if among is not None:
                return {**draft, "where": [*draft.get("where", []), among]}
            continue
        if len(set(map(as_text, who))) < 2 or any(value is MISSING or value is None for value in who):
            continue
        tests = [
            {"field": field, "op": operator, "value": text}
            for field, operator in fields
            if are_given(field, operator, text, plain) or (text in paths and are_only(field, operator, text, listings))
        ]
        if not tests:
            continue
        each = [{**draft, "where": [*draft.get("where", []), test]} for test in tests]
        # That one of several fields is the caller's takes more to say than that one of them is.
        drafts = [*each, *([{**draft, "any": tests}] if len(tests) > 1 else [])]
        made = max(drafts, key=lambda one: sum(scores(one, plain)))
        if sum(scores(made, plain)) > sum(scores(draft, plain)) + _WORTH_A_TEST:
            return made
    return draft


def _for_callers(
    begun: Sequence[Draft], listings: Sequence[Listing], paths: AbstractSet[str]
) -> Iterator[tuple[Draft, Draft]]:
    yield from ((one, _of_the_caller(one, listings, paths)) for one in begun)


def _among(text: str, listings: Sequence[Listing]) -> Draft | None:
    """Say that a list gives only items that name one of several ids, where just what was given did."""
    for field in fields_of(listings):
        path = field.split(".")
        told: dict[bool, list[bool]] = {True: [], False: []}
        for one in listings:
            for key, item in zip(one.ids, one.pool, strict=True):
                told[key in one.given].append(TESTS["in"](read_field(item, path), texts_of(one.callers[text] or [""])))
        if len(told[True]) >= _FEWEST and all(told[True]) and told[False].count(False) >= _FEWEST:
            return {"field": field, "op": "in", "value": text}
    return None


def _owner_of(listings: Sequence[Listing]) -> str | None:
    """Give what tells who asks, where items are kept with whom they belong to."""
    pairs = [
        (one, as_text(item[OWNER]))
        for one in listings
        for key, item in zip(one.ids, one.pool, strict=True)
        if key in one.given and isinstance(item, dict) and OWNER in item
    ]
    fits = (text for text in listings[0].callers if all(as_text(one.callers[text]) == who for one, who in pairs))
    return next(fits, None) if pairs else None


def _without_query(listings: Sequence[Listing], spent: AbstractSet[str] = frozenset()) -> list[Listing]:
    return [one for one in listings if not one.query.keys() - spent] or list(listings)


def _with_spent(draft: Draft, listings: Sequence[Listing]) -> tuple[Draft, set[str]]:
    """Give the parameters of all lists that tell whose items these are about, as `?post=3` of comments does.

    With them comes the draft that has those as filters which are not told by who asks.
    """
    told = {as_text(test.get("value")) for test in draft.get("where", [])}
    always = sorted(set[str].intersection(*({*one.query} for one in listings)))
    spent = {name for name in always if said_as(query_term(name)) in told}
    bare = [one for one in listings if one.query.keys() <= {*always}]
    for name in always if sum(bool(one.given) for one in bare) >= _FEWEST else ():
        made = _best(draft, bare, list(meanings(name, bare)), []) if name not in spent else draft
        if any(test.get("param") == name and test["op"] == "eq" for test in made.get("where", [])):
            draft = made
            spent.add(name)
    return draft, spent


def _learn(draft: Draft, listings: Sequence[Listing]) -> Draft:
    """Learn what a list does without parameters, then what each of these means.

    Where it was never asked for without any but those that say whose items it is about, what it does by itself may as
    well be learnt last, or its parameters first taken together for what they are called everywhere: the best counts.
    """
    draft, spent = _with_spent(draft, listings)
    plain = _without_query(listings, spent)
    first = _of_parameters(_best(draft, plain, list(defaults(listings)), []), listings, spent)
    if any(not one.query.keys() - spent and len(one.given) > 1 for one in listings):
        return first
    last = _best(_of_parameters(draft, listings, spent), listings, list(defaults(listings, sized=False)), [])
    learnt = [first, last]
    named = sorted({name for one in listings for name in one.query if part_by_name(name) is not None})
    if all(one.query for one in listings):
        begun = _best(draft, plain, as_called(named, listings), [])
        if begun is not draft:
            called = _of_parameters(begun, listings, named)
            ways = [*orders(listings), *left_out(listings)]
            learnt.append(_best(_best(called, plain, ways, []), plain, ways, []))
    best = max(reversed(learnt), key=lambda one: sum(scores(one, listings)))
    others = [one for one in listings if one.query.keys() - spent] if len(plain) < len(listings) else []
    return _best(best, [*plain, *others], list(last_words(plain, listings)), [])


def _of_parameters(draft: Draft, listings: Sequence[Listing], understood: Iterable[str] = ()) -> Draft:
    """Learn each parameter that is not `understood` yet, alone or, where it never is, with one other."""
    known = set(understood)
    plain = _without_query(listings, known)
    waiting: dict[str, list[Listing]] = defaultdict(list)
    for one in listings:
        for name in one.query:
            waiting[name].append(one)
    order = sorted(waiting, key=lambda name: (min(len(one.query) for one in waiting[name]), -len(waiting[name]), name))
    # Which members are shown says nothing of which items are.
    known |= {
        name for name in order if part_by_name(name) == "fields" and all(len(one.query) > 1 for one in waiting[name])
    }
    for name in order:
        if name in known:
            continue
        alone = [one for one in waiting[name] if set(one.query) <= known | {name}]
        partner = min({*chain.from_iterable(one.query for one in waiting[name])} - known - {name}, default=None)
        # Empty lists say nothing of what a parameter means, where it gave something beside another.
        if alone and (partner is None or any(one.given for one in alone)):
            draft = _limited(_best(draft, alone, list(meanings(name, alone)), plain), name, alone)
            known.add(name)
            continue
        if partner is None:
            continue
        pair = {name, partner}
        both = [one for one in listings if pair & set(one.query) and set(one.query) <= known | pair] or waiting[name]
        together = min((sorted(one.query) for one in both), key=len)
        if len(together) > len(pair):  # of three at once none can be told from the others
            draft = _best(draft, both, as_called(together, both), plain)
        # Where a page ends is said of one that begins.
        early, late = (partner, name) if part_by_name(name) == "end" else (name, partner)
        changes = islice(product(meanings(early, both), meanings(late, both)), _PAIRS)
        draft = _best(draft, both, [after(*change) for change in changes], plain)
        known |= pair
    return draft


def _limited(draft: Draft, name: str, listings: Sequence[Listing]) -> Draft:
    """Say that a parameter which is called so limits a list, where no recorded list was so long and none tells more."""
    if part_by_name(name) != "limit" or "limit" in draft.get("page", {}):
        return draft
    made: Draft = {**draft, "page": {**draft.get("page", {}), "limit": name}}
    return made if sum(scores(made, listings)) >= sum(scores(draft, listings)) else draft


def _spelled(draft: Draft, listings: Sequence[Listing]) -> Draft:
    """Say whether the case of letters counts in filter expressions: few of them tell it."""
    if "expression" not in draft:
        return draft
    bare = {"param": draft["expression"]["param"]}
    ways = [draft, *({**draft, "expression": bare | way} for way in ({}, {"exact": True}, {"caseless": True}))]
    return max(ways, key=lambda one: sum(scores(one, listings)))


def _freed(draft: Draft, listings: Sequence[Listing]) -> Draft:
    """Say that other parameters mean what they are called everywhere, where nothing recorded speaks against it."""
    tests = draft.get("where", [])
    rest = [one for one in tests if one.get("param") != one["field"] or one["op"] != "eq"]
    if len(tests) - len(rest) < 2:  # of one filter it is plainer to say so
        rest = tests
    made: Draft = {**draft, "where": rest, "free": True}
    if not rest:
        del made["where"]
    return made if _right(made, listings) >= _right(draft, listings) else draft


def _right(draft: Draft, listings: Sequence[Listing]) -> int:
    return sum(score == 1 for score in scores(draft, listings))


def _best(draft: Draft, listings: Sequence[Listing], changes: Sequence[Change], also: Sequence[Listing]) -> Draft:
    """Give the draft that lists most of the recorded lists right; of those that are as good the earliest."""
    tried = [*listings[:30], *also[:6]]
    best, reached = draft, scores(draft, tried)
    seen: set[str] = {repr(draft)}
    for change in changes:
        made = change(draft)
        if repr(made) in seen:
            continue
        seen.add(repr(made))
        wrong = [place for place, score in enumerate(reached) if score < 1]
        if not wrong:
            break
        # What helps no list that is wrong so far need not be tried on the others.
        helped = scores(made, [tried[place] for place in wrong])
        if sum(helped) <= sum(reached[place] for place in wrong) + _LEAST_GAIN:
            continue
        right = [place for place, score in enumerate(reached) if score == 1]
        kept = scores(made, [tried[place] for place in right])
        if sum(helped) + sum(kept) > sum(reached) + _LEAST_GAIN:
            best = made
            for place, score in zip([*wrong, *right], [*helped, *kept], strict=True):
                reached[place] = score
    return best
