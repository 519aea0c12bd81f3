from __future__ import annotations

from recorder.synthesis.plan.breadth import MANY, widened, widened_values


def test_few_parts_of_a_path_stay_words():
    paths = [("carts",), ("orders", "open"), ("orders", "paid", "lines")]
    assert widened(paths) == {path: path for path in paths}


def test_a_part_that_is_one_of_many_is_any_and_what_follows_is_looked_at_together():
    paths = [("users", f"name-{word}", "orders") for word in map(chr, range(97, 97 + 60))]
    made = widened([*paths, ("users",), ("health",)])
    assert {made[path] for path in paths} == {("users", MANY, "orders")}
    assert made["users",] == ("users",)


def test_where_some_were_many_all_beside_them_are():
    assert widened([("users", MANY), ("users", "ada")])["users", "ada"] == ("users", MANY)


def test_places_with_many_values_are_told_from_those_with_few():
    pairs = [("few", "a"), ("few", "b"), ("known", MANY), ("known", "a"), *(("many", str(one)) for one in range(30))]
    assert widened_values(pairs) == {"few": False, "known": True, "many": True}
