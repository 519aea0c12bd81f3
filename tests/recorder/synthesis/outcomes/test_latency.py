"""Answers of synthesized mocks can wait as long as the recorded ones did: what is drawn has the recorded distribution."""

from dataclasses import replace
from math import exp
from pathlib import Path
from random import Random
from statistics import quantiles

from journeys import call, kept
from synthesis.recordings import serve

from cassettes.cassette import Cassette, Manifest
from cassettes.definition import Delay, MockDefinition
from cassettes.exchange import Request
from gateway.faults.delay import compile_delay
from gateway.inprocess import InProcess
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.latency import Latency, delay, latencies, latency
from recorder.synthesis.reports.account import endpoint_accounts
from recorder.synthesis.reports.report import report_page
from recorder.synthesis.samples.sample import samples_of
from recorder.writing import definitions_text


def timed(times, *, refused=0.5, first_byte=True):
    """Give a recording of reads that took so many milliseconds, each after a refusal that took `refused`."""
    chance, calls = Random(3), []
    for number, time in enumerate(times):
        note = {"id": f"n-{chance.getrandbits(32):08x}", "n": number}
        for taken, one in (
            (refused, call("GET", "/notes/none-0", answer={"error": "no"}, status=404)),
            (time, call("POST", "/notes", {"n": number}, answer=note, status=201)),
        ):
            exchange, session = one
            shown = taken if first_byte else 0.0
            calls.append((replace(exchange, duration_ms=taken, first_byte_ms=shown, started_at=float(number)), session))
    return Cassette(Manifest("timed"), kept(*calls))


def made_of(times, **options):
    return distil([timed(times)], Options(**options), serve)


def waits(made, identity, status):
    """Give what a thousand and more draws of the delay of one written answer come to, in milliseconds."""
    [definition] = [MockDefinition.model_validate(one) for one in made.definitions if one["id"] == identity]
    [told] = [case.response.delay for case in definition.cases if case.response.status == status]
    assert isinstance(told, Delay)
    draw, chance = compile_delay(told), Random(11)
    return [draw(chance) * 1000 for _ in range(20_000)]


def slow_times(count=400):
    chance = Random(5)
    return [120 * exp(0.6 * chance.gauss(0, 1)) for _ in range(count)]


def test_what_is_waited_is_distributed_as_what_was_recorded():
    times = slow_times()
    drawn = waits(made_of(times, latency=True), "post-notes", 201)
    was, now = (quantiles(one, n=20, method="inclusive") for one in (times, drawn))
    for rank in (4, 9, 14, 17, 18):  # 25, 50, 75, 90 and 95 of 100
        assert abs(now[rank] - was[rank]) < 0.04 * was[rank]
    assert abs(min(drawn) - min(times)) < 0.01 * min(times)
    assert max(drawn) <= max(times) * 1.01


def test_a_refusal_waits_as_refusals_did():
    assert set(waits(made_of(slow_times(40), latency=True), "get-note", 404)) == {0.5}


def test_without_the_option_nothing_waits():
    assert "delay" not in definitions_text(made_of([20.0, 30.0]).definitions, None)


def test_the_same_recording_gives_the_same_bytes_and_as_json_the_same_delay():
    first, second = (made_of(slow_times(30), latency=True).definitions for _ in range(2))
    assert definitions_text(first, None) == definitions_text(second, None)
    as_json = definitions_text(first, Path("mocks.json"))
    assert '"95": ' in as_json
    [again] = [MockDefinition.model_validate(one) for one in first if one["id"] == "post-notes"]
    assert again.cases[0].response.delay.percentiles[50] > 0


def test_a_mock_that_waits_answers_as_the_recording_does():
    made = made_of(slow_times(20), latency=True)
    assert made.summary["generalized"] == 40
    reply = InProcess([MockDefinition.model_validate(one) for one in made.definitions], seed=1)
    assert reply.answer(Request("GET", b"/notes/none-0"))[0].status == 404


def test_how_many_were_recorded_says_which_percentiles_are_written():
    def written(count):
        return delay(samples_of([timed([float(number) for number in range(1, count + 1)])])[1::2])

    assert written(1) == {"fixed": 1}
    assert written(3) == {"percentiles": {"0": 1, "50": 2, "100": 3}}
    assert list(written(10)["percentiles"]) == ["0", "25", "50", "75", "90", "100"]
    assert list(written(100)["percentiles"]) == ["0", "25", "50", "75", "90", "95", "99", "100"]


def test_where_no_first_byte_was_noted_the_whole_answer_counts_and_without_times_nothing_does():
    assert latency(samples_of([timed([7.0], first_byte=False)])[1:]) == Latency(1, 7, 7)
    assert (latency(samples_of([timed([0.0], refused=0.0)])), delay([])) == (None, None)


def test_the_report_and_the_figures_tell_median_and_95_of_100_in_any_case():
    made = made_of([float(number) for number in range(1, 22)])
    post = next(one for one in endpoint_accounts(made) if one.method == "POST")
    assert post.latency == Latency(21, 11, 20)
    assert latencies(made.synthesis.behaviours)["post-notes"] == {"calls": 21, "p50_ms": 11, "p95_ms": 20}
    assert "11, 20 ms" in report_page(made)


def test_what_is_taken_over_from_elsewhere_waits_as_its_endpoint_does():
    calls = []
    for number in range(4):
        for target, status, taken, headers in (
            ("/a", 401, 2.0, ()), ("/a", 200, 50.0, ((b"Authorization", b"Bearer t"),)),
            ("/b", 200, 80.0, ((b"Authorization", b"Bearer t"),)),
        ):  # fmt: skip
            exchange, session = call("GET", target, answer={"is": status}, status=status, headers=headers)
            calls.append((replace(exchange, first_byte_ms=taken, started_at=float(number)), session))
    made = distil([Cassette(Manifest("lent"), kept(*calls))], Options(latency=True), serve)
    lent = next(one for one in made.definitions if one["id"] == "get-b")["cases"][0]
    assert (lent["tier"], lent["response"]["status"], lent["response"]["delay"]) == ("resource", 401, {"fixed": 80})
