"""Counters and durations as Prometheus text; counting is a dictionary look-up, formatting waits for the scrape."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Requests by route, source and status; durations by source; gauges are asked for when scraped."""

    def __init__(self) -> None:
        # Labels are route ids, sources and status codes: bounded by the configuration, never by the traffic.
        self._requests: dict[tuple[str, str, int], int] = {}
        self._durations: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}
        self._gauges: list[Callable[[], Mapping[str, float]]] = []
        self._faults: dict[str, int] = {}
        self._breaches: dict[tuple[str, str], int] = {}

    def count_breaches(self, places: Iterable[tuple[str, str]]) -> None:
        """Count what broke contracts: the contract's name and the side, for each."""
        for place in places:
            self._breaches[place] = self._breaches.get(place, 0) + 1

    def count_faults(self, kinds: Iterable[str]) -> None:
        """Count the trouble that was put into one answer on purpose."""
        for kind in kinds:
            self._faults[kind] = self._faults.get(kind, 0) + 1

    def count(self, route: str, source: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (route, source, status)
        requests = self._requests
        requests[key] = requests.get(key, 0) + 1
        buckets = self._durations.get(source)
        if buckets is None:
            buckets = self._durations[source] = [0] * (len(BUCKETS_S) + 1)
            self._sums[source] = 0.0
        buckets[bisect_left(BUCKETS_S, seconds)] += 1
        self._sums[source] += seconds

    def add_gauges(self, read: Callable[[], Mapping[str, float]]) -> None:
        """Ask `read` for name and value pairs at each scrape."""
        self._gauges.append(read)

    def totals(self) -> dict[str, int]:
        """Give the number of answered requests by source."""
        totals: dict[str, int] = {}
        for (_, source, _), count in self._requests.items():
            totals[source] = totals.get(source, 0) + count
        return totals

    def render(self) -> bytes:
        """Give everything in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(_Snapshot(self))
        return generate_latest(registry)

    def families(self) -> Iterable[Metric]:
        """Give everything as metric families."""
        requests = CounterMetricFamily("mimic_requests", "Answered requests.", labels=["route", "source", "status"])
        for (route, source, status), count in self._requests.items():
            requests.add_metric([route, source, str(status)], count)
        yield requests
        durations = HistogramMetricFamily(
            "mimic_request_duration_seconds",
            "Time from the request's head to the end of the answer.",
            labels=["source"],
        )
        for source, buckets in self._durations.items():
            durations.add_metric([source], _cumulated(buckets), self._sums[source])
        yield durations
        faults = CounterMetricFamily("mimic_faults", "Trouble put into answers on purpose.", labels=["kind"])
        for kind, count in self._faults.items():
            faults.add_metric([kind], count)
        yield faults
        breaches = CounterMetricFamily("mimic_contract_breaches", "What broke a contract.", labels=["contract", "side"])
        for (contract, side), count in self._breaches.items():
            breaches.add_metric([contract, side], count)
        yield breaches
        for read in self._gauges:
            for name, value in read().items():
                yield GaugeMetricFamily(name, name.replace("_", " "), value=value)


class _Snapshot(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics.families()


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total = 0
    lines: list[tuple[str, float]] = []
    for bound, count in zip((*map(str, BUCKETS_S), "+Inf"), buckets, strict=True):
        total += count
        lines.append((bound, total))
    return lines
