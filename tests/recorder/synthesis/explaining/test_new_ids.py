"""What was made only once has another id the next time, of the same form."""

from __future__ import annotations

import re

from synthesis.telling import Mocks

SHOP = {"id": "shop_5d1e9a7c40", "name": "Corner"}
ONCE = [
    ("POST", "/shops", {"name": "Corner"}, 201, SHOP),
    ("GET", "/shops/shop_5d1e9a7c40", None, 200, SHOP),
]


def a_shop_with(*rows):
    return Mocks([*ONCE, *(("POST", "/shops/shop_5d1e9a7c40/tags", sent, 201, made) for sent, made in rows)])


def test_the_second_thing_of_a_kind_that_was_made_once_has_an_id_of_the_same_form():
    mocks = a_shop_with(({"word": "Open"}, {"id": "tag_79d30e2b", "word": "open"}))
    made = [mocks.ask("POST", f"/shops/{SHOP['id']}/tags", {"word": word}).json["id"] for word in ("new", "old")]
    assert len({*made, "tag_79d30e2b"}) == 3
    assert all(re.fullmatch(r"tag_[0-9a-f]{8}", one) for one in made)


def test_what_was_made_once_is_listed_and_read():
    mocks = a_shop_with(({"word": "Open"}, {"id": "tag_79d30e2b", "word": "open"}))
    made = mocks.ask("POST", f"/shops/{SHOP['id']}/tags", {"word": "New"}).json
    assert mocks.ask("GET", f"/shops/{SHOP['id']}/tags/{made['id']}").json == made
    assert mocks.ask("GET", f"/shops/{SHOP['id']}/tags").json == [made]


def test_a_number_counts_on():
    mocks = a_shop_with(({"word": "open"}, {"id": 41, "word": "open"}))
    made = [mocks.ask("POST", f"/shops/{SHOP['id']}/tags", {"word": word}).json["id"] for word in ("new", "old")]
    assert made == [41, 42]


def test_an_id_that_is_sent_is_kept():
    mocks = a_shop_with(({"word": "open"}, {"id": 41, "word": "open"}))
    sent = [{"id": 7_010, "word": "new"}, {"word": "old"}]
    made = [mocks.ask("POST", f"/shops/{SHOP['id']}/tags", one).json["id"] for one in sent]
    assert made == [7_010, 41]
    assert mocks.ask("GET", f"/shops/{SHOP['id']}/tags/7010").json == sent[0]


def test_a_plain_word_is_no_id_that_the_service_made_up():
    mocks = a_shop_with(({"word": "open"}, {"id": "standard", "word": "open"}))
    assert mocks.ask("POST", f"/shops/{SHOP['id']}/tags", {"word": "new"}).json["id"] == "standard"
