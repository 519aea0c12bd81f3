"""The shapes a value can have, and how a stand-in of the same shape is drawn."""

from __future__ import annotations

import re
from typing import Final, Protocol

from sanitizers.words import words


class Draw(Protocol):
    """A source of choices that depend on the key and the value only."""

    def below(self, count: int) -> int:
        """Give a number from 0 to count - 1."""

    def of(self, letters: str) -> str:
        """Give one of the letters."""


UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
HEX: Final = re.compile(r"(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])(?:[0-9a-f]{8,}|[0-9A-F]{8,})")
DATE: Final = re.compile(
    r"(?P<y>[12]\d{3})(?P<s>[-/.])(?P<m>[01]\d)(?P=s)(?P<d>[0-3]\d)(?P<rest>[T ][0-9:.,+\-Z]*)?"
    r"|(?P<a>[0-3]?\d)(?P<t>[-/.])(?P<b>[0-3]?\d)(?P=t)(?P<z>[12]\d{3})"
)
_NUMBER: Final = re.compile(r"(-?)(\d+)((?:\.\d+)?)((?:[eE][+-]?\d+)?)")
_EMAIL: Final = re.compile(r"[\w.%+'!#$*~-]{1,64}@(?:(?:[\w-]+\.)+[^\W\d_]{2,24}|localhost)")
_PEM: Final = re.compile(r"-----BEGIN [^-]+-----")
_PREFIX: Final = re.compile(
    r"gh[pousr]_|github_pat_|gl(?:pat|rt|dt|cbt|ptt|ft|soat)-|xox[a-z]-|xapp-\d-|[spr]k_(?:live|test)_|whsec_"
    r"|A(?:KIA|SIA|GPA|IDA|ROA|IPA|NPA|NVA)(?=[A-Z2-7]{16})|AIza|ya29\.|sk-(?:ant-|proj-|svcacct-|or-v1-|lf-)?"
    # How a password was hashed: bcrypt, crypt(3), PHC strings, and what Django, Werkzeug and LDAP write.
    r"|\$2[abxy]?\$\d\d\$|\$[1567y]\$(?:rounds=\d+\$)?|\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$"
    r"|\$(?:pbkdf2-sha\d+|scrypt)\$[\w=,]+\$|pbkdf2[_:]sha\d+[$:]\d+\$|scrypt:\d+:\d+:\d+\$|\{S?SHA\d*\}"
    r"|npm_|pypi-|SG\.|hv[sbr]\.|dop_v1_|shp(?:at|ss|ca|pa)_|AC(?=[0-9a-f]{32}\b)|SK(?=[0-9a-f]{32}\b)|eyJ|hf_|rk_|pk_"
)
_INT32: Final = 2**31 - 1
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_UPPER: Final = _LOWER.upper()
_DIGITS: Final = "0123456789"
_LONG_CARD: Final = 15
_SHORTEST_WORD: Final = 6
_FIRST_WORD_SIGN: Final = "\u3040"
_NEXT_PAD: Final = {1: "AEIMQUYcgkosw048", 2: "AQgw"}
# First code point and size of ranges that hold letters only, so that a name stays in its script.
_SCRIPTS: Final = (
    (0x03B1, 17), (0x0430, 32), (0x0410, 32), (0x05D0, 27), (0x0628, 19), (0x0915, 37), (0x0E01, 46), (0x3042, 40),
    (0x30A2, 40), (0x4E00, 20000), (0xAC00, 11000),
)  # fmt: skip


def luhn_digit(digits: str) -> str:
    """Give the check digit that completes `digits` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_luhn(digits: str) -> bool:
    return luhn_digit(digits[:-1]) == digits[-1]


def iban_remainder(text: str) -> int:
    """Give an IBAN's number modulo 97 (ISO 13616, ISO 7064); a valid one gives 1."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97


def is_iban(plain: str) -> bool:
    return (
        15 <= len(plain) <= 34
        and plain.isascii()
        and plain.isalnum()
        and plain[:2].isalpha()
        and plain[:2].isupper()
        and plain[2:4].isdigit()
        and plain == plain.upper()
        and iban_remainder(plain) == 1
    )


def is_pem(plain: str) -> bool:
    return _PEM.match(plain.lstrip()) is not None


def is_email(plain: str) -> bool:
    return "@" in plain and _EMAIL.fullmatch(plain) is not None


def is_uuid(plain: str) -> bool:
    return UUID.fullmatch(plain) is not None


def is_date(plain: str) -> bool:
    return DATE.fullmatch(plain) is not None


def is_card(plain: str) -> bool:
    return 12 < len(plain) < 20 and plain.isascii() and plain.isdigit() and plain[0] in "23456" and is_luhn(plain)


def is_phone(plain: str) -> bool:
    return plain[:1] == "+" and plain[1:].isdigit() and plain.isascii() and 7 <= len(plain) <= 17


def is_number(plain: str) -> bool:
    return _NUMBER.fullmatch(plain) is not None and plain.isascii()


def is_hex(plain: str) -> bool:
    return HEX.fullmatch(plain) is not None


def of_pem(raw: str, _plain: str, draw: Draw) -> str:
    parts = re.split(r"(-----[^-\n]*-----|\\+[nr])", raw)
    return "".join(part if index % 2 else _letters(part, draw) for index, part in enumerate(parts))


def of_email(raw: str, _plain: str, draw: Draw) -> str:
    local = raw.partition("@")[0]
    new = "".join(_char(char, draw) for char in local)
    letters = sum(char.isalnum() for char in new)
    new += "".join(draw.of(_LOWER) for _ in range(8 - letters))
    domain = "EXAMPLE.COM" if raw.isupper() else "example.com"
    return (new.upper() if raw.isupper() else new) + "@" + domain


def of_little(raw: str, _plain: str, _draw: Draw) -> str:
    mark_stays = any(char.isalnum() for char in raw)
    return "".join(
        "1" if char.isdigit() else "X" if char.isupper() else "x" if char.isalnum() or not mark_stays else char
        for char in raw
    )


def of_uuid(raw: str, plain: str, draw: Draw) -> str:
    new = "".join(
        char if char == "-" or place in (14, 19) else draw.of("0123456789abcdef") for place, char in enumerate(plain)
    )
    return new.upper() if raw == raw.upper() else new


def of_date(_raw: str, plain: str, draw: Draw) -> str:
    match = DATE.fullmatch(plain)
    assert match is not None
    month, day, year = draw.below(12) + 1, draw.below(28) + 1, 1950 + draw.below(60)
    if match["y"]:
        return f"{year}{match['s']}{month:02}{match['s']}{day:02}{match['rest'] or ''}"
    first = 1 + draw.below(
        9 if len(match["a"]) == 1 else 12
    )  # both below 13: day first and month first both stay valid
    second = 1 + draw.below(9 if len(match["b"]) == 1 else 12)
    sep = match["t"]
    return f"{first:0{len(match['a'])}}{sep}{second:0{len(match['b'])}}{sep}{year}"


def of_card(raw: str, plain: str, draw: Draw) -> str:
    """Draw what PCI DSS wants hidden: all but the issuer's six digits and, of a long number, the last four."""
    if len(plain) < _LONG_CARD:
        body = plain[:6] + "".join(draw.of(_DIGITS) for _ in plain[6:-1])
        return _laid_over(raw, body + luhn_digit(body))
    body = plain[:6] + "".join(draw.of(_DIGITS) for _ in plain[6:-5])
    return _laid_over(raw, next(card for digit in _DIGITS if is_luhn(card := body + digit + plain[-4:])))


def of_iban(raw: str, plain: str, draw: Draw) -> str:
    body = "".join(draw.of(_DIGITS if char.isdigit() else _UPPER) for char in plain[4:])
    check = 98 - iban_remainder(plain[:2] + "00" + body)
    return _laid_over(raw, f"{plain[:2]}{check:02}{body}")


def of_phone(raw: str, plain: str, draw: Draw) -> str:
    country = _country_digits(plain[1:])
    national = plain[1 + country :]
    new = plain[1 : 1 + country] + _digits_like(national, draw)
    return "+" + _laid_over(raw[1:], new)


def of_number(raw: str, plain: str, draw: Draw) -> str:
    match = _NUMBER.fullmatch(plain)
    assert match is not None
    sign, whole, fraction, exponent = match.groups()
    new = _digits_like(whole, draw)
    if raw != plain:
        return _laid_over(raw, new)
    return sign + new + "".join(draw.of(_DIGITS) if char != "." else char for char in fraction) + exponent


def of_hex(raw: str, plain: str, draw: Draw) -> str:
    new = "".join(draw.of(_DIGITS if char.isdigit() else "abcdef") for char in plain)
    return new.upper() if raw == raw.upper() else new


def of_text(_raw: str, plain: str, draw: Draw) -> str:
    """Draw letter for letter: digits stay digits, capitals capitals; punctuation and a known prefix stay."""
    match = _PREFIX.match(plain)
    prefix = match[0] if match and len(plain) >= len(match[0]) + 8 else ""
    rest = plain[len(prefix) :]
    if not any(char.isalnum() for char in rest):
        return prefix + "".join(char if char.isspace() else draw.of(_LOWER) for char in rest)
    pads = len(rest) - len(rest.rstrip("="))
    new = _letters(rest, draw)
    if pads in _NEXT_PAD and len(rest) > pads + 4:
        cut = len(rest) - pads - 1
        new = new[:cut] + draw.of(_NEXT_PAD[pads]) + rest[cut + 1 :]
    return prefix + new


def has_known_prefix(text: str) -> bool:
    """Say whether a text begins as the credentials of some provider do, and is long enough to be one."""
    match = _PREFIX.match(text)
    return match is not None and len(text) >= len(match[0]) + 8


def of_word(word: str, draw: Draw) -> str:
    """Draw a word of the same script, of six letters or more: so many that it is neither a word nor drawn twice."""
    letters = [char for char in word if char.isalpha()] or ["x"]
    shortest = _SHORTEST_WORD if letters[-1] < _FIRST_WORD_SIGN else 2
    letters += letters[-1:] * (shortest - len(letters))
    return "".join([_char(char, draw) for char in letters]).lower()


def of_initial(letter: str, draw: Draw) -> str:
    """Draw an order of the alphabet, the same for all letters, and give the one at the letter's place."""
    if letter not in _LOWER:
        return _char(letter, draw).lower()
    rest = list(_LOWER)
    return [rest.pop(draw.below(len(rest))) for _ in range(len(_LOWER))][_LOWER.index(letter)]


def _digits_like(digits: str, draw: Draw) -> str:
    """Draw digits that fit where these did.

    No leading zero comes or goes, 32 and 64 bits are not exceeded, and what could be a North American telephone
    number or a social security number still could be one.
    """
    head = _head(digits, draw)
    rest = (draw.of("2345678" if place == 3 else "123456789") for place in range(len(head), len(digits)))
    return head + "".join(rest)


def _head(digits: str, draw: Draw) -> str:
    first = digits[0]
    if first == "0":
        return "0"
    if len(digits) in (10, 19) and first == "1":
        return "1"
    if len(digits) == 10 and int(digits) <= _INT32:
        return "20"
    if len(digits) == 19:
        return str(1 + draw.below(int(first) - 1))
    return draw.of("2345678" if len(digits) > 8 else "123456789")


def _laid_over(raw: str, new: str) -> str:
    """Write the letters and digits of `new` where `raw` has its own, in the case that `raw` has."""
    source = iter(new)
    return "".join(_cased(next(source), char) if char.isalnum() else char for char in raw)


def _cased(new: str, old: str) -> str:
    return new.lower() if old.islower() else new


def _letters(text: str, draw: Draw) -> str:
    return "".join([_char(char, draw) for char in text])


def _char(char: str, draw: Draw) -> str:
    if "a" <= char <= "z":
        return draw.of(_LOWER)
    if "A" <= char <= "Z":
        return draw.of(_UPPER)
    if "0" <= char <= "9":
        return draw.of(_DIGITS)
    if char < "\x80" or not char.isalnum():
        return char
    code = ord(char)
    for first, size in _SCRIPTS:
        if first <= code < first + size:
            return chr(first + draw.below(size))
    return draw.of(_UPPER if char.isupper() else _LOWER)


def _country_digits(digits: str) -> int:
    """Give how many digits the country code has (ITU-T E.164)."""
    if digits[0] in "17":
        return 1
    return 2 if digits[:2] in _TWO else 3


_TWO: Final = words(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
    "90 91 92 93 94 95 98"
)
