"""Markup: XML and HTML text, attributes, CDATA and comments, with the element or attribute as the value's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sanitizers.edit import Edit, at_path, settle, shift
from sanitizers.layers.escapes import REFERENCES

if TYPE_CHECKING:
    from sanitizers.walk import Walk

_START: Final = re.compile(r"[\ufeff\s]*<(?:[?!]|[A-Za-z_])")
_TOKEN: Final = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z_][\w:.-]*)(?P<inside>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)(?P<empty>/?)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LABELS: Final = frozenset({"name", "key", "property", "id", "n", "itemprop", "http-equiv"})
_VALUES: Final = frozenset({"value", "content", "v", "data-value"})
_SHOWN: Final = re.compile(r"[A-Za-z_][\w-]{0,47}")


def recognises(text: str) -> bool:
    return _START.match(text) is not None


def edits(text: str, walk: Walk, depth: int) -> list[Edit]:
    """Give the edits of a document; the path of each hit is `/root/…/element` or `/…/element@attribute`."""
    found: list[Edit] = []
    stack: list[str] = []
    for token in _TOKEN.finditer(text):
        group = token.lastgroup
        if group == "text" or group in ("cdata", "comment"):
            assert group is not None
            found += _text(token, group, stack, walk, depth)
        else:
            if token["close"]:
                while stack and stack.pop() != token["name"]:
                    pass
            else:
                _opened(token, stack)
            found += shift(_attributes(token["inside"], stack, walk, depth), token.start("inside"))
            if _ATTRIBUTE.sub("", token["inside"]).strip(" /\r\n\t"):  # `<dana@corp.test>` is no element
                found += shift(walk.value(token["name"] + token["inside"], depth + 1), token.start("name"))
            if not token["close"] and (token["empty"] or token["inside"].endswith("/")):
                stack.pop()
    return settle(found)


def _opened(token: re.Match[str], stack: list[str]) -> None:
    stack.append(token["name"])
    if len(stack) > 512:
        del stack[0]


def _text(token: re.Match[str], group: str, stack: list[str], walk: Walk, depth: int) -> list[Edit]:
    raw = token[group]
    lead = len(raw) - len(raw.lstrip())
    core = raw.strip()
    if not core or group == "comment":
        return shift(walk.value(core, depth + 1), token.start(group) + lead) if core else []
    name = _local(stack[-1]) if stack else ""

    def inner(decoded: str, level: int) -> list[Edit]:
        return walk.named("field", name, decoded, level + 1)

    inside = inner(core, depth) if group == "cdata" else walk.coded(REFERENCES, core, depth, inner)
    return at_path(shift(inside, token.start(group) + lead), _path(stack)) if inside else []


def _attributes(inside: str, stack: list[str], walk: Walk, depth: int) -> list[Edit]:
    found: list[Edit] = []
    matches = list(_ATTRIBUTE.finditer(inside))
    label = next((_value(match)[1] for match in matches if match[1].lower() in _LABELS), "")
    for match in matches:
        start, raw = _value(match)
        name = label if label and match[1].lower() in _VALUES else _local(match[1])

        def inner(decoded: str, level: int, name: str = name) -> list[Edit]:
            return walk.named("field", name, decoded, level + 1)

        edited = walk.coded(REFERENCES, raw, depth, inner)
        found += at_path(shift(edited, start), f"{_path(stack)}@{_shown(match[1])}") if edited else []
    return found


def _value(match: re.Match[str]) -> tuple[int, str]:
    group = next(index for index in (2, 3, 4) if match[index] is not None)
    return match.start(group), match[group]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _shown(name: str) -> str:
    return name if _SHOWN.fullmatch(_local(name)) else "*"


def _path(stack: list[str]) -> str:
    return "/" + "/".join(_shown(name) for name in stack[-12:])
