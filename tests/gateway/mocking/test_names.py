"""What is read from `vars` has to have been named before."""

import pytest

from cassettes.definition import MockDefinition
from gateway.mocking.names import judge_names
from gateway.templates import TemplateError


def judge(**document):
    judge_names(MockDefinition.model_validate({"id": "x", "cases": [{"response": {}}], **document}))


@pytest.mark.parametrize(
    "document",
    [
        {"let": {"a": 1, "b": "{{ vars.a }}"}, "list": {"in": "c", "under": "{{ vars.b }}"}},
        {"let": {"a": 1}, "cases": [{"when": "vars['a']", "let": {"b": "{{ vars.a }}"}, "response": {"body": "{{ vars.b }}"}}]},
        {"list": {"in": "c"}, "cases": [{"when": "vars.list.total", "response": {}}]},
        {"cases": [{"response": {}, "save": [{"state": "s", "value": "{{ vars.answer.json }}", "when": "vars.answer"}]}]},
        {"hooks": {"before": "script"}, "let": {"a": "{{ vars.anything }}"}},
        {"let": {"a": "{{ json(vars) }}", "b": "{% set vars = {'z': 1} %}{{ vars.z }}", "c": "{{ vars[request.path] }}"}},
    ],
)  # fmt: skip
def test_what_was_named_before_may_be_read(document):
    judge(**document)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"let": {"a": "{{ vars.b }}", "b": 1}},
         "definition 'x', let.a, line 1: {{ vars.b }}: there is no vars.b here (there are none)"),
        ({"let": {"shop": 1}, "cases": [{"when": ["true", "not vars.shpo"], "response": {}}]},
         "definition 'x', cases.0.when, line 1: {{ not vars.shpo }}: there is no vars.shpo here: did you mean vars.shop?"),
        ({"cases": [{"let": {"a": 1}, "response": {}}, {"response": {"body": {"x": "{{ vars['a'] }}"}}}]},
         "definition 'x', cases.1.response, line 1: {{ vars['a'] }}: there is no vars.a here (there are none)"),
        ({"cases": [{"response": {"body": "{{ vars.answer }}"}}]},
         "definition 'x', cases.0.response, line 1: {{ vars.answer }}: there is no vars.answer here (there are none)"),
        ({"let": {"a": "{{ state.get('k:{{ vars.z }}') }}"}},
         "definition 'x', let.a, line 1: {{ state.get('k:{{ vars.z }}') }}: there is no vars.z here (there are none)"),
        ({"cases": [{"response": {}, "save": [{"state": "{{ vars.q }}", "value": 1}]}]},
         "definition 'x', cases.0.save.0, line 1: {{ vars.q }}: there is no vars.q here (there are answer)"),
    ],
)  # fmt: skip
def test_what_was_not_is_refused_with_its_place(document, sentence):
    with pytest.raises(TemplateError) as told:
        judge(**document)
    assert (
        str(told.value).partition(" (there")[0].partition(": did")[0]
        == sentence.partition(" (there")[0].partition(": did")[0]
    )
