"""What a list is sorted by, however a query names it."""

from cassettes.definition import ListSort
from cassettes.ordering import fields_asked, order_asked, read_constant


def test_a_constant_names_a_field_however_that_is_written():
    assert read_constant("CREATED_AT_DESC", ["id", "createdAt"]) == ("createdAt", "desc")
    assert read_constant("created_at_asc", ["created_at"]) == ("created_at", "asc")
    assert read_constant("CREATED_AT", ["createdAt"]) is None
    assert read_constant("LOUDNESS_ASC", ["createdAt"]) is None


def test_fields_come_in_the_order_in_which_they_are_named_each_with_its_direction():
    sort = ListSort(param="by", default=["id"])
    for text in ("-age,owner.name", "age desc,owner.name", "age:desc,owner.name:asc"):
        assert order_asked(sort, {"by": [text]}) == [(["age"], True), (["owner", "name"], False), (["id"], False)]


def test_a_parameter_of_its_own_names_fields_that_descend():
    sort = ListSort(param="sort", descending_param="sort_desc", default=["id"])
    assert order_asked(sort, {"sort_desc": ["age,name"]}) == [(["age"], True), (["name"], True), (["id"], False)]
    assert order_asked(sort, {"sort": ["age"], "sort_desc": ["name"]}) == [(["age"], False), (["id"], False)]


def test_fields_that_a_query_sorts_by_are_known_without_their_directions():
    sort = ListSort(param="sort", descending_param="sort_desc", default=["id"])
    assert fields_asked(sort, {"sort": ["-age,name"]}) == ["age", "name"]
    assert fields_asked(sort, {"sort_desc": ["age"]}) == ["age"]
    assert fields_asked(sort, {}) == []
