"""Items as answers showed them, in the order in which they were seen."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.listings.looks import looks_at


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
