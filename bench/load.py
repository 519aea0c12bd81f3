"""The load: wrk on a core of its own, and what it counted."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.process import pinned

_RATE: Final = re.compile(r"Requests/sec:\s+([\d.]+)")
_TOTAL: Final = re.compile(r"(\d+) requests in")
_LATENCY: Final = re.compile(r"\s(50|99)%\s+([\d.]+)(us|ms|s|m)")
_REFUSED: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_BROKEN: Final = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")
_UNIT_MS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}

BROWSER_HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-GB,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
    "Authorization": "Bearer 0123456789abcdef0123456789abcdef0123456789abcdef",
    "Origin": "http://localhost:3000",
    "Referer": "http://localhost:3000/app/dashboard",
    "X-Request-Id": "7c1c2a94-7f7a-4e0e-8d0a-8f3f4c3f1a2b",
    "Cookie": "session=abcdef0123456789; theme=dark",
    "Sec-Fetch-Mode": "cors",
}


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: one path, or `paths` picked from at random, with these headers, over so many connections.

    With `bodies` one of them, picked at random, is posted to the path as JSON.
    """

    path: str
    paths: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    connections: int = 64
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What wrk counted: answers in all and a second, those that were no success, latencies in ms."""

    requests: int
    per_s: float
    errors: int
    p50_ms: float
    p99_ms: float


def has_wrk() -> bool:
    """Say whether the load generator is installed."""
    return shutil.which("wrk") is not None


def write_script(load: Load, folder: Path) -> Path | None:
    """Write the Lua that wrk needs for random picks, or None where it needs none."""
    if not load.paths and not load.bodies:
        return None
    listed = folder / "picks.txt"
    listed.write_text("\n".join(load.bodies or load.paths) + "\n")
    script = folder / "picks.lua"
    posted = f'wrk.format("POST", "{load.path}", {{["Content-Type"] = "application/json"}}, pick)'
    made = posted if load.bodies else 'wrk.format("GET", pick)'
    script.write_text(
        f'local asked = {{}}\nfunction init()\n  for pick in io.lines("{listed}") do\n'
        f"    asked[#asked + 1] = {made}\n"
        "  end\n  math.randomseed(11)\nend\n"
        "function request() return asked[math.random(#asked)] end\n"
    )
    return script


def run_wrk(load: Load, port: int, seconds: int, core: int | None, script: Path | None) -> Counted:
    """Put the load on a port for so long; raises RuntimeError where wrk says nothing that can be read."""
    command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    for name, value in load.headers:
        command += ["-H", f"{name}: {value}"]
    if script is not None:
        command += ["-s", str(script)]
    command.append(f"http://127.0.0.1:{port}{load.path}")
    done = subprocess.run(pinned(core, command), capture_output=True, text=True, timeout=seconds + 60, check=False)
    return read_counts(done.stdout + done.stderr)


def read_counts(said: str) -> Counted:
    """Read wrk's report."""
    rate, total = _RATE.search(said), _TOTAL.search(said)
    if rate is None or total is None:
        raise RuntimeError(f"wrk said: {said[-500:]}")
    refused, broken = _REFUSED.search(said), _BROKEN.search(said)
    errors = (int(refused[1]) if refused else 0) + (sum(map(int, broken.groups())) if broken else 0)
    at = {percent: float(number) * _UNIT_MS[unit] for percent, number, unit in _LATENCY.findall(said)}
    return Counted(int(total[1]), float(rate[1]), errors, at.get("50", 0.0), at.get("99", 0.0))


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer as a client sees it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(
    port: int, path: str, headers: tuple[tuple[str, str], ...] = (), timeout_s: float = 20.0, posted: str = ""
) -> Seen:
    """Ask once, or post this JSON, and give the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        if posted:
            connection.request("POST", path, posted, {"Content-Type": "application/json", **dict(headers)})
        else:
            connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return Seen(answer.status, tuple(answer.getheaders()), answer.read())
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
