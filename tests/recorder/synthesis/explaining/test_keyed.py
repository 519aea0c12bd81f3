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


class Till(Scales):
    """Takes coins into jars, several at once; tells each line with its number, and what is in the jars then."""

    def __init__(self, chance):
        super().__init__(chance)
        self.jars = {}

    def answer(self, method, target, sent, headers):
        del headers
        if target == "/jars":
            self.jars[sent["name"]] = 0
            return 201, {"id": sent["name"], "coins": 0}
        if method == "GET":
            name = target.rpartition("/")[2]
            return (200, {"id": name, "coins": self.jars[name]}) if name in self.jars else (404, {})
        for line in sent["lines"]:
            self.jars[line["jar"]] += line["coins"]
        lines = [{"line": at, **line} for at, line in enumerate(sent["lines"], 1)]
        return 200, {"lines": lines, "jars": {line["jar"]: self.jars[line["jar"]] for line in sent["lines"]}}


def filling(ask, words):
    jars = [word(words) for _ in range(3)]
    for jar in jars:
        ask("POST", "/jars", {"name": jar})
    for _ in range(4):
        some = words.sample(jars, words.randint(2, 3))
        ask("POST", "/fillings", {"lines": [{"jar": jar, "coins": words.randint(1, 99)} for jar in some]})
        ask("GET", f"/jars/{some[0]}")


def test_rows_that_are_sent_name_the_members_and_are_numbered():
    mocks = learnt(Till, filling, 5)
    for jar in ("red", "blue"):
        mocks.ask("POST", "/jars", {"name": jar})
    given = mocks.ask("POST", "/fillings", {"lines": [{"jar": "blue", "coins": 4}, {"jar": "red", "coins": 5}]}).json
    assert [(one["line"], one["jar"]) for one in given["lines"]] == [(1, "blue"), (2, "red")]
    assert set(given["jars"]) == {"blue", "red"}
    alone = mocks.ask("POST", "/fillings", {"lines": [{"jar": "red", "coins": 5}]}).json
    assert list(alone["jars"]) == ["red"]


class Porter(Scales):
    """Carries coins from one jar to another for a fee, and tells what is in both then."""

    def __init__(self, chance):
        super().__init__(chance)
        self.jars = {}

    def answer(self, method, target, sent, headers):
        del headers
        if target == "/jars":
            made = {"id": word(self.chance), "coins": sent["coins"]}
            self.jars[made["id"]] = made
            return 201, dict(made)
        if method == "GET":
            found = self.jars.get(target.rpartition("/")[2])
            return (200, dict(found)) if found else (404, {})
        one, other, fee = self.jars[sent["from"]], self.jars[sent["to"]], sent["coins"] // 10
        one["coins"] -= sent["coins"] + fee
        other["coins"] += sent["coins"]
        return 200, {"fee": fee, "jars": {one["id"]: one["coins"], other["id"]: other["coins"]}}


def carrying(ask, words):
    jars = [ask("POST", "/jars", {"coins": words.randint(2000, 9000)}).json["id"] for _ in range(3)]
    for _ in range(4):
        one, other = words.sample(jars, 2)
        ask("POST", "/carryings", {"from": one, "to": other, "coins": words.randint(11, 400)})
        ask("GET", f"/jars/{one}")
        ask("GET", f"/jars/{other}")


def test_members_are_reckoned_with_what_is_elsewhere_in_the_answer():
    mocks = learnt(Porter, carrying, 6)
    assert [one for one in mocks.wrong if one[1] == "/carryings"] == [], "names that stand for others are no difference"
    one, other = (mocks.ask("POST", "/jars", {"coins": coins}).json["id"] for coins in (500, 70))
    told = mocks.ask("POST", "/carryings", {"from": one, "to": other, "coins": 105}).json
    assert told == {"fee": 10, "jars": {one: 385, other: 175}}
