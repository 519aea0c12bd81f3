"""Two values can be compared: of a request, and of what is held."""

from journeys import call
from synthesis.scenes import held_in, item_lookup, scenes_of

from recorder.synthesis.conditions.comparisons import of_pairs
from recorder.synthesis.terms.vocabulary import Vocabulary

ITEM = "§things§vars.item§"


def conditions(bodies, held):
    lookups = {"item": item_lookup()}
    scenes = scenes_of(*(call("POST", "/take", body) for body in bodies), held=held, lookups=lookups)
    return held_in(of_pairs(scenes, Vocabulary(scenes, lookups)), scenes)


def test_numbers_are_larger_or_not():
    bodies = [{"id": "a", "wanted": wanted} for wanted in (2, 9)]
    made = conditions(bodies, {"things": {"a": {"id": "a", "stock": 5}}})
    assert made[f"request.json.wanted > {ITEM}.stock"] == [1]
    assert made[f"request.json.wanted <= {ITEM}.stock"] == [0]


def test_days_are_after_others_or_not():
    bodies = [{"id": "a", "on": day} for day in ("2026-02-03", "2026-03-31", "2026-04-01", "soon")]
    made = conditions(bodies, {"things": {"a": {"id": "a", "closed_until": "2026-03-31"}}})
    lead = f"request.json.on is string and {ITEM}.closed_until is string and request.json.on"
    assert made[f"{lead} <= {ITEM}.closed_until"] == [0, 1]
    assert made[f"{lead} > {ITEM}.closed_until"] == [2]


def test_of_a_day_and_a_month_the_months_are_compared():
    bodies = [{"id": "a", "on": day} for day in ("2026-02-03", "2026-03-31", "2026-04-01", "soon")]
    made = conditions(bodies, {"things": {"a": {"id": "a", "closed_through": "2026-03"}}})
    lead = f"request.json.on is string and {ITEM}.closed_through is string and request.json.on[:7]"
    assert made[f"{lead} <= {ITEM}.closed_through[:7]"] == [0, 1]
    assert made[f"{lead} > {ITEM}.closed_through[:7]"] == [2]


def test_values_of_one_name_are_equal_or_not():
    bodies = [{"id": "a", "owner": owner} for owner in ("ada", "bob")]
    made = conditions(bodies, {"things": {"a": {"id": "a", "owner": "ada"}}})
    text = f"{ITEM}.owner is defined and (request.json.owner | string) == ({ITEM}.owner | string)"
    assert made[text] == [0]


def test_a_list_that_is_held_has_what_is_asked_for_in_it():
    bodies = [{"id": "a", "user": user} for user in ("ada", "bob")]
    made = conditions(bodies, {"things": {"a": {"id": "a", "members": ["ada", "eve"]}}})
    assert made[f"request.json.user in {ITEM}.members"] == [0]


def test_what_is_used_is_compared_with_how_much_may_be_and_with_no_other_number():
    bodies = [{"id": key} for key in ("a", "b")]
    things = {
        "a": {"id": "a", "uses": 2, "max_uses": 2, "size": 1},
        "b": {"id": "b", "uses": 1, "max_uses": 3, "size": 1},
    }
    made = conditions(bodies, {"things": things})
    assert made[f"{ITEM}.max_uses <= {ITEM}.uses"] == [0]
    assert f"{ITEM}.size <= {ITEM}.uses" not in made


def test_a_limit_of_something_bounds_the_count_of_another_thing():
    held = {"things": {"a": {"cardLimit": 3, "itemCount": 3}, "b": {"cardLimit": 3, "itemCount": 2}}}
    made = conditions([{"id": "a"}, {"id": "b"}], held)
    assert made[f"{ITEM}.cardLimit <= {ITEM}.itemCount"] == [0]
    plain = conditions([{"id": "a"}], {"things": {"a": {"height": 3, "itemCount": 3}}})
    assert not any("height" in text for text in plain)
