"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from typing import Any

import orjson

from gateway.mode import Reply

_TITLES = {
    "no-route": "No route matches",
    "no-case": "No case of the definition holds",
    "batch-too-long": "The batch has too many calls",
    "no-batch": "This cannot be answered in a batch",
    "replay-miss": "The cassette holds no such interaction",
    "upstream-failed": "The upstream did not answer",
    "upstream-timeout": "The upstream did not answer in time",
    "egress-denied": "This upstream may not be reached",
    "loop": "The request came back to this gateway",
    "websocket": "WebSockets are not served yet",
    "misdirected": "This gateway does not serve that authority",
    "body-too-large": "The request body is too large to be compared",
    "unsendable": "The request cannot be forwarded",
    "render-error": "The answer could not be made",
    "state-unavailable": "What mocks remember cannot be reached",
    "rate-limited": "Too many requests",
    "outage": "The service is down on purpose",
    "injected-error": "An error put in on purpose",
    "contract-request": "The request breaks the contract",
    "contract-response": "The answer breaks the contract",
    "gateway-error": "The gateway failed",
}


def problem(status: int, kind: str, detail: str, **facts: Any) -> Reply:
    """Give the reply that tells a client what was wrong; `kind` is one of the known problem types."""
    document = {
        "type": f"urn:mimic:problem:{kind}",
        "title": _TITLES[kind],
        "status": status,
        "detail": detail,
        **facts,
    }
    body = orjson.dumps(document)
    headers = ((b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body)))
    return Reply(status, headers, "error", body)
