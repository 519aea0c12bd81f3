"""Masks: addresses of which a little is shown, as `d***@corp.example`, and what is shown of their stand-ins."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Final

_STARS: Final = r"(?P<stars>[*•]{2,})"
_MASKED: Final = re.compile(rf"(?P<first>[^\s@*•]*){_STARS}(?P<last>[^\s@*•]*)@(?P<domain>[^\s@]+)")
_HIDDEN: Final = re.compile(rf"(?P<first>[^\s@*•]*){_STARS}(?P<last>[^\s@*•]*)")
_SAID: Final = re.compile(r"[^\s@*•<>\"'(,;:=]*[*•]{2,}[^\s@*•]*@[\w.*•-]+[\w*•]")
_MOST: Final = 4096
_FOR_ANY: Final = 3
_FEWEST: Final = 2


def is_masked(text: str) -> bool:
    """Say whether a text is an address of which a part is hidden."""
    return _MASKED.fullmatch(text) is not None


def masks_in(text: str) -> list[str]:
    """Give the masked addresses in a text, in their order."""
    return _SAID.findall(text) if "@" in text else []


class Addresses:
    """The addresses that were seen last, with their stand-ins, so that what is shown of one is told of its stand-in.

    Not thread-safe. `limit` bounds how many are remembered.
    """

    def __init__(self, limit: int = _MOST) -> None:
        self._limit = limit
        self._known: OrderedDict[str, str] = OrderedDict()

    def see(self, address: str, made: str) -> None:
        """Remember an address as the one that was seen last."""
        self._known[address] = made
        self._known.move_to_end(address)
        if len(self._known) > self._limit:
            self._known.popitem(last=False)

    def masked(self, text: str) -> str | None:
        """Give what the stand-in of the address behind a mask looks like behind it, or None where none is known.

        Of several that it may be of, it is taken to be of the one seen last: an answer shows what was just sent.
        """
        form = _MASKED.fullmatch(text)
        if form is None:
            return None
        for address, made in reversed(self._known.items()):
            local, _, domain = address.partition("@")
            if _shows(form, local) and _is_domain(form["domain"], domain):
                own, _, place = made.partition("@")
                return f"{_hidden(form, local, own)}@{_hidden_domain(form['domain'], domain, place)}"
        return None


def _shows(form: re.Match[str], text: str) -> bool:
    first, last = form["first"].casefold(), form["last"].casefold()
    text = text.casefold()
    return len(text) >= len(first) + len(last) and text.startswith(first) and text.endswith(last)


def _is_domain(shown: str, domain: str) -> bool:
    form = _HIDDEN.fullmatch(shown)
    return shown.casefold() == domain.casefold() if form is None else _shows(form, domain)


def _hidden(form: re.Match[str], was: str, now: str) -> str:
    """Hide as much of a text as is hidden of another; where each letter has a star of its own, so it does here.

    Three stars stand for any number.
    """
    first, last = len(form["first"]), len(form["last"])
    stars = form["stars"]
    if len(stars) == len(was) - first - last != _FOR_ANY:
        stars = stars[0] * max(len(now) - first - last, _FEWEST)
    return f"{now[:first]}{stars}{now[len(now) - last :] if last else ''}"


def _hidden_domain(shown: str, was: str, now: str) -> str:
    """Do so of a domain, of which labels are shown as a whole at its end."""
    form = _HIDDEN.fullmatch(shown)
    if form is None:
        return now
    labels = form["last"].count(".") if form["last"].startswith(".") else 0
    if not labels:
        return _hidden(form, was, now)
    ends = ".".join(now.split(".")[-labels:])
    return f"{now[: len(form['first'])]}{form['stars']}.{ends}"
