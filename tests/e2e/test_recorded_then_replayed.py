"""Sessions with real servers, recorded through the gateway and replayed with the server stopped."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from e2e.client import Client, Step, compare, differences
from e2e.recordings import SESSIONS, Recording, Recordings, parts_of, replaying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from e2e.gateway_process import Gateway

pytestmark = [pytest.mark.timeout(600)]
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in SESSIONS]


@pytest.fixture(scope="module", params=NAMES)
def raw(request: pytest.FixtureRequest, recordings: Recordings) -> Recording:
    return recordings.raw(request.param)


@pytest.fixture(scope="module")
def replay(raw: Recording) -> Iterator[Gateway]:
    with replaying(raw, "--keep-urls") as gateway:
        yield gateway


@pytest.fixture(scope="module", params=NAMES)
def cleaned(request: pytest.FixtureRequest, recordings: Recordings) -> Recording:
    return recordings.cleaned(request.param)


@pytest.fixture(scope="module")
def cleaned_replay(cleaned: Recording) -> Iterator[Gateway]:
    with replaying(cleaned, "--keep-urls") as gateway:
        yield gateway


def run(gateway: Gateway, parts: Iterable[Callable[[Client], None]], session: str = "") -> Client:
    """Run parts of a session as the client session called `session`, or as the anonymous one."""
    return Client(gateway.base, (("X-Mimic-Session", session),) if session else ()).run(parts)


def faults(client: Client, was: list[Step]) -> str:
    """Give everything that a replay got wrong, one a line; empty where it is as it was."""
    strangers = [f"{s.name}: served by {s.header('x-mimic-served-by')!r}" for s in client.steps if not from_cassette(s)]
    return "\n".join([*client.broken, *strangers, *compare(was, client.steps)][:60])


def from_cassette(step: Step) -> bool:
    return step.header("x-mimic-served-by") == "cassette"


def test_every_request_was_recorded_once_in_the_order_of_the_client(raw: Recording) -> None:
    traces = [step.header("x-mimic-trace") for step in raw.steps]

    assert all(traces)
    assert len(raw.interactions) == len(raw.steps)
    assert [raw.interactions.index(raw.of(step)) for step in raw.steps] == list(range(len(raw.steps)))


def test_an_uncleaned_recording_replays_every_step_as_the_client_saw_it(raw: Recording, replay: Gateway) -> None:
    assert faults(run(replay, parts_of(raw.name)), raw.steps) == ""


def test_parts_in_another_order_get_the_same_answers(raw: Recording, replay: Gateway) -> None:
    assert faults(run(replay, reversed(parts_of(raw.name)), "backwards"), raw.steps) == ""


def test_another_client_session_starts_at_the_first_answer(raw: Recording, replay: Gateway) -> None:
    for session in ("first", "second"):
        assert faults(run(replay, parts_of(raw.name), session), raw.steps) == "", session


def test_two_clients_at_once_have_each_their_own_position(raw: Recording, replay: Gateway) -> None:
    both: dict[str, Client] = {}

    def replayed(session: str) -> None:
        both[session] = run(replay, parts_of(raw.name), session)

    threads = [threading.Thread(target=replayed, args=(session,)) for session in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {session: faults(client, raw.steps) for session, client in both.items()} == {"left": "", "right": ""}


def test_with_repeat_loop_the_whole_session_runs_twice_in_one_client_session(raw: Recording) -> None:
    with replaying(raw, "--repeat", "loop", "--keep-urls") as gateway:
        for turn in ("once", "twice"):
            assert faults(run(gateway, parts_of(raw.name)), raw.steps) == "", turn


def test_with_strict_the_same_client_gets_the_same_answers(raw: Recording) -> None:
    with replaying(raw, "--strict", "--keep-urls") as gateway:
        assert faults(run(gateway, parts_of(raw.name)), raw.steps) == ""


def test_by_default_addresses_of_the_upstream_become_the_gateways_and_nothing_else_changes(raw: Recording) -> None:
    with replaying(raw) as gateway:
        assert faults(run(gateway, parts_of(raw.name)), raw.moved(gateway.base)) == ""


def test_a_cleaned_recording_meets_every_expectation_of_its_client(cleaned: Recording, cleaned_replay: Gateway) -> None:
    client = run(cleaned_replay, parts_of(cleaned.name))

    assert client.broken == []
    assert [step.name for step in client.steps if not from_cassette(step)] == []
    assert len(client.steps) == len(cleaned.steps)


def test_where_a_cleaned_recording_answers_differently_the_interaction_has_findings(
    cleaned: Recording, cleaned_replay: Gateway
) -> None:
    client = run(cleaned_replay, parts_of(cleaned.name), "findings")

    changed = [(was, now) for was, now in zip(cleaned.steps, client.steps, strict=True) if differences(was, now)]
    unexplained = [(was, now) for was, now in changed if not cleaned.of(was).get("findings")]
    assert [(was.name, differences(was, now)) for was, now in unexplained] == []


def test_two_clients_of_a_cleaned_recording_meet_their_expectations_at_once(
    cleaned: Recording, cleaned_replay: Gateway
) -> None:
    clients = [Client(cleaned_replay.base, (("X-Mimic-Session", name),)) for name in ("left", "right")]
    threads = [threading.Thread(target=client.run, args=(parts_of(cleaned.name),)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [client.broken for client in clients] == [[], []]


def test_with_repeat_strict_an_answer_is_given_no_more_often_than_it_was_recorded(recordings: Recordings) -> None:
    recording = recordings.raw("graphql")

    with replaying(recording, "--repeat", "strict", "--keep-urls") as gateway:
        once = run(gateway, parts_of("graphql"))
        again = run(gateway, parts_of("graphql"))

    assert faults(once, recording.steps) == ""
    assert [step.name for step in again.steps if from_cassette(step)] == []
