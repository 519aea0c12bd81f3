"""How paths that nobody called would be written: with keys in brackets, as the others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template

_CLOSING: Final = {"('": "')", "(": ")"}


def joints_of(template: Template, endpoints: Sequence[Endpoint]) -> tuple[str, ...]:
    """Give what stands between the parts of a path, () where that is slashes: each as in paths that begin alike.

    What names a thing below a word that nobody went below is written as most that names things is.
    """
    if not any(one.joints for one in endpoints):
        return ()
    known: dict[Template, str] = {}
    styles: Counter[str] = Counter()
    for one in endpoints:
        for place, opening in enumerate(_openings(one)):
            known.setdefault(one.template[: place + 1], opening)
            styles[opening] += one.template[place] is None
    usual = styles.most_common(1)[0][0] if styles else "/"
    found, closing = [], ""
    for place, part in enumerate(template):
        opening = known.get(template[: place + 1], usual if part is None else "/")
        found.append(closing + opening)
        closing = _CLOSING.get(opening, "")
    return (*found, closing)


def _openings(endpoint: Endpoint) -> list[str]:
    """Give what stands before each part of a path, without what ends the part before."""
    found, closing = [], ""
    for joint in endpoint.joints[:-1] or ["/"] * len(endpoint.template):
        found.append(joint.removeprefix(closing))
        closing = _CLOSING.get(found[-1], "")
    return found
