"""What a refusal says: its own words, without those that come from the call or from the item it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import orjson

from recorder.synthesis.samples.values import MISSING, leaves, same
from recorder.synthesis.terms.scene import Scene

_NOISE: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?|\d+(?:\.\d+)?",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r"\d+\.\d+")
"""What is no word of its own: `0.00` stands in many a larger amount."""
_PARTS: Final = re.compile(r"[:#@/|]+")
_SHORT: Final = 2
_LEAST_SHOWN: Final = 2
"""The members from which on an object that agrees with an item is that item, shown."""


def said(scene: Scene, *, in_parts: bool = False) -> str:
    """Give what a refusal says, without numbers and without what the request, or what is held, says itself.

    With `in_parts` also without what it says in lists and objects, and parts of that, as the kind of `map:blue`.
    """
    text, own = _without_items(scene), _own_words(scene, in_parts=in_parts)
    if in_parts:
        own |= {part for word in own for part in _PARTS.split(word) if len(part) > _SHORT}
    for value in sorted(own, key=lambda word: (-len(word), word)):
        text = text.replace(value, "…")
    return _NOISE.sub("#", text)[:2_000]


def plain(scene: Scene) -> str:
    """Give all that a refusal says but for numbers, ids and times."""
    return _NOISE.sub("#", scene.sample.told_text)[:2_000]


def _own_words(scene: Scene, *, in_parts: bool) -> set[str]:
    sample = scene.sample
    texts = [values[0] for values in (*sample.query.values(), *sample.form.values())]
    if isinstance(sample.json, dict):
        within = (value for _, value in leaves(sample.json)) if in_parts else sample.json.values()
        texts += [value for value in within if isinstance(value, str)]
    if sample.operation is not None:
        texts += [value for value in sample.arguments.values() if isinstance(value, str)]
    for name in scene.lookups:
        item = scene.looked_up(name)
        if isinstance(item, dict):
            texts += [value for _, value in leaves(item, longest_list=0) if isinstance(value, str)]
    return {value for value in scene.params.values() if len(value) > 1} | {
        text for text in texts if len(text) > _SHORT and not _AMOUNT.fullmatch(text)
    }


def _without_items(scene: Scene) -> str:
    """Give the text of an answer; where it shows an item as a whole, which members that has does not matter."""
    sample = scene.sample
    held = [item for name in scene.lookups if isinstance(item := scene.looked_up(name), dict)]
    if not held or not isinstance(sample.told, dict | list):
        return sample.told_text
    shown = _left_out(sample.told, held)
    return sample.told_text if shown is sample.told else orjson.dumps(shown).decode()


def _left_out(value: Any, items: Sequence[dict[str, Any]]) -> Any:
    """Put a sign in the place of the objects within a value that are one of the items; the value itself has none."""
    if not isinstance(value, dict):
        return value
    made = {name: "…" if _shows(one, items) else _left_out(one, items) for name, one in value.items()}
    return value if all(made[name] is value[name] for name in value) else made


def _shows(value: Any, items: Sequence[dict[str, Any]]) -> bool:
    return (
        isinstance(value, dict)
        and len(value) >= _LEAST_SHOWN
        and any(all(same(one, item.get(name, MISSING)) for name, one in value.items()) for item in items)
    )
