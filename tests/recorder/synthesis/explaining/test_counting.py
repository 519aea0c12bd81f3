"""Whole numbers that count on are told from their order."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.explaining.counting import counter, next_id, numbered, said_where_number
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term

SCENES = scenes_of(*[("POST", "/orders", {}, 201, {})] * 4)


def cases(*values):
    return list(zip(SCENES, values, strict=False))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((1, 2, 3), "(state.incr('orders:count'))"),
        ((101, 102, 103), "(state.incr('orders:count') + 100)"),
        ((0, 1), "(state.incr('orders:count') - 1)"),
        ((1, 3), None),
        ((1,), None),
        ((True, 2), None),
        (("1", "2"), None),
    ],
)
def test_numbers_that_count_on_in_a_session_are_a_counter(values, text):
    made = counter(cases(*values), "orders")
    assert (made and (made.text, made.kind)) == (text and (text, "counter"))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("7", "8"), "(state.incr('orders:count') + 6)"),
        (("0007", "0008"), "((state.incr('orders:count') + 6) | string | zfill(4))"),
        (("7", "x"), None),
        (("7", "9"), None),
    ],
)
def test_digits_that_count_on_keep_their_zeros(values, text):
    made = numbered(cases(*values), "orders")
    assert (made and made.text) == text


def test_an_id_follows_the_highest_that_ever_was_or_that_is_held():
    [first, second, *_] = scenes_of(("POST", "/orders", {}, 201, {}), ("POST", "/orders", {}, 201, {}))
    first.timeline.put("orders", "4", {"id": 4}, -1)
    first.timeline.put("orders", "9", {"id": 9}, -1)
    first.timeline.put("orders", "9", None, 0)
    assert next_id([(first, 10), (second, 10)], "id").text == "resource.orders.next_id('id')"
    assert (
        next_id([(second, 5)], "id").text == "(([0] + (resource.orders.all() | map(attribute='id') | list)) | max) + 1"
    )
    assert (next_id([(first, 7)], "id"), next_id([(first, "010")], "id")) == (None, None)
    assert next_id([(first, "10")], "id").text == "(resource.orders.next_id('id') | string)"


@pytest.mark.parametrize(
    ("gap", "count", "is_told"), [(1, 40, True), (2, 40, True), (2, 12, False), (0, 40, False), (-1, 40, False)]
)
def test_of_many_ids_a_few_may_leave_room_for_a_row_that_nobody_saw(gap, count, is_told):
    scenes = scenes_of(*[("POST", "/orders", {}, 201, {})] * count)
    highest = 0
    told = []
    for place, scene in enumerate(scenes):
        number = highest + (gap if place == count // 2 else 1)
        told.append((scene, number))
        scene.timeline.put("orders", str(number), {"id": number}, scene.moment)
        highest = max(highest, number)
    made = next_id(told, "id")
    assert (made is not None and made.text == "resource.orders.next_id('id')") == is_told


def test_a_guess_that_reckons_with_what_may_not_be_there_has_another_value_beside_it():
    known = dict(zip(map(id, SCENES), (MISSING, 1, 2, 3), strict=True))
    term = Term("(vars.last.no + 1)", lambda scene: known[id(scene)], "no", 1.0)
    made = said_where_number(term, cases(1, 1, 2, 3))
    [(condition, said), (_, other)] = made.options
    assert (condition.text, said.term.text, other.content) == ("vars.last.no is number", "(vars.last.no + 1)", 1)
