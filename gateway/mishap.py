"""An exception that was raised while a request was answered, as its log line and what the client is told."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace

from gateway.errors import RenderError, StateError
from gateway.mode import Reply
from gateway.problem import problem

_log = logging.getLogger("mimic.plane")


def told_of_mishap(trace: str, route: str) -> Reply:
    """Log the exception that is being handled, and give what the client is told of it."""
    error = sys.exception()
    if isinstance(error, RenderError | StateError):
        status, kind = (500, "render-error") if isinstance(error, RenderError) else (503, "state-unavailable")
        _log.error("%s", error, extra={"trace": trace, "route": route})
        return replace(problem(status, kind, str(error), trace=trace, route=route), said=str(error))
    _log.exception("the request failed", extra={"trace": trace, "route": route})
    return problem(500, "gateway-error", "An error in the gateway; its log tells more.", trace=trace)
