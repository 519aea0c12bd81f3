"""The kinds of sensitive values: what a value must look like to be one, and whether it is sought elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.pseudonym import is_blank, is_worded
from sanitizers.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "name"
"""The kind of persons' names, whose words are known again wherever they stand."""

_SHORTEST_MAILBOX: Final = 4
MIN_LENGTH: Final = 6
"""Shorter values are replaced where they stand, but not searched for elsewhere."""
_FEWEST_WORDS: Final = 3

_WORDS: Final = words(
    "true false yes no on off null none nil undefined unknown string text number integer boolean object array optional "
    "required bearer basic token tokens password secret jwt default example test testing admin user username "
    "guest root "
    "public private enabled disabled active inactive pending success failed error valid invalid expired missing "
    "omit include same-origin anonymous login logout email phone mobile visa mastercard amex value application "
    "json session cookie id name "
    "deleted production staging development localhost sample demo hidden anything nothing something"
)
# What services say of a password that they refuse. Three such words alone are no passphrase anybody has.
_SAID_OF_IT: Final = words(
    "a alphanumeric already an and are as at be been before between blank can can't cannot character characters "
    "choose common confirmation contain contains containing could did didn't different do does doesn't don't digit "
    "digits easily easy empty ensure enter entirely exactly expected expired fewer field fields for from given guess "
    "has have "
    "in include incorrect input invalid is isn't it its least length less letter letters long longer lower lowercase "
    "match matches max maximum may min minimum missing more most must needs new no not null number numbers numeric of "
    "old one only or passphrase password passwords please provide provided recently required same secret short shorter "
    "should similar special strength string strong symbol symbols than that the this to token too two type unknown "
    "upper uppercase use used valid value values was weak were which with wrong you your"
)
_SAYING: Final = re.compile(r"[A-Za-z0-9' ,.;:()!-]+")
_HARMLESS_COOKIE: Final = re.compile(
    r"|true|false|yes|no|on|off|none|null|deleted|dark|light|auto|accept(?:ed|-all)?|den(?:y|ied)|dismissed|shown|hidden"
    r"|[0-9]{1,3}|[a-z]{2}(?:[-_][A-Za-z]{2})?|[A-Z]{3}|\d{1,2}\.\d{1,2}",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(r"[^\W\d_][^\d_/\\<>@:={}]{1,120}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_OPAQUE: Final = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[\w.~+/=:|%!*$@-]{8,}|[0-9a-fA-F-]{16,}|[\w.~+/=-]{20,}")


def is_opaque(value: str) -> bool:
    """Say whether a value looks made by a machine rather than said by a person."""
    return _OPAQUE.fullmatch(value) is not None and ("-" not in value or not _SLUG.fullmatch(value))


def is_code(value: str) -> bool:
    """Say whether a value is a short code, letters and digits mixed: what a hand-made session id looks like."""
    return _CODE.fullmatch(value) is not None


_CODE: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{6,}")
# As programs name things: no generator of ids writes whole words in one case with nothing but underscores between.
_IDENTIFIER: Final = re.compile(r"_*(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+)(?:_+(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+))+_*")
_SLUG: Final = re.compile(r"[a-z]+(?:[-_][a-z]+)*(?:[-_]\d{1,4})?", re.IGNORECASE)


def is_harmless_cookie(value: str) -> bool:
    """Say whether a cookie's value is one of a handful that every site sets for everybody."""
    return _HARMLESS_COOKIE.fullmatch(value) is not None


def _digits(value: str) -> int:
    return sum(char.isdigit() for char in value)


def _is_password(value: str) -> bool:
    return value.lower() not in _WORDS and not _is_saying(value)


def _is_saying(value: str) -> bool:
    """Say whether a text is what a service says of a value: `Ensure this field has at least 8 characters.` is."""
    if " " not in value or _SAYING.fullmatch(value) is None:
        return False
    told = [word for word in re.split(r"[ ,.;:()!-]+", value.lower()) if word and not word.isdigit()]
    return len(told) >= _FEWEST_WORDS and all(word in _SAID_OF_IT for word in told)


def _is_secret(value: str) -> bool:
    return len(value) >= 3 and _is_password(value)


def _is_token(value: str) -> bool:
    return len(value) >= 3 and value.lower() not in _WORDS and " " not in value.strip().removeprefix("Bearer ")


def _is_code(value: str) -> bool:
    return value.isalnum() and 3 <= len(value) <= 64 and any(char.isdigit() for char in value)


FITS: Final[dict[str, Callable[[str], bool]]] = {
    "password": _is_password,
    "secret": _is_secret,
    "token": _is_token,
    "session": lambda value: (is_opaque(value) or is_code(value)) and _IDENTIFIER.fullmatch(value) is None,
    "signature": lambda value: len(value) >= 8,
    "otp": lambda value: _is_code(value.replace(" ", "").replace("-", "")),
    "cvv": lambda value: value.isdigit() and 3 <= len(value) <= 4,
    "card": lambda value: _digits(value) >= 8,
    "account": lambda value: _digits(value) >= 5,
    "national-id": lambda value: _digits(value) >= 3 and 5 <= len(value) <= 40,
    "email": lambda value: value.find("@") > 0 or value.find("%40") > 0,  # what begins so is a handle
    "phone": lambda value: 6 <= _digits(value) <= 20 and _LETTER.search(value.lower().replace("ext", "")) is None,
    "name": lambda value: _PERSON.fullmatch(value) is not None and value.lower() not in _WORDS,
    "birth-date": lambda value: _digits(value) >= 4,
    "address": lambda value: len(value) >= 4 and " " in value and _LETTER.search(value) is not None,
    "authorization": lambda value: len(value) >= 3,
    "cookie": lambda value: not is_harmless_cookie(value),
    "cookies": lambda value: len(value) >= 3,
}
# The sense of a name or a date is too common for it to be searched for in neutral places.
_STAYS: Final = frozenset({"birth-date", "otp", "cvv"})
_ASK_FORM: Final = frozenset({"cookie", "session", "token", "name", "address", "account", "national-id", "otp"})


def fits(kind: str, value: str) -> bool:
    """Say whether `value` can be of `kind`; a kind of the user's own takes whatever says something."""
    test = FITS.get(kind)
    return not is_blank(value) and (test is None or test(value))


def is_sought(kind: str, value: str) -> bool:
    """Say whether a value found in one place is distinctive enough to be searched for in every other.

    A person's name is not, however long: its words are known wherever they stand, and a search for the whole of it
    would take the surname out of `B. van Dijk` and leave the initial.
    """
    if len(value) < MIN_LENGTH or kind in _STAYS or value.lower() in _WORDS:
        return False
    if kind == NAME and is_worded(value):
        return False
    if value.isdigit():
        return len(value) >= 8
    if 0 <= value.find("@") < _SHORTEST_MAILBOX:
        return False  # `b@example.com` is the end of many others, pseudonyms among them; its own rule finds it anyway
    if kind in ("cookie", "session") and is_code(value):
        return True
    if kind in _ASK_FORM:
        return is_opaque(value) or (len(value) >= 10 and not value.isalpha() and not _SLUG.fullmatch(value))
    return True


def needs_borders(value: str) -> bool:
    """Say whether a found value must stand on its own: short ones, words and plain numbers are parts of others."""
    return len(value) < 10 or "@" in value or value.isalpha() or (value.isdigit() and len(value) < 13)
