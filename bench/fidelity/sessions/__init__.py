"""The session programs, by the name of their upstream: `play(client, random)`, each run other steps and values."""

from __future__ import annotations

from typing import Final

from bench.fidelity.session import Program
from bench.fidelity.sessions import cart, httpbin, json_server, kinto, login, otp

PROGRAMS: Final[dict[str, Program]] = {
    "cart": cart.play,
    "otp": otp.play,
    "login": login.play,
    "json-server": json_server.play,
    "kinto": kinto.play,
    "httpbin": httpbin.play,
}
