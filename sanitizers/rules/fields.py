"""Fields: values announced by the name of a JSON member, form field, multipart part, XML element or attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.rules.vocabulary import announced

if TYPE_CHECKING:
    from sanitizers.rule import Place

_IN_PATHS: Final = frozenset({"password", "secret", "token", "session", "otp", "account", "national-id", "phone"})


class FieldNames:
    """The rule of names: the vocabulary for fields, and what it says of path segments by the segment before them."""

    name = "fields"

    def kind(self, place: Place, name: str) -> str | None:
        if place in ("field", "query"):
            return announced(name)
        if place == "path":
            kind = announced(name)
            return kind if kind in _IN_PATHS else None
        return None

    def fits(self, place: Place, kind: str, value: str) -> bool:
        if place == "path" and not (kinds.is_opaque(value) or (kind in ("phone", "otp") and value.isdigit())):
            return False
        # A JSON pointer under a telling name refers to something, as in `api_key: "#/components/schemas/Key"`.
        return not value.startswith("#/") and kinds.fits(kind, value)


FIELDS: Final = FieldNames()
