"""Signed tokens are made anew with the claims that the recorded ones had, and are told apart."""

from __future__ import annotations

import base64
import json

from synthesis.telling import Mocks, scenes_of, word

from recorder.synthesis.explaining.signed import signed
from recorder.synthesis.nodes.node import Fixed


def token(claims, head=None):
    """Give a token that nobody checks the signature of."""
    parts = [json.dumps(one).encode() for one in (head or {"alg": "HS256", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in [*parts, b"signature" * 3])


def read(text):
    part = text.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_who_signs_in_gets_a_token_that_says_so_and_is_known_by_it():
    sessions = []
    for number, name in enumerate(["ada", "bob", "cy", "dot"]):
        claims = {"sub": f"user-{name}", "jti": f"{number:04d}c0ffee{number:06d}"}
        own = {"Authorization": f"Bearer {token(claims)}"}
        sessions.append(
            [
                ("POST", "/login", {"user": f"user-{name}"}, 200, {"token": token(claims)}),
                ("GET", "/me", None, 200, {"user": f"user-{name}"}, own),
                ("GET", "/me", None, 401, {"error": "who are you"}, {"Authorization": "Bearer nothing-00"}),
            ]
        )
    mocks = Mocks(*sessions)
    first, second = (mocks.ask("POST", "/login", {"user": one}).json["token"] for one in ("user-eve", "user-fay"))
    assert first != second
    assert read(first)["sub"] == "user-eve"
    given = [mocks.ask("GET", "/me", None, {"Authorization": f"Bearer {one}"}) for one in (first, second, "no-token")]
    assert [one.status for one in given] == [200, 200, 401]
    assert [one.json["user"] for one in given[:2]] == ["user-eve", "user-fay"]


def test_tokens_without_a_claim_that_differs_get_one():
    scenes = scenes_of(*[("POST", "/login", {}, 200, {}) for _ in range(2)])
    made = signed([(scene, token({"role": "guest"})) for scene in scenes], lambda cases, _: Fixed(cases[0][1]))
    assert made.expression() == "jwt({'role': 'guest', 'jti': uuid()}, 'mimic')"


def test_what_is_no_token_is_left_to_others():
    [scene] = scenes_of(("GET", "/", None, 200, {}))
    assert signed([(scene, "eyJub3.json.here")], lambda *_: None) is None
    assert signed([(scene, word.__name__)], lambda *_: None) is None
