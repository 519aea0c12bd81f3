"""The grounds of an explanation: the terms of an endpoint, and what tells its scenes apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from cassettes.conventions import told_by_name, words_of
from recorder.synthesis.conditions.conjunction import one_condition
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.samples.values import as_text, canon, is_number, is_scalar, same
from recorder.synthesis.terms.callers import is_own_header
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.spread import scattered
from recorder.synthesis.terms.term import STANDS, Term, alike
from recorder.synthesis.terms.vocabulary import Vocabulary

Case: TypeAlias = "tuple[Scene, Any]"
"""A scene with what one part of its answer was."""
Told: TypeAlias = "list[tuple[Term | None, Any]]"
"""Conditions with the label of the scenes where they are the first to hold; the last has none."""


class Decide(Protocol):
    """Gives, for scenes with labels, the conditions that tell the labels apart; None if none do."""

    def __call__(self, scenes: Sequence[Scene], labels: Sequence[Any], *, by_chance: bool = False) -> Told | None:
        """Find them; `by_chance` also those that may be no more than chance."""


_MANY: Final = 8
_MOST_CASES: Final = 120
_FIRST_OF: Final = 3
"""One in so many of the cases that are looked at is the first of its session, or among the first."""
_NEARLY: Final = 0.8
_NEARLY_TENTHS: Final = 9
_MOST_FITTING: Final = 12
_TELLING: Final = 4
_DETAILED: Final = 5
_FEW: Final = 2
_SHORTEST: Final = 4
"""What is shorter may be in a path and in an answer by chance."""
_NAMED: Final = "vars."
_SENT: Final = ("request.json", "request.form", "request.query")
_REFUSED: Final = 400
_PATH: Final = "request.path"
_HELD: Final = re.compile("(?:\N{SECTION SIGN}\\w+\N{SECTION SIGN})?vars\\.")
_MOST_PIVOTS: Final = 3
_CREDENTIALS: Final = ("request.auth", "request.cookies", "request.headers")
_DOING: Final = frozenset(("by", "author", "creator", "owner", "actor", "sender", "reporter", "uploader"))
"""What is called so says who did something."""
_NAMING: Final = ("request.auth.username", "request.path_params.")
_RECKONED: Final = re.compile(r" [-+*/~] ")
_LAST_OF: Final = re.compile(r"resource\.\w+\.all\(\) \| last\)")
_ID: Final = re.compile(r"(?:[_-]?id|Id|ID)$")
_HEADER: Final = re.compile(r"request\.headers\['([^']+)'\]")


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """What the answers of one endpoint are explained by.

    Without `uses_echo` nothing is taken from the request. `ordered` are the fields of times that lists are sorted by,
    `tables` collects what only a table could tell; `name` is what those are called after. Where it would be unknown
    else what kind a part is of, or whether it is there, conditions do that may tell it only `by_chance`.
    """

    vocabulary: Vocabulary
    decide: Decide
    name: str
    uses_echo: bool = True
    ordered: frozenset[str] = frozenset()
    tables: list[Table] = field(default_factory=list)
    by_chance: bool = False

    def tell_apart(self, cases: Sequence[Case], labels: Sequence[Any], *, by_chance: bool = False) -> Told | None:
        """Give the conditions that tell apart cases with these labels, or None.

        They may tell them `by_chance` where each label is well explained by itself, and no other would do in its place.
        """
        return self.decide([scene for scene, _ in cases], list(labels), by_chance=by_chance or self.by_chance)

    def tell_values_apart(self, cases: Sequence[Case], labels: Sequence[Any]) -> Told | None:
        """Give the conditions that tell apart which value it is; by chance the commonest is right as often."""
        return self.decide([scene for scene, _ in cases], list(labels))

    def condition(self, scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
        """Give a condition that holds in just these scenes, or None."""
        told = self.decide(scenes, list(holds), by_chance=self.by_chance)
        return one_condition(told) if told is not None else None

    def fitting(self, cases: Sequence[Case]) -> list[Term]:
        """Give the terms that come to the value in every scene, the plainest first."""
        if not self.uses_echo:
            return []
        scene, pivot = max(cases, key=_length)
        candidates = self.vocabulary.giving(pivot, scene)
        plainest = min(candidates, key=lambda term: term.cost, default=None)
        if plainest is not None:
            # What a text is made into may be the text itself here, as the name of a file that is in no folder.
            other = next((case for case in cases if not fits(plainest, [case])), None)
            candidates = [*candidates, *self.vocabulary.giving(other[1], other[0])] if other else candidates
        if is_scalar(pivot) and not isinstance(pivot, bool):
            hidden = [term for term, value in self.vocabulary.hidden_terms(scene) if same(value, pivot)]
            candidates = [*candidates, *hidden]
        if not in_few_sessions(cases):
            return [term for term in candidates if fits(term, cases)][:_MOST_FITTING]
        likely = [term for term in candidates if not is_last_of(term) and fits(term, cases)]
        counted = [term for term in candidates if is_last_of(term) and fits(term, cases)] if is_number(pivot) else []
        return (likely or counted)[:_MOST_FITTING]

    def term(self, cases: Sequence[Case], name: str) -> Term | None:
        """Give the best term that comes to the value in every scene, where that can hardly be chance."""
        fitting = self.fitting(cases)
        if not fitting:
            return None
        stands = next((term for term in fitting if term.name == STANDS), None)
        if stands is not None:
            return stands
        who = self._who(fitting, name) if in_few_sessions(cases) else None
        if who is not None:
            return who
        best = min(fitting, key=lambda term: rank(term, name))
        is_alike = is_called(best, name)
        values = [value for _, value in cases]
        distinct = len(set(map(canon, values)))
        if distinct == 1:
            asked = next((term for term in fitting if term.text == _PATH), None)
            if asked is not None and in_few_sessions(cases) and cases[0][0].sample.status >= _REFUSED:
                return asked
            own = min(filter(names_whom, fitting), key=lambda term: rank(term, name), default=None)
            if own is not None and in_few_sessions(cases) and (_is_specific(values[0]) or _is_a_word(values[0])):
                return own
            if in_few_sessions(cases) and _is_of_named(best, values[0], is_alike=is_alike):
                return best
            is_said = not is_of_transport(best) or _is_of_own_header(best)
            if in_few_sessions(cases) and is_hardly_fixed(values[0]) and is_said:
                return best
            if _is_meant(best, values, is_alike=is_alike):
                return best
            return _spoken_of(fitting, cases) if len(cases) == 1 else None
        if is_alike or any(map(_is_specific, values)):
            return best
        if distinct > 2 and len(cases) > 3 and not all(isinstance(value, bool) for value in values):
            return best
        return best if len(cases) >= 10 and best.cost < 2 else None

    def _who(self, fitting: Sequence[Term], name: str) -> Term | None:
        """Give what is known of who calls for a part that says who did something, unless the item says so, too."""
        if _DOING.isdisjoint(words_of(name)) or any("item" in term.uses for term in fitting):
            return None
        own = (term for term in fitting if term.uses and all(map(self._is_caller, term.uses)))
        return min(own, key=lambda term: rank(term, name), default=None)

    def _is_caller(self, lookup: str) -> bool:
        known = self.vocabulary.lookups.get(lookup)
        return known is not None and known.by is None and known.key.text.startswith(_CREDENTIALS)

    def mostly(self, cases: Sequence[Case]) -> Term | None:
        """Give a term that comes to nearly all values, where many are alike and large: the rest is the recording's."""
        if len(cases) < _MANY or not self.uses_echo:
            return None
        best: tuple[float, Term] | None = None
        for scene, value in cases[:: max(1, len(cases) // 3)][:3]:
            if not isinstance(value, dict | list) or not value:
                continue
            for term in self.vocabulary.giving(value, scene)[:6]:
                share = sum(same(term.get(one), wanted) for one, wanted in cases) / len(cases)
                if share >= _NEARLY and (best is None or share - term.cost / 50 > best[0]):
                    best = (share - term.cost / 50, term)
        return best[1] if best is not None else None

    def mostly_held(self, cases: Sequence[Case]) -> Term | None:
        """Give what the item has that most of these tokens are: a read makes none, but they change unseen."""
        for scene, value in cases[:: max(1, len(cases) // _MOST_PIVOTS)]:
            for term in self.vocabulary.giving(value, scene):
                right = [canon(one) for other, one in cases if same(term.get(other), one)]
                is_held = _HELD.match(term.text) is not None and not term.keeps
                if is_held and len(set(right)) > _FEW and len(right) * 2 > len(cases):
                    return term
        return None

    def nearly_told(self, cases: Sequence[Case], name: str) -> Term | None:
        """Give what a list tells by this name where that is nearly always right: the rest is what nobody saw of it."""
        if len(cases) < _MANY or not self.uses_echo:
            return None
        found: dict[str, Term] = {}
        for scene, value in cases[:: max(1, len(cases) // _MOST_PIVOTS)]:
            told = [term for term in self.vocabulary.giving(value, scene) if "list" in term.uses]
            found |= {term.text: term for term in told if is_called(term, name)}
        best: tuple[int, Term] | None = None
        for term in sorted(found.values(), key=lambda one: rank(one, name)):
            right = [canon(value) for scene, value in cases if same(term.get(scene), value)]
            is_nearly = len(right) * 10 >= len(cases) * _NEARLY_TENTHS and len(set(right)) > _FEW
            if is_nearly and (best is None or len(right) > best[0]):
                best = len(right), term
        return best[1] if best is not None else None


def spread(cases: Sequence[Case]) -> Sequence[Case]:
    """Give some of the cases where there are very many: the first of many sessions, and of some sessions all.

    So counting on still shows, and so does what comes late in a session. A third are firsts: with more of them a number
    that begins anew in each session would look like a constant.
    """
    if len(cases) <= _MOST_CASES:
        return cases
    sessions: dict[int, list[Case]] = {}
    for case in cases:
        sessions.setdefault(case[0].sample.session, []).append(case)
    firsts = _MOST_CASES // _FIRST_OF
    places = sorted(sorted(range(len(sessions)), key=scattered)[:firsts])
    whole = list(sessions.values())
    some = [whole[place] for place in places]
    share = max(1, firsts // len(some))
    left = _MOST_CASES - sum(min(share, len(inside)) for inside in some)
    made: list[Case] = []
    for inside in some:
        more = min(max(0, len(inside) - share), left)
        left -= more
        made += inside[: share + more]
    return made


def fits(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether a term comes to the value in every scene."""
    return all(same(term.get(scene), value) for scene, value in cases)


def rank(term: Term, name: str) -> tuple[float, int, str]:
    """Give what terms for a part of this name are sorted by, the best first."""
    likely = told_by_name(name) if "list" in term.uses else ()
    late = likely.index(term.name) / 100 if term.name in likely else 0.0
    return (term.cost - (1.0 if is_called(term, name) else 0.0) + late, len(term.text), term.text)


def is_called(term: Term, name: str) -> bool:
    """Tell whether a part of this name is called as a term is, or as what the term tells of is everywhere.

    `postId` is called as the parameter `post` of the path, and `X-Total-Count` as the total of a list.
    """
    if alike(term.name, name):
        return True
    if "list" in term.uses:
        return term.name in told_by_name(name)
    return "path_params." in term.text and alike(_ID.sub("", name), term.name)


def is_of_transport(term: Term) -> bool:
    """Tell whether a term is a header of the request, or one that was kept of an earlier answer."""
    return term.text.startswith("request.headers") or any(
        "headers" in kept or "content_type" in kept for _, kept in term.keeps
    )


def _is_of_own_header(term: Term) -> bool:
    """Tell whether a term is a header of a service's own, in which callers say who they are."""
    found = _HEADER.fullmatch(term.text)
    return found is not None and is_own_header(found[1])


def in_few_sessions(cases: Sequence[Case]) -> bool:
    """Tell whether all that is known is from few sessions: who called, and with what, was mostly the same all along."""
    return are_few(scene for scene, _ in cases)


def come_again(cases: Sequence[Case]) -> bool:
    """Tell whether any of these values is one of several sessions, where there are several.

    What each session has otherwise is no word of the service, and says nothing of the next session.
    """
    seen: dict[Any, set[int]] = {}
    for scene, value in cases:
        seen.setdefault(canon(value), set()).add(scene.sample.session)
    return len(set().union(*seen.values())) == 1 or any(len(sessions) > 1 for sessions in seen.values())


def tells_whom(cases: Sequence[Case]) -> bool:
    """Tell whether all is from one session and the value has in it who called, or what the path named."""
    if not in_few_sessions(cases):
        return False
    scene, value = cases[0]
    shown = canon(value)
    named = [scene.sample.auth.username or "", *scene.params.values()]
    return any(len(text) >= _TELLING and text in str(shown) for text in named)


def is_last_of(term: Term) -> bool:
    """Tell whether a term is what the last thing of a kind has: in one session that is chance, unless it counts on."""
    return _LAST_OF.search(term.text) is not None


def names_whom(term: Term) -> bool:
    """Tell whether a term is what a call names itself or its thing with: in another session it is another."""
    return term.text.startswith(_NAMING)


def is_sent_so(term: Term, name: str) -> bool:
    """Tell whether a term is what is sent under a name, and nothing reckoned of it."""
    return term.name == name and _RECKONED.search(term.text) is None


def _length(case: Case) -> int:
    return len(as_text(case[1])) if is_scalar(case[1]) else 0


def _is_meant(term: Term, values: Sequence[Any], *, is_alike: bool) -> bool:
    """Tell whether a term is behind values that were the same each time, and not only happens to be equal."""
    is_header = is_of_transport(term)
    if len(values) > _FEW and "| last)" in term.text:  # what another thing happens to be like
        return False
    if is_alike and term.cost < 2.3 and (not is_header or (bool(term.keeps) and len(values) < 3)):
        return True
    return len(values) <= 2 and not is_header and _is_specific(values[0])


def _is_of_named(term: Term, value: Any, *, is_alike: bool) -> bool:
    """Tell whether a value is what the thing that a call speaks of has under the same name.

    One session speaks of one such thing again and again; what it has is not the same for all for that.
    """
    return is_alike and term.text.startswith(_NAMED) and not term.keeps and (_is_specific(value) or is_number(value))


def _spoken_of(fitting: Sequence[Term], cases: Sequence[Case]) -> Term | None:
    """Give the term of a number in the only refusal of its kind: what is sent, or what the call speaks of has.

    What is refused for how much it is tells how much that was, and how much there is.
    """
    scene, value = cases[0]
    if scene.sample.status < _REFUSED or not is_number(value) or abs(value) < _FEW:
        return None
    sent = [term for term in fitting if term.text.lstrip("(").startswith(_SENT)]
    held = [term for term in fitting if _HELD.match(term.text) and "[" not in term.text and not term.keeps]
    return next((found[0] for found in (sent, held) if len({term.text for term in found}) == 1), None)


def _is_a_word(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= _SHORTEST and value.isalnum()


def _is_specific(value: Any) -> bool:
    """Tell whether a value is hardly equal to another by chance."""
    if isinstance(value, str):
        has_digit = any(map(str.isdigit, value))
        return len(value) >= 6 or (len(value) >= 3 and has_digit and not value.isdigit()) or _is_long_number(value)
    if is_number(value):
        return abs(value) >= 1000 or (isinstance(value, float) and not value.is_integer())
    return isinstance(value, dict | list) and bool(value)


def is_hardly_fixed(value: Any) -> bool:
    """Tell whether a value is one that answers seldom have fixed: a large or broken number, a text with digits in it.

    In one session it may have come up often and always have been the same, as all was done with the same things.
    """
    if isinstance(value, str):
        return len(value) >= _DETAILED and any(map(str.isdigit, value)) and _is_specific(value)
    return is_number(value) and _is_specific(value)


def _is_long_number(text: str) -> bool:
    return len(text) >= 4 and text.isdigit()
