"""Visible items: whether the list of a collection would show an item to who asks, as what calls to it may turn on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.samples.values import MISSING, as_text, look
from recorder.synthesis.terms.callers import callers_of
from recorder.synthesis.terms.scene import OWNER, Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member

_COST: Final = 0.5
_OPERATORS: Final = ("eq", "has")


class _Test(NamedTuple):
    """That a member of an item is, or has among its own, what is wanted: who asks, or a word."""

    path: tuple[str, ...]
    operator: str
    wanted: Term


def sights_of(
    endpoint: Endpoint,
    bindings: Mapping[Endpoint, Binding],
    listed: Mapping[Endpoint, Listed | None],
    scenes: Sequence[Scene],
    lookups: Mapping[str, Lookup],
) -> list[Term]:
    """Give, for calls to an item, that the list of its collection is known not to show it to who asks."""
    collection = bindings[endpoint].collection
    if "item" not in lookups or collection is None or bindings[endpoint].role == "collection" or not scenes:
        return []
    for scene in scenes:
        scene.lookups = lookups
    own = [one for other, one in listed.items() if one is not None and bindings[other].collection is collection]
    found: dict[str, Term] = {}
    for one in own:
        made = _unseen(one.spec, scenes, lookups)
        if made is not None:
            found.setdefault(made.text, made)
    return list(found.values())


def _unseen(spec: Mapping[str, Any], scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Term | None:
    tests = [_test(one, scenes, lookups) for one in [*spec.get("any", ()), *_fixed(spec.get("where", ()))]]
    known = [one for one in tests if one is not None]
    if not known or len(known) < len(tests) or (spec.get("any") and _fixed(spec.get("where", ()))):
        return None
    uses = frozenset(name for one in known for name in one.wanted.uses) | {"item"}
    if uses == {"item"}:
        return None
    shown = any if spec.get("any") else all

    def is_unseen(scene: Scene) -> bool:
        item = scene.looked_up("item")
        return item is not MISSING and not shown(_holds(one, item, scene) for one in known)

    text = (" or " if spec.get("any") else " and ").join(map(_written, known))
    keeps = frozenset(kept for one in known for kept in one.wanted.keeps)
    return Term(f"vars.item is not none and not ({text})", is_unseen, "", _COST, uses, keeps, inline=False)


def _fixed(tests: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Leave out the tests that a parameter asks for."""
    return [one for one in tests if "param" not in one]


def _test(test: Mapping[str, Any], scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> _Test | None:
    value, path = test.get("value"), tuple(str(test["field"]).split("."))
    if test.get("op") not in _OPERATORS or not isinstance(value, str) or path[0] == OWNER:
        return None
    if "{{" in value:
        who = callers_of(scenes, lookups).get(value)
        return None if who is None else _Test(path, test["op"], who)
    return _Test(path, test["op"], Term(literal(value), _always(value), "", 0.0))


def _always(value: str) -> Callable[[Scene], str]:
    return lambda _scene: value


def _holds(test: _Test, item: Any, scene: Scene) -> bool:
    held, wanted = look(item, test.path), test.wanted.get(scene)
    if held is MISSING or wanted is MISSING:
        return False
    return any(map(_is(wanted), held)) if test.operator == "has" and isinstance(held, list) else _is(wanted)(held)


def _is(wanted: Any) -> Callable[[Any], bool]:
    return lambda held: as_text(held) == as_text(wanted)


def _written(test: _Test) -> str:
    held = member("vars.item", test.path)
    said = f"{test.wanted.text} in {held}" if test.operator == "has" else f"{held} == {test.wanted.text}"
    return f"({held} is defined and {said})"
