"""Rows that no list showed are known where their calls tell all that is in such rows."""

from __future__ import annotations

import pytest
from synthesis.telling import BEGAN, told_in

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.byproducts import find_origins
from recorder.synthesis.state.told_rows import with_told
from recorder.synthesis.state.world import first_look


def joined(place, role):
    """Give a call that makes a row, which its answer tells with the team that the row is in."""
    team, at = f"team-{place}00{place}", int(BEGAN) + 3600 * place + 1
    return ("POST", "/joins", None, 200, {"team": team, "who": f"user-{place}55{place}", "role": role, "at": at})


def a_session(place, role, *, is_listed=True, others=()):
    call = joined(place, role)
    row = {name: value for name, value in call[4].items() if name != "team"}
    team = call[4]["team"]
    rows = [("POST", "/teams", {"n": place}, 201, {"id": team, "n": place}), call]
    if is_listed:
        rows.append(("GET", f"/teams/{team}/people", None, 200, [row]))
        rows.append(("GET", f"/teams/{team}/people/{row['who']}", None, 200, row))
    return [*rows, *others]


def rows_of(sessions):
    """Give the rows that each session's second call made, as key and role."""
    samples = told_in(*sessions)
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    world = first_look(samples, endpoints, bindings)
    found = with_told(find_origins(world), world, bindings, [])
    return {one.session: (one.key, one.item["role"]) for made in found.values() for one in made}


SEEN = [a_session(place, role) for place, role in enumerate(["cook", "host", "cook", "host"])]


def test_a_row_that_its_call_tells_is_made_though_no_list_shows_it():
    assert rows_of([*SEEN, a_session(4, "host", is_listed=False)])[4] == ("team-4004/user-4554", "host")


@pytest.mark.parametrize("count", [1, 2])
def test_of_few_rows_nothing_is_known(count):
    assert 4 not in rows_of([*SEEN[:count], a_session(4, "host", is_listed=False)])


def test_a_list_that_does_not_show_it_speaks_against_it():
    lists = [[("GET", f"/teams/team-{place}00{place}/people", None, 200, [])] for place in (4, 5)]
    against = [
        a_session(place, "host", is_listed=False, others=list_) for place, list_ in zip((4, 5), lists, strict=True)
    ]
    assert not {4, 5} & rows_of([*SEEN, *against]).keys()
