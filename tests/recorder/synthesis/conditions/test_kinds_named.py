"""What a text says before a sign is one of few kinds; another one is refused."""

import pytest
from synthesis.telling import learnt, word

KINDS = ("oak", "ash")


class Trees:
    """Notes on trees that are named by kind and number; of other kinds there are none."""

    def __init__(self, chance):
        self.chance = chance

    def answer(self, method, target, sent, headers):
        del method, target, headers
        kind = sent["tree"].partition(":")[0]
        if kind not in KINDS:
            return 400, {"why": f"no {kind}"}
        return 201, {"id": self.chance.randint(1000, 9999), "tree": sent["tree"]}


def noting(ask, words):
    for kind in (*KINDS, *KINDS, word(words)):
        ask("POST", "/notes", {"tree": f"{kind}:{words.randint(100, 999)}"})


def loose(ask, words):
    for _ in range(4):
        ask("POST", "/notes", {"tree": f"{words.choice(KINDS)}:{word(words)}"})
    ask("POST", "/notes", {"tree": "none"})


@pytest.mark.parametrize("way", [noting, loose])
def test_a_kind_that_was_never_accepted_is_refused(way):
    mocks = learnt(Trees, way, 6)
    assert mocks.ask("POST", "/notes", {"tree": "oak:5150"}).status == 201
    assert mocks.ask("POST", "/notes", {"tree": "elm:5150" if way is noting else "none"}).status == 400


class Anywhere(Trees):
    """Notes on trees of any kind; the number has to be below 500."""

    def answer(self, method, target, sent, headers):
        if int(sent["tree"].partition(":")[2]) >= 500:
            return 400, {"why": "there are not so many"}
        return super().answer(method, target, {"tree": f"oak:{sent['tree']}"}, headers)


def naming(ask, words):
    for _ in range(6):
        ask("POST", "/notes", {"tree": f"{word(words)}:{words.randint(100, 999)}"})


def test_where_each_session_has_kinds_of_its_own_a_new_one_is_accepted():
    mocks = learnt(Anywhere, naming, 6)
    definition = next(one for one in mocks.made.definitions if one["id"] == "post-notes")
    assert "split(':') | first) not in" not in str(definition["cases"])
