"""That something is told of other pages only where there are such pages."""

from synthesis.shelves import Shelf
from synthesis.telling import learnt


class Related(Shelf):
    """Lists that name the next page and the one before, where there are any."""

    def list(self, query, headers):
        del headers
        rows, size, page = list(self.things.values()), 2, int(query.get("page", 1))
        shown = {"things": rows[(page - 1) * size : page * size]}
        if page * size < len(rows):
            shown["next"] = page + 1
        if page > 1:
            shown["previous"] = page - 1
        return 200, shown


def turning(ask, words):
    for number in range(words.randint(3, 6)):
        ask("POST", "/things", {"name": f"n{words.random()}", "number": number})
    for page in (1, 2, 3):
        ask("GET", f"/things?page={page}")


def test_other_pages_are_told_of_where_there_are_any():
    mocks = learnt(Related, turning, 6)
    for number in range(5):
        mocks.ask("POST", "/things", {"name": f"a{number}", "number": number})
    pages = [mocks.ask("GET", f"/things?page={page}").json for page in (1, 2, 3)]
    assert [(one.get("previous"), one.get("next")) for one in pages] == [(None, 2), (1, 3), (2, None)]
    assert ["previous" in one for one in pages] == [False, True, True]
    assert mocks.wrong == []
