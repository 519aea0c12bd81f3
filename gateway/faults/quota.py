"""How many requests of whom are still allowed: fixed windows, each beginning with its first request."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final, TypeAlias

from cassettes.definition import RateLimit
from cassettes.exchange import Headers
from gateway.errors import ConfigError
from gateway.view import RequestView

KeyOf: TypeAlias = Callable[[RequestView, str], str]
"""Whose request it is: of the view, and the id of the route."""
Render: TypeAlias = Callable[[str], Callable[[RequestView], str]]
"""Compiles a template's text."""

KEYS: Final = 100_000
_CLEARED: Final = 100
_HEADER_KEY: Final = re.compile(r"header:([A-Za-z0-9!#$%&'*+.^_`|~-]+)")
_SESSION_COOKIE: Final = "mimic_session"
_SESSION_HEADER: Final = "x-mimic-session"

RATE_HEADERS: Final = frozenset(
    {b"ratelimit-limit", b"ratelimit-remaining", b"ratelimit-reset", b"ratelimit-policy", b"ratelimit"}
)
"""The names of the headers that tell of a limit, in lower case."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a request is allowed, how much of the quota is left, and in how many seconds it is whole again."""

    allowed: bool
    remaining: int
    reset_s: int


class Quota:
    """Counts by key, exactly.

    A window begins with a key's first request and is over `window_s` later; so all that a client is told (what is
    left, and when it is whole again) is exact, and a key costs two numbers. Beyond `keys` keys the window that ends
    first is forgotten.
    """

    def __init__(self, limit: RateLimit, monotonic: Callable[[], float], *, keys: int = KEYS) -> None:
        self._limit = limit.limit
        self._cost = limit.cost
        self._window_s = limit.window_s
        self._monotonic = monotonic
        self._keys = keys
        # All windows are of the same length, so that the oldest entry is also the first to end.
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()
        policy = b'"default";q=%d;w=%d' % (limit.limit, ceil(limit.window_s))
        self._constant: Headers = ((b"RateLimit-Limit", b"%d" % limit.limit), (b"RateLimit-Policy", policy))

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, key: str) -> Grant:
        """Count a request, unless that would go beyond the limit."""
        now = self._monotonic()
        windows = self._windows
        ends, used = windows.get(key, (0.0, 0))
        if ends <= now:
            windows.pop(key, None)
            self._make_room(now)
            ends, used = now + self._window_s, 0
        allowed = used + self._cost <= self._limit
        if allowed:
            used += self._cost
        windows[key] = (ends, used)
        return Grant(allowed, max(self._limit - used, 0), ceil(ends - now))

    def _make_room(self, now: float) -> None:
        windows = self._windows
        # Many windows can end at once; each request clears away a few of them.
        for _ in range(_CLEARED):
            if not windows or (windows[next(iter(windows))][0] > now and len(windows) < self._keys):
                return
            windows.popitem(last=False)

    def headers(self, grant: Grant) -> Headers:
        """Give what a client is told: the fields of draft-ietf-httpapi-ratelimit-headers-03, and those of its -10."""
        return (
            *self._constant,
            (b"RateLimit-Remaining", b"%d" % grant.remaining),
            (b"RateLimit-Reset", b"%d" % grant.reset_s),
            (b"RateLimit", b'"default";r=%d;t=%d' % (grant.remaining, grant.reset_s)),
        )


def compile_key(key: str, render: Render | None) -> KeyOf:
    """Give whose request it is; raises ConfigError for a key that is none of the known kinds."""
    if key == "global":
        return lambda _view, _route: ""
    if key == "route":
        return lambda _view, route: route
    if key == "client-ip":
        return lambda view, _route: view.request.client
    if key == "session":
        return lambda view, _route: view.cookies.get(_SESSION_COOKIE) or view.header(_SESSION_HEADER) or ""
    named = _HEADER_KEY.fullmatch(key)
    if named is not None:
        name = named[1].lower()
        return lambda view, _route: view.header(name) or ""
    if "{{" in key and render is not None:
        rendered = render(key)
        return lambda view, _route: rendered(view)
    reason = "templates are not available here" if "{{" in key else "that is none of the known keys"
    raise ConfigError(
        f"faults.rate_limit.key: {key!r}: {reason}; give global, client-ip, session, route, header:NAME or a template"
    )
