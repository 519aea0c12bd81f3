"""What was deleted is gone where the next look says so, and keeps what its deletion told."""

import pytest
from synthesis.telling import scenes_of, told

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.removals import learn_removal, tell_of_gone


@pytest.mark.parametrize(("status", "removes"), [(404, True), (200, False)])
def test_the_next_look_tells_whether_what_was_deleted_is_gone(status, removes):
    samples = told(
        ("POST", "/pets", {"name": "Bo"}, 201, {"id": "p-000001", "name": "Bo"}),
        ("DELETE", "/pets/p-000001", None, 200, {}),
        ("GET", "/pets/p-000001", None, status, {"id": "p-000001", "name": "Bo"}),
    )
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    learn_removal(samples, {one.number: end for end in endpoints for one in end.samples}, bindings)
    assert next(bindings[one].removes for one in endpoints if one.method == "DELETE") is removes


def test_a_deleted_item_has_the_version_that_its_deletion_told():
    [scene] = scenes_of(("DELETE", "/pets/1", None, 200, {"v": "2-x"}))
    pets = Collection(("pets", None), "pets")
    tell_of_gone(scene, pets, "1", {"v": "2-x"})
    assert scene.timeline.get("pets_gone", "1", 9) is MISSING
    scene.timeline.put("pets_gone", "1", {"id": 1, "v": "1-x"}, scene.moment)
    tell_of_gone(scene, pets, "1", {"v": "2-x"})
    assert scene.timeline.get("pets_gone", "1", 9) == {"id": 1, "v": "2-x"}
