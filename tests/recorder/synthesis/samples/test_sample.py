"""A sample is an interaction taken apart once: path, query, credentials, bodies, what was answered."""

import gzip

from journeys import bearer, call, kept
from synthesis.telling import recorded, told, told_in

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.exchange import Exchange, Failure, Request, Response
from recorder.synthesis.samples.sample import Auth, Part, samples_of, sessions_of
from recorder.synthesis.samples.values import MISSING


def one(exchange, **manifest):
    """Give the sample of one call."""
    [sample] = samples_of([Cassette(Manifest("one", **manifest), kept(exchange))])
    return sample


def of(*headers, method="POST", target="/x", body=b"", response=None):
    return one((Exchange(Request(method, target.encode(), headers, body), response or Response(200)), "s"))


def test_paths_and_queries_are_decoded():
    sample = of(target="/caf%C3%A9/a%2Fb/?q=a%20b&q=c&empty=")
    assert (sample.segments, sample.path) == (("café", "a/b", ""), "/café/a/b/")
    assert sample.query == {"q": ["a b", "c"], "empty": [""]}


def test_json_is_missing_where_there_is_none():
    [sample] = told(("POST", "/x", {"a": 1}, 201, {"id": 7}))
    assert (sample.json, sample.answer_json, sample.status, sample.succeeded) == ({"a": 1}, {"id": 7}, 201, True)
    [empty] = told(("DELETE", "/x", None, 404, None))
    assert (empty.json, empty.answer_json, empty.answer_body, empty.succeeded) == (MISSING, MISSING, b"", False)


def test_an_answer_is_decoded_where_it_is_packed():
    response = Response(
        200, ((b"Content-Encoding", b"gzip"), (b"Content-Type", b"text/plain")), gzip.compress(b"hello")
    )
    sample = of(response=response)
    assert (sample.answer_body, sample.answer_text, sample.answer_type) == (b"hello", "hello", "text/plain")


def test_forms_parts_cookies_and_credentials_are_read():
    form = of(
        (b"Content-Type", b"application/x-www-form-urlencoded"), (b"Cookie", b"sid=1; b=2"), body=b"a=1&a=2&b=%20"
    )
    assert (form.form, form.cookies) == ({"a": ["1", "2"], "b": [" "]}, {"sid": "1", "b": "2"})
    assert of((b"Authorization", b"Basic YWRhOnB3")).auth == Auth("basic", "YWRhOnB3", "ada", "pw")
    assert one(call("GET", "/x", headers=bearer("t0k"))).auth == Auth("bearer", "t0k")
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n'
    parts = of((b"Content-Type", b"multipart/form-data; boundary=b"), body=body).parts
    assert parts == {"f": [Part("f", "a.txt", "text/plain", b"hi")]}


def test_links_to_the_service_lead_to_where_it_was_asked():
    sample = one(
        call("GET", "/x", answer={"next": "https://api.test/x?page=2"}, headers=((b"Host", b"localhost:1"),), told=((b"Location", b"https://api.test/y"),)),
        upstreams={"main": "https://api.test/"},
    )  # fmt: skip
    assert sample.answer_json == {"next": "http://localhost:1/x?page=2"}
    assert sample.answer_header("location") == "http://localhost:1/y"


def test_failures_are_left_out_and_sessions_stay_together():
    failed = Exchange(Request("GET", b"/x"), None, Failure("timeout"))
    cassette = Cassette(Manifest("one"), (Interaction(1, failed, "s"), *kept(call("GET", "/y", session="s"))))
    assert [sample.path for sample in samples_of([cassette])] == ["/y"]
    a, b = ("GET", "/a", None, 200, {}), ("GET", "/b", None, 200, {})
    grouped = [[sample.path for sample in session] for session in sessions_of(told_in([a, b], [b]))]
    assert grouped == [["/a", "/b"], ["/b"]]
    assert [sample.name for sample in samples_of([recorded([a], name="one"), recorded([a], name="two")])] == [
        "one",
        "two",
    ]


def test_the_services_own_host_is_the_one_that_was_asked():
    asked = Request("GET", b"/headers", ((b"Host", b"127.0.0.1:8000"),))
    body = b'{"Host": "10.0.0.1:9000", "url": "http://10.0.0.1:9000/headers"}'
    sample = one((Exchange(asked, Response(200, (), body)), "s"), upstreams={"main": "http://10.0.0.1:9000"})
    assert sample.answer_json == {"Host": "127.0.0.1:8000", "url": "http://127.0.0.1:8000/headers"}


def test_a_header_may_have_several_lines():
    sample = of(response=Response(200, ((b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"))))
    assert (sample.answer_lines("set-cookie"), sample.answer_lines("etag")) == (["a=1", "b=2"], [])


def test_lists_without_an_order_are_written_as_they_were_first():
    def answering(number, *headers):
        return Exchange(Request("GET", b"/x", (), b""), Response(200, headers)), f"s{number}"

    exchanges = [
        answering(1, (b"Allow", b"GET, PUT"), (b"Accept-Ranges", b"a, b")),
        answering(2, (b"Allow", b"PUT, GET"), (b"Accept-Ranges", b"b, a")),
        answering(3, (b"Allow", b"PUT")),
    ]
    samples = samples_of([Cassette(Manifest("one"), kept(*exchanges))])
    assert [one.answer_header("allow") for one in samples] == ["GET, PUT", "GET, PUT", "PUT"]
    assert [one.answer_header("accept-ranges") for one in samples] == ["a, b", "b, a", None]
