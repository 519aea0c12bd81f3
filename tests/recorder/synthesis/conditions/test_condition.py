"""A condition reads terms, says what it is about, and holds in a scene or does not."""

from journeys import call
from synthesis.scenes import item_lookup, scenes_of

from recorder.synthesis.conditions.condition import Subject, are_namesakes, condition, recalled, subject_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term


def a_term(text, name="", uses=(), keeps=()):
    return Term(text, lambda scene: scene.sample.status, name, 1.0, frozenset(uses), frozenset(keeps))


def test_a_condition_reads_and_keeps_what_its_terms_do():
    one, other = a_term("vars.item.a", uses=["item"], keeps=[("things", "a")]), a_term("vars.user.b", uses=["user"])
    made = condition("vars.item.a == vars.user.b", lambda scene: True, 0.5, "pair", (one, other), turns=False)
    assert (made.about, made.term.text, made.term.cost) == ("pair", "vars.item.a == vars.user.b", 0.5)
    assert (made.term.uses, made.term.keeps) == (frozenset({"item", "user"}), frozenset({("things", "a")}))
    assert made.term.inline is False


def test_a_subject_makes_conditions_on_its_value():
    [scene] = scenes_of(call("GET", "/", status=404))
    subject = Subject(a_term("request.json.n", "n"), [1, MISSING, None], 0.35)
    made = subject.condition("request.json.n > 400", lambda value: isinstance(value, int) and value > 400, 0.25)
    assert subject.given == [1, None]
    assert (made.about, made.term.cost, made.term.get(scene)) == ("json.n", 0.6, True)
    assert made.held == 0


def test_terms_of_a_request_are_about_its_part_and_their_name_and_others_about_what_is_held():
    texts = ["request.json.user.id", "request.query.q", "vars.item.id", "§things§vars.item§"]
    assert [subject_of(a_term(text, "id")) for text in texts] == [
        "json.id",
        "query.id",
        "held.vars.item.id",
        "held.thingsvars.item",
    ]


def test_what_a_part_of_a_form_has_is_about_that_part():
    texts = ["request.parts.file.text", "request.parts.file.content_type", "request.parts['my-file'].filename"]
    assert [subject_of(a_term(text)) for text in texts] == ["parts.file", "parts.file", "parts.my-file"]


def test_names_that_end_with_the_same_word_are_namesakes():
    pairs = [("user_id", "userId"), ("owner_name", "name"), ("user_id", "id"), ("price", "total"), ("", "name")]
    assert [are_namesakes(*pair) for pair in pairs] == [True, True, False, False, False]


def test_a_term_is_asked_once_of_a_scene_as_long_as_it_looks_the_same_up():
    scenes = scenes_of(*[call("POST", "/x", {"n": n}) for n in (1, 2)])
    asked_of = []
    term, values = recalled(
        Term("request.json.n", lambda scene: asked_of.append(scene) or scene.sample.json["n"]), scenes
    )
    assert values == [term.get(scene) for scene in scenes] == [1, 2]
    assert len(asked_of) == 2
    scenes[0].lookups = {"item": item_lookup()}
    assert term.get(scenes[0]) == 1
    assert len(asked_of) == 3
