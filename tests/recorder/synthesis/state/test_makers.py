"""Lists show each caller what it made itself, though the items do not say whose they are."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Lockers(Shelf):
    """Things of whoever holds a key; each key sees its own only."""

    def __init__(self, chance):
        super().__init__(chance)
        self.keys = {}
        self.owners = {}

    def answer(self, method, target, sent, headers):
        if target == "/keys":
            key = word(self.chance, "0123456789abcdef", 24)
            self.keys[key] = sent["mail"]
            return 201, {"key": key, "mail": sent["mail"]}
        caller = self.keys.get(headers.get("X-Api-Key"))
        if caller is None:
            return 401, {"error": "who are you"}
        known = self.things
        self.things = {key: one for key, one in known.items() if self.owners[key] == caller}
        status, answered = super().answer(method, target, sent, headers)
        for key in self.things.keys() - known.keys():
            self.owners[key] = caller
        self.things = {**known, **self.things}
        return status, answered


def storing(ask, words):
    """Two with keys make things in turns, list them, and look at each other's."""
    callers = []
    for _ in range(2):
        mail = f"{word(words)}@example.com"
        callers.append({"X-Api-Key": ask("POST", "/keys", {"mail": mail}).json["key"]})
    keys = []
    for own in (*callers, *callers):
        keys.append(ask("POST", "/things", {"name": word(words)}, own).json["id"])
        ask("GET", "/things", None, own)
    ask("GET", f"/things/{keys[0]}", None, callers[0])
    ask("GET", f"/things/{keys[0]}", None, callers[1])
    ask("GET", "/things", None, callers[0])


def test_each_caller_is_shown_its_own_things_and_no_others():
    mocks = learnt(Lockers, storing)
    mocked, real = as_the_service(Lockers, storing, mocks)
    assert mocked == real
    own = [{"X-Api-Key": mocks.ask("POST", "/keys", {"mail": f"{who}@example.com"}).json["key"]} for who in "ab"]
    hers = mocks.ask("POST", "/things", {"name": "hat"}, own[0]).json
    his = mocks.ask("POST", "/things", {"name": "cup"}, own[1]).json
    assert [mocks.ask("GET", "/things", None, one).json for one in own] == [[hers], [his]]
    assert [mocks.ask("GET", f"/things/{hers['id']}", None, one).status for one in own] == [200, 404]


class Remarks(Shelf):
    """Remarks are made and listed under a thing, and deleted at a path of their own; they do not name the thing."""

    def __init__(self, chance):
        super().__init__(chance)
        self.remarks = {}

    def answer(self, method, target, sent, headers):
        _, kind, key, *rest = [*target.split("/"), ""][:4]
        if kind == "remarks":
            found = self.remarks.pop(int(key), None)
            return (204, None) if found else (404, {"error": "no such remark"})
        if rest == ["remarks"] and method == "POST":
            made = {"id": len(self.remarks) + 1, "text": sent["text"]}
            self.remarks[made["id"]] = (key, made)
            return 201, made
        if rest == ["remarks"]:
            return 200, [made for owner, made in self.remarks.values() if owner == key]
        return super().answer(method, target, sent, headers)


def remarking(ask, words):
    """Make two things, remark on both, list the remarks of each, and delete one."""
    keys = [ask("POST", "/things", {"name": word(words)}).json["id"] for _ in range(2)]
    for key in (*keys, *keys):
        ask("POST", f"/things/{key}/remarks", {"text": word(words)})
    for key in keys:
        ask("GET", f"/things/{key}/remarks")
    ask("DELETE", "/remarks/2")
    ask("GET", f"/things/{keys[1]}/remarks")
    ask("DELETE", "/remarks/77")


def test_what_does_not_say_what_it_was_made_under_is_listed_there_all_the_same():
    mocks = learnt(Remarks, remarking)
    one, other = (mocks.ask("POST", "/things", {"name": name}).json["id"] for name in ("ada", "bob"))
    hers = mocks.ask("POST", f"/things/{one}/remarks", {"text": "hello"}).json
    his = mocks.ask("POST", f"/things/{other}/remarks", {"text": "good day"}).json
    assert [mocks.ask("GET", f"/things/{key}/remarks").json for key in (one, other)] == [[hers], [his]]
    assert mocks.ask("DELETE", f"/remarks/{hers['id']}").status == 204
    assert [mocks.ask("GET", f"/things/{key}/remarks").json for key in (one, other)] == [[], [his]]


class Pages:
    """Comments on pages that queries name: made at one path, listed at another, read by their numbers alone."""

    def __init__(self, chance):
        self.chance = chance
        self.comments = {}

    def answer(self, method, target, sent, headers):
        del headers
        path, _, query = target.partition("?")
        page = query.partition("=")[2]
        if path == "/new":
            made = {"id": len(self.comments) + 1, "text": sent["text"], "shown": f"<p>{sent['text']}</p>"}
            self.comments[made["id"]] = (page, made)
            return 201, made
        if path == "/":
            return 200, {"rows": [made for on, made in self.comments.values() if on == page]}
        number = int(path.rpartition("/")[2])
        if number not in self.comments:
            return 404, {"error": "no such comment"}
        return 200, (self.comments.pop(number) if method == "DELETE" else self.comments[number])[1]


def commenting(ask, words):
    """Comment on two pages in turns, read, list, and take one back."""
    pages = [f"/{word(words)}" for _ in range(2)]
    made = []
    for page in (*pages, *pages):
        made.append(ask("POST", f"/new?uri={page}", {"text": word(words)}).json["id"])
        ask("GET", f"/id/{made[-1]}")
    ask("GET", f"/?uri={pages[0]}")
    ask("DELETE", f"/id/{words.choice(made)}")
    for page in pages:
        ask("GET", f"/?uri={page}")
    ask("GET", "/id/900")


def test_what_a_query_names_when_things_are_made_is_what_lists_are_asked_for():
    mocks = learnt(Pages, commenting, count=6)
    mocked, real = as_the_service(Pages, commenting, mocks)
    assert mocked == real
    hers = mocks.ask("POST", "/new?uri=/ada", {"text": "hello"}).json
    his = mocks.ask("POST", "/new?uri=/bob", {"text": "good day"}).json
    assert [mocks.ask("GET", f"/?uri=/{page}").json["rows"] for page in ("ada", "bob", "eve")] == [[hers], [his], []]
    assert mocks.ask("GET", f"/id/{his['id']}").json == his


class Desk:
    """Cases of a desk with notes: a note is made under its case, and is the desk's; notes are numbered from 310 on."""

    def __init__(self, chance):
        self.chance = chance
        self.desks = {}

    def answer(self, method, target, sent, headers):
        del headers
        _, _, *rest = target.split("/")
        if not rest:
            made = word(self.chance)
            self.desks[made] = {"cases": {}, "notes": {}}
            return 201, {"id": made, "name": sent["name"]}
        desk = self.desks[rest[0]]
        if rest[1:] == ["cases"]:
            made = str(len(desk["cases"]) + 1)
            desk["cases"][made] = {"id": made, "title": sent["title"]}
            return 201, desk["cases"][made]
        return self.note(method, rest[0], rest[1:], sent)

    def note(self, method, key, rest, sent):
        notes = self.desks[key]["notes"]
        if len(rest) == 3 and method == "GET":
            return 200, [note for case, note in notes.values() if case == rest[1]]
        if len(rest) == 3:
            made = 310 + sum(len(desk["notes"]) for desk in self.desks.values())
            note = {"id": made, "url": f"http://api.test/desks/{key}/notes/{made}", "text": sent["text"]}
            notes[made] = (rest[1], note)
            return 201, note
        note = notes[int(rest[1])][1]
        note.update(sent)
        return 200, note


def noting(ask, words):
    """Open two cases at a desk, note on the first, change a note at its own path, and list."""
    desk = ask("POST", "/desks", {"name": word(words)}).json["id"]
    for _ in range(2):
        ask("POST", f"/desks/{desk}/cases", {"title": word(words)})
    for _ in range(words.choice((2, 3))):
        last = ask("POST", f"/desks/{desk}/cases/1/notes", {"text": word(words)}).json["id"]
        ask("GET", f"/desks/{desk}/cases/1/notes")
    ask("PATCH", f"/desks/{desk}/notes/{last}", {"text": word(words)})
    ask("GET", f"/desks/{desk}/cases/1/notes")


def test_what_is_made_under_one_item_and_kept_under_the_item_above_is_listed_where_it_was_made():
    mocks = learnt(Desk, noting)
    assert mocks.wrong == []
    mocked, real = as_the_service(Desk, noting, mocks)
    assert mocked == real
    desk = mocks.ask("POST", "/desks", {"name": "ada"}).json["id"]
    one, other = (mocks.ask("POST", f"/desks/{desk}/cases", {"title": title}).json["id"] for title in "ab")
    hers = mocks.ask("POST", f"/desks/{desk}/cases/{one}/notes", {"text": "hello"}).json
    his = mocks.ask("POST", f"/desks/{desk}/cases/{other}/notes", {"text": "good day"}).json
    assert his["id"] == hers["id"] + 1 > 310
    assert hers["url"].endswith(f"/desks/{desk}/notes/{hers['id']}")
    changed = mocks.ask("PATCH", f"/desks/{desk}/notes/{his['id']}", {"text": "good night"}).json
    assert [mocks.ask("GET", f"/desks/{desk}/cases/{key}/notes").json for key in (one, other)] == [[hers], [changed]]
