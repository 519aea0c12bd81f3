from __future__ import annotations

from sanitizers.rule import Judgement
from sanitizers.rules import NAMES, PATTERNS


def test_every_rule_has_a_name_of_its_own():
    names = [rule.name for rule in (*NAMES, *PATTERNS)]
    assert len(set(names)) == len(names)


def test_a_judgement_replaces_by_a_stand_in_unless_told_otherwise():
    assert Judgement("token", "fields").action == "pseudonymize"
