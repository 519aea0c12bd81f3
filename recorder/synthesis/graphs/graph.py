"""One definition of a GraphQL service, which runs any document over what the recorded ones showed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cassettes.conventions import part_by_name
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.graphs.documents import Asked, Call, calls_of, document_of
from recorder.synthesis.graphs.links import Link, links_of
from recorder.synthesis.graphs.places import KEY, At, Place, places_of
from recorder.synthesis.graphs.schema import schema_of, type_name
from recorder.synthesis.graphs.stock import Stock, Writing, keys_of, result_of, stock_of, writings_of
from recorder.synthesis.nodes.kinds import made_up
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import as_text, same

_NEEDED: Final = re.compile(r"Field [\"'](\w+)[\"'] argument [\"'](\w+)[\"'] of type .* is required")
_MOST_UNSEEN: Final = 1000
_OK: Final = 200
_PLAIN_JSON: Final = "application/json"


def graphs_of(
    endpoints: Sequence[Endpoint], samples: Sequence[Sample], definitions: Sequence[Mapping[str, Any]]
) -> list[tuple[dict[str, Any], frozenset[str]]]:
    """Learn each GraphQL service among these, as (definition, the ids of the definitions that it stands for)."""
    groups: dict[tuple[str, str], list[Endpoint]] = {}
    for one in endpoints:
        if one.discriminator is not None and one.discriminator.where == "graphql" and "{" not in one.path:
            groups.setdefault((one.sent_method, one.path), []).append(one)
    known = {one["id"]: one for one in definitions}
    found = []
    for (method, path), inside in groups.items():
        rest = [one for one in endpoints if (one.sent_method, one.path) == (method, path) and one.discriminator is None]
        inside += [one for one in rest if all(document_of(sample) is not None for sample in one.samples)]
        replaced = frozenset(one.id for one in inside)
        answers = [
            case["response"]
            for one in sorted(replaced)
            if one in known
            for case in known[one]["cases"]
            if "response" in case
        ]
        headers: dict[str, Any] = next((one["headers"] for one in answers if "headers" in one), {})
        own = [one for one in samples if one.sent_method == method and one.sent_path == path]
        made = graph_definition(own, f"{method.lower()}-{path.strip('/').replace('/', '-') or 'root'}-graph", headers)
        if made is not None:
            found.append((made, replaced))
    return found


def graph_definition(samples: Sequence[Sample], name: str, headers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Learn a service whose calls these are; None where some field that was answered is not understood."""
    calls = calls_of(samples)
    asked = [
        one
        for call in calls
        for one in call.asked
        if one.root in ("Query", "Mutation") and not one.pick.name.startswith("__")
    ]
    places = places_of(asked)
    keys = keys_of(places, asked)
    writings = writings_of(places, asked, keys)
    if not asked or not all(_is_known(place, keys, writings) for place in places.values()):
        return None
    stock = stock_of(places, asked, keys, writings)
    links = links_of(places, stock, keys)
    _add_unseen(places, asked, stock, writings)
    names = {one.kind: f"{one.kind[:1].lower()}{one.kind[1:]}_items" for one in places.values() if one.role == "item"}
    fields = _fields(places, asked, stock, keys, writings, links, names)
    schema = schema_of(places, stock, links, keys, _needed(calls))
    first = samples[0]
    return {
        "id": name,
        "description": f"{len(calls)} recorded calls in {len({one.session for one in samples})} sessions, as a schema",
        "match": {"method": first.sent_method, "path": first.sent_path, **_told_by(samples)},
        "collections": {
            names[kind]: {"seed": dict(items)} for kind, items in stock.seeds.items() if items and kind in names
        },
        "graph": {"types": schema, "fields": fields, "quotes": _quotes(calls), "refusals": _refusals(calls)},
        "cases": [
            {
                "tier": "synthesized",
                "response": {
                    "status": "{{ vars.graph.status }}",
                    "headers": dict(headers),
                    "body": "{{ vars.graph.answer }}",
                },
            }
        ],
        "tags": ["synthesized"],
    }


def _fields(
    places: Mapping[At, Place],
    asked: Sequence[Asked],
    stock: Stock,
    keys: Mapping[str, str],
    writings: Mapping[str, Writing],
    links: Mapping[tuple[str, str], Link],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Give how each field that is no member comes about; `names` are those of the collections by kind."""
    fields: dict[str, Any] = {}
    for place in places.values():
        above = places.get(place.at[:-1])
        if len(place.at) == 2:
            fields[place.name] = _root(place, places, asked, stock, keys, writings, names)
        elif above is not None and (above.kind, place.at[-1]) in links and above.role == "item":
            link = links[above.kind, place.at[-1]]
            fields[f"{type_name(above)}.{place.at[-1]}"] = _linked(link, names)
    return fields


def _told_by(samples: Sequence[Sample]) -> dict[str, Any]:
    """Give what tells calls with a document from others to the path, where there were others."""
    others = [one for one in samples if document_of(one) is None]
    return {"body": {"jsonpath": "$.query"}} if others and samples[0].sent_method != "GET" else {}


def _is_known(place: Place, keys: Mapping[str, str], writings: Mapping[str, Writing]) -> bool:
    """Tell whether it is known how a field of a root comes about, where it ever gave anything."""
    if len(place.at) != 2:
        return place.role != "other" or not place.is_object
    if place.at[0] == "Mutation":
        return place.name in writings
    return bool(place.kind) and (place.role == "page" or place.is_list or place.name in keys)


def _root(
    place: Place,
    places: Mapping[At, Place],
    asked: Sequence[Asked],
    stock: Stock,
    keys: Mapping[str, str],
    writings: Mapping[str, Writing],
    names: Mapping[str, str],
) -> dict[str, Any]:
    own = [one for one in asked if one.name == place.name]
    if place.name in writings:
        made = _written(place, places, own, stock, writings[place.name], names)
    elif place.name in keys and not place.is_list:
        made = {"in": names[place.kind], "gives": "one", "argument": keys[place.name]}
    else:
        return {"in": names[place.kind], "gives": "list", **_paged(own)}
    missing = _missing(own, made.get("argument", ""))
    return {**made, **({"missing": missing} if missing else {})}


def _linked(link: Link, names: Mapping[str, str]) -> dict[str, Any]:
    return {"in": names[link.kind], "gives": "list" if link.is_list else "one", "by": link.by, "of": link.of}


def _paged(own: Sequence[Asked]) -> dict[str, Any]:
    """Give what the parameters of a list say of its order and pages, as they are called everywhere."""
    parts = {part: name for one in own for name in one.arguments if (part := part_by_name(name)) is not None}
    page: dict[str, Any] = {part: parts[part] for part in ("number", "limit", "offset") if part in parts}
    if "number" in page:
        starts_at_0 = any(one.value and as_text(one.arguments.get(page["number"])) == "0" for one in own)
        page["first"] = 0 if starts_at_0 else 1
    sort = {key: parts[part] for part, key in (("sort", "param"), ("order", "order_param")) if part in parts}
    return {**({"sort": sort} if sort else {}), **({"page": page} if page else {})}


def _written(
    place: Place,
    places: Mapping[At, Place],
    own: Sequence[Asked],
    stock: Stock,
    writing: Writing,
    names: Mapping[str, str],
) -> dict[str, Any]:
    made: dict[str, Any] = {"in": names[writing.kind], "gives": writing.way}
    if writing.argument:
        made["argument"] = writing.argument
    shown = [(one, part) for one in own if (part := result_of(one, place)) is not None]
    item: dict[str, Any] = {}
    if writing.way == "made":
        ids = [(one, part.members[KEY]) for one, part in shown if part.members.get(KEY) is not None]
        numbers = [int(as_text(key)) for _, key in ids if as_text(key).isdigit() and len(as_text(key)) < 15]
        is_counted = len(numbers) == len(ids) or any(KEY in one.arguments for one, _ in ids)
        found = None if is_counted else made_up(ids, is_identity=True)  # type: ignore[arg-type]
        if found is not None:
            item[KEY] = f"{{{{ {found.text} }}}}"
        elif numbers and min(numbers) > 1:
            made["first"] = min(numbers)
    if writing.way != "removed":
        item |= _later(own, stock) | _members(shown, writing, stock)
    if item:
        made["item"] = item
    if place.role == "held":
        made |= _around(place, places)
    return made


def _members(shown: Sequence[tuple[Asked, Any]], writing: Writing, stock: Stock) -> dict[str, Any]:
    """Give what a call says of members that it was not sent: the same each time, the time, or some more or less."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for _, part in shown for name in part.members if name != KEY):
        cases = [(one, part.members[name]) for one, part in shown if name in part.members and name not in one.arguments]
        if not cases:
            continue
        olds = [
            stock.before[one].get(writing.kind, {}).get(as_text(one.arguments.get(writing.argument)), {}).get(name)
            for one, _ in cases
        ]
        if writing.way == "changed" and all(same(old, value) for old, (_, value) in zip(olds, cases, strict=True)):
            continue
        steps = {value - old for old, (_, value) in zip(olds, cases, strict=True) if type(old) is type(value) is int}
        timed = made_up(cases) if writing.way == "made" or len(cases) > 1 else None  # type: ignore[arg-type]
        if all(same(value, cases[0][1]) for _, value in cases):
            found[name] = cases[0][1]
        elif timed is not None:
            found[name] = f"{{{{ {timed.text} }}}}"
        elif writing.way == "changed" and len(steps) == 1 and steps != {0}:
            found[name] = f"{{{{ vars.item.{name} + {steps.pop()} }}}}"
    return found


def _later(own: Sequence[Asked], stock: Stock) -> dict[str, Any]:
    """Give what new items have that nothing was sent of, where it was the same whenever one was read."""
    seen: dict[str, list[Any]] = {}
    for one in own:
        for name, value in stock.later.get(one, {}).items():
            if name != KEY and name not in one.arguments:
                seen.setdefault(name, []).append(value)
    return {name: told[0] for name, told in seen.items() if all(same(value, told[0]) for value in told)}


def _around(place: Place, places: Mapping[At, Place]) -> dict[str, Any]:
    """Give which member of an answer holds the item, and what stands beside it most often."""
    within = next(at[-1] for at, one in places.items() if at[:-1] == place.at and one.role == "item")
    values = {
        name: Counter(map(repr, told)).most_common(1)
        and max(told, key=lambda value: list(map(repr, told)).count(repr(value)))
        for name in dict.fromkeys(name for one in place.shown for name in one.members)
        if (told := place.values_of(name))
    }
    return {"within": within, **({"values": values} if values else {})}


def _missing(own: Sequence[Asked], argument: str) -> dict[str, Any] | None:
    """Give the error of a field that found nothing, with the argument in the place of its value."""
    failed = [(one, one.errors[0]) for one in own if one.value is None and one.errors]
    if not failed:
        return None
    told = []
    for one, error in failed:
        message, value = str(error.get("message", "")), as_text(one.arguments.get(argument))
        told.append((message.replace(value, f"{{{argument}}}") if value and argument else message, error))
    best = Counter(message for message, _ in told).most_common(1)[0][0]
    extensions = next(error.get("extensions") for message, error in told if message == best)
    return {"message": best, **({"extensions": extensions} if isinstance(extensions, dict) else {})}


def _add_unseen(
    places: Mapping[At, Place], asked: Sequence[Asked], stock: Stock, writings: Mapping[str, Writing]
) -> None:
    """Add items that nobody saw: what is counted beyond what is known, with the numbers below those of new items."""
    made: dict[str, list[int]] = {}
    for one, key in stock.made.items():
        if key.isdigit():
            made.setdefault(writings[one.name].kind, []).append(int(key))
    for kind, numbers in made.items():
        free = [number for number in range(1, min(*numbers, _MOST_UNSEEN)) if str(number) not in stock.seeds[kind]]
        beyond = set(_beyond(places, asked, stock, writings, kind))
        if len(beyond) == 1 and 0 < (count := beyond.pop()) <= len(free):
            seeds = {**stock.seeds[kind], **{str(number): {KEY: str(number)} for number in free[:count]}}
            stock.seeds[kind] = dict(sorted(seeds.items(), key=lambda pair: int(pair[0]) if pair[0].isdigit() else 0))


def _beyond(
    places: Mapping[At, Place], asked: Sequence[Asked], stock: Stock, writings: Mapping[str, Writing], kind: str
) -> list[int]:
    found, session, is_whole = [], None, True
    for one in asked:
        if one.sample.session != session:
            session, is_whole = one.sample.session, True
        writing = writings.get(one.name)
        is_whole &= writing is None or writing.kind != kind or writing.way != "removed"
        place = places[one.root, one.pick.name]
        if place.role != "page" or place.kind != kind or one.arguments or not is_whole:
            continue
        counts = [value for part in place.shown_by(one) for value in part.members.values() if type(value) is int]
        if len(counts) == 1:
            found.append(counts[0] - len(stock.before[one].get(kind, {}).keys() | stock.seeds[kind].keys()))
    return found


def _needed(calls: Sequence[Call]) -> dict[str, set[str]]:
    """Give the arguments without which calls were refused, by field."""
    found: dict[str, set[str]] = {}
    for call in calls:
        for error in (call.sample.answer_json or {}).get("errors", ()) if call.refused == "validation" else ():
            told = _NEEDED.search(str(error.get("message", "")) if isinstance(error, dict) else "")
            for root in ("Query", "Mutation") if told else ():
                found.setdefault(f"{root}.{told[1]}", set()).add(told[2])  # type: ignore[index]
    return found


def _quotes(calls: Sequence[Call]) -> str:
    texts = [
        (call.sample.answer_text or "").replace('\\"', "”")
        for call in calls
        if call.refused in ("validation", "variables")
    ]
    return "'" if sum("'" in one and "”" not in one for one in texts) * 2 > len(texts) else '"'


def _refusals(calls: Sequence[Call]) -> dict[str, Any]:
    """Give the status of each kind of refusal, and what its errors have as their extensions.

    Where none was recorded, it is what GraphQL over HTTP says of documents that cannot be run: 200, if answers are of
    the type `application/json`.
    """
    seen: dict[str, Counter[int]] = {}
    extensions: dict[str, list[Any]] = {}
    for call in calls:
        if call.refused:
            seen.setdefault(call.refused, Counter())[call.sample.answered_status] += 1
            extensions.setdefault(call.refused, []).append(
                (call.sample.answer_json or {}).get("errors", [{}])[0].get("extensions")
            )
    usual = sum(seen.values(), Counter())
    if not usual and all(_PLAIN_JSON in (call.sample.answer_header("content-type") or "") for call in calls):
        usual[_OK] = 1
    made: dict[str, Any] = {}
    for kind in ("syntax", "validation", "variables") if usual else ():
        told = extensions.get(kind, [])
        is_same = bool(told) and isinstance(told[0], dict) and all(one == told[0] for one in told)
        status = (seen.get(kind) or usual).most_common(1)[0][0]
        made[kind] = {"status": status, **({"extensions": told[0]} if is_same else {})}
    return made
