"""Trash: items that say when they were deleted can be listed where that was done, and are brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.endpoints.endpoint import implied_endpoint
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.nodes.node import Fixed, Node
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.outcomes.implied import Maker, is_behind_a_path
from recorder.synthesis.outcomes.lending import lent
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.few import FEW_SESSIONS
from recorder.synthesis.terms.scene import GONE, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_SOFT: Final = re.compile(
    r"(?:is_?|was_?)?(?:deleted|trashed|discarded|removed|archived)(?:_?(?:at|on|date|time))?", re.IGNORECASE
)
"""How members are called that say that an item was deleted, or when."""
_RESTORE: Final = "restore"
_TRASH: Final = "trash"
_OK: Final = 200
_MISSING: Final = 404
_CONFLICT: Final = 409
_SOME: Final = 5
_NOTE: Final = "never recorded: {} what was deleted, as items say that they are"
_ABSENT: Final = Term("vars.item is none", lambda scene: scene.looked_up("item") is MISSING, uses=frozenset({"item"}))
_NOT_GONE: Final = Term("vars.gone is none", lambda scene: scene.looked_up("gone") is MISSING, uses=frozenset({"gone"}))
_THERE: Final = Term("vars.item is not none", lambda scene: scene.looked_up("item") is not MISSING, uses=_ABSENT.uses)


def trash(behaviours: Sequence[Behaviour], sessions: int) -> Iterator[Behaviour]:
    """Give behaviours without scenes for what few sessions did not do with their deleted items: of low confidence."""
    known = {(one.endpoint.method, one.endpoint.template) for one in behaviours}
    collections = dict.fromkeys(one.collection for one in behaviours if one.collection is not None)
    for collection in collections if sessions <= FEW_SESSIONS else ():
        own = [one for one in behaviours if one.collection is collection]
        is_removed = any(one.endpoint.method == "DELETE" and one.binding.removes for one in own)
        if not is_removed or not is_behind_a_path(collection, own) or not _says_so(collection, own):
            continue
        for made in (_restoring(collection, own, behaviours), _listing(collection, own, behaviours)):
            if made is not None and (made.endpoint.method, made.endpoint.template) not in known:
                yield made


def _says_so(collection: Collection, own: Sequence[Behaviour]) -> bool:
    """Tell whether items have a member that says that they were deleted, and none was."""
    items = [item for one in own for scene in one.scenes[:_SOME] for item in scene.held(collection.name)[:_SOME]]
    return any(_SOFT.fullmatch(str(name)) for item in items if isinstance(item, dict) for name in item)


def _restoring(collection: Collection, own: Sequence[Behaviour], behaviours: Sequence[Behaviour]) -> Behaviour:
    """Give that an item is brought back: refused where there is none, and where it was not deleted."""
    maker = Maker(collection, own, behaviours)
    lead = next((one.binding.entity for one in own if one.binding.entity is not None), ())
    endpoint = implied_endpoint("POST", (*collection.template, _RESTORE))
    binding = Binding("item", collection, entity=lead)
    gone = Term(f"{MARK}{collection.name}{MARK}vars.gone{MARK}", _unknown, "gone", 1.0, frozenset({"gone"}))
    success = _outcome(_OK, maker.type(), maker.wrapped(gone), "bringing back")
    told = _of_absence(own, behaviours)
    missing = _outcome(_MISSING, "", None, "bringing back")
    answered = lent(told[1].answered, told[0].endpoint, endpoint) if told is not None else None
    missing = missing if answered is None else replace(missing, answered=answered)
    cases: list[tuple[Rule | None, Outcome]] = [
        (Rule((_ABSENT, _NOT_GONE), missing.label, 0), missing),
        (Rule((_THERE,), "there", 0), _outcome(_CONFLICT, "", None, "bringing back")),
        (None, success),
    ]
    lookups = path_lookups(endpoint, binding)
    return Behaviour(endpoint, binding, [], lookups, cases, None, [], [], True, Vocabulary([], lookups))


def _of_absence(own: Sequence[Behaviour], behaviours: Sequence[Behaviour]) -> tuple[Behaviour, Outcome] | None:
    """Give what is answered where an item is not there: best one of these."""
    cases = ((one, rule, outcome) for some in (own, behaviours) for one in some for rule, outcome in one.cases)
    return next(
        (
            (one, outcome)
            for one, rule, outcome in cases
            if rule is not None and outcome.status == _MISSING and [term.text for term in rule.terms] == [_ABSENT.text]
        ),
        None,
    )


def _listing(collection: Collection, own: Sequence[Behaviour], behaviours: Sequence[Behaviour]) -> Behaviour | None:
    """Give the list of what was deleted, in the form that lists have."""
    if collection.count != 1 or not collection.home:
        return None
    bin_ = Collection((*collection.home, None), collection.name + GONE, collection.id_path)
    maker = Maker(bin_, own, behaviours)
    made = maker.listed((*collection.home, _TRASH))
    if made is None:
        return None
    ((_, outcome),) = made.cases
    made.cases = [(None, replace(outcome, note=_NOTE.format("listing")))]
    return made


def _outcome(status: int, kind: str, body: Node | None, what: str) -> Outcome:
    headers = [("content-type", Fixed(kind), None)] if kind else []
    answered = Answered(status, headers, "none" if body is None else "json", body)
    return Outcome((status, what), status, [], answered, tier="schema", note=_NOTE.format(what))


def _unknown(_scene: Scene) -> Any:
    return MISSING
