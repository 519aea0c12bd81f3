"""What changes with every request without meaning anything."""

from __future__ import annotations

import pytest

from cassettes.volatile import is_generated, is_volatile_field, is_volatile_query, plain_name

UUID = "6f1c2a9e-0000-4000-8000-000000000001"


def test_a_name_is_one_name_however_it_is_joined():
    assert {plain_name(name) for name in ("request_id", "Request-Id", "requestId")} == {"requestid"}


@pytest.mark.parametrize(
    ("name", "text"),
    [("timestamp", "1700000000"), ("request_id", UUID), ("nonce", "a1b2c3d4"), ("sentAt", "2026-01-01T00:00:00Z")],
)
def test_a_field_is_volatile_by_name_and_look(name, text):
    assert is_volatile_field(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("timestamp", "2"), ("page", "1700000000"), ("nonce", "abc"), ("cursor", UUID), ("random", "yes")],
)
def test_a_small_or_chosen_value_or_another_name_is_not(name, text):
    assert not is_volatile_field(name, text)


def test_a_cache_buster_is_volatile_in_a_query_and_a_date_that_filters_is_not():
    assert is_volatile_query("_", "1700000000001")
    assert not is_volatile_query("_", "1")
    assert not is_volatile_query("created_at", "2026-01-01T00:00:00Z")
    assert not is_volatile_query("_page", "1700000000001")


@pytest.mark.parametrize("text", [UUID, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "2026-01-01T10:00:00.123+02:00", "0.7364527181"])
def test_ids_and_times_made_by_a_client_look_generated(text):
    assert is_generated("id", text)
    assert is_generated("when", text)
    assert not is_generated("order_id", text)
    assert not is_generated("next", text)


@pytest.mark.parametrize("text", ["", "1", "42", "hello", "x" * 10_000, "2026-01-01", "0.5", "1234567890" * 10])
def test_what_a_person_may_have_chosen_does_not(text):
    assert not is_generated("id", text)
