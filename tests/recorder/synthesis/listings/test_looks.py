"""Items as answers showed them, in the order in which they were seen."""

from synthesis.telling import scenes_of, told_in

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.listings.looks import first_alike, looks_at
from recorder.synthesis.state.world import first_look


def test_items_are_seen_where_they_are_made_read_and_listed():
    plums, figs = {"id": 1, "of": "plums"}, {"id": 2, "of": "figs"}
    scenes = scenes_of(
        ("POST", "/jars", {"of": "plums"}, 201, plums),
        ("GET", "/jars/1", None, 200, plums),
        ("GET", "/jars", None, 200, [plums, figs]),
        ("GET", "/jars/9", None, 404, {"why": "no jar"}),
    )
    endpoints = list(dict.fromkeys(scene.endpoint for scene in scenes))
    _, bindings = bind(endpoints)
    [(name, looks)] = looks_at(scenes, bindings).items()
    assert name == "jars"
    assert [(one.scene.moment, one.key, one.item) for one in looks] == [
        (0, "1", plums), (1, "1", plums), (2, "1", plums), (2, "2", figs),
    ]  # fmt: skip


CALM, BUSY = {"id": "a", "state": "calm"}, {"id": "a", "state": "busy"}


def first(*sessions):
    """Give what most of these sessions saw first of what they listed."""
    samples = told_in(*([("GET", "/jars", None, 200, rows) for rows in session] for session in sessions))
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    return first_alike(first_look(samples, endpoints, bindings).scenes, bindings)


def test_what_most_sessions_saw_first_was_so_before():
    other = {"id": "b", "state": "busy"}
    assert first([[CALM, other], [BUSY]], [[CALM]], [[BUSY]]) == {"jars": {"a": CALM}}


def test_what_no_two_sessions_saw_alike_is_not_known():
    assert first([[CALM]], [[BUSY]]) == {}
    assert first([[CALM], [CALM]]) == {}
