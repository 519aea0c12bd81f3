"""Contact: e-mail addresses, telephone numbers and US social security numbers, by their form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.hint import Hint
from sanitizers.rule import Span
from sanitizers.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOMAIN: Final = re.compile(r"(?:[^\W_][\w-]{0,62}\.){1,8}([^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?![\w-])|localhost\b")
_AUTHORITY: Final = re.compile(r"://[^\s/?#]*\Z")  # a URL's password is for those who read URLs
_LOCAL: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+'-!#$*~•")
_LONGEST_LOCAL: Final = 64  # RFC 5321 §4.5.3.1.1
_FILES: Final = words(
    "png jpg jpeg gif svg webp avif ico css js mjs ts json xml html htm map woff ttf eot mp4 pdf txt md py rb go java"
)
_PHONE: Final = re.compile(
    r"(?<![\w.+/-])(?:\+[1-9](?:[ .()-]{0,2}[0-9]){7,14}(?![\w-]|\.[0-9])"
    r"|(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}([ .-]))[2-9][0-9]{2}(?(1)\1|[ .-])[0-9]{4}(?![\w-]|\.[0-9]))"
)
_PHONE_HINT: Final = Hint(r"\+[1-9]|[0-9]{3}\)? ?[ .-]?[0-9]{3}[ .-][0-9]{4}")
_SSN_HINT: Final = Hint(r"[0-9]{3}-[0-9]{2}-[0-9]{4}")
_SSN: Final = re.compile(r"(?<![\w.-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![\w-]|\.[0-9])")


class Contacts:
    """The rule of what reaches or names a person."""

    name = "contact"

    def spans(self, text: str) -> Iterator[Span]:
        at = text.find("@")
        last = 0
        while at >= 0:
            span = _email(text, at, last)
            if span is not None:
                yield span
                last = span.end
            at = text.find("@", at + 1)
        if _PHONE_HINT(text):
            for match in _PHONE.finditer(text):
                yield Span(match.start(), match.end(), "phone")
        if _SSN_HINT(text):
            for match in _SSN.finditer(text):
                yield Span(match.start(), match.end(), "national-id")


def _email(text: str, at: int, after: int) -> Span | None:
    domain = _DOMAIN.match(text, at + 1)
    if domain is None or ((domain[1] or "").lower() in _FILES and domain[0].count(".") < 2):
        return None
    start = at
    floor = max(after, at - _LONGEST_LOCAL)
    while start > floor and (text[start - 1] in _LOCAL or text[start - 1].isalnum()):
        start -= 1
    while start < at and text[start] in ".-'%+!#$*~•":
        start += 1
    if start == at or text[start:at] == "git" or _AUTHORITY.search(text, max(0, start - 300), start):
        return None
    return Span(start, domain.end(), "email")


CONTACTS: Final = Contacts()
