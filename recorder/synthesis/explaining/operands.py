"""Operands: the terms of numbers to reckon with, and of what may choose between numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.explaining.formulas import Operand
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Chosen, Fixed, Node
from recorder.synthesis.samples.amounts import digits_of
from recorder.synthesis.samples.values import canon, is_number, is_scalar, look
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

MOST_KEYS: Final = 20
FEW: Final = 8
"""So many values a key has at most."""
_MOST_TERMS: Final = 30
_AMOUNT: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_SENT: Final = re.compile(r"request\.(?:query|form)\.")
"""Where numbers are sent as texts; elsewhere a text of digits is an id."""
_MEMBER: Final = "request.json."


def is_amount(value: Any) -> bool:
    """Tell whether a value is a number, or a text of one."""
    return is_number(value) or (isinstance(value, str) and _AMOUNT.fullmatch(value) is not None)


def is_choice_of_numbers(node: Node) -> bool:
    """Tell whether a node is one of several fixed numbers, by what tells them apart."""
    inside = node.nodes if isinstance(node, Chosen) else []
    return bool(inside) and all(isinstance(one, Fixed) and is_number(one.content) for one in inside)


def numeric_terms(cases: Sequence[Case], vocabulary: Vocabulary) -> list[Operand[Any]]:
    """Give the terms of what is sent or held that are numbers in all cases, as operands."""
    found: list[Operand[Any]] = []
    for term, value in vocabulary.everything(cases[0][0]):
        if not is_amount(value) or "headers" in term.text or term.text.count("[") > 1 or "answer" in term.text:
            continue
        values = [term.get(scene) for scene, _ in cases]
        if all(map(is_number, values)):
            found.append(Operand(values, term))
        elif all(map(is_amount, values)) and (
            _SENT.match(term.text) or any("." in one for one in map(str, values)) or _is_amount_elsewhere(term, cases)
        ):
            text = f"({term.text} | float)"
            found.append(Operand([float(one) for one in values], replace(term, text=text)))
        if len(found) >= _MOST_TERMS:
            break
    return found


def _is_amount_elsewhere(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether other calls of the endpoint send a text there that is an amount with a point: it is no id."""
    if not term.text.startswith(_MEMBER):
        return False
    path = tuple(term.text.removeprefix(_MEMBER).split("."))
    return any(digits_of(look(sample.json, path)) is not None for sample in cases[0][0].endpoint.samples)


def key_terms(cases: Sequence[Case], vocabulary: Vocabulary) -> list[Operand[Any]]:
    """Give the terms of words and switches that have a few values in these cases, as operands that choose."""
    found: list[Operand[Any]] = []
    for term, value in vocabulary.everything(cases[0][0]):
        if not (isinstance(value, str | bool) or value is None) or "headers" in term.text:
            continue
        given = [term.get(scene) for scene, _ in cases]
        if all(map(is_scalar, given)) and 2 <= len(set(map(canon, given))) <= FEW:
            found.append(Operand(given, term))
        if len(found) >= MOST_KEYS:
            break
    return found
