"""The first case that holds answers, and keeps what it says; where none holds, that is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from supplied import SomeServices, performed

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.errors import RenderError
from gateway.mocking.cases import Cases
from gateway.mode import Reply
from gateway.view import RequestView

ORDERS = {
    "id": "orders-create",
    "match": {"method": "POST", "path": "/orders"},
    "collections": {"orders": {"seed": {"1/7": {"id": 7, "item": "tea"}}}, "shops": {"seed": {"1": {"id": 1}}}},
    "let": {"shop": "{{ resource.shops.get(request.query.shop) }}"},
    "cases": [
        {"when": "not request.headers.authorization", "note": "12 of 12", "tier": "synthesized",
         "response": {"status": 401, "body": {"error": "login"}}},
        {"when": ["not vars.shop"], "response": {"status": 404}},
        {"tier": "synthesized",
         "let": {"id": "{{ resource.orders.next_id('id') }}"},
         "response": {"status": 201, "headers": {"X-Id": "{{ vars.id }}"},
                      "body": {"id": "{{ vars.id }}", "item": "{{ request.json.item }}"}},
         "save": [{"in": "orders", "key": "{{ request.query.shop }}/{{ vars.answer.json.id }}",
                   "item": "{{ vars.answer.json }}"}]},
    ],
}  # fmt: skip


class Mocked:
    """A definition with cases and what it remembers, asked without a gateway."""

    def __init__(self, document, *others, **options):
        self.definition = MockDefinition.model_validate({"id": "x", **document})
        known = [MockDefinition.model_validate(other) for other in others]
        self.services = SomeServices(self.definition, *known, **options)
        self.cases = Cases(self.definition, self.services)

    def ask(self, target=b"/", *headers, body=None, method="GET"):
        sent = b"" if body is None else json.dumps(body).encode()
        return performed(self.cases.decide(RequestView(Request(method, target, headers, sent))))

    def items(self, name):
        collection = self.services.remembered.resources.collection(name)
        work = collection.entries("global")
        try:
            work.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("it waits")


def body_of(reply):
    return json.loads(reply.body)


def test_the_first_case_that_holds_answers_and_tells_who_it_was():
    mocked = Mocked(ORDERS)
    login = (b"Authorization", b"Bearer t")
    replies = [mocked.ask(b"/orders"), mocked.ask(b"/orders?shop=2", login), mocked.ask(b"/orders?shop=1", login)]
    assert [(reply.status, reply.match, reply.said) for reply in replies] == [
        (401, b"synthesized; case=1", "case 1: 12 of 12"),
        (404, b"; case=2", "case 2"),
        (201, b"synthesized; case=3", "case 3"),
    ]


def test_what_a_case_keeps_is_there_for_the_next_request():
    mocked = Mocked(ORDERS)
    made = [
        mocked.ask(b"/orders?shop=1", (b"Authorization", b"x"), body={"item": item}, method="POST")
        for item in ("milk", "rice")
    ]
    assert [body_of(reply) for reply in made] == [{"id": 8, "item": "milk"}, {"id": 9, "item": "rice"}]
    assert mocked.items("orders") == {
        "1/7": {"id": 7, "item": "tea"},
        "1/8": {"id": 8, "item": "milk"},
        "1/9": {"id": 9, "item": "rice"},
    }


def test_where_no_case_holds_the_refusal_names_the_definition():
    reply = Mocked({"cases": [{"when": "false", "response": {}}]}).ask()
    assert (reply.status, reply.source, reply.match, body_of(reply)) == (
        501,
        "error",
        b"miss",
        {
            "type": "urn:mimic:problem:no-case",
            "title": "No case of the definition holds",
            "status": 501,
            "detail": "None of the 1 cases of the definition 'x' holds for this request.",
            "definition": "x",
        },
    )


@pytest.mark.parametrize(
    "when",
    [
        "request.json.n > 3",
        "not (request.json.n > 3)",
        "request.json.text > 3",
        "1 / 0",
        "request.json.nothing",
        "''",
        "[]",
        "{}",
        "0",
        "none",
        "omit",
        "resource(request.json.text).all()",
    ],
)
def test_what_is_false_or_cannot_be_worked_out_does_not_hold(when):
    mocked = Mocked({"cases": [{"when": when, "response": {"status": 418}}, {"response": {}}]})
    assert mocked.ask(body={"text": "a"}).status == 200


@pytest.mark.parametrize("when", ["1", "'a'", "[0]", "request.json.n > 3", ["true", "request.json.n == 4"], []])
def test_what_is_true_holds(when):
    mocked = Mocked({"cases": [{"when": when, "response": {"status": 418}}, {"response": {}}]})
    assert mocked.ask(body={"n": 4}).status == 418


@given(st.lists(st.lists(st.booleans(), max_size=3), min_size=1, max_size=6))
def test_the_answer_is_that_of_the_first_case_all_of_whose_conditions_hold(cases):
    written = [
        {"when": [str(one).lower() for one in conditions], "response": {"status": 200 + place}}
        for place, conditions in enumerate(cases)
    ]
    wanted = next((200 + place for place, conditions in enumerate(cases) if all(conditions)), 501)
    assert Mocked({"cases": written}).ask().status == wanted


def test_names_are_worked_out_in_order_and_once_and_those_of_a_case_are_its_own():
    mocked = Mocked(
        {
            "let": {
                "a": "{{ uuid() }}",
                "b": "{{ [vars.a, vars.a] }}",
                "c": {"n": "{{ 1 + 1 }}"},
                "gone": "{{ omit }}",
            },
            "cases": [
                {"when": "false", "let": {"d": 1}, "response": {}},
                {"let": {"e": "{{ vars.c.n }}"}, "response": {"body": "{{ json(vars) }}"}},
            ],
        }
    )
    told = body_of(mocked.ask())
    assert told == {"a": told["a"], "b": [told["a"], told["a"]], "c": {"n": 2}, "e": 2}


def test_a_missing_value_is_null_in_what_is_named_whatever_the_setting_says():
    mocked = Mocked(
        {"let": {"a": "{{ request.json.a }}"}, "cases": [{"response": {"body": {"a": "{{ vars.a }}"}}}]},
        on_missing="error",
    )
    assert body_of(mocked.ask(body={})) == {"a": None}
    failing = Mocked({"cases": [{"response": {"body": {"a": "{{ request.json.a }}"}}}]}, on_missing="error")
    with pytest.raises(RenderError, match=r"definition 'x', cases\.0\.response\.body\.a, line 1"):
        failing.ask(body={})


def test_each_case_keeps_its_own_turn():
    def turning(*names):
        variants = [{"response": {"body": name}} for name in names]
        return {"variants": variants, "repeat_policy": {"sequence": True}}

    mocked = Mocked(
        {"cases": [{"when": "request.query.a", "response": turning("a", "b")}, {"response": turning("c", "d")}]}
    )
    bodies = [mocked.ask(target).body for target in (b"/?a=1", b"/", b"/?a=1", b"/", b"/")]
    assert bodies == [b"a", b"c", b"b", b"d", b"d"]


def test_a_response_is_what_it_always_was_with_its_delay_and_its_fault():
    reply = Mocked({"cases": [{"response": {"body": "hi", "delay_ms": 20, "fault": "reset"}}]}).ask()
    assert (reply.body, reply.delay_s, reply.fault) == (b"hi", 0.02, "reset")


def test_a_list_is_named_before_a_case_is_chosen():
    mocked = Mocked(
        {
            "collections": {"pets": {"seed": {str(n): {"id": n} for n in range(1, 6)}}},
            "list": {"in": "pets", "page": {"number": "page", "size": 2}},
            "cases": [
                {"when": "not vars.list.items", "response": {"status": 404}},
                {"response": {"body": {"items": "{{ vars.list.items }}", "next": "{{ vars.list.next_page or omit }}"}}},
            ],
        }
    )
    assert [mocked.ask(b"/?page=%d" % page).body for page in (1, 3, 4)] == [
        b'{"items":[{"id":1},{"id":2}],"next":2}',
        b'{"items":[{"id":5}]}',
        b"",
    ]


def test_what_a_case_hands_over_to_makes_the_answer_that_it_keeps():
    mocked = Mocked(
        {
            "cases": [
                {
                    "response": {"body": "a", "repeat_policy": {"sequence": True, "then": "proxy"}},
                    "save": [{"in": "seen", "key": "k", "item": "{{ vars.answer.text }}", "merge": True}],
                }
            ]
        }
    )
    mocked.cases.composers[0].onward = lambda view: Reply(299, (), "upstream", b"b")
    assert [mocked.ask().status for _ in range(2)] == [200, 299]
    assert mocked.items("seen") == {"k": "b"}
