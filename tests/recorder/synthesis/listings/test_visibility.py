"""Lists show everybody what is public, callers what is their own too, and somebody everything."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from synthesis.telling import learnt, word

PEOPLE = ("rosa", "omar", "lena")
EDITOR = {"X-User": "editor"}


class Press:
    """Notes that only their authors see until they are out; the editor sees all. Links name no first page."""

    def __init__(self, chance):
        self.chance = chance
        self.notes = []

    def answer(self, method, target, sent, headers):
        who = headers.get("X-User", "")
        split = urlsplit(target)
        if method == "POST" and split.path == "/notes/":
            made = {
                "id": len(self.notes) + 1,
                "text": sent["text"],
                "by": who,
                "state": "draft",
                "no": word(self.chance),
            }
            self.notes.append(made)
            return 201, made
        if method == "POST":
            note = self.notes[int(split.path.split("/")[2]) - 1]
            note["state"] = "out"
            return 200, note
        seen = [one for one in self.notes if who == "editor" or one["state"] == "out" or one["by"] == who]
        return 200, self.page(seen[::-1], dict(parse_qsl(split.query)))

    def page(self, seen, query):
        number, size = int(query.get("page", 1)), int(query.get("size", 10))
        start = (number - 1) * size

        def at(other):
            rest = {name: value for name, value in query.items() if name != "page"}
            given = sorted({**rest, **({"page": other} if other > 1 else {})}.items())
            return f"http://press.test/notes/?{urlencode(given)}"

        return {
            "count": len(seen),
            "next": at(number + 1) if start + size < len(seen) else None,
            "previous": at(number - 1) if number > 1 else None,
            "results": seen[start : start + size],
        }


def a_day(ask, words):
    """Write notes, put some out, and look at them as everybody."""

    def asked(method, target, who, sent=None):
        return ask(method, target, sent, {"Host": "press.test", **({"X-User": who} if who else {})})

    for number in range(5):
        author = PEOPLE[number % 3]
        key = asked("POST", "/notes/", author, {"text": word(words)}).json["id"]
        if number % 2:
            asked("POST", f"/notes/{key}/release/", "editor")
        for who in ("", words.choice(PEOPLE), author):
            asked("GET", "/notes/", who)
    asked("GET", "/notes/?size=2&q=", "editor")
    page = asked("GET", "/notes/?size=2", "editor").json
    page = asked("GET", page["next"].removeprefix("http://press.test"), "editor").json
    asked("GET", page["previous"].removeprefix("http://press.test"), "editor")
    asked("GET", page["next"].removeprefix("http://press.test"), "editor")


def filled():
    """Give mocks in which rosa wrote two notes and omar one; the second is out."""
    mocks = learnt(Press, a_day)
    keys = []
    for who, text in (("rosa", "a"), ("rosa", "b"), ("omar", "c")):
        keys.append(mocks.ask("POST", "/notes/", {"text": text}, {"X-User": who}).json["id"])
    mocks.ask("POST", f"/notes/{keys[1]}/release/", None, EDITOR)
    return mocks


def texts(mocks, who):
    found = mocks.ask("GET", "/notes/", None, {"X-User": who} if who else {}).json["results"]
    return [row["text"] for row in found]


def test_who_asks_sees_what_is_public_and_what_is_theirs():
    mocks = filled()
    assert mocks.wrong == []
    assert texts(mocks, "") == ["b"]
    assert texts(mocks, "rosa") == ["b", "a"]
    assert texts(mocks, "omar") == ["c", "b"]
    assert texts(mocks, "someone new") == ["b"]


def test_whoever_was_shown_more_in_all_sessions_sees_everything():
    assert texts(filled(), "editor") == ["c", "b", "a"]


def test_links_have_their_parameters_in_order_and_name_no_first_page():
    mocks = filled()
    asked = {**EDITOR, "Host": "press.test"}
    first = mocks.ask("GET", "/notes/?size=2", None, asked).json
    assert (first["next"], first["previous"]) == ("http://press.test/notes/?page=2&size=2", None)
    second = mocks.ask("GET", "/notes/?page=2&size=2", None, asked).json
    assert (second["next"], second["previous"]) == (None, "http://press.test/notes/?size=2")
    third = mocks.ask("GET", "/notes/?page=3&size=1", None, asked).json
    assert third["previous"] == "http://press.test/notes/?page=2&size=1"
