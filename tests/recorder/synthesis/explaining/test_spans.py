"""Times that are so long after another one, always or as a number says."""

from __future__ import annotations

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.spans import after_another
from recorder.synthesis.terms.vocabulary import Vocabulary


def told(*pairs, field="due", **more):
    """Give what explains the times of the second of each pair, where the first was sent."""
    scenes = scenes_of(*(("POST", "/loans", {"from": begun, **more}, 201, {field: ended}) for begun, ended in pairs))
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "loans", uses_echo=True)
    found = after_another(grounds, [(scene, ended) for scene, (_, ended) in zip(scenes, pairs, strict=True)])
    return found and found.expression()


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        (
            [("2031-01-30", "2031-02-13"), ("2031-02-27", "2031-03-13")],
            "date(request.json.from, offset='+14d', format='date')",
        ),
        (
            [("2031-01-30T23:50:00Z", "2031-01-31T00:20:00Z"), ("2031-05-01T10:00:00Z", "2031-05-01T10:30:00Z")],
            "date(request.json.from, offset='+30m')",
        ),
        ([("2031-01-30", "2031-02-13"), ("2031-02-27", "2031-03-14")], None),
        ([("2031-01-30", "2031-02-13"), ("soon", "2031-03-13")], None),
        ([("2031-01-30", "2031-02-13"), ("2031-02-27", "later")], None),
        ([("2031-01-30", "2031-02-13")], None),
    ],
)
def test_a_span_that_is_the_same_each_time(pairs, text):
    assert told(*pairs) == text


def test_a_span_that_a_number_says():
    rows = [({"from": "2031-01-01", "days": 7}, "2031-01-08"), ({"from": "2031-01-01", "days": 21}, "2031-01-22")]
    scenes = scenes_of(*(("POST", "/loans", sent, 201, {"due": due}) for sent, due in rows))
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "loans", uses_echo=True)
    found = after_another(grounds, [(scene, due) for scene, (_, due) in zip(scenes, rows, strict=True)])
    assert found.expression() == (
        "date(request.json.from, offset='+' ~ (request.json.days | string) ~ 'd', format='date')"
    )
