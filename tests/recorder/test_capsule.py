from __future__ import annotations

import json

import pytest
from builders import a_request, a_response, an_exchange
from hypothesis import given
from hypothesis import strategies as st
from journeys import a_visit, bearer, call, kept

from cassettes.cassette import Interaction
from cassettes.errors import CodecError
from cassettes.exchange import Failure
from recorder.capsule import RUNS, capsule_text, fewest, read_capsule, slice_of


def numbers(interactions, number):
    return [one.number for one in slice_of(interactions, number)]


def test_a_slice_is_what_the_requests_values_and_credentials_came_from():
    assert numbers(a_visit(), 5) == [1, 3, 5]
    assert numbers(a_visit(), 4) == [1, 3, 4]
    assert numbers(a_visit(), 2) == [2]


def test_a_slice_has_the_accepted_writes_to_what_is_asked_for():
    mine = bearer()
    calls = kept(
        call("POST", "/cart/items", {"sku": "SKU-170"}, headers=mine, status=201),
        call("GET", "/cart/items", headers=mine),
        call("POST", "/cart/items", {"sku": "nothing"}, headers=mine, status=422),
        call("DELETE", "/cart/items/9", headers=mine, status=204),
        call("PUT", "/profile", {"name": "Ada"}, headers=mine),
        call("GET", "/cart", headers=mine, status=500),
    )
    assert numbers(calls, 6) == [1, 4, 6]


def test_a_slice_stays_in_its_session_and_knows_nothing_of_later():
    calls = kept(
        call("PUT", "/cart", {"a": 1}, session="one"),
        call("PUT", "/cart", {"a": 2}, session="two"),
        call("GET", "/cart", session="one"),
        call("PUT", "/cart", {"a": 3}, session="one"),
    )
    assert numbers(calls, 3) == [1, 3]


@given(st.sets(st.integers(0, 30), max_size=4))
def test_the_fewest_are_those_without_which_it_does_not_fail(wanted):
    assert fewest(range(31), lambda subset: wanted <= set(subset)) == sorted(wanted)


def test_the_search_ends_though_nothing_can_be_left_out():
    tried = []
    kept_items = fewest(range(1000), lambda subset: tried.append(subset) or False)
    assert (kept_items, len(tried)) == (list(range(1000)), RUNS)


def test_a_capsule_is_read_as_it_was_written():
    binary = a_response(headers=((b"Content-Type", b"image/png"),), body=bytes(range(256)) * 8)
    text = 'quotes """ and \\ and \u2028'.encode()
    calls = (
        Interaction(7, an_exchange(a_request(), binary), "s"),
        Interaction(9, an_exchange(a_request("POST", b"/x", body=text), failure=Failure("reset")), "s"),
    )
    written = capsule_text(calls)
    assert written.isascii()
    assert '"""' not in written
    assert read_capsule(written) == tuple(Interaction(number, one.exchange) for number, one in enumerate(calls, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "the capsule is not a JSON object with a list of interactions"),
        ("{", "the capsule is not a JSON object with a list of interactions"),
        (json.dumps({"interactions": [{"number": 1}]}), "interaction 1 of the capsule: "),
    ],
)
def test_a_capsule_that_was_edited_wrongly_says_where(text, told):
    with pytest.raises(CodecError, match=told):
        read_capsule(text)
