"""Conditions, lists and saves are said in words, and what is not understood stays as it is."""

import pytest

from recorder.synthesis.wording import condition_words, list_words, save_words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, "otherwise"),
        ("vars.asked.Name is not defined", "the body’s Name is missing"),
        ("vars.asked_header.Key is not defined", "the message’s header’s Key is missing"),
        ("vars.item is none", "there is no such item"),
        ("vars.item is not none", "there is such an item"),
        ("vars.same_name is not none", "there is another item of the same name"),
        ("vars.item.reason is none", "the item’s reason is null"),
        ("not request.headers.authorization", "the header Authorization is not sent"),
        ("request.headers['if-none-match'] is defined", "the header If-None-Match is sent"),
        ("request.json.a.b is not defined", "the body’s a.b is missing"),
        ("request.query.limit not in ['5', '50']", "the parameter limit is none of '5', '50'"),
        ("(request.json.password | length) < 20", "the body’s password is shorter than 20"),
        (
            "request.headers['if-match'] is defined and (request.headers['if-match'] | string) != (vars.item._etag | string)",
            "the header If-Match is sent and the header If-Match is not the item’s _etag",
        ),
        ("not (vars.item.a == 1 and vars.item.b == 'x and y')", "not: the item’s a is 1 and the item’s b is 'x and y'"),
        (["vars.item.a >= 1", "not request.query_string"], "the item’s a is at least 1 and a query is not sent"),
        ("strange(request.json)", "strange(request.json)"),
        ("(a and b) or (c)", "(a and b) or (c)"),
    ],
)
def test_a_condition_in_words(when, words):
    assert condition_words(when) == words


def test_the_parameters_of_a_list_in_words():
    spec = {
        "in": "notes",
        "where": [{"field": "state", "param": "status"}, {"field": "size", "op": "ge", "param": "min"}],
        "search": {"param": "q", "fields": ["title"]},
        "sort": {"param": "sort", "order_param": "dir", "default": ["-id"]},
        "page": {
            "number": "page",
            "first": 0,
            "offset": "skip",
            "end": "to",
            "cursor": "after",
            "by": "id",
            "limit": "n",
            "size": 5,
        },
        "fields_param": "fields",
        "free": True,
    }
    assert list_words(spec) == [
        ("status", "only items whose state is it"),
        ("min", "only items whose size is at least that"),
        ("q", "a text that is looked for in title"),
        ("sort", "the fields to order by; - turns one round"),
        ("dir", "asc or desc"),
        ("(no order asked)", "ordered by -id"),
        ("page", "which page, counted from 0"),
        ("skip", "how many items are passed over"),
        ("to", "the place before which the part ends"),
        ("after", "goes on after the item with this id"),
        ("n", "how many items at most, else 5"),
        ("fields", "which fields of each item are given"),
        ("any field’s name", "only items whose field is that value"),
    ]
    assert list_words({"in": "notes", "page": {"size": 3}}) == [("(always)", "3 items a part")]


@pytest.mark.parametrize(
    ("save", "words"),
    [
        ({"in": "notes", "key": "a", "item": {}}, "keeps an item in notes"),
        ({"in": "notes", "key": "a", "item": {}, "merge": True}, "changes an item of notes"),
        ({"in": "notes", "key": "a", "delete": True}, "forgets an item of notes"),
        ({"in": "notes", "under": "a/", "delete": True}, "forgets a part of notes"),
        ({"state": "otp", "value": 1}, "keeps otp"),
        ({"state": "otp", "delete": True}, "forgets otp"),
    ],
)
def test_a_save_in_words(save, words):
    assert save_words(save) == words
