"""Words for orders are told by the rows of the lists that were asked for by them."""

import pytest
from synthesis.telling import learnt, word

from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.listings.order_words import order_words

FIELDS = ["id", "votes", "name"]
POOL = [{"id": n, "votes": votes, "name": name} for n, votes, name in [(1, 4, "c"), (2, 9, "a"), (3, 4, "b")]]


def lists(*asked):
    """Give lists that were asked for by a word, with the ids in their order."""
    ids = [str(item["id"]) for item in POOL]
    return [Listing(None, POOL, ids, list(given), {"by": [told]}, {}) for told, given in asked]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([("newest", "321")], {"newest": ["-id"]}),
        ([("newest", "321"), ("oldest", "123")], {"newest": ["-id"], "oldest": ["id"]}),
        ([("liked", "213"), ("liked", "231")], {"liked": ["-votes"]}),
        ([("newest", "321"), ("newest", "213")], {}),
        ([("newest", "32")], {}),
        ([("name", "231")], {}),
        ([("desc", "321")], {}),
        ([("-vote", "21")], {}),
        ([("name", "231"), ("newest", "321")], {"newest": ["-id"]}),
        ([("-name", "132"), ("desc", "321")], {}),
        ([("ID_DESC", "321")], {}),
        ([("two words", "321")], {}),
        ([(f"w{number}", "321") for number in range(9)], {}),
    ],
)
def test_an_order_has_to_hold_in_all_lists_and_to_show_in_two_places(asked, words):
    assert order_words("by", lists(*asked), FIELDS) == words


class Shelf:
    """Books that are listed by words."""

    def __init__(self, chance):
        self.books = []
        del chance

    def answer(self, method, target, sent, headers):
        del headers
        if method == "POST":
            self.books.append({"id": len(self.books) + 1, **sent})
            return 201, self.books[-1]
        told = target.partition("?sort=")[2]
        key = {"priciest": lambda one: -one["price"], "newest": lambda one: -one["id"]}.get(told)
        return 200, sorted(self.books, key=key) if key else self.books


def browsing(ask, words):
    """Put books on the shelf and list them."""
    for _ in range(words.randint(3, 5)):
        ask("POST", "/books", {"name": word(words), "price": words.randint(1, 900)})
    for told in ("", "?sort=newest", "?sort=priciest"):
        ask("GET", f"/books{told}")


def test_lists_are_in_the_order_that_a_word_says():
    mocks = learnt(Shelf, browsing, 6)
    for price in (5, 9, 7):
        mocks.ask("POST", "/books", {"name": "a book", "price": price})
    shown = [[one["price"] for one in mocks.ask("GET", f"/books?sort={told}").json] for told in ("newest", "priciest")]
    assert shown == [[7, 9, 5], [9, 7, 5]]


def test_one_place_is_enough_where_a_field_begins_with_the_word():
    pool = [{"id": 1, "added_at": "2031-01-01"}, {"id": 2, "added_at": "2031-01-02"}]
    listing = Listing(None, pool, ["1", "2"], ["2", "1"], {"order": ["-added"]}, {})
    assert order_words("order", [listing], ["id", "added_at"]) == {"-added": ["-added_at"]}
