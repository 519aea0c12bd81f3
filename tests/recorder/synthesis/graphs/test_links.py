"""Links are found in both directions by what items were made with."""

from synthesis.presses import looked_at

from recorder.synthesis.graphs.links import Link, links_of


def test_links_are_found_in_both_directions():
    seen = looked_at()
    assert links_of(seen.places, seen.stock, seen.keys) == {
        ("Book", "author"): Link("Author", "id", "authorId", is_list=False),
        ("Author", "books"): Link("Book", "authorId", "id", is_list=True),
    }


def test_what_was_there_before_is_linked_as_it_was_shown():
    seen = looked_at()
    links_of(seen.places, seen.stock, seen.keys)
    assert [one["authorId"] for one in seen.stock.seeds["Book"].values()] == ["1", "2"]
