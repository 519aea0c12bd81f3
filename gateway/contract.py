"""An exchange compared with its contract: what breaks it is told, or where that is enforced answered instead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Headers, Request, header
from gateway.contracts import Kept
from gateway.mode import Breached, Compose, Forward, Plan, Reply, Side
from gateway.problem import problem
from gateway.view import RequestView
from recorder.contract import Breach
from recorder.openapi.checks import is_compared
from recorder.openapi.operation import Operation

_log = logging.getLogger("mimic.contract")
_MARK: Final = b"X-Mimic-Contract"
_THREAD_BYTES: Final = 256 << 10
"""Larger bodies are compared on a thread: 1 MiB takes 35 ms, in which others would wait."""
_CODED_RATIO: Final = 8
"""How much larger than it came a body with a content coding is taken to be."""
_HOLD_S: Final = {"report": 0.25, "enforce": 5.0}


class Terms:
    """What the exchanges of one definition are compared with: its own operation, or any of some documents."""

    __slots__ = ("_contracts", "_pointer")

    def __init__(self, contracts: Sequence[Kept], pointer: str) -> None:
        self._contracts = tuple(contracts)
        self._pointer = pointer

    def body_bytes(self, request: Request) -> int:
        """Give how much of a request's body is to be read for the comparison; 0 where it is not looked into."""
        asked = [kept.settings.body_bytes for kept in self._contracts if kept.check != "off" and kept.settings.requests]
        media_type = (header(request.headers, b"content-type") or b"").decode("latin-1")
        if not asked or (media_type and not is_compared(media_type)):
            return 0
        length = header(request.headers, b"content-length") or b"0"
        most = max(asked)
        return most if length.isdigit() and int(length[:20]) <= most else 0

    def begin(self, request: Request, *, is_whole: bool) -> Check | None:
        """Begin to compare an exchange with the first document that describes the request, or with the first.

        None where every contract is off. `is_whole` says that the request has its whole body.
        """
        target = request.target.decode("latin-1")
        path = target.partition("?")[0]
        begun: Check | None = None
        for kept in self._contracts:
            if kept.check == "off":
                continue
            method, operation = _operation(kept, request.method, path, self._pointer)
            if begun is None or operation is not None:
                begun = Check(kept, operation, self._pointer, request, (method, target), is_whole=is_whole)
            if operation is not None:
                return begun
        if begun is not None and _is_preflight(request):
            return None
        return begun


def _operation(kept: Kept, method: str, path: str, pointer: str) -> tuple[str, Operation | None]:
    """Find the operation; HEAD is GET without a body where the document does not describe it (RFC 9110 §9.3.2)."""
    found = kept.contract.operation(method, path, pointer)
    if found is None and method == "HEAD":
        found = kept.contract.operation("GET", path, pointer)
        return ("GET", found) if found is not None else (method, None)
    return method, found


def _is_preflight(request: Request) -> bool:
    return request.method == "OPTIONS" and header(request.headers, b"access-control-request-method") is not None


class Check:
    """One exchange's comparison with a contract, from the request on."""

    __slots__ = (
        *("_enforces", "_kept", "_method", "_operation", "_pointer", "_request", "_sent", "_target"),
        *("_asked", "_given", "_remarks"),
    )

    def __init__(
        self,
        kept: Kept,
        operation: Operation | None,
        pointer: str,
        request: Request,
        line: tuple[str, str],
        *,
        is_whole: bool,
    ) -> None:
        self._kept = kept
        self._enforces = kept.check == "enforce"
        self._operation = operation
        self._pointer = pointer
        self._request = request
        self._method, self._target = line
        self._sent = request.body if is_whole or not _has_body(request) else None
        self._asked: list[Breach] = []
        self._given: list[Breach] = []
        self._remarks: dict[Side, str] = {}

    def compose(self, decide: Callable[[RequestView], Plan], view: RequestView) -> Compose:
        """Give the plan that compares the request, decides, and compares a reply."""

        async def make() -> Reply | Forward:
            refusal = await self._judge_request()
            if refusal is not None:
                return refusal
            plan = decide(view)
            if isinstance(plan, Compose):
                plan = await plan.make()
            return await self.settle(plan) if isinstance(plan, Reply) else plan

        return Compose(make)

    async def _judge_request(self) -> Reply | None:
        if not self._kept.settings.requests:
            return None
        if self._sent is None and self._is_compared(self._request.headers):
            self._remarks["request"] = "the request's body is too large to be compared"
        self._asked = await self._compared("request", self._request.headers, self._sent, self._breaches_of_request)
        return self._refusal() if self._asked and self._enforces else None

    async def settle(self, reply: Reply) -> Reply:
        """Compare a reply of the gateway's own; give it, or where it breaks an enforced contract the error instead.

        Errors of the gateway and failures as recorded are nobody's answer, and pass.
        """
        if reply.source == "error" or reply.breaks is not None:
            return reply
        body = b"".join(piece for _, piece in reply.pieces) if reply.pieces else reply.body
        told = await self.judge(reply.status, reply.headers, body, instead=500)
        return reply if told is None else replace(told, notes=reply.notes, said=reply.said)

    async def judge(self, status: int, headers: Headers, body: bytes | None, *, instead: int = 502) -> Reply | None:
        """Compare an answer; give the error, of status `instead`, where it breaks an enforced contract.

        Of a body that is None everything else is compared. The last call counts.
        """
        if self._operation is None or not self._kept.settings.responses:
            return None

        def breaches(plain: bytes | None) -> list[Breach]:
            return self._kept.contract.check_response(
                self._method, self._target, status, headers, plain, pointer=self._pointer
            )

        is_bodiless = self._request.method == "HEAD" or status in (204, 205, 304)
        self._given = await self._compared("response", headers, None if is_bodiless else body, breaches)
        if not self._given or not self._enforces:
            return None
        detail = f"The answer of status {status} breaks the contract {self._kept.name!r}, which is enforced."
        return self._problem(instead, "contract-response", detail, self._given)

    def skip_body(self, why: str) -> None:
        """Note why an answer's body is not compared."""
        self._remarks["response"] = why

    def looks_into(self, status: int, headers: Headers) -> bool:
        """Say whether such an answer's body is compared."""
        if self._operation is None or not self._kept.settings.responses or status in (204, 205, 304):
            return False
        return self._request.method != "HEAD" and self._is_compared(headers)

    @property
    def body_bytes(self) -> int:
        """The largest body that is compared."""
        return self._kept.settings.body_bytes

    @property
    def hold_s(self) -> float:
        """How long the beginning of an answer waits for its end."""
        return _HOLD_S["enforce" if self._enforces else "report"]

    @property
    def marks(self) -> Headers:
        """The response header that tells how much was wrong; none where nothing was."""
        told = self._told()
        return ((_MARK, told.encode()),) if told else ()

    def noted(self, note: str) -> str:
        """Give the journal's note with what is to be said of the comparison."""
        told = self._told()
        parts = [note, f"contract {self._kept.name}: {told}" if told else "", *self._remarks.values()]
        return "; ".join(filter(None, parts))

    def conclude(self, trace: str) -> tuple[Breached, ...]:
        """Give what broke the contract, and count it; called once, when the exchange is over."""
        if not self._asked and not self._given:
            return ()
        name = self._kept.name
        found = [Breached(name, "request", one.pointer, one.where, one.sentence) for one in self._asked]
        found += [Breached(name, "response", one.pointer, one.where, one.sentence) for one in self._given]
        self._kept.remember(self._operation_name(), trace, found)
        return tuple(found)

    def _told(self) -> str:
        sides = (("request", self._asked), ("response", self._given))
        return ", ".join(f"{side} {len(found)}" for side, found in sides if found)

    def _operation_name(self) -> str:
        return f"{self._operation.method} {self._operation.path}" if self._operation is not None else "-"

    async def _compared(
        self, side: Side, headers: Headers, body: bytes | None, breaches: Callable[[bytes | None], list[Breach]]
    ) -> list[Breach]:
        try:
            coded = bool(content_codings(headers))
            if body is not None and len(body) * (_CODED_RATIO if coded else 1) > _THREAD_BYTES:
                breaches(None)  # compiles what is needed, which only one thread may do
                return await asyncio.to_thread(lambda: breaches(self._plain(side, headers, body)))
            return breaches(self._plain(side, headers, body) if coded or body is None else self._bounded(side, body))
        except Exception:  # noqa: BLE001
            # Whatever a document or a body may bring about, the traffic goes on.
            _log.exception("an exchange could not be compared", extra={"contract": self._kept.name})
            self._remarks[side] = f"the {side} could not be compared; the log says why"
            return []

    def _plain(self, side: Side, headers: Headers, body: bytes | None) -> bytes | None:
        """Give a body without its content coding, or None where that cannot be had."""
        if body is None or not self._is_compared(headers):
            return body
        try:
            return self._bounded(side, decode(content_codings(headers), body, limit_bytes=self.body_bytes))
        except DecodingError as error:
            self._remarks[side] = f"the {side}'s body is not compared: {error}"
            return None

    def _bounded(self, side: Side, body: bytes) -> bytes | None:
        if len(body) <= self.body_bytes:
            return body
        self._remarks[side] = f"the {side}'s body is too large to be compared"
        return None

    @staticmethod
    def _is_compared(headers: Headers) -> bool:
        media_type = header(headers, b"content-type")
        return media_type is None or is_compared(media_type.decode("latin-1"))

    def _breaches_of_request(self, body: bytes | None) -> list[Breach]:
        return self._kept.contract.check_request(
            self._method, self._target, self._request.headers, body, pointer=self._pointer
        )

    def _refusal(self) -> Reply:
        found = self._asked
        wheres = {breach.where for breach in found}
        detail = f"The request breaks the contract {self._kept.name!r}, which is enforced; it was not passed on."
        if wheres & {"path", "method"}:
            told = self._problem(405 if "method" in wheres else 404, "contract-request", detail, found)
            allowed = ", ".join(self._kept.contract.methods(self._target.partition("?")[0])).encode()
            return replace(told, headers=(*told.headers, (b"allow", allowed))) if "method" in wheres else told
        if "content-type" in wheres:
            return self._problem(415, "contract-request", detail, found)
        body = self._operation.body if self._operation is not None else None
        # What breaks the body's own pointer is no body at all, or none that can be read.
        is_read = all(
            breach.where.partition("/")[0] == "body" and (body is None or breach.pointer != body.pointer)
            for breach in found
        )
        return self._problem(422 if is_read else 400, "contract-request", detail, found)

    def _problem(self, status: int, kind: str, detail: str, found: Sequence[Breach]) -> Reply:
        breaches = [{"pointer": one.pointer, "where": one.where, "detail": one.sentence} for one in found]
        return problem(
            status, kind, detail, contract=self._kept.name, operation=self._operation_name(), breaches=breaches
        )


def _has_body(request: Request) -> bool:
    if request.body:
        return True
    length = header(request.headers, b"content-length")
    return (length is not None and length != b"0") or header(request.headers, b"transfer-encoding") is not None
