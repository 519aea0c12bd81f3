"""Conditions on one value, of a request or of what is held: there, of a type, one of few, in bounds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.conditions.bounds import of_size
from recorder.synthesis.conditions.condition import Condition, Subject, recalled
from recorder.synthesis.conditions.held_lists import of_held_lists
from recorder.synthesis.conditions.hints import hinted_bounds, hinted_words
from recorder.synthesis.conditions.kinds_named import of_kinds
from recorder.synthesis.endpoints.paths import is_typed
from recorder.synthesis.endpoints.verbs import is_credential
from recorder.synthesis.samples.values import MISSING, canon, is_scalar, same
from recorder.synthesis.terms.days import days_since
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import username_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.sums import DIFFERENCE
from recorder.synthesis.terms.term import Term, literal
from recorder.synthesis.terms.vocabulary import Vocabulary

_FEW: Final = 6
_MOST_FIELDS: Final = 160
_MOST_STEPS: Final = 5
_FARTHEST_FETCHED: Final = 9
_OFTEN: Final = 3
_MOST_OFTEN: Final = 4
_MOST_KNOWN: Final = 12
_LONGEST_KNOWN: Final = 60
_LONG: Final = 8
_DAY_LENGTH: Final = len("2025-01-31")
_WHOLE: Final = 0.9
"""What a condition costs that is on another thing than those that the call speaks of: the last of all."""
_TELLING: Final = 3
_TOLD: Final = -0.3
"""What it costs on top that something held is a word that all refusals tell which met it, and that none else met."""
_SAID: Final = -0.15
"""What it costs on top that something held is none of what was accepted, where refusals tell what it is."""
_NOT_FOUND: Final = 404
_OF_WHAT_IS_SENT: Final = (400, 422)
_UNKNOWN: Final = re.compile(
    r"not[ _-]?found|unknown|no[ _]such|not[ _]exist|there is no |not[ _](?:known|supported)|unsupported", re.IGNORECASE
)
_SENT: Final = ("request.json", "request.form", "request.query")
_SPANS: Final = (7, 14, 21, 28, 30, 60, 90, 180, 365)
"""Days that bounds are at: weeks, months, years."""
_EMAIL: Final = r"[^@\\s]+@[^@\\s]+\\.[^@\\s]+"
_PATTERNS: Final = (
    (_EMAIL, 0.4),
    ("-?[0-9]+", 0.4),
    ("-?[0-9]+(\\\\.[0-9]+)?", 0.38),
    ("[0-9a-fA-F-]{32,36}", 0.6),
    ("[a-z0-9][a-z0-9_.-]*", 0.4),
    ("[0-9]{4}-[0-9]{2}-[0-9]{2}.*", 0.6),
)
_TYPES: Final = (
    ("boolean", bool),
    ("string", str),
    ("number", (int, float)),
    ("mapping", dict),
    ("sequence", list),
)
_GROUPS: Final = ("request.query", "request.form", "request.cookies")
INDEXED: Final = re.compile(r"\[\d+\]")
"""What in an expression takes a member of a list by its place."""
_LOOKUP: Final = re.compile(r"vars\.\w+")
_ID: Final = re.compile(r"(?:^|_)id$|[a-z]Id$")
_NOT_COMPARED: Final = (
    "request.headers",
    "request.auth",
    "request.method",
    "request.url",
    "request.cookies",
    "request.query_string",
    "request.path ",
    "request.text",
    "vars.list.next_cursor",
)


def of_fields(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions on each value of the requests and of what is looked up."""
    bounds, words = hinted_bounds(scenes), hinted_words(scenes)
    is_few = are_few(scenes)
    own_keys = {lookup.key.text for lookup in vocabulary.lookups.values()}
    in_paths = {name for text in own_keys for name in re.findall(r"request\.path_params\.\w+", text)}
    for term in _fields(scenes, vocabulary):
        base = _WHOLE if "| last)" in term.text else 0.35 if term.text.startswith(("request.", "days(")) else 0.5
        subject = Subject(*recalled(term, scenes), base)
        if term.text in _GROUPS and all(isinstance(value, dict) for value in subject.given):
            continue
        if term.name == DIFFERENCE and term.text.startswith("net("):
            # How far two sides are apart matters to nobody: either they come out even, or they do not.
            yield subject.condition(f"{term.text} == 0", _is_even, 0.1)
            continue
        yield from _of_presence(subject)
        yield from _of_types(subject)
        yield from _of_texts(subject)
        yield from of_held_lists(subject, scenes)
        is_known = not (_is_secret(term) and _is_cleaned(scenes))
        if is_known and not (is_few and _are_ids(subject.given)):
            yield from _of_values(subject)
        if is_few and is_known:
            yield from _of_refused(subject, scenes)
        if is_known:
            yield from of_kinds(subject, scenes)
            yield from _of_told(subject, scenes)
        told = _of_known(subject, scenes, words if is_known else (), is_key=term.text in own_keys)
        yield from told if is_known else (one._replace(about="auth") for one in told)
        if term.text not in in_paths and not _ID.search(term.name):
            yield from of_size(subject, _SPANS if term.text.startswith("days(") else bounds)
    yield from _of_accounts(scenes)


def _is_even(value: Any) -> bool:
    return value is MISSING or same(value, 0)


def _of_accounts(scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions on who calls, by names that most sessions have in common: they come with the service."""
    subject = Subject(*recalled(username_term(), scenes), 0.35)
    sessions: dict[str, set[int]] = defaultdict(set)
    for scene, name in zip(scenes, subject.values, strict=True):
        if isinstance(name, str):
            sessions[name].add(scene.sample.session)
    everywhere = {scene.sample.session for scene in scenes}
    for name, where in sorted(sessions.items()):
        if len(sessions) > 1 and len(where) >= max(_OFTEN, len(everywhere) / 2):
            yield _of_value(subject, name, 0.1)


def _are_ids(values: Sequence[Any]) -> bool:
    """Tell whether values are ids that were made up: one that a session made says nothing in the next one."""
    texts = [value for value in values if isinstance(value, str) and value]
    return bool(texts) and all(len(text) >= _LONG and is_typed(text) for text in texts)


def _is_secret(term: Term) -> bool:
    """Tell whether a part of a request is credentials, or one of several parts of them."""
    return term.text.startswith("request.") and any(map(is_credential, re.findall(r"\w+", term.text)[1:]))


def _is_cleaned(scenes: Sequence[Scene]) -> bool:
    """Tell whether secrets are not what was sent, so that none that is sent later is among those known."""
    return any(scene.sample.is_cleaned for scene in scenes[:1])


def _fields(scenes: Sequence[Scene], vocabulary: Vocabulary) -> list[Term]:
    """Give what conditions may be on, what is sent first: what is held is not to crowd it out."""
    sent: dict[str, Term] = {}
    held: dict[str, Term] = {}
    for scene in scenes[:: max(1, len(scenes) // 60)]:
        is_full = len(held) > _MOST_FIELDS
        for term, _ in vocabulary.everything(scene):
            found = sent if term.text.startswith("request.") else held
            if (found is sent or not is_full) and _is_compared(term):
                found.setdefault(term.text, term)
    return [*sent.values(), *held.values()][:_MOST_FIELDS]


def _is_compared(term: Term) -> bool:
    text = term.text
    if text.startswith(_NOT_COMPARED) or text == "request.path" or "vars.list.items" in text or "| sum(" in text:
        return False
    if "vars." in text and INDEXED.search(text):
        return False
    is_deep = text.count(".") + text.count("[") > _MOST_STEPS and not text.startswith("days(")
    return not is_deep and not (text.startswith("vars.") and term.cost > _FARTHEST_FETCHED)


def _of_presence(subject: Subject) -> Iterator[Condition]:
    is_lookup = _LOOKUP.fullmatch(subject.text) is not None  # null where nothing was found, and defined
    if len(subject.given) < len(subject.values) and not subject.is_marked and not is_lookup:
        yield subject.condition(f"{subject.text} is not defined", lambda value: value is MISSING, 0.1)
    if any(value is None for value in subject.given):
        yield subject.condition(f"{subject.text} is none", lambda value: value is None, 0.2)


def _of_types(subject: Subject) -> Iterator[Condition]:
    text = subject.text
    kinds = {_kind(value) for value in subject.given if value is not None}
    if len(kinds) < 2:
        return
    for kind in sorted(kinds):
        is_list = f"{text} is sequence and {text} is not string and {text} is not mapping"
        yield subject.condition(is_list if kind == "sequence" else f"{text} is {kind}", _is_of(kind), 0.25)
    yield subject.condition(f"{text} is integer", lambda value: type(value) is int, 0.3)


def _is_of(kind: str) -> Callable[[Any], bool]:
    return lambda value: _kind(value) == kind


def _kind(value: Any) -> str:
    for name, kind in _TYPES:
        if isinstance(value, kind):
            return name
    return "nothing"


def _of_texts(subject: Subject) -> Iterator[Condition]:
    text = subject.text
    texts = [value for value in subject.given if isinstance(value, str)]
    if not texts or subject.is_marked:
        return
    yield subject.condition(f"{text} is string and ({text} | trim) == ''", _is_blank, 0.3)
    yield from _of_days(subject, texts)
    for pattern, cost in _PATTERNS:
        plain = re.compile(pattern.replace("\\\\", "\\"))
        if 0 < sum(plain.fullmatch(one) is not None for one in texts) < len(texts):
            found = f"({text} | regex_search('^(?:{pattern})$'))"
            fits, differs = _of_form(plain, fits=True), _of_form(plain, fits=False)
            yield subject.condition(f"{text} is string and {found} == {text}", fits, cost, turns=False)
            yield subject.condition(f"{text} is string and {found} != {text}", differs, cost, turns=False)


def _of_days(subject: Subject, texts: Sequence[str]) -> Iterator[Condition]:
    """Give the condition that what mostly is a day is none of the calendar, as the 30th of February."""
    good = [text for text in texts if days_since(text, text) is not None]
    are_plain = all(len(text) <= _DAY_LENGTH for text in texts)
    if subject.text.startswith(_SENT) and are_plain and len(texts) > len(good) > len(texts) / 2:
        yield subject.condition(
            f"{subject.text} is string and days({subject.text}, {subject.text}) is none", _is_no_day, 0.2, turns=False
        )


def _is_no_day(value: Any) -> bool:
    return isinstance(value, str) and days_since(value, value) is None


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _of_form(pattern: re.Pattern[str], *, fits: bool) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and (pattern.fullmatch(value) is not None) is fits


def _of_values(subject: Subject) -> Iterator[Condition]:
    """Give the conditions that it is one of few values, or one that is there often."""
    scalars = [value for value in subject.given if is_scalar(value) and value is not None]
    distinct = {canon(value): value for value in scalars}
    if 1 <= len(distinct) <= _FEW and (len(scalars) > len(distinct) or len(distinct) == 1):
        for value in distinct.values():
            yield _of_value(subject, value, 0.45 + (0.2 if len(distinct) > 3 else 0.0))
    elif scalars and all(isinstance(value, str) for value in scalars):
        often = [value for value, count in Counter(scalars).items() if count >= _OFTEN]
        for value in often[:_MOST_OFTEN]:
            yield _of_value(subject, value, 0.9)


def _of_value(subject: Subject, wanted: Any, cost: float) -> Condition:
    return subject.condition(f"{subject.text} == {literal(wanted)}", lambda value: same(value, wanted), cost)


def _of_known(
    subject: Subject, scenes: Sequence[Scene], words: Sequence[Sequence[str]], *, is_key: bool
) -> Iterator[Condition]:
    """Give the condition that a text is none of the few that were ever accepted, or that refusals name as right.

    Of one by which things are looked up only the latter: which there are is told by what is held.
    """
    good = [
        value
        for scene, value in zip(scenes, subject.values, strict=True)
        if scene.sample.succeeded and isinstance(value, str)
    ]
    known = sorted(set(good))
    if not known or len(known) > _MOST_KNOWN or any(len(value) > _LONGEST_KNOWN for value in known):
        return
    named = next((one for one in words if set(known) <= set(one)), None)
    if named is not None:
        known = sorted(named)
    elif is_key or len(good) < max(6, 3 * len(known)) or not _come_again(subject, scenes):
        return
    yield _of_others(subject, scenes, known)
    let_in = _let_in(subject, scenes) - set(known)
    if let_in and "vars." in subject.text:
        yield _of_others(subject, scenes, sorted({*known, *let_in}))


def _of_others(subject: Subject, scenes: Sequence[Scene], known: Sequence[str]) -> Condition:
    text = f"{subject.text} is defined and {subject.text} not in {literal(list(known))}"
    cost = _SAID if _is_said(subject, scenes, frozenset(known)) else 0.4
    return subject.condition(text, _is_none_of(frozenset(known)), cost)


def _let_in(subject: Subject, scenes: Sequence[Scene]) -> set[str]:
    """Give the texts with which calls got so far that what they sent was looked at: who asks had been let in."""
    pairs = zip(scenes, subject.values, strict=True)
    return {value for scene, value in pairs if scene.sample.status in _OF_WHAT_IS_SENT and isinstance(value, str)}


def _is_said(subject: Subject, scenes: Sequence[Scene], known: frozenset[str]) -> bool:
    """Tell whether all that were refused with something else of what is held were told that, as their own role."""
    pairs = zip(scenes, subject.values, strict=True)
    others = [(scene, value) for scene, value in pairs if isinstance(value, str) and value not in known]
    return "vars." in subject.text and len(others) > 1 and all(_tells(scene, value) for scene, value in others)


def _come_again(subject: Subject, scenes: Sequence[Scene]) -> bool:
    """Tell whether what was accepted in several sessions mostly came again in another: names of one's own do not."""
    sessions: dict[str, set[int]] = defaultdict(set)
    for scene, value in zip(scenes, subject.values, strict=True):
        if scene.sample.succeeded and isinstance(value, str):
            sessions[value].add(scene.sample.session)
    once = sum(len(where) == 1 for where in sessions.values())
    return len(set().union(*sessions.values())) <= _OFTEN or once * 2 <= len(sessions)


def _of_refused(subject: Subject, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the condition that a text is one that a refusal names as unknown.

    Not that it is none of those that were accepted: one session uses few of those that there are.
    """
    if not subject.text.startswith(_SENT):
        return
    pairs = [(scene, value) for scene, value in zip(scenes, subject.values, strict=True) if isinstance(value, str)]
    refused = {value for scene, value in pairs if _names_as_unknown(scene, value)}
    accepted = {value for scene, value in pairs if scene.sample.succeeded}
    if not refused or refused & accepted or _are_ids(sorted(refused)):
        return
    for value in sorted(refused):
        yield _of_value(subject, value, 0.0)


def _of_told(subject: Subject, scenes: Sequence[Scene]) -> Iterator[Condition]:
    """Give the conditions that what is held is a word that a refusal tells of it, as that an order is shipped."""
    if "vars." not in subject.text:
        return
    pairs = [(scene, value) for scene, value in zip(scenes, subject.values, strict=True) if isinstance(value, str)]
    accepted = {value for scene, value in pairs if scene.sample.succeeded}
    told = {value for scene, value in pairs if scene.sample.status >= 400 and _tells(scene, value)} - accepted
    silent = {value for scene, value in pairs if not _tells(scene, value)}
    for value in sorted(told) if not _are_ids(sorted(told)) else ():
        yield _of_value(subject, value, 0.3 if value in silent or are_few(scenes) else _TOLD)


def _tells(scene: Scene, value: str) -> bool:
    return len(value) >= _TELLING and re.search(rf"\b{re.escape(value)}\b", scene.sample.told_text) is not None


def _names_as_unknown(scene: Scene, value: str) -> bool:
    """Tell whether a call was refused as what this text names is not there, or is no such text as is wanted."""
    sample = scene.sample
    if sample.succeeded or len(value) < _TELLING or value not in sample.told_text:
        return False
    return sample.answered_status == _NOT_FOUND or _UNKNOWN.search(sample.told_text) is not None


def _is_none_of(known: frozenset[str]) -> Callable[[Any], bool]:
    return lambda value: value is not MISSING and not (isinstance(value, str) and value in known)
