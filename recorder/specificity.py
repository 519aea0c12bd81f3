"""How much it tells that two values are equal: a UUID can only be the same one, a 3 stands everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cassettes.volatile import plain_name

if TYPE_CHECKING:
    from recorder.leaves import Leaf

NOTHING: Final = 0
"""Empty texts and null: they come from nowhere."""
FAINT: Final = 1
"""Booleans, 0 and 1: an echo under the same name, and else nothing."""
WEAK: Final = 2
"""Small numbers and single words: the same only under the same name."""
RICH: Final = 3
"""Texts of several words, larger numbers: the same where they are rare in the cassette."""
MADE: Final = 4
"""Ids, tokens, hashes, addresses, moments: the same wherever they stand."""

_MADE: Final = re.compile(
    r"""
      [0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}
    | (?=\D*\d)[0-9a-fA-F]{12,}
    | \d{7,}
    | (?=[^\d]*\d)(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])[\w+/=.~-]{16,}
    | (?=(?:\D*\d){2})[\w+/=.~-]{24,}
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d.{0,12}
    """,
    re.VERBOSE | re.ASCII,
)
_WORD: Final = re.compile(r"[^\W\d_]{1,24}")
_SMALL: Final = re.compile(r"-?\d{1,3}(?:\.\d{1,2})?")
_SECOND: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?:Z|[+-]\d\d:?\d\d)?")
_RARE: Final = (4, 0.34)

_IDS: Final = frozenset({"id", "ids", "uuid", "guid", "key", "pk", "uid", "ref", "href", "self", "number", "slug"})
_ENVELOPES: Final = frozenset({"data", "result", "results", "items", "hits", "rows", "records", "payload", "body", ""})
_STEP: Final = re.compile(r"[^$.\[\]'/]+")


def weight(leaf: Leaf) -> int:
    """Give how much an equal value tells, from NOTHING to MADE."""
    value, kind = leaf.value, leaf.kind
    if kind == "null" or not value:
        return NOTHING
    if kind == "boolean" or value in {"0", "1", "true", "false"}:
        return FAINT
    return weight_of_text(value)


def weight_of_text(text: str) -> int:
    """Give how much it tells that a text stands somewhere else too."""
    if len(text) > 6 and _MADE.fullmatch(text):
        return MADE
    if len(text) < 4 or _SMALL.fullmatch(text) or _WORD.fullmatch(text) or _SECOND.fullmatch(text):
        return WEAK  # also a moment to the second: much happens in one
    return RICH if len(text) > 4 or text.isdigit() else WEAK


def is_rare(interactions: int, of: int) -> bool:
    """Tell whether a value that stands in so many of the interactions says where it came from."""
    least, share = _RARE
    return interactions <= max(least, share * of)


def names_of(leaf: Leaf, collection: str, segment_before: str = "") -> tuple[str, ...]:
    """Give the names under which a weak value may be the same elsewhere.

    The first counts within one interaction only. Beyond it an id has the name of what it is the id of: `$.id` of
    `/users/3`, the segment `3` of it, `$.user.id` and `$.user_id` are all `userid`; any other value has the collection
    before it: `order.status`. `collection` is the last word in the request's path, `segment_before` the one before a
    path's segment.
    """
    if leaf.place.startswith("request.path."):
        word = singular(segment_before)
        return ("", f"{word}id", word) if word else ()
    own = plain_name(leaf.name)
    if not own:
        return ()
    if own in _IDS:
        steps = [step for step in _STEP.findall(leaf.place.partition(" ")[2]) if not step.isdigit()]
        container = plain_name(steps[-2]) if len(steps) > 1 else ""
        word = singular(collection if container in _ENVELOPES else container)
        return (own, f"{word}id") if word else (own,)
    return (own, own) if own.endswith("id") and len(own) > 4 else (own, f"{singular(collection)}.{own}")


def singular(word: str) -> str:
    """Give the singular of an English plural, plainly written: `categories` is `category`, `User-Roles` `userrole`."""
    plain = plain_name(word)
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if plain.endswith(("sses", "xes", "ches", "shes")):
        return plain[:-2]
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") and len(plain) > 2 else plain


def collection_of(segments: list[str]) -> str:
    """Give the last segment of a path that is a word, as in `users` of `/v1/users/3`."""
    return next((segment for segment in reversed(segments) if is_word(segment)), "")


def is_word(segment: str) -> bool:
    """Tell whether a segment names something rather than being an id or a version."""
    return len(segment) > 2 and all(part.isalpha() for part in re.split(r"[-_.]", segment))
