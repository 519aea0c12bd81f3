"""JSON values are compared as JSON compares them, and looked into by paths."""

import pytest

from recorder.synthesis.samples.values import MISSING, as_text, canon, common, leaves, look, parts, same, shape

THING = {"id": 7, "tags": ["a", "b"], "owner": {"name": "Ada"}}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, "1", False),
        (1, True, False),
        (0, False, False),
        (None, None, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        (MISSING, MISSING, False),
        (None, MISSING, False),
    ],
)
def test_values_are_equal_as_in_json(one, other, equal):
    assert same(one, other) is equal
    assert (canon(one) == canon(other)) is (equal or one is other)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), THING),
        (("tags", 1), "b"),
        (("tags", -1), "b"),
        (("owner", "name"), "Ada"),
        (("owner", "age"), MISSING),
        (("tags", 2), MISSING),
        (("id", "x"), MISSING),
        (("tags", "x"), MISSING),
    ],
)
def test_a_path_leads_to_a_part_or_to_nothing(path, found):
    assert look(THING, path) == found


def test_the_parts_come_outermost_first_and_the_leaves_are_scalars():
    assert [path for path, _ in parts(THING)] == [
        (), ("id",), ("tags",), ("owner",), ("tags", 0), ("tags", 1), ("owner", "name"),
    ]  # fmt: skip
    assert dict(leaves(THING, longest_list=1)) == {("id",): 7, ("tags", 0): "a", ("owner", "name"): "Ada"}


def test_a_scalar_is_told_as_it_stands_in_a_path():
    assert [as_text(one) for one in ("a", 7, 1.5, True, False, None, MISSING)] == [
        "a",
        "7",
        "1.5",
        "true",
        "false",
        "",
        "",
    ]


def test_shapes_tell_kinds_and_not_values():
    assert shape(THING) == shape({"owner": {"name": "Bo"}, "tags": ["x"], "id": 1.5})
    assert shape(THING) != shape({**THING, "id": "7"})


def test_what_is_there_most_often_is_common_and_the_first_of_those():
    assert (common([1, "1", 1.0]), common(["b", "a", "a", "b"]), common([])) == (1, "b", MISSING)
