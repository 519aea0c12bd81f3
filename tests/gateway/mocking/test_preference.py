"""What a caller prefers is read from its request, and told in the answer."""

import pytest

from cassettes.exchange import Request
from gateway.mocking.preference import Preference, read_preference
from gateway.mode import Reply
from gateway.view import RequestView


def asking(*values):
    return RequestView(Request("GET", b"/", tuple((b"Prefer", value.encode()) for value in values)))


@pytest.mark.parametrize(
    ("values", "preference"),
    [
        (["code=404"], Preference(code=404)),
        (["example=empty, delay=20"], Preference(example="empty", delay_ms=20)),
        (["code=404; example=none"], Preference(code=404, example="none")),
        (["respond-async", 'example="two words"'], Preference(example="two words")),
        (["Code = 500"], Preference(code=500)),
        (["code=500, code=404"], Preference(code=500)),
        (["delay=99999999999999"], Preference(delay_ms=600_000)),
        (["code=abc"], None),
        (["delay=-5"], None),
        (["wait=3"], None),
        ([], None),
    ],
)
def test_preferences_are_read(values, preference):
    assert read_preference(asking(*values)) == preference


def test_what_was_applied_is_told():
    reply = Preference(code=404, delay_ms=20).apply(Reply(404, ((b"a", b"b"),), "mock"))
    assert (reply.headers, reply.delay_s) == (((b"a", b"b"), (b"Preference-Applied", b"code=404, delay=20")), 0.02)
