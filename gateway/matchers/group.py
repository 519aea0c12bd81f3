"""Groups of conditions: one of several, all of them, or not."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.view import RequestView


def any_of(groups: Sequence[Sequence[Predicate]], place: Place) -> Predicate:
    """Make the predicate that one of several conditions holds; it counts as the smallest of them."""
    compiled = tuple(tuple(group) for group in groups)
    words = f"one of {len(compiled)} conditions"

    def holds(view: RequestView) -> bool:
        return any(_all_hold(group, view) for group in compiled)

    def explain(view: RequestView) -> Verdict:
        rated = [_rated(group, view) for group in compiled]
        best, index = max((closeness, -index) for index, (closeness, _) in enumerate(rated))
        failed = rated[-index][1]
        if failed is None:
            return success(place.field, words, f"number {1 - index} holds")
        told = f"number {1 - index} is nearest: {failed.field}: {failed.hint or f'wanted {failed.wanted}'}"
        return verdict(place.field, words, f"{failed.field}: {failed.found}", best, told)

    return Probe(place.field, holds, explain, _needs_body(compiled), min(_count(group) for group in compiled))


def none_of(tests: Sequence[Predicate], place: Place) -> Predicate:
    """Make the predicate that a condition does not hold."""
    group = tuple(tests)
    words = "not " + " and ".join(test.field for test in group)

    def explain(view: RequestView) -> Verdict:
        if not _all_hold(group, view):
            return success(place.field, words, "it does not hold")
        found = ", ".join(test.explain(view).found for test in group[:5])
        return verdict(place.field, words, found, 0.5, "everything under `not` holds, so that this does not")

    return Probe(place.field, lambda view: not _all_hold(group, view), explain, _needs_body((group,)))


def _all_hold(group: tuple[Predicate, ...], view: RequestView) -> bool:
    return all(test.holds(view) for test in group)


def _rated(group: tuple[Predicate, ...], view: RequestView) -> tuple[float, Verdict | None]:
    verdicts = [test.explain(view) for test in group]
    failed = next((one for one in verdicts if not one.holds), None)
    closeness = sum(one.closeness for one in verdicts) / max(len(verdicts), 1)
    return (1.0 if failed is None else closeness), failed


def _count(group: tuple[Predicate, ...]) -> int:
    return max(sum(test.count for test in group), 1)


def _needs_body(groups: Sequence[tuple[Predicate, ...]]) -> bool:
    return any(test.needs_body for group in groups for test in group)
