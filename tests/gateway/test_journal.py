"""The journal keeps the newest entries, within its bounds."""

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
