"""A draft of a list is compared with the lists that were recorded."""

from dataclasses import replace

from journeys import call
from synthesis.scenes import scenes_of

from cassettes.definition import ListSpec
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.listings.listing import is_right, listing_of, picked, scores, some_of, values_of

HELD = {"things": {"a": {"id": "a", "n": 2}, "b": {"id": "b", "n": 1}, "c": {"id": "c", "n": 3}}}


def a_listing(*ids, answer=None):
    rows = [HELD["things"][one] for one in ids]
    [scene] = scenes_of(call("GET", "/things", answer=rows if answer is None else answer), held=HELD)
    binding = Binding("collection", Collection(("things", None), "things", ("id",)), rows=())
    return listing_of(scene, binding, "", {})


def test_a_listing_is_what_there_was_and_what_was_given():
    one = a_listing("b", "a")
    assert (one.ids, one.given, one.pool) == (["a", "b", "c"], ["b", "a"], list(HELD["things"].values()))
    assert a_listing(answer={"error": "none"}) is None


def test_a_draft_is_right_when_it_gives_the_same_in_the_same_order():
    one = a_listing("b", "a", "c")
    by_number = {"in": "things", "sort": {"default": ["n"]}}
    assert picked(ListSpec.model_validate(by_number), one) == ["b", "a", "c"]
    assert [is_right(by_number, one), is_right({"in": "things"}, one)] == [True, False]


def test_what_is_nearer_scores_higher():
    drafts = [{"in": "things", **more} for more in ({"sort": {"default": ["n"]}}, {}, {"page": {"size": 1}})]
    assert [scores(draft, [a_listing("b", "a", "c")]) for draft in drafts] == [[1.0], [0.3], [0.2 * 1 / 3]]
    assert scores({"in": "things", "no such": 1}, [a_listing("a")]) == [0.0]


def test_who_asks_is_put_into_conditions():
    where = [{"field": "owner", "op": "eq", "value": "{{ request.auth.username }}"}]
    model = ListSpec.model_validate({"in": "things", "where": where})
    assert values_of(model, {"{{ request.auth.username }}": "ada"}) == ["ada"]


def test_of_very_many_lists_those_that_were_asked_for_with_seldom_parameters_are_looked_at_too():
    plain, few = a_listing("a"), a_listing("b", "a")
    asked = replace(few, query={"limit": ["2"], "page": ["1"]})
    many = [asked if place % 50 == 7 else plain for place in range(1_000)]
    some = some_of(many, 60)
    assert (len(some), some.count(asked)) == (60, 20)
    assert some_of(many[:100], 60) == many[:100]
