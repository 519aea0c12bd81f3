"""The account of a synthesis: by endpoint what was recorded, how it is answered, and what is to be doubted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.checking.selfcheck import Checked
from recorder.synthesis.distil import Distilled
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.outcomes.latency import Latency, latency
from recorder.synthesis.wording import condition_words, graph_words, list_words, save_words

GRAPH: Final = "GraphQL"
"""The sort of an account that is of a whole GraphQL service."""
_FEW: Final = 2
_SHOWN: Final = ("one", "list")
"""What fields of a graph give that change nothing."""


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """A case in words: when it answers, with what, what it keeps; how many recorded calls it answered, how many right.

    `condition` is `when` as it is written, "" where it always answers; `status` is None where it is worked out.
    """

    when: str
    condition: str
    status: int | None
    note: str
    tier: str
    keeps: tuple[str, ...]
    response: Mapping[str, Any]
    calls: int
    right: int


@dataclass(frozen=True, slots=True)
class EndpointAccount:
    """One endpoint: its recorded calls, how they came out, its cases, its parameters, and why it may be doubted.

    `latency` is None where no times were recorded.
    """

    id: str
    method: str
    path: str
    sort: str
    checked: tuple[Checked, ...]
    cases: tuple[CaseAccount, ...]
    parameters: tuple[tuple[str, str], ...]
    doubts: tuple[str, ...]
    latency: Latency | None = None

    @property
    def calls(self) -> int:
        return len(self.checked)

    @property
    def right(self) -> int:
        return sum(one.right for one in self.checked)

    @property
    def share(self) -> float:
        """What share of the recorded calls is answered as recorded, 1 where there were none."""
        return self.right / self.calls if self.checked else 1.0

    @property
    def wrong(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checked if not one.right)

    @property
    def statuses(self) -> dict[int, int]:
        """How often each status was recorded."""
        return dict(sorted(Counter(one.sample.answered_status for one in self.checked).items()))

    @property
    def tiers(self) -> dict[str, int]:
        """How many recorded calls were answered by each tier."""
        return dict(Counter(one.tier or "none" for one in self.checked).most_common())


@dataclass(frozen=True, slots=True)
class CollectionAccount:
    """Items under keys: how many are there from the beginning, and which definitions read and change them."""

    name: str
    seed: int
    readers: tuple[str, ...]
    writers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TicketAccount:
    """Something handed out and shown again later: where it is shown, who hands it out, takes it back, asks for it."""

    name: str
    shown: str
    issuers: tuple[str, ...]
    revokers: tuple[str, ...]
    readers: tuple[str, ...]


def endpoint_accounts(made: Distilled) -> list[EndpointAccount]:
    """Give the account of each GraphQL service and each endpoint, in the order of their definitions."""
    documents = {str(one["id"]): one for one in made.definitions}
    by_number = {one.sample.number: one for one in made.checked}
    graphs = [
        _graph(document, replaced, by_number, made)
        for document, replaced in made.synthesis.graphs
        if document["id"] in documents
    ]
    return graphs + [
        _endpoint(behaviour, documents[behaviour.endpoint.id], by_number, made)
        for behaviour in made.synthesis.behaviours
        if behaviour.endpoint.id in documents
    ]


def _endpoint(
    behaviour: Behaviour, document: Mapping[str, Any], by_number: Mapping[int, Checked], made: Distilled
) -> EndpointAccount:
    endpoint = behaviour.endpoint
    own = [by_number[scene.sample.number] for scene in behaviour.scenes if scene.sample.number in by_number]
    told = endpoint.discriminator
    return EndpointAccount(
        endpoint.id,
        endpoint.sent_method,
        endpoint.path,
        f"{told.name} {told.value}".strip() if told is not None else "",
        tuple(own),
        tuple(_cases(document, made.checked)),
        tuple(list_words(document.get("list") or {})),
        tuple(_doubts(behaviour, own, made.thin.get(endpoint.id, ""), is_enabled=document.get("enabled", True))),
        latency(scene.sample for scene in behaviour.scenes),
    )


def _graph(
    document: Mapping[str, Any], replaced: Collection[str], by_number: Mapping[int, Checked], made: Distilled
) -> EndpointAccount:
    """Give the account of a GraphQL service, by its fields, over the calls of the operations that it stands for."""
    scenes = [scene for one in made.synthesis.behaviours if one.endpoint.id in replaced for scene in one.scenes]
    numbers = sorted(scene.sample.number for scene in scenes)
    own = tuple(by_number[number] for number in numbers if number in by_number)
    return EndpointAccount(
        document["id"],
        document["match"]["method"],
        document["match"]["path"],
        GRAPH,
        own,
        tuple(_cases(document, made.checked)),
        tuple((name, graph_words(field)) for name, field in document["graph"]["fields"].items()),
        (),
        latency(scene.sample for scene in scenes),
    )


def _cases(document: Mapping[str, Any], checked: Iterable[Checked]) -> list[CaseAccount]:
    by_case: dict[int, list[Checked]] = {}
    for one in checked:
        if one.definition == document["id"] and one.case is not None:
            by_case.setdefault(one.case, []).append(one)
    made = []
    for number, case in enumerate(document.get("cases", ()), 1):
        when, response = case.get("when"), case["response"]
        answered = by_case.get(number, [])
        made.append(
            CaseAccount(
                condition_words(when),
                when if isinstance(when, str) else " and ".join(when or ()),
                _status(response),
                str(case.get("note", "")),
                str(case.get("tier", "")),
                tuple(dict.fromkeys(save_words(save) for save in case.get("save", ()))),
                response,
                len(answered),
                sum(one.right for one in answered),
            )
        )
    return made


def _status(response: Mapping[str, Any]) -> int | None:
    """Give the status of an answer, of several by weight the first; None where it is worked out."""
    variants = response.get("variants")
    status = (variants[0]["response"] if variants else response).get("status", 200)
    return status if isinstance(status, int) else None


def _doubts(behaviour: Behaviour, checked: Sequence[Checked], guess: str, *, is_enabled: bool) -> list[str]:
    """Say why an endpoint may answer otherwise than its service would, the weightiest first."""
    made: list[str] = []
    if guess:
        made.append(f"{'low confidence' if is_enabled else 'disabled as a guess'}: {guess}")
    elsewhere = sum(one.definition not in ("", behaviour.endpoint.id) for one in checked)
    if elsewhere:
        made.append(f"{elsewhere} of its calls are answered by another definition")
    if behaviour.unexplained:
        statuses = sorted({scene.sample.answered_status for scene in behaviour.unexplained})
        made.append(
            f"nothing told in advance when it answers {', '.join(map(str, statuses))}: {_times(behaviour.unexplained)}"
        )
    by_chance = [scene for _, outcome in behaviour.cases for other in outcome.others for scene in other.scenes]
    if by_chance:
        made.append(f"answers by weight, since nothing tells which comes: {_times(by_chance)} otherwise than the usual")
    listed = behaviour.listed
    if listed is not None and listed.right < listed.tried:
        made.append(f"the list was as recorded in {listed.right} of {listed.tried} calls")
    guesses = {outcome.status: outcome.answered.unknown for _, outcome in behaviour.cases if outcome.answered.unknown}
    if guesses:
        count, where = sum(guesses.values()), ", ".join(map(str, sorted(guesses)))
        made.append(f"{count} value{'s' * (count != 1)} of its answers ({where}) only guessed")
    thin = [rule for rule, _ in behaviour.cases if rule is not None and rule.support < _FEW]
    if thin:
        made.append(f"{len(thin)} condition{'s' * (len(thin) != 1)} seen once only")
    if len(behaviour.scenes) < _FEW:
        made.append("recorded once")
    return made


def _times(found: Sequence[Any]) -> str:
    return f"{len(found)} call{'s' * (len(found) != 1)}"


def collection_accounts(made: Distilled) -> list[CollectionAccount]:
    """Give the collections that definitions keep, tickets left out, in the order in which they come."""
    tickets = {one.name for one in ticket_accounts(made)}
    seeds: dict[str, int] = {}
    writers: dict[str, dict[str, None]] = {}
    for document in _learnt(made):
        for name, told in (document.get("collections") or {}).items():
            seeds[name] = len(told.get("seed") or {})
        for name in _saved(document):
            writers.setdefault(name, {})[str(document["id"])] = None
    names = [name for name in dict.fromkeys([*seeds, *writers]) if name not in tickets]
    return [
        CollectionAccount(name, seeds.get(name, 0), tuple(_readers(made, name)), tuple(writers.get(name, ())))
        for name in names
    ]


def _saved(document: Mapping[str, Any]) -> list[str]:
    """Give the collections that a definition changes."""
    saves = [save["in"] for case in document.get("cases", ()) for save in case.get("save", ()) if "in" in save]
    return saves + [one["in"] for one in _graph_fields(document) if one["gives"] not in _SHOWN]


def _graph_fields(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((document.get("graph") or {}).get("fields", {}).values())


def _learnt(made: Distilled) -> list[dict[str, Any]]:
    """Give the definitions that recorded calls speak for: what is only implied has no account."""
    ids = {behaviour.endpoint.id for behaviour in made.synthesis.behaviours}
    ids |= {document["id"] for document, _ in made.synthesis.graphs}
    return [document for document in made.definitions if str(document["id"]) in ids]


def _readers(made: Distilled, name: str) -> list[str]:
    return [
        str(document["id"])
        for document in _learnt(made)
        if (document.get("list") or {}).get("in") == name
        or any(f"resource.{name}." in str(text) for text in (document.get("let") or {}).values())
        or any(one["in"] == name and one["gives"] in _SHOWN for one in _graph_fields(document))
    ]


def ticket_accounts(made: Distilled) -> list[TicketAccount]:
    """Give what is handed out and shown again: collections whose items are looked up by what a request shows."""
    shown: dict[str, str] = {}
    for behaviour in made.synthesis.behaviours:
        for lookup in behaviour.lookups.values():
            text = lookup.key.text
            is_own = text.startswith(
                ("request.auth.token", "request.cookies", "request.headers", "request.json", "request.form")
            )
            if is_own and lookup.by is None and lookup.within is None and _is_issued(made, lookup.collection):
                shown.setdefault(lookup.collection, text)
    return [
        TicketAccount(
            name,
            text,
            tuple(_savers(made, name, deletes=False)),
            tuple(_savers(made, name, deletes=True)),
            tuple(_readers(made, name)),
        )
        for name, text in shown.items()
    ]


def _is_issued(made: Distilled, name: str) -> bool:
    """Tell whether items of a collection are what was asked and answered when they were handed out."""
    return any(
        save.get("in") == name and isinstance(save.get("item"), dict) and {"request", "answer"} <= set(save["item"])
        for document in made.definitions
        for case in document.get("cases", ())
        for save in case.get("save", ())
    )


def _savers(made: Distilled, name: str, *, deletes: bool) -> list[str]:
    return [
        str(document["id"])
        for document in made.definitions
        if any(
            save.get("in") == name and bool(save.get("delete")) == deletes
            for case in document.get("cases", ())
            for save in case.get("save", ())
        )
    ]
