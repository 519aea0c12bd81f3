"""What a client was given in the place of a session's own values is put into its answers, and taken out of requests."""

from __future__ import annotations

import gzip
import json

from plays import JSON, asks

from cassettes.exchange import Response
from recorder.swaps import Swaps

OWN, GIVEN = "9f86d081884c7d659a2f", "60303ae22b998861bce3"


def told(document, *headers):
    body = json.dumps(document).encode()
    return Response(200, (*JSON, *headers, (b"Content-Length", b"%d" % len(body))), body)


def knowing(own=OWN, given=GIVEN):
    swaps = Swaps()
    swaps.learn(told({"token": own, "user": "ada"}), told({"token": given, "user": "ada"}))
    return swaps


def test_a_request_has_the_sessions_own_values_in_all_its_parts():
    live = asks(
        "POST", f"/a/{GIVEN}?t={GIVEN}".encode(), ((b"Authorization", f"Bearer {GIVEN}".encode()),), GIVEN.encode()
    )
    own = asks("POST", f"/a/{OWN}?t={OWN}".encode(), ((b"Authorization", f"Bearer {OWN}".encode()),), OWN.encode())
    assert knowing().recorded(live) == own


def test_an_answer_has_the_values_that_the_client_was_given():
    assert knowing().live(told({"of": OWN, "keys": {OWN: 1}})) == told({"of": GIVEN, "keys": {GIVEN: 1}})


def test_the_length_of_an_answer_goes_with_its_values_also_where_it_is_packed():
    longer = knowing("pay_8fJk20", "pay_8fJk20LmQx71Zr94")
    assert longer.live(told({"id": "pay_8fJk20"})) == told({"id": "pay_8fJk20LmQx71Zr94"})
    packed = gzip.compress(json.dumps({"id": OWN}).encode())
    given = knowing().live(Response(200, (*JSON, (b"Content-Encoding", b"gzip")), packed))
    assert json.loads(gzip.decompress(given.body)) == {"id": GIVEN}


def test_part_of_a_longer_word_is_no_value():
    assert knowing().live(told({"of": OWN + "0"})) == told({"of": OWN + "0"})


def test_cookies_and_places_are_learnt_from_headers():
    swaps = Swaps()
    swaps.learn(
        Response(201, ((b"Location", b"/notes/n-71c0ab"), (b"Set-Cookie", b"sid=ab12cd34; Path=/"))),
        Response(201, ((b"Location", b"/notes/n-82d1bc"), (b"Set-Cookie", b"sid=ef56gh78; Path=/"))),
    )
    asked = swaps.recorded(asks(target=b"/notes/n-82d1bc", headers=((b"Cookie", b"sid=ef56gh78"),)))
    assert asked == asks(target=b"/notes/n-71c0ab", headers=((b"Cookie", b"sid=ab12cd34"),))


def test_where_nothing_differed_everything_stays_as_it_is():
    swaps = Swaps()
    swaps.learn(told({"a": 1}), told({"a": 1}))
    swaps.learn(told({"id": OWN}), Response(404))
    request, response = asks(target=b"/a"), told({"id": OWN})
    assert swaps.recorded(request) is request
    assert swaps.live(response) is response
