"""A profile: an ordered set of rules, the built-in ones and a project's own, with a digest that names its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from sanitizers.errors import ProfileError
from sanitizers.rule import Action
from sanitizers.rules import NAMES, PATTERNS

WHERE: Final = ("header", "cookie", "query", "field", "path", "json")
_KEYS: Final = frozenset({"name", "extends", "without", "rules", "keep", "limits", "detectors"})
_RULE_KEYS: Final = frozenset({"id", "where", "class", "action", "value", "reason"})
_DETECTORS: Final = frozenset({"kingfisher"})
_BUILT_IN: Final = frozenset([*(rule.name for rule in NAMES), *(rule.name for rule in PATTERNS), "urls"])
_LONGEST_BODY_MB: Final = 1024


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """A rule of a profile: places of one sort (`where`) by name, template or JSONPath, and what is done there."""

    id: str
    where: str
    names: tuple[str, ...]
    kind: str
    action: Action = "pseudonymize"
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is cleaned and how: `without` names built-in rules that do not apply; the first own rule decides."""

    name: str
    rules: tuple[ProfileRule, ...] = ()
    without: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    body_limit_mb: int = 64

    @property
    def digest(self) -> str:
        """Sixteen hex digits that change with the content, whatever the name."""
        content = {key: value for key, value in asdict(self).items() if key != "name"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


PROFILES: Final[dict[str, Profile]] = {"default": Profile("default")}


def load_profile(source: str | Path | Mapping[str, Any]) -> Profile:
    """Give the profile of that name, of that YAML file, or of that mapping; raises ProfileError."""
    if isinstance(source, Mapping):
        return _parse(source, "the profile")
    if str(source) in PROFILES:
        return PROFILES[str(source)]
    path = Path(source)
    if not path.is_file():
        raise ProfileError(f"There is no profile '{source}': known are {', '.join(PROFILES)}, or name a YAML file.")
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ProfileError(f"{path} is no YAML: {_place(error)}.") from None
    if not isinstance(content, Mapping):
        raise ProfileError(f"{path} is no profile: a mapping with 'rules', 'keep' or 'without' is expected.")
    return _parse({"name": path.stem, **content}, str(path))


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else type(error).__name__


def _parse(content: Mapping[str, Any], where: str) -> Profile:
    _known(content, _KEYS, where)
    parent = load_profile(_text(content.get("extends", "default"), f"{where}: extends"))
    keeps = [
        {"action": "keep", **_mapping(item, f"{where}: keep")} for item in _list(content.get("keep"), f"{where}: keep")
    ]
    items = [*keeps, *_list(content.get("rules"), f"{where}: rules")]
    rules = tuple(rule for number, item in enumerate(items, 1) for rule in _rules(item, number, where))
    without = tuple(_text(item, f"{where}: without") for item in _list(content.get("without"), f"{where}: without"))
    for name in without:
        if name not in _BUILT_IN:
            raise ProfileError(
                f"{where}: without names '{name}', which is no rule; there are {', '.join(sorted(_BUILT_IN))}."
            )
    return Profile(
        name=_text(content.get("name", "custom"), f"{where}: name"),
        rules=rules + parent.rules,
        without=tuple(sorted({*without, *parent.without})),
        detectors=tuple(sorted({*_detectors(content, where), *parent.detectors})),
        body_limit_mb=_limit(content, where, parent.body_limit_mb),
    )


def _detectors(content: Mapping[str, Any], where: str) -> list[str]:
    names = [_text(item, f"{where}: detectors") for item in _list(content.get("detectors"), f"{where}: detectors")]
    unknown = sorted(set(names) - _DETECTORS)
    if unknown:
        raise ProfileError(f"{where}: '{unknown[0]}' is no detector; there is {', '.join(sorted(_DETECTORS))}.")
    return names


def _limit(content: Mapping[str, Any], where: str, inherited: int) -> int:
    limits = _mapping(content.get("limits", {}), f"{where}: limits")
    _known(limits, frozenset({"body_mb"}), f"{where}: limits")
    value = limits.get("body_mb", inherited)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LONGEST_BODY_MB:
        raise ProfileError(f"{where}: limits: body_mb is a whole number from 1 to {_LONGEST_BODY_MB}.")
    return value


def _rules(item: object, number: int, where: str) -> list[ProfileRule]:
    label = f"{where}: rule {number}"
    rule = _mapping(item, label)
    _known(rule, _RULE_KEYS, label)
    identifier = _text(rule.get("id", f"rule-{number}"), f"{label}: id")
    action = rule.get("action", "pseudonymize")
    if action not in get_args(Action):
        raise ProfileError(f"{label}: action is one of {', '.join(get_args(Action))}.")
    reason = _text(rule.get("reason", ""), f"{label}: reason")
    if action == "keep" and not reason:
        raise ProfileError(f"{label}: what is kept needs a 'reason', for whoever reads the profile next.")
    text = _text(rule.get("value", "redacted" if action == "constant" else ""), f"{label}: value")
    kind = _text(rule.get("class", identifier), f"{label}: class")
    places = _mapping(rule.get("where"), f"{label}: where")
    _known(places, frozenset(WHERE), f"{label}: where")
    if not places:
        raise ProfileError(f"{label}: 'where' names at least one of {', '.join(WHERE)}.")
    return [
        ProfileRule(identifier, place, _names(names, f"{label}: where: {place}"), kind, action, text, reason)
        for place, names in places.items()
    ]


def _names(value: object, label: str) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else _list(value, label)
    return tuple(_text(item, label) for item in items)


def _known(content: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = next((key for key in content if key not in known), None)
    if unknown is not None:
        raise ProfileError(f"{where}: '{unknown}' is not known here; there are {', '.join(sorted(known))}.")


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ProfileError(f"{where}: a mapping is expected.")
    return value


def _list(value: object, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ProfileError(f"{where}: a list is expected.")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise ProfileError(f"{where}: a text is expected.")
    return value
