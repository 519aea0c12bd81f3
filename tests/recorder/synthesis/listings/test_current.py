"""What was made last below a thing is told by what is done with the thing, as the version in use."""

from synthesis.telling import learnt, word


class Plants:
    """Works with recipes of their own: what is cooked tells by which recipe, the last one that the work was given."""

    def __init__(self, chance):
        self.chance = chance
        self.works = {}

    def answer(self, method, target, sent, headers):
        del headers
        parts = target.strip("/").split("/")
        if method == "POST" and len(parts) == 1:
            own = f"w{self.chance.getrandbits(48):012x}"
            self.works[own] = {}
            return 201, {"id": own, "name": sent["name"]}
        recipes = self.works[parts[1]]
        if parts[2] == "recipes" and method == "POST":
            own = f"r{self.chance.getrandbits(48):012x}"
            recipes[own] = {"id": own, "salt": sent["salt"]}
            return 201, {"recipe_id": own}
        if parts[2] == "recipes":
            found = recipes.get(parts[3])
            return (200, found) if found else (404, {"why": "no recipe"})
        return 200, {"cooked": sent["what"]}, {"X-Recipe": list(recipes)[-1]}


def cooking(ask, words):
    """Make works with one recipe or two, cook, and look a recipe up now and then."""
    for _ in range(2):
        work = ask("POST", "/works", {"name": word(words)}).json["id"]
        for _ in range(words.randint(1, 2)):
            recipe = ask("POST", f"/works/{work}/recipes", {"salt": words.randint(1, 9)}).json["recipe_id"]
        ask("POST", f"/works/{work}/cook", {"what": word(words)})
    if words.random() < 0.5:
        ask("GET", f"/works/{work}/recipes/{recipe}")
        ask("GET", f"/works/{work}/recipes/{word(words)}")


def test_the_last_one_of_the_same_thing_is_told():
    mocks = learnt(Plants, cooking, 10)
    one, other = (mocks.ask("POST", "/works", {"name": name}).json["id"] for name in ("north", "south"))
    first = mocks.ask("POST", f"/works/{one}/recipes", {"salt": 4}).json["recipe_id"]
    mocks.ask("POST", f"/works/{other}/recipes", {"salt": 5})
    assert mocks.ask("POST", f"/works/{one}/cook", {"what": "soup"}).headers["x-recipe"] == first
    second = mocks.ask("POST", f"/works/{one}/recipes", {"salt": 7}).json["recipe_id"]
    assert mocks.ask("POST", f"/works/{one}/cook", {"what": "soup"}).headers["x-recipe"] == second


class Fixed(Plants):
    """Works whose answers tell the same recipe book all along."""

    def answer(self, method, target, sent, headers):
        status, told, *more = super().answer(method, target, sent, headers)
        return status, told, *({"X-Recipe": "book-of-1931"} for _ in more)


def test_what_answers_do_not_tell_is_not_made_of_it():
    mocks = learnt(Fixed, cooking, 10)
    work = mocks.ask("POST", "/works", {"name": "east"}).json["id"]
    mocks.ask("POST", f"/works/{work}/recipes", {"salt": 4})
    assert mocks.ask("POST", f"/works/{work}/cook", {"what": "soup"}).headers["x-recipe"] == "book-of-1931"
