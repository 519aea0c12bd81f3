"""What an upstream's failure tells: its kind as in a cassette, its sentence, and what was already sent."""

from __future__ import annotations

from typing import get_args

from cassettes.exchange import FailureKind
from gateway.outbound.failure import (
    EgressDeniedError,
    UpstreamConnectError,
    UpstreamError,
    UpstreamResetError,
    UpstreamTimeoutError,
)


def test_every_kind_of_failure_has_one_error():
    kinds = [error.kind for error in UpstreamError.__subclasses__()]
    assert sorted(kinds) == sorted(get_args(FailureKind))


def test_a_failure_says_what_happened_and_what_was_sent():
    error = UpstreamTimeoutError("up did not answer within 2 s", phase="first-byte", request_sent=True)
    assert (str(error), error.detail) == ("up did not answer within 2 s",) * 2
    assert (error.kind, error.phase, error.request_sent) == ("timeout", "first-byte", True)


def test_nothing_was_sent_where_no_connection_was_made():
    assert not UpstreamConnectError("refused").request_sent
    assert not EgressDeniedError("private").request_sent
    assert UpstreamResetError("closed").request_sent
