"""Calls that send many rows and are told only their ids make a thing of each row."""

from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.told_ids import find_told_ids
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Mailroom:
    """Trays of letters, which are put there many at once; the answer tells their ids, each as `told` says."""

    def __init__(self, chance):
        self.chance = chance
        self.letters = {}

    def told(self, own):
        return own

    def answer(self, method, target, sent, _headers):
        _, tray, _, *rest = target.strip("/").split("/")
        if method == "POST":
            ids = [word(self.chance) for _ in sent["letters"]]
            self.letters |= {
                (tray, own): {"id": own, **row, "opened": False} for own, row in zip(ids, sent["letters"], strict=True)
            }
            return 201, {"put": [self.told(own) for own in ids], "text": "thanks"}
        if rest:
            found = self.letters.get((tray, rest[0]))
            return (404, {"error": "no such letter"}) if found is None else (200, found)
        return 200, {"letters": [one for (other, _), one in self.letters.items() if other == tray]}


class Registry(Mailroom):
    """The answer tells of each letter also a status."""

    def told(self, own):
        return {"id": own, "status": 201}


def posting(ask, words):
    for _ in range(2):
        tray = f"/trays/{word(words)}{words.randint(10, 99)}/letters"
        rows = [{"from": word(words), "pages": words.randint(1, 9)} for _ in range(words.randint(1, 4))]
        ask("POST", tray, {"letters": rows})
        for one in ask("GET", tray).json["letters"][:2]:
            ask("GET", f"{tray}/{one['id']}")
        ask("GET", f"{tray}/nothing")


def check(service):
    mocks = learnt(service, posting, 8)
    rows = [{"from": "ann", "pages": 2}, {"from": "bob", "pages": 3}, {"from": "cleo", "pages": 4}]
    given = mocks.ask("POST", "/trays/north77/letters", {"letters": rows}).json
    ids = [one["id"] if isinstance(one, dict) else one for one in given["put"]]
    assert len(set(ids)) == 3
    made = [{"id": own, **row, "opened": False} for own, row in zip(ids, rows, strict=True)]
    assert mocks.ask("GET", "/trays/north77/letters").json == {"letters": made}
    assert mocks.ask("GET", f"/trays/north77/letters/{ids[1]}").json == made[1]
    mocked, real = as_the_service(service, posting, mocks)
    assert mocked == real


def test_rows_whose_ids_alone_are_told_are_there_afterwards():
    check(Mailroom)


def test_rows_of_which_a_row_each_tells_the_id_and_a_status_are_there_afterwards():
    check(Registry)


THINGS = Collection(("things", None), "things", ("id",))
SENT = [{"name": "cup"}, {"name": "jug"}]


def found(*calls):
    samples = told(*calls)
    [endpoint] = [one for one in endpoints_of(samples) if one.method == "POST"]
    place = find_told_ids(endpoint, THINGS, {samples[0].session: samples})
    return place and (place.sent, place.results, place.own)


def put(rows, answered):
    return ("POST", "/things", {"rows": rows}, 201, {"ids": answered})


def listed(*rows):
    return ("GET", "/things", None, 200, {"things": list(rows)})


def test_ids_are_those_of_the_rows_only_where_these_are_shown_under_them_and_their_number_varies():
    one, two = put(SENT[:1], ["a7"]), put(SENT, ["b8", "c9"])
    shown = listed({"id": "a7", "name": "cup"}, {"id": "b8", "name": "cup"}, {"id": "c9", "name": "jug"})
    assert found(one, two, shown) == (("rows",), ("ids",), ())
    assert found(one, two, listed({"id": "a7", "name": "pot"}, {"id": "b8", "name": "tin"})) is None
    assert found(one, two) is None
    assert found(two, put(SENT, ["d1", "e2"]), listed({"id": "b8", "name": "cup"}, {"id": "c9", "name": "jug"})) is None
    assert found(put(SENT, ["a7"]), two, shown) is None
