"""Cookies: every cookie's value, since a cookie is what a server remembers a person by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers import kinds

if TYPE_CHECKING:
    from sanitizers.rule import Place


class CookieNames:
    """The rule of cookies: all names, but for values that every visitor has (`true`, `dark`, `en-US`)."""

    name = "cookies"

    def kind(self, place: Place, _name: str, /) -> str | None:
        return "cookie" if place == "cookie" else None

    def fits(self, _place: Place, kind: str, value: str, /) -> bool:
        return kinds.fits(kind, value)


COOKIES: Final = CookieNames()
