"""A rule book: a profile compiled for asking, by name, by path and by pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.errors import ProfileError
from sanitizers.jsonpath import compiled
from sanitizers.rule import Judgement
from sanitizers.rules import NAMES, PATTERNS
from sanitizers.rules.keyblocks import KEY_BLOCKS
from sanitizers.rules.providers import PROVIDERS

if TYPE_CHECKING:
    from sanitizers.profile import Profile, ProfileRule
    from sanitizers.rule import NameRule, PatternRule, Place

_SURE: Final[tuple[PatternRule, ...]] = (KEY_BLOCKS, PROVIDERS)
_CACHE: Final = 8192


class RuleBook:
    """Answers what a profile says about a place; safe to ask from several threads."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.without = frozenset(profile.without)
        self._names: tuple[NameRule, ...] = tuple(rule for rule in NAMES if rule.name not in self.without)
        self.patterns: tuple[PatternRule, ...] = tuple(rule for rule in PATTERNS if rule.name not in self.without)
        self.patterns += _detectors(profile)
        self.sure = tuple(rule for rule in _SURE if rule.name not in self.without)
        self._own: dict[tuple[str, str], Judgement] = {}
        self._by_json = [
            (compiled(path), _judgement(rule)) for rule in profile.rules if rule.where == "json" for path in rule.names
        ]
        self._templates = [
            (_template(path), _judgement(rule)) for rule in profile.rules if rule.where == "path" for path in rule.names
        ]
        for rule in reversed(profile.rules):
            for name in rule.names:
                self._own[rule.where, name.lower()] = _judgement(rule)
        self.by_path = bool(self._by_json)
        self._telling: dict[tuple[str, str], bool] = {}

    def telling(self, place: Place, name: str) -> bool:
        """Say whether a name could decide about its value."""
        key = (place, name)
        known = self._telling.get(key)
        if known is None:
            known = self._is_own(place, name) or any(rule.kind(place, name) for rule in self._names)
            if len(self._telling) > _CACHE:
                self._telling.clear()
            self._telling[key] = known
        return known

    def judge(self, place: Place, name: str, value: str) -> Judgement | None:
        """Give what is to be done with a value because of its name, or None."""
        if not self.telling(place, name):
            return None
        own = self._own.get((place, name.lower())) or (
            self._own.get(("field", name.lower())) if place == "query" else None
        )
        if own is not None:
            return own
        for rule in self._names:
            kind = rule.kind(place, name)
            if kind is not None and rule.fits(place, kind, value):
                return Judgement(kind, rule.name)
        return None

    def located(self, steps: tuple[str | int, ...]) -> Judgement | None:
        """Give what is to be done with the value at a place of a JSON document, or None."""
        return next((judgement for matches, judgement in self._by_json if matches(steps)), None)

    def in_path(self, path: str) -> list[tuple[int, int, Judgement]]:
        """Give the stretches of a request path that the profile's templates name."""
        for pattern, judgement in self._templates:
            match = pattern.fullmatch(path)
            if match is not None:
                return [(*match.span(group), judgement) for group in range(1, pattern.groups + 1)]
        return []

    def _is_own(self, place: str, name: str) -> bool:
        lower = name.lower()
        return (place, lower) in self._own or (place == "query" and ("field", lower) in self._own)


def _judgement(rule: ProfileRule) -> Judgement:
    return Judgement(rule.kind, rule.id, rule.action, rule.text)


def _template(path: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^{}/]*\})", path)
    if len(parts) == 1:
        raise ProfileError(
            f"The path '{path}' has no {{name}}: a template marks what is sensitive, as in /customers/{{id}}."
        )
    return re.compile("".join("([^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)))


def _detectors(profile: Profile) -> tuple[PatternRule, ...]:
    if "kingfisher" not in profile.detectors:
        return ()
    from sanitizers.rules.kingfisher import Kingfisher

    return (Kingfisher(),)
