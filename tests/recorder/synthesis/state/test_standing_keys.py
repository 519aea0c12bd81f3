"""A key that every session had beside those that are handed out opens everything; what nobody was given opens nothing."""

import pytest
from synthesis.telling import as_the_service, learnt, word

WARDEN = "warden-Oak-41-plank"


class Lockers:
    """Lockers behind passes: the warden's from before, and those that it hands out, which know their holder."""

    def __init__(self, chance):
        self.chance = chance
        self.lockers = {}
        self.passes = {}

    def answer(self, method, target, sent, headers):
        shown = headers.get("Authorization", "").removeprefix("Bearer ")
        if shown != WARDEN and shown not in self.passes:
            return 403, {"why": "this pass opens nothing"}
        if target == "/holder":
            if shown == WARDEN:
                return 404, {"why": "nobody holds it"}
            return 200, {"holder": self.passes[shown]}
        parts = target.strip("/").split("/")
        if method == "POST" and parts[-1] == "passes":
            made = f"{self.chance.getrandbits(96):024x}"
            self.passes[made] = sent["holder"]
            return 201, {"pass": made, "holder": sent["holder"]}
        if method == "PUT":
            self.lockers[parts[1]] = {"code": parts[1], "size": sent["size"]}
            return 201, self.lockers[parts[1]]
        found = self.lockers.get(parts[1])
        return (200, found) if found else (404, {"why": "no such locker"})


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def storing(ask, words):
    """Put lockers up as the warden, hand out passes, look with them, and now and then with a wrong one."""
    codes = [f"{word(words)}-{words.randint(10, 99)}" for _ in range(3)]
    for code in codes:
        ask("PUT", f"/lockers/{code}", {"size": words.randint(1, 9)}, headers=bearer(WARDEN))
        ask("GET", f"/lockers/{code}", headers=bearer(WARDEN))
    for code in codes[:2]:
        own = ask("POST", "/passes", {"holder": word(words)}, headers=bearer(WARDEN)).json["pass"]
        ask("GET", f"/lockers/{code}", headers=bearer(own))
        ask("GET", "/holder", headers=bearer(own))
    if words.random() < 0.5:
        ask("GET", f"/lockers/{codes[0]}", headers=bearer(f"{words.getrandbits(96):024x}"))
    ask("GET", f"/lockers/{word(words)}-7", headers=bearer(WARDEN))


@pytest.fixture(scope="module")
def mocks():
    return learnt(Lockers, storing, 8)


def test_a_pass_that_nobody_was_given_is_refused_wherever_passes_are_shown(mocks):
    refused = [
        mocks.ask(*asked, headers=bearer("0123456789abcdef01234567"))
        for asked in [("GET", "/lockers/oak-11"), ("PUT", "/lockers/oak-12", {"size": 2}), ("POST", "/passes", {})]
    ]
    assert [one.status for one in refused] == [403, 403, 403]


def test_the_key_from_before_and_what_is_handed_out_open_and_tell_who_holds_them(mocks):
    made = mocks.ask("PUT", "/lockers/oak-13", {"size": 4}, headers=bearer(WARDEN))
    own = mocks.ask("POST", "/passes", {"holder": "maren"}, headers=bearer(WARDEN)).json["pass"]
    assert (made.status, mocks.ask("GET", "/lockers/oak-13", headers=bearer(own)).json) == (201, made.json)
    assert mocks.ask("GET", "/holder", headers=bearer(own)).json == {"holder": "maren"}


def test_sessions_that_nobody_recorded_are_answered_as_by_the_service(mocks):
    for seed in (4_711, 4_712, 4_713):
        given, wanted = as_the_service(Lockers, storing, mocks, seed)
        assert given == wanted
