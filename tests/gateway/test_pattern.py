"""A path in a definition becomes a pattern that says whether a request's path matches, and what its parameters are."""

import pytest

from cassettes.definition import PathMatch
from gateway.errors import ConfigError
from gateway.pattern import compile_pattern

UUID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("path", "sent", "params"),
    [
        ("/", "/", {}),
        ("/a/b", "/a/b", {}),
        ("/a/b", "/a/b/", None),
        ("/a/b", "/%61/b", {}),
        ("/a/b", "/a%2Fb", None),
        ("/café/a b", "/caf%C3%A9/a%20b", {}),
        ("/café/a b", "/caf%c3%a9/a%20b", {}),
        ("/x:y@z,;=~", "/x%3Ay@z,;=%7E", {}),
        ("/users/{id}", "/users/7", {"id": "7"}),
        ("/users/{id}", "/users/a%2Fb%20c", {"id": "a/b c"}),
        ("/users/{id}", "/users/", None),
        ("/users/{id}", "/users/7/orders", None),
        ("/users/{user-id}/x", "/users/7/x", {"user-id": "7"}),
        ("/users/{id:int}", "/users/-7", {"id": -7}),
        ("/users/{id:int}", "/users/seven", None),
        ("/users/{id:int}", "/users/" + "9" * 21, None),
        ("/at/{n:float}", "/at/1.5", {"n": 1.5}),
        ("/at/{n:float}", "/at/3", {"n": 3.0}),
        ("/at/{n:float}", "/at/nan", None),
        ("/by/{id:uuid}", f"/by/{UUID}", {"id": UUID}),
        ("/by/{id:uuid}", "/by/123", None),
        ("/files/{name}.json", "/files/a.b.json", {"name": "a.b"}),
        ("/files/{name}.json", "/files/.json", None),
        ("/v{version:int}/x", "/v2/x", {"version": 2}),
        ("/{a}-{b}", "/x-y-z", {"a": "x-y", "b": "z"}),
        ("/files/{rest:path}", "/files/a/b", {"rest": "a/b"}),
        ("/files/{rest:path}", "/files/", {"rest": ""}),
        ("/files/{rest:path}", "/files", None),
        ("/files/{rest:path}/edit", "/files/a/b/edit", {"rest": "a/b"}),
        ("/{rest:path}.js", "/a/b.js", {"rest": "a/b"}),
        ("/{user:int}/{rest:path}", "/7/a/b", {"user": 7, "rest": "a/b"}),
        ("/a/**", "/a", {}),
        ("/a/**", "/a/b/c", {}),
        ("/a/**", "/ab", None),
        ("/**", "/", {}),
        ("/users/{id}/**", "/users/7/x/y", {"id": "7"}),
        ("/a/*/c", "/a/b/c", {}),
        ("/a/*/c", "/a//c", None),
        ("/a/*/c", "/a/b/b/c", None),
        ("/a/**/c", "/a/c", {}),
        ("/a/**/c", "/a/b/b/c", {}),
        ("/a/*.js", "/a/x.js", {}),
        ("/a/*/{id:int}", "/a/b/7", {"id": 7}),
        ("^/users/(?P<id>[0-9]+)", "/users/7/orders", None),
        ("^/users/[0-9]+$", "/users/7/orders", None),
        ("^/café$", "/caf%C3%A9", {}),
        (PathMatch(equals="/a/{id}*"), "/a/%7Bid%7D*", {}),
        (PathMatch(template="/a/{id}"), "/a/7", {"id": "7"}),
        (PathMatch(glob="/a/{*}"), "/a/%7Bx%7D", {}),
        (PathMatch(regex=".*orders/[0-9]+"), "/users/orders/7", {}),
    ],
)
def test_a_path_matches_and_gives_its_parameters(path, sent, params):
    assert compile_pattern(path).match(sent.encode()) == params


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/a", "exact", 0),
        ("/{a}", "template", 1),
        ("/a/{rest:path}/b", "template", 1),
        ("/a/**", "prefix", 2),
        ("/*/a", "glob", 2),
        ("^/a", "regex", 2),
    ],
)
def test_a_pattern_knows_its_kind(path, name, kind):
    compiled = compile_pattern(path)
    assert (compiled.name, compiled.kind) == (name, kind)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("users", "a path begins with '/': write '/users'"),
        ("/a{b", "has a brace that is no placeholder"),
        ("/{}", "has a brace that is no placeholder"),
        ("/{a}{b}", "two parameters with nothing between them"),
        ("/{a}/{a}", "two parameters 'a'"),
        ("/{a:integer}", "'integer' is not a type of parameter: use int, float, uuid, path or none"),
        ("/" + "/".join(f"{{p{n}}}" for n in range(201)), "201 segments; 200 are allowed"),
        ("^(a", "cannot be used: missing )"),
        ("^/a(?=b)", "looks around"),
        ("^/(?<!a)b", "looks around"),
        ("^" + "a" * 1000, "1001 characters; 1000 are allowed"),
        ("^(([a-z]{1000}){900})", "cannot be used"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(path, told):
    with pytest.raises(ConfigError) as error:
        compile_pattern(path)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_regex_takes_linear_time():
    assert compile_pattern("^/(a+)+$").match(b"/" + b"a" * 30_000 + b"!") is None
