"""Paths of lists that items show: what is put there and taken away is seen in the items."""

from synthesis.telling import learnt, word

TAGS = ("tea", "rye", "oat", "fig")


class Shelf:
    """Books with tags that are put on and taken off below them."""

    def __init__(self, chance):
        self.chance = chance
        self.books = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        parts = target.strip("/").split("/")
        if parts == ["books"]:
            key = word(self.chance)
            self.books[key] = {"id": key, "title": sent["title"], "tags": []}
            return 201, self.books[key]
        book = self.books[parts[1]]
        if method == "POST":
            book["tags"] = list(dict.fromkeys([*book["tags"], *sent["tags"]]))
            return 200, book["tags"]
        if method == "DELETE":
            book["tags"] = [tag for tag in book["tags"] if tag != parts[3]]
            return 200, book["tags"]
        return 200, book


def an_afternoon(ask, words):
    for _ in range(2):
        book = f"/books/{ask('POST', '/books', {'title': word(words)}).json['id']}"
        tags = words.sample(TAGS, 2)
        ask("POST", f"{book}/tags", {"tags": tags})
        ask("GET", book)
        ask("POST", f"{book}/tags", {"tags": [words.choice(TAGS), tags[0]]})
        ask("DELETE", f"{book}/tags/{words.choice(tags)}")
        ask("GET", book)


def test_what_is_put_in_a_list_below_an_item_is_seen_in_the_item():
    mocks = learnt(Shelf, an_afternoon, count=5)
    book = f"/books/{mocks.ask('POST', '/books', {'title': 't'}).json['id']}"
    assert mocks.ask("POST", f"{book}/tags", {"tags": ["oat", "rye"]}).json == ["oat", "rye"]
    assert mocks.ask("POST", f"{book}/tags", {"tags": ["rye", "new"]}).json == ["oat", "rye", "new"]
    assert mocks.ask("DELETE", f"{book}/tags/rye").json == ["oat", "new"]
    assert mocks.ask("GET", book).json["tags"] == ["oat", "new"]
