"""The days between two dates that are sent, or that an item has, are terms."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from synthesis.telling import Mocks, learnt, scenes_of, word

from recorder.synthesis.terms.days import days_between, days_since
from recorder.synthesis.terms.roots import request_roots

FIRST = date(2026, 3, 1)


def later(days):
    return (FIRST + timedelta(days=days)).isoformat()


def asked(*spans):
    return scenes_of(*[("POST", "/x", {"to": later(b), "from": later(a), "at": "noon"}, 200, {}) for a, b in spans])


def test_days_lie_between_a_date_and_a_later_one_beside_it():
    scenes = asked((0, 3), (5, 6), (10, 31))
    [term] = days_between(scenes, list(request_roots(scenes)))
    assert term.text == "days(request.json.from, request.json.to)"
    assert [term.get(scene) for scene in scenes] == [3, 1, 21]


def test_what_is_always_as_long_is_no_number_to_reckon_with():
    scenes = asked((0, 3), (5, 8))
    assert days_between(scenes, list(request_roots(scenes))) == []


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-02-28", "2026-03-01", 1),
        ("2026-03-02", "2026-03-01", -1),
        ("2026-02-30", "2026-03-01", None),
        ("soon", "2026-03-01", None),
        (None, "2026-03-01", None),
    ],
)
def test_only_dates_have_days_between_them(since, until, days):
    assert days_since(since, until) == days


class Desk:
    """Rents rooms by the night, and refuses what ends before it begins."""

    def __init__(self, chance):
        self._chance = chance
        self._stays = {}

    def answer(self, method, target, sent, headers):
        if method == "POST":
            return self._kept(word(self._chance), sent)
        key = target.rpartition("/")[2]
        if key not in self._stays:
            return 404, {"error": "gone"}
        if method == "GET":
            return 200, self._stays[key]
        held = self._stays[key]
        return self._kept(key, {"from": held["from"], "to": held["to"], **sent}, 200)

    def _kept(self, key, sent, status=201):
        nights = days_since(sent["from"], sent["to"])
        if nights < 1:
            return 422, {"error": "ends before it begins"}
        stay = {"id": key, "from": sent["from"], "to": sent["to"], "nights": nights, "price": nights * 45}
        self._stays[key] = stay
        return status, stay


def visit(ask, chance):
    for _ in range(4):
        begin = chance.randint(0, 300)
        made = ask("POST", "/stays", {"from": later(begin), "to": later(begin + chance.randint(1, 9))})
        ask("POST", "/stays", {"from": later(begin), "to": later(begin - chance.randint(0, 3))})
        ask("PATCH", f"/stays/{made.json['id']}", {"to": later(begin + chance.randint(2, 25))})
        ask("GET", f"/stays/{made.json['id']}")


def test_nights_are_counted_for_stays_that_nobody_asked_for_before():
    mocks = learnt(Desk, visit)
    given = mocks.ask("POST", "/stays", {"from": "2031-12-30", "to": "2032-01-02"})
    assert (given.status, given.json["nights"], given.json["price"]) == (201, 3, 135)
    assert mocks.ask("POST", "/stays", {"from": "2031-12-30", "to": "2031-12-30"}).status == 422
    changed = mocks.ask("PATCH", f"/stays/{given.json['id']}", {"to": "2032-01-11"})
    assert (changed.json["nights"], changed.json["price"]) == (12, 540)


def test_no_days_are_told_of_what_has_one_date():
    chance = Random(5)
    rows = [("POST", "/x", {"on": later(n), "n": n}, 200, {"n": chance.randint(1, 9)}) for n in range(6)]
    assert "days(" not in str(Mocks(rows).definition("post-x"))


class Absences:
    """Counts the days that somebody is away: all of them, or those from Monday to Friday."""

    worked = True

    def __init__(self, chance):
        self._chance = chance

    def answer(self, method, target, sent, headers):
        del method, target, headers
        since, until = (date.fromisoformat(sent[name]) for name in ("from", "to"))
        days = [since + timedelta(at) for at in range((until - since).days + 1)]
        away = sum(not self.worked or day.weekday() < 5 for day in days)
        return 201, {"id": word(self._chance), "days": away, **sent}


class Weeks(Absences):
    worked = False


def going_away(ask, words):
    for _ in range(3):
        since = words.randint(0, 90)
        ask("POST", "/absences", {"from": later(since), "to": later(since + words.randint(1, 9))})


@pytest.mark.parametrize(("service", "days"), [(Absences, 3), (Weeks, 5)])
def test_days_from_monday_to_friday_are_told_where_answers_have_them(service, days):
    mocks = learnt(service, going_away, 6)
    assert mocks.ask("POST", "/absences", {"from": "2031-08-15", "to": "2031-08-19"}).json["days"] == days
    assert ("weekdays(" in str(mocks.made.definitions)) is service.worked
