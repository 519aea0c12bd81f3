"""Entity tags in headers that items also have as a member, marked with how the body was coded."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.entity_tags import tag_of_member
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

ITEM = Lookup("item", "jars", Term("request.path_params.jar", lambda scene: scene.sample.segments[-1]))


def tagged(tags, marks):
    rows = [("GET", f"/jars/j{place}", None, 200, {"mark": mark}) for place, mark in enumerate(marks)]
    scenes = scenes_of(*rows)
    for scene, mark in zip(scenes, marks, strict=True):
        scene.timeline.put("jars", scene.sample.segments[-1], {"mark": mark}, -1)
        scene.lookups = {"item": ITEM}
    said = tag_of_member(list(zip(scenes, tags, strict=True)), Vocabulary(scenes, {"item": ITEM}))
    return None if said is None else [said.term.get(scene) for scene in scenes]


def test_a_tag_is_the_item_s_with_the_usual_mark_behind_it():
    bare = ["0a1b2c3d4e", "f0e1d2c3b4", "99aa88bb77"]
    tags = [f'"{one}-gzip"' for one in bare]
    assert tagged(tags, [f'"{one}"' for one in bare]) == tags


def test_a_tag_that_changed_since_anybody_saw_it_is_still_the_item_s():
    tags = ['"0a1b2c3d4e"', '"f0e1d2c3b4"', '"99aa88bb77"', '"5566778899"']
    marks = [*tags[:3], '"0000000000"']
    assert tagged(tags, marks) == marks


def test_a_tag_that_few_items_have_is_none_of_theirs():
    tags = ['"0a1b2c3d4e"', '"f0e1d2c3b4"', '"99aa88bb77"']
    assert tagged(tags, [tags[0], '"1111111111"', '"2222222222"']) is None
