"""What was there before the sessions, and what calls make, change and remove."""

from synthesis.presses import looked_at


def test_what_fields_do_is_told_by_what_they_are_sent_and_show():
    found = {name: (one.way, one.kind, one.argument) for name, one in looked_at().writings.items()}
    assert found == {
        "Mutation.addAuthor": ("made", "Author", ""),
        "Mutation.addBook": ("made", "Book", ""),
        "Mutation.printBook": ("changed", "Book", "id"),
        "Mutation.retitle": ("changed", "Book", "id"),
        "Mutation.dropBook": ("removed", "Book", "id"),
    }


def test_what_no_session_made_was_there_before():
    seeds = looked_at().stock.seeds
    assert list(seeds["Author"]) == ["1", "2"]
    assert {key: one["title"] for key, one in seeds["Book"].items()} == {"1": "Knots", "2": "Sails"}
