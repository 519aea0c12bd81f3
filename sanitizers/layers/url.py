"""URLs, whole or relative: the password in the authority, path segments, matrix parameters, query and fragment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, at_path, shift
from sanitizers.layers import pairs
from sanitizers.layers.escapes import FORM, PERCENT
from sanitizers.rule import Judgement

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s\"'<>\\^`{}|]+")
_RELATIVE: Final = re.compile(r"[^\s?\"'<>{}:=&]{0,2048}\?[^\s\"'<>{}?=&]{1,256}=[^\s\"'<>{}]*")
_SEGMENT: Final = re.compile(r"[^/;]+")
_USERINFO: Final = Judgement("userinfo", "urls")


def recognises(text: str) -> bool:
    return "=" in text and "?" in text and (_RELATIVE.fullmatch(text) or _ABSOLUTE.fullmatch(text)) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a URL; the path of each hit is `path`, `query.<name>` or `userinfo`."""
    scheme, marks, rest = text.partition("://")
    found: list[Edit] = []
    at = 0
    if marks and scheme.isalnum() | ("+" in scheme):
        authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
        at = len(scheme) + 3
        found += shift(_authority(authority, walk, depth), at)
        at += len(authority)
    return found + shift(target_edits(text[at:], walk, depth), at)


def target_edits(target: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a request target: a path, and a query and fragment if there are."""
    before, hash_mark, fragment = target.partition("#")
    path, mark, query = before.partition("?")
    found = at_path(_path(path, walk, depth), "path")
    if mark:
        found += shift(_named_query(query, walk, depth), len(path) + 1)
    if hash_mark:
        inner = _named_query if "=" in fragment else _fragment
        found += shift(inner(fragment, walk, depth), len(before) + 1)
    return found


def _named_query(query: str, walk: Walk, depth: int) -> list[Edit]:
    if "=" not in query:
        return at_path(walk.coded(FORM, query, depth, walk.value), "query")
    return [
        Edit(edit.start, edit.end, edit.text, tuple(hit._replace(path=f"query.{hit.path}") for hit in edit.hits))
        for edit in pairs.edits(query, walk, depth)
    ]


def _fragment(text: str, walk: Walk, depth: int) -> list[Edit]:
    return at_path(walk.coded(PERCENT, text, depth, walk.value), "fragment")


def _authority(authority: str, walk: Walk, depth: int) -> list[Edit]:
    userinfo, at, _ = authority.rpartition("@")
    if not at:
        return []
    user, colon, password = userinfo.partition(":")
    start = len(user) + 1 if colon else 0
    raw = password if colon else user
    found: list[Edit] = []
    if colon:
        found += walk.coded(PERCENT, user, depth, walk.value)
    if raw and raw != "git":
        found += shift(walk.coded(PERCENT, raw, depth, lambda text, level: walk.whole(_USERINFO, text, level)), start)
    return at_path(found, "userinfo")


def _path(path: str, walk: Walk, depth: int) -> list[Edit]:
    found: list[Edit] = []
    before = ""
    for match in _SEGMENT.finditer(path):
        raw = match[0]
        if path[match.start() - 1 : match.start()] == ";":
            found += shift(pairs.edits(raw, walk, depth), match.start())
            continue
        name = before
        inner = walk.coded(PERCENT, raw, depth, lambda text, level, name=name: walk.named("path", name, text, level))  # type: ignore[misc]
        found += shift(inner, match.start())
        before = raw
    return found
