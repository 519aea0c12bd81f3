"""A refusal of one thing, lent to another, names that one."""

from __future__ import annotations

from urllib.parse import urlencode

from synthesis.cabinets import FORM
from synthesis.telling import Mocks

POSTS = [
    ("POST", "/posts", {"title": "Tea"}, 201, {"id": "p71c0abx9", "title": "Tea"}),
    ("GET", "/posts/p71c0abx9", None, 200, {"id": "p71c0abx9", "title": "Tea"}),
    ("GET", "/posts/p00000000", None, 404, {"code": "post_not_found", "text": "Post p00000000 does not exist"}),
]
AUTHORS = [
    ("POST", "/authors", {"name": "Ada"}, 201, {"id": "a82d1bcy8", "name": "Ada"}),
    ("GET", "/authors/a82d1bcy8", None, 200, {"id": "a82d1bcy8", "name": "Ada"}),
]


def test_what_is_not_there_is_called_by_its_name():
    given = Mocks([*POSTS, *AUTHORS]).ask("GET", "/authors/nobody")
    assert (given.status, given.json) == (404, {"code": "author_not_found", "text": "Author nobody does not exist"})


def test_what_its_own_endpoint_says_is_nearer():
    rows = [*POSTS, *AUTHORS, ("GET", "/authors/a00000000", None, 404, {"error": "nobody of this name"})]
    assert Mocks(rows).ask("GET", "/authors/nobody").json == {"error": "nobody of this name"}


def test_what_tells_of_a_thing_that_the_other_calls_do_not_name_is_not_lent():
    rows = [*POSTS[:2], ("GET", "/posts/p71c0abx9/parts/7", None, 404, {"error": "Tea has no part 7"})]
    assert Mocks([*rows, *AUTHORS]).ask("GET", "/authors/nobody").status == 404


def by_action(action, answered, status=200, **sent):
    form = urlencode({"Action": action, "Version": "3", **sent}).encode()
    return "POST", "/", form, status, answered, FORM


def test_operations_lend_with_the_arguments_that_they_name_things_by():
    bird, nest = {"BirdName": "wren17", "Colour": "brown"}, {"NestName": "oak-204", "Height": "high up"}
    lost = {"error": "The Bird heron-88 of version 3 is not here"}
    rows = [
        by_action("CreateBird", bird, **bird),
        by_action("GetBird", bird, BirdName="wren17"),
        by_action("GetBird", lost, 404, BirdName="heron-88"),
        by_action("CreateNest", nest, **nest),
        by_action("GetNest", nest, NestName="oak-204"),
    ]
    given = Mocks(rows).ask(*by_action("GetNest", None, NestName="elm-9")[:3], FORM)
    assert (given.status, given.json) == (404, {"error": "The Nest elm-9 of version 3 is not here"})


def test_methods_of_json_rpc_that_nobody_called_borrow_what_speaks_of_all_that_is_sent():
    def remote(method, params, **told):
        call = {"jsonrpc": "2.0", "id": method, "method": method, "params": params}
        return "POST", "/rpc", call, 200, {"jsonrpc": "2.0", "id": method, **told}

    lost = {"error": {"code": 7, "message": "Not here", "data": {"bird": "heron-88"}}}
    rows = [
        remote("bird.hatch", {"bird": "wren-17"}, result={"bird": "wren-17", "colour": "brown"}),
        remote("bird.get", {"bird": "wren-17"}, result={"bird": "wren-17", "colour": "brown"}),
        remote("bird.get", {"bird": "heron-88"}, **lost),
        remote("bird.ring", {"bird": "wren-17"}, result={"rings": 1}),
    ]
    mocks = Mocks(rows)
    _, path, sent, *_ = remote("bird.show", {"bird": "kite-40"})
    assert mocks.ask("POST", path, sent).json["error"]["code"] == 7
    _, path, sent, *_ = remote("bird.ring", {"bird": "kite-40"})
    assert mocks.ask("POST", path, sent).json["result"] == {"rings": 1}
