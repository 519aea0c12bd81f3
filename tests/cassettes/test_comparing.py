"""Values are compared with what a query says, and have one order."""

from cassettes.comparing import equals, order, rank, read_field, texts_of, words


def test_values_are_compared_with_what_a_query_says():
    assert [equals(*pair) for pair in ((1, "1.0"), (True, "true"), (None, "null"), (["a", 2], "2"), ({}, "{}"), ("1", "1.0"))] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    assert [order(*pair) for pair in ((1, "2"), ("b", "a"), (1, "x"), (None, "1"), (1, "nan"), (2, "2.0"))] == [
        -1, 1, None, None, None, 0,
    ]  # fmt: skip
    assert (texts_of([1, True]), texts_of(None), [*words(["a", 1, ["b"], True, {}])]) == (
        ["1", "true"],
        ["null"],
        ["a", "1", "b"],
    )


def test_values_of_all_kinds_have_one_order():
    mixed = [{}, "b", "a", 2, 1.5, True, False, None]
    assert sorted(mixed, key=rank) == [None, False, True, 1.5, 2, "a", "b", {}]
    assert [read_field({"a": [{"b": 1}]}, steps.split(".")) for steps in ("a.0.b", "a")] == [1, [{"b": 1}]]
