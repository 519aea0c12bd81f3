"""Objects that show the thing which a term names."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.explaining.named_things import named_thing
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.terms.request_terms import json_term

SENT = json_term(("dye",))


def cases_of(*pairs):
    scenes = scenes_of(*(("POST", "/cloths", {"dye": dye}, 201, {}) for dye, _ in pairs))
    return [(scene, value) for scene, (_, value) in zip(scenes, pairs, strict=True)]


def fixed(inner, _name):
    return Fixed(inner[0][1])


@pytest.mark.parametrize(
    "pairs",
    [
        [("4", "4"), ("9", "9")],
        [("4", {"id": "4", "href": "/dyes/4"}), ("9", {"id": "9", "href": "/dyes/9"})],
        [("4", {"id": "4", "kind": "dye"}), (None, None)],
        [(["4", "2"], [{"id": "2"}, {"id": "4"}]), (["9"], [{"id": "9"}])],
    ],
)
def test_a_thing_is_its_id_or_an_object_with_it_or_a_list_of_such(pairs):
    cases = cases_of(*pairs)
    node = named_thing(SENT, cases, fixed)
    assert node is not None
    assert [node.value(scene) for scene, _ in cases] == [value for _, value in cases]


def test_an_object_without_the_id_is_another_thing():
    assert named_thing(SENT, cases_of(("4", {"id": "5"}), ("9", {"id": "8"})), fixed) is None
