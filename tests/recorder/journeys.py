"""Journeys for tests: short sessions in which values travel from answers to later requests."""

from __future__ import annotations

import json

from cassettes.cassette import Interaction
from cassettes.exchange import Exchange, Request, Response

JSON = ((b"Content-Type", b"application/json"),)


def call(method, target, body=None, *, answer=None, status=200, headers=(), told=(), at=0.0, session="", trace=""):
    """Give an exchange with JSON bodies; `headers` are the request's, `told` the answer's."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    given = json.dumps(answer).encode() if isinstance(answer, dict | list | int) else (answer or b"")
    request = Request(
        method, target.encode(), (*(JSON if body is not None and sent is not body else ()), *headers), sent
    )
    response = Response(status, (*(JSON if isinstance(answer, dict | list | int) else ()), *told), given)
    return Exchange(request, response, started_at=at, duration_ms=5.0, trace=trace), session


def kept(*calls):
    """Give the calls as the interactions of a cassette, numbered from 1."""
    return tuple(Interaction(number, exchange, session) for number, (exchange, session) in enumerate(calls, 1))


TOKEN = "tok_8fJk20LmQx71Zr94"


def bearer(token=TOKEN):
    return ((b"Authorization", b"Bearer " + token.encode()),)


def a_visit(order=1001, token=TOKEN, at=1_700_000_000.0):
    """Log in, order something, look at the order, fail to pay it."""
    mine = bearer(token)
    placed = {"id": order, "item": "Wool blanket", "created_at": f"2023-11-14T22:13:{int(at) % 60:02d}.250Z"}
    return kept(
        call("POST", "/login", {"email": "ada@harbour.test"}, answer={"token": token, "role": "user"}, at=at, trace="t1"),
        call("GET", "/news", answer={"items": []}, at=at + 1, trace="t2"),
        call("POST", "/orders", {"item": "Wool blanket"}, answer=placed, status=201, headers=mine, at=at + 2, told=((b"Location", f"/orders/{order}".encode()),), trace="t3"),
        call("GET", f"/orders/{order}", answer=placed, headers=mine, at=at + 3, trace="t4"),
        call("POST", f"/orders/{order}/pay", {"card": "none"}, answer={"error": "no card"}, status=500, headers=mine, at=at + 4, trace="t5"),
    )  # fmt: skip
