"""What operations bring about is so once they are done, as their polls show it, and not before."""

import pytest
from synthesis.telling import as_the_service, learnt, word

HEADER = {"Authorization": "Bearer abcdef0123456789"}


class Gardens:
    """Beds that are dug, changed and cleared by operations; more than 50 plants are too many, as the second poll says."""

    def __init__(self, chance):
        self.chance = chance
        self.beds, self.operations, self.wanted, self.polls = {}, {}, {}, {}

    def answer(self, method, target, sent, _headers):
        path, _, query = target.partition("?")
        _, garden, kind, *rest = path.strip("/").split("/")
        above = f"gardens/{garden}"
        if kind == "operations":
            return self.operation(f"{above}/operations/{rest[0].partition(':')[0]}", ":" in rest[0])
        if not rest:
            if method == "GET":
                return 200, {"beds": [self.beds[name] for name in sorted(self.beds) if name.startswith(above)]}
            return self.dig(above, query.removeprefix("bed="), sent)
        name = f"{above}/beds/{rest[0]}"
        if name not in self.beds:
            return 404, {"error": "no such bed"}
        if method == "GET":
            return 200, self.beds[name]
        if self.beds[name]["state"] != "READY":
            return 409, {"error": "another operation is in progress"}
        self.beds[name]["state"] = "CHANGING" if method == "PATCH" else "CLEARING"
        return self.begun(name, "change" if method == "PATCH" else "clear", sent or {})

    def dig(self, above, own, sent):
        name = f"{above}/beds/{own}"
        if name in self.beds:
            return 409, {"error": f"{name} is there already"}
        self.beds[name] = {"name": name, **sent, "soil": "loam", "state": "DIGGING"}
        return self.begun(name, "dig", {})

    def begun(self, name, verb, wanted):
        own = f"{name.partition('/beds/')[0]}/operations/op-{word(self.chance)}"
        self.operations[own] = {"name": own, "verb": verb, "target": name, "done": False}
        self.wanted[own], self.polls[own] = wanted, 0
        return 200, self.operations[own]

    def operation(self, own, is_cancelled):
        if own not in self.operations:
            return 404, {"error": "no such operation"}
        told = self.operations[own]
        if is_cancelled:
            told |= {"done": True, "error": {"text": "called off"}}
            del self.beds[told["target"]]
            return 200, {}
        self.polls[own] += 1
        if self.polls[own] == 2 and not told["done"]:
            self.finish(own, told)
        return 200, told

    def finish(self, own, told):
        told["done"] = True
        bed = self.beds[told["target"]]
        if told["verb"] == "dig" and bed["plants"] > 50:
            told["error"] = {"text": "too many plants"}
            del self.beds[told["target"]]
        elif told["verb"] == "clear":
            told["response"] = {"kind": "nothing"}
            del self.beds[told["target"]]
        else:
            bed |= {**self.wanted[own], "state": "READY", "plot": f"10.{self.chance.randint(1, 99)}.1.7"}
            told["response"] = {"kind": "bed", **bed}


def polled(ask, begun):
    for _ in range(2):
        ask("GET", f"/{begun['name']}", None, HEADER)


def bed(words, plants=9):
    return {
        "plants": words.randint(1, plants),
        "colour": word(words),
        **({"hedge": True} if words.random() < 0.5 else {}),
    }


def gardening(ask, words):
    home = f"/gardens/{word(words)}{words.randint(10, 99)}"
    own = [f"{word(words)}-{words.randint(10, 99)}" for _ in range(4)]
    polled(ask, ask("POST", f"{home}/beds?bed={own[0]}", bed(words), HEADER).json)
    ask("GET", f"{home}/beds/{own[0]}", None, HEADER)
    begun = ask("POST", f"{home}/beds?bed={own[1]}", bed(words), HEADER).json
    ask("GET", f"{home}/beds/{own[1]}", None, HEADER)
    ask("POST", f"/{begun['name']}:cancel", {}, HEADER)
    ask("GET", f"/{begun['name']}", None, HEADER)
    ask("GET", f"{home}/beds/{own[1]}", None, HEADER)
    begun = ask("PATCH", f"{home}/beds/{own[0]}", {"colour": word(words)}, HEADER).json
    ask("GET", f"{home}/beds/{own[0]}", None, HEADER)
    if words.random() < 0.6:
        ask("DELETE", f"{home}/beds/{own[0]}", None, HEADER)
    polled(ask, begun)
    ask("GET", f"{home}/beds/{own[0]}", None, HEADER)
    polled(ask, ask("POST", f"{home}/beds?bed={own[2]}", {**bed(words), "plants": words.randint(60, 90)}, HEADER).json)
    ask("GET", f"{home}/beds/{own[2]}", None, HEADER)
    polled(ask, ask("POST", f"{home}/beds?bed={own[3]}", bed(words), HEADER).json)
    ask("POST", f"{home}/beds?bed={own[3]}", bed(words), HEADER)
    ask("GET", f"{home}/beds", None, HEADER)
    polled(ask, ask("DELETE", f"{home}/beds/{own[0]}", None, HEADER).json)
    ask("GET", f"{home}/beds/{own[0]}", None, HEADER)
    ask("GET", f"{home}/beds", None, HEADER)


@pytest.fixture(scope="module")
def mocks():
    return learnt(Gardens, gardening, 12)


def begin(mocks, method, target, sent=None):
    told = mocks.ask(method, target, sent, HEADER)
    assert told.status == 200
    return f"/{told.json['name']}"


def finished(mocks, operation):
    first, second = (mocks.ask("GET", operation, None, HEADER).json for _ in range(2))
    assert (first["done"], second["done"]) == (False, True)
    return second


def test_a_thing_is_what_the_operation_shows_once_it_is_done(mocks):
    begun = begin(mocks, "POST", "/gardens/west12/beds?bed=roses-7", {"plants": 4, "colour": "red"})
    new = mocks.ask("GET", "/gardens/west12/beds/roses-7", None, HEADER).json
    name = "gardens/west12/beds/roses-7"
    assert new == {"name": name, "plants": 4, "colour": "red", "soil": "loam", "state": "DIGGING"}
    told = finished(mocks, begun)["response"]
    assert told == {"kind": "bed", **new, "state": "READY", "plot": told["plot"]}
    shown = mocks.ask("GET", "/gardens/west12/beds/roses-7", None, HEADER).json
    assert {"kind": "bed", **shown} == told
    assert mocks.ask("GET", "/gardens/west12/beds", None, HEADER).json == {"beds": [shown]}


def test_a_change_is_made_when_its_operation_is_done_and_no_other_is_begun_before(mocks):
    finished(mocks, begin(mocks, "POST", "/gardens/east12/beds?bed=herbs-8", {"plants": 4, "colour": "red"}))
    begun = begin(mocks, "PATCH", "/gardens/east12/beds/herbs-8", {"colour": "blue"})
    old = mocks.ask("GET", "/gardens/east12/beds/herbs-8", None, HEADER).json
    assert (old["colour"], old["state"]) == ("red", "CHANGING")
    assert mocks.ask("DELETE", "/gardens/east12/beds/herbs-8", None, HEADER).status == 409
    assert finished(mocks, begun)["response"]["colour"] == "blue"
    new = mocks.ask("GET", "/gardens/east12/beds/herbs-8", None, HEADER).json
    assert (new["colour"], new["state"]) == ("blue", "READY")


def test_a_thing_is_gone_once_the_operation_that_clears_it_is_done(mocks):
    finished(mocks, begin(mocks, "POST", "/gardens/south12/beds?bed=peas-9", {"plants": 4, "colour": "red"}))
    begun = begin(mocks, "DELETE", "/gardens/south12/beds/peas-9")
    assert mocks.ask("GET", "/gardens/south12/beds/peas-9", None, HEADER).status == 200
    assert finished(mocks, begun)["response"] == {"kind": "nothing"}
    assert mocks.ask("GET", "/gardens/south12/beds/peas-9", None, HEADER).status == 404
    assert mocks.ask("GET", "/gardens/south12/beds", None, HEADER).json == {"beds": []}


def test_what_an_operation_failed_to_make_or_was_called_off_is_gone(mocks):
    begun = begin(mocks, "POST", "/gardens/north12/beds?bed=oaks-7", {"plants": 70, "colour": "red"})
    assert finished(mocks, begun)["error"] == {"text": "too many plants"}
    assert mocks.ask("GET", "/gardens/north12/beds/oaks-7", None, HEADER).status == 404
    begun = begin(mocks, "POST", "/gardens/north12/beds?bed=elms-7", {"plants": 7, "colour": "red"})
    mocks.ask("POST", f"{begun}:cancel", {}, HEADER)
    assert mocks.ask("GET", "/gardens/north12/beds/elms-7", None, HEADER).status == 404


def test_a_session_that_nobody_knows_is_answered_as_the_service_does(mocks):
    mocked, real = as_the_service(Gardens, gardening, mocks)
    assert mocked == real


class Silent(Gardens):
    """Operations that never show what they are about."""

    def finish(self, own, told):
        super().finish(own, told)
        told.pop("response", None)


def test_writes_change_things_at_once_where_no_operation_shows_what_becomes_of_them():
    mocks = learnt(Silent, gardening, 6)
    begin(mocks, "POST", "/gardens/west12/beds?bed=roses-7", {"plants": 4, "colour": "red"})
    mocks.ask("DELETE", "/gardens/west12/beds/roses-7", None, HEADER)
    assert mocks.ask("GET", "/gardens/west12/beds/roses-7", None, HEADER).status == 404
