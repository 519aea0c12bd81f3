from supplied import SomeServices, a_definition

from gateway.markers import marked, markers_of
from gateway.mode import Reply
from gateway.route import compile_route


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


def test_one_of_several_cases_says_which_it_is_and_where_it_is_from():
    definition = a_definition(match={"path": "/a", "method": "GET"}, response=None, cases=[{"response": {}}])
    route = compile_route(definition, SomeServices(definition), 0)
    told = [
        dict(marked(Reply(200, (), "mock", match=match), route, b"t1")).get(b"X-Mimic-Match")
        for match in (b"synthesized; case=2", b"; case=2", b"miss", b"")
    ]
    assert told == [b"synthesized; case=2; score=31", b"exact; case=2; score=31", b"miss", None]
