"""The journal keeps the newest entries, within its bounds."""

import pytest

from cassettes.exchange import Request
from gateway.journal import Entry, Journal, JournalLimits


def entry(number, body=b""):
    trace = b"%d" % number
    return Entry(trace, 0.0, 0.001, Request("GET", b"/"), "r", "mock", "mock", 200, (), body, "")


def test_the_newest_come_first_and_the_oldest_go():
    journal = Journal(JournalLimits(entries=2))
    for number in (1, 2, 3):
        journal.add(entry(number))
    assert [item.trace for item in journal] == [b"3", b"2"]
    assert journal.find(b"1") is None
    assert journal.find(b"3") == entry(3)


def test_bytes_are_bounded_too():
    journal = Journal(JournalLimits(entries=1000, total_bytes=10_000))
    for number in range(100):
        journal.add(entry(number, b"x" * 1000))
    assert [item.trace for item in journal] == [b"%d" % number for number in range(99, 93, -1)]


def test_cleared_is_empty():
    journal = Journal()
    journal.add(entry(1))
    journal.clear()
    assert list(journal) == []


def test_some_entries_are_discarded_and_the_rest_still_bounded():
    journal = Journal(JournalLimits(entries=3))
    for number in range(3):
        journal.add(entry(number))
    assert journal.discard(lambda one: one.trace == b"1") == 1
    journal.add(entry(3))
    journal.add(entry(4))
    assert [item.trace for item in journal] == [b"4", b"3", b"2"]


@pytest.mark.parametrize(
    ("headers", "body", "was_cut", "truncated"),
    [
        ((), b"", False, False),
        (((b"Content-Length", b"3"),), b"abc", False, False),
        (((b"Content-Length", b"3"),), b"", False, True),
        (((b"Content-Length", b"x"),), b"", False, False),
        (((b"Transfer-Encoding", b"chunked"),), b"", False, True),
        (((b"Transfer-Encoding", b"chunked"),), b"abc", False, False),
        (((b"Transfer-Encoding", b"chunked"),), b"abc", True, True),
    ],
)
def test_an_entry_knows_whether_it_has_the_whole_body(headers, body, was_cut, truncated):
    one = entry(1)._replace(request=Request("POST", b"/", headers, body), was_cut=was_cut)
    assert one.truncated is truncated


@pytest.mark.parametrize(("length", "fits"), [(b"0", False), (b"16", True), (b"17", False), (b"x", False)])
def test_a_body_that_fits_is_kept(length, fits):
    journal = Journal(JournalLimits(body_bytes=16))
    assert journal.has_room_for(Request("POST", b"/", ((b"Content-Length", length),))) is fits
    assert not journal.has_room_for(Request("GET", b"/"))
