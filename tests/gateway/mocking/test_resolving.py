"""Fields come about from items, by what is sent and by what they are called."""

from cassettes.definition import GraphField
from gateway.mocking.resolving import Held, Listed, Run, member, sent


def run(**tables):
    return Run({name: dict(items) for name, items in tables.items()}, lambda how, arguments, item: {})


def test_objects_among_the_arguments_are_members_in_their_places():
    assert sent({"id": 1, "input": {"title": "x", "tags": ["a"]}}) == {"id": 1, "title": "x", "tags": ["a"]}


def test_items_are_linked_by_a_member_or_by_a_list_of_ids():
    tags = {"1": {"id": 1}, "2": {"id": 2}, "3": {"id": 3}}
    how = GraphField.model_validate({"in": "tags", "gives": "list", "of": "tagIds"})
    assert run(tags=tags).resolve(how, {"tagIds": ["3", "1"]}, {}).part["items"] == [{"id": 3}, {"id": 1}]
    back = GraphField.model_validate({"in": "books", "gives": "list", "by": "tagIds", "of": "id"})
    books = {"7": {"id": 7, "tagIds": [1, 3]}, "8": {"id": 8, "tagIds": []}}
    assert run(books=books).resolve(back, {"id": "3"}, {}).part["items"] == [books["7"]]


def test_new_items_have_the_number_that_was_drawn_or_the_first_one():
    how = GraphField.model_validate({"in": "books", "gives": "made", "first": 5})
    made = run(books={})
    made.numbers["books"] = [1]
    assert made.resolve(how, None, {"title": "x"}) == {"id": 5, "title": "x"}
    assert made.writes == [("books", "5", {"id": 5, "title": "x"})]


def test_members_tell_of_a_list_as_they_are_called():
    part = {"items": [{"id": 1}], "total": 4, "all": 9, "has_more": True, "has_previous": False}
    assert member(Listed(part), "nodes", "list") == [{"id": 1}]
    assert member(Listed(part), "totalCount", "number") == 4
    assert member(Listed(part), "hasNextPage", "flag") is True
    assert member(Held({"id": 1}, "book", {"ok": True}), "book", "object") == {"id": 1}
    assert member(Held({"id": 1}, "book", {"ok": True}), "ok", "flag") is True
