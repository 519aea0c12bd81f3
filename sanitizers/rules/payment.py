"""Payment: card numbers that pass Luhn and have an issuer, and IBANs that pass modulo 97."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.hint import Hint
from sanitizers.rule import Span
from sanitizers.shapes import is_iban, is_luhn

if TYPE_CHECKING:
    from collections.abc import Iterator

_CARD_HINT: Final = Hint(r"[2-6](?:[ -]?[0-9]){12}")
_CARD: Final = re.compile(r"(?<![\w.+-])[2-6](?:[ -]?[0-9]){12,18}(?![\w-]|\.[0-9])")
_ISSUED: Final = re.compile(
    r"4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|5[0678]\d{14}"
)
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_HINT: Final = Hint(r"[A-Za-z]{2}\d\d ?[A-Za-z0-9]{4} ?[A-Za-z0-9]{2}")
# The lengths of the registry (ISO 13616); what is not in it is no IBAN.
_LENGTHS: Final[dict[str, int]] = {
    code: int(length)
    for length, codes in (
        item.split(":")
        for item in [
            "15:NO",
            "16:BE",
            "18:DK,FO,FI,GL,NL,SD",
            "19:MK,SI",
            "20:AT,BA,EE,KZ,XK,LT,LU,MN",
            "21:HR,LV,LI,CH",
            "22:BH,BG,CR,GE,DE,IE,ME,RS,GB,VA",
            "23:TL,GI,IQ,IL,OM,SO,AE",
            "24:AD,CZ,MD,PK,RO,SA,SK,ES,SE,TN,VG",
            "25:LY,PT,ST",
            "26:IS,TR",
            "27:BI,DJ,FR,GR,IT,MR,MC,SM",
            "28:AL,AZ,BY,CY,DO,SV,GT,HU,LB,NI,PL",
            "29:BR,EG,PS,QA,UA",
            "30:JO,KW,MU,YE",
            "31:MT,SC",
            "32:LC",
            "33:RU",
        ]
    )
    for code in codes.split(",")
}


class Payments:
    """The rule of cards and accounts."""

    name = "payment"

    def spans(self, text: str) -> Iterator[Span]:
        for match in _CARD.finditer(text) if _CARD_HINT(text) else ():
            digits = re.sub(r"[ -]", "", match[0])
            if _ISSUED.fullmatch(digits) and is_luhn(digits) and len(set(digits)) > 1:
                yield Span(match.start(), match.end(), "card")
        if _IBAN_HINT(text):
            yield from _ibans(text)


def _ibans(text: str) -> Iterator[Span]:
    match = _IBAN.search(text)
    while match is not None:
        end = _iban_end(text, match)
        if end:
            yield Span(match.start(), end, "iban")
        match = _IBAN.search(text, end or match.start() + 4)


def _iban_end(text: str, match: re.Match[str]) -> int:
    """Give where the IBAN that begins here ends, or 0 where none does."""
    length = _LENGTHS.get(match[0][:2].upper(), 99)
    end, seen = match.start(), 0
    while seen < length and end < match.end():
        seen += text[end] != " "
        end += 1
    compact = text[match.start() : end].replace(" ", "").upper()
    return end if seen == length and is_iban(compact) and not text[end : end + 1].isalnum() else 0


PAYMENTS: Final = Payments()
