"""Alterations: what a client made of a value that it was given, to see it refused, as a token turned round.

Of a cleaned recording the client is given the stand-in of the token, and what it makes of that has another stand-in
than what it made of the token itself. So the two are told by where they stand, and by what they are made of.
"""

from __future__ import annotations

import base64
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from recorder.leaves import body_of, is_among, request_leaves, response_leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cassettes.cassette import Interaction
    from cassettes.exchange import Request, Response

_WORD: Final = re.compile(r"[\w.+/=~-]{4,}")
_SHORTEST: Final = 6
_REFUSED, _FAILED = 400, 500
_MOST: Final = 200
"""So many of the values that were given last are looked at."""


def altered(expected: Interaction, live: Request, cleaned: Request, given: Sequence[Response]) -> dict[str, str] | None:
    """Give by their stand-ins in a recorded request the values that a live one has there, made of what was `given`.

    `cleaned` is the live request without secrets. None where it has anything else in the place of a stand-in.
    """
    hidden = {found.where for found in expected.findings if found.where.startswith("request.")}
    if not hidden or not given:
        return None
    sent, kept = ({leaf.place: leaf.value for leaf in request_leaves(one)} for one in (live, cleaned))
    answered = expected.exchange.response
    is_refused = answered is not None and _REFUSED <= answered.status < _FAILED
    pairs: dict[str, str] = {}
    for leaf in request_leaves(expected.exchange.request):
        if not is_among(leaf.place, hidden) or kept.get(leaf.place) == leaf.value:
            continue
        own, now = _apart(leaf.value, sent.get(leaf.place, ""))
        if now == own or pairs.setdefault(own, now) != now:
            return None
        if not any(_is_made_of(now, word, is_refused=is_refused) for word in words_of(given)):
            return None
    return pairs or None


def is_new(value: str, interactions: Iterable[Interaction]) -> bool:
    """Tell whether none of these interactions has a value."""
    sought = value.encode("utf-8", "surrogateescape")
    return not any(sought in text for one in interactions for text in _texts(one))


def _texts(interaction: Interaction) -> Iterator[bytes]:
    request, response = interaction.exchange.request, interaction.exchange.response
    yield request.target
    for message in (request, response):
        if message is not None:
            yield b"\n".join(value for _, value in message.headers)
            yield body_of(message.headers, message.body)[0]


def _apart(own: str, now: str) -> tuple[str, str]:
    """Give what differs of two values behind a word that both begin with, as `Bearer`, and of two in base64 (Basic)."""
    scheme, blank, rest = own.partition(" ")
    if not blank or not now.startswith(scheme + " "):
        return own, now
    other = now[len(scheme) + 1 :]
    if scheme.casefold() != "basic":
        return rest, other
    (one, _, secret), (two, _, live) = (_plain(text).partition(":") for text in (rest, other))
    return (secret, live) if one == two and secret else (rest, other)


def _plain(coded: str) -> str:
    try:
        return base64.b64decode(coded, validate=True).decode()
    except ValueError:
        return ""


def words_of(given: Sequence[Response]) -> list[str]:
    """Give the values of answers that may be tokens, the last first."""
    found: dict[str, None] = {}
    for response in reversed(given):
        for leaf in response_leaves(response):
            for word in _WORD.findall(leaf.value):
                found.setdefault(word)
        if len(found) >= _MOST:
            break
    return list(found)[:_MOST]


def _is_made_of(value: str, given: str, *, is_refused: bool) -> bool:
    """Tell whether a value is another one turned round, cut off, longer, in other case or with some other letters.

    A code of digits is another of as many, where it was refused.
    """
    if value == given:
        return False
    if value.isdigit() and given.isdigit():
        return is_refused and len(value) == len(given)
    if min(len(value), len(given)) < _SHORTEST or not any(char.isdigit() for char in given):
        return False
    if sorted(value.casefold()) == sorted(given.casefold()):
        return True
    match = SequenceMatcher(None, value, given, autojunk=False).find_longest_match()
    return match.size * 2 >= len(given) and match.size >= _SHORTEST
