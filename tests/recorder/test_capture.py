"""Recording never holds the traffic up, keeps what is durable, and counts what is not."""

import json
import threading

import pytest
from builders import a_request, a_response, an_exchange

from cassettes.cassette import Manifest
from cassettes.errors import CassetteError
from cassettes.library import Library
from cassettes.stores.memory import MemoryStore
from recorder.capture import Capture, Counters
from sanitizers.errors import LeakError, UnreadableBodyError
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

KEY = bytes(range(32))
TOKEN = "tk-9f8e7d6c5b4a39281706f5e4"


class SlowShelf:
    """Appends when it is let, and fails as it is told."""

    def __init__(self):
        self.gate = threading.Event()
        self.kept = []
        self.errors = []

    def append(self, interactions):
        assert self.gate.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        start = len(self.kept) + 1
        self.kept.extend(interactions)
        return range(start, start + len(interactions))

    def contains(self, needles):
        return ()

    def rewrite(self, transform):
        return 0


@pytest.fixture
def library():
    return Library(MemoryStore(""))


def with_body(body):
    return an_exchange(a_request(), a_response(body=body))


def recording(library, sanitizer=None, **more):
    writer = None

    def inspect(data):
        capture.inspect(data)

    writer = library.write("tape", manifest=Manifest("tape"), inspect=inspect)
    capture = Capture(writer, sanitizer, session="s", **more)
    return writer, capture


def test_what_counts_as_recorded_is_in_the_cassette(library):
    heard = []
    writer, capture = recording(library, on_recorded=heard.append)
    for number in range(100):
        assert capture.offer(with_body(b"%d" % number))
    assert capture.flush()
    kept = library.read("tape").interactions
    assert [item.exchange.response.body for item in kept] == [b"%d" % number for number in range(100)]
    assert heard == list(kept)
    assert capture.stop() == Counters(offered=100, recorded=100)
    writer.close()


def test_a_full_queue_drops_and_counts_and_never_waits():
    shelf = SlowShelf()
    capture = Capture(shelf, None, session="s", queue_bytes=10_000)
    taken = [capture.offer(with_body(b"x" * 1000)) for _ in range(10)]
    assert taken.count(False) > 0
    assert capture.counters.dropped == taken.count(False)
    shelf.gate.set()
    done = capture.stop()
    assert (done.recorded, done.dropped, done.queued) == (taken.count(True), taken.count(False), 0)


@pytest.mark.parametrize("error", [CassetteError("the disk is full"), OSError(28, "No space left on device")])
def test_a_shelf_that_fails_costs_its_exchange_and_not_the_next(error):
    shelf = SlowShelf()
    shelf.errors = [error]
    shelf.gate.set()
    capture = Capture(shelf, None, session="s")
    capture.offer(with_body(b"lost"))
    capture.flush()
    capture.offer(with_body(b"kept"))
    assert capture.stop() == Counters(offered=2, recorded=1, failed=1)
    assert [item.exchange.response.body for item in shelf.kept] == [b"kept"]


def test_one_bad_exchange_does_not_take_its_batch_with_it(library):
    writer, capture = recording(library)
    shelf, gate = writer.append, threading.Event()

    def refuse_one(interactions):
        gate.wait(10)
        if any(item.exchange.response.body == b"bad" for item in interactions):
            raise CassetteError("it has no written form")
        return shelf(interactions)

    writer.append = refuse_one
    for body in (b"first", b"one", b"bad", b"two"):
        capture.offer(with_body(body))
    gate.set()
    counters = capture.stop()
    writer.close()
    assert counters == Counters(offered=4, recorded=3, failed=1)
    assert [item.exchange.response.body for item in library.read("tape").interactions] == [b"first", b"one", b"two"]


def test_what_cannot_be_cleaned_is_not_written(library):
    class Unable(Sanitizer):
        def clean(self, exchange):
            raise UnreadableBodyError("the coding is unknown")

    writer, capture = recording(library, Unable(PROFILES["default"], KEY))
    capture.offer(with_body(b"x"))
    assert capture.stop() == Counters(offered=1, failed=1)
    writer.close()
    assert library.read("tape").interactions == ()


def test_a_rule_that_raises_is_not_written_either(library):
    class Broken(Sanitizer):
        def clean(self, exchange):
            raise ZeroDivisionError

    writer, capture = recording(library, Broken(PROFILES["default"], KEY))
    capture.offer(with_body(b"x"))
    assert capture.stop() == Counters(offered=1, failed=1)
    writer.close()


def test_a_secret_that_is_recognised_late_is_cleaned_from_what_was_written(library):
    writer, capture = recording(library, Sanitizer(PROFILES["default"], KEY))
    capture.offer(with_body(b'{"value": "%b"}' % TOKEN.encode()))
    capture.flush()
    assert TOKEN in str(library.read("tape").interactions[0].exchange.response.body)
    bearer = a_request(headers=((b"Host", b"x"), (b"Authorization", b"Bearer " + TOKEN.encode())))
    capture.offer(an_exchange(bearer, a_response()))
    capture.stop()
    writer.close()
    first, second = library.read("tape").interactions
    stand_in = dict(second.exchange.request.headers)[b"Authorization"].removeprefix(b"Bearer ")
    assert TOKEN.encode() not in first.exchange.response.body
    assert first.exchange.response.body == b'{"value": "%b"}' % stand_in


SUMMARY = b'{"patient": "Bilal Jansen", "q": "jansen", "month": "May"}'
PERSON = b'{"givenName": "Bilal", "familyName": "Jansen"}'


@pytest.mark.parametrize("together", [True, False])
def test_a_name_that_is_told_late_is_cleaned_from_what_was_written(library, together):
    writer, capture = recording(library, Sanitizer(PROFILES["default"], KEY))
    for body in (SUMMARY, PERSON, SUMMARY):
        capture.offer(with_body(body))
        if not together:
            capture.flush()
    assert capture.stop() == Counters(offered=3, recorded=3)
    writer.close()
    first, person, last = (json.loads(item.exchange.response.body) for item in library.read("tape").interactions)
    assert first == last
    assert first["patient"] == f"{person['givenName']} {person['familyName']}"
    assert first["q"] == person["familyName"].lower()
    assert first["month"] == "May"
    assert "Jansen" not in json.dumps(person)


def test_names_told_late_by_many_are_cleaned_at_the_end(library):
    writer, capture = recording(library, Sanitizer(PROFILES["default"], KEY))
    names = [f"Kowal{chr(97 + n // 26)}{chr(97 + n % 26)}ski" for n in range(60)]
    for name in names:
        capture.offer(with_body(json.dumps({"note": f"by {name}"}).encode()))
    capture.flush()
    for name in names:
        capture.offer(with_body(json.dumps({"familyName": name}).encode()))
        capture.flush()
    assert capture.stop().recorded == 120
    writer.close()
    told = [json.loads(item.exchange.response.body) for item in library.read("tape").interactions]
    assert [one["note"] for one in told[:60]] == [f"by {one['familyName']}" for one in told[60:]]


def test_the_guard_stops_what_the_rules_let_through(library):
    class Leaky(Sanitizer):
        def clean(self, exchange):
            cleaned = super().clean(exchange)
            return type(cleaned)(exchange, cleaned.findings, cleaned.secrets)

    writer, capture = recording(library, Leaky(PROFILES["default"], KEY))
    capture.offer(an_exchange(a_request(headers=((b"Authorization", b"Bearer " + TOKEN.encode()),)), a_response()))
    assert capture.stop() == Counters(offered=1, failed=1)
    writer.close()
    assert library.read("tape").interactions == ()


def test_what_was_lost_on_the_way_is_counted():
    capture = Capture(SlowShelf(), None, session="s")
    capture.lose("a body was larger than record_bytes")
    assert capture.stop() == Counters(offered=1, dropped=1)


def test_the_guards_error_is_a_leak_error(library):
    sanitizer = Sanitizer(PROFILES["default"], KEY)
    writer, capture = recording(library, sanitizer)
    capture._guard.remember([TOKEN])
    with pytest.raises(LeakError) as caught:
        capture.inspect(b"..." + TOKEN.encode() + b"...")
    assert TOKEN not in str(caught.value)
    capture.stop()
    writer.close()
