"""The closed-loop client: it asks on with the ids, tokens and links that it was answered, and keeps a transcript."""

from __future__ import annotations

import hashlib
import json as json_codec
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from bench.fidelity.transcript import Step, Transcript

TIMEOUT_S: Final = 20.0
STEPS_AT_MOST: Final = 120
_USUAL: Final = frozenset({"host", "connection", "accept", "accept-encoding", "user-agent", "content-length"})
_TEXTUAL: Final = ("text/", "json", "xml", "javascript", "x-www-form-urlencoded", "yaml", "csv", "graphql")


class AbortedError(Exception):
    """The session cannot go on: an answer lacked the id, token or link that the next step needs."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a step was answered; `take` and `link` end the session where the needed value is not there."""

    label: str
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Give the body as JSON, None where it is not."""
        try:
            return json_codec.loads(self.body)
        except ValueError:
            return None

    def find(self, *keys: str | int) -> Any:
        """Give the value under these keys and positions, None where there is none."""
        here = self.json()
        for key in keys:
            try:
                here = here[key]
            except (KeyError, IndexError, TypeError):
                return None
        return here

    def take(self, *keys: str | int) -> str:
        """Give the id or token under these keys as text; raises AbortedError where there is none."""
        found = self.find(*keys)
        if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
            raise AbortedError(f"{self.label}: no value at {'.'.join(map(str, keys))} (status {self.status})")
        return str(found)

    def header(self, name: str) -> str:
        """Give a header's value; raises AbortedError where it is not there."""
        found = self.headers.get(name)
        if not found:
            raise AbortedError(f"{self.label}: no header {name} (status {self.status})")
        return str(found)


class Client:
    """Plays one session against one address; use as a context. `user` gives another caller with cookies of its own.

    `behind` is the address of the upstream that a recorder at `base` stands in front of: links that lead there are
    followed through the recorder, as a client would whose name server points to it. With `spares` malformed JSON goes
    to the upstream past the recorder, for one that loses everything over it. `transport` answers in the place of a
    socket.
    """

    def __init__(
        self,
        base: str,
        agent: str = "fidelity/1.0",
        headers: Mapping[str, str] | None = None,
        behind: str | None = None,
        *,
        spares: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = base.rstrip("/")
        self._places = (self._base, behind.rstrip("/")) if behind else (self._base,)
        self._spares = spares
        self._transport = transport
        self._headers = {"User-Agent": agent, "Accept": "application/json", **(headers or {})}
        self._steps: list[Step] = []
        self._callers: list[httpx.Client] = []
        self._caller = self._new_caller()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for caller in self._callers:
            caller.close()

    def user(self) -> Client:
        """Give a second caller: other cookies, another connection, the same transcript."""
        other = object.__new__(Client)
        other._base, other._places, other._spares = self._base, self._places, self._spares
        other._transport = self._transport
        other._headers, other._steps, other._callers = dict(self._headers), self._steps, self._callers
        other._caller = other._new_caller()
        return other

    def ask(
        self,
        label: str,
        method: str,
        path: str,
        *,
        reads: bool = False,
        json: object = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        files: Sequence[tuple[str, tuple[str, bytes, str]]] | None = None,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send one request; `path` may be an absolute link that the server gave. A failed connection has status 0."""
        if len(self._steps) >= STEPS_AT_MOST:
            raise AbortedError(f"{label}: the session does not end; it has {STEPS_AT_MOST} steps")
        request = self._caller.build_request(
            method,
            self._address(content, headers or {}) + self._local(label, path),
            json=json,
            data=dict(form) if form is not None else None,
            content=content,
            files=list(files) if files is not None else None,
            params={key: str(value) for key, value in query.items()} if query is not None else None,
            headers=dict(headers or {}),
        )
        request.read()
        try:
            response = self._caller.send(request)
            body = response.content
        except httpx.HTTPError as error:
            self._steps.append(
                Step(label, method, self._target(request), 0, reads=reads, trouble=f"{type(error).__name__}: {error}")
            )
            return Answered(label, 0, httpx.Headers(), b"")
        self._keep(label, request, response, body, reads=reads)
        return Answered(label, response.status_code, response.headers, body)

    def transcript(self, upstream: str, seed: int, aborted: str = "") -> Transcript:
        """Give what was played so far."""
        return Transcript(upstream, seed, tuple(self._steps), aborted)

    def _new_caller(self) -> httpx.Client:
        caller = httpx.Client(
            timeout=TIMEOUT_S,
            trust_env=False,
            follow_redirects=False,
            headers=self._headers,
            transport=self._transport,
        )
        # A header of the hop, not of the call: no proxy may pass it on, and a service that echoes headers would tell.
        del caller.headers["connection"]
        self._callers.append(caller)
        return caller

    def _address(self, content: bytes | None, headers: Mapping[str, str]) -> str:
        if self._spares and content is not None and "json" in headers.get("Content-Type", ""):
            try:
                json_codec.loads(content)
            except ValueError:
                return self._places[-1]
        return self._base

    def _local(self, label: str, path: str) -> str:
        """Give a link's path and query; raises AbortedError where it leads to another server."""
        if path.startswith("/"):
            return path
        for place in self._places:
            if path == place or path.startswith((place + "/", place + "?")):
                return path[len(place) :] or "/"
        raise AbortedError(f"{label}: the link {path[:80]!r} leads to another server")

    def _target(self, request: httpx.Request) -> str:
        return request.url.raw_path.decode("ascii", "replace")

    def _keep(self, label: str, request: httpx.Request, response: httpx.Response, body: bytes, *, reads: bool) -> None:
        kind = response.headers.get("content-type", "").lower()
        text, binary = "", False
        try:
            text = body.decode("utf-8")
            binary = bool(body) and not any(mark in kind for mark in _TEXTUAL) and bool(kind)
        except UnicodeDecodeError:
            binary = True
        headers = tuple((name.lower(), self._placeless(value)) for name, value in response.headers.multi_items())
        text = "" if binary else self._placeless(text)
        self._steps.append(
            Step(
                label,
                request.method,
                self._target(request),
                response.status_code,
                headers,
                text,
                binary,
                hashlib.sha256(body).hexdigest() if binary else "",
                len(body) if binary else len(text),
                reads,
                asked=self._placeless(_asked(request)),
            )
        )

    def _placeless(self, text: str) -> str:
        """Write the server's own address as `{base}`, so that two places can be compared."""
        for place in self._places:
            text = text.replace(place, "{base}").replace(urlsplit(place).netloc, "{host}")
        return text


def _asked(request: httpx.Request) -> str:
    """Give what the caller sent beside the target: its own headers, an empty line, and the body's beginning."""
    own = [f"{name}: {value}" for name, value in request.headers.items() if name not in _USUAL]
    return "\n".join([*own, "", request.content.decode("utf-8", "replace")[:4000]])
