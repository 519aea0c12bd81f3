"""The blast radius of an edit: what both answer alike does not count, nor what each makes up."""

import copy

from synthesis.recordings import distilled, notes

from cassettes.definition import MockDefinition
from gateway.inprocess import InProcess
from recorder.synthesis.checking.blast import blast
from recorder.synthesis.checking.difference import Difference

MADE = distilled(notes())


def begin(definitions):
    models = [MockDefinition.model_validate(one) for one in definitions]
    return lambda clock, seed: InProcess(models, clock=clock, seed=seed)


def blasted(edit):
    new = copy.deepcopy(MADE.definitions)
    edit({one["id"]: one for one in new})
    found = blast(MADE.synthesis.samples, begin(MADE.definitions), begin(new))
    return [(one.sample.method, one.difference, one.old.case, one.new.case) for one in found]


def test_no_edit_changes_nothing():
    assert blasted(lambda _: None) == []


def test_an_edited_text_is_found_in_each_call_that_gets_it():
    def edit(definitions):
        definitions["get-note"]["cases"][0]["response"]["body"]["error"] = "not-here-any-more"

    assert blasted(edit) == [
        ("GET", Difference("value", "$.error", "no such note", "not-here-any-more"), 1, 1)
    ] * 4  # fmt: skip


def test_a_word_that_could_be_made_up_is_told_where_nobody_makes_it_up():
    def edit(definitions):
        definitions["get-note"]["cases"][0]["response"]["headers"]["Content-Type"] = "application/problem+json"

    assert blasted(edit)[0] == (
        "GET", Difference("header", "content-type", "application/json", "application/problem+json"), 1, 1,
    )  # fmt: skip


def test_an_edit_that_makes_ids_otherwise_changes_no_answer_and_one_that_fixes_them_does():
    def other_chance(definitions):
        definitions["post-notes"]["cases"][-1]["response"]["body"] = (
            "{{ merge(request.json, {'id': 'n-' ~ random_hex(7)}) }}"
        )

    def fixed(definitions):
        definitions["post-notes"]["cases"][-1]["response"]["body"] = "{{ merge(request.json, {'id': 'n-0000001'}) }}"

    assert blasted(other_chance) == []
    assert {difference.where for method, difference, *_ in blasted(fixed) if method == "POST"} == {"$.id"}


def test_a_case_that_is_not_reached_any_more_is_told_with_the_one_that_answers():
    def edit(definitions):
        definitions["get-note"]["cases"].insert(0, {"when": "true", "response": {"status": 410}})

    found = blasted(edit)
    assert {(difference.kind, difference.was, difference.now, old, new) for _, difference, old, new in found} == {
        ("status", 200, 410, 2, 1), ("status", 404, 410, 1, 1),
    }  # fmt: skip


def test_what_fails_in_both_alike_is_no_change():
    broken = {"id": "get-note", "match": {"path": "/notes/{note}"}, "cases": [{"response": {"body": "{{ 1 // 0 }}"}}]}
    samples, learnt = MADE.synthesis.samples, MADE.synthesis.definitions
    assert blast(samples, begin([broken]), begin([broken])) == []
    [first, *_] = blast(samples, begin(learnt[:2]), begin([learnt[0], broken]))
    assert (first.difference.kind, first.sample.method, first.new.definition) == ("error", "GET", "")
