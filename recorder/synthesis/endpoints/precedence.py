"""Precedence: which endpoints must stand back, since their paths also fit calls of another that says more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template

_LAST: Final = 100


def stands_back(endpoint: Endpoint, endpoints: Sequence[Endpoint]) -> int:
    """Give how many endpoints, each more general than the one before it, lead from a plainer path to this one.

    Of two templates that fit a path the gateway takes neither for the plainer one; one without parameters wins anyway.
    """
    if endpoint.is_last:
        # What only has to name a thing stands back behind what says what is done with it.
        return _LAST + (endpoint.discriminator is not None and bool(endpoint.discriminator.needs))
    if _is_for_the_rest(endpoint, endpoints):
        return _LAST + 2
    others = (one for one in endpoints if one.method == endpoint.method and not one.is_last)
    plainer = [one for one in others if _covers(endpoint, one)]
    return max((1 + stands_back(one, endpoints) for one in plainer), default=0)


def _is_for_the_rest(endpoint: Endpoint, endpoints: Sequence[Endpoint]) -> bool:
    """Tell whether an endpoint is for what is none of the operations at its path, of which some are supposed."""
    if endpoint.operation is not None or endpoint.discriminator is not None:
        return False
    sent = (endpoint.method, endpoint.sent_segments)
    return any(
        (one.operation.method, one.operation.segments) == sent for one in endpoints if one.is_last and one.operation
    )


def _covers(wide: Endpoint, plain: Endpoint) -> bool:
    """Tell whether one endpoint's template fits all paths of another that has parameters, too, and not the reverse."""
    if any(one.operation is not None or one.carried is not None for one in (wide, plain)):
        return False
    if None not in plain.template:
        return False
    if wide.deep is not None and len(wide.template) == wide.deep + 1 < len(plain.template):
        return _fits(wide.template, plain.template[: wide.deep + 1])
    return wide.template != plain.template and _fits(wide.template, plain.template)


def _fits(wide: Template, plain: Template) -> bool:
    pairs = list(zip(wide, plain, strict=False))
    return len(wide) == len(plain) and all(one is None or one == other for one, other in pairs)
