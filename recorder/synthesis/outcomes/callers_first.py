"""Callers first: what refuses somebody whom nobody knows stands before all that looks at anything else."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.terms.scene import Scene

SHOWN: Final = "request.auth.token"
"""What a token is looked up by."""


def callers_first(rules: Sequence[Rule], groups: Mapping[Hashable, Sequence[Scene]]) -> list[Rule]:
    """Give rules with those first that ask whether the token is known, where that was so in all recorded calls."""
    lookups = next((scene.lookups for inside in groups.values() for scene in inside), {})
    unknown = {f"vars.{name} is none" for name, lookup in lookups.items() if lookup.key.text == SHOWN}
    first = [rule for rule in rules if _is_alone(rule, unknown) and _holds_nowhere_else(rule, groups)]
    return [*first, *(rule for rule in rules if rule not in first)]


def _is_alone(rule: Rule, texts: set[str]) -> bool:
    return len(rule.terms) == 1 and rule.terms[0].text in texts


def _holds_nowhere_else(rule: Rule, groups: Mapping[Hashable, Sequence[Scene]]) -> bool:
    others = (scene for label, inside in groups.items() if label != rule.label for scene in inside)
    return not any(rule.terms[0].get(scene) is True for scene in others)
