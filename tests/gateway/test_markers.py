from gateway.markers import marked, markers_of
from gateway.mode import Reply


def test_an_answer_without_a_route_has_its_source_and_trace():
    assert markers_of("error", None, b"t1") == ((b"X-Mimic-Served-By", b"error"), (b"X-Mimic-Trace", b"t1"))


def test_markers_come_after_the_headers_and_before_the_notes():
    reply = Reply(200, ((b"a", b"b"),), "mock", notes=((b"X-Mimic-Fault", b"delay"),))
    assert marked(reply, None, b"t1") == (
        (b"a", b"b"),
        (b"X-Mimic-Served-By", b"mock"),
        (b"X-Mimic-Trace", b"t1"),
        (b"X-Mimic-Fault", b"delay"),
    )
