"""What lists an item is shown by the item: added, taken out, renamed and deleted, wherever that was done."""

import pytest
from synthesis.telling import as_the_service, learnt, word


class Choirs:
    """Singers and choirs: a choir lists its voices, and a singer shows the choirs that do, which no call writes."""

    def __init__(self, chance):
        del chance
        self.singers = {}
        self.choirs = {}

    def answer(self, method, target, sent, headers):
        del headers
        kind, *names = target.strip("/").split("/")
        if kind == "singers":
            return self.singer(method, names[0] if names else "", sent)
        if method == "PUT":
            self.choirs[names[0]] = {"code": names[0], "voices": list(sent["voices"])}
            return 201, self.choirs[names[0]]
        choir = self.choirs.get(names[0])
        if choir is None:
            return 404, {"why": "no choir"}
        if method == "DELETE" and len(names) == 1:
            del self.choirs[names[0]]
            return 204, None
        if method == "POST":
            choir["voices"] += [one for one in sent["voices"] if one not in choir["voices"]]
        elif method == "DELETE":
            choir["voices"] = [one for one in choir["voices"] if one not in sent["voices"]]
        return 200, choir

    def singer(self, method, name, sent):
        if not name:
            return 200, {"singers": [self.shown(one) for one in self.singers]}
        if method == "PUT":
            self.singers[name] = {"name": name, "range": sent["range"]}
            return 201, self.shown(name)
        if name not in self.singers:
            return 404, {"why": "no singer"}
        if method == "PATCH":
            self.singers[sent["name"]] = self.singers.pop(name) | {"name": sent["name"]}
            self.tell(name, [sent["name"]])
            name = sent["name"]
        elif method == "DELETE":
            del self.singers[name]
            self.tell(name, [])
            return 204, None
        return 200, self.shown(name)

    def tell(self, name, called):
        for choir in self.choirs.values():
            at = choir["voices"].index(name) if name in choir["voices"] else 0
            choir["voices"][at : at + (name in choir["voices"])] = called if name in choir["voices"] else []

    def shown(self, name):
        choirs = [code for code, one in self.choirs.items() if name in one["voices"]]
        return {**self.singers[name], "choirs": choirs}


def singing(ask, words):
    """Make singers and choirs, put voices in and take them out, rename one, and let one go."""
    names = [f"{word(words)}{words.randint(10, 99)}" for _ in range(4)]
    for name in names:
        ask("PUT", f"/singers/{name}", {"range": words.choice(["high", "low"])})
    codes = [f"{word(words)}-{words.randint(100, 999)}" for _ in range(2)]
    for code in codes:
        ask("PUT", f"/choirs/{code}", {"voices": words.sample(names, 2)})
    ask("GET", f"/singers/{names[0]}")
    ask("POST", f"/choirs/{codes[0]}/voices", {"voices": [names[0], names[1]]})
    ask("GET", f"/singers/{names[0]}")
    ask("DELETE", f"/choirs/{codes[1]}/voices", {"voices": [names[1]]})
    ask("GET", "/singers")
    called = f"{word(words)}{words.randint(10, 99)}"
    ask("PATCH", f"/singers/{names[0]}", {"name": called})
    ask("GET", f"/choirs/{codes[0]}")
    ask("GET", f"/singers/{called}")
    ask("GET", f"/singers/{names[0]}")
    ask("DELETE", f"/singers/{names[1]}")
    ask("GET", f"/singers/{names[1]}")
    ask("GET", f"/choirs/{codes[0]}")
    ask("DELETE", f"/choirs/{codes[words.randint(0, 1)]}")
    ask("GET", "/singers")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Choirs, singing, 10)


@pytest.fixture
def choir(mocks):
    """A choir of two voices, of three singers that there are."""
    for name in ("una41", "ove42", "ida43"):
        mocks.ask("PUT", f"/singers/{name}", {"range": "low"})
    mocks.ask("PUT", "/choirs/dawn-555", {"voices": ["una41", "ove42"]})
    return mocks


def choirs_of(mocks, name):
    return mocks.ask("GET", f"/singers/{name}").json["choirs"]


def test_who_is_listed_shows_it_and_who_is_not_does_not(choir):
    assert [choirs_of(choir, name) for name in ("una41", "ove42", "ida43")] == [["dawn-555"], ["dawn-555"], []]


def test_who_is_added_or_taken_out_shows_that_too(choir):
    choir.ask("POST", "/choirs/dawn-555/voices", {"voices": ["ida43"]})
    choir.ask("DELETE", "/choirs/dawn-555/voices", {"voices": ["una41"]})
    shown = choir.ask("GET", "/singers").json["singers"]
    listed = {one["name"]: one["choirs"] for one in shown}
    assert (listed["una41"], listed["ida43"]) == ([], ["dawn-555"])


def test_a_list_follows_who_is_renamed_and_lets_go_of_who_is_deleted(choir):
    choir.ask("PATCH", "/singers/una41", {"name": "unni44"})
    assert choir.ask("GET", "/choirs/dawn-555").json["voices"] == ["unni44", "ove42"]
    assert choirs_of(choir, "unni44") == ["dawn-555"]
    choir.ask("DELETE", "/singers/ove42")
    assert choir.ask("GET", "/choirs/dawn-555").json["voices"] == ["unni44"]


def test_what_is_gone_lists_nobody_any_more(choir):
    choir.ask("DELETE", "/choirs/dawn-555")
    assert choirs_of(choir, "una41") == []


def test_sessions_that_nobody_recorded_have_the_statuses_of_the_service(mocks):
    given, wanted = as_the_service(Choirs, singing, mocks)
    assert given == wanted
