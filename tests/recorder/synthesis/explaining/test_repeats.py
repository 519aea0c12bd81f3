"""What stands in an answer twice is made once."""

from __future__ import annotations

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.derive import Names
from recorder.synthesis.explaining.repeats import made_up_terms, name_used, share_repeats
from recorder.synthesis.nodes.node import Fixed, MadeUp, Named, Object


def cases_of(*answers):
    scenes = scenes_of(*[("GET", "/x", None, 200, {})] * len(answers))
    return list(zip(scenes, answers, strict=True))


def test_what_is_made_anew_and_stands_twice_is_made_once():
    node = Object(
        {
            "id": (MadeUp("uuid()", "uuid"), None),
            "self": (MadeUp("uuid()", "uuid"), None),
            "n": (MadeUp("uuid()", "uuid"), None),
        }
    )
    shared = share_repeats(
        node, cases_of({"id": "a", "self": "a", "n": "c"}, {"id": "b", "self": "b", "n": "d"}), Names()
    )
    assert shared.document() == {"id": "{{ vars.id }}", "self": "{{ vars.id }}", "n": "{{ uuid() }}"}
    assert isinstance(shared.members["id"][0], Named)


def test_what_is_made_anew_can_be_spoken_of_and_is_named_where_it_is():
    cases = cases_of({"id": "a"}, {"id": "b"})
    node = Object({"id": (MadeUp("uuid()", "uuid"), None), "x": (Fixed(1), None)})
    [(term, path, name)] = made = made_up_terms(node, cases, Names())
    assert (term.text, path, name, [term.get(scene) for scene, _ in cases]) == ("vars.id", ("id",), "id", ["a", "b"])
    assert name_used(node, frozenset({"made:id"}), made).document() == {"id": "{{ vars.id }}", "x": 1}
    assert name_used(node, frozenset(), made) is node
