"""A service may only tell what would become of a thing: nothing of it is kept, and reads show it as it was."""

import pytest
from synthesis.telling import learnt, word

COLOURS = ("red", "blue", "green", "grey")


class Try:
    """Tins that are always there; changing one, and throwing it away, only shows what would come of it."""

    keeps = False

    def __init__(self, chance):
        self.chance = chance
        self.tins = {
            str(number): {"id": number, "colour": COLOURS[number % 4], "litres": number * 5} for number in range(1, 7)
        }

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        key = target.rpartition("/")[2]
        if key not in self.tins:
            return 404, {"why": f"no tin {key}"}
        made = {**self.tins[key], **(sent or {})}
        if self.keeps:
            self.tins[key] = made
        return 200, made


class Real(Try):
    """Tins that are changed."""

    keeps = True


def painting(ask, words):
    """Look at tins, change some, and look again."""
    for number in words.sample(range(1, 7), 3):
        ask("GET", f"/tins/{number}")
        if words.random() < 0.7:
            ask("PATCH", f"/tins/{number}", {"colour": word(words)})
        ask("PUT", f"/tins/{number}", {"litres": words.randint(100, 900)})
        ask("GET", f"/tins/{number}")
    ask("PATCH", f"/tins/{words.randint(1, 6)}", {"colour": word(words)})
    ask("GET", f"/tins/{words.randint(50, 90)}")


@pytest.mark.parametrize("service", [Try, Real])
def test_what_is_only_told_changes_nothing(service):
    mocks = learnt(service, painting, count=8)
    before = mocks.ask("GET", "/tins/3").json
    assert before == {"id": 3, "colour": "grey", "litres": 15}
    assert mocks.ask("PATCH", "/tins/3", {"colour": "pink"}).json == {**before, "colour": "pink"}
    kept = {**before, "colour": "pink"} if service.keeps else before
    assert mocks.ask("GET", "/tins/3").json == kept
    assert mocks.ask("PUT", "/tins/3", {"litres": 450}).json == {**kept, "litres": 450}
    assert mocks.ask("GET", "/tins/3").json == ({**kept, "litres": 450} if service.keeps else before)


class Sometimes(Try):
    """Tins of which the green ones are changed, and the others are not."""

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        self.keeps = self.tins.get(target.rpartition("/")[2], {}).get("litres", 0) > 20
        return super().answer(method, target, sent, headers)


def test_what_is_kept_now_and_then_is_kept():
    mocks = learnt(Sometimes, painting, count=8)
    mocks.ask("PATCH", "/tins/6", {"colour": "pink"})
    assert mocks.ask("GET", "/tins/6").json["colour"] == "pink"
