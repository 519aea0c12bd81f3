"""Numbers of an answer are worked out from its other parts."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Mocks, scenes_of, word

from recorder.synthesis.explaining.derive import Names, derive
from recorder.synthesis.nodes.node import Fixed, Object
from recorder.synthesis.terms.vocabulary import Vocabulary

PRICES = (375, 1_250, 80, 999, 4_410, 615)


def an_order(*lines):
    rows = [{"qty": qty, "price": price} for qty, price in lines]
    total = sum(one["qty"] * one["price"] for one in rows)
    return {
        "rows": rows,
        "count": len(rows),
        "total": total,
        "tax": round(total * 0.2),
        "due": total + round(total * 0.2),
    }


def orders(count=6):
    """Give a session in which orders of some lines are totalled."""
    chance = Random(7)
    found = []
    for number in range(count):
        lines = [(chance.randint(1, 9), chance.choice(PRICES)) for _ in range(number % 3 + 1)]
        made = an_order(*lines)
        found.append(("POST", "/totals", {"rows": made["rows"]}, 200, made))
    return found


def test_a_total_is_a_sum_and_what_follows_from_it_is_worked_out():
    mocks = Mocks(orders(), orders(4))
    asked = an_order((3, 1_111), (2, 70), (10, 9))
    assert mocks.ask("POST", "/totals", {"rows": asked["rows"]})[:2] == (200, asked)
    assert mocks.wrong == []


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda a, b: a + b, "(request.json.a + request.json.b)"),
        (lambda a, b: a - b, "(request.json.a - request.json.b)"),
        (lambda a, b: a * b, "(request.json.a * request.json.b)"),
        (lambda a, b: a * 0.25, "((request.json.a * 0.25) | round(2))"),
    ],
)
def test_a_number_is_reckoned_from_those_that_were_sent(made, text):
    sent = [{"a": 97, "b": 31}, {"a": 411, "b": 7}, {"a": 530, "b": 223}, {"a": 68, "b": 19}]
    scenes = scenes_of(*[("POST", "/x", one, 200, {}) for one in sent])
    cases = [(scene, {"n": made(**scene.sample.json)}) for scene in scenes]
    node = derive(Object({"n": (Fixed(0, guess=True), None)}), cases, Vocabulary(scenes, {}), Names())
    assert (node.document(), node.unknown) == ({"n": f"{{{{ {text} }}}}"}, 0)


def test_what_no_reckoning_gives_stays_a_guess():
    scenes = scenes_of(*[("POST", "/x", {"a": n}, 200, {}) for n in (3, 17, 90)])
    cases = list(zip(scenes, [{"n": 5_417}, {"n": 3}, {"n": 77_711}], strict=True))
    guess = Object({"n": (Fixed(3, guess=True), None)})
    assert derive(guess, cases, Vocabulary(scenes, {}), Names()).unknown == 1


def test_names_are_given_once():
    names = Names({"id"})
    given = [names.free(path) for path in (("id",), ("a", "id"), ("Created-At",), ("list",), (0,), ("1st",))]
    assert given == ["id2", "id3", "created_at", "new_list", "made", "new_1st"]


def cases_of(*answers):
    scenes = scenes_of(*[("GET", "/x", None, 200, {})] * len(answers))
    return list(zip(scenes, answers, strict=True))


def test_a_link_holds_the_id_that_was_made():
    rows = [
        ("POST", "/things", {"name": word(Random(seed))}, 201, {"id": (key := word(Random(seed + 50), "abcdef0123456789", 12)), "self": f"/things/{key}"})
        for seed in range(5)
    ]  # fmt: skip
    made = Mocks(rows[:3], rows[3:]).ask("POST", "/things", {"name": "x"}).json
    assert made["self"] == f"/things/{made['id']}"


def test_of_one_session_a_choice_of_two_numbers_is_rather_what_a_list_beside_them_comes_to():
    rows = []
    for kind, counts in (("box", (3,)), ("bag", (3, 1)), ("box", (2, 1)), ("bag", (4,))):
        lines = [{"sku": f"S-{count}", "qty": count} for count in counts]
        rows.append(("POST", "/packs", {"kind": kind, "lines": lines}, 200, {"packed": lines, "pieces": sum(counts)}))
    mocks = Mocks(rows)
    sent = {"kind": "bag", "lines": [{"sku": "S-5", "qty": 5}, {"sku": "S-2", "qty": 2}]}
    assert mocks.ask("POST", "/packs", sent).json["pieces"] == 7
