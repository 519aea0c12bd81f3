"""The ways an upstream can fail to give a whole response, as errors that carry the kind and what was already sent.

UpstreamError
├── EgressDeniedError       denied: the address or name may not be spoken to
├── UpstreamConnectError    connect: no such name, refused, unreachable
├── UpstreamTLSError        tls: the handshake failed or the certificate is not to be trusted
├── UpstreamTimeoutError    timeout: `phase` says which (pool, connect, tls, upload, first-byte, idle, total)
├── UpstreamResetError      reset: closed before a whole response head; `answered` says whether any byte of it came
├── UpstreamProtocolError   protocol: what came is not HTTP/1.1, or is beyond the limits
└── UpstreamCutOffError     cut-off: closed after the head, before the end of the body
OriginError(ValueError)             an upstream's URL is malformed
UnsendableRequestError(ValueError)  a request that cannot be written as one unambiguous HTTP/1.1 message
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

if TYPE_CHECKING:
    from cassettes.exchange import FailureKind

Phase: TypeAlias = Literal["pool", "connect", "tls", "upload", "first-byte", "idle", "total"]


class UpstreamError(Exception):
    """No whole response came; `request_sent` says whether any byte of the request may have reached the upstream."""

    kind: ClassVar[FailureKind] = "protocol"

    def __init__(self, detail: str, *, request_sent: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.request_sent = request_sent


class EgressDeniedError(UpstreamError):
    """The policy forbids speaking to this address or name."""

    kind: ClassVar[FailureKind] = "denied"


class UpstreamConnectError(UpstreamError):
    """No connection could be made."""

    kind: ClassVar[FailureKind] = "connect"


class UpstreamTLSError(UpstreamError):
    """No trusted TLS session could be made."""

    kind: ClassVar[FailureKind] = "tls"


class UpstreamTimeoutError(UpstreamError):
    """A deadline passed; `phase` names it."""

    kind: ClassVar[FailureKind] = "timeout"

    def __init__(self, detail: str, *, phase: Phase, request_sent: bool = False) -> None:
        super().__init__(detail, request_sent=request_sent)
        self.phase: Phase = phase


class UpstreamResetError(UpstreamError):
    """The connection ended before a whole response head; `answered` is true where some bytes of it had come."""

    kind: ClassVar[FailureKind] = "reset"

    def __init__(self, detail: str, *, answered: bool = False, request_sent: bool = True) -> None:
        super().__init__(detail, request_sent=request_sent)
        self.answered = answered


class UpstreamProtocolError(UpstreamError):
    """The upstream's bytes are not an HTTP/1.1 response, or are beyond the limits."""

    kind: ClassVar[FailureKind] = "protocol"


class UpstreamCutOffError(UpstreamError):
    """The response began, and its body never ended."""

    kind: ClassVar[FailureKind] = "cut-off"


class OriginError(ValueError):
    """The URL of an upstream is malformed; the message says what would be right."""


class UnsendableRequestError(ValueError):
    """The request would not be one unambiguous HTTP/1.1 message; nothing was sent."""
