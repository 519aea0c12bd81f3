from __future__ import annotations

from journeys import a_visit, call, kept

from recorder.comparison import Difference, compare
from recorder.volatility import volatility


def compared(before, after, known=None):
    return compare(kept(call("GET", "/a", answer=before))[0], call("GET", "/a", answer=after)[0], known)


def test_what_is_equal_has_no_differences():
    assert compared({"a": 1}, {"a": 1}) == ()


def test_a_difference_says_where_and_of_which_sort():
    assert compared(
        {"gone": 1, "typed": 1, "same": 2, "value": "x"}, {"typed": "1", "same": 2, "value": "y", "new": None}
    ) == (
        Difference("response.body $.gone", "missing", "1", ""),
        Difference("response.body $.typed", "type", "1", "1"),
        Difference("response.body $.value", "value", "x", "y"),
        Difference("response.body $.new", "added", "", "null"),
    )


def test_what_varies_may_be_another_but_of_the_same_type():
    visits = (a_visit(), a_visit(order=1007, token="tok_1aaaa0LmQx71Zr94", at=1_700_000_030.0))
    known = volatility(*visits)
    assert [compare(one, other.exchange, known) for one, other in zip(*visits, strict=True)] == [
        (),
        (),
        (),
        _id(),
        (),
    ]
    login = call("POST", "/login", {}, answer={"token": 7, "role": "user"})[0]
    assert compare(visits[0][0], login, known) == (
        Difference("response.body $.token", "type", "tok_8fJk20LmQx71Zr94", "7"),
    )


def _id():
    return (Difference("response.body $.id", "value", "1001", "1007"),)


def test_an_answer_that_did_not_come_lacks_everything():
    recorded = kept(call("GET", "/a", answer=b"hello"))[0]
    failed = call("GET", "/a")[0]
    assert compare(recorded, type(failed)(failed.request)) == (
        Difference("response.status", "missing", "200", ""),
        Difference("response.body", "missing", "hello", ""),
    )
