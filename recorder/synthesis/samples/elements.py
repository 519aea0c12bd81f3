"""XML in samples: what is answered as a tree, what is sent as an object of arguments, as if both were JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from cassettes.elements import shown_element, with_lists
from cassettes.markup import Markup, read_markup
from cassettes.xmltree import Shape, is_holder, shape_of, tree_of, write_tree
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, parts

HEADER: Final = "?header"
"""The member of arguments that holds the header of a SOAP message."""
_LARGEST: Final = 1_000_000
_SOAP: Final = ("Envelope", "Body")


def read_elements(samples: Sequence[Sample]) -> None:
    """Read the XML of samples: `answer_json` and `json` are then what it says, and `element` where the latter stood.

    An answer that would not be written again as it was stays a text.
    """
    sent = _read_sent(samples)
    told = {sample.number: document for sample in samples if (document := _told(sample)) is not None}
    shape = shape_of(list(told.values()), sent)
    for sample in samples:
        document = told.get(sample.number)
        if document is not None and sample.answer_json is MISSING:
            sample.answer_json = _tree(document, shape)


def _told(sample: Sample) -> Markup | None:
    text = sample.answer_text or ""
    if not text.lstrip("\ufeff \t\r\n").startswith("<") or not ("xml" in sample.answer_type or "<?xml" in text[:9]):
        return None
    try:
        return read_markup(text) if len(text) <= _LARGEST and "html" not in sample.answer_type else None
    except ValueError:
        return None


def _tree(document: Markup, shape: Shape) -> Any:
    try:
        tree = tree_of(document, shape)
        return tree if read_markup(write_tree(tree)).root == _bare(document).root else MISSING
    except ValueError:
        return MISSING


def _bare(document: Markup) -> Markup:
    """Give a document without the white space in elements that hold nothing else, which a tree does not keep."""
    for element in document.root.walk():
        if not element.text.strip():
            element.text = ""
    return document


def _read_sent(samples: Sequence[Sample]) -> frozenset[str]:
    """Read what is sent; give the names of its elements that hold a text."""
    grouped: dict[tuple[str, ...], list[tuple[Sample, Any, Any]]] = defaultdict(list)
    for sample in samples:
        whole = _shown(sample.body, sample.content_type)
        if whole is MISSING:
            continue
        path, held = _arguments(whole)
        grouped[path].append((sample, held, whole))
    names: set[str] = set()
    for path, inside in grouped.items():
        lists = sorted({name for _, held, _ in inside for name in _lists_in(held)})
        for sample, held, whole in inside:
            sample.element, sample.json = path, with_lists(held, lists)
            sample.element_lists = tuple(lists)
            if path[:2] == _SOAP and "Header" in whole["Envelope"]:
                sample.json = {**sample.json, HEADER: with_lists(whole["Envelope"]["Header"], ())}
            names |= {str(step) for step in _last_steps(sample.json)}
    return frozenset(names)


def _shown(body: bytes, media: str) -> Any:
    """Give a body that is XML as an object of its root; MISSING where it is none, or has a document type."""
    if "xml" not in media or not 0 < len(body) <= _LARGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        return MISSING
    try:
        root = ET.fromstring(body)  # noqa: S314 - without a document type there are no entities to expand
        return shown_element(root)
    except (ET.ParseError, ValueError, RecursionError):
        return MISSING


def _arguments(whole: dict[str, Any]) -> tuple[tuple[str, ...], Any]:
    """Give where the arguments of a call stand, and these: the first element of a SOAP body, else the root."""
    (root, held), *_ = whole.items()
    body = held.get("Body") if root == "Envelope" and isinstance(held, dict) else None
    if isinstance(body, dict):
        first = next((name for name in body if name[0] not in "@#"), None)
        if first is not None and not isinstance(body[first], list):
            return (*_SOAP, first), body[first]
    return (root,), held


def _lists_in(held: Any) -> Iterator[str]:
    """Give the dotted names of the elements that repeat, or are there to repeat."""
    for path, value in parts(held, longest_list=50):
        names = [str(step) for step in path if isinstance(step, str)]
        if any("." in name for name in names):
            continue
        if isinstance(value, list):
            yield ".".join(names)
        elif isinstance(value, dict) and len(value) == 1 and names:
            only = next(iter(value))
            if only[0] not in "@#" and is_holder(names[-1], only):
                yield ".".join([*names, only])


def _last_steps(value: Any) -> Iterator[str]:
    for path, one in parts(value, longest_list=50):
        if path and not isinstance(one, dict | list):
            yield next((step for step in reversed(path) if isinstance(step, str)), "")


def settle_elements(samples: Sequence[Sample]) -> None:
    """Have calls of one endpoint that are of another element than most, or no XML, have no arguments."""
    counts = Counter(sample.element for sample in samples if sample.json is not MISSING)
    if not counts:
        return
    usual, _ = counts.most_common(1)[0]
    if not any(counts[one] for one in counts if one):
        return
    for sample in samples:
        if sample.element != usual:
            sample.json, sample.element, sample.element_lists = MISSING, usual, ()
