"""The rows of a list name items, and are shown with what those are."""

from synthesis.telling import learnt, word

BASICS = ("tea", "rye")


class Kitchen:
    """Dishes that are put on an order by their names; two are on every card."""

    def __init__(self, chance):
        self.chance = chance
        self.dishes = {name: {"name": name, "price": 3 + place} for place, name in enumerate(BASICS)}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del method, headers
        if target == "/dishes":
            self.dishes[sent["name"]] = sent
            return 201, sent
        lines = [dict(self.dishes[name]) for name in sent.get("dishes", ())]
        return 201, {"id": word(self.chance), "note": sent["note"], "lines": lines}


def a_meal(ask, words):
    own = [word(words), word(words)]
    for name in own:
        ask("POST", "/dishes", {"name": name, "price": words.randint(1_000, 99_999)})
    for dishes in (own, ["tea", own[0]], ["rye"], [own[1], "rye", "tea"]):
        ask("POST", "/orders", {"note": word(words), "dishes": dishes})
    ask("POST", "/orders", {"note": word(words)})


def test_what_rows_name_is_shown_as_it_was_made_or_as_it_always_was():
    mocks = learnt(Kitchen, a_meal, count=6)
    mocks.ask("POST", "/dishes", {"name": "soup", "price": 777})
    shown = mocks.ask("POST", "/orders", {"note": "n", "dishes": ["soup", "rye"]})
    assert shown.json["lines"] == [{"name": "soup", "price": 777}, {"name": "rye", "price": 4}]


def test_a_list_that_is_not_sent_is_an_empty_one():
    mocks = learnt(Kitchen, a_meal, count=6)
    assert mocks.ask("POST", "/orders", {"note": "n"}).json["lines"] == []


class Secretive(Kitchen):
    """Keeps how a dish is made, and tells only who asks for it."""

    def __init__(self, chance):
        super().__init__(chance)
        self.ways = {}

    def answer(self, method, target, sent, headers):
        if target.endswith("/way"):
            way = self.ways.get(target.split("/")[2])
            return (200, {"way": way}) if way else (404, {"error": "no such dish"})
        if target == "/dishes":
            self.ways[sent["name"]] = sent.pop("way")
        status, told = super().answer(method, target, sent, headers)
        for line in told.get("lines", ()):
            line.pop("course")
        return status, told


def a_secret_meal(ask, words):
    own = [word(words), word(words)]
    for name in own:
        dish = {"name": name, "price": words.randint(1_000, 99_999), "course": words.randint(1, 4)}
        ask("POST", "/dishes", {**dish, "way": word(words)})
        ask("GET", f"/dishes/{name}/way")
    for dishes in (own, [own[0]], [own[1], own[0]]):
        ask("POST", "/orders", {"note": word(words), "dishes": dishes})
    ask("GET", f"/dishes/{word(words)}/way")


def test_what_is_kept_hidden_with_an_item_is_not_shown_in_rows_that_name_it():
    mocks = learnt(Secretive, a_secret_meal, count=6)
    mocks.ask("POST", "/dishes", {"name": "soup", "price": 777, "course": 1, "way": "boiled"})
    assert mocks.ask("GET", "/dishes/soup/way").json == {"way": "boiled"}
    shown = mocks.ask("POST", "/orders", {"note": "n", "dishes": ["soup"]})
    assert shown.json["lines"] == [{"name": "soup", "price": 777}]


class Daily(Kitchen):
    """Has two dishes of the day beside, which it tells only by their names."""

    def __init__(self, chance):
        super().__init__(chance)
        self.today = [word(chance), word(chance)]
        self.dishes |= {name: {"name": name, "price": chance.randint(1_000, 99_999)} for name in self.today}

    def answer(self, method, target, sent, headers):
        return (200, {"today": self.today}) if target == "/card" else super().answer(method, target, sent, headers)


def a_meal_of_the_day(ask, words):
    today, own = ask("GET", "/card").json["today"], word(words)
    ask("POST", "/dishes", {"name": own, "price": words.randint(1_000, 99_999)})
    for dishes in (today, [own, today[0]], [today[1], own], [own]):
        ask("POST", "/orders", {"note": word(words), "dishes": dishes})


def test_what_is_the_same_again_and_again_in_one_session_only_is_in_no_table():
    mocks = learnt(Daily, a_meal_of_the_day, count=6)
    assert not [one["id"] for one in mocks.made.definitions[1:] if "recorded_" in str(one)]
    mocks.ask("POST", "/dishes", {"name": "soup", "price": 777})
    lines = mocks.ask("POST", "/orders", {"note": "n", "dishes": ["soup"]}).json["lines"]
    assert [one["name"] for one in lines] == ["soup"]
