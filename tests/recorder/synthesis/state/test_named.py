"""The items of which requests speak."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.state.named import by_endpoint, named_items


def test_a_path_names_its_item_and_a_read_of_the_whole_list_names_none():
    jar = {"id": 1, "of": "plums"}
    scenes = scenes_of(
        ("POST", "/jars", {"of": "plums"}, 201, jar),
        ("GET", "/jars/1", None, 200, jar),
        ("GET", "/jars", None, 200, [jar]),
    )
    inside = by_endpoint(scenes)
    assert [len(some) for some in inside.values()] == [1, 1, 1]
    collections, bindings = bind(list(inside))
    found = named_items(scenes, bindings, collections)
    named = {(one.method, one.template): sorted(lookups) for one, lookups in found.items()}
    assert "item" in named["GET", ("jars", None)]
    assert named["GET", ("jars",)] == []
