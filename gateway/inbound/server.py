"""The server: listening sockets, TLS and signals around an ASGI application, run by uvicorn.

StartError
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import uvicorn

from gateway.errors import GatewayError
from gateway.inbound.limits import Limits
from gateway.inbound.protocol import protocol_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import FrameType

BACKLOG = 2048
FORCED_CLOSE_S = 1.0
SKIPPED = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


class StartError(GatewayError):
    """A server that cannot start; the message is one sentence that says what was wrong and where."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to listen.

    Port 0 takes a free one. `cert` and `key` are PEM files (the key may be in the same file); with them the listener
    speaks TLS. After SIGTERM or SIGINT requests in progress have `grace_s` to finish; a second signal ends them.
    `on_listening` is called with the port once connections are accepted.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    limits: Limits = field(default_factory=Limits)
    cert: Path | None = None
    key: Path | None = None
    grace_s: float = 30.0
    loop: Literal["auto", "uvloop", "asyncio"] = "auto"
    on_listening: Callable[[int], None] | None = None


class Server(uvicorn.Server):
    """A uvicorn server on sockets bound beforehand; `port` is the real one from the beginning."""

    def __init__(self, config: uvicorn.Config, listeners: list[socket.socket], options: ServerOptions) -> None:
        super().__init__(config)
        self.listeners = listeners
        self.options = options
        self.port: int = listeners[0].getsockname()[1]

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop by a signal or by `should_exit`."""
        try:
            await super().serve(sockets or self.listeners)
        finally:
            self.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept, then say so."""
        await super().startup(sockets)
        if self.started and self.options.on_listening is not None:
            self.options.on_listening(self.port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain; at a second signal cut what is in progress, but still let the application close its files."""
        await super().shutdown(sockets)
        if not self.force_exit:
            return
        for task in self.server_state.tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.lifespan.shutdown(), FORCED_CLOSE_S)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain at the first signal, stop at the second; uvicorn itself would then die of the signal, not exit."""
        del sig, frame
        self.force_exit = self.should_exit
        self.should_exit = True

    def close(self) -> None:
        """Give the port back."""
        for listener in self.listeners:
            listener.close()


def build_server(app: Any, options: ServerOptions) -> Server:
    """Bind the port and give a server for `app` (any ASGI application); raise StartError where that cannot be."""
    context = tls_context(options.cert, options.key)
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        loop=options.loop,
        http=protocol_class(options.limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=options.grace_s,  # type: ignore[arg-type]  # it goes to asyncio.wait_for as it is
    )
    config.load()
    config.ssl = context
    return Server(config, listen(options.host, options.port), options)


def tls_context(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """Give the TLS settings for a certificate, or None without one."""
    if cert is None:
        if key is not None:
            raise StartError(f"a TLS key was given ({key}) without its certificate")
        return None
    for path in (cert, key):
        if path is not None and not path.is_file():
            raise StartError(f"cannot use TLS: there is no file {path}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key, password=no_password)
    except (OSError, ValueError) as error:
        raise StartError(f"cannot use TLS: {describe_tls(error)} ({cert}{f', {key}' if key else ''})") from error
    return context


def no_password() -> str:
    """Refuse an encrypted key, for which openssl would ask on the terminal."""
    raise ValueError("the key is encrypted; give one without a passphrase")


def describe_tls(error: Exception) -> str:
    """Say in words what the TLS library says in codes."""
    reason = getattr(error, "reason", None)
    if reason == "KEY_VALUES_MISMATCH":
        return "the key does not belong to the certificate"
    if isinstance(error, ssl.SSLError):
        return "these are not a PEM certificate and its key"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)


def listen(host: str, port: int) -> list[socket.socket]:
    """Bind every address of `host`, all on one port; raise StartError where none, or a taken one, is there."""
    listeners: list[socket.socket] = []
    failure: OSError | None = None
    for family, address in addresses(host, port):
        chosen = listeners[0].getsockname()[1] if listeners else port
        try:
            listeners.append(bind(family, (address[0], chosen, *address[2:])))
        except OSError as error:
            failure = error
            if error.errno not in SKIPPED:
                break
    else:
        if listeners:
            return listeners
    for listener in listeners:
        listener.close()
    raise StartError(f"cannot listen on {host}:{port}: {describe_bind(failure)}") from failure


def addresses(host: str, port: int) -> Sequence[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    """Resolve a host to listen on, IPv4 first; "" means every interface."""
    if not 0 <= port <= 65_535:
        raise StartError(f"cannot listen on port {port}: ports go from 0 to 65535")
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise StartError(f"cannot listen on {host}:{port}: the host name is not known here") from error
    pairs = {(family, address) for family, _, _, _, address in found}
    return sorted(pairs, key=lambda pair: (pair[0] != socket.AF_INET, pair[1]))


def bind(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
    """Bind one address; it accepts nothing before the server listens on it."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # here, since two sockets may be bound to one port until one of them listens
    except BaseException:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def describe_bind(error: OSError | None) -> str:
    """Say why an address could not be bound, and what to do."""
    code = error.errno if error is not None else None
    if code == errno.EADDRINUSE:
        return "another program is using this port; stop it or choose another port (0 takes a free one)"
    if code == errno.EACCES:
        return "this user may not use this port; choose one above 1023"
    if code in SKIPPED:
        return "this machine does not have that address"
    return (error.strerror or str(error)).lower() if error is not None else "it has no address"
