"""Requests of the gateway's own after an answer: compiled from a definition, queued, sent, tried again."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Protocol
from urllib.parse import quote

from cassettes.definition import MockDefinition
from cassettes.definition.behaviour import Webhook
from cassettes.exchange import Headers
from gateway.context import Context
from gateway.errors import ConfigError, RenderError
from gateway.mode import Sending
from gateway.outbound.failure import EgressDeniedError, OriginError, UnsendableRequestError, UpstreamError
from gateway.outbound.origin import parse_origin
from gateway.templates import Kind

IN_FLIGHT: Final = 32
QUEUE: Final = 1000
TRY_S: Final = 10.0
_BACKOFF_S: Final = 0.5
_MOST_BACKOFF_S: Final = 30.0
_READ_BYTES: Final = 64 << 10
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_URL: Final = re.compile(r"(https?)://([^/?#\\]*)(.*)", re.IGNORECASE | re.DOTALL)
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OWN: Final = frozenset({"connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"})
_BREAKS: Final = frozenset("\r\n\0")
_IN_A_TARGET: Final = "/:?@!$&'()*+,;=~-._%[]{}|"
_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"

_log = logging.getLogger("mimic.webhooks")


class Later(Protocol):
    """A compiled template or document; `render_later` gives its text, or a document's bytes."""

    async def render_later(self, context: Context, /) -> Any: ...


class CompileTemplate(Protocol):
    """Compiles a text with templates in it; raises ConfigError, naming `where`."""

    def __call__(self, source: str, where: str, *, kind: Kind = "text") -> Later: ...


CompileDocument = Callable[[Any, str], Later]
"""Compiles a JSON value whose leaves may be templates; raises ConfigError, naming where."""


@dataclass(frozen=True, slots=True)
class RenderedWebhook:
    """A request ready to be sent to `origin` (scheme://host:port); `retries` come after the first try."""

    origin: str
    method: str
    target: bytes = field(repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    delay_s: float = 0.0
    retries: int = 2


def webhook_origin(url: str, where: str = "webhook") -> str:
    """Give the scheme, host and port of a webhook's URL.

    Raises ConfigError where they are not fixed text: who is asked must not depend on a request.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise ConfigError(f"{where}: a webhook's URL begins with http:// or https:// and a host, as fixed text")
    if "{{" in match[2] or "{%" in match[2] or "{#" in match[2]:
        raise ConfigError(
            f"{where}: the host of a webhook's URL is fixed text: templates may stand in its path and query only"
        )
    try:
        return str(parse_origin(f"{match[1].lower()}://{match[2]}"))
    except (OriginError, EgressDeniedError) as error:
        raise ConfigError(f"{where}: {error}") from None


def webhook_origins(definitions: Iterable[MockDefinition]) -> frozenset[str]:
    """Give the origins that definitions send webhooks to; what is malformed is told where it is compiled."""
    origins = set()
    for webhook in (webhook for definition in definitions for webhook in definition.hooks.webhooks):
        with contextlib.suppress(ConfigError):
            origins.add(webhook_origin(webhook.url))
    return frozenset(origins)


def compile_webhook(
    webhook: Webhook, compile_template: CompileTemplate, compile_document: CompileDocument, where: str = "webhook"
) -> Callable[[Context], Awaitable[RenderedWebhook]]:
    """Compile a webhook to what renders it for one request; raises ConfigError.

    Rendering raises RenderError.
    """
    origin = webhook_origin(webhook.url, f"{where}.url")
    match = _URL.fullmatch(webhook.url)
    assert match is not None
    target = _text(match[3], f"{where}.url", compile_template)
    method = webhook.method.upper()
    if _TOKEN.fullmatch(method) is None or method == "CONNECT":
        raise ConfigError(f"{where}.method: {webhook.method!r} is not a method: write POST, PUT …")
    headers = [(_header_name(name, where), _text(value, where, compile_template)) for name, value in _named(webhook)]
    body = _body(webhook.body, f"{where}.body", compile_template, compile_document)
    host = (b"host", origin.partition("://")[2].encode())

    async def render(context: Context) -> RenderedWebhook:
        rendered = [(name, _header_value(await value(context), where)) for name, value in headers]
        return RenderedWebhook(
            origin,
            method,
            _target(await target(context)),
            (host, *rendered),
            await body(context) if body else b"" if method in ("POST", "PUT", "PATCH") else None,
            webhook.delay_ms / 1000,
            webhook.retries,
        )

    return render


def _named(webhook: Webhook) -> list[tuple[str, str]]:
    named = list(webhook.headers.items())
    names = {name.lower() for name in webhook.headers}
    if webhook.body is not None and "content-type" not in names:
        is_text = isinstance(webhook.body, str) and webhook.body.lstrip()[:1] not in ("{", "[")
        named.append(("content-type", _TEXT if is_text else _JSON))
    if "user-agent" not in names:
        named.append(("user-agent", "mimic"))
    return named


def _text(source: str, where: str, compile_template: CompileTemplate) -> Callable[[Context], Awaitable[str]]:
    compiled = compile_template(source, where) if "{{" in source or "{%" in source else None

    async def render(context: Context) -> str:
        return source if compiled is None else str(await compiled.render_later(context))

    return render


def _body(
    body: Any, where: str, compile_template: CompileTemplate, compile_document: CompileDocument
) -> Callable[[Context], Awaitable[bytes]] | None:
    if body is None:
        return None
    if isinstance(body, str):
        text = _text(body, where, compile_template)

        async def render_text(context: Context) -> bytes:
            return (await text(context)).encode()

        return render_text
    document = compile_document(body, where)

    async def render(context: Context) -> bytes:
        return bytes(await document.render_later(context))

    return render


def _header_name(name: str, where: str) -> bytes:
    if _TOKEN.fullmatch(name) is None:
        raise ConfigError(f"{where}.headers: {name!r} is not the name of a header")
    if name.lower() in _OWN:
        raise ConfigError(f"{where}.headers: {name!r} is the gateway's to write; leave it out")
    return name.encode()


def _header_value(text: str, where: str) -> bytes:
    if _BREAKS & set(text):
        raise RenderError(f"{where}.headers: a value holds a line break or NUL, which would split the request")
    return text.strip().encode()


def _target(text: str) -> bytes:
    """Give what follows the host as a request target: escaped where it has to be, without a fragment."""
    shown = text.partition("#")[0]
    return quote(shown if shown.startswith("/") else f"/{shown}", safe=_IN_A_TARGET).encode()


@dataclass(slots=True, eq=False)
class _Event:
    webhook: RenderedWebhook
    tries: int = 0


class Webhooks:
    """Sends webhooks, at most `in_flight` at once; those that wait for their time or turn are at most `queue`.

    `open_target` gives where an origin's requests go; it may raise ConfigError. A try takes at most `try_s`. No
    redirect is followed. What fails in a way that may pass is tried again, each time twice as long after.
    """

    def __init__(
        self,
        open_target: Callable[[str], Sending],
        *,
        in_flight: int = IN_FLIGHT,
        queue: int = QUEUE,
        try_s: float = TRY_S,
        backoff_s: float = _BACKOFF_S,
        random: Random | None = None,
    ) -> None:
        self._open_target = open_target
        self._most_in_flight = in_flight
        self._most_waiting = queue
        self._try_s = try_s
        self._backoff_s = backoff_s
        self._random = random or Random()  # noqa: S311, spreads retries, guards nothing
        self._due: deque[_Event] = deque()
        self._later: dict[_Event, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._settled: asyncio.Future[None] | None = None
        self._closed = False
        self.sent = 0
        self.failed = 0
        self.dropped = 0

    def admit(self, origin: str) -> None:
        """Raise ConfigError where an origin may not be asked."""
        self._open_target(origin)

    def fire(self, webhook: RenderedWebhook) -> bool:
        """Take a webhook to be sent, and return at once; False, and counted as dropped, where the queue is full."""
        if self._closed or self._waiting >= self._most_waiting:
            self.dropped += 1
            return False
        self._schedule(_Event(webhook), webhook.delay_s)
        return True

    def gauges(self) -> Mapping[str, float]:
        """Give the counts for the metrics."""
        return {
            "mimic_webhooks_sent": self.sent,
            "mimic_webhooks_failed": self.failed,
            "mimic_webhooks_dropped": self.dropped,
            "mimic_webhooks_in_flight": len(self._tasks),
            "mimic_webhooks_waiting": self._waiting,
        }

    async def close(self, drain_s: float = 0.0) -> None:
        """Take no more, give what is there `drain_s` to be sent, and drop the rest."""
        self._closed = True
        if drain_s > 0 and (self._tasks or self._waiting):
            self._settled = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._settled], timeout=drain_s)
        self.dropped += self._waiting + len(self._tasks)
        for timer in self._later.values():
            timer.cancel()
        self._later.clear()
        self._due.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def _waiting(self) -> int:
        return len(self._due) + len(self._later)

    def _schedule(self, event: _Event, delay_s: float) -> None:
        if delay_s > 0:
            self._later[event] = asyncio.get_running_loop().call_later(delay_s, self._come_due, event)
            return
        self._due.append(event)
        self._send_due()

    def _come_due(self, event: _Event) -> None:
        del self._later[event]
        self._due.append(event)
        self._send_due()

    def _send_due(self) -> None:
        while self._due and len(self._tasks) < self._most_in_flight:
            task = asyncio.get_running_loop().create_task(self._try(self._due.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tried)

    def _tried(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self._closed or self._settled is not None:
            self._send_due()
        if self._settled is not None and not self._settled.done() and not self._tasks and not self._waiting:
            self._settled.set_result(None)

    async def _try(self, event: _Event) -> None:
        """Send an event once, and count it or put it off."""
        event.tries += 1
        webhook = event.webhook
        passing, reason = True, ""
        try:
            async with asyncio.timeout(self._try_s):
                passing, reason = _verdict(await self._exchange(webhook))
        except TimeoutError:
            reason = f"no answer within {self._try_s:g} s"
        except EgressDeniedError as error:
            passing, reason = False, error.detail
        except UpstreamError as error:
            reason = error.detail
        except (ConfigError, UnsendableRequestError) as error:
            passing, reason = False, str(error)
        if not reason:
            self.sent += 1
        elif passing and event.tries <= webhook.retries and self._waiting < self._most_waiting:
            self._schedule(event, self._pause_s(event.tries))
        else:
            self.failed += 1
            facts = {"to": webhook.origin, "tries": event.tries, "reason": reason}
            _log.warning("a webhook could not be delivered", extra=facts)

    async def _exchange(self, webhook: RenderedWebhook) -> int:
        """Give the status of the answer; its body is read, up to a point, so that the connection can serve again."""
        target = self._open_target(webhook.origin)
        answer = await target.send(webhook.method, webhook.target, webhook.headers, webhook.body)
        try:
            taken = 0
            with contextlib.suppress(UpstreamError):
                while taken < _READ_BYTES and (piece := await answer.read()):
                    taken += len(piece)
        finally:
            answer.release()
        return answer.status

    def _pause_s(self, tries: int) -> float:
        longest = min(self._backoff_s * 2.0 ** (tries - 1), _MOST_BACKOFF_S)
        return longest * (0.5 + self._random.random() / 2)


def _verdict(status: int) -> tuple[bool, str]:
    """Say whether a status may be another later, and what is wrong with it, or ""."""
    if 200 <= status < 300:
        return True, ""
    if 300 <= status < 400:
        return False, f"answered {status}; redirects are not followed"
    return status in _AGAIN, f"answered {status}"
