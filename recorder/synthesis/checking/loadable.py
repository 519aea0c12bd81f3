"""What can be loaded of a definition: without the cases and names that cannot, the others are still of use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

Definition: TypeAlias = dict[str, Any]

_CASE: Final = re.compile(r"\bcases\.(\d+)\b")
_NAME: Final = re.compile(r"\blet\.(\w+)")
_MOST: Final = 20


def loadable(
    definition: Definition, flaw_of: Callable[[Definition], str | None]
) -> tuple[Definition | None, list[str]]:
    """Give a definition without what `flaw_of` complains of, None where nothing is left, and what is to be said of it.

    A flaw names the place of what is wrong, as `cases.2.response.body` or `let.item`.
    """
    told: list[str] = []
    rest: Definition | None = definition
    for _ in range(_MOST):
        flaw = flaw_of(rest) if rest is not None else None
        if rest is None or flaw is None:
            break
        rest, what = _without(rest, flaw)
        told.append(f"{definition['id']}{what} is left out, since it cannot be loaded: {flaw}")
    else:
        rest = None
    return rest, told


def _without(definition: Definition, flaw: str) -> tuple[Definition | None, str]:
    """Give what is left without what a flaw names, and what that is; None for nothing."""
    case, name = _CASE.search(flaw), _NAME.search(flaw)
    cases, let = list(definition.get("cases", ())), dict(definition.get("let", {}))
    if case is not None and int(case[1]) < len(cases):
        del cases[int(case[1])]
        what = f", case {int(case[1]) + 1},"
    elif name is not None and let.pop(name[1], None) is not None:
        used = re.compile(rf"\bvars\.{name[1]}\b")
        cases = [one for one in cases if not used.search(repr(one))]
        let = {other: value for other, value in let.items() if not used.search(repr(value))}
        what = f", {name[1]} and what needs it,"
    else:
        return None, ""
    return ({**definition, "let": let, "cases": cases}, what) if cases else (None, "")
