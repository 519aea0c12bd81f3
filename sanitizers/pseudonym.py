"""A pseudonym: the stable, well-formed stand-in of a secret, made from a key and the value's own shape."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from sanitizers import shapes
from sanitizers.wording import fold, is_wording, reworded

if TYPE_CHECKING:
    from collections.abc import Callable

_SEPARATED_DIGITS: Final = re.compile(r"\+?[0-9][0-9 ().\-]{5,}[0-9]|\(\d{3}\)[0-9 .\-]{6,}")
_MASKS: Final = re.compile(
    r"[\s*•.xX_\-#]*|\W*(?i:redacted|masked|filtered|hidden|removed|sanitized|null|none)\W*"
    r"|[\[<({*][A-Za-z ]{0,40}\b(?i:redacted|masked|filtered|hidden|removed|sanitized|omitted)\b"
    r"[A-Za-z0-9 ]{0,40}[\]>)}*]"
)


def canonical(raw: str) -> str:
    """Give what two spellings of one value share: case of words, an address or a hex id, separators of a number."""
    text = composed(raw)
    if is_worded(text):
        return fold(text)
    if text[2:4].isdigit() and shapes.is_iban(compact := text.replace(" ", "").upper()):
        return compact
    if "@" in text or shapes.UUID.fullmatch(text) or shapes.HEX.fullmatch(text):
        return text.casefold()
    if _SEPARATED_DIGITS.fullmatch(text) and not shapes.DATE.fullmatch(text):
        return re.sub(r"[ ().\-]", "", text)
    return text


def composed(raw: str) -> str:
    """Give a text with each letter and its marks as one character (Unicode NFC)."""
    return raw if raw.isascii() else unicodedata.normalize("NFC", raw)


def is_worded(text: str) -> bool:
    """Say whether the stand-in of a text is made word by word: words, but no credential that begins as one."""
    return is_wording(text) and not shapes.has_known_prefix(text)


def is_blank(raw: str) -> bool:
    """Say whether a value says nothing: empty, or masked already by whoever sent it."""
    return _MASKS.fullmatch(raw) is not None


def pseudonym(key: bytes, raw: str, attempt: int = 0) -> str:
    """Give the stand-in of `raw` under `key`: the same for every spelling, of the same shape, different per attempt.

    Words get theirs one by one, in the case they have: `Ada Berg`, `BERG, ADA` and `berg` have theirs in common. Other
    values of less than four characters all get the same of their shape: `111`, `xX1`.
    """
    text = composed(raw)
    if is_worded(text):
        return reworded(
            text,
            lambda word: word_pseudonym(key, word, attempt),
            lambda letter, near: initial_pseudonym(key, letter, near),
        )
    plain = canonical(raw)
    stream = Stream(key, plain, attempt)
    for recognised, make in _SHAPES:
        if recognised(plain):
            return make(raw, plain, stream)
    return shapes.of_text(raw, plain, stream)


def word_pseudonym(key: bytes, word: str, attempt: int = 0) -> str:
    """Give the stand-in of a word in small letters: in the same script, at least as long as it takes to be rare."""
    return shapes.of_word(word, Stream(key, word, attempt))


def initial_pseudonym(key: bytes, letter: str, near: str) -> str:
    """Give the stand-in of an initial: two initials before one word never get the same."""
    return shapes.of_initial(letter, Stream(key, f"|{near}"))


def little(raw: str) -> str | None:
    """Give the stand-in that all values of so few characters and this shape share; None for longer ones.

    Words have had stand-ins of their own since; in older cassettes they share theirs too.
    """
    return shapes.of_little(raw, raw, Stream(b"", raw)) if len(canonical(raw)) < _SHORTEST else None


class Stream:
    """Endless choices drawn from a key and a value: HMAC-SHA-256 stretched by SHAKE-256 (FIPS 198-1, FIPS 202)."""

    __slots__ = ("_at", "_bytes", "_seed")

    def __init__(self, key: bytes, value: str, attempt: int = 0) -> None:
        message = f"{attempt}|{value}".encode("utf-8", "surrogatepass")
        self._seed = hmac.digest(key, message, "sha256")
        self._bytes = hashlib.shake_256(self._seed).digest(2 * len(value) + 64)
        self._at = 0

    def below(self, count: int) -> int:
        """Draw a number from 0 to count - 1; the bias is under count / 65536."""
        at = self._at
        if at + 2 > len(self._bytes):
            self._seed = hashlib.sha256(self._seed).digest()
            self._bytes, at = hashlib.shake_256(self._seed).digest(4096), 0
        self._at = at + 2
        return ((self._bytes[at] << 8) | self._bytes[at + 1]) % count

    def of(self, letters: str) -> str:
        return letters[self.below(len(letters))]


# So few characters have so few stand-ins that one would soon be taken for a value, or a value for one.
_SHORTEST: Final = 4
_SHAPES: Final[tuple[tuple[Callable[[str], bool], Callable[[str, str, Stream], str]], ...]] = (
    (shapes.is_pem, shapes.of_pem),
    (shapes.is_email, shapes.of_email),
    (lambda plain: len(plain) < _SHORTEST, shapes.of_little),
    (shapes.is_uuid, shapes.of_uuid),
    (shapes.is_date, shapes.of_date),
    (shapes.is_card, shapes.of_card),
    (shapes.is_iban, shapes.of_iban),
    (shapes.is_phone, shapes.of_phone),
    (shapes.is_number, shapes.of_number),
    (shapes.is_hex, shapes.of_hex),
)
