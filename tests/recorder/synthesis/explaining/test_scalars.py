"""Single values are explained by the first that holds: a term, a kind, a choice, a count, a table."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.scalars import Scalars
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary


def explained(sent, values, name="x"):
    """Give how values that were answered to what was sent are written; "?" for a guess."""
    scenes = scenes_of(*[("POST", "/orders", one, 200, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    scalars = Scalars(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders"))
    node = scalars.explain(list(zip(scenes, values, strict=True)), name)
    return "?" if node.unknown else node.document()


KINDS = [{"kind": kind, "n": number} for number, kind in enumerate(["tea", "rye"] * 4)]


@pytest.mark.parametrize(
    ("sent", "values", "text"),
    [
        (KINDS, [one["kind"] for one in KINDS], "{{ request.json.kind }}"),
        (KINDS, ["open"] * 8, "open"),
        (KINDS, [None] * 8, None),
        (KINDS, [100 + number for number in range(8)], "{{ (state.incr('orders:count') + 99) }}"),
        ([{"n": 1}] * 3, ["?a", "!b", ".c"], "?"),
    ],
)
def test_a_value_is_explained_by_the_first_that_holds(sent, values, text):
    assert explained(sent, values) == text


def test_few_values_are_chosen_by_what_was_sent():
    values = ["hot" if one["kind"] == "tea" else "dry" for one in KINDS]
    text = explained(KINDS, values)
    assert (text.count(" if "), "request.json.kind" in text, "'hot'" in text, "'dry'" in text) == (1, True, True, True)


def test_what_was_not_given_has_its_default():
    sent = [{"size": "large"}, {}, {"size": "small"}, {}]
    text = explained(sent, [one.get("size", "normal") for one in sent], "size")
    assert text == "{{ request.json.size if request.json.size is defined else 'normal' }}"


def test_nulls_are_explained_on_their_own():
    sent = [{"paid": number % 2 == 0, "note": f"note {number}"} for number in range(8)]
    text = explained(sent, [one["note"] if one["paid"] else None for one in sent], "note")
    assert ("request.json.note" in text, "none" in text, "request.json.paid" in text) == (True, True, True)


def test_what_the_page_tells_is_the_better_guess():
    scenes = scenes_of(*[("GET", f"/orders?n={number}", None, 200, {}) for number in range(10)])
    totals = {id(scene): number for number, scene in enumerate(scenes)}
    vocabulary = Vocabulary(scenes, {}, [Term("vars.list.total", lambda scene: totals[id(scene)], "total")])
    values = [0, 1, 9, 3, 4, 5, 0, 7, 8, 9]
    node = Scalars(Grounds(vocabulary, lambda *_: None, "orders")).explain(
        list(zip(scenes, values, strict=True)), "count"
    )
    assert (node.document(), node.unknown) == ("{{ vars.list.total }}", 1)


def test_what_reckons_with_an_item_that_may_not_be_there_asks_for_it():
    scenes = scenes_of(*[("POST", "/orders", {"first": number % 4 == 0}, 200, {}) for number in range(12)])
    held = {id(scene): 100 + 7 * number for number, scene in enumerate(scenes)}
    vocabulary = Vocabulary(scenes, {}, [Term("vars.item.no", lambda scene: held[id(scene)], "no", 1.0)])
    values = [1 if scene.sample.json["first"] else held[id(scene)] + 1 for scene in scenes]
    scalars = Scalars(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders"))
    text = scalars.explain(list(zip(scenes, values, strict=True)), "no").document()
    assert text == "{{ (vars.item.no + 1) if vars.item.no is number and (request.json.first == false) else 1 }}"
