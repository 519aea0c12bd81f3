"""What a client was given in the place of a session's own values is put into its answers, and taken out of requests."""

from __future__ import annotations

import base64
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


def test_a_cookie_is_swapped_whole_whatever_it_looks_like():
    own, given = '"2|1:0|10:1764|8:user|44:eyJhZGEifQ==|9f86"', '"7|2:9|69:0774|90:fiwd|44:drD3h0DhzgFrQ==|202m"'
    swaps = Swaps()
    swaps.learn(*(told({}, (b"Set-Cookie", f"u-8=a{one}; HttpOnly".encode())) for one in (own, given)))
    asked = swaps.recorded(asks(headers=((b"Cookie", f"lang=de; u-8=a{given}".encode()),)))
    assert asked == asks(headers=((b"Cookie", f"lang=de; u-8=a{own}".encode()),))
    assert swaps.live(told({}, (b"Set-Cookie", f"u-8=a{own}".encode()))).headers[1][1] == f"u-8=a{given}".encode()


def test_a_client_sends_back_the_times_that_it_was_given():
    own, given = ("2026-11-26T11:51:02.516948Z", "2026-11-27T08:00:16.704921Z")
    dates = "Thu, 26 Nov 2026 11:51:02 GMT", "Fri, 27 Nov 2026 08:00:16 GMT"
    swaps = Swaps()
    swaps.learn(
        *(told({"at": at}, (b"Last-Modified", date.encode())) for at, date in zip((own, given), dates, strict=True))
    )
    asked = swaps.recorded(
        asks(target=f"/?since={given}".encode(), headers=((b"If-Modified-Since", dates[1].encode()),))
    )
    assert asked == asks(target=f"/?since={own}".encode(), headers=((b"If-Modified-Since", dates[0].encode()),))


def test_a_name_and_password_that_were_handed_out_are_swapped_in_base64():
    def basic(name):
        return asks(headers=((b"Authorization", b"Basic " + base64.b64encode(f"{name}:x".encode())),))

    assert knowing().recorded(basic(GIVEN)) == basic(OWN)
    assert knowing().recorded(basic("ada")) == basic("ada")
    broken = asks(headers=((b"Authorization", b"Basic " + GIVEN.encode() + b"?"),))
    assert knowing().recorded(broken) == asks(headers=((b"Authorization", b"Basic " + OWN.encode() + b"?"),))


def test_a_token_further_down_a_page_than_the_time_of_day_is_learnt():
    swaps, page = Swaps(), "<p>It is {} now, you are guest {}</p><input value='{}'>"
    swaps.learn(*(Response(200, (), page.format(*held).encode()) for held in (("9:15", 7, OWN), ("9:16", 8, GIVEN))))
    assert swaps.recorded(asks(target=f"/go?form={GIVEN}".encode())) == asks(target=f"/go?form={OWN}".encode())


def test_where_nothing_differed_everything_stays_as_it_is():
    swaps = Swaps()
    swaps.learn(told({"a": 1}), told({"a": 1}))
    swaps.learn(told({"id": OWN}), Response(404))
    request, response = asks(target=b"/a"), told({"id": OWN})
    assert swaps.recorded(request) is request
    assert swaps.live(response) is response
