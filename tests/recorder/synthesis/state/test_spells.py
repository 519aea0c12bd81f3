"""Which kinds of calls change a member is told by the looks between which they were called."""

from __future__ import annotations

from datetime import UTC, datetime

from synthesis.telling import BEGAN, told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.spells import beginnings, movers, spells_of
from recorder.synthesis.state.world import play


def moved(*rows):
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    scenes = play(samples, endpoints, bindings).scenes
    lookups = {one: path_lookups(one, bindings[one]) for one in endpoints}
    return {
        one.member: ([endpoint.id for endpoint, _ in one.kinds], one.first)
        for spells in spells_of(scenes, bindings, lookups).values()
        for one in movers(spells)
    }


def lamp(number, colour, shade):
    return ("GET", f"/lamps/{number}", None, 200, {"id": number, "colour": colour, "shade": shade})


def made(number):
    return ("POST", "/lamps", {"room": "hall"}, 201, {"id": number})


def did(number, kind, word):
    return ("POST", f"/lamps/{number}/{kind}", {"word": word}, 200, {"ok": True})


def test_each_member_is_changed_by_the_calls_without_which_it_stays():
    rows = [
        made(11), did(11, "paints", "red"), did(11, "dims", "low"), lamp(11, "red", "low"),
        did(11, "dims", "high"), lamp(11, "red", "high"), did(11, "paints", "blue"), lamp(11, "blue", "high"),
        made(12), did(12, "dims", "low"), lamp(12, "white", "low"), did(12, "paints", "pink"), lamp(12, "pink", "low"),
        made(13), lamp(13, "white", "none"), did(13, "dims", "low"), did(13, "paints", "red"), lamp(13, "red", "low"),
        made(14), lamp(14, "white", "none"), did(14, "paints", "jade"), lamp(14, "jade", "none"),
    ]  # fmt: skip
    assert moved(*rows) == {
        "colour": (["post-lamp-paints"], "white"),
        "shade": (["post-lamp-dims"], "none"),
    }


def test_what_changes_though_nothing_is_called_is_changed_by_no_call():
    rows = [made(11), lamp(11, "a", "x")]
    for colour in "bcdefg":
        rows += [lamp(11, colour, "x"), did(11, "dims", "low"), lamp(11, f"{colour}2", "x")]
    assert moved(*rows) == {}


def begun(*rows):
    samples = told(*rows)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    scenes = play(samples, endpoints, bindings).scenes
    lookups = {one: path_lookups(one, bindings[one]) for one in endpoints}
    [spells] = spells_of(scenes, bindings, lookups).values()
    return beginnings(spells, {one.member: one.able for one in movers(spells)})


def test_new_items_have_what_is_always_the_same_and_the_time_of_their_making_though_no_answer_tells_it():
    rows = []
    for place, number in enumerate((11, 12, 13)):
        at = datetime.fromtimestamp(BEGAN + 2 * place, tz=UTC).isoformat(timespec="milliseconds")
        shown = {"id": number, "kind": "lamp", "made": at.replace("+00:00", "Z"), "watts": 7 * number}
        rows += [made(number), ("GET", f"/lamps/{number}", None, 200, shown)]
    assert begun(*rows) == ({"kind": "lamp"}, {"made": "now(format='iso_ms', unique=true)"}, {})


def test_new_items_have_a_token_of_their_own_that_reads_show_also_where_calls_change_it():
    rows = []
    for number, mark in ((11, "a3f09c2e71"), (12, "b7720de1f4"), (13, "09ac4417de"), (14, "77e0b1c9d2")):
        rows += [made(number), ("GET", f"/lamps/{number}", None, 200, {"id": number, "mark": mark})]
        rows += [did(number, "dims", "low"), ("GET", f"/lamps/{number}", None, 200, {"id": number, "mark": mark[::-1]})]
    assert begun(*rows) == ({}, {}, {"mark": "random_hex(10)"})
