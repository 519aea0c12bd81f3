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


class Bare(Shelf):
    """Lists that leave out the rows where there are none."""

    def list(self, query, headers):
        del query, headers
        return 200, {"total": len(self.things), **({"things": list(self.things.values())} if self.things else {})}


class Named(Bare):
    """Lists that tell an empty list of rows as it is."""

    def list(self, query, headers):
        del query, headers
        return 200, {"total": len(self.things), "things": list(self.things.values())}


def filling(ask, words):
    if words.random() < 0.5:
        ask("GET", "/things")
    keys = [ask("POST", "/things", {"name": f"n{words.random()}"}).json["id"] for _ in range(words.randint(1, 2))]
    ask("GET", "/things")
    for key in keys:
        ask("DELETE", f"/things/{key}")
    ask("GET", "/things")


def test_rows_are_left_out_where_there_are_none_and_the_service_does_so():
    for service, empty in ((Bare, {"total": 0}), (Named, {"total": 0, "things": []})):
        mocks = learnt(service, filling, 5)
        assert mocks.ask("GET", "/things").json == empty
        key = mocks.ask("POST", "/things", {"name": "a", "unknown": 1}).json["id"]
        assert mocks.ask("GET", "/things").json["things"][0]["id"] == key
        mocks.ask("DELETE", f"/things/{key}")
        assert mocks.ask("GET", "/things").json == empty
