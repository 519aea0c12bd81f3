"""The one door to lxml: XML read without entities, DTDs or network, compared in one form, and asked by XPath."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

BYTES: Final = 2 << 20
ELEMENTS: Final = 20_000
ATTRIBUTES: Final = 128
"""Of one element: reading them takes their number squared, measured 20 s for 100,000."""
# More than one search through a whole document costs their product in libxml2: measured 16 s for //*//* over 20,000.
ELEMENTS_SEARCHED_TWICE: Final = 500
LONGEST_PATH: Final = 1_000
ALTERNATIVES: Final = 20
MISSING_LIBRARY: Final = "XML needs lxml: pip install mimic-gateway[xml]"

_TOO_MANY: Final = f"XML is read up to {ELEMENTS:,} elements, and this has more"
_FUNCTIONS: Final = frozenset((
    "last", "position", "count", "local-name", "namespace-uri", "name", "string", "concat", "starts-with", "contains",
    "substring-before", "substring-after", "substring", "string-length", "normalize-space", "translate", "boolean",
    "not", "true", "false", "number", "sum", "floor", "ceiling", "round", "text", "node",
))  # fmt: skip
_AXES: Final = frozenset(("child", "attribute", "self", "descendant", "descendant-or-self"))
_TOKEN: Final = re.compile(r"""\s+|"[^"]*"|'[^']*'|//|::|\.\.|[\w.-]*\w[\w.-]*(?::(?!:)[\w.*-]+)?|.""", re.DOTALL)


class MarkupError(ValueError):
    """XML or an XPath that is not taken; the message says why."""


class TooLargeError(Exception):
    """The document is larger than this path may be looked for in."""


def parse(data: bytes) -> Any:
    """Read XML to its root element (lxml's). Raises MarkupError: malformed, a DOCTYPE, too large, or no lxml."""
    if len(data) > BYTES:
        raise MarkupError(f"XML is read up to {BYTES >> 20} MiB, and this is larger")
    # Each element has one or two tags, so that so many can be too many; they are counted exactly once they are read.
    if data.count(b"<") > 2 * ELEMENTS + 1_000:
        raise MarkupError(_TOO_MANY)
    etree = _lxml()
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MarkupError(f"not well-formed: {error}") from None
    if root is None:
        raise MarkupError("there is no element")
    if root.getroottree().docinfo.doctype:
        raise MarkupError("a DOCTYPE is refused: its entities can be endless, and reach for files")
    counted, crowded = _censuses()
    if counted(root) > ELEMENTS:
        raise MarkupError(_TOO_MANY)
    if crowded(root):
        raise MarkupError(f"an element of XML has at most {ATTRIBUTES:,} attributes, and one of this has more")
    return root


def canonical(root: Any) -> tuple[tuple[Any, ...], ...]:
    """Give an element as what it means, so that two that mean the same are equal.

    Names have their namespace, attributes any order, texts no white space around them; comments and prefixes are gone.
    """
    told: list[tuple[Any, ...]] = []
    for event, node in _lxml().iterwalk(root, events=("start", "end")):
        if event == "start":
            told.append((node.tag, tuple(sorted(node.attrib.items())), (node.text or "").strip()))
        else:
            told.append(("", (node.tail or "").strip() if node is not root else ""))
    return tuple(told)


def compile_xpath(source: str, namespaces: Mapping[str, str]) -> Callable[[Any], list[Any]]:
    """Compile an XPath 1.0 to a function from a root element to what it finds: texts, numbers, booleans.

    An element is given as its text. Raises MarkupError for what is not allowed: functions beside those of XPath 1.0,
    axes other than child, attribute, self and descendant, absolute paths inside predicates. The function raises
    TooLargeError.
    """
    searches = _searches(source)
    etree = _lxml()
    try:
        compiled = etree.XPath(source, namespaces=dict(namespaces) or None, regexp=False, smart_strings=False)
    except (etree.XPathSyntaxError, TypeError, ValueError) as error:
        raise MarkupError(f"'{source}' is not an XPath: {error}") from None
    most = ELEMENTS if searches < 2 else ELEMENTS_SEARCHED_TWICE

    def find(root: Any) -> list[Any]:
        if root.xpath("count(//*)") > most:
            raise TooLargeError
        try:
            found = compiled(root)
        except etree.XPathError as error:
            raise MarkupError(str(error)) from None
        return [_value(item) for item in found] if isinstance(found, list) else [found]

    return find


def _searches(source: str) -> int:
    """Check a path's tokens, and count how often it searches through all of the document."""
    if len(source) > LONGEST_PATH:
        raise MarkupError(f"an XPath has at most {LONGEST_PATH} characters, and this has {len(source)}")
    words = [word for word in _TOKEN.findall(source) if not word.isspace()]
    depth = searches = nested = 0
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        preceding = words[at - 1] if at else ""
        depth += {"[": 1, "]": -1}.get(word, 0)
        if following == "(" and word[0].isalpha() and word not in _FUNCTIONS | {"and", "or", "div", "mod"}:
            raise MarkupError(f"the function {word}() is not allowed")
        if following == "::" and word not in _AXES:
            raise MarkupError(f"the axis {word}:: is not allowed: only {', '.join(sorted(_AXES))} are")
        if word == ".." or (word == "$" and following):
            raise MarkupError(f"'{word}' is not allowed; write the condition where it is, as in //order[id='7']/total")
        if word in {"/", "//"} and depth and not _goes_on(preceding):
            raise MarkupError("an absolute path inside [ ] is not allowed: begin it with . or a name")
        if word == "//" or (following == "::" and word.startswith("descendant")):
            searches += depth == 0
            nested += depth > 0
        if depth > 8 or nested > 2:
            raise MarkupError("conditions inside conditions are too many or too deep")
    if words.count("|") >= ALTERNATIVES:
        raise MarkupError(f"an XPath has at most {ALTERNATIVES} alternatives with |")
    if searches > 3:
        raise MarkupError("a path searches all of the document at most three times")
    return searches


def _goes_on(preceding: str) -> bool:
    return preceding in {")", "]", ".", "*"} or (
        preceding[:1].isalpha() and preceding not in {"and", "or", "div", "mod"}
    )


def _value(item: Any) -> Any:
    return "".join(item.itertext()) if hasattr(item, "itertext") else item


@cache
def _censuses() -> tuple[Any, Any]:
    """Give what counts a document's elements, and what says whether one of them has too many attributes."""
    etree = _lxml()
    return etree.XPath("count(//*)"), etree.XPath(f"boolean(//@*[{ATTRIBUTES + 1}])")


@cache
def _parser() -> Any:
    return _lxml().XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


@cache
def _lxml() -> Any:
    try:
        from lxml import etree
    except ImportError:
        raise MarkupError(MISSING_LIBRARY) from None
    return etree
