"""A text may be made of what some calls send, and of the rest where it is not sent."""

from synthesis.telling import learnt, word


class Hall:
    """Coats on hooks: a coat's tag has its row where one was sent, else only its owner."""

    def __init__(self, chance):
        self.chance = chance

    def answer(self, method, target, sent, headers):
        del method, target, headers
        return 200, {"owner": sent["owner"], "tag": f"hall:coats{sent.get('row', '/')}{sent['owner']}"}


def hanging(ask, words):
    """Hang up some coats, in a row or anywhere."""
    for _ in range(4):
        row = {"row": f"/{word(words)}/"} if words.random() < 0.5 else {}
        ask("POST", "/coats", {"owner": word(words), **row})


def test_each_is_made_of_its_own_parts():
    mocks = learnt(Hall, hanging, 6)
    assert mocks.ask("POST", "/coats", {"owner": "mona", "row": "/back/"}).json["tag"] == "hall:coats/back/mona"
    assert mocks.ask("POST", "/coats", {"owner": "mona"}).json["tag"] == "hall:coats/mona"
