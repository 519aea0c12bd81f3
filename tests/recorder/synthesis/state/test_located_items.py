"""What only a `Location` tells of is kept with what was sent for it and with links that are made anew."""

from __future__ import annotations

from synthesis.telling import learnt, word

BASE = "http://upstream.test"


class Clubs:
    """Guests are made without being shown; reads and lists link to them, and to a card that nobody has sent."""

    def __init__(self, chance):
        self.chance = chance
        self.guests = {}

    def answer(self, method, target, sent, headers):
        base = f"http://{headers.get('Host', 'upstream.test')}"
        _, kind, *rest = target.split("/")
        if method == "POST":
            key, card = (word(self.chance, "0123456789abcdef", 32) for _ in range(2))
            self.guests[key] = {
                "self": f"{base}/guests/{key}", "card": f"{base}/cards/{card}", "club": sent["club"],
                "called": sent["mail"].split("@")[0], "key": key,
            }  # fmt: skip
            return 201, None, {"Location": f"{base}/guests/{key}"}
        if kind == "clubs":
            return 200, {"rows": [one for one in self.guests.values() if one["club"] == rest[0]]}
        if kind == "passes":
            club, called = rest
            found = [one for one in self.guests.values() if (one["club"], one["called"]) == (club, called)]
            return (200, found[0]) if found else (404, {})
        return (200, self.guests[rest[0]]) if rest[0] in self.guests else (404, {})


def entering(ask, words):
    host, clubs = {"Host": "upstream.test"}, [word(words), word(words)]
    links = [
        ask("POST", "/guests", {"club": club, "mail": f"{word(words)}@lake.example"}, host).headers
        for club in (clubs[0], clubs[1], clubs[0])
    ]
    ask("GET", links[1]["Location"].removeprefix(BASE), None, host)
    ask("GET", "/guests/nobody", None, host)
    for club in clubs:
        ask("GET", f"/clubs/{club}/guest", None, host)
        ask("GET", f"/passes/{club}/nobody", None, host)


def test_new_items_have_links_to_themselves_and_new_ones_and_are_listed_below_what_they_name():
    mocks = learnt(Clubs, entering, 6)
    host = {"Host": "here.test"}
    links = [
        mocks.ask("POST", "/guests", {"club": "oak", "mail": f"{name}@lake.example"}, host).headers["location"]
        for name in ("ann", "bob")
    ]
    shown = [mocks.ask("GET", link.removeprefix("http://here.test"), None, host).json for link in links]
    assert [one["self"] for one in shown] == links
    assert [one["called"] for one in shown] == ["ann", "bob"]
    assert all(one["card"].startswith("http://here.test/cards/") and len(one["card"]) == 55 for one in shown)
    assert shown[0]["card"] != shown[1]["card"]
    assert mocks.ask("GET", "/clubs/oak/guest", None, host).json == {"rows": shown}
    assert mocks.ask("GET", "/clubs/elm/guest", None, host).json == {"rows": []}
