"""What lists tell of their pages: how many there are, which is the last, how many items follow."""

from synthesis.shelves import Shelf
from synthesis.telling import learnt


class Counted(Shelf):
    """Lists by pages from 0, which tell of themselves."""

    def list(self, query, headers):
        del headers
        rows, size, page = list(self.things.values()), int(query.get("size", 2)), int(query.get("page", 0))
        inside = rows[page * size : (page + 1) * size]
        last = max(-(-len(rows) // size) - 1, 0)
        return 200, {
            "things": inside,
            "count": len(inside),
            "total": len(rows),
            "left": max(len(rows) - page * size - len(inside), 0),
            "lastPage": last,
            "lastStart": last * size,
        }


def looking(ask, words):
    for number in range(words.randint(0, 7)):
        ask("POST", "/things", {"name": f"n{words.random()}", "number": number})
        ask("GET", f"/things?page={words.randint(0, 2)}&size={words.randint(1, 3)}")
    ask("GET", "/things")


def test_lists_tell_of_their_pages():
    mocks = learnt(Counted, looking, 8)
    made = [mocks.ask("POST", "/things", {"name": f"a{number}", "number": number}).json for number in range(5)]
    given = mocks.ask("GET", "/things?page=1&size=2").json
    assert given == {"things": made[2:4], "count": 2, "total": 5, "left": 1, "lastPage": 2, "lastStart": 4}
    assert mocks.ask("GET", "/things?page=2&size=2").json | {"things": []} == {
        "things": [], "count": 1, "total": 5, "left": 0, "lastPage": 2, "lastStart": 4,
    }  # fmt: skip
    assert mocks.wrong == []
