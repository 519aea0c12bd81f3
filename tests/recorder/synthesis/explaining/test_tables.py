"""What only recordings tell is kept as a table by the term that tells it apart."""

import pytest
from synthesis.telling import Mocks, learnt, scenes_of, word

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.tables import told_by_table
from recorder.synthesis.terms.vocabulary import Vocabulary


def grounds_of(*targets):
    """Give grounds and scenes for reads of these targets."""
    scenes = scenes_of(*[("GET", target, None, 200, {}) for target in targets])
    vocabulary = Vocabulary(scenes, {})
    return Grounds(vocabulary, Judge(scenes, vocabulary).decide, "get-price"), scenes


def test_values_that_a_term_tells_apart_are_rows_of_a_table():
    grounds, scenes = grounds_of(*["/price?of=tea", "/price?of=rye"] * 2)
    table = told_by_table(grounds, list(zip(scenes, [3, 5, 3, 5], strict=True)), "amount")
    assert (table.name, table.key.text, table.rows, table.otherwise) == (
        "recorded_get_price_amount", "request.query.of", {"tea": 3, "rye": 5}, 3,
    )  # fmt: skip
    assert grounds.tables == [table]


def test_there_is_none_where_a_key_was_seen_once_or_had_two_values():
    grounds, scenes = grounds_of("/price?of=tea", "/price?of=rye", "/price?of=oil")
    assert told_by_table(grounds, list(zip(scenes, [3, 5, 4], strict=True)), "amount") is None
    grounds, scenes = grounds_of(*["/price?of=tea", "/price?of=rye"] * 2)
    assert told_by_table(grounds, list(zip(scenes, [3, 5, 4, 5], strict=True)), "amount") is None
    assert told_by_table(grounds, [(scenes[0], 3)], "amount") is None
    assert grounds.tables == []


FARES = {(zone, size): 3 + 7 * zone * zone + 5 * size**3 for zone in (1, 2, 3) for size in (1, 2, 3)}


class Carrier:
    def answer(self, method, target, sent, headers):
        return 200, {"fare": FARES[sent["zone"], sent["size"]] + (sent["zone"] * sent["size"]) % 4}


def test_two_terms_tell_what_neither_tells_alone():
    def visit(ask, chance):
        for _ in range(12):
            ask("POST", "/fares", {"zone": chance.randint(1, 3), "size": chance.randint(1, 3), "for": word(chance)})

    mocks = learnt(lambda _chance: Carrier(), visit, 6)
    for (zone, size), fare in FARES.items():
        given = mocks.ask("POST", "/fares", {"zone": zone, "size": size, "for": "nobody"}).json
        assert given == {"fare": fare + (zone * size) % 4}


class Post:
    def answer(self, method, target, sent, headers):
        free = sent["worth"] >= 5_000 and sent["way"] == "slow"
        fee = {"north": 490, "south": 790}[sent["to"]] * {"slow": 1, "fast": 3}[sent["way"]]
        return 201, {"worth": sent["worth"], "fee": 0 if free else fee, "due": sent["worth"] + (0 if free else fee)}


def test_a_fee_is_nothing_under_a_condition_and_else_told_by_two_things():
    def visit(ask, chance):
        for _ in range(6):
            worth = chance.randint(100, 10_000)
            ask(
                "POST",
                "/parcels",
                {"worth": worth, "to": chance.choice(["north", "south"]), "way": chance.choice(["slow", "fast"])},
            )

    mocks = learnt(lambda _chance: Post(), visit, 8)
    for to, way, worth, fee in (
        ("south", "fast", 9_000, 2_370), ("north", "slow", 9_000, 0), ("north", "slow", 300, 490), ("north", "fast", 300, 1_470),
    ):  # fmt: skip
        sent = {"worth": worth, "to": to, "way": way}
        assert mocks.ask("POST", "/parcels", sent).json == {"worth": worth, "fee": fee, "due": worth + fee}


def one_session(term, values, field="sku"):
    """Give the table of values that were answered to what was sent in one session, or None."""
    scenes = scenes_of(*[("POST", "/lines", {field: sent}, 200, {}) for sent in term])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "lines")
    return told_by_table(grounds, list(zip(scenes, values, strict=True)), "title")


@pytest.mark.parametrize(
    ("sent", "values", "field", "is_told"),
    [
        (["a-s", "a-m", "b-s", "c-s"], ["Belt", "Belt", "Cap", "Sock"], "sku", True),
        (["a-s", "a-m", "b-s", "c-s"], ["Belt", "Belt", "Cap", "Sock"], "place", False),
        (["a-s", "a-m", "b-s", "c-s"], ["K7Q2", "X9W1", "P3D8", "M5T6"], "sku", False),
        (["a-s", "b-s", "c-s", "a-s"], ["Belt", "Cap", "Sock", "Belt"], "place", True),
        ([f"{n}f4c0a92-77b1-4d5e-9c3f-0a1b2c3d4e5f" for n in (1, 2, 3, 1)], ["A", "B", "C", "A"], "sku", False),
    ],
)
def test_in_one_session_a_table_is_of_what_names_things(sent, values, field, is_told):
    assert (one_session(sent, values, field) is not None) == is_told


def test_in_one_session_keys_that_were_handed_out_beforehand_tell_who_asks():
    rows = []
    for at, (key, name) in enumerate([("k-ada-7f3a91", "ada"), ("k-bob-22c9d0", "bob")] * 3):
        told = {"id": 70 + at, "title": f"Note {at}", "by": {"login": name, "admin": name == "ada"}}
        rows.append(("POST", "/notes", {"title": f"Note {at}"}, 201, told, {"Authorization": f"Bearer {key}"}))
    mocks = Mocks(rows)
    for key, name in (("k-bob-22c9d0", "bob"), ("k-bob-22c9d0", "bob"), ("k-ada-7f3a91", "ada")):
        given = mocks.ask("POST", "/notes", {"title": "Another"}, {"Authorization": f"Bearer {key}"}).json
        assert given["by"] == {"login": name, "admin": name == "ada"}


def test_what_single_sessions_of_a_few_tell_of_things_by_their_names_is_known():
    prices = {"SKU-1": 450, "SKU-2": 1299, "SKU-3": 725, "SKU-4": 99}

    def quoted(sku, quantity):
        return "POST", "/quotes", {"sku": sku, "quantity": quantity}, 200, {"sku": sku, "price": prices[sku]}

    first = [quoted("SKU-1", 1), quoted("SKU-2", 2), quoted("SKU-1", 3), quoted("SKU-3", 1)]
    mocks = Mocks(first, [quoted("SKU-4", 1), quoted("SKU-2", 1), quoted("SKU-4", 3)])
    told = {sku: mocks.ask("POST", "/quotes", {"sku": sku, "quantity": 1}).json["price"] for sku in prices}
    assert told == prices


SCANS = {"PICKUP": "PICKED_UP", "DEPOT": "IN_TRANSIT", "LOADED": "ON_ITS_WAY", "LEFT": "DELIVERED"}


def scanned(field, states):
    """Give mocks of one session in which each word of a field is sent once, from another place."""
    rows = [
        ("POST", "/scans", {field: sent, "at": f"Dock {number}", "by": word}, 200, {"now": state, "done": number})
        for number, (word, (sent, state)) in enumerate(zip("pqrs", states.items(), strict=True))
    ]
    return Mocks(rows)


def test_one_session_tells_words_in_capitals_by_words_in_capitals():
    mocks = scanned("code", SCANS)
    for sent, state in reversed(SCANS.items()):
        assert mocks.ask("POST", "/scans", {"code": sent, "at": "Dock 0", "by": "t"}).json["now"] == state


def test_one_session_tells_words_in_small_letters_only_where_a_name_says_what_is_done():
    states = {"open": "wide", "shut": "tight", "lock": "safe", "hide": "lost"}
    for field in ("action", "comment"):
        mocks = scanned(field, states)
        right = [mocks.ask("POST", "/scans", {field: one, "at": "Dock 0", "by": "t"}).json["now"] for one in states]
        assert (right == list(states.values())) is (field == "action")
