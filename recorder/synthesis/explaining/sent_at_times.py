"""What some calls send and others do not: texts that are made of it where it is there, and else of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.node import Chosen, Joined, Node
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_SEVERAL: Final = 3
_MOST: Final = 6


def sent_at_times(cases: Sequence[Case]) -> list[str]:
    """Give the members, of an object or of a form, that some of the calls send and others do not."""
    sent = [set(_sent(scene.sample)) for scene, _ in cases]
    ever: set[str] = set().union(*sent)
    return sorted(name for name in ever if not all(name in one for one in sent))


def sent_member(name: str) -> Term:
    """Give the condition that a member is sent in an object."""
    return _is_there(name, "request.json")


def apart_by_sent(
    grounds: Grounds, cases: Sequence[Case], name: str, explain: Callable[[Sequence[Case], str], Node]
) -> Chosen | None:
    """Explain texts on their own where a member is sent and where it is not, if then both are made of known parts."""
    if not grounds.uses_echo:
        return None
    is_form = any(scene.sample.form for scene, _ in cases)
    for one in sent_at_times(cases)[:_MOST]:
        there = _is_there(one, "request.form" if is_form else "request.json")
        given = [case for case in cases if there.get(case[0])]
        rest = [case for case in cases if not there.get(case[0])]
        if min(len(given), len(rest)) < _SEVERAL:
            continue
        first = explain(given, name)
        if not _is_composed(first):
            continue
        second = explain(rest, name)
        if _is_composed(second):
            return Chosen([(there, first), (None, second)])
    return None


def _is_composed(node: Node) -> bool:
    return isinstance(node, Joined) and not node.unknown and bool(node.terms)


def _sent(sample: Sample) -> dict[str, Any]:
    if isinstance(sample.json, dict):
        return sample.json
    return dict(sample.form)


def _is_there(name: str, base: str) -> Term:
    def holds(scene: Scene) -> bool:
        return name in _sent(scene.sample)

    return Term(f"{member(base, (name,))} is defined", holds, name, 0.3)
