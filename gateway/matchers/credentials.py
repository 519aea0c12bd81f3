"""Who a caller says to be: the claims of a bearer token, and the user of HTTP Basic."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from cassettes.definition import BasicAuth, Condition, JwtMatch
from gateway.matcher import Place, Predicate
from gateway.matchers.comparison import compile_operators, compile_wanted, field_test
from gateway.matchers.dotted import dotted
from gateway.view import RequestView

LONGEST: Final = 16 << 10


class Token(NamedTuple):
    """A token's header and claims; `problem` says why there are none."""

    header: dict[str, Any] | None
    claims: dict[str, Any] | None
    problem: str


def compile_jwt(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of a bearer token's claims and header; its signature is not checked."""
    wanted = match.jwt or JwtMatch()
    where = place.child("jwt")

    def token(view: RequestView) -> Token:
        return _token(_sent(view, wanted.cookie))

    def problem(view: RequestView) -> str:
        return token(view).problem

    tests: list[Predicate] = []
    for part, members in (("claims", wanted.claims), ("header", wanted.header)):
        for name, value in members.items():
            at = where.child(part).child(name)
            read = _member(token, part, dotted(name, at))
            tests.append(field_test(at.field, read, compile_wanted(value, at, "json"), absent=problem))
    if tests:
        return tests
    anything = compile_operators({}, where, "text")
    return [
        field_test(
            where.field, lambda view: ("a token",) if token(view).claims is not None else (), anything, absent=problem
        )
    ]


def _member(
    token: Callable[[RequestView], Token], part: str, read: Callable[[Any], Sequence[Any]]
) -> Callable[[RequestView], Sequence[Any]]:
    def values(view: RequestView) -> Sequence[Any]:
        found = read(getattr(token(view), part))
        # A claim such as `aud` is one value or an array of them (RFC 7519 §4.1.3).
        return [found[0], *found[0]] if len(found) == 1 and type(found[0]) is list else found

    return values


def _sent(view: RequestView, cookie: str | None) -> str:
    if cookie is not None:
        return view.cookies.get(cookie, "")
    return _credentials(view, "bearer")


def _credentials(view: RequestView, scheme: str) -> str:
    """Give what follows the scheme's name in the Authorization header, or ""."""
    found, _, rest = (view.header("authorization") or "").partition(" ")
    return rest.strip() if found.lower() == scheme else ""


@lru_cache(maxsize=64)
def _token(text: str) -> Token:
    if not text:
        return Token(None, None, "there is no bearer token")
    if len(text) > LONGEST:
        return Token(None, None, f"a token is read up to {LONGEST >> 10} KiB")
    pieces = text.split(".")
    if len(pieces) == 5:
        return Token(None, None, "the token is encrypted, and its claims cannot be read")
    if len(pieces) != 3:
        return Token(None, None, "the token is not a JWT: it has not three parts")
    head, claims = _object(pieces[0]), _object(pieces[1])
    if head is None or claims is None:
        return Token(None, None, "the token is not a JWT: a part of it is not an object in base64url")
    return Token(head, claims, "")


def _object(piece: str) -> dict[str, Any] | None:
    try:
        found = orjson.loads(base64.b64decode(piece + "=" * (-len(piece) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    return found if type(found) is dict else None


def compile_basic_auth(match: Condition, place: Place) -> list[Predicate]:
    """Compile the tests of the user and password of HTTP Basic (RFC 7617)."""
    wanted = match.basic_auth or BasicAuth()
    where = place.child("basic_auth")

    def part(index: int) -> Callable[[RequestView], Sequence[str]]:
        def values(view: RequestView) -> Sequence[str]:
            user = _user(view)
            return () if user is None else (user[index],)

        return values

    tests: list[Predicate] = []
    for index, (name, value) in enumerate((("username", wanted.username), ("password", wanted.password))):
        if value is not None:
            at = where.child(name)
            tests.append(field_test(at.field, part(index), compile_wanted(value, at, "text"), absent=_no_user))
    return tests or [field_test(where.field, part(0), compile_operators({}, where, "text"), absent=_no_user)]


def _no_user(_view: RequestView) -> str:
    return "there is no Authorization: Basic that can be read"


def _user(view: RequestView) -> tuple[str, str] | None:
    text = _credentials(view, "basic")
    if not text or len(text) > LONGEST:
        return None
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon else None
