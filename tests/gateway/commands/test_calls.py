"""Recorded calls and their differences are told in one line, and as data that JSON can say."""

import json
import math

import pytest
from journeys import call
from synthesis.recordings import a_cassette

from gateway.commands.calls import call_document, call_text, difference_document, difference_text, source
from recorder.synthesis.checking.difference import Difference
from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.samples.values import MISSING


def test_a_call_is_told_by_where_it_was_recorded():
    [sample] = samples_of([a_cassette(call("GET", "/a\x1b[31m?q=1", answer={}, session="s"), name="one")])
    assert call_document(sample) == {
        "cassette": "one", "session": "s", "number": 1, "method": "GET", "target": "/a\x1b[31m?q=1",
    }  # fmt: skip
    assert call_text(sample).plain == "one 1  GET /a·[31m?q=1"


@pytest.mark.parametrize(
    ("difference", "text", "document"),
    [
        (
            Difference("status", "", 200, 404),
            "status: 200 → 404",
            {"kind": "status", "where": "", "was": 200, "now": 404},
        ),
        (
            Difference("value", "$.a", "x" * 50, MISSING),
            f"value $.a: {'x' * 39}… → nothing",
            {"kind": "value", "where": "$.a", "was": "x" * 50},
        ),
        (
            Difference("value", "bytes", b"\xff\xfe", b"a"),
            "value bytes: 2 bytes → 1 bytes",
            {"kind": "value", "where": "bytes", "was": "\\xff\\xfe", "now": "a"},
        ),
        (
            Difference("value", "$.n", math.nan, None),
            "value $.n: null → null",
            {"kind": "value", "where": "$.n", "was": None, "now": None},
        ),
        (
            Difference("error", "", None, "RenderError: no"),
            "RenderError: no",
            {"kind": "error", "where": "", "was": None, "now": "RenderError: no"},
        ),
    ],
)
def test_a_difference_is_a_line_and_a_document(difference, text, document):
    assert (difference_text(difference).plain, difference_document(difference)) == (text, document)
    json.dumps(document)


def test_the_source_of_an_answer_is_named():
    assert [source("", None), source("a", None), source("a", 2)] == ["no definition", "a", "a case 2"]
