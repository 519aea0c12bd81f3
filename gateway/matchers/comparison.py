"""A comparison compiled: the test of all the values that a field has, none, one or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cassettes.definition import Comparison, Wanted, WantedValues
from gateway.matcher import Place, Probe, Verdict, shown, success, verdict
from gateway.matchers.operators import OPERATORS, Domain, Operator, as_text, equals
from gateway.view import MISSING, RequestView

Read: TypeAlias = Callable[[RequestView], Sequence[Any]]
"""What gives a field's values; none where it is absent."""
_NESTED = 16


@dataclass(frozen=True, slots=True)
class ValueTest:
    """A test of a field's values.

    It holds if one value satisfies all of the operators (or none is asked for), and no value satisfies what `not` and
    `not_equals` refuse. `only` is the operand where `equals` is all there is, else MISSING.
    """

    holds: Callable[[Sequence[Any]], bool] = field(repr=False)
    wanted: str
    near: Callable[[Sequence[Any]], tuple[float, str]] = field(repr=False)
    only: Any = MISSING


def compile_wanted(wanted: Wanted, place: Place, domain: Domain) -> ValueTest:
    """Compile a comparison or a plain value; raises ConfigError for an operand that cannot be used."""
    if isinstance(wanted, Comparison):
        return compile_operators(wanted.operators, place, domain)
    return _all_of([equals(wanted, place, domain)], wanted, domain)


def compile_operators(operators: dict[str, Any], place: Place, domain: Domain, depth: int = 0) -> ValueTest:
    """Compile operators by name; none at all asks whether there is a value."""
    if depth > _NESTED:
        raise place.refusal(f"nested deeper than {_NESTED} levels")
    operators = {name: operand for name, operand in operators.items() if operand is not None or name.endswith("equals")}
    if operators.get("present") is False:
        if len(operators) > 1:
            others = ", ".join(name for name in operators if name != "present")
            raise place.refusal(f"present: false asks for absence, and leaves nothing to compare with {others}")
        return ValueTest(lambda values: not values, "absent", lambda _values: (0.0, "it is there, and must not be"))
    tests = [
        OPERATORS[name](operand, place.child(name), domain) for name, operand in operators.items() if name in OPERATORS
    ]
    refused = _refusals(operators, place, domain, depth)
    if not refused:
        return _all_of(tests, operators["equals"] if [*operators] == ["equals"] else MISSING, domain)
    wants_value = bool(tests) or "present" in operators
    found = _all_of(tests, MISSING, domain) if wants_value else _ANYTHING
    return _but(found, refused)


def _refusals(operators: dict[str, Any], place: Place, domain: Domain, depth: int) -> tuple[ValueTest, ...]:
    refused = []
    if "not_equals" in operators:
        operand = operators["not_equals"]
        refused.append(_all_of([equals(operand, place.child("not_equals"), domain)], MISSING, domain))
    inner = operators.get("not_", operators.get("not"))
    if inner is not None:
        refused.append(compile_operators(inner.operators, place.child("not"), domain, depth + 1))
    return tuple(refused)


_ANYTHING = ValueTest(lambda _values: True, "", lambda _values: (0.0, ""))


def _all_of(tests: list[Operator], only: Any, domain: Domain) -> ValueTest:
    checks = tuple(test.holds for test in tests)
    wanted = " and ".join(test.wanted for test in tests) or "present"

    def near(values: Sequence[Any]) -> tuple[float, str]:
        return max((_nearness(tests, value) for value in values[:20]), default=(0.0, "it is not there"))

    if not checks:
        return ValueTest(bool, wanted, near)
    if only is not MISSING and domain == "text":
        text = as_text(only)
        return ValueTest(lambda values: text in values, wanted, near, only)
    if len(checks) == 1:
        return ValueTest(_any_value(checks[0]), wanted, near, only)
    return ValueTest(_any_value(lambda value: all(check(value) for check in checks)), wanted, near, only)


def _any_value(check: Callable[[Any], bool]) -> Callable[[Sequence[Any]], bool]:
    def holds(values: Sequence[Any]) -> bool:
        for value in values:  # noqa: SIM110 a generator costs as much as the test
            if check(value):
                return True
        return False

    return holds


def _nearness(tests: list[Operator], value: Any) -> tuple[float, str]:
    total, hint = 0.0, ""
    for test in tests:
        if test.holds(value):
            total += 1
            continue
        closeness, told = test.near(value)
        total += closeness
        hint = hint or told
    return total / max(len(tests), 1), hint


def _but(found: ValueTest, refused: tuple[ValueTest, ...]) -> ValueTest:
    def holds(values: Sequence[Any]) -> bool:
        return found.holds(values) and not any(test.holds(values) for test in refused)

    def near(values: Sequence[Any]) -> tuple[float, str]:
        if not found.holds(values):
            return found.near(values)
        told = next((test.wanted for test in refused if test.holds(values)), "")
        return 0.5, f"the value is {told}, which is refused"

    words = [found.wanted, *(f"not {test.wanted}" for test in refused)]
    return ValueTest(holds, " and ".join(word for word in words if word), near)


def field_test(
    field_name: str,
    read: Read,
    test: ValueTest,
    *,
    needs_body: bool = False,
    absent: Callable[[RequestView], str] = lambda _view: "",
) -> Probe:
    """Make the predicate of a field; `absent` says why there is no value, where there is none."""
    check = test.holds

    def explain(view: RequestView) -> Verdict:
        values = read(view)
        found = told(values)
        if check(values):
            return success(field_name, test.wanted, found)
        closeness, hint = test.near(values)
        return verdict(field_name, test.wanted, found, closeness, (absent(view) if not values else "") or hint)

    return Probe(field_name, lambda view: check(read(view)), explain, needs_body)


def told(values: Sequence[Any]) -> str:
    """Give a field's values as a text for people."""
    if not values:
        return "nothing"
    return shown(", ".join(shown(value) for value in values[:20]))


def compile_values(wanted: WantedValues, place: Place) -> ValueTest:
    """Compile the test of a field that can repeat: a list asks for exactly these values, in any order."""
    if not isinstance(wanted, list):
        return compile_wanted(wanted, place, "text")
    tests = [compile_wanted(item, place.item(index), "text") for index, item in enumerate(wanted)]
    checks = tuple(test.holds for test in tests)
    words = "exactly " + (", ".join(test.wanted for test in tests) or "no value")

    def near(values: Sequence[Any]) -> tuple[float, str]:
        matched = _assigned(checks, values)
        hint = f"{len(values)} values are there, {len(checks)} are wanted" if len(values) != len(checks) else ""
        return matched / max(len(checks), len(values), 1), hint

    return ValueTest(
        lambda values: len(values) == len(checks) and _assigned(checks, values) == len(checks), words, near
    )


def _assigned(checks: Sequence[Callable[[Sequence[Any]], bool]], values: Sequence[Any]) -> int:
    """Give how many of the tests can each have a value of their own (augmenting paths, Kuhn 1955)."""
    holder: dict[int, int] = {}
    few = values[:100]
    allowed = [[at for at, value in enumerate(few) if check([value])] for check in checks]

    def seat(test: int, tried: set[int]) -> bool:
        for at in allowed[test]:
            if at not in tried:
                tried.add(at)
                if at not in holder or seat(holder[at], tried):
                    holder[at] = test
                    return True
        return False

    return sum(seat(test, set()) for test in range(len(checks)))
