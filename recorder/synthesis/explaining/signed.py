"""Signed tokens: JSON Web Tokens (RFC 7519), made anew with the claims that the recorded ones had."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from recorder.synthesis.nodes.composition import Composed, Expressed
from recorder.synthesis.nodes.node import MADE_UP, Fixed, MadeUp, Node, Object
from recorder.synthesis.samples.values import canon, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_TOKEN: Final = re.compile(r"(?P<lead>[A-Za-z]{0,10} ?)(?P<head>eyJ[\w-]+)\.(?P<claims>[\w-]+)\.[\w-]*\Z")
_ALGORITHMS: Final = ("HS256", "HS384", "HS512")
_KEY: Final = "mimic"
"""What tokens of mocks are signed with: the service's own key is in no recording."""

Text: TypeAlias = tuple[Scene, str]


@dataclass(frozen=True, slots=True, eq=False)
class Signed(Expressed, Composed):
    """A token with claims that are worked out; `lead` stands before it, `head` are its headers beside `alg`, `typ`."""

    lead: str
    claims: Object
    algorithm: str
    head: dict[str, Any]

    @property
    def nodes(self) -> Sequence[Node]:
        return [self.claims]

    @property
    def unknown(self) -> int:
        return 0

    def expression(self) -> str:
        alg = "" if self.algorithm == _ALGORITHMS[0] else f", alg={literal(self.algorithm)}"
        head = f", headers={literal(self.head)}" if self.head else ""
        made = f"jwt({self.claims.expression()}, {literal(_KEY)}{alg}{head})"
        return f"({literal(self.lead)} ~ {made})" if self.lead else made

    def value(self, scene: Scene) -> Any:
        del scene
        return MADE_UP


def signed(cases: Sequence[Text], explain: Callable[[Sequence[Text], str], Node]) -> Signed | None:
    """Explain texts that are signed tokens, claim by claim; None where some are none, or are of several kinds."""
    read = [_read(text) for _, text in cases]
    known = [one for one in read if one is not None]
    if len(known) < len(read) or len({(lead, canon(head), frozenset(claims)) for lead, head, claims in known}) > 1:
        return None
    lead, head, first = known[0]
    members: dict[str, tuple[Node, Term | None]] = {}
    for name in first:
        told = [(scene, claims[name]) for (scene, _), (_, _, claims) in zip(cases, known, strict=True)]
        members[name] = (_claim(told, name, explain), None)
    if not any(isinstance(node, MadeUp) for node, _ in members.values()):
        # Two tokens are never the same, though no claim that could be read says so.
        members["jti"] = (MadeUp("uuid()", "uuid"), None)
    algorithm = head.get("alg")
    rest = {name: value for name, value in head.items() if name not in ("alg", "typ")}
    return Signed(lead, Object(members), algorithm if algorithm in _ALGORITHMS else _ALGORITHMS[0], rest)


def _claim(told: Sequence[tuple[Scene, Any]], name: str, explain: Callable[[Sequence[Any], str], Node]) -> Node:
    if all(is_scalar(value) for _, value in told):
        return explain(told, name)
    return Fixed(told[0][1], guess=True)


def _read(text: str) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    found = _TOKEN.match(text)
    if found is None:
        return None
    head, claims = _object(found["head"]), _object(found["claims"])
    return None if head is None or claims is None else (found["lead"], head, claims)


def _object(part: str) -> dict[str, Any] | None:
    try:
        value = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return None
    return value if isinstance(value, dict) else None
