"""A condition is one bare expression, and what it cannot work out does not hold."""

import pytest
from contexts import a_context

from gateway.errors import StateError
from gateway.templates import TemplateError, compile_condition


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ request.json.a }}", "a condition is one expression, written without {{ }}"),
        ("a }} and {{ b", "a condition is one expression, written without {{ }}"),
        ("requst.json.a", "there is no 'requst' here"),
        ("request.jsn", "did you mean request.json?"),
        ("a ==", "unexpected"),
        ("", "expected"),
        ("foo()", "there is no function 'foo'"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(source, reason):
    with pytest.raises(TemplateError) as told:
        compile_condition(source, "definition 'x', cases.0.when")
    assert (told.value.where, told.value.expression) == ("definition 'x', cases.0.when", source)
    assert reason.lower() in told.value.reason.lower()


def test_it_says_what_it_needs():
    made = [compile_condition(source, "here") for source in ("request.path == '/a'", "request.json.a", "state.a")]
    assert [(one.needs_body, one.waits) for one in made] == [(False, False), (True, False), (False, True)]


async def test_it_holds_with_state():
    condition = compile_condition("state.get('n', 0) > 2", "here")
    assert [await condition.holds_later(a_context(state=state)) for state in ({"n": 3}, {"n": 1}, {"n": "a"}, {})] == [
        True,
        False,
        False,
        False,
    ]


async def test_a_store_that_is_away_is_no_no():
    class Away:
        async def get(self, key, default=None):
            raise StateError("away")

    context = a_context()
    context.state = Away()
    with pytest.raises(StateError):
        await compile_condition("state.a", "here").holds_later(context)
