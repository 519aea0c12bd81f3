"""The bench harness: it starts its servers, measures them in turns, and prints ratios; no figure is judged here."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from bench.load import read_counts
from bench.process import ROOT
from bench.report import Sample, ratios, table
from bench.upstream import LARGE, SMALL, large_body, ready_answers, small_body, start_upstream


@pytest.mark.skipif(shutil.which("wrk") is None, reason="the load generator wrk is not installed")
@pytest.mark.parametrize(("scene", "workload"), [("mock", "static"), ("record", "record 1 KB")])
def test_a_scene_is_measured_and_told_as_ratios(scene, workload):
    command = [sys.executable, "-m", "bench", "--scenes", scene, "--rounds", "1", "--seconds", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith(f"| {workload} |")]
    assert len(rows) == 2
    assert all("×" in row for row in rows)
    assert "Skipped" not in done.stdout
    assert "errors" not in done.stdout


def test_a_goal_is_judged_by_the_median_of_the_rounds():
    rates = {"ours": (50.0, 70.0, 80.0), "bare on our server": (100.0, 100.0, 100.0)}
    samples = [
        Sample("static", name, number, 1, int(rate), rate, 0, 1.0, 2.0, 1.0, 0.0)
        for name, each in rates.items()
        for number, rate in enumerate(each)
    ]
    (ratio,) = ratios(samples)
    assert (ratio.median, ratio.least, ratio.most, ratio.goal, ratio.is_met) == (0.7, 0.5, 0.8, 0.6, True)
    assert "| 0.70× | 0.50× … 0.80× |" in table([ratio])
    assert "met" in table([ratio])


def test_errors_and_latencies_are_read_from_the_load_generator():
    said = (
        "  Latency Distribution\n     50%    1.50ms\n     99%  250.00us\n  1200 requests in 1.00s, 1.0MB read\n"
        "  Socket errors: connect 1, read 2, write 0, timeout 3\n  Non-2xx or 3xx responses: 4\nRequests/sec:   1199.5\n"
    )
    counted = read_counts(said)
    assert (counted.requests, counted.per_s, counted.errors, counted.p50_ms, counted.p99_ms) == (
        1200,
        1199.5,
        10,
        1.5,
        0.25,
    )


def test_an_upstream_answers_where_there_is_no_nginx(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    server = start_upstream(tmp_path, None)
    server.stop()
    assert server.port
    assert ready_answers(tmp_path / "www")[SMALL.encode()].endswith(small_body())
    assert ready_answers(tmp_path / "www")[LARGE.encode()].endswith(large_body())
