"""A list is learnt: filters, order, pages, cursors, and who may see what."""

from __future__ import annotations

import base64
from random import Random

from synthesis.shelves import Shelf
from synthesis.telling import Mocks, learnt, word

COLOURS = ("red", "green", "blue")


class Sorted(Shelf):
    """Things that are listed by colour, sorted by a field, and by pages of two."""

    def list(self, query, headers):
        found = [one for one in self.things.values() if query.get("colour", one["colour"]) == one["colour"]]
        if "sort" in query:
            field = query["sort"].lstrip("-")
            found.sort(key=lambda one: one[field], reverse=query["sort"].startswith("-"))
        start = (int(query.get("page", 1)) - 1) * 2
        return 200, {"total": len(found), "things": found[start : start + 2]}


def fill(ask, words, count):
    """Make so many things, each with a colour and a size; give them."""
    made = []
    for number in range(count):
        sent = {"name": word(words), "colour": COLOURS[number % 3], "size": words.randint(1, 99_999)}
        made.append(ask("POST", "/things", sent).json)
    ask("GET", f"/things/{made[0]['id']}")
    return made


def a_look(ask, words):
    fill(ask, words, 5)
    for query in (
        "",
        "?page=2",
        "?page=3",
        "?colour=red",
        "?colour=blue",
        "?sort=size",
        "?sort=-size",
        "?sort=name&page=2",
    ):
        ask("GET", f"/things{query}")


class Expressed(Shelf):
    """Things that are listed by an expression in `filter`, `n gt 5 and colour eq 'red'`, and by `orderBy=n desc`."""

    def list(self, query, headers):
        found = list(self.things.values())
        for term in query["filter"].split(" and ") if "filter" in query else ():
            field, sign, text = term.split(" ")
            found = [
                one for one in found if (one[field] > int(text) if sign == "gt" else str(one[field]) == text.strip("'"))
            ]
        if "orderBy" in query:
            field, way = query["orderBy"].split(" ")
            found.sort(key=lambda one: one[field], reverse=way == "desc")
        return 200, {"total": len(found), "things": found}


def an_expressed_look(ask, words):
    made = fill(ask, words, 5)
    size = sorted(one["size"] for one in made)[2]
    ask("GET", "/things")
    ask("GET", f"/things?filter=size%20gt%20{size}")
    ask("GET", f"/things?filter=colour%20eq%20'{words.choice(COLOURS)}'")
    ask("GET", "/things?orderBy=size%20desc")
    ask("GET", "/things?orderBy=name%20asc")


def test_filter_expressions_are_understood_also_those_that_nobody_recorded():
    mocks = learnt(Expressed, an_expressed_look)
    spec = mocks.definition("get-things")["list"]
    assert (spec["expression"], spec["sort"]["param"]) == ({"param": "filter"}, "orderBy")
    made = [
        mocks.ask("POST", "/things", {"name": f"n{size}", "colour": COLOURS[size % 3], "size": size}).json
        for size in (3, 1, 5)
    ]
    by_size = {one["size"]: one for one in made}

    def listed(asked):
        return mocks.ask("GET", f"/things?{asked}").json

    assert listed("filter=size%20gt%201%20and%20colour%20eq%20'red'") == {"total": 1, "things": [by_size[3]]}
    assert listed("filter=size%20lt%203%20or%20size%20ge%205")["things"] == [by_size[1], by_size[5]]
    assert [one["size"] for one in listed("orderBy=size%20desc")["things"]] == [5, 3, 1]
    assert [one["size"] for one in listed("filter=size%20ne%203&orderBy=name%20desc")["things"]] == [5, 1]


def test_filters_order_and_pages_are_learnt():
    mocks = learnt(Sorted, a_look)
    assert mocks.definition("get-things")["list"] == {
        "in": "things",
        "page": {"size": 2, "number": "page", "first": 1},
        "sort": {"param": "sort"},
        "where": [{"field": "colour", "op": "eq", "param": "colour"}],
        "free": True,
    }
    sizes = [30, 10, 20, 50, 40]
    for place, size in enumerate(sizes):
        mocks.ask("POST", "/things", {"name": f"n{place}", "colour": COLOURS[place % 3], "size": size})

    def shown(query):
        found = mocks.ask("GET", f"/things{query}").json
        return found["total"], [one["size"] for one in found["things"]]

    assert [shown(query) for query in ("", "?page=3", "?colour=green", "?sort=size", "?sort=-size&page=2", "?colour=none")] == [
        (5, [30, 10]), (5, [40]), (2, [10, 40]), (5, [10, 20]), (5, [30, 20]), (0, []),
    ]  # fmt: skip


class Going(Shelf):
    """Things that are listed by twos, each part with a cursor that leads on."""

    def list(self, query, headers):
        start = int(base64.b64decode(query["after"] + "==").decode()[7:]) if "after" in query else 0
        found = list(self.things.values())
        following = base64.b64encode(f"cursor:{start + 2}".encode()).decode().rstrip("=")
        return 200, {"things": found[start : start + 2], "next": following if start + 2 < len(found) else None}


def to_the_end(ask):
    """Follow the cursors; give what came."""
    found, after = [], ""
    while after is not None:
        page = ask("GET", f"/things?after={after}" if after else "/things").json
        found += page["things"]
        after = page["next"]
    return found


def a_walk(ask, words):
    fill(ask, words, words.choice((3, 5)))
    to_the_end(ask)


def test_a_cursor_leads_through_the_whole_list():
    mocks = learnt(Going, a_walk)
    made = [mocks.ask("POST", "/things", {"name": f"n{n}", "colour": "red", "size": n}).json for n in range(7)]
    assert to_the_end(mocks.ask) == made
    assert "cursor" in mocks.definition("get-things")["list"]["page"]


class Private(Shelf):
    """Things of one user, which others see that they are shared with. Who asks is told by a token."""

    def __init__(self, chance):
        super().__init__(chance)
        self.tokens = {}

    def answer(self, method, target, sent, headers):
        if target == "/login":
            token = f"tok_{word(self.chance, 'abcdef0123456789', 20)}"
            self.tokens[token] = sent["user"]
            return 200, {"token": token}
        self.user = self.tokens[headers["Authorization"].removeprefix("Bearer ")]
        return super().answer(method, target, sent, headers)

    def create(self, sent, headers):
        return super().create({"owner": self.user, **sent}, headers)

    def list(self, query, headers):
        return 200, [one for one in self.things.values() if self.user in (one["owner"], *one["readers"])]


def login(ask, user):
    return {"Authorization": f"Bearer {ask('POST', '/login', {'user': user}).json['token']}"}


def share(ask, names, thing):
    """Have each user make one thing for themselves and one for the next, and look at what there is; give that."""
    tokens = [login(ask, name) for name in names]
    for place, token in enumerate(tokens):
        for readers in ([], [names[(place + 1) % len(names)]]):
            made = ask("POST", "/things", {"name": thing(), "readers": readers}, token).json
            ask("GET", f"/things/{made['id']}", headers=token)
    return [ask("GET", "/things", headers=token).json for token in tokens]


def three_users(ask, words):
    share(ask, [word(words) for _ in range(3)], lambda: word(words))


def test_a_list_gives_what_is_ones_own_or_shared_with_one():
    mocks = learnt(Private, three_users)
    shown = share(mocks.ask, ["ada", "bo", "cy"], lambda: "a thing")
    assert mocks.definition("get-things")["list"] == {
        "in": "things",
        "any": [
            {"field": "owner", "op": "eq", "value": "{{ vars.token.request.user }}"},
            {"field": "readers", "op": "has", "value": "{{ vars.token.request.user }}"},
        ],
        "free": True,
    }
    assert [[(one["owner"], one["readers"]) for one in rows] for rows in shown] == [
        [("ada", []), ("ada", ["bo"]), ("cy", ["ada"])], [("ada", ["bo"]), ("bo", []), ("bo", ["cy"])],
        [("bo", ["cy"]), ("cy", []), ("cy", ["ada"])],
    ]  # fmt: skip


class Board(Shelf):
    """Things of which the open ones are listed, unless others are asked for."""

    def create(self, sent, headers):
        return super().create({"state": "open", **sent}, headers)

    def list(self, query, headers):
        wanted = query.get("state", "open")
        return 200, {"things": [one for one in self.things.values() if wanted in ("all", one["state"])]}


def on_the_board(ask, words):
    made = [ask("POST", "/things", {"name": word(words)}).json for _ in range(4)]
    ask("PATCH", f"/things/{made[1]['id']}", {"state": "closed"})
    for query in ("", "?state=closed", "?state=all", "?state=open"):
        ask("GET", f"/things{query}")


def test_a_filter_with_a_default_and_a_word_for_everything_is_learnt():
    mocks = learnt(Board, on_the_board)
    [test] = mocks.definition("get-things")["list"]["where"]
    assert test == {"field": "state", "op": "eq", "param": "state", "default": "open", "all": "all"}
    on_the_board(mocks.ask, Random(5))
    assert [len(mocks.ask("GET", f"/things{query}").json["things"]) for query in ("", "?state=closed", "?state=all")] == [
        3, 1, 4,
    ]  # fmt: skip


class Paged(Shelf):
    """Things by pages counted from 0, sorted by a field, of which nobody ever asks without saying which."""

    def list(self, query, headers):
        field, _, way = query.get("sort", "name,asc").partition(",")
        found = sorted(self.things.values(), key=lambda one: one[field], reverse=way == "desc")
        start, size = int(query.get("page", 0)) * int(query.get("size", 10)), int(query.get("size", 10))
        return 200, {"things": found[start : start + size]}


def by_pages(ask, words):
    for _ in range(words.randint(3, 5)):
        ask("POST", "/things", {"name": word(words), "rank": words.randint(1, 99)})
    for page in (0, 1):
        ask("GET", f"/things?sort=rank,{words.choice(('asc', 'desc'))}&page={page}&size={words.randint(1, 2)}")


def test_pages_that_are_never_asked_for_without_all_parameters_are_learnt():
    spec = learnt(Paged, by_pages).definition("get-things")["list"]
    assert spec["page"] == {"number": "page", "first": 0, "limit": "size"}
    assert spec["sort"]["param"] == "sort"


def test_three_parameters_that_come_together_mean_what_they_are_called():
    things = [{"id": f"{number}", "name": name} for number, name in enumerate(("ash", "elm", "fir", "oak", "yew"), 1)]
    rows = [("POST", "/things", {"name": one["name"]}, 201, one) for one in things]
    rows.append(("GET", "/things", None, 200, {"rows": things, "count": 5}))
    for page, some in ((1, things[:2:-1]), (2, things[2:0:-1]), (3, things[:1])):
        around = {"previous": [{"page": page - 1}]} if page > 1 else {}
        around |= {"next": [{"page": page + 1}]} if page < 3 else {}
        target = f"/things?@page_size=2&@page_index={page}&@sort=-id"
        rows.append(("GET", target, None, 200, {"rows": some, "count": 5, "links": around}))
    mocks = Mocks(rows)
    for name in ("bay", "box", "fig"):
        mocks.ask("POST", "/things", {"name": name})
    found = mocks.ask("GET", "/things?@page_size=1&@page_index=2&@sort=name").json
    assert [one["name"] for one in found["rows"]] == ["box"]
    assert found["links"]["next"][0]["page"] == 3
    last = mocks.ask("GET", "/things?@page_size=2&@page_index=2&@sort=name").json
    assert [one["name"] for one in last["rows"]] == ["fig"]
    assert "next" not in last["links"]
    assert "links" not in mocks.ask("GET", "/things").json


class Sized(Shelf):
    """Things by pages whose size is asked for, with 30 where it is not."""

    def list(self, query, headers):
        size = int(query.get("per_page", 30))
        start = (int(query.get("page", 1)) - 1) * size
        return 200, list(self.things.values())[start : start + size]


def by_sizes(ask, words):
    fill(ask, words, 4)
    for query in ("", "?per_page=50", "?page=1&per_page=2", "?page=2&per_page=2"):
        ask("GET", f"/things{query}")


def test_a_size_that_no_list_reached_is_one_all_the_same():
    page = learnt(Sized, by_sizes).definition("get-things")["list"]["page"]
    assert (page["limit"], page["number"], "size" in page) == ("per_page", "page", False)
