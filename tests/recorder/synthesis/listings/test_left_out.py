"""What no list gives has a member that what it gives has not, and how many it gives is told where nobody says."""

from __future__ import annotations

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.listings.left_out import last_words, left_out
from recorder.synthesis.listings.listing import Listing

POOL = [{"n": 1, "by": "ada"}, {"n": 2}, {"n": 3}]


def a_listing(*given, query=""):
    [scene] = scenes_of(call("GET", f"/things{query}", answer=[]))
    return Listing(scene, POOL, ["a", "b", "c"], list(given), scene.sample.query, {})


def test_what_is_left_out_has_what_the_others_lack():
    held = {"where": [{"field": "by", "op": "present", "value": "false"}]}
    assert [change({}) for change in left_out([a_listing("b", "c")])] == [held]
    assert [change({}) for change in left_out([a_listing("a", "b")])] == []
    assert [change({"where": [{"field": "n", "op": "lt", "param": "x"}]})["where"][0]["field"]
            for change in left_out([a_listing("b")])] == ["n"]  # fmt: skip


def test_a_size_is_added_to_the_page_that_is_known():
    plain = [a_listing("b")]
    first, *_ = [change({"page": {"limit": "max"}}) for change in last_words(plain, plain)]
    assert first == {"page": {"limit": "max", "size": 1}}
    asked = [a_listing("b", query="?max=1")]
    assert all("page" not in change({}) for change in last_words(asked, asked))
