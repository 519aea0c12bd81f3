"""A path that does not match is told what would be right."""

import pytest

from gateway.nearness import path_verdict
from gateway.pattern import compile_pattern


@pytest.mark.parametrize(
    ("path", "sent", "hint"),
    [
        ("/users/{id}", "/users/7/", "the path differs by a trailing slash"),
        ("/users/", "/users", "the path differs by a trailing slash"),
        ("/Shops/{id}", "/shops/7", "the path differs in upper and lower case: ask for /Shops/{id}"),
        ("/users/{id}", "//users/7", "the path has a double slash"),
        ("/users/{id}", "/usres/7", "segment 1 of the path is 'usres', not 'users'"),
        ("/users/{id:int}", "/users/seven", "segment 2 of the path is 'seven', not of the type int"),
        ("/files/{name}.json", "/files/a.xml", "segment 2 of the path is 'a.xml', not what the template asks for"),
        ("/users/{id}/x", "/users//x", "segment 2 of the path is empty, not a value"),
        ("/users/{id}", "/api/users/7", "the path begins with /api, which the definition's does not"),
        ("/api/users", "/users", "the definition's path begins with /api, which the request's does not"),
        ("/users/{id}/orders", "/users/7", "ask for /users/{id}/orders, not /users/7"),
        ("^/users/[0-9]+$", "/users/x", "ask for ^/users/[0-9]+$, not /users/x"),
    ],
)
def test_the_hint_names_what_is_wrong(path, sent, hint):
    verdict = path_verdict(compile_pattern(path), sent.encode())
    assert (verdict.field, verdict.holds, verdict.wanted, verdict.found, verdict.hint) == (
        "path",
        False,
        path,
        sent,
        hint,
    )
    assert 0 < verdict.closeness < 1


def test_a_path_that_matches_needs_no_hint():
    verdict = path_verdict(compile_pattern("/users/{id}"), b"/users/7")
    assert (verdict.holds, verdict.closeness, verdict.hint) == (True, 1.0, "")


def test_the_nearer_path_is_closer():
    asked = b"/users/7/orderz"
    paths = ["/users/{id}/orders", "/users/{id}/returns", "/users/{id}", "/products"]
    closeness = [path_verdict(compile_pattern(path), asked).closeness for path in paths]
    assert closeness == sorted(closeness, reverse=True)
