"""What answers hand out and requests show stands in slots."""

from journeys import bearer, call, kept

from cassettes.cassette import Cassette, Manifest
from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.terms.slots import handed_out_in, shown_in


def a_sample(*words, **more):
    [sample] = samples_of([Cassette(Manifest("slots"), kept(call(*words, **more)))])
    return sample


def test_a_request_shows_texts_that_are_long_enough():
    sent = ((b"Cookie", b"sid=abc"), (b"X-Code", b"code-71c0ab"), (b"Accept", b"text/plain"), *bearer("tok-1"))
    sample = a_sample("POST", "/take?ref=ref-82d1bc&n=1", {"ticket": "tick-9f", "n": "short"}, headers=sent)
    assert [(one.slot, one.term.text, one.value) for one in shown_in(sample)] == [
        ("auth.token", "request.auth.token", "tok-1"),
        ("cookies.sid", "request.cookies.sid", "abc"),
        ("headers.x-code", "request.headers['x-code']", "code-71c0ab"),
        ("json.ticket", "request.json.ticket", "tick-9f"),
        ("query.ref", "request.query.ref", "ref-82d1bc"),
    ]


def test_an_answer_hands_out_texts_in_json_cookies_and_headers_of_its_own():
    told = ((b"Set-Cookie", b"sid=abc123; Path=/"), (b"X-Next", b"next-71c0"), (b"Server", b"nginx/1.25"))
    sample = a_sample("POST", "/login", answer={"token": "tok-82d1bc", "name": "two words", "n": "x"}, told=told)
    found = list(handed_out_in(sample))
    assert [(one.place, one.value) for one in found] == [
        ("vars.answer.json.token", "tok-82d1bc"),
        ("(vars.answer.headers['set-cookie'] | regex_search('sid=([^;]*)', 1))", "abc123"),
        ("vars.answer.headers['x-next']", "next-71c0"),
    ]
    assert [one.read(sample) for one in found] == ["tok-82d1bc", "abc123", "next-71c0"]
