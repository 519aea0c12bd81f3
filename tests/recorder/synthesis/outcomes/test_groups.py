"""Calls sorted by how they were answered: by status, refusals by what they say, successes by what is sent and shown."""

from synthesis.telling import scenes_of

from recorder.synthesis.outcomes.groups import is_again, outcome_groups


def sizes(*rows):
    groups = outcome_groups(scenes_of(*rows), None)
    return [(label[0], len(inside)) for label, inside in groups.items()]


def test_refusals_come_before_successes_and_who_is_not_known_before_what_is_wrong():
    rows = [
        ("POST", "/jars", {"of": "plums"}, 201, {"id": 1}),
        ("POST", "/jars", {}, 422, {"why": "of what?"}),
        ("POST", "/jars", {"of": "figs"}, 401, {"why": "who are you?"}),
        ("POST", "/jars", {"of": "pears"}, 201, {"id": 2}),
    ]
    assert sizes(*rows) == [(401, 1), (422, 1), (201, 2)]


def test_refusals_of_one_status_are_apart_by_what_they_say_but_not_by_what_was_sent():
    rows = [
        *(("POST", "/jars", {"of": of}, 422, {"why": f"no {of} here"}) for of in ("plums", "figs")),
        ("POST", "/jars", {"of": ""}, 422, {"why": "of what?"}),
    ]
    assert sizes(*rows) == [(422, 2), (422, 1)]


def test_a_list_and_an_object_are_sent_for_two_things():
    rows = [("POST", "/jars", {"of": "plums"}, 201, {"id": 1}), ("POST", "/jars", [{"of": "figs"}], 201, [{"id": 2}])]
    groups = outcome_groups(scenes_of(*rows), None)
    assert [len(inside) for inside in groups.values()] == [1, 1]
    assert not any(map(is_again, groups))


def test_refusals_with_just_the_same_words_are_one_though_some_sent_a_word_of_them():
    refused = {"why": "a helper may not, only a chief"}
    rows = [
        *(("POST", "/jars", {"of": of}, 403, refused) for of in ("plums", "chief", "helper")),
        ("POST", "/jars", {"of": "figs"}, 403, {"why": "the shelf is full"}),
    ]
    assert sizes(*rows) == [(403, 3), (403, 1)]


def test_each_of_few_refusals_may_say_something_else():
    rows = [("POST", "/jars", {"of": str(at)}, 422, {"why": why}) for at, why in enumerate(("no", "too long", "old"))]
    assert sizes(*rows) == [(422, 1)] * 3
    many = [rows for rows in rows for _ in range(2)]
    assert sizes(*many) == [(422, 2)] * 3


def test_refusals_that_tell_parts_of_what_was_sent_are_one_where_there_are_too_many_kinds():
    kinds = ("oak", "ash", "elm", "yew", "box", "bay", "fig", "haw", "may")
    rows = [
        *(("POST", "/jars", {"rows": [{"of": f"{kind}:7"}]}, 422, {"why": f"no {kind}"}) for kind in kinds),
        *(("POST", "/jars", {"rows": [{"of": of}]}, 422, {"why": f"{of} is here"}) for of in ("fir:1", "fir:2")),
    ]
    assert sizes(*rows) == [(422, 9), (422, 2)]
