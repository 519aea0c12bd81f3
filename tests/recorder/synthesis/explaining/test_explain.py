"""A part of many answers is explained by what was asked and held: the plainest thing that fits them all."""

from __future__ import annotations

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.grounds import spread
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT = [
    {"name": "Ada", "qty": 2, "price": 30, "tags": ["a"]}, {"name": "Bo", "qty": 3, "price": 15, "tags": []},
    {"name": "Cyd", "qty": 5, "price": 11, "tags": ["b", "c"]}, {"name": "Dora", "qty": 7, "price": 44, "tags": ["d"]},
]  # fmt: skip


def explained(answer, sent=SENT, **more):
    """Give the document of what explains an answer that a function makes of each request."""
    scenes = scenes_of(*[("POST", "/orders", one, 200, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    explainer = Explainer(vocabulary, Judge(scenes, vocabulary).decide, "orders", **more)
    node = explainer.explain([(scene, answer(scene.sample.json)) for scene in scenes])
    return node.document() if not node.unknown else "?"


@pytest.mark.parametrize(
    ("answer", "document"),
    [
        (lambda sent: "fine", "fine"),
        (lambda sent: {"ok": True, "of": [1, 2]}, {"ok": True, "of": [1, 2]}),
        (lambda sent: sent["name"], "{{ request.json.name }}"),
        (lambda sent: sent, "{{ request.json }}"),
        (lambda sent: {"who": sent["name"], "n": sent["qty"]}, {"who": "{{ request.json.name }}", "n": "{{ request.json.qty }}"}),
        (lambda sent: sent["name"].upper(), "{{ (request.json.name | upper) }}"),
        (lambda sent: str(sent["qty"]), "{{ (request.json.qty | string) }}"),
        (lambda sent: sent["qty"] + 1, "{{ (request.json.qty + 1) }}"),
        (lambda sent: len(sent["tags"]), "{{ (request.json.tags | length) }}"),
        (lambda sent: f"Hello {sent['name']}!", "Hello {{ request.json.name }}!"),
        (lambda sent: f"/orders/{sent['name']}?n={sent['qty']}", "{{ request.path }}/{{ request.json.name }}?n={{ request.json.qty }}"),
        (lambda sent: {**sent, "state": "open"}, "{{ merge(request.json, {'state': 'open'}) }}"),
        (lambda sent: [], []),
    ],
)  # fmt: skip
def test_the_plainest_explanation_is_taken(answer, document):
    assert explained(answer) == document


def test_what_is_the_same_each_time_though_it_is_sent_is_fixed_where_that_is_likelier():
    assert explained(lambda sent: "open", [{"state": "open"}, {"state": "done"}, {"state": "open"}]) == "open"


def test_a_member_that_is_not_always_there_is_there_on_a_condition():
    sent = [{"a": n, **({"note": f"n{n}"} if n % 2 else {})} for n in range(6)]
    found = explained(lambda one: {"got": one["a"], **({"noted": True} if "note" in one else {})}, sent)
    assert (found["got"], "request.json.note" in found["noted"]) == ("{{ request.json.a }}", True)
    assert found["noted"].endswith(" else omit }}")


def test_without_echo_nothing_is_taken_from_the_request():
    sent = [{"name": name} for name in ("Ada", "Bo", "Cyd", "Dora", "Eli", "Fay", "Gus", "Hal", "Ida")]
    assert explained(lambda one: one["name"], sent) == "{{ request.json.name }}"
    assert explained(lambda one: one["name"], sent, uses_echo=False) == "?"


def test_what_nothing_tells_is_a_guess():
    assert explained(lambda sent: {"Ada": 71, "Bo": 13, "Cyd": 99, "Dora": 28}[sent["name"]]) == "?"


def test_of_very_many_cases_the_first_of_each_session_stay():
    scenes = scenes_of(*[("GET", "/x", None, 200, {})] * 400)
    cases = [(scene, place) for place, scene in enumerate(scenes)]
    some = spread(cases)
    assert (len(some) < 400, some[0], [*some] == sorted(some, key=lambda case: case[1])) == (True, cases[0], True)
    assert spread(cases[:9]) == cases[:9]


def test_a_part_that_is_asked_for_again_is_not_explained_again():
    scenes = scenes_of(
        *[("POST", "/x", {"name": f"n{place}"}, 201, {"made": {"name": f"n{place}"}}) for place in (1, 2)]
    )
    vocabulary = Vocabulary(scenes, {})
    explainer = Explainer(vocabulary, Judge(scenes, vocabulary).decide, "x")
    cases = [(scene, scene.sample.answer_json["made"]) for scene in scenes]
    assert explainer.explain(cases, "made", 1) is explainer.explain(list(cases), "made", 1)
    assert explainer.explain(cases[:1], "made", 1) is not explainer.explain(cases, "made", 1)


def test_what_lies_too_deep_is_not_looked_into():
    def nested(sent):
        made = {"name": sent["name"], "word": f"{sent['name']}-{sent['qty'] % 2}"}
        for _ in range(20):
            made = {"in": made, "qty": sent["price"] * 3 + sent["qty"]}
        return made

    assert explained(nested) == "?"
