"""Numbers are reckoned from two others that are known."""

from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.reckoning import equal, reckoned
from recorder.synthesis.nodes.node import Fixed, MadeUp, Said
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT = [{"qty": 2, "price": 30}, {"qty": 3, "price": 15.5}, {"qty": 7, "price": 11}]


def written(number_of, beside=()):
    """Give how numbers that a function makes of what was sent are written, or None."""
    scenes = scenes_of(*[("POST", "/orders", one, 201, {}) for one in SENT])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders")
    made = reckoned(grounds, [(scene, number_of(scene.sample.json)) for scene in scenes], dict(beside))
    return made and made.term.text


def test_a_number_is_the_product_the_sum_or_the_difference_of_two():
    assert written(lambda sent: sent["qty"] * sent["price"]) == "(request.json.qty * request.json.price)"
    assert written(lambda sent: sent["qty"] + sent["price"]) == "(request.json.qty + request.json.price)"
    assert written(lambda sent: sent["price"] - sent["qty"]) == "(request.json.price - request.json.qty)"


def test_members_beside_it_come_first_but_not_guesses_and_what_is_made_up():
    qty = Said(Term("vars.qty", lambda scene: scene.sample.json["qty"]))
    beside = {"qty": (qty, None), "id": (MadeUp("uuid()", "uuid"), None), "no": (Fixed(1, guess=True), None)}
    assert written(lambda sent: sent["qty"] * sent["price"], beside.items()) == (
        "((vars.qty | default(0)) * request.json.price)"
    )


def test_there_is_none_where_it_is_no_number_or_of_nothing_known():
    assert (written(lambda sent: str(sent["qty"])), written(lambda sent: sent["qty"] ** 5 + 0.123)) == (None, None)


def test_numbers_are_equal_but_for_what_reckoning_loses():
    assert [equal([0.1 + 0.2], [0.3]), equal([1e9 + 1], [1e9]), equal([1], [2])] == [True, True, False]


def test_amounts_of_money_come_without_what_floating_point_reckoning_adds():
    def paid(sent):
        return round(sent["qty"] * sent["price"] * 1.1, 2)

    scenes = scenes_of(*[("POST", "/x", {"qty": qty, "price": 2.49}, 201, {}) for qty in (3, 2)])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "x")
    made = reckoned(grounds, [(scenes[0], 7.47), (scenes[1], 4.98)], {})
    assert made.term.text == "((request.json.qty * request.json.price) | round(2))"
    assert (made.term.get(scenes[0]), written(paid)) == (7.47, None)
