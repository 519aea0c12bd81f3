"""How long a gateway keeps a trivial request waiting while it is busy with others: its event loop's lag."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

PAUSE_S: Final = 0.002
PATIENCE_S: Final = 30.0


class LagMeter:
    """Asks for `target` again and again over one connection, in a thread; use as a context.

    Each answer has to be a 200 that ends in `ending`: what is not is in `failures`.
    """

    def __init__(self, base: str, target: str, ending: bytes) -> None:
        host, _, port = base.removeprefix("http://").rpartition(":")
        self._address = (host, int(port))
        self._request = f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        self._ending = ending
        self._over = threading.Event()
        self._samples: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._measure, daemon=True)
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)

    def longest(self, since: float, until: float) -> float:
        """Give the longest wait, in seconds, of a request that was open at any time between the two moments."""
        return max((end - begin for begin, end in self._samples if end >= since and begin <= until), default=0.0)

    def settle(self) -> None:
        """Wait until a request that begins now is answered."""
        now = time.perf_counter()
        deadline = now + PATIENCE_S
        while self._thread.is_alive() and time.perf_counter() < deadline:
            if self._samples and self._samples[-1][0] >= now:
                return
            time.sleep(PAUSE_S / 2)

    def _measure(self) -> None:
        try:
            with socket.create_connection(self._address, PATIENCE_S) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self._over.wait(PAUSE_S):
                    self._ask(connection)
        except OSError as error:
            self.failures.append(f"the meter's connection: {error!r}")

    def _ask(self, connection: socket.socket) -> None:
        begin = time.perf_counter()
        connection.sendall(self._request)
        answer = b""
        while not answer.endswith(self._ending):
            piece = connection.recv(65536)
            if not piece:
                raise OSError(f"closed after {answer!r}")
            answer += piece
        self._samples.append((begin, time.perf_counter()))
        if not answer.startswith(b"HTTP/1.1 200 "):
            self.failures.append(repr(answer[:200]))
