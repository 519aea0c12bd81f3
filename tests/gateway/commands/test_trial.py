"""A trial runs a command against interactions and tells how it fails."""

import sys
from contextlib import contextmanager

import pytest
from builders import a_request

from gateway.capsule import serve_interactions
from gateway.commands.trial import Trial
from gateway.errors import ConfigError


class Given:
    """An entry of the journal: the pet was given."""

    source, request = "cassette", a_request()


@contextmanager
def nowhere(_interactions, _upstreams):
    yield "http://127.0.0.1:1", [Given]


def trial(code, timeout_s=30.0):
    return Trial(f"{sys.executable} -c '{code}'", timeout_s, {}, nowhere, a_request()).run(())


def test_a_command_that_ends_well_has_no_symptom():
    assert trial("pass") is None


def test_a_failure_is_its_code_and_what_pytest_says_without_numbers():
    code = 'import os,sys; print("E   assert 502 == 200"); print("noise 7"); print(os.environ["MIMIC_CAPSULE_URL"]); sys.exit(3)'
    assert trial(code) == (3, ("E   assert # == #",))


def test_a_command_that_does_not_end_is_ended_and_counts_as_no_failure():
    assert trial("import time; time.sleep(600)", 0.2) is None


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("", "--command is empty"),
        ("'", '--command "\'": No closing quotation'),
        ("no-such-command-here", "cannot be run"),
    ],
)
def test_what_cannot_be_run_is_told(command, told):
    with pytest.raises(ConfigError, match=told):
        Trial(command, 1.0, {}, nowhere, a_request()).run(())


def test_a_failure_without_the_answer_in_question_is_another_one():
    assert Trial("false", 30.0, {}, serve_interactions, a_request()).run(()) is None
