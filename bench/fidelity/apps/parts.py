"""What the small services share: reading JSON, the time, and ids in the forms that real services use."""

from __future__ import annotations

import json
import secrets
import string
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.requests import Request

_BASE62: Final = string.ascii_letters + string.digits


class BodyError(Exception):
    """A body that is not a JSON object."""


async def json_object(request: Request) -> dict[str, Any]:
    """Read the body; raises BodyError where it is no JSON object."""
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise BodyError("Malformed JSON") from None
    if not isinstance(found, dict):
        raise BodyError("Expected a JSON object")
    return found


def now(plus_s: float = 0) -> str:
    """Give the time in UTC with milliseconds, as 2026-01-31T09:30:00.123Z."""
    moment = datetime.now(UTC) + timedelta(seconds=plus_s)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def short_id(prefix: str, length: int = 14) -> str:
    """Give a prefixed random id, as `crt_` with 14 letters and digits."""
    return prefix + "".join(secrets.choice(_BASE62) for _ in range(length))


def bearer(request: Request) -> str:
    """Give the bearer token of a request, "" where there is none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""
