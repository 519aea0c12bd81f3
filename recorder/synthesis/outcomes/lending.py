"""Lending: what one endpoint answers of its own thing, said of the thing of another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Fixed, Items, Joined, Node, Object, Said
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.term import Term

_NOT_THE_BORROWERS: Final = ("vars.", "request.json", "request.form")
_PARAMETER: Final = "request.path_params"
_SHORTEST: Final = 3


def lent(answered: Answered, lender: Endpoint, borrower: Endpoint) -> Answered | None:
    """Give an answer as the borrower would say it, None where it tells of what the borrower's requests do not have.

    The last parameter of the lender's path is the borrower's, also in words: `Post not found` is `Comment not found`.
    """
    one, other = (endpoint.params[-1] if endpoint.params else "" for endpoint in (lender, borrower))
    params = {name: name for name in borrower.params} | ({one: other} if one and other else {})
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


def _said(node: Node, params: Mapping[str, str], words: Mapping[str, str]) -> Node | None:
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


def _of_borrower(term: Term, params: Mapping[str, str]) -> Term | None:
    """Give the term as the borrower reads it, None where its requests do not have it."""
    if any(one in term.text for one in _NOT_THE_BORROWERS):
        return None
    if not term.text.startswith(_PARAMETER):
        return term
    name = next((name for name in params if term.text == path_term(name).text), None)
    if name is not None:
        return term if params[name] == name else path_term(params[name])
    base = term.text.split(" ")[0].strip("(")
    return term if any(base == path_term(own).text for own in params.values()) else None


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
