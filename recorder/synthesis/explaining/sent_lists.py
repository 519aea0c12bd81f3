"""Sent lists: lists of one session that are shown as they were sent, or sorted, or in small letters; else empty."""

from __future__ import annotations

from collections.abc import Sequence

from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.explaining.sent_at_times import sent_member
from recorder.synthesis.nodes.node import Chosen, Fixed, Node, Said
from recorder.synthesis.samples.values import canon
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import transformations


def sent_list(cases: Sequence[Case], name: str) -> Node | None:
    """Explain lists by what few sessions sent under their name: as it is, or made into another list.

    Where some calls did not send it, theirs are empty.
    """
    there = sent_member(name)
    given = [case for case in cases if there.get(case[0])]
    rest = [case for case in cases if not there.get(case[0])]
    if not name or not given or not in_few_sessions(cases) or any(value for _, value in rest):
        return None
    term = json_term((name,))
    if not all(isinstance(term.get(scene), list) for scene, _ in given) or not any(value for _, value in given):
        return None
    fits = next((one for one in _forms(term, given) if _are(one, given)), None)
    if fits is None:
        return None
    return Chosen([(there, Said(fits)), (None, Fixed([]))]) if rest else Said(fits)


def _forms(term: Term, given: Sequence[Case]) -> list[Term]:
    """Give the term and the lists that it may be made into."""
    longest = max((term.get(scene) for scene, _ in given), key=len)
    return [term, *(one.applied_to(term) for one in transformations(longest))]


def _are(term: Term, given: Sequence[Case]) -> bool:
    return all(canon(term.get(scene)) == canon(value) for scene, value in given)
