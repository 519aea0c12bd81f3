"""What only recordings tell is kept as a table by the term that tells it apart."""

from synthesis.telling import learnt, scenes_of, word

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
