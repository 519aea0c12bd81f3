"""Lists whose answers name the header of the next page tell it, though no list was so long."""

from __future__ import annotations

from uuid import UUID

import pytest
from synthesis.telling import Mocks


def id_of(number):
    return str(UUID(int=(7**40 * (number + 3)) % 2**128, version=4))


def session(exposed):
    rows = [{"id": id_of(number), "text": text} for number, text in enumerate(("sweep", "paint", "mow"))]
    told = {"Access-Control-Expose-Headers": exposed}
    made = [("POST", "/notes", {"text": one["text"]}, 201, one) for one in rows]
    lists = ("GET", "/notes", None, 200, {"notes": rows}, {}, told)
    return [*made, lists, ("GET", f"/notes/{id_of(0)}", None, 200, rows[0]), lists]


@pytest.mark.parametrize("name", ["Next-Page", "X-Next-Url", "Link"])
def test_the_next_page_is_told_by_the_header_that_answers_name(name):
    mocks = Mocks(session(f"ETag, {name}"))
    for text in ("rake", "prune", "dust"):
        mocks.ask("POST", "/notes", {"text": text})
    assert name.lower() not in mocks.ask("GET", "/notes").headers
    seen, target, pages = [], "/notes?limit=2", 0
    while target and pages < 5:
        given = mocks.ask("GET", target)
        seen += [one["text"] for one in given.json["notes"]]
        url = given.headers.get(name.lower(), "")
        target, pages = url.strip("<").partition(">")[0].partition("://")[2], pages + 1
        target = target and "/" + target.partition("/")[2]
    assert sorted(seen) == ["dust", "prune", "rake"]
    assert pages == 2


def test_no_header_is_told_that_answers_do_not_name():
    mocks = Mocks(session("ETag, X-Request-Id"))
    assert not {"link", "next-page"} & mocks.ask("GET", "/notes?limit=1").headers.keys()
