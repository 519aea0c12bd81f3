"""Few words: what one endpoint refuses that is none of few words, asked of a member or a parameter of the same name."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from recorder.synthesis.outcomes.behaviour import Behaviour, entity_in_request
from recorder.synthesis.outcomes.unfit import Unfit
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import json_term, query_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_BAD: Final = (400, 422)
_CHANGES: Final = ("PUT", "PATCH")
_NONE_OF: Final = re.compile(r"(?:\S+ is defined and )?request\.json\S*?\.(?P<name>\w+) not in (?P<words>\[.*\])")


def none_of_few(behaviour: Behaviour, behaviours: Sequence[Behaviour], fine: Sequence[Scene]) -> Iterator[Unfit]:
    """Give what is none of the words that another endpoint of the collection takes; `fine` are accepted calls."""
    if behaviour.collection is None or behaviour.endpoint.operation is not None:
        return
    if not are_few(fine):
        return
    told = " ".join(term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms)
    lead = entity_in_request(fine, behaviour.binding)
    for name, words in _words(behaviour, behaviours).items():
        is_list = behaviour.endpoint.method == "GET" and behaviour.listed is not None
        if not is_list and behaviour.endpoint.method not in _CHANGES:
            continue
        sent = query_term(name) if is_list else json_term((*lead, name))
        text = f"{sent.text} is defined and {sent.text} not in {literal(words)}"
        made = Term(text, _is_another(sent, words), name, 1.0, sent.uses, sent.keeps)
        if f"{sent.text} not in" not in told and not any(made.get(scene) for scene in fine):
            yield Unfit(made, f"{name} is none of the words that others take", is_list)


def _words(behaviour: Behaviour, behaviours: Sequence[Behaviour]) -> dict[str, list[str]]:
    """Give the words that others take of each member, as far as they refuse all else."""
    found: dict[str, list[str]] = {}
    for other in behaviours:
        if other is behaviour or other.collection is not behaviour.collection:
            continue
        for rule, outcome in other.cases:
            if rule is None or outcome.status not in _BAD or len(rule.terms) != 1:
                continue
            read = _NONE_OF.fullmatch(rule.terms[0].text)
            if read is not None:
                found.setdefault(read["name"], [str(one) for one in literal_eval(read["words"])])
    return found


def _is_another(sent: Term, words: Sequence[str]) -> Callable[[Scene], bool]:
    def holds(scene: Scene) -> bool:
        value = sent.get(scene)
        return value is not MISSING and value not in words

    return holds
