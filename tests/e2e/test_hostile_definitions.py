"""Whatever is saved or sent, the gateway answers everybody else in time, and goes on."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from e2e.gateway_process import Gateway
from e2e.hostile import Ask, Case, every_case
from e2e.lag import LagMeter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAG_S = float(os.environ.get("MIMIC_HOSTILE_LAG_S", "1.0"))
SECONDS = 10.0
MEMORY_KIB = 400 << 10
STATIC = {"id": "static", "match": {"path": "/static"}, "response": {"body": "alive"}}


class Site:
    """A gateway under attack, and the meter beside it."""

    def __init__(self, gateway: Gateway, meter: LagMeter) -> None:
        self.gateway, self.meter = gateway, meter
        self.worst: dict[str, tuple[float, str]] = defaultdict(lambda: (0.0, ""))
        self.broken: list[str] = []
        self.seen: list[tuple[float, str, str, int]] = []

    def ask(self, ask: Ask) -> tuple[int, str, bytes]:
        """Send a request; gives status, content type and body, or status 0 where the connection ended."""
        connection = http.client.HTTPConnection(self.gateway.base.removeprefix("http://"), timeout=SECONDS)
        try:
            connection.request(ask.method, ask.target, ask.body or None, dict(ask.headers))
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type", ""), answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, repr(error), b""
        finally:
            connection.close()

    def timed(self, group: str, name: str, ask: Ask) -> tuple[int, str, bytes]:
        """Send a request, and note what it did to the loop."""
        begin = time.perf_counter()
        answer = self.ask(ask)
        end = time.perf_counter()
        self.meter.settle()
        lag = self.meter.longest(begin, end)
        self.worst[group] = max(self.worst[group], (lag, name))
        self.seen.append((round(lag * 1000, 1), group, name, answer[0]))
        if end - begin > SECONDS or answer[0] == 0:
            self.broken.append(f"{group}: {name}: {ask.method} {ask.target[:60]}: {answer[:2]} in {end - begin:.1f} s")
        return answer

    def try_case(self, case: Case) -> None:
        """Save a definition, send what triggers it, and take it away again."""
        if case.definition is not None and not self._save(case):
            return
        for number, ask in enumerate(case.asks):
            status, _, body = self.timed(case.group, f"{case.name} #{number}", ask)
            self._judge(case, status, body)
        self.ask(Ask(target="/api/admin/mocks/hostile", method="DELETE", headers=()))

    def _save(self, case: Case) -> bool:
        document = json.dumps(case.definition).encode()
        status, kind, body = self.timed(
            f"save: {case.group}", case.name, Ask(document, target="/api/admin/mocks")
        )
        self._judge(case, status, body)
        if status == 201:
            if case.refused:
                self.broken.append(f"{case.group}: {case.name}: was saved")
            return True
        if not 400 <= status < 500 or kind != "application/problem+json" or case.told not in body.decode():
            self.broken.append(f"{case.group}: {case.name}: refused by {status} {kind} {body[:300]!r}")
        if case.refused is False:
            self.broken.append(f"{case.group}: {case.name}: was refused: {body[:300]!r}")
        return False

    def _judge(self, case: Case, status: int, body: bytes) -> None:
        for leak in (b"Traceback", b"site-packages", b'File "', b"object at 0x", b"root:x:0:0"):
            if leak in body:
                self.broken.append(f"{case.group}: {case.name}: {status} tells {leak!r}: {body[:300]!r}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home: Path = tmp_path_factory.mktemp("hostile")
    (home / "static.json").write_text(json.dumps(STATIC))
    with Gateway(home, "up", "--mocks", "static.json", "--port", "0") as gateway:
        with LagMeter(gateway.base, "/static", b"alive") as meter:
            yield Site(gateway, meter)


def _report(site: Site) -> dict[str, Any]:
    return {group: (round(lag * 1000, 1), name) for group, (lag, name) in sorted(site.worst.items())}


GROUPS = sorted({case.group for case in every_case()})


def test_every_definition_is_refused_clearly_or_answered_in_time(site):
    before = site.gateway.rss_kib()
    for case in every_case():
        if not __import__('re').search(os.environ.get('HGROUP',''), case.group): continue
        site.try_case(case)
    with open(os.environ.get("HREPORT", "/tmp/h_report.txt"), "w") as f:
        for group, (lag, name) in _report(site).items(): print(lag, group, name, sep=" | ", file=f)
        print("over 50:", file=f)
        for row in sorted(site.seen, reverse=True):
            if row[0] > 50: print(*row, sep=" | ", file=f)
        print("broken:", *site.broken, sep="\n", file=f)
        print("meter:", *site.meter.failures, sep="\n", file=f)
        print("RSS before and after, MiB:", before >> 10, site.gateway.rss_kib() >> 10, file=f)
        print(site.gateway.output[-20000:], file=f)
    assert site.broken == []
    assert site.meter.failures == []
    assert {group: worst for group, worst in site.worst.items() if worst[0] > LAG_S} == {}
    assert site.gateway.get("/static") == (200, b"alive")
    assert site.gateway.rss_kib() - before < MEMORY_KIB
    assert "Traceback" not in site.gateway.output
