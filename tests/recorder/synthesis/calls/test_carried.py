"""What a cookie or a header names is the item that the calls are for."""

import pytest
from synthesis.stalls import Stall, Window, serving
from synthesis.telling import learnt, told_in, visits

from recorder.synthesis.calls.carried import see_carried
from recorder.synthesis.endpoints.endpoint import endpoints_of


def seen(service):
    endpoints = endpoints_of(told_in(*visits(service, serving(service), 4)))
    see_carried(endpoints)
    return endpoints


@pytest.mark.parametrize("service", [Stall, Window])
def test_calls_for_what_is_carried_have_it_in_their_path_while_they_are_sent_as_they_were(service):
    found = {(one.method, one.path): one.template for one in seen(service)}
    assert found == {
        ("GET", "/goods"): ("goods",),
        ("GET", "/goods/{good}"): ("goods", None),
        ("POST", "/tray"): ("tray",),
        ("POST", "/tray/rows"): ("tray", None, "rows"),
        ("PUT", "/tray/voucher"): ("tray", None, "voucher"),
        ("DELETE", "/tray/rows/{row}"): ("tray", None, "rows", None),
        ("GET", "/tray"): ("tray", None),
    }


def test_a_sample_knows_what_was_sent():
    sample = next(one for one in seen(Stall) if one.path == "/tray/rows").samples[0]
    assert (sample.segments[1], sample.sent_path) == (sample.cookies["tray"], "/tray/rows")


def test_a_token_that_shows_others_is_no_item():
    def session(seed):
        token, user = f"tokentoken{seed}", f"useruser{seed}"
        headers = {"Cookie": f"sid={token}"}
        return [
            ("POST", "/login", {"name": "a"}, 201, {"token": token, "user": user}, {}, {"Set-Cookie": f"sid={token}"}),
            ("GET", "/me", None, 200, {"user": user}, headers),
            ("GET", "/me/notes", None, 200, {"notes": []}, headers),
        ]

    endpoints = endpoints_of(told_in(*map(session, range(4))))
    see_carried(endpoints)
    assert [one.carried for one in endpoints] == [None, None, None]


@pytest.mark.parametrize("service", [Stall, Window])
def test_each_tray_has_its_own_rows(service):
    mocks = learnt(service, serving(service), 8)
    named = []
    for code in ("jug-s", "pan-l"):
        key = mocks.ask("POST", "/tray").json["tray"]
        named.append({service.carrier: f"tray={key}" if service.carrier == "Cookie" else key})
        mocks.ask("POST", "/tray/rows", {"code": code, "count": 2}, named[-1])
    rows = [mocks.ask("GET", "/tray", None, one).json["rows"] for one in named]
    assert [[(row["code"], row["count"]) for row in one] for one in rows] == [[("jug-s", 2)], [("pan-l", 2)]]
    assert mocks.ask("GET", "/tray").status == 404
