"""Lending: what one endpoint answers of its own thing, said of the thing of another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from recorder.synthesis.collections.keys import param_terms
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Fixed, Items, Joined, Node, Object, Said
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.terms.term import Term, member

_NOT_THE_BORROWERS: Final = ("vars.", "request.json", "request.form")
_PARAMETER: Final = "request.path_params"
_ARGUMENT: Final = re.compile(r"request\.(?:json|form)\.(\w+)")
_WHOLE: Final = re.compile(r"request\.json(?![\w.\[])")
_SHORTEST: Final = 3


class _Params:
    """What two endpoints are told in their paths, or as arguments that name a thing, by the text of the lender."""

    def __init__(self, lender: Endpoint, borrower: Endpoint) -> None:
        self._borrower = borrower
        self._lender = lender
        theirs = dict(zip(borrower.params, param_terms(borrower), strict=True))
        self.own: Final = {term.text for term in theirs.values()}
        self.borrowed: Final[dict[str, Term]] = {}
        for place, (name, term) in enumerate(zip(lender.params, param_terms(lender), strict=True)):
            is_last = place == len(lender.params) - 1
            other = borrower.params[-1] if is_last and borrower.params else name
            if other in theirs:
                self.borrowed[term.text] = theirs[other]

    def is_sent_by_all(self, term: Term) -> bool:
        """Tell whether a term is an argument that each call of the borrower has, too, as the version of an API."""
        read = _ARGUMENT.fullmatch(term.text)
        samples = self._borrower.samples if self._borrower.operation is not None and read is not None else ()
        return bool(samples) and read is not None and all(_is_given(one, read[1]) for one in samples)

    def is_of_all(self, term: Term) -> bool:
        """Tell whether a term speaks of all that is sent, or all arguments, to a method that nobody called."""
        own, theirs = self._borrower.operation, self._lender.operation
        is_called = bool(self._borrower.samples)
        if is_called or own is None or theirs is None or not own.envelope or own.base != theirs.base:
            return False
        rest = re.sub(rf"{re.escape(member('request.json', own.base))}(?![\w.\[])", "", term.text)
        rest = _WHOLE.sub("", rest)
        return not any(one in rest for one in (*_NOT_THE_BORROWERS, _PARAMETER))


def _is_given(sample: Sample, name: str) -> bool:
    return isinstance(sample.asked, dict) and name in sample.asked


def lent(answered: Answered, lender: Endpoint, borrower: Endpoint) -> Answered | None:
    """Give an answer as the borrower would say it, None where it tells of what the borrower's requests do not have.

    The last parameter of the lender's path is the borrower's, also in words: `Post not found` is `Comment not found`.
    """
    one, other = (endpoint.params[-1] if endpoint.params else "" for endpoint in (lender, borrower))
    params = _Params(lender, borrower)
    words = _words(one, other) if one and other and one != other else {}
    body = _said(answered.body, params, words) if answered.body is not None else None
    if body is None and answered.body is not None:
        return None
    headers = []
    for name, node, condition in answered.headers:
        told = _said(node, params, words)
        if told is None or (condition is not None and _of_borrower(condition, params) is None):
            return None
        headers.append((name, told, condition))
    if answered.code is not None and _of_borrower(answered.code, params) is None:
        return None
    return replace(answered, headers=headers, body=body)


def _words(one: str, other: str) -> dict[str, str]:
    """Give how the lender's thing is called in texts, with what is said in its place; nothing for what is no word."""
    if min(len(one), len(other)) < _SHORTEST or not (one.isidentifier() and other.isidentifier()):
        return {}
    return {case(one): case(other) for case in (str.lower, str.upper, str.capitalize, str)}


def _said(node: Node, params: _Params, words: Mapping[str, str]) -> Node | None:
    if isinstance(node, Fixed):
        return Fixed(_worded(node.content, words), node.guess)
    if isinstance(node, Said):
        term = _of_borrower(node.term, params)
        return Said(term, node.unknown) if term is not None else None
    if isinstance(node, Joined):
        pieces = [_text(one, words) if isinstance(one, str) else _said(one, params, words) for one in node.pieces]
        return Joined([one for one in pieces if one is not None]) if None not in pieces else None
    if isinstance(node, Object):
        members = {
            name: (_said(inner, params, words), condition)
            for name, (inner, condition) in node.members.items()
            if condition is None or _of_borrower(condition, params) is not None
        }
        told = {name: (inner, condition) for name, (inner, condition) in members.items() if inner is not None}
        return Object(told) if len(told) == len(node.members) else None
    if isinstance(node, Items):
        items = [_said(one, params, words) for one in node.items]
        return Items([one for one in items if one is not None]) if None not in items else None
    return node if all(_of_borrower(term, params) is term for term in node.terms) else None


def _of_borrower(term: Term, params: _Params) -> Term | None:
    """Give the term as the borrower reads it, None where its requests do not have it."""
    if term.text in params.borrowed:
        return params.borrowed[term.text]
    if term.text in params.own or params.is_sent_by_all(term) or params.is_of_all(term):
        return term
    if any(one in term.text for one in _NOT_THE_BORROWERS):
        return None
    if not term.text.startswith(_PARAMETER):
        return term
    return term if term.text.split(" ")[0].strip("(") in params.own else None


def _worded(content: object, words: Mapping[str, str]) -> object:
    if isinstance(content, str):
        return _text(content, words)
    if isinstance(content, list):
        return [_worded(one, words) for one in content]
    if isinstance(content, dict):
        return {name: _worded(one, words) for name, one in content.items()}
    return content


def _text(text: str, words: Mapping[str, str]) -> str:
    if not words:
        return text
    pattern = "|".join(map(re.escape, words))
    return re.sub(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", lambda found: words[found[0]], text)
