"""A term: an expression of a template that can also be worked out on a recorded interaction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from recorder.synthesis.samples.values import MISSING, Path

if TYPE_CHECKING:
    from recorder.synthesis.terms.scene import Scene

Get: TypeAlias = "Callable[[Scene], Any]"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SIDE: Final = r"[\w.\[\]'\xa7-]+"
_INSIDE: Final = r"\((?:[^()]|\([^()]*\))*\)"
_MORE: Final = re.compile(rf"(?P<one>days{_INSIDE}|{_INSIDE}(?:\.\w+)+|{_SIDE}) (?:<|>|<=|>=) (?P<other>{_SIDE})")
_WHOM: Final = re.compile(r"request\.(?:auth\.(?:token|username)|headers\['x-[\w-]+'\]|cookies[.\[])")
_PART: Final = re.compile(rf"(?:(?<=\()|(?<=\band )|(?<=\bor )|(?<=\bnot )|^){_MORE.pattern}(?=\)| and | or |$)")
"""A comparison that is a whole part of a condition."""
_NUMBER: Final = re.compile(r"-?[\d.]+")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_RESERVED: Final = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None")
)
STANDS: Final = "stands"
"""What a term is called that tells whether there is just what a call asks about: what else comes to it is chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """`text` is the expression, `get` works it out: MISSING where a part of it is not there.

    `name` is the last name in it, `cost` how far-fetched it is: of several that fit, the cheapest is taken. `uses` are
    the names of `vars` that it reads, `keeps` the hidden members (collection, attribute) that it needs kept. `inline`
    says that it may also be turned around.
    """

    text: str
    get: Get
    name: str = ""
    cost: float = 1.0
    uses: frozenset[str] = frozenset()
    keeps: frozenset[tuple[str, str]] = frozenset()
    inline: bool = True

    def __repr__(self) -> str:
        return f"Term({self.text})"


def constant(value: Any) -> Term:
    """Give the term of a fixed value."""
    return Term(literal(value), lambda _scene: value, cost=0.5)


def literal(value: Any) -> str:
    """Write a JSON value as an expression."""
    if value is None:
        return "none"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.translate(_ESCAPES)
        # A text with {{ }} in it would be read as a template; joined from two it is only a text.
        return f"'{escaped}'" if "{{" not in escaped else "('" + escaped.replace("{{", "{' ~ '{") + "')"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(str(name))}: {literal(inner)}" for name, inner in value.items()) + "}"
    return repr(value)


@lru_cache(maxsize=1 << 16)
def member(base: str, path: Path) -> str:
    """Write the part of an expression at a path."""
    for step in path:
        is_plain = isinstance(step, str) and _NAME.match(step) and step not in _RESERVED
        base += f".{step}" if is_plain else f"[{literal(step)}]"
    return base


def guarded(text: str) -> str:
    """Write a comparison of which is more so that it can be worked out whatever is there: it says so of no number."""
    found = _MORE.fullmatch(text)
    if found is not None:
        return _guarded(found)
    return _PART.sub(lambda one: one[0] if _is_guarded(one["one"], text) else f"({_guarded(one)})", text)


def _is_guarded(side: str, text: str) -> bool:
    """Tell whether a condition says itself what a side of a comparison has to be: a number, or a text as a day is."""
    return f"{side} is number" in text or f"{side} is string" in text


def _guarded(found: re.Match[str]) -> str:
    sides = [side for side in (found["one"], found["other"]) if not _NUMBER.fullmatch(side)]
    return " and ".join([*(f"{side} is number" for side in sides), found[0]])


def part_of(root: Term, path: Path, value_of: Callable[[Any, Path], Any]) -> Term:
    """Give the term of a part of what another gives."""
    if not path:
        return root

    def get(scene: Scene) -> Any:
        whole = root.get(scene)
        return MISSING if whole is MISSING else value_of(whole, path)

    return Term(member(root.text, path), get, str(path[-1]), root.cost + 0.05 * len(path), root.uses, root.keeps)


def is_there(term: Term) -> Term:
    """Give the term of whether what another gives is there."""

    def get(scene: Scene) -> bool:
        return term.get(scene) is not MISSING

    return Term(f"{term.text} is defined", get, term.name, 0.3, term.uses, term.keeps)


def is_whom(term: Term) -> bool:
    """Tell whether a term tells who asks: credentials, or a header of the service's own that stands for them."""
    return _WHOM.match(term.text) is not None


def used_by(terms: Iterable[Term]) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """Give what several terms read and need kept together."""
    known = list(terms)
    uses = frozenset(use for term in known for use in term.uses)
    return uses, frozenset(kept for term in known for kept in term.keeps)


def made_by(call: Callable[[Any], Any], value: Any) -> Any:
    """Give what a function makes of a value, MISSING where it cannot be done."""
    try:
        return call(value)
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        return MISSING


def applied(text: str, of: Term, call: Callable[[Any], Any], cost: float, *, name: str = "") -> Term:
    """Give the term of what a function makes of another's value; `{}` in the text is that other.

    `call` gives MISSING, or raises ValueError or TypeError, where it cannot be done.
    """

    def get(scene: Scene) -> Any:
        value = of.get(scene)
        return MISSING if value is MISSING else made_by(call, value)

    return Term(text.format(of.text), get, name or of.name, of.cost + cost, of.uses, of.keeps)


def alike(one: str, other: str) -> bool:
    """Tell whether two names are the same but for case and signs: `userId` and `user_id`."""
    first, second = (re.sub(r"[\W_]", "", text).lower() for text in (one, other))
    return bool(first) and first == second
