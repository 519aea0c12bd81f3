"""Names in a store are safe, and a held cassette says how to go on; the contract itself is a law."""

from __future__ import annotations

import pytest

from cassettes.errors import CassetteBusyError, CassetteError
from cassettes.store import busy, check_name


@pytest.mark.parametrize("name", ["a", "a/b/c", "A-1_2.jsonl", "...", "a..b", ".hidden", "x" * 255])
def test_a_safe_name_is_given_back(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/..", "/a", "a/", "a//b", "a\\b", "a\0", "a b", "a\n", "C:a", "é"])
def test_an_unsafe_name_is_refused(name: str) -> None:
    with pytest.raises(CassetteError, match="is not a name: it takes letters"):
        check_name(name)


def test_a_held_cassette_is_named_with_two_ways_to_go_on() -> None:
    error = busy("shop")

    assert isinstance(error, CassetteBusyError)
    assert str(error).startswith("the cassette shop is being written by another recorder; stop that one first, or")
