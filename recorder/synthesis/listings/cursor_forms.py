"""The forms of cursors: around which parts of a list's last item services write where it goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple
from urllib.parse import quote_plus

from cassettes.cursor import DIGESTS, OFFSET, SORTED, CursorCode, coded, decoded
from cassettes.definition import ListSort
from cassettes.ordering import fields_asked
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.listings.listing import Draft, Listing
from recorder.synthesis.samples.values import as_text, is_scalar, leaves, look

_CODES: Final[tuple[CursorCode, ...]] = ("base64url", "base64", "plain")
_LEAST: Final = 2
_MOST_PARTS: Final = 3
_DEEPEST: Final = 3
_MOST_NAMES: Final = 12
_IS_OFFSET: Final = re.compile(r"offset|skip|start", re.IGNORECASE)
_IS_HEX: Final = re.compile(r"[0-9a-f]+")
_WAYS_OF_VALUES: Final[tuple[tuple[CursorCode, Callable[[str], str]], ...]] = (("plain", str), ("query", quote_plus))
_NO_VALUES: Final = ("", "null", "true", "false")


class Form(NamedTuple):
    """How cursors are written: the `text` around parts of the last item, and how that is coded."""

    text: str
    code: CursorCode


def with_form(draft: Draft, listings: Sequence[Listing], handed: Mapping[int, str], binding: Binding) -> Draft:
    """Say how a list's cursors are written, where all that were handed out are written so."""
    page = draft.get("page", {})
    if "cursor" not in page or "by" in page:
        return draft
    told = [(handed[id(one.scene)], _parts(one, binding)) for one in listings if id(one.scene) in handed]
    form = form_of(told) or digest_of(told, ".".join(map(str, binding.id_in_row or ())))
    form = form or sorted_form(list(_with_order(draft, listings, handed, binding)))
    if form is None:
        return draft
    code = {"cursor_code": form.code} if form.code != "plain" else {}
    return {**draft, "page": {**page, "cursor_text": form.text, **code}}


def form_of(handed: Sequence[tuple[str, Mapping[str, str]]]) -> Form | None:
    """Find the form of cursors, each told with what may be in it, by names; None where they have none in common."""
    if len({cursor for cursor, _ in handed}) < _LEAST:
        is_place = len(handed) >= _LEAST and all(_is_just_the_place(*one) for one in handed)
        return Form(f"<{OFFSET}>", "plain") if is_place else None
    for code in _CODES:
        texts = [decoded(cursor, code) for cursor, _ in handed]
        pairs = [(text, parts) for text, (_, parts) in zip(texts, handed, strict=True) if text is not None]
        is_so = len(pairs) == len(handed) and all(
            text.isprintable() and coded(text, code) == cursor
            for (text, _), (cursor, _) in zip(pairs, handed, strict=True)
        )
        found = _common(pairs) if is_so else None
        if found is not None and (code != "plain" or not re.fullmatch(r"<[\w.-]+>", found)):
            return Form(found, code)
    return None


def _is_just_the_place(cursor: str, parts: Mapping[str, str]) -> bool:
    """Tell whether a cursor is the number of the items before it, and nothing else that the last one has."""
    return [name for name, value in parts.items() if value == cursor] == [OFFSET]


def digest_of(handed: Sequence[tuple[str, Mapping[str, str]]], own: str) -> Form | None:
    """Find the digest that cursors are: of what the last item has under one name, else, as far as is known, its `own`.

    Cursors that were cleaned have the form of what they stand for, and no more.
    """
    told = {cursor for cursor, _ in handed}
    if len(told) < _LEAST or not all(_IS_HEX.fullmatch(cursor) for cursor in told):
        return None
    code = next((one for one in DIGESTS if all(len(cursor) == len(coded("", one)) for cursor in told)), None)
    if code is None:
        return None
    common = [name for name in handed[0][1] if all(name in parts for _, parts in handed)]
    exact = (name for name in common if all(coded(parts[name], code) == cursor for cursor, parts in handed))
    name = next(exact, own if own in common else None)
    return Form(f"<{name}>", code) if name is not None else None


def _with_order(
    draft: Draft, listings: Sequence[Listing], handed: Mapping[int, str], binding: Binding
) -> Iterator[tuple[str, Mapping[str, str], str | None]]:
    """Give cursors with what may be in them, and what the last row has of the field that the list is sorted by."""
    sort = ListSort.model_validate(draft.get("sort", {}))
    for one in listings:
        if id(one.scene) in handed:
            parts, fields = _parts(one, binding), fields_asked(sort, one.query)
            yield handed[id(one.scene)], parts, parts.get(fields[0], "") if fields else None


def sorted_form(handed: Sequence[tuple[str, Mapping[str, str], str | None]]) -> Form | None:
    """Find the form of cursors that tell what the list is sorted by, where it is, before what tells items apart.

    Of rows without a value for that nothing is known.
    """
    known = [one for one in handed if one[2] != ""]
    by_order = [(cursor, parts, value) for cursor, parts, value in known if value is not None]
    if len({cursor for cursor, _, _ in by_order}) < _LEAST:
        return None
    for own in [name for name in known[0][1] if name != OFFSET and all(name in parts for _, parts, _ in known)]:
        if any(cursor != parts[own] for cursor, parts, value in known if value is None):
            continue
        for code, written in _WAYS_OF_VALUES:
            betweens = {_between(cursor, written(value), parts[own]) for cursor, parts, value in by_order}
            between = betweens.pop()
            if not betweens and between:
                return Form(f"<{SORTED}>{between}<{own}>", code)
    return None


def _between(text: str, lead: str, end: str) -> str:
    """Give what stands between the two ends of a text, "" where it does not begin and end so."""
    is_so = text.startswith(lead) and text.endswith(end) and len(text) > len(lead) + len(end)
    return text[len(lead) : len(text) - len(end)] if is_so else ""


def _common(pairs: Sequence[tuple[str, Mapping[str, str]]]) -> str | None:
    text, parts = pairs[0]
    names = [name for name in parts if all(_is_in(one.get(name, ""), other) for other, one in pairs)]
    if not _IS_OFFSET.search(text):
        names.sort(key=OFFSET.__eq__)  # a number that any field has, too, is that
    for size in range(1, _MOST_PARTS + 1):
        for some in combinations(names[:_MOST_NAMES], size):
            forms = {_written(one, other, some) for one, other in pairs}
            if len(forms) == 1:
                return forms.pop()
    return None


def _written(text: str, parts: Mapping[str, str], names: Sequence[str]) -> str | None:
    """Write a text around what stands in it, the longest first; None where one of them is not there."""
    marks = {f"\0{place}\0": name for place, name in enumerate(names)}
    for mark, name in sorted(marks.items(), key=lambda pair: -len(parts[pair[1]])):
        text, count = re.subn(_whole(parts[name]), mark, text, count=1)
        if not count:
            return None
    for mark, name in marks.items():
        text = text.replace(mark, f"<{name}>")
    return text


def _is_in(value: str, text: str) -> bool:
    return value not in _NO_VALUES and re.search(_whole(value), text) is not None


def _whole(value: str) -> str:
    return rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])"


def _parts(one: Listing, binding: Binding) -> dict[str, str]:
    """Give what may stand in the cursor that a list hands out: what its last row has, and where it ends."""
    return {OFFSET: str(one.reached), **dict(_of_last_row(one, binding))}


def _of_last_row(one: Listing, binding: Binding) -> Iterator[tuple[str, str]]:
    rows = look(one.scene.sample.answer_json, binding.rows or ())
    for path, value in leaves(rows[-1], longest_list=0) if isinstance(rows, list) and rows else ():
        if path and len(path) <= _DEEPEST and is_scalar(value):
            yield ".".join(map(str, path)), as_text(value)
