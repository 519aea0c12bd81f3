"""The way out: the only place that opens a socket to an upstream, and only to an address that was judged."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import TypeAlias, TypeVar

from gateway.outbound.failure import (
    EgressDeniedError,
    OriginError,
    UpstreamConnectError,
    UpstreamError,
    UpstreamTimeoutError,
    UpstreamTLSError,
)
from gateway.outbound.origin import Address, Origin, judge, literal_address, parse_origin

__all__ = ["Egress", "EgressDeniedError", "Origin", "OriginError", "Resolve", "Timeouts", "parse_origin"]

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses (as text) of a host and port, in the order they are to be tried."""

ProtocolT = TypeVar("ProtocolT", bound=asyncio.Protocol)

# A TLS peer that never answers close_notify must not hold the socket for asyncio's 30 s.
_TLS_CLOSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for an upstream, in seconds.

    `connect_s` covers name lookup and all addresses; `first_byte_s` runs from the last byte of the request to the
    response's whole head; `idle_s` between pieces, either way; `total_s` from the call to the end of the body.
    """

    connect_s: float = 2.0
    tls_s: float = 3.0
    first_byte_s: float = 60.0
    idle_s: float = 60.0
    total_s: float | None = None


class Egress:
    """Opens connections; no proxies, netrc or cookies from the environment, never plaintext for https.

    `ca_file` (PEM) is trusted beside the system's authorities; `verify=False` accepts any certificate.
    """

    def __init__(self, *, resolve: Resolve | None = None, ca_file: str | None = None, verify: bool = True) -> None:
        self._resolve = resolve or _system_addresses
        self._ca_file = ca_file
        self._verify = verify
        self._tls: ssl.SSLContext | None = None

    async def connect(
        self, origin: Origin, protocol_factory: Callable[[], ProtocolT], timeouts: Timeouts
    ) -> tuple[asyncio.Transport, ProtocolT]:
        """Open one connection, resolving the name once.

        Raises EgressDeniedError where any address is denied, UpstreamConnectError, UpstreamTLSError or
        UpstreamTimeoutError (phase connect or tls).
        """
        sock = await self._dial(origin, timeouts.connect_s)
        loop = asyncio.get_running_loop()
        try:
            if origin.scheme == "http":
                return await loop.create_connection(protocol_factory, sock=sock)
            return await self._secure(origin, protocol_factory, sock, timeouts.tls_s)
        except BaseException:
            sock.close()
            raise

    async def _dial(self, origin: Origin, connect_s: float) -> socket.socket:
        deadline = asyncio.get_running_loop().time() + connect_s
        try:
            async with asyncio.timeout_at(deadline):
                addresses = await self._judged_addresses(origin)
                return await _first_reachable(origin, addresses, deadline)
        except TimeoutError:
            raise UpstreamTimeoutError(f"{origin}: no connection within {connect_s:g} s", phase="connect") from None

    async def _judged_addresses(self, origin: Origin) -> list[Address]:
        literal = literal_address(origin.host)
        if literal is not None:
            judge(origin, literal)
            return [literal]
        try:
            answers = await self._resolve(origin.host, origin.port)
            addresses = [ip_address(answer) for answer in dict.fromkeys(answers)]
        except (OSError, UnicodeError, ValueError):
            addresses = []
        if not addresses:
            raise UpstreamConnectError(f"{origin}: the name has no address; check the name and the resolver")
        for address in addresses:  # one bad answer refuses all of them: rebinding mixes good with bad
            judge(origin, address)
        return addresses

    async def _secure(
        self, origin: Origin, protocol_factory: Callable[[], ProtocolT], sock: socket.socket, tls_s: float
    ) -> tuple[asyncio.Transport, ProtocolT]:
        try:
            async with asyncio.timeout(tls_s):
                return await asyncio.get_running_loop().create_connection(
                    protocol_factory,
                    sock=sock,
                    ssl=self._context(),
                    server_hostname=origin.host,
                    ssl_handshake_timeout=tls_s + 1,
                    ssl_shutdown_timeout=_TLS_CLOSE_S,
                )
        except ssl.SSLCertVerificationError as error:
            raise UpstreamTLSError(f"{origin}: certificate refused: {error.verify_message}") from None
        except TimeoutError:
            raise UpstreamTimeoutError(f"{origin}: no TLS handshake within {tls_s:g} s", phase="tls") from None
        except ssl.SSLError as error:
            raise UpstreamTLSError(f"{origin}: TLS handshake failed: {error.reason or 'closed'}") from None
        except OSError:
            raise UpstreamTLSError(f"{origin}: the connection closed during the TLS handshake") from None

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = _tls_context(self._ca_file, verify=self._verify)
        return self._tls


def _tls_context(ca_file: str | None, *, verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


async def _system_addresses(host: str, port: int) -> Sequence[str]:
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(answer[4][0]) for answer in answers]


async def _first_reachable(origin: Origin, addresses: list[Address], deadline: float) -> socket.socket:
    """Try the addresses in turn, each with its share of the time that is left."""
    loop = asyncio.get_running_loop()
    failure: UpstreamError | None = None
    for tried, address in enumerate(addresses):
        share_s = (deadline - loop.time()) / (len(addresses) - tried)
        try:
            async with asyncio.timeout(share_s):
                return await _open_socket(origin, address)
        except TimeoutError:
            failure = UpstreamTimeoutError(f"{origin}: an address did not answer in time", phase="connect")
        except OSError as error:
            failure = UpstreamConnectError(f"{origin}: {error.strerror or 'unreachable'}")
    assert failure is not None
    raise failure


async def _open_socket(origin: Origin, address: Address) -> socket.socket:
    family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, (str(address), origin.port))
        judge(origin, ip_address(sock.getpeername()[0]))  # what we reached, not what we asked for
    except BaseException:
        sock.close()
        raise
    return sock
