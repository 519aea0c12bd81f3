"""Members may be called as what was asked."""

from synthesis.telling import learnt, word


class Scales:
    """Weighs two things, and tells what each weighs by its name."""

    def __init__(self, chance):
        self.chance = chance

    def answer(self, method, target, sent, headers):
        del method, target, headers
        return 200, {"weights": {sent["left"]: sent["size"], sent["right"]: 2 * sent["size"]}, "unit": "g"}


def weighing(ask, words):
    for _ in range(3):
        ask("POST", "/weighings", {"left": word(words), "right": word(words), "size": words.randint(1, 99)})


def test_what_is_asked_names_the_members():
    mocks = learnt(Scales, weighing)
    given = mocks.ask("POST", "/weighings", {"left": "tea", "right": "cup", "size": 4}).json
    assert set(given["weights"]) == {"tea", "cup"}
    assert given["weights"]["tea"] == 4


def test_members_that_are_always_the_same_are_called_so():
    class Fixed(Scales):
        def answer(self, method, target, sent, headers):
            del method, target, headers
            return 200, {"weights": {"left": sent["size"], "right": 1}}

    mocks = learnt(Fixed, weighing)
    assert mocks.ask("POST", "/weighings", {"left": "left", "right": "right", "size": 4}).json == {
        "weights": {"left": 4, "right": 1}
    }
