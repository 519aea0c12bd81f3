"""The vocabulary of an endpoint: every term that a part of its answers might be, found by the value it gives."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

from recorder.media_types import media_type_of
from recorder.slug import slugged
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, as_text, canon, is_number, is_scalar, look, parts
from recorder.synthesis.terms.days import days_between
from recorder.synthesis.terms.differences import LEFT, differences
from recorder.synthesis.terms.pieces import pieces_of
from recorder.synthesis.terms.roots import lookup_roots, part_data, patched_roots, request_roots
from recorder.synthesis.terms.scene import CALLER, HIDDEN, OWNER, Lookup, Scene
from recorder.synthesis.terms.sums import held_sums
from recorder.synthesis.terms.term import Get, Term, applied, made_by, part_of

_LONGEST_LIST: Final = 500
_LONGEST_SLUG: Final = 200
_LONGEST_HASHED: Final = 100_000
_DIGESTS: Final = (
    ("md5", "hex", re.compile(r"[0-9a-f]{32}")),
    ("sha1", "hex", re.compile(r"[0-9a-f]{40}")),
    ("sha256", "hex", re.compile(r"[0-9a-f]{64}")),
    ("md5", "base64", re.compile(r"[A-Za-z0-9+/]{22}==")),
    ("sha1", "base64", re.compile(r"[A-Za-z0-9+/]{27}=")),
    ("sha256", "base64", re.compile(r"[A-Za-z0-9+/]{43}=")),
)


class Vocabulary:
    """The terms of one endpoint's scenes. `lookups` are the items that it looks up, by name.

    `sights` tell that who asks would not be shown the item in a list, or that a list is asked for what cannot be.
    """

    def __init__(
        self, scenes: Sequence[Scene], lookups: Mapping[str, Lookup], extra: Sequence[Term] = (),
        reckoned: Sequence[Term] | None = None, sights: Sequence[Term] = (),
    ) -> None:  # fmt: skip
        self.lookups = lookups
        self.sights = sights
        self._extra = list(extra)
        known = [*request_roots(scenes), *lookup_roots(lookups), *patched_roots(scenes, lookups)]
        known += held_sums(scenes, lookups) if _are_writes(scenes) else []
        if reckoned is None:
            reckoned = [*days_between(scenes, known), *differences(scenes, known)]
        self._reckoned = list(reckoned)
        self._roots = [*self._reckoned, *known, *extra]
        self._index: dict[int, dict[Hashable, list[_Entry]]] = {}
        self._given: dict[tuple[int, Hashable], list[Term]] = {}
        self._hidden: dict[int, list[tuple[Term, Any]]] = {}
        self._all: dict[int, list[tuple[Term, Any]]] = {}
        self._parts: dict[tuple[int, Path], Term] = {}

    def with_terms(self, scenes: Sequence[Scene], *terms: Term) -> Vocabulary:
        """Give this vocabulary with more roots."""
        return Vocabulary(scenes, self.lookups, [*self._extra, *terms], self._reckoned, self.sights)

    def of_requests(self, scenes: Sequence[Scene]) -> Vocabulary:
        """Give the vocabulary of what these scenes ask alone, and of the days between dates."""
        return Vocabulary(scenes, {}, (), [term for term in self._reckoned if term.name != LEFT])

    def giving(self, value: Any, scene: Scene) -> list[Term]:
        """Give the terms that come to this value in this scene, the plainest first."""
        known = id(scene), canon(value)
        found = self._given.get(known)
        if found is None:
            found = self._given[known] = self._made(scene, known[1])
        return [*found, *self._digests(value, scene)] if isinstance(value, str) else found

    def everything(self, scene: Scene) -> list[tuple[Term, Any]]:
        """Give all terms with what they give in this scene."""
        known = self._all.get(id(scene))
        if known is None:
            known = self._all[id(scene)] = list(self._terms(scene))
        return known

    def objects(self, scene: Scene) -> Iterator[tuple[Term, dict[str, Any]]]:
        """Give the terms that are objects here."""
        for term, value in self.everything(scene):
            if isinstance(value, dict) and value:
                yield term, value

    def lists(self, scene: Scene) -> Iterator[tuple[Term, list[Any]]]:
        """Give the terms that are lists here."""
        for term, value in self.everything(scene):
            if isinstance(value, list):
                yield term, value

    def _made(self, scene: Scene, known: Hashable) -> list[Term]:
        """Make the terms that come to a value; of those that nobody asks for only what they are made of is kept."""
        index = self._index.get(id(scene))
        if index is None:
            index = self._index[id(scene)] = self._indexed(scene)
        entries = sorted(index.get(known, ()), key=lambda entry: entry.cost)
        return [one.term if one.made is None else one.made.applied_to(one.term) for one in entries]

    def _indexed(self, scene: Scene) -> dict[Hashable, list[_Entry]]:
        index: dict[Hashable, list[_Entry]] = defaultdict(list)
        for term, value in self.everything(scene):
            index[canon(value)].append(_Entry(term.cost, term, None))
            for canonical, one in _made_into(value):
                index[canonical].append(_Entry(term.cost + one.cost, term, one))
        return index

    def _terms(self, scene: Scene) -> Iterator[tuple[Term, Any]]:
        for root in self._roots:
            whole = root.get(scene)
            if whole is MISSING:
                continue
            if not isinstance(whole, dict | list):
                yield root, whole
                continue
            for path, value in parts(whole, longest_list=3):
                known = self._parts.get((id(root), path))
                if known is None:
                    known = self._parts[id(root), path] = part_of(root, path, look)
                yield known, value

    def hidden_terms(self, scene: Scene) -> list[tuple[Term, Any]]:
        """Give the hidden members of the items that are looked up."""
        known = self._hidden.get(id(scene))
        if known is None:
            known = self._hidden[id(scene)] = list(self._hidden_terms(scene))
        return known

    def _hidden_terms(self, scene: Scene) -> Iterator[tuple[Term, Any]]:
        for name, lookup in self.lookups.items():
            key, item = scene.key_of(name), scene.looked_up(name)
            if item is MISSING or lookup.within is not None:
                continue
            attributes = scene.timeline.get(lookup.collection + HIDDEN, key, scene.moment)
            for attribute, value in (attributes or {}).items() if isinstance(attributes, dict) else ():
                text, last = f"vars.{name}.{hidden_name(attribute)}", attribute.rpartition(".")[2]
                keeps = frozenset({(lookup.collection, attribute)})
                term = Term(text, _hidden(name, attribute), last, 2.0, frozenset({name}), keeps)
                for path, inner in parts(value, longest_list=3):
                    yield part_of(term, path, look), inner

    def _digests(self, value: str, scene: Scene) -> Iterator[Term]:
        """Give the digests that come to a text of the form of one, perhaps in quotes, as an ETag is."""
        mark = '"' if len(value) > 1 and value[0] == value[-1] == '"' else ""
        bare = value[1:-1] if mark else value
        for algorithm, encoding, form in _DIGESTS:
            if form.fullmatch(bare) is not None:
                yield from self._digests_by(
                    partial(_digest, algorithm=algorithm, encoding=encoding, mark=mark), value, scene
                )

    def _digests_by(self, digest: partial[str], wanted: str, scene: Scene) -> Iterator[Term]:
        shown = "'{algorithm}'" if digest.keywords["encoding"] == "hex" else "'{algorithm}', '{encoding}'"
        text = f"hash({{}}, {shown.format(**digest.keywords)})"
        text = f"('\"' ~ {text} ~ '\"')" if digest.keywords["mark"] else text
        for term in map(part_data, scene.sample.parts):
            if digest(term.get(scene)) == wanted:
                yield applied(text, term, digest, 0.6)
        for term, given in self.everything(scene):
            is_hashed = isinstance(given, str) and 0 < len(given) <= _LONGEST_HASHED
            if is_hashed and digest(given) == wanted:
                yield applied(text, term, digest, 0.6)


def _are_writes(scenes: Sequence[Scene]) -> bool:
    return bool(scenes) and scenes[0].endpoint.method not in READS


def hidden_name(attribute: str) -> str:
    """Give the member under which a hidden attribute is kept in an item."""
    if attribute.startswith(CALLER):
        return OWNER
    if attribute.startswith("request.parts."):
        return "_" + re.sub(r"\W+", "_", attribute.removeprefix("request.parts.")).lower()
    if attribute.startswith("request.headers."):
        return "_sent_" + re.sub(r"\W+", "_", attribute.removeprefix("request.headers.")).lower()
    return "_" + re.sub(r"\W+", "_", attribute.rpartition(".")[2]).lower()


def _hidden(name: str, attribute: str) -> Get:
    return lambda scene: scene.hidden(name, attribute)


def _digest(given: Any, algorithm: str, encoding: str, mark: str) -> str:
    raw = given if isinstance(given, bytes) else as_text(given).encode()
    made = hashlib.new(algorithm, raw, usedforsecurity=False).digest()
    return mark + (made.hex() if encoding == "hex" else base64.b64encode(made).decode()) + mark


def _whole(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,15}", text):
        return MISSING
    return int(text)


def _fraction(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,12}\.\d{1,12}", text):
        return MISSING
    return float(text)


def _flag(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, MISSING) if isinstance(text, str) else MISSING


def _b64_decoded(text: str) -> Any:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        return MISSING


def _slug(text: str, separator: str) -> Any:
    made = slugged(text, separator) if len(text) <= _LONGEST_SLUG else ""
    return made if separator in made else MISSING


def _media_type(text: str) -> Any:
    made = media_type_of(text) if len(text) <= _LONGEST_SLUG else None
    return MISSING if made is None else made


class Transformation(NamedTuple):
    """What a value is made into: its text, `{}` in it is the value, the function, and what it costs."""

    text: str
    call: Callable[[Any], Any]
    cost: float

    def made_of(self, value: Any) -> Any:
        """Give what it makes of a value, MISSING where it cannot."""
        return made_by(self.call, value)

    def applied_to(self, term: Term) -> Term:
        """Give the term that it makes of another."""
        return applied(self.text, term, self.call, self.cost)


_ON_TEXT: Final = (
    Transformation("({} | int)", _whole, 0.1),
    Transformation("({} | float)", _fraction, 0.15),
    Transformation("({} == 'true')", _flag, 0.3),
    Transformation("({} | lower)", lambda text: text.lower(), 0.3),
    Transformation("({} | upper)", lambda text: text.upper(), 0.3),
    Transformation("({} | trim)", lambda text: text.strip(), 0.3),
    Transformation("({} | title)", lambda text: text.title(), 0.5),
    Transformation("({} | capitalize)", lambda text: text.capitalize(), 0.5),
    Transformation("({} | slug)", lambda text: _slug(text, "-"), 0.4),
    Transformation("({} | slug('_'))", lambda text: _slug(text, "_"), 0.45),
    Transformation("({} | length)", len, 0.7),
    Transformation("({} | wordcount)", lambda text: len(text.split()), 0.75),
    Transformation("({} | media_type)", _media_type, 0.6),
    Transformation("({} | url)", lambda text: quote(text, safe=""), 0.4),
    Transformation("({} | url_decode)", unquote, 0.4),
    Transformation("({} | base64)", lambda text: base64.b64encode(text.encode()).decode(), 0.5),
    Transformation("({} | base64_decode)", lambda text: _b64_decoded(text) if len(text) >= 8 else MISSING, 0.5),
)


class _Entry(NamedTuple):
    """A term that comes to a value, by itself or made into something, and what it costs then."""

    cost: float
    term: Term
    made: Transformation | None


def transformations(value: Any) -> Iterator[Transformation]:
    """Give those of the closed list that a value like this one may be put through."""
    if isinstance(value, str):
        if 0 < len(value) <= 2_000:
            yield from _ON_TEXT
            yield from (Transformation(*piece) for piece in pieces_of(value))
            for comma in (", ", ","):
                if comma in value and len(value) < _LONGEST_LIST:
                    yield Transformation(f"({{}} | split({comma!r}))", partial(_split, comma=comma), 0.8)
    elif is_number(value):
        yield from _ON_NUMBERS
        if isinstance(value, int):
            yield from _ON_WHOLE
    elif isinstance(value, bool):
        yield _ON_FLAG
    elif isinstance(value, list):
        yield from _ON_LISTS


def _made_into(value: Any) -> Sequence[tuple[Hashable, Transformation]]:
    """Give what a value may be made into, canonically, but for itself; the values of a service come again and again."""
    return _scalar_made_into(value) if is_scalar(value) else _worked_out(value)


def _worked_out(value: Any) -> Sequence[tuple[Hashable, Transformation]]:
    known = canon(value)
    found = ((one.made_of(value), one) for one in transformations(value))
    made = [(canon(given), one) for given, one in found if given is not MISSING]
    return [(canonical, one) for canonical, one in made if canonical != known]


_scalar_made_into: Final = lru_cache(maxsize=1 << 14, typed=True)(_worked_out)


def _next(number: Any) -> Any:
    return number + 1 if is_number(number) else MISSING


def _previous(number: Any) -> Any:
    return number - 1 if is_number(number) else MISSING


def _opposite(flag: Any) -> Any:
    return not flag if isinstance(flag, bool) else MISSING


def _count(items: Any) -> Any:
    return len(items) if isinstance(items, list) else MISSING


def _sorted(items: Any) -> Any:
    return sorted(set(items))


def _unique(items: Any) -> Any:
    return list(dict.fromkeys(items))


def _lowered(items: Any) -> Any:
    return [item.lower() for item in items]


def _split(text: Any, comma: str) -> Any:
    return text.split(comma)


_ON_NUMBERS: Final = (
    Transformation("({} | string)", as_text, 0.3),
    # A service that tells a number as a text has it with two digits, also where the last of them is 0.
    Transformation("({} | fixed(2))", "{:.2f}".format, 0.25),
)
_ON_WHOLE: Final = (Transformation("({} + 1)", _next, 0.6), Transformation("({} - 1)", _previous, 0.7))
_ON_FLAG: Final = Transformation("(not {})", _opposite, 0.9)
_ON_LISTS: Final = (
    Transformation("({} | length)", _count, 0.5),
    Transformation("({} | unique | sort(case_sensitive=true))", _sorted, 0.6),
    Transformation("({} | unique)", _unique, 0.7),
    Transformation("({} | map('lower') | list)", _lowered, 0.75),
    Transformation("({} | map('lower') | unique | sort)", lambda items: _sorted(_lowered(items)), 0.8),
    Transformation("({} | map('lower') | unique)", lambda items: _unique(_lowered(items)), 0.85),
)
