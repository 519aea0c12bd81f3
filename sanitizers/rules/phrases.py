"""Phrases: credentials in running text, such as `Authorization: Bearer …`, `password=…` and passwords inside URLs."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.hint import Hint
from sanitizers.rule import Span
from sanitizers.rules.vocabulary import announced

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME: Final = re.compile(r"\b(?:bearer|token|apikey)\s{1,4}([A-Za-z0-9._~+/-]{16,}={0,2})", re.IGNORECASE)
_BASIC: Final = re.compile(r"\bbasic\s{1,4}([A-Za-z0-9+/_-]{6,}={0,2})", re.IGNORECASE)
_USERINFO: Final = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://([^\s:/?#@\"'<>]{0,256}):([^\s/?#@\"'<>]{1,512})@")
_PAIR: Final = re.compile(
    r"(?<![\w-])([A-Za-z][A-Za-z0-9_.-]{1,48})[\"'\\]{0,4}[ \t]{0,4}(?:[:=]|=>)[ \t]{0,4}"
    r"(?:\\?\"([^\"\\\r\n]{1,4096})|\\?'([^'\\\r\n]{1,4096})|([^\s\"',;&<>(){}\[\]\\]{1,4096}))"
)
_TELLING: Final = Hint(
    r"pass|pwd|secret|token|key|auth|bearer|jwt|sess|sid\b|pin\b|otp|cvv|cvc|ssn|cred|signature|sig\b|jwt|iban|card|phone|kennwort"
    r"|senha|birth|dob\b",
    ignore_case=True,
)
_PLACEHOLDER: Final = re.compile(r"\$[{(]|\{\{|<|%[{s]")
_CODE: Final = re.compile(r"!?\d{1,3}|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")
_ASKS_DIGIT: Final = frozenset({"secret", "token", "session", "signature"})
_KINDS: Final = _ASKS_DIGIT | {"password", "otp", "cvv", "card", "account", "national-id", "birth-date"}


class Phrases:
    """The rule of credentials that the words around them announce."""

    name = "phrases"

    def spans(self, text: str) -> Iterator[Span]:
        if "://" in text and "@" in text:
            for match in _USERINFO.finditer(text):
                yield Span(match.start(2), match.end(2), "userinfo")
        if _TELLING(text):
            for match in _SCHEME.finditer(text):
                if kinds.is_opaque(match[1]):
                    yield Span(match.start(1), match.end(1), "bearer")
            yield from _pairs(text)
        if "asic" in text or "ASIC" in text:
            yield from _basics(text)


def _pairs(text: str) -> Iterator[Span]:
    for match in _PAIR.finditer(text):
        kind = announced(match[1])
        if kind not in _KINDS:
            continue
        group = 2 if match[2] is not None else 3 if match[3] is not None else 4
        value = match[group]
        if not kinds.fits(kind, value) or _PLACEHOLDER.match(value) or "://" in value:
            continue
        with_colon = ":" in text[match.end(1) : match.start(group)]
        if group == 4 and text[match.end() : match.end() + 1] == "(":
            continue  # a call
        if group != 4 or _is_credential(kind, value, with_colon=with_colon):
            yield Span(match.start(group), match.end(group), kind)


def _is_credential(kind: str, value: str, *, with_colon: bool) -> bool:
    """Say whether an unquoted word after a telling one is a credential, and not the next word of a sentence or code."""
    if len(value) < 4 or _CODE.fullmatch(value):
        return False
    if kinds.is_opaque(value) or any(char.isdigit() for char in value):
        return True
    return not with_colon and kind not in _ASKS_DIGIT


def _basics(text: str) -> Iterator[Span]:
    for match in _BASIC.finditer(text):
        try:
            decoded = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4), altchars=b"-_", validate=False)
        except (binascii.Error, ValueError):
            continue
        if b":" in decoded and decoded.isascii() and decoded.decode("ascii").isprintable():
            yield Span(match.start(1), match.end(1), "basic")


PHRASES: Final = Phrases()
