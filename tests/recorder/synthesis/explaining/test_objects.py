"""Objects are explained member by member, or as what was sent with a few members laid over."""

from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.objects import Objects, having, names_of
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.samples.elements import read_elements
from recorder.synthesis.samples.values import common
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT = [{"name": "a lamp", "colour": "red"}, {"name": "a desk"}, {"name": "a rug", "colour": "blue"}, {"name": "a bed"}]


def _no_folder(_cases, _name, _depth):
    return None


def objects_of(sent, **more):
    """Give objects whose members are guessed to be what is most frequent, and the scenes."""
    scenes = scenes_of(*[("POST", "/things", one, 201, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "things", **more)
    return Objects(
        grounds, lambda cases, _name, _depth: Fixed(common([value for _, value in cases])), _no_folder
    ), scenes


def test_what_was_sent_is_laid_under_the_members_of_their_own():
    objects, scenes = objects_of(SENT)
    made = objects.layered([(scene, {**scene.sample.json, "state": "new"}) for scene in scenes], 0)
    assert made.document() == "{{ merge(request.json, {'state': 'new'}) }}"


def test_what_was_not_sent_each_time_has_a_default_under_it():
    objects, scenes = objects_of(SENT)
    made = objects.layered([(scene, {"colour": "white", **scene.sample.json}) for scene in scenes], 0)
    assert made.document() == "{{ merge({'colour': 'white'}, request.json) }}"


def test_what_is_not_shown_again_is_left_out():
    objects, scenes = objects_of([{**one, "secret": "s"} for one in SENT])
    shown = [(scene, {name: part for name, part in scene.sample.json.items() if name != "secret"}) for scene in scenes]
    assert objects.layered(shown, 0).document() == "{{ without(request.json, 'secret') }}"


def test_without_echo_objects_are_only_explained_member_by_member():
    objects, scenes = objects_of(SENT, uses_echo=False)
    cases = [(scene, {"ok": True, "of": "things"}) for scene in scenes]
    assert (objects.layered(cases, 0), objects.plain(cases, 0).document()) == (None, {"ok": True, "of": "things"})


def test_a_member_is_there_on_a_condition_or_where_it_mostly_is():
    objects, scenes = objects_of(SENT)
    cases = [(scene, {"ok": True, **({"tint": 1} if "colour" in scene.sample.json else {})}) for scene in scenes]
    assert [bool(objects.when(cases, "tint").get(scene)) for scene in scenes] == [True, False, True, False]
    assert (objects.when(cases, "ok"), list(objects.plain(cases, 0).members)) == (None, ["ok", "tint"])


def test_members_are_named_in_the_order_that_all_have():
    cases = [("one", {"b": 1, "d": 1}), ("two", {"a": 2, "b": 3, "c": 4}), ("three", {"e": 1})]
    assert (names_of(cases), having(cases, "a")) == (["a", "b", "c", "d", "e"], [("two", 2)])


def test_objects_in_xml_are_laid_over_each_other_in_their_order():
    xml = {"Content-Type": "text/xml"}
    told = b"<r><name>x</name></r>"
    scenes = scenes_of(*[("POST", "/things", one, 201, told, {}, xml) for one in SENT])
    read_elements([scene.sample for scene in scenes])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "things")
    objects = Objects(grounds, lambda cases, _name, _depth: Fixed(common([value for _, value in cases])), _no_folder)
    made = objects.layered([(scene, {"state": "new", **scene.sample.json}) for scene in scenes], 0)
    assert made.document() == "{{ pick(merge(request.json, {'state': 'new'}), 'state', 'name', 'colour') }}"
