"""Definitions that have a stand-in of a cleaned request are told from those that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from synthesis.telling import recorded

from cassettes.cassette import Finding
from recorder.synthesis.checking.hidden import knows_stand_ins
from recorder.synthesis.samples.sample import samples_of


def samples(where, target="/vaults/ada/mnhG5VFlly3SH8", sent=None):
    cassette = recorded([("POST", target, sent, 200, {"open": "mnhG5VFlly3SH8"})])
    (one,) = cassette.interactions
    found = (Finding(where, "echo", "echo"),)
    return samples_of([replace(cassette, interactions=(replace(one, findings=found),))])


def knows(text, *asked, **more):
    return knows_stand_ins(samples(*asked, **more), [{"match": {"path": text}}])


@pytest.mark.parametrize(
    ("where", "more"),
    [
        ("request.path", {}),
        ("request.query.key", {"target": "/x?key=mnhG5VFlly3SH8"}),
        ("request.body $.rows[*].secret", {"sent": {"rows": [{"secret": "mnhG5VFlly3SH8"}]}}),
    ],
)
def test_a_stand_in_in_a_definition_is_found(where, more):
    assert knows("/vaults/{user}/mnhG5VFlly3SH8", where, **more)
    assert not knows("/vaults/{user}/{key}", where, **more)


def test_words_of_a_path_short_values_and_what_answers_were_cleaned_of_are_none():
    assert not knows("/vaults/ada/{key}", "request.path")
    assert not knows("/x/abc", "request.query.key", target="/x?key=abc")
    assert not knows("/vaults/{user}/mnhG5VFlly3SH8", "response.body $.open")
