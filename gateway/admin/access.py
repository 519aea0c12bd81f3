"""Who may use the admin plane: the key, the Host it is asked by, and JSON only on writes."""

from __future__ import annotations

import hmac
from typing import Final

import orjson

from gateway.app import Asgi
from gateway.config import Settings, is_loopback
from gateway.wire import Receive, Scope, Send

_OPEN_PATHS: Final = ("/healthz", "/readyz")
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_JSON: Final = frozenset({b"application/json", b"application/merge-patch+json"})
_LOCAL_NAMES: Final = frozenset({b"localhost", b"127.0.0.1", b"[::1]"})


class Access:
    """A pure ASGI gate, so that every path of the admin plane passes it."""

    def __init__(self, inner: Asgi, settings: Settings) -> None:
        self._inner = inner
        self._key = settings.admin_key.encode() if settings.admin_key else None
        self._system = settings.system_prefix.rstrip("/")
        self._names = (
            _LOCAL_NAMES | {name.lower().encode() for name in settings.served_names}
            if is_loopback(settings.host)
            else None
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refuse(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._inner(scope, receive, send)
            return
        status, title, detail = refusal
        body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _refuse(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = dict(reversed(scope["headers"]))
        if self._names is not None and _host_name(headers.get(b"host", b"")) not in self._names:
            # A page that a browser shows could otherwise reach this API through a name that resolves to loopback.
            return 421, "Misdirected Request", "The admin API answers to localhost names only; see served_names."
        path = scope["path"].removeprefix(self._system) if self._system else scope["path"]
        if path in _OPEN_PATHS:
            return None
        if self._key is not None and not self._knows_key(headers.get(b"authorization", b"")):
            return 401, "Unauthorized", "Send the admin key: Authorization: Bearer KEY (MIMIC_KEY for mockctl)."
        if scope["method"] in _WRITES and _has_body(headers):
            kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
            if kind not in _JSON:
                return 415, "Unsupported Media Type", "Writes are JSON: send Content-Type: application/json."
        elif scope["method"] in _WRITES and b"origin" in headers:
            return 415, "Unsupported Media Type", "A browser's write must be JSON: send Content-Type: application/json."
        return None

    def _knows_key(self, authorization: bytes) -> bool:
        scheme, _, key = authorization.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(key.strip(), self._key or b"")


def _host_name(host: bytes) -> bytes:
    host = host.strip().lower()
    if host.startswith(b"["):
        return host.partition(b"]")[0] + b"]"
    return host.partition(b":")[0].rstrip(b".")


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
