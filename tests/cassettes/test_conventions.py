"""What parameters of lists are called everywhere tells what they mean."""

import pytest

from cassettes.conventions import completed, filters_by_name, part_by_name, told_by_name
from cassettes.definition import ListPage, ListSpec
from cassettes.listing import excerpt

FIELDS = ["id", "price", "owner.name", "createdAt"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("_limit", "limit"), ("pageSize", "limit"), ("page[size]", "limit"), ("per_page", "limit"), ("$top", "limit"),
        ("page", "number"), ("page[number]", "number"), ("_start", "offset"), ("startIndex", "offset"), ("_end", "end"),
        ("sort_by", "sort"), ("_order", "order"), ("q", "search"), ("starting_after", "cursor"), ("fields", "fields"),
        ("price", None), ("limits", None),
    ],
)  # fmt: skip
def test_a_parameter_is_the_part_that_it_is_called(name, part):
    assert part_by_name(name) == part


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("price", [("price", "eq")]), ("price_gte", [("price", "ge")]), ("max_price", [("price", "le")]),
        ("price[lt]", [("price", "lt")]), ("name", [("owner.name", "eq")]), ("owner_name", [("owner.name", "eq")]),
        ("createdAfter", []), ("created_at_after", [("createdAt", "gt")]), ("color", []),
        ("filter[price]", [("price", "eq")]), ("filter[price][gte]", [("price", "ge")]), ("filter", []),
    ],
)  # fmt: skip
def test_a_parameter_compares_the_field_that_it_is_called_after(name, filters):
    assert filters_by_name(name, FIELDS) == filters


def test_what_a_list_tells_of_itself_is_called_so():
    assert told_by_name("X-Total-Count") == ("total", "all")
    assert told_by_name("totalPages") == ("pages",)
    assert told_by_name("nextPageToken") == ("next_page", "next_offset", "next_cursor")
    assert told_by_name("color") == ()


def test_a_list_is_completed_by_what_it_does_not_say():
    spec = ListSpec.model_validate({"in": "things", "page": {"limit": "size"}, "search": {"param": "find"}})
    made = completed(spec, ["limit", "page", "sort", "q", "fields", "after", "color"])
    assert made.page == ListPage(limit="size", number="page")
    assert (made.search.param, made.sort.param, made.fields_param) == ("find", "sort", "fields")
    assert completed(spec, ["after", "color"]) is spec


def test_a_free_list_understands_what_it_was_not_told_of():
    things = [{"id": 1, "price": 5}, {"id": 2, "price": 7}, {"id": 3, "price": 9}]
    spec = ListSpec.model_validate({"in": "things", "free": True})

    def found(**query):
        return [one["id"] for one in excerpt(spec, things, {name: [text] for name, text in query.items()})["items"]]

    assert found(min_price="6", limit="1") == [2]
    assert found(sort="-price", offset="1") == [2, 1]
    assert found(price="9", color="red") == [3]
    assert found(limit="no number") == [1, 2, 3]
