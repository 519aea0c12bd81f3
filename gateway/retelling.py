"""Which recorded session answers a request, and what the definition is told that would have answered otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.mode import Plan
from gateway.route import Route
from gateway.view import RequestView


def is_going_on(routes: Sequence[Route]) -> bool:
    """Say whether any of these routes still tells a recorded session."""
    return any(route.retold is not None and not route.retold.over for route in routes)


def end(routes: Sequence[Route]) -> None:
    """Tell nothing any more: a request came that no session can have."""
    for route in routes:
        if route.retold is not None:
            route.retold.end()


def retell(routes: Sequence[Route], view: RequestView, otherwise: Route | None) -> tuple[Route, Plan] | None:
    """Give the route whose recorded session this request goes on with, and its plan; None where there is none.

    A request that is another definition's `otherwise`, with a higher priority, is none of a session.
    """
    for route in routes:
        if route.retold is None or route.retold.over or (otherwise is not None and otherwise.rank < route.rank):
            continue
        if not route.pattern.covers(view.request.path) or not route.matches(view):
            continue
        reply = route.retold.answer(view)
        if reply is None:
            continue
        if otherwise is None or otherwise.follow is None or reply.breaks is not None:
            return route, reply
        return route, otherwise.follow(view, reply)
    return None
