"""Conditions are worked out over scenes; of those that hold in the same the cheapest is kept."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.conditions.atoms import conditions, distinct
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

SCENES = scenes_of(*[("POST", "/x", sent, 200, {}) for sent in ({"a": 1}, {}, {"a": 2, "b": "x"})])


def telling(text, cost, *held):
    """Give a condition that holds in the scenes at these places."""
    places = {id(scene) for scene, one in zip(SCENES, held, strict=True) if one}
    return Term(text, lambda scene: id(scene) in places, "", cost)


def test_of_conditions_that_hold_in_the_same_scenes_the_cheapest_of_each_subject_is_kept():
    dear, cheap, other = telling("dear", 0.9, 1, 0, 1), telling("cheap", 0.2, 1, 0, 1), telling("other", 0.5, 1, 0, 1)
    found = distinct(SCENES, iter([(dear, "a", None), (cheap, "a", None), (other, "b", None)]))
    held = [(atom.term.text, atom.about) for atom in found if atom.mask == 0b101]
    assert held == [("cheap", "a"), ("other", "b")]
    assert all(atom.mask == 0b010 for atom in found if (atom.term.text, atom.about) not in held)


def test_what_holds_always_or_never_tells_nothing():
    always, never = telling("always", 0.1, 1, 1, 1), telling("never", 0.1, 0, 0, 0)
    assert distinct(SCENES, iter([(always, "a", None), (never, "a", None)])) == []


def test_what_was_sent_is_among_the_conditions():
    texts = {term.text for term, _, _ in conditions(SCENES, Vocabulary(SCENES, {}))}
    assert "request.json.a is defined" in {text.replace("not ", "") for text in texts} | texts
