"""Each value of a request has one expression, which gives in a scene what templates will see."""

import base64

from journeys import bearer, call
from synthesis.scenes import scenes_of

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.request_terms import (
    cookie_term,
    form_term,
    header_term,
    json_term,
    path_term,
    query_term,
    token_term,
    username_term,
)


def said(scene, *terms):
    return {term.text: term.get(scene) for term in terms}


def test_values_of_json_the_query_headers_and_cookies():
    sent = ((b"X-Plan", b"free"), (b"Cookie", b"sid=abc"), *bearer("tok-1"))
    [scene] = scenes_of(call("POST", "/things?q=tea&q=rye", {"user": {"id": 7}}, headers=sent))
    terms = (json_term(("user", "id")), query_term("q"), header_term("x-plan"), cookie_term("sid"), token_term())
    assert said(scene, *terms) == {
        "request.json.user.id": 7,
        "request.query.q": "tea",
        "request.headers['x-plan']": "free",
        "request.cookies.sid": "abc",
        "request.auth.token": "tok-1",
    }


def test_values_of_the_path_and_of_basic_credentials():
    basic = ((b"Authorization", b"Basic " + base64.b64encode(b"ada:secret")),)
    scenes = scenes_of(*(call("GET", f"/things/{number}", headers=basic) for number in (417, 952)))
    [name] = scenes[0].params
    assert said(scenes[1], path_term(name), username_term()) == {
        f"request.path_params.{name}": "952",
        "request.auth.username": "ada",
    }


def test_what_is_not_there_is_missing():
    [scene] = scenes_of(call("GET", "/things"))
    terms = (json_term(("a",)), form_term("a"), query_term("a"), header_term("a"), cookie_term("a"), path_term("a"))
    assert [term.get(scene) for term in (*terms, token_term(), username_term())] == [MISSING] * 8
