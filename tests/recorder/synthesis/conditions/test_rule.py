"""A rule tells where it holds, also where one before it holds, too."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.terms.vocabulary import Vocabulary


def test_a_rule_knows_all_scenes_in_which_its_terms_hold():
    sent = [{"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"c": 1}, {"b": 1}, {"c": 1}, {"a": 1}]
    scenes = scenes_of(*[("POST", "/x", one, 200, {}) for one in sent])
    labels = ["a" if "a" in one else "b" if "b" in one else "c" for one in sent]
    groups = {label: sum(1 << at for at, one in enumerate(labels) if one == label) for label in "abc"}
    rules, rest = Judge(scenes, Vocabulary(scenes, {})).rules(groups)
    assert (len(rules), len(rest)) == (2, 1)
    for rule in rules:
        holds = [all(term.get(scene) is True for term in rule.terms) for scene in scenes]
        assert [bool(rule.mask >> at & 1) for at in range(len(scenes))] == holds
