"""The journal is asked whether requests like these were made, how often and in which order."""

import pytest

from cassettes.definition import Condition
from cassettes.exchange import Request
from gateway.errors import ConfigError
from gateway.inquiry import Wanted, closest, compile_inquiry, entry_facts, seen, seen_in_order, told, wanted_times
from gateway.journal import Entry


def entry(number, method="GET", target="/a", *headers, body=b""):
    request = Request(method, target.encode(), headers, body)
    return Entry(b"%d" % number, float(number), 0.001, request, "r", "mock", "mock", 200, (), b"", "")


def inquiry(**match):
    return compile_inquiry(Condition.model_validate(match))


def traces(entries):
    return [one.trace for one in entries]


JOURNAL = [
    entry(4, "GET", "/a"),
    entry(3, "POST", "/users/7", body=b'{"op":"pay"}'),
    entry(2, "POST", "/users/8", (b"Content-Length", b"99"), body=b'{"op"'),
    entry(1, "GET", "/b?q=1"),
]


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({}, [b"1", b"2", b"3", b"4"]),
        ({"method": "get"}, [b"1", b"4"]),
        ({"method": ["GET", "POST"], "path": "/users/{id:int}"}, [b"2", b"3"]),
        ({"query": {"q": "1"}}, [b"1"]),
        ({"body": {"jsonpath": "$.op", "equals": "pay"}}, [b"3"]),
        ({"path": "/c"}, []),
    ],
)
def test_entries_are_described_by_a_pattern_oldest_first(match, expected):
    assert traces(seen(inquiry(**match), JOURNAL).entries) == expected


def test_bodies_that_were_cut_are_counted_where_bodies_are_compared():
    assert seen(inquiry(body={"jsonpath": "$.op", "equals": "pay"}), JOURNAL).truncated == 1
    assert seen(inquiry(path="/users/{id}"), JOURNAL).truncated == 0


def test_an_order_is_found_with_others_between():
    wanted = [inquiry(path="/b"), inquiry(path="/users/7"), inquiry(path="/a")]
    assert traces(seen_in_order(wanted, JOURNAL)) == [b"1", b"3", b"4"]
    assert traces(seen_in_order(wanted[::-1], JOURNAL)) == [b"4"]


def test_one_request_does_not_count_for_two_places_of_an_order():
    assert len(seen_in_order([inquiry(path="/a"), inquiry(path="/a")], JOURNAL)) == 1


def test_the_closest_entries_are_told_with_what_failed():
    near = closest(inquiry(method="POST", path="/users/9"), JOURNAL, 2)
    assert [(one.entry.trace, [verdict.field for verdict in one.assessment.failing]) for one in near] == [
        (b"3", ["path"]),
        (b"2", ["path"]),
    ]


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        ({}, Wanted(1, None), "at least once"),
        ({"times": 0}, Wanted(0, 0), "never"),
        ({"times": 2}, Wanted(2, 2), "exactly 2 times"),
        ({"at_least": 2}, Wanted(2, None), "at least 2 times"),
        ({"at_most": 1}, Wanted(0, 1), "at most once"),
        ({"at_least": 1, "at_most": 3}, Wanted(1, 3), "from 1 to 3 times"),
        ({"between": (2, 4)}, Wanted(2, 4), "from 2 to 4 times"),
    ],
)
def test_counts_are_read_and_told(given, wanted, words):
    nothing = dict.fromkeys(("times", "at_least", "at_most", "between"))
    assert (wanted_times(**{**nothing, **given}), str(wanted)) == (wanted, words)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"times": 1, "at_least": 1}, "give one of"),
        ({"between": (3, 2)}, "no count is at least 3 and at most 2"),
    ],
)
def test_counts_that_contradict_each_other_are_refused(given, reason):
    with pytest.raises(ConfigError, match=reason):
        wanted_times(**{**dict.fromkeys(("times", "at_least", "at_most", "between")), **given})


def test_a_count_is_told_in_a_sentence():
    finding = seen(inquiry(body={"jsonpath": "$.op", "equals": "pay"}), JOURNAL)
    assert told(Wanted(2, 2), finding) == (
        "wanted exactly 2 times, seen once; 1 more had bodies longer than the journal keeps, which were not compared"
    )


def test_what_is_told_of_an_entry_holds_nothing_of_its_request_but_the_method():
    assert entry_facts(JOURNAL[1]) == {
        "trace": "3", "at": 3.0, "method": "POST", "route": "r", "status": 200, "served_by": "mock", "truncated": False
    }  # fmt: skip


def test_a_path_that_cannot_be_used_is_told_with_its_place():
    with pytest.raises(ConfigError, match=r"^request.path: the path '/\{a:x\}'"):
        inquiry(path="/{a:x}")
