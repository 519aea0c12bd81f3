"""Unfit requests: what is sent in a form in which nothing was ever accepted, where too little was recorded to say more.

What is asked for here of each form was counted on sessions of forty services: whatever was of none of these forms
though all that was accepted was, was refused in every case, or in nine of ten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from cassettes.conventions import part_by_name, words_of
from recorder.synthesis.collections.binding import SentRows
from recorder.synthesis.outcomes.behaviour import Behaviour, entity_in_request
from recorder.synthesis.samples.values import MISSING, Path, is_number, look
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import form_term, json_term, query_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal

_WRITES: Final = ("POST", "PUT", "PATCH")
_BAD: Final = (400, 422)
_MANY: Final = 5
"""So many accepted calls had a member, and it is one that calls must have."""
_SOME: Final = 3
_MOST: Final = 6
_TWICE: Final = 2
_REMARKS: Final = frozenset(
    (
        "description", "memo", "note", "notes", "comment", "remark", "remarks", "reason", "label", "labels", "tags",
        "reference", "display", "nickname", "status", "state",
    )
)  # fmt: skip
"""What members are called that say something to people, or begin as they do everywhere: they may be left out."""
_SWITCHES: Final = ("true", "false", "on", "off")
_MOST_MEMBERS: Final = 24
_SMALL: Final = 20
"""Of what is never more, as a quantity, none is none; of what may be anything, as views, it is not known."""
_LONG: Final = 100
_DEPTH: Final = 2
_PAGED: Final = ("limit", "number", "offset")
_PARAMETERS: Final = ("limit", "page")


class _Form(NamedTuple):
    """A pattern that all accepted texts have, in how many calls at least, and what is said of other texts."""

    pattern: str
    least: int
    note: str


_FORMS: Final = (
    _Form(r"[^@\s]+@[^@\s]+\.[^@\s]+", _SOME, "no address of mail"),
    _Form(r"https?://\S+", _TWICE, "no URL"),
    _Form(r"\+[0-9]{6,}", _TWICE, "no telephone number"),
    _Form(r"\d{4}-\d{2}-\d{2}([T ].*)?", _TWICE, "no date"),
    _Form(r"[A-Z][A-Z0-9]+([-_][A-Z0-9]+)*", _TWICE, "not in capitals"),
)


class Unfit(NamedTuple):
    """Where the term holds, what is sent is of no form that was ever accepted; `in_query` tells where it stands."""

    term: Term
    note: str
    in_query: bool = False


def unfit(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Unfit]:
    """Give what is to be refused of the bodies and the queries of calls; `fine` are those that were accepted.

    Nothing is known where errors are told with 2xx, and of GraphQL and XML.
    """
    told = behaviour.endpoint.discriminator
    is_other = (told is not None and told.where == "graphql") or bool(behaviour.endpoint.element)
    if is_other or not fine or not are_few(fine):
        return
    for one in _of_requests(behaviour, fine):
        if not any(one.term.get(scene) for scene in fine):
            yield one


def usual_status(behaviour: Behaviour, behaviours: Sequence[Behaviour], *, in_query: bool) -> int:
    """Give with which status bad requests are refused here, or else elsewhere: most often, or as HTTP says."""
    for some in ([behaviour], [one for one in behaviours if one.writes is not in_query], behaviours):
        told = Counter[int]()
        for _, outcome in (case for one in some for case in one.cases):
            told[outcome.status] += len(outcome.scenes) if outcome.status in _BAD else 0
        if told and max(told.values()) > 0:
            return told.most_common(1)[0][0]
    return _BAD[0] if in_query else _BAD[1]


def _of_requests(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Unfit]:
    yield from _queries(fine)
    yield from _pages(behaviour, fine)
    if behaviour.endpoint.method not in _WRITES:
        return
    lead = entity_in_request(fine, behaviour.binding)
    if all(isinstance(look(scene.sample.json, lead), dict) for scene in fine):
        sent = _Sent([look(scene.sample.json, lead) for scene in fine], lambda path: json_term((*lead, *path)))
    elif all(scene.sample.form for scene in fine):
        documents = [{name: values[0] for name, values in scene.sample.form.items()} for scene in fine]
        sent = _Sent(documents, lambda path: form_term(str(path[0])))
    else:
        return
    if behaviour.binding.sent_rows:
        yield from _without_rows(behaviour.binding.sent_rows)
    elif behaviour.endpoint.method == "POST" and behaviour.binding.role != "item":
        yield from _incomplete(sent)
    for path in sent.paths():
        yield from _misshapen(sent.term(path), sent.values(path))


class _Sent:
    """The documents that accepted calls sent, and the terms of their members."""

    def __init__(self, documents: Sequence[dict[str, Any]], term: Callable[[Path], Term]) -> None:
        self.documents = documents
        self.term = term

    def always(self) -> list[str]:
        """Give the members that all of them have."""
        return [name for name in self.documents[0] if all(name in one for one in self.documents)]

    def paths(self) -> list[Path]:
        """Give where members stand, also those of objects within."""
        found: dict[Path, None] = {}
        for document in self.documents:
            found |= dict.fromkeys(_paths(document, ()))
        return list(found)[:_MOST_MEMBERS]

    def values(self, path: Path) -> list[Any]:
        return [value for one in self.documents if (value := look(one, path)) is not MISSING]


def _paths(document: dict[str, Any], lead: Path) -> Iterator[Path]:
    for name, value in document.items():
        if isinstance(value, dict) and value and len(lead) < _DEPTH:
            yield from _paths(value, (*lead, name))
        else:
            yield (*lead, name)


def _incomplete(sent: _Sent) -> Iterator[Unfit]:
    """Give that none of the members is there that all accepted calls had.

    Where some of three calls left others out, or there were many, it is enough that one of these is not there.
    """
    do_vary = any(set(one) != set(sent.documents[0]) for one in sent.documents)
    vary = len(sent.documents) >= (_SOME if do_vary else _MOST)
    are_sure = do_vary and len(sent.documents) >= _MANY
    names = [name for name in sent.always() if not vary or _is_asked_for(name, sent, are_sure=are_sure)]
    always = [sent.term((name,)) for name in names]
    if not always or len(always) > _MOST_MEMBERS:
        return
    base = "request.form" if always[0].text.startswith("request.form") else "request.json"
    kind = f"{base} is mapping" if len(sent.documents) >= _TWICE else f"{base} is mapping and {base}"
    text = (" or " if vary else " and ").join(f"{term.text} is not defined" for term in always)
    is_lacking = any if vary else all

    def lacks(scene: Scene) -> bool:
        body = scene.sample.form if base == "request.form" else scene.sample.json
        is_told = isinstance(body, dict) and (bool(body) or len(sent.documents) >= _TWICE)
        return is_told and is_lacking(term.get(scene) is MISSING for term in always)

    note = "it lacks what all accepted calls had" if vary else "it has nothing of what all accepted calls had"
    yield Unfit(Term(f"{kind} and ({text})", lacks), note)


def _without_rows(sent: Sequence[SentRows]) -> Iterator[Unfit]:
    """Give that no rows are sent, where calls may be sent such as are made and such as are removed."""
    terms = [json_term(rows.sent) for rows in sent if rows.sent]
    if len(terms) == len(sent) > 1:
        text = " and ".join(f"{term.text} is not defined" for term in terms)

        def lacks(scene: Scene) -> bool:
            return isinstance(scene.sample.json, dict) and all(term.get(scene) is MISSING for term in terms)

        yield Unfit(Term(f"request.json is mapping and ({text})", lacks), "no rows are sent")


def _is_asked_for(name: str, sent: _Sent, *, are_sure: bool) -> bool:
    """Tell whether a member is one that calls must have; objects and lists are often left out, too.

    Remarks never are, nor is what a page is asked for with, and what is not switched on is off.
    """
    values = sent.values((name,))
    is_usual = _is_remark(name) or part_by_name(name) in _PAGED or all(map(_is_switch, values))
    is_within = "[" in name or any(isinstance(one, dict | list) for one in values)
    return not is_usual and (are_sure or not is_within)


def _is_remark(name: str) -> bool:
    return not _REMARKS.isdisjoint(words_of(name))


def _is_switch(value: Any) -> bool:
    return str(value).lower() in _SWITCHES


def _misshapen(term: Term, values: Sequence[Any]) -> Iterator[Unfit]:
    """Give that a member is of a form that none of these values has."""
    if len(values) >= _TWICE and all(map(is_number, values)):
        yield Unfit(_said(term, f"{term.text} is string", _is_text), f"{term.name} is no number")
    if all(isinstance(value, str) and value.strip() for value in values) and values:
        yield from _texts(term, values)
    elif len(values) >= _SOME and all(is_number(value) and 0 < value <= _SMALL for value in values):
        text = f"{term.text} is number and {term.text} <= 0"
        yield Unfit(_said(term, text, _is_not_positive), f"{term.name} is not above zero")
    elif len(values) >= _TWICE and all(is_number(value) and value >= 0 for value in values):
        yield Unfit(_said(term, f"{term.text} is number and {term.text} < 0", _is_negative), f"{term.name} is negative")
    elif values and not _is_remark(term.name) and all(_is_list_of_rows(value) for value in values):
        text = f"{term.text} is sequence and {term.text} is not string and ({term.text} | length) == 0"
        yield Unfit(_said(term, text, lambda value: value == []), f"{term.name} is empty")


def _texts(term: Term, values: Sequence[str]) -> Iterator[Unfit]:
    if len(values) >= _SOME:
        text = f"{term.text} is string and ({term.text} | trim) == ''"
        yield Unfit(_said(term, text, _is_blank), f"{term.name} is blank")
    longest = max(map(len, values))
    if len(values) >= _MANY:
        most = max(_LONG, 4 * longest)
        text = f"{term.text} is string and ({term.text} | length) > {most}"
        yield Unfit(_said(term, text, lambda value: isinstance(value, str) and len(value) > most), "it is too long")
    for form in _FORMS:
        if len(values) >= form.least and all(re.fullmatch(form.pattern, value) for value in values):
            found = f"({term.text} | regex_search({literal(f'^(?:{form.pattern})$')})) is none"
            yield Unfit(_said(term, f"{term.text} is string and {found}", _differs(form.pattern)), form.note)


def _queries(fine: Sequence[Scene]) -> Iterator[Unfit]:
    """Give that a parameter is no whole number, or nothing, where all accepted ones were."""
    for name in dict.fromkeys(name for scene in fine for name in scene.sample.query):
        term = query_term(name)
        values = [values[0] for scene in fine if (values := scene.sample.query.get(name))]
        if all(value.isdecimal() for value in values):
            found = f"({term.text} | regex_search('^-?[0-9]+$')) is none"
            text = f"{term.text} is defined and {found}"
            yield Unfit(_said(term, text, _differs("-?[0-9]+")), f"{name} is no number", in_query=True)
        elif all(value.strip() for value in values):
            text = f"{term.text} is defined and ({term.text} | trim) == ''"
            yield Unfit(_said(term, text, _is_blank), f"{name} is blank", in_query=True)


def _pages(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Unfit]:
    """Give that what a list is asked for pages with, as it is called everywhere, is no whole number."""
    sent = {name for scene in fine for name in scene.sample.query}
    if behaviour.listed is None or not behaviour.listed.spec.get("free") or behaviour.endpoint.method != "GET":
        return
    if any(part_by_name(name) in _PAGED for name in sent):
        return
    lead = "_" if any(name.startswith("_") for name in sent) else ""
    for name in (f"{lead}{one}" for one in _PARAMETERS):
        term = query_term(name)
        text = f"{term.text} is defined and ({term.text} | regex_search('^-?[0-9]+$')) is none"
        yield Unfit(_said(term, text, _differs("-?[0-9]+")), f"{name} is no number", in_query=True)


def _said(term: Term, text: str, holds: Callable[[Any], bool]) -> Term:
    return Term(text, lambda scene: holds(term.get(scene)), term.name, 1.0, term.uses, term.keeps)


def _is_negative(value: Any) -> bool:
    return is_number(value) and value < 0


def _is_not_positive(value: Any) -> bool:
    return is_number(value) and value <= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _is_list_of_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _differs(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is None
