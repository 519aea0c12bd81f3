"""Sessions write one cassette each, take what their filter says, and leave a manifest that tells the story."""

import pytest
from builders import a_request, a_response, an_exchange

from cassettes.cassette import Manifest, Session
from cassettes.errors import CassetteBusyError
from cassettes.library import Library
from cassettes.stores.memory import MemoryStore
from recorder.errors import SessionRunningError, UnknownSessionError
from recorder.sessions import Filter, Sessions


@pytest.fixture
def library():
    return Library(MemoryStore(""))


def sessions_over(library):
    times = iter(range(100, 1000))
    return Sessions(
        lambda name, manifest, inspect: library.write(name, manifest=manifest, inspect=inspect),
        clock=lambda: next(times),
    )


def start(sessions, name="s", cassette="tape", **more):
    sessions.start(
        name, cassette, manifest=Manifest(cassette, upstreams={"a": "http://a.test"}), sanitizer=None, **more
    )
    return sessions.tape(name)


def test_a_session_leaves_its_times_and_counts_in_the_manifest(library):
    sessions = sessions_over(library)
    tape = start(sessions)
    tape(an_exchange())
    tape.lose("too large")
    sessions.note_upstreams("s", {"b": "http://b.test"})
    sessions.stop("s")
    manifest = library.read("tape").manifest
    assert manifest.sessions == (Session("s", 100, 101, recorded=1, dropped=1),)
    assert manifest.upstreams == {"a": "http://a.test", "b": "http://b.test"}


def test_two_sessions_one_after_the_other_share_a_cassette(library):
    sessions = sessions_over(library)
    for name in ("one", "two"):
        start(sessions, name)(an_exchange())
        sessions.stop(name)
    cassette = library.read("tape")
    assert [item.session for item in cassette.interactions] == ["one", "two"]
    assert [item.name for item in cassette.manifest.sessions] == ["one", "two"]


def test_a_cassette_has_one_writer(library):
    sessions = sessions_over(library)
    start(sessions)
    with pytest.raises(SessionRunningError, match="records already"):
        start(sessions)
    with pytest.raises(CassetteBusyError, match="tape"):
        start(sessions, "other")
    sessions.stop_all()


def test_a_session_that_is_not_running_cannot_be_stopped(library):
    with pytest.raises(UnknownSessionError, match="no session 'x'"):
        sessions_over(library).stop("x")


def test_the_tape_of_an_ended_session_leads_nowhere(library):
    sessions = sessions_over(library)
    tape = start(sessions)
    sessions.stop("s")
    tape(an_exchange())
    assert library.read("tape").interactions == ()


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Filter(), True),
        (Filter(routes=frozenset({"r"})), True),
        (Filter(routes=frozenset({"other"})), False),
        (Filter(methods=frozenset({"POST"})), False),
        (Filter(paths=("/pets/*", "/x")), True),
        (Filter(paths=("/cats/*",)), False),
        (Filter(content_types=("application/json",)), True),
        (Filter(content_types=("text/",)), False),
    ],
)
def test_a_filter_takes_what_it_says(wanted, taken):
    response = a_response(headers=((b"Content-Type", b"application/json; charset=utf-8"),))
    assert wanted.takes(an_exchange(a_request("GET", b"/pets/7?x=1"), response, route="r")) is taken


def test_the_status_tells_of_running_and_ended_sessions(library):
    sessions = sessions_over(library)
    start(sessions, "one", "a")(an_exchange())
    sessions.stop("one")
    start(sessions, "two", "b")
    rows = {row["name"]: (row["state"], row["recorded"]) for row in sessions.status()}
    assert rows == {"one": ("stopped", 1), "two": ("recording", 0)}
    sessions.stop_all()
