"""Refinement: what a second pass learnt, brought into the definitions of the first, in which a person's edits stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2s
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote, unquote

import orjson

from recorder.merging import Kept, Merge, marks_of, merge_made, signed
from recorder.synthesis.endpoints.endpoint import SUPPOSED
from recorder.synthesis.wording import condition_words

MAKER: Final = "synthesis"
_SOURCES: Final = f"{MAKER} of "
_TAKEN_APART: Final = ("let", "collections")
_CASES: Final = "cases."
Definition = dict[str, Any]


def signed_definitions(definitions: Iterable[Definition], sources: Sequence[str]) -> list[Definition]:
    """Sign what synthesis made of recordings, each named as it can be read again, so that edits are found later."""
    return [_joined(one, one) for one in _signed(definitions, sources)]


def _signed(definitions: Iterable[Definition], sources: Sequence[str]) -> list[Definition]:
    maker = _SOURCES + ",".join(quote(source, safe="/._-") for source in sources)
    return [signed(_apart(one), maker) for one in definitions]


def sources_of(definitions: Iterable[Definition]) -> list[str] | None:
    """Give the recordings that definitions were made of; None where synthesis made none of them."""
    found: dict[str, None] = {}
    is_made = False
    for one in definitions:
        if marks_of(one, MAKER) is None:
            continue
        is_made = True
        told = str(one["created_by"]).partition(" (")[0].removeprefix(_SOURCES)
        found |= dict.fromkeys(unquote(source) for source in told.split(",") if source)
    return list(found) if is_made else None


@dataclass(frozen=True, slots=True)
class Refined:
    """The definitions of a file after a second pass, and by id what happened to each."""

    definitions: tuple[Definition, ...]
    merge: Merge


def refined(existing: Sequence[Definition], made: Iterable[Definition], sources: Sequence[str]) -> Refined:
    """Bring what a pass made of `sources` into definitions that are there.

    Three ways are compared, by the hashes that the earlier pass left: what nobody edited takes what the pass says now,
    what a person edited stays. That is told apart for each field, and in it for each case, name of `let` and
    collection. A case is known by its condition and status: one whose condition was edited is a person's own.
    """
    fresh = _signed(made, sources)
    ids = {str(one["id"]) for one in fresh}
    kept = [one for one in existing if str(one["id"]) in ids or not _is_as_supposed(one)]
    before = [_apart(one) if marks_of(one, MAKER) is not None else one for one in kept]
    merged = merge_made(before, fresh, MAKER, MAKER)
    known = {str(one["id"]): one for one in before}
    incoming = {str(one["id"]): one for one in fresh}
    whole = []
    for one in merged.definitions:
        own, new = known.get(str(one["id"])), incoming.get(str(one["id"]), {})
        is_ours = marks_of(one, MAKER) is not None
        whole.append(_joined(_ordered(one, own or {}, new), own or one) if is_ours else one)
    return Refined(tuple(whole), replace(merged, definitions=(), kept=tuple(_named(merged.kept, known, incoming))))


def _is_as_supposed(definition: Definition) -> bool:
    """Tell whether synthesis only supposed a definition and nobody edited it: it goes where more is known."""
    if SUPPOSED not in definition.get("tags", ()) or marks_of(definition, MAKER) is None:
        return False
    said = str(definition["created_by"])
    fields = {name: value for name, value in definition.items() if name != "created_by"}
    return bool(signed(_apart(fields), said.rpartition(" (")[0])["created_by"] == said)


def _apart(definition: Definition) -> Definition:
    """Take a definition apart, so that each case, name and collection is a field of its own."""
    made: Definition = {}
    for name, value in definition.items():
        if name in _TAKEN_APART and isinstance(value, dict):
            made |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif name == "cases" and isinstance(value, list):
            made |= dict(zip(_case_names(value), value, strict=True))
        else:
            made[name] = value
    return made


def _case_names(cases: Sequence[Any]) -> list[str]:
    """Name cases by their condition and status; of several alike the later ones by their number too."""
    counts: Counter[str] = Counter()
    names = []
    for case in cases:
        when = case.get("when") if isinstance(case, dict) else None
        response = case.get("response") if isinstance(case, dict) else None
        status = response.get("status", 200) if isinstance(response, dict) else 200
        said = orjson.dumps([when if isinstance(when, list) else [when], status], default=str)
        name = _CASES + blake2s(said, digest_size=4).hexdigest()
        counts[name] += 1
        names.append(name if counts[name] == 1 else f"{name}~{counts[name]}")
    return names


def _joined(parts: Definition, like: Definition) -> Definition:
    """Put a definition together again, its fields in the order of another one's."""
    whole: Definition = {}
    for name, value in parts.items():
        group, dot, inner = name.partition(".")
        if dot and group in _TAKEN_APART:
            whole.setdefault(group, {})[inner] = value
        elif name.startswith(_CASES):
            whole.setdefault("cases", []).append(value)
        else:
            whole[name] = value
    order = list(dict.fromkeys(name.partition(".")[0] for name in like))
    return {name: whole[name] for name in sorted(whole, key=lambda name: order.index(name) if name in order else 99)}


def _ordered(chosen: Definition, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Definition:
    """Put cases in their order, which decides: that of the pass, unless a person put them in another."""
    marks = marks_of(dict(ours), MAKER) or {}
    cases = _cases(chosen)
    base, mine, new = _cases(marks), _cases(ours), _cases(theirs)
    is_moved = [name for name in mine if name in base] != [name for name in base if name in mine]
    first, second = (mine, new) if is_moved else (new, mine)
    order = [name for name in first if name in cases]
    for before, name in pairwise(["", *second]):
        if name in cases and name not in order:
            order.insert(_after(order, second, before), name)
    rest = {name: value for name, value in chosen.items() if not name.startswith(_CASES)}
    return rest | {name: chosen[name] for name in order}


def _after(order: Sequence[str], others: Sequence[str], before: str) -> int:
    """Give the place after the nearest of those that stood before and are there."""
    upto = others[: others.index(before) + 1] if before else []
    return next((order.index(name) + 1 for name in reversed(upto) if name in order), 0)


def _cases(parts: Mapping[str, Any]) -> list[str]:
    return [name for name in parts if name.startswith(_CASES)]


def _named(
    kept: Iterable[Kept], ours: Mapping[str, Mapping[str, Any]], theirs: Mapping[str, Mapping[str, Any]]
) -> Iterable[Kept]:
    for one in kept:
        sides = (ours.get(one.id, {}), theirs.get(one.id, {}))
        told = {name: _field_words(name, sides) for name in (*one.fields, *one.contested)}
        fields, contested = (tuple(told[name] for name in names) for names in (one.fields, one.contested))
        yield Kept(one.id, fields, contested)


def _field_words(name: str, sides: Iterable[Mapping[str, Any]]) -> str:
    if not name.startswith(_CASES):
        return name
    case = next((side[name] for side in sides if name in side), None)
    if case is None:
        return "a case that was taken away"
    when = condition_words(case.get("when"))
    return f"the case {f'when {when}' if case.get('when') is not None else 'otherwise'}"
