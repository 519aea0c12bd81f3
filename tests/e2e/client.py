"""A small HTTP client that keeps what it saw: ordered raw headers, wire bytes, chunk times; it follows and decodes nothing."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import urllib.parse
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

VOLATILE: Final = frozenset({"date", "via", "connection", "keep-alive"})
"""Response headers that may differ between a recording and its replay, beside the X-Mimic-* markers."""

NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a session with what came back; `chunks` holds (seconds after the request, bytes), `failure` why no whole answer came."""

    part: str
    method: str
    target: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunks: tuple[tuple[float, int], ...] = ()
    failure: str = ""

    def header(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), default)

    def header_values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def content(self) -> bytes:
        """Give the body with gzip or deflate undone."""
        coding = self.header("content-encoding").lower()
        if coding == "gzip":
            return gzip.decompress(self.body)
        return zlib.decompress(self.body) if coding == "deflate" else self.body

    def text(self) -> str:
        return self.content().decode("utf-8", "replace")

    def json(self) -> Any:
        """Give the document of the body, or an empty object where it is none."""
        try:
            return json.loads(self.content())
        except ValueError:
            return {}

    @property
    def name(self) -> str:
        return f"[{self.part}] {self.method} {self.target}"


@dataclass(slots=True)
class Client:
    """Runs the parts of a session against one base URL and keeps the transcript and every broken expectation."""

    base: str
    headers: tuple[tuple[str, str], ...] = ()
    timeout_s: float = 30
    steps: list[Step] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    part: str = ""
    _connection: http.client.HTTPConnection | None = None

    def run(self, parts: Iterable[Callable[[Client], None]]) -> Client:
        """Run the parts in the order given; a part that cannot go on counts as a broken expectation."""
        for part in parts:
            self.part = part.__name__
            try:
                part(self)
            except (LookupError, ValueError, TypeError, AttributeError) as error:
                self.broken.append(f"[{self.part}] stopped: {type(error).__name__}: {error}")
        self.close()
        return self

    def call(
        self,
        method: str,
        target: str,
        *,
        headers: dict[str, str] | tuple[tuple[str, str], ...] = (),
        document: Any = NOTHING,
        form: Any = None,
        body: bytes | list[bytes] | None = None,
        status: int | Collection[int] = 200,
    ) -> Step:
        """Send one request and give its step; a list of bytes goes out chunked; another status than expected is noted."""
        sent = [*self.headers, *(headers.items() if isinstance(headers, dict) else headers)]
        if document is not NOTHING:
            body = json.dumps(document, ensure_ascii=False).encode()
            sent.append(("Content-Type", "application/json"))
        if form is not None:
            body = urllib.parse.urlencode(form).encode()
            sent.append(("Content-Type", "application/x-www-form-urlencoded"))
        step = self._exchange(method, target, sent, body)
        self.steps.append(step)
        expected = {status} if isinstance(status, int) else set(status)
        if step.status not in expected or step.failure:
            self.broken.append(
                f"{step.name}: expected {sorted(expected)}, got {step.status} {step.failure} {step.body[:300]!r}"
            )
        return step

    def expect(self, condition: object, sentence: str) -> None:
        """Note the sentence as broken where the condition does not hold."""
        if not condition:
            self.broken.append(f"[{self.part}] after step {len(self.steps)}: {sentence}")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | list[bytes] | None
    ) -> Step:
        reused = self._connection is not None
        try:
            return self._exchange_once(method, target, headers, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            self.close()
            if not reused:  # an idle connection that the server closed says nothing about the request
                return self._failed(method, target, error)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return self._failed(method, target, error)
        try:
            return self._exchange_once(method, target, headers, body)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return self._failed(method, target, error)

    def _failed(self, method: str, target: str, error: Exception) -> Step:
        return Step(self.part, method, target, 0, "", (), b"", failure=f"{type(error).__name__}: {error}")

    def _exchange_once(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes | list[bytes] | None
    ) -> Step:
        began = time.monotonic()
        connection = self._connected()
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        chunked = isinstance(body, list)
        if chunked:
            connection.putheader("Transfer-Encoding", "chunked")
        elif body is not None or method in {"POST", "PUT", "PATCH"}:
            connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body, encode_chunked=chunked)  # type: ignore[arg-type]
        response = connection.getresponse()
        chunks, pieces, failure = [], [], ""
        try:
            while piece := response.read1(65536):
                chunks.append((time.monotonic() - began, len(piece)))
                pieces.append(piece)
        except (OSError, http.client.HTTPException) as error:
            failure = f"{type(error).__name__}: {error}"
            self.close()
        raw = tuple((name, value.strip(" \t")) for name, value in response.getheaders())  # RFC 9110 §5.5
        if response.will_close:
            self.close()
        response.close()
        return Step(
            self.part, method, target, response.status, response.reason, raw, b"".join(pieces), tuple(chunks), failure
        )

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            at = urllib.parse.urlsplit(self.base)
            self._connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=self.timeout_s)
        return self._connection


def lasting_headers(step: Step, *, volatile: frozenset[str] = VOLATILE) -> list[tuple[str, str]]:
    """Give the headers of an answer that must be the same in every replay, in order."""
    return [
        (name, value)
        for name, value in step.headers
        if name.lower() not in volatile and not name.lower().startswith("x-mimic-")
    ]


def differences(was: Step, now: Step) -> list[str]:
    """Say in what two answers to the same step differ: status, reason, lasting headers and their order, body bytes."""
    found = [
        f"{label} was {old!r}, is {new!r}"
        for label, old, new in (
            ("status", was.status, now.status),
            ("reason", was.reason, now.reason),
            ("failure", was.failure, now.failure),
        )
        if old != new
    ]
    before, after = lasting_headers(was), lasting_headers(now)
    if before != after:
        gone, new_ones = [h for h in before if h not in after], [h for h in after if h not in before]
        found.append(f"headers lost {gone}, new {new_ones}" if gone or new_ones else "headers in another order")
    if was.body != now.body:
        at = next((i for i, (a, b) in enumerate(zip(was.body, now.body, strict=False)) if a != b), -1)
        at = at if at >= 0 else min(len(was.body), len(now.body))
        around = slice(max(0, at - 40), at + 80)
        found.append(
            f"body differs from byte {at} of {len(was.body)}/{len(now.body)}: {was.body[around]!r} / {now.body[around]!r}"
        )
    return found


def compare(was: list[Step], now: list[Step]) -> list[str]:
    """Compare two transcripts part by part, step by step, whatever the order of the parts; gives one line a difference."""
    lines: list[str] = []
    for part in dict.fromkeys(step.part for step in was):
        before, after = [s for s in was if s.part == part], [s for s in now if s.part == part]
        if len(before) != len(after):
            lines.append(f"[{part}] had {len(before)} steps, has {len(after)}")
        for old, new in zip(before, after, strict=False):
            if (old.method, old.target) != (new.method, new.target):
                lines.append(f"{old.name} became {new.name}")
            lines += [f"{old.name}: {text}" for text in differences(old, new)]
    return lines
