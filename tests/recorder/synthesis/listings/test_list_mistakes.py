"""Lists with a language: what was there first, pages of the service's own, and refusals of what nothing has."""

from __future__ import annotations

import re
from operator import ge, gt, itemgetter
from random import Random

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word

NAMES = ("Vase", "Lamp", "Bowl", "Urn", "Cup", "Jug", "Pot")
FIELDS = ("code", "name", "grams", "glaze")
SIGNS = {"gt": gt, "ge": ge}


def refused(text):
    return 400, {"fault": text}


class Kiln(Shelf):
    """Pots that were there, and those that are made; listed by `$filter`, `$orderby`, `$select`, five on a page."""

    seeds = tuple(
        {"id": f"{name.lower()}-pot", "code": f"{name.lower()}-pot", "name": name, "grams": 100 + 70 * place % 400, "glaze": "raw"}
        for place, name in enumerate(NAMES)
    )  # fmt: skip

    def create(self, sent, headers):
        made = {"id": sent["code"], **sent, "glaze": sent.get("glaze", "raw")}
        self.things[made["id"]] = made
        return 201, made

    def list(self, query, headers):
        found = list(self.things.values())
        for clause in filter(None, query.get("$filter", "").split(" and ")):
            told = re.fullmatch(r"(\w+) (gt|ge|eq) ('\w+'|\d+)", clause)
            if told is None:
                return refused(f"cannot read {clause}")
            if told[1] not in FIELDS:
                return refused(f"pots have no {told[1]}")
            text = told[3].strip("'")
            ways = {"eq": lambda one, name=told[1], text=text: str(one[name]) == text}
            sign = SIGNS.get(told[2])
            ways[told[2]] = (
                ways["eq"]
                if sign is None
                else lambda one, name=told[1], text=text, sign=sign: sign(one[name], int(text))
            )
            found = list(filter(ways[told[2]], found))
        if "$orderby" in query:
            found.sort(key=itemgetter(query["$orderby"].split(" ")[0]), reverse=query["$orderby"].endswith("desc"))
        names = query["$select"].split(",") if "$select" in query else []
        if unknown := [name for name in names if name not in FIELDS]:
            return refused(f"pots have no {unknown[0]}")
        start, size = int(query.get("$skiptoken", 0)), int(query.get("$top", 5))
        shown = found[start : start + min(size, 5)]
        told = {"pots": [{name: one[name] for name in ("id", *names)} if names else one for one in shown]}
        has_more = len(found) > start + 5 and "$top" not in query
        return 200, told | ({"@nextLink": f"/things?%24skiptoken={start + 5}"} if has_more else {})


def firing(ask, words):
    """Make some pots, then ask for some of all."""
    for _ in range(words.randint(1, 2)):
        ask(
            "POST",
            "/things",
            {"code": f"{word(words)}-{words.randint(10, 99)}", "name": word(words), "grams": words.randint(90, 600)},
        )
    bound = words.randint(150, 400)
    queries = [
        "",
        f"?%24top={words.randint(2, 4)}",
        f"?%24filter=grams%20gt%20{bound}",
        f"?%24filter=grams%20ge%20{bound}%20and%20name%20eq%20'{words.choice(NAMES)}'",
        f"?%24orderby={words.choice(('name', 'grams%20desc'))}",
        f"?%24select={','.join(words.sample(FIELDS[1:], words.randint(1, 2)))}",
        f"?%24filter={words.choice(('shoes', 'hats'))}%20gt%203",
        f"?%24filter=glaze%20lt%20{bound}%20eq",
        f"?%24select={words.choice(('shoes', 'hats'))}",
    ]
    for query in words.sample(queries, 6):
        found = ask("GET", f"/things{query}").json
        if "@nextLink" in found and not query:
            ask("GET", found["@nextLink"])


@pytest.fixture(scope="module")
def mocks():
    return learnt(Kiln, firing, 14)


def test_what_was_there_comes_first_and_lists_have_pages_of_their_own(mocks):
    spec = mocks.definition("get-things")["list"]
    assert (spec["page"], spec["expression"]["param"]) == (
        {"size": 5, "limit": "$top", "cursor": "$skiptoken", "cursor_text": "<@offset>"},
        "$filter",
    )
    assert (spec["fields_param"], spec["fields_kept"]) == ("$select", ["id"])


def test_what_nothing_has_is_refused_by_its_name_whoever_asks_for_it(mocks):
    for query, name in (("%24filter=wheels%20gt%203", "wheels"), ("%24select=name,wings", "wings")):
        given = mocks.ask("GET", f"/things?{query}")
        assert (given.status, given.json) == (400, {"fault": f"pots have no {name}"})
    assert mocks.ask("GET", "/things?%24filter=name%20is%20Vase").status == 400


def test_sessions_that_nobody_recorded_are_answered_as_by_the_service(mocks):
    given, wanted = as_the_service(Kiln, firing, mocks, Random(5).randint(1_000, 2_000))
    assert given == wanted
