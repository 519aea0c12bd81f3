"""Cursors: parameters that an answer hands out and the next request sends back, to go on where a list ended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final
from urllib.parse import quote, unquote

from cassettes.conventions import part_by_name
from cassettes.definition import ListSpec
from cassettes.listing import cursor_at
from recorder.synthesis.listings.listing import Draft, Listing
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look
from recorder.synthesis.terms.scene import Scene

_SHORTEST_CURSOR: Final = 4
_FEW: Final = 4
_SEVERAL: Final = 3
_IN_LINK: Final = re.compile(r"[?&][^=&?]+=([^&>\"'\s]+)")


def follow_cursors(listings: Sequence[Listing]) -> dict[int, str]:
    """Have cursors mean what they continue: each is written anew as the place at which its list went on.

    Gives the cursor that each list handed out, as recorded, by the identity of its scene.
    """
    handed: dict[int, str] = {}
    names = _cursor_names(listings)
    paths = {name: _token_paths(name, listings) for name in names}
    places: dict[tuple[int, str], int] = {}
    for one in listings:
        session = one.scene.sample.session
        start = 0
        for name in names:
            token = one.query.get(name, [""])[0]
            if (session, token) in places:
                start = places[session, token]
                one.query = {**one.query, name: [cursor_at(start)]}
        one.reached = start + len(one.given)
        for name in names:
            handed_out = _token_in(one.scene, name, paths[name])
            if handed_out:
                places[session, handed_out] = one.reached
                handed[id(one.scene)] = handed_out
    return handed


def give_pages(
    scenes: Sequence[Scene],
    usable: Sequence[Listing],
    draft: Draft,
    formed: Draft,
    handed: Mapping[int, str],
    give: Callable[[Scene, ListSpec, Mapping[str, Any]], None],
) -> ListSpec:
    """Give each scene its page, with the cursors that were handed out; `formed` says how these are written."""
    model, written = ListSpec.model_validate(draft), ListSpec.model_validate(formed)
    queries = {id(one.scene): one.query for one in usable}
    never = never_handed(draft.get("page", {}), usable, handed)
    for scene in scenes:  # where none is handed out, they are written as all others are
        give(scene, written if id(scene) in never else model, queries.get(id(scene), scene.sample.parameters))
    go_on({id(one.scene): one.scene.values["list"] for one in usable}, handed, never)
    return model


def never_handed(page: Mapping[str, Any], listings: Sequence[Listing], handed: Mapping[int, str]) -> frozenset[int]:
    """Give the lists that were asked for with so many items, where none of several such lists handed out a cursor.

    Some services tell only where pages of their own go on.
    """
    asked = [one for one in listings if page.get("limit") in one.query and page.get("cursor") not in one.query]
    found = frozenset(id(one.scene) for one in asked)
    return found if handed and len(found) >= _SEVERAL and found.isdisjoint(handed) else frozenset()


def go_on(
    pages: Mapping[int, dict[str, Any]], handed: Mapping[int, str], never: AbstractSet[int] = frozenset()
) -> None:
    """Have pages, by the identities of their scenes, hand out the cursors that their answers did.

    What is held is not always known whole: where few answers say that more, or nothing, follows, they are right; but
    not of those that `never` tell it.
    """
    wrong = [key for key, page in pages.items() if (page["next_cursor"] is None) is (key in handed)]
    wrong = [key for key in wrong if key not in never]
    is_known = len(wrong) * _FEW <= len(pages)
    for key, page in pages.items():
        if page["next_cursor"] is not None and key in handed:
            page["next_cursor"] = handed[key]
    for key in wrong if handed and is_known else ():
        page, more = pages[key], key in handed
        number, following = page["page"] + 1, page["offset"] + len(page["items"])
        told = {"has_more": more, "next_cursor": handed.get(key), "next_page": number, "next_offset": following}
        page.update(told if more else {**dict.fromkeys(told), "has_more": False})


def _cursor_names(listings: Sequence[Listing]) -> list[str]:
    """Give the parameters whose values an earlier answer of the session held: what is sent back to go on."""
    votes: dict[str, int] = defaultdict(int)
    told: dict[int, set[str]] = defaultdict(set)
    for one in listings:
        sample = one.scene.sample
        for name, values in one.query.items():
            is_long = len(values[0]) >= _SHORTEST_CURSOR and not values[0].isdigit()
            if is_long or part_by_name(name) == "cursor":
                votes[name] += 1 if values[0] in told[sample.session] else -1
        own = {value for values in sample.parameters.values() for value in values}
        told[sample.session] |= set(_told(sample)) - own
    return [name for name, count in votes.items() if count > 0 and not _names_items(name, listings)]


def _names_items(name: str, listings: Sequence[Listing]) -> bool:
    """Tell whether a parameter says after which item a list goes on: then it means that, whoever told of the item."""
    asked = [(one, one.query[name][0]) for one in listings if name in one.query]
    named = sum(
        any(as_text(value) == token for item in one.pool for _, value in leaves(item, longest_list=0))
        for one, token in asked
    )
    return named * 10 >= len(asked) * 9


def _told(sample: Sample) -> Iterator[str]:
    """Give the texts of an answer, and the parameters of links in it."""
    texts = [value for _, value in sample.answer_headers]
    if sample.answer_json is not MISSING:
        texts += [value for _, value in leaves(sample.answer_json, longest_list=0) if isinstance(value, str)]
    for text in texts:
        yield from (unquote(value) for value in _IN_LINK.findall(text))
        if " " not in text:
            yield text


def _token_in(scene: Scene, name: str, paths: Sequence[Path]) -> str | None:
    """Find the cursor that an answer hands out: in a link, or where the answer shows one that was sent later."""
    sample = scene.sample
    for text in (*(value for _, value in sample.answer_headers), sample.answer_text or ""):
        found = re.search(rf"[?&](?:{re.escape(name)}|{re.escape(quote(name))})=([^&>\"'\s]+)", text)
        if found is not None:
            return unquote(found[1])
    if sample.answer_json is MISSING:
        return None
    tokens = (look(sample.answer_json, path) for path in paths)
    return next((token for token in tokens if isinstance(token, str) and token), None)


def _token_paths(name: str, listings: Sequence[Listing]) -> list[Path]:
    """Give the places of answers at which a cursor stands that was sent."""
    sent = {one.scene.sample.parameters[name][0] for one in listings if name in one.scene.sample.parameters}
    found: dict[Path, None] = {}
    for one in listings:
        for path, value in leaves(one.scene.sample.answer_json, longest_list=0):
            if isinstance(value, str) and value in sent:
                found.setdefault(path)
    return list(found)
