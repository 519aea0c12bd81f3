"""Fingerprints: tokens that are the same wherever the same is sent, as the mark of a card or of who comments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.node import MadeUp
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar
from recorder.synthesis.terms.term import Term

_LEAST_AGAIN: Final = 4
_LEAST_DISTINCT: Final = 3
_MOST_CALLS: Final = 6
_HEX: Final = re.compile(r"[0-9a-f]{8,64}")


def fingerprint(grounds: Grounds, cases: Sequence[Case]) -> MadeUp | None:
    """Explain hexadecimal tokens by what is sent whenever they are the same, and otherwise whenever they are not.

    Where that is not sent, another thing may tell, as the address of who asks does without an e-mail address. Tokens
    have to come again in their session four times at least, and no two of one thing may differ. Where others have them,
    too, as those of cards that all test with, what was recorded for each is better than one made up.
    """
    length = len(cases[0][1])
    if not all(_HEX.fullmatch(value) and len(value) == length for _, value in cases) or not _come_again(cases):
        return None
    found: list[Term] = []
    rest = cases
    while rest:
        term = next((one for one in _sent(grounds, rest) if _tells(one, rest)), None)
        if term is None or len(found) == 2:
            return None
        found.append(term)
        rest = [case for case in rest if not _is_told(term.get(case[0]))]
    text = found[0].text if len(found) == 1 else f"({found[0].text} | default({found[1].text}, true))"
    return MadeUp(f"hash({text})[:{length}]", "token", keeps=[])


def _come_again(cases: Sequence[Case]) -> bool:
    """Tell whether tokens come again in their sessions, and next to none in another."""
    seen = {(scene.sample.session, value) for scene, value in cases}
    distinct = {value for _, value in seen}
    is_own = len(seen) * 10 <= len(distinct) * 11
    return is_own and len(cases) - len(seen) >= _LEAST_AGAIN and len(distinct) >= _LEAST_DISTINCT


def _sent(grounds: Grounds, cases: Sequence[Case]) -> list[Term]:
    """Give what some calls send that may tell the token, the plainest first."""
    found: dict[str, Term] = {}
    for scene, _ in cases[:: max(1, len(cases) // _MOST_CALLS)][:_MOST_CALLS]:
        for term, value in grounds.vocabulary.everything(scene):
            if term.text.startswith("request.") and _is_told(value):
                found.setdefault(term.text, term)
    return sorted(found.values(), key=lambda term: term.cost)


def _is_told(value: Any) -> bool:
    return is_scalar(value) and value not in (MISSING, None, "") and not isinstance(value, bool)


def _tells(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether a token is the same in a session just where this is, which is so for several of both kinds."""
    tokens: dict[tuple[int, str], set[str]] = defaultdict(set)
    causes: dict[tuple[int, str], set[str]] = defaultdict(set)
    told = 0
    for scene, value in cases:
        sent = term.get(scene)
        if _is_told(sent):
            told += 1
            tokens[scene.sample.session, as_text(sent)].add(value)
            causes[scene.sample.session, value].add(as_text(sent))
    are_one = all(len(found) == 1 for found in (*tokens.values(), *causes.values()))
    return are_one and told - len(tokens) >= _LEAST_AGAIN // 2 and len(tokens) >= _LEAST_DISTINCT
