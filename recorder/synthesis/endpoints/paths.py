"""Path templates: which parts of the recorded paths are parameters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from recorder.synthesis.samples.sample import Sample, sessions_of
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, parts, shape

Template: TypeAlias = tuple[str | None, ...]
"""The parts of a path; None stands for a parameter."""

Members: TypeAlias = dict[tuple[str, Template], set[str]]
"""The names in what is answered under a part of a path, by method and by what follows the part."""
_TYPED: Final = re.compile(
    r"""
      -?\d+(?:\.\d+)?                                                     # a number
    | [0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}    # a UUID
    | (?=[0-9a-f]*\d)[0-9a-f]{8,}                                         # hexadecimal
    | [!$#=~:*+]?(?=[^.]*\d)(?=[\w-]*[a-z])[\w-]{12,}                     # a token with digits, behind a sign
    | [0-9A-HJKMNP-TV-Z]{26}                                              # a ULID
    | \d{4}-\d\d-\d\d(?:T[\d:.+Zz-]*)?                                    # a date
    | [^@\s/]+@[^@\s/]+\.[a-z]+                                           # an e-mail address
    | eyJ[\w-]+\.[\w-]+\.[\w-]*                                           # a JSON Web Token
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)*|api\d*|\d{4}-\d\d-\d\d", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"\d+(?:\.\d+)+")
_NAMING: Final = re.compile(r"(?:^|_)(?:id|key|slug|code|handle|login)$|(?:Id|Key|Slug|Code)$")
_ODD: Final = re.compile(r"\d|[a-z][A-Z]")
"""What no plain word has in it."""
_NUMBERED: Final = re.compile(r"(?!v\d)[\w.-]*\d[\w.-]*")
_ENDS_IN_NUMBER: Final = re.compile(r"\w[\w.-]*[-_]\d\d+")
_NUMBERED_FILE: Final = re.compile(r"[\w-]*\d[\w-]*\.[A-Za-z0-9]{1,5}")
_DEEP: Final = 3
_MANY: Final = 3
_MOST_ROWS: Final = 20
_ALIKE_TENTHS: Final = 7
_SELDOM: Final = 0.25


def is_typed(segment: str) -> bool:
    """Tell whether a part of a path looks made for one thing: a number, a UUID, a token, a date."""
    return _TYPED.fullmatch(segment) is not None


@dataclass(slots=True)
class _Node:
    """The samples whose paths begin alike; `depth` parts are behind it."""

    samples: list[Sample]
    depth: int
    children: dict[str, list[Sample]] = field(default_factory=dict)


def templates_of(samples: Sequence[Sample]) -> list[Template]:
    """Give the template of each sample's path.

    A part is a parameter where it is typed, where it names a thing that a session made or was told of, or where many
    parts that differ from session to session lead on alike. What only ever failed joins the parameter beside it.
    """
    told = _told(samples)
    made: list[list[str | None]] = [[] for _ in samples]
    position = {id(sample): place for place, sample in enumerate(samples)}
    pending = [_Node(list(samples), 0)]
    while pending:
        node = pending.pop()
        children: dict[str, list[Sample]] = defaultdict(list)
        for sample in node.samples:
            if len(sample.segments) > node.depth:
                children[sample.segments[node.depth]].append(sample)
        grouped = _parameters(children, node, told)
        joined: list[Sample] = []
        for segment, inside in children.items():
            is_parameter = segment in grouped
            for sample in inside:
                made[position[id(sample)]].append(None if is_parameter else segment)
            if is_parameter:
                joined.extend(inside)
            else:
                pending.append(_Node(inside, node.depth + 1))
        if joined:
            joined.sort(key=lambda sample: sample.number)
            pending.append(_Node(joined, node.depth + 1))
    return [tuple(parts) for parts in made]


@dataclass(slots=True)
class _Told:
    """The whole texts that sessions were told: by sample before it, or by its own answer; and by any answer."""

    before: dict[int, set[str]] = field(default_factory=dict)
    anywhere: set[str] = field(default_factory=set)
    made: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)
    """The paths, with the sessions, of things that were made right above them and named so."""


def _told(samples: Sequence[Sample]) -> _Told:
    told = _Told()
    shared = _shared_names(samples)
    for session in sessions_of(samples):
        known: set[str] = set()
        for sample in session:
            # What an answer repeats from the middle of its path is the kind of what is named behind it.
            answered = _answered(sample, shared) - set(sample.segments[:-1])
            known |= answered | _texts(sample.json, shared, 4)
            told.before[sample.number] = set(known)
            told.anywhere |= answered
            told.made |= {(sample.session, (*sample.segments, name)) for name in _made_names(sample)}
    return told


def _made_names(sample: Sample) -> set[str]:
    """Give what may name the thing that a call made: the end of its location, or a member that is called so."""
    if sample.method != "POST" or not sample.succeeded:
        return set()
    location = sample.answer_header("location")
    if location is not None:
        return {location.partition("?")[0].rstrip("/").rpartition("/")[2]}
    found = leaves(sample.answer_json, longest_list=0) if isinstance(sample.answer_json, dict) else ()
    return {as_text(value) for path, value in found if len(path) < _DEEP and _NAMING.search(_last_name(path))}


def _answered(sample: Sample, shared: set[str]) -> set[str]:
    if not sample.succeeded:
        return set()
    made = {value.partition("?")[0].split("/")[-1] for name, value in sample.answer_headers if name == "location"}
    return made | _texts(sample.answer_json, shared, 50)


def _texts(document: Any, shared: set[str], longest_list: int) -> set[str]:
    if document is MISSING:
        return set()
    found = leaves(document, longest_list=longest_list)
    return {as_text(value) for path, value in found if _last_name(path) not in shared}


def _shared_names(samples: Iterable[Sample]) -> set[str]:
    """Give the names of members that say of what kind an item is, not which one: most lists have one value there.

    What is another one in nearly every session names what all items of a list belong to.
    """
    votes: dict[str, list[bool]] = defaultdict(list)
    by_session: dict[str, dict[int, str]] = defaultdict(dict)
    for sample in samples:
        for _, rows in parts(sample.answer_json, longest_list=0) if sample.succeeded else ():
            if not isinstance(rows, list) or len(rows) < 2 or not all(isinstance(row, dict) for row in rows):
                continue
            values: dict[Path, list[Any]] = defaultdict(list)
            for row in rows[:_MOST_ROWS]:
                for path, value in leaves(row, longest_list=0):
                    values[path].append(value)
            for path, told in values.items():
                if len(told) > 1:
                    votes[_last_name(path)].append(len(set(map(as_text, told))) == 1)
                    by_session[_last_name(path)][sample.session] = as_text(told[0])
    owners = {name for name, one in by_session.items() if len(one) > _MANY and len({*one.values()}) * 2 > len(one)}
    return {name for name, alike in votes.items() if sum(alike) * 2 > len(alike)} - owners


def _last_name(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _parameters(children: dict[str, list[Sample]], node: _Node, told: _Told) -> set[str]:
    sessions = len({sample.session for sample in node.samples})
    fixed = {one for one, inside in children.items() if _VERSION.fullmatch(one) or _is_release(one, inside, node)}
    typed = {segment for segment in children if is_typed(segment) and segment not in fixed}
    plain = [segment for segment in children if segment and segment not in typed and segment not in fixed]
    share = {segment: len({sample.session for sample in children[segment]}) / sessions for segment in plain}
    made = {segment for segment in plain if _is_made(children[segment], node.depth, told)}
    named = [segment for segment in plain if segment in made or _is_named(segment, children[segment], told)]
    forms = {segment: _form(children[segment], node.depth + 1) for segment in children}
    found = set(typed)
    members = {segment: _members(children[segment], node.depth + 1) for segment in plain}
    for segment in named:
        is_own = sessions > 1 and share[segment] <= 0.5
        has_like = any(_are_alike(members[segment], members[other]) for other in named if other != segment)
        if typed or is_own or has_like or segment in made or _ends_in(children[segment], node.depth):
            found.add(segment)
    if sessions == 1:
        found |= {one for one in plain if _is_made_up(one, children[one], node.depth, is_named=one in named)}
        written = [one for one in plain if _ODD.search(one) and _ends_in(children[one], node.depth)]
        found |= {one for one in written if any(forms[one] == forms[other] for other in written if other != one)}
        found |= {one for one in plain if _is_numbered(one, children[one][0].segments[: node.depth])}
    found |= _rare(plain, share, sessions, forms)
    found |= _rare([one for one in plain if one not in found], share, sessions, _ways_on(children, node.depth + 1))
    known = {segment for segment in plain if segment in told.anywhere}
    found |= {one for one in known if any(_are_alike(members[one], members[other]) for other in known - {one})}
    leading = {one for one in plain if _leads_on(members[one])}
    found |= {one for one in leading if any(_lead_alike(one, other, members) for other in leading - {one})}
    told_back = {one for one in plain if _is_told_back(one, children[one], node.depth)}
    found |= {one for one in told_back if any(_are_alike(members[one], members[other]) for other in told_back - {one})}
    return found | _failed_beside(found, plain, children, forms)


def _is_release(segment: str, samples: Sequence[Sample], node: _Node) -> bool:
    """Tell whether a decimal is the version of an API: most calls go by it, and a word follows in all of them."""
    if not _DECIMAL.fullmatch(segment) or len(samples) * 2 < len(node.samples):
        return False
    after = [one.segments[node.depth + 1 : node.depth + 2] for one in samples]
    return all(rest and rest[0] and not is_typed(rest[0]) for rest in after)


def _is_made(samples: Sequence[Sample], depth: int, told: _Told) -> bool:
    """Tell whether a part of a path names what a session made right above it."""
    return any((one.session, tuple(one.segments[: depth + 1])) in told.made for one in samples)


def _is_made_up(segment: str, samples: Sequence[Sample], depth: int, *, is_named: bool) -> bool:
    """Tell whether a part that only one session shows is no word of the API: another session has another one.

    So is what an answer told and is no plain word; a file with a number; and what was put where it was read or deleted.
    """
    if (is_named and _ODD.search(segment)) or _NUMBERED_FILE.fullmatch(segment):
        return True
    methods = {one.method for one in samples if len(one.segments) == depth + 1 and one.succeeded}
    return "DELETE" in methods and "PUT" in methods


def _is_numbered(segment: str, before: Sequence[str]) -> bool:
    """Tell whether a part of a path has a number as names have: at its end, or behind a word in the plural.

    So has `zone-17`, and `europe-west1` in `/locations/europe-west1`; `v1beta1` is a version, and `utf8` a word.
    """
    is_one_of_many = bool(before) and singular(before[-1]) != before[-1]
    return bool(_ENDS_IN_NUMBER.fullmatch(segment) or (is_one_of_many and _NUMBERED.fullmatch(segment)))


def _members(samples: Sequence[Sample], depth: int) -> Members:
    """Give what is answered under a part of a path: the names in it, by method and by what follows the part."""
    found: Members = defaultdict(set)
    for sample in samples:
        if sample.succeeded and isinstance(sample.answer_json, dict | list):
            after = tuple(None if is_typed(part) else part for part in sample.segments[depth:])
            names = {".".join(map(str, path)) for path, _ in parts(sample.answer_json, longest_list=1)}
            found[sample.method, after] |= names
    return found


def _leads_on(members: Members) -> bool:
    """Tell whether a part of a path is followed by a word: what words lead on to alike are names of things."""
    return any(after and after[0] is not None for _, after in members)


def _are_alike(one: Members, other: Members, tenths: int = _ALIKE_TENTHS) -> bool:
    """Tell whether two parts of paths lead to the same kinds of answers, as far as both lead to the same."""
    both = set(one) & set(other)
    return bool(both) and all(len(one[key] & other[key]) * 10 >= len(one[key] | other[key]) * tenths for key in both)


def _lead_alike(one: str, other: str, members: dict[str, Members]) -> bool:
    """Tell whether two words lead on to the same kinds of answers.

    Words in the plural are collections first: much that is kept has an id, a name and times, so that only answers with
    just the same members make them names of things of one kind.
    """
    are_plural = singular(one) != one and singular(other) != other
    return _are_alike(members[one], members[other], tenths=10 if are_plural else _ALIKE_TENTHS)


def _rare(plain: Sequence[str], share: dict[str, float], sessions: int, forms: dict[str, Hashable]) -> set[str]:
    """Give the parts that lead on alike and are another in nearly each session, where there are many."""
    by_form: dict[Hashable, list[str]] = defaultdict(list)
    for segment in plain:
        by_form[forms[segment]].append(segment)
    found: set[str] = set()
    for alike in by_form.values():
        rare = [segment for segment in alike if share[segment] * sessions <= max(1.0, sessions * 0.1)]
        if sessions > _MANY and len(rare) >= max(_MANY, sessions * 0.3):
            # Words of few letters come again by chance: what is seldom beside many that are rare is one of them.
            are_most = len(rare) * 3 >= len(alike) * 2
            found |= {one for one in alike if one in rare or (are_most and share[one] <= _SELDOM)}
    return found


def _ways_on(children: dict[str, list[Sample]], depth: int) -> dict[str, Hashable]:
    """Give for each part of paths that leads on how it does, whatever the parts are called: rare parts may follow, too.

    A part that leads on in no way, or to answers of several kinds, is like no other.
    """
    found: dict[str, Hashable] = {}
    for segment, samples in children.items():
        ways = {_way_on(sample, depth) for sample in samples}
        found[segment] = next(iter(ways)) if len(ways) == 1 and None not in ways else segment
    return found


def _way_on(sample: Sample, depth: int) -> Hashable:
    after = sample.segments[depth:]
    if not after or any(map(is_typed, after)) or sample.status >= 400:
        return None
    names = tuple(sorted({name for name, _ in sample.answer_headers}))
    return (sample.method, len(after), sample.status, sample.answer_type, names, shape(sample.answer_json))


def _failed_beside(
    found: set[str], plain: Sequence[str], children: dict[str, list[Sample]], forms: dict[str, Hashable]
) -> set[str]:
    """Give the parts under which every call failed, of a method that a parameter beside them has too."""
    methods = {method for segment in found for method in _methods(forms[segment])}
    return {
        segment
        for segment in plain
        if all(sample.status >= 400 for sample in children[segment]) and _methods(forms[segment]) & methods
    }


def _is_named(segment: str, samples: Sequence[Sample], told: _Told) -> bool:
    fine = [sample for sample in samples if sample.status < 400]
    return bool(fine) and sum(segment in told.before[sample.number] for sample in fine) * 2 > len(fine)


def _ends_in(samples: Sequence[Sample], depth: int) -> bool:
    """Tell whether the part ends paths that write: what is written to by name is a thing, not a collection."""
    return any(len(sample.segments) == depth + 1 and sample.method in ("PUT", "PATCH", "DELETE") for sample in samples)


def _is_told_back(segment: str, samples: Sequence[Sample], depth: int) -> bool:
    """Tell whether all answers to what was put by this name have a member that says it, as `{"currency": "USD"}`."""
    written = [
        sample.answer_json if isinstance(sample.answer_json, dict) else {}
        for sample in samples
        if len(sample.segments) == depth + 1
        and sample.method in ("PUT", "PATCH")
        and sample.succeeded
        and isinstance(sample.json, dict)
    ]
    return bool(written) and all(any(value == segment for value in one.values()) for one in written)


def _form(samples: Sequence[Sample], depth: int) -> Hashable:
    """Give what comes after a part of a path: methods, further parts, and the shapes of what is answered."""
    after = frozenset(
        (sample.method, tuple(None if is_typed(part) else part for part in sample.segments[depth:]))
        for sample in samples
        if sample.status < 400
    )
    shapes = frozenset(
        shape(sample.answer_json) for sample in samples if sample.succeeded and len(sample.segments) == depth
    )
    return (after, shapes)


def _methods(form: Hashable) -> set[str]:
    assert isinstance(form, tuple)
    return {method for method, _ in form[0]} or {"GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"}


def singular(word: str) -> str:
    """Give a collection's name for one of its items: `orders` is `order`, `categories` is `category`."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        return word[:-1]
    return word
