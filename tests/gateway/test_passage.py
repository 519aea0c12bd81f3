"""What each event makes of a request on its way: the head for the client, the exchange for the recorder, the way out."""

from types import SimpleNamespace

import pytest

from cassettes.exchange import Failure, Request
from gateway.hop import LoopError
from gateway.mode import Fallback, Forward
from gateway.outbound.failure import UpstreamConnectError, UpstreamTLSError
from gateway.passage import ForwardLimits, Passage, fail, leave, offer, prepare, refuse, take_head, take_whole
from gateway.reply import Reply


class Recorder:
    def __init__(self):
        self.exchanges = []
        self.lost = []

    def __call__(self, exchange):
        self.exchanges.append(exchange)

    def lose(self, reason):
        self.lost.append(reason)


class Answer:
    def __init__(self, status=200, body=b"hi", headers=((b"Content-Length", b"2"), (b"Connection", b"keep-alive"))):
        self.status, self.reason, self.headers, self.trailers, self.body = status, b"", headers, (), body
        self.aborted = False

    def take(self):
        return self.body

    def abort(self):
        self.aborted = True


UPSTREAM = SimpleNamespace(name="real", authority=b"up.test", base_path=b"/v1")


def a_passage(request=None, limits=None, **plan):
    return Passage(
        request=request or Request("GET", b"/a?b", ((b"Host", b"gw.test"),)),
        plan=Forward(UPSTREAM, **plan),
        downstream=SimpleNamespace(started=False),
        trace=b"t1",
        route="all",
        via=b"mimic-1",
        markers=((b"X-Mimic-Trace", b"t1"),),
        body_is_whole=False,
        limits=limits or ForwardLimits(),
    )


def passed(passage, answer):
    """Let an answer pass that came whole."""
    prepare(passage)
    assert take_head(passage, answer)
    take_whole(passage, answer)
    offer(passage, answer)


def test_the_upstream_is_asked_below_its_base_path_in_its_own_name():
    target, headers, has_body = prepare(a_passage())
    assert (target, has_body) == (b"/v1/a?b", False)
    assert headers == [(b"Host", b"up.test"), (b"Via", b"1.1 mimic-1")]


def test_a_request_that_was_here_before_is_not_sent_on():
    request = Request("GET", b"/", ((b"Via", b"1.1 mimic-1"),))
    with pytest.raises(LoopError):
        prepare(a_passage(request))


def test_the_client_is_told_the_head_without_hop_headers_and_with_markers_and_notes():
    passage = a_passage(notes=((b"X-Mimic-Match", b"miss"),))
    passed(passage, Answer())
    assert passage.framed
    assert passage.told == (
        (b"Content-Length", b"2"),
        (b"Via", b"1.1 mimic-1"),
        (b"X-Mimic-Trace", b"t1"),
        (b"X-Mimic-Match", b"miss"),
    )


@pytest.mark.parametrize(("method", "status", "framed"), [("GET", 200, False), ("HEAD", 200, True), ("GET", 204, True)])
def test_a_head_without_a_length_frames_only_what_has_no_body(method, status, framed):
    passage = a_passage(Request(method, b"/"))
    take_head(passage, Answer(status, headers=()))
    assert passage.framed is framed


def test_the_recorder_gets_the_exchange_without_our_own_headers():
    recorder = Recorder()
    passed(a_passage(offer=recorder), Answer())
    (exchange,) = recorder.exchanges
    assert (exchange.request.target, exchange.upstream, exchange.route, exchange.trace) == (
        b"/a?b",
        "real",
        "all",
        "t1",
    )
    assert (exchange.response.headers, exchange.response.body) == (((b"Content-Length", b"2"),), b"hi")
    assert (exchange.response.chunks, exchange.failure, recorder.lost) == ((), None, [])


def test_a_body_larger_than_may_be_recorded_is_counted_as_lost():
    recorder = Recorder()
    passage = a_passage(offer=recorder, limits=ForwardLimits(record_bytes=4, journal_bytes=2))
    passed(passage, Answer(body=b"hello"))
    assert (recorder.exchanges, recorder.lost) == ([], ["a body was larger than record_bytes"])
    assert passage.copy.head(10) == b"he"


def test_a_status_that_asks_for_the_fallback_is_not_told():
    passage = a_passage(fallback=Fallback(Reply(200, (), "mock", b"[]")))
    answer = Answer(503)
    assert not take_head(passage, answer)
    assert answer.aborted
    assert (passage.instead.body, passage.instead.source, passage.source) == (b"[]", "fallback", "fallback")
    assert passage.instead.notes == ((b"X-Mimic-Fallback-Reason", b"status-503"),)


def test_a_bad_certificate_is_never_hidden_by_a_fallback():
    passage = a_passage(fallback=Fallback(Reply(200, (), "mock", b"[]")))
    fail(passage, UpstreamTLSError("self-signed"))
    assert (passage.instead.status, passage.source) == (502, "error")


def test_a_failure_is_an_exchange_too():
    recorder = Recorder()
    passage = a_passage(offer=recorder)
    prepare(passage)
    fail(passage, UpstreamConnectError("refused"))
    (exchange,) = recorder.exchanges
    assert (exchange.response, exchange.failure) == (None, Failure("connect", "refused"))
    assert (passage.instead.status, passage.note) == (502, "upstream connect")


def test_who_leaves_is_counted_and_who_asks_for_the_impossible_is_told():
    recorder = Recorder()
    gone, wrong = a_passage(offer=recorder), a_passage()
    leave(gone)
    refuse(wrong, "a space")
    assert (gone.note, recorder.lost) == ("the client went away", ["the client went away"])
    assert (wrong.instead.status, wrong.source) == (400, "error")
