"""What answers were cleaned of, though a request of the session holds it, is put back before one learns from it."""

from __future__ import annotations

from dataclasses import replace

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.exchange import Exchange, Request, Response
from recorder.echoes import with_echoes
from sanitizers.keys import key_id
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES

KEY = b"k" * 32


def setting(name, value):
    """Give a call whose answer sets a cookie to what its query says."""
    line = f"{name}={value}; Path=/".encode()
    return Exchange(Request("GET", f"/set?{name}={value}".encode()), Response(302, ((b"Set-Cookie", line),)))


def showing(name, value):
    """Give a call that is shown the cookie that it sends."""
    body = f'{{"cookies": {{"{name}": "{value}"}}}}'.encode()
    request = Request("GET", b"/cookies", ((b"Cookie", f"{name}={value}".encode()),))
    return Exchange(request, Response(200, ((b"Content-Type", b"application/json"),), body))


def recorded(*calls, key=KEY):
    """Give the calls as they are kept, each in the session that it is named with."""
    sanitizer = Sanitizer(PROFILES["default"], key)
    kept = []
    for number, (session, exchange) in enumerate(calls, 1):
        cleaned = sanitizer.clean(exchange)
        kept.append(Interaction(number, cleaned.exchange, session, cleaned.findings))
    return Cassette(Manifest("test", profile="default", key_id=key_id(key)), tuple(kept))


def test_a_cookie_is_put_back_that_the_query_had_set_there_and_later_in_the_session():
    calls = (setting("kernel", "garnet-grove-7509"), showing("kernel", "garnet-grove-7509"))
    cassette = recorded(*(("s1", exchange) for exchange in calls))
    assert [one.exchange for one in cassette.interactions] != list(calls)
    assert [one.exchange for one in with_echoes(cassette, KEY).interactions] == list(calls)


def test_what_no_request_of_the_session_holds_stays_replaced():
    given = Exchange(Request("GET", b"/login"), Response(200, ((b"Set-Cookie", b"sid=garnet-grove-7509"),)))
    cassette = recorded(("s1", given), ("s2", Exchange(Request("GET", b"/set?a=garnet-grove-7509"), Response(204))))
    assert with_echoes(cassette, KEY) is cassette


def test_a_cassette_that_was_cleaned_under_another_key_or_not_at_all_stays_as_it_is():
    cassette = recorded(("s1", setting("kernel", "garnet-grove-7509")))
    raw = replace(cassette, manifest=Manifest("raw", profile="raw"))
    assert with_echoes(cassette, b"x" * 32) is cassette
    assert with_echoes(cassette, None) is cassette
    assert with_echoes(raw, KEY) is raw
