"""A result that has next to nothing is another kind of result than one that has much."""

from synthesis.telling import learnt, word


class Desk:
    """Requests are granted with a long answer, or filed with a short one, by what they are about."""

    def __init__(self, chance):
        self.chance = chance

    def answer(self, _method, _target, sent, _headers):
        if sent["about"] == "lunch":
            return 200, {"result": {"kind": "filed"}}
        return 200, {"result": {"kind": "granted", **sent, "by": "desk", "days": sent["days"] * 2, "open": True}}


def asking(ask, words):
    for _ in range(4):
        ask(
            "POST",
            "/requests",
            {"about": words.choice(["lunch", "leave"]), "days": words.randint(1, 9), "why": word(words)},
        )


def test_what_has_next_to_nothing_is_told_apart_from_what_has_much():
    mocks = learnt(Desk, asking, 6)
    assert mocks.ask("POST", "/requests", {"about": "lunch", "days": 3, "why": "so"}).json == {
        "result": {"kind": "filed"}
    }
    granted = {"kind": "granted", "about": "leave", "days": 6, "why": "so", "by": "desk", "open": True}
    assert mocks.ask("POST", "/requests", {"about": "leave", "days": 3, "why": "so"}).json == {"result": granted}
