"""Scalars: from single values of many answers to the node that makes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cassettes.conventions import words_of
from recorder.synthesis.explaining.counting import counter, is_number_of, next_id, numbered, said_where_number
from recorder.synthesis.explaining.fingerprints import fingerprint
from recorder.synthesis.explaining.grounds import (
    Case,
    Grounds,
    come_again,
    fits,
    in_few_sessions,
    is_hardly_fixed,
    is_of_transport,
    is_sent_so,
    rank,
)
from recorder.synthesis.explaining.link_header import paged
from recorder.synthesis.explaining.links import URL, addressed, linked
from recorder.synthesis.explaining.markup import by_elements
from recorder.synthesis.explaining.masks import masked
from recorder.synthesis.explaining.phrases import joined, mostly_around, worded
from recorder.synthesis.explaining.sent_at_times import apart_by_sent, sent_at_times, sent_member
from recorder.synthesis.explaining.serial_numbers import serial
from recorder.synthesis.explaining.shared_counts import SharedCounts
from recorder.synthesis.explaining.signed import signed
from recorder.synthesis.explaining.spans import after_another
from recorder.synthesis.explaining.tables import told_by_table
from recorder.synthesis.explaining.times_of_making import time_of_making
from recorder.synthesis.explaining.versions import version
from recorder.synthesis.nodes.kinds import made_up
from recorder.synthesis.nodes.node import Chosen, Fixed, MadeUp, Node, Said
from recorder.synthesis.samples.values import MISSING, as_text, canon, common, is_number, is_scalar, parts, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, alike, used_by

_MOST_CHOICES: Final = 6
_SEVERAL: Final = 3
_DEEPEST: Final = 2
_MOST_COVERINGS: Final = 3
_MOSTLY: Final = 0.5
_WORTH: Final = 0.1
"""How many of the values a guess must be right of more often than another, to be worth saying."""
_SOME: Final = 2
_SENT: Final = ("request.json", "request.form", "request.query", "request.parts", "row.")


@dataclass(frozen=True, slots=True, eq=False)
class Scalars:
    """Explains single values on the grounds of an endpoint; `depth` counts the groups that were taken apart before."""

    grounds: Grounds
    depth: int = 0
    counts: SharedCounts | None = None

    def explain(self, cases: Sequence[Case], name: str) -> Node:
        """Explain the values of a part of this name."""
        term = self.grounds.term(cases, name)
        counted = self.counts.told(self.grounds, cases, name, term) if self.counts is not None else None
        sure = counted or ((time_of_making(cases, term) or Said(term)) if term is not None else None)
        if sure is not None:
            return sure
        nearly = self.grounds.nearly_told(cases, name)
        if nearly is not None:
            return Said(nearly)
        values = [value for _, value in cases]
        is_text = all(isinstance(value, str) for value in values)
        pages = paged(self.grounds, cases) if is_text and self.grounds.uses_echo else None
        if pages is not None:
            return pages
        if len(set(map(canon, values))) == 1:
            return self._same_each_time(cases, name)
        told = self._around_known(cases, name) if is_text else None
        told = told or self._with_nulls(cases, name) or (serial(self.grounds, cases, name) if is_text else None)
        told = told or (addressed(cases, self.explain) if is_text and self.grounds.uses_echo else None)
        told = told or (masked(self.grounds, cases, name) if is_text and self.grounds.uses_echo else None)
        if told is not None:
            return told
        made = (signed(cases, self.explain) or version(self.grounds, cases)) if is_text else None
        if made is not None:
            return made
        kind = made_up(cases)
        if kind is not None and kind.kind != "token":
            given = self.given_or_else(cases, name) if kind.kind == "uuid" else None
            return given or (self._covered(cases, name) if kind.kind == "uuid" else None) or kind
        told = fingerprint(self.grounds, cases) if kind is not None and self.grounds.uses_echo else None
        told = told or (after_another(self.grounds, cases) if is_text else None)
        told = told or next_id(cases, name) or (_numbered(cases, self.grounds.name) if is_text else None)
        told = told or self.given_or_else(cases, name) or self._of_caller(cases, name) or self._of_named(cases, name)
        going_on = self._called_alike(cases, name) or counter(cases, self.grounds.name)
        is_counted = _distinct(cases) >= _SEVERAL or all(is_number(one) and is_hardly_fixed(one) for _, one in cases)
        told = told or (going_on if is_counted else None)
        told = told or self._nothing_or_told(cases, name) or self._chosen(cases)
        told = told or self._covered(cases, name) or kind or going_on
        if told is None and is_text:
            told = apart_by_sent(self.grounds, cases, name, self.explain) or worded(self.grounds, cases, name)
            told = told or self._shaped(cases, name)
        told = told or self._fitting(cases, name)
        told = told or told_by_table(self.grounds, cases, name) or self.given_or_else(cases, name, guess=True)
        return told or self._guess(cases, name)

    def _fitting(self, cases: Sequence[Case], name: str) -> Node | None:
        """Guess what comes to the few values that one session shows: it is likelier than that one of them is fixed."""
        if not in_few_sessions(cases) or any(isinstance(value, bool) or value is None for _, value in cases):
            return None
        best = min(self.grounds.fitting(cases), key=lambda term: rank(term, name), default=None)
        return Said(best, unknown=1) if best is not None and not is_of_transport(best) else None

    def _called_alike(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain numbers of one session by what is called like them, as `Last-Revision` by a revision."""
        last = words_of(name)[-1:]
        if not in_few_sessions(cases) or not last or not all(as_text(value).isdigit() for _, value in cases):
            return None
        terms = [term for term in self.grounds.fitting(cases) if words_of(term.name)[-1:] == last]
        best = min((term for term in terms if not is_of_transport(term)), key=lambda one: rank(one, name), default=None)
        return Said(best) if best is not None else None

    def given_or_else(self, cases: Sequence[Case], name: str, *, guess: bool = False) -> Node | None:
        """Explain values as what the request gave, and as something else, perhaps a guess, where it gave nothing."""
        if not self.grounds.uses_echo:
            return None
        seen: set[str] = set()
        for scene, value in [*_sent_first(cases)[:8], *cases[:12]]:
            terms = self.grounds.vocabulary.giving(value, scene)
            for term in [one for one in terms if one.text.lstrip("(").startswith(_SENT)][:8]:
                if term.text in seen:
                    continue
                seen.add(term.text)
                made = self._given(cases, term, name, guess=guess)
                if made is not None:
                    return made
        return None

    def _given(self, cases: Sequence[Case], term: Term, name: str, *, guess: bool) -> Chosen | None:
        given, rest = _split(cases, [term.get(scene) is not MISSING for scene, _ in cases])
        if not fits(term, given):  # what is given as nothing counts as not given
            given, rest = _split(cases, [bool(term.get(scene)) for scene, _ in cases])
        if not given or not rest or not fits(term, given):
            return None
        is_telling = in_few_sessions(cases) and (is_sent_so(term, name) or is_hardly_fixed(given[0][1]))
        if not is_telling and (len(given) < _SOME or (not alike(term.name, name) and _distinct(given) < _SOME)):
            return None
        other = self._otherwise(rest, name)
        if other.unknown and not guess:
            return None
        return Chosen([(_defined(term, name), Said(term)), (None, other)])

    def _otherwise(self, cases: Sequence[Case], name: str) -> Node:
        held = self.grounds.term(cases, name)
        other = self.explain(cases, name) if held is None and _distinct(cases) > 1 else Fixed(cases[0][1])
        return Said(held) if held is not None else other

    def _same_each_time(self, cases: Sequence[Case], name: str) -> Node:
        value = cases[0][1]
        timed = made_up(cases) if value is not None else None
        if timed is not None and (len(cases) < 3 or timed.kind != "token"):
            return (self._around_most(cases) if timed.kind == "token" and self.grounds.uses_echo else None) or timed
        if not isinstance(value, str) or not self.grounds.uses_echo:
            return Fixed(value)
        own = addressed(cases, self.explain)
        if own is not None and not in_few_sessions(cases):
            return own
        are_many = len(cases) > 2
        if are_many and not in_few_sessions(cases):
            return Fixed(value)
        told = linked(self.grounds, cases, name) or joined(self.grounds, cases, least=4, whom=are_many)
        return told or own or Fixed(value)

    def _around_most(self, cases: Sequence[Case]) -> Node | None:
        """Explain what looks like a token as a path, or in one session as what is known and little beside it."""
        value = cases[0][1]
        told = joined(self.grounds, cases, least=4) if "/" in value or in_few_sessions(cases) else None
        beside = sum(len(piece) for piece in told.pieces if isinstance(piece, str)) if told is not None else 0
        return told if "/" in value or beside * 2 < len(value) else None

    def _around_known(self, cases: Sequence[Case], name: str) -> Node | None:
        if not self.grounds.uses_echo:
            return None
        marked = by_elements(cases, self.explain) if cases[0][1].startswith("<") else None
        told = marked or linked(self.grounds, cases, name)
        if told is not None:
            return told
        own = addressed(cases, self.explain)
        return own if own is not None and not own.unknown else joined(self.grounds, cases, least=1)

    def _with_nulls(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain values and nulls each on their own, where something tells which it is."""
        is_null = [value is None for _, value in cases]
        if len(set(is_null)) < 2:
            return None
        told = self.grounds.tell_apart(cases, is_null)
        if told is None:
            return None
        values, nulls = _split(cases, [not one for one in is_null])
        nodes: dict[bool, Node] = {}
        for label, inside in ((True, nulls), (False, values)):
            nodes[label] = self.explain(inside, name)
            if nodes[label].unknown:
                return None
        return Chosen([(condition, nodes[label]) for condition, label in told])

    def _covered(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain as many values as one term can, and the others by something else."""
        if len(cases) < 4 or self.depth > _DEEPEST:
            return None
        made: Node | None = None
        for term, covers in self._coverings(cases, name)[:_MOST_COVERINGS]:
            node = self._cover(cases, name, term, covers)
            if node is not None and _is_plain(node):
                return node
            made = made or node
        return made

    def _cover(self, cases: Sequence[Case], name: str, term: Term, covers: Sequence[bool]) -> Node | None:
        """Explain the values that a term comes to by it, and the others by something else."""
        told = self.grounds.tell_apart(cases, covers)
        if told is None:
            return None
        _, rest = _split(cases, covers)
        other = replace(self, depth=self.depth + 1).explain(rest, name)
        if other.unknown:
            return None
        there = is_number_of(term)
        if there is None:
            return Chosen([(condition, Said(term) if label else other) for condition, label in told])
        options: list[tuple[Term | None, Node]] = []
        for condition, label in told:
            options.append((_both(there, condition), Said(term)) if label else (condition, other))
        return Chosen(options if options[-1][0] is None else [*options, (None, other)])

    def _best_covering(self, cases: Sequence[Case], name: str) -> tuple[Term, list[bool]] | None:
        """Give the term that comes to most of the values, with which those are."""
        return next(iter(self._coverings(cases, name)), None)

    def _coverings(self, cases: Sequence[Case], name: str) -> list[tuple[Term, list[bool]]]:
        """Give the terms that come to many of the values, with which those are, the likeliest first."""
        found: list[tuple[float, Term, list[bool]]] = []
        tried: set[str] = set()
        for scene, value in cases[:: max(1, len(cases) // 8)][:8]:
            if value is None or isinstance(value, bool):
                continue
            for term in self.grounds.vocabulary.giving(value, scene)[:6]:
                if term.text in tried:
                    continue
                tried.add(term.text)
                is_alike = alike(term.name, name)
                covers = [same(term.get(one), wanted) for one, wanted in cases]
                covered, _ = _split(cases, covers)
                share = len(covered) / len(cases)
                if not 0.2 <= share < 1 or _distinct(covered) <= (1 if is_alike else 2):
                    continue
                score = share - term.cost / 20 + (0.2 if is_alike else 0.0)
                found.append((score, term, covers))
        return [(term, covers) for _, term, covers in sorted(found, key=lambda one: -one[0])]

    def _guess(self, cases: Sequence[Case], name: str) -> Node:
        """Guess what is right most often, where a member is sent and where it is not each on its own if that helps."""
        whole, right = self._mostly(cases, name)
        best: Node = whole
        for member_name in sent_at_times(cases) if self.grounds.uses_echo else ():
            there = sent_member(member_name)
            given, rest = _split(cases, [there.get(scene) is True for scene, _ in cases])
            (one, first), (other, second) = self._mostly(given, name), self._mostly(rest, name)
            if min(first, second) >= _SEVERAL and first + second >= right + len(cases) * _WORTH:
                best, right = Chosen([(there, one), (None, other)]), first + second
        return best

    def _mostly(self, cases: Sequence[Case], name: str) -> tuple[Node, int]:
        """Guess what is sent or held, where that is right more often than not, else the value that is most frequent.

        Gives how often that is right, too.
        """
        values = [value for _, value in cases]
        most = Counter(map(canon, values)).most_common(1)[0][1]
        best = self._best_covering(cases, name) if self.grounds.uses_echo else None
        if best is not None and not is_of_transport(best[0]) and most < sum(best[1]) >= len(cases) * _MOSTLY:
            return said_where_number(best[0], cases), sum(best[1])
        around, right = mostly_around(self.grounds, cases) if self.grounds.uses_echo else (None, 0)
        if around is not None and most < right >= len(cases) * _MOSTLY:
            return around, right
        return Fixed(common(values), guess=True), most

    def _of_caller(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain texts and switches of one session by who asks, as keys that were handed out beforehand tell."""
        if not in_few_sessions(cases) or not all(isinstance(value, str | bool) for _, value in cases):
            return None
        return told_by_table(self.grounds, cases, name, whom=True)

    def _of_named(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain values of one session by what things were named: a rule for more than two would be chance."""
        if not in_few_sessions(cases) or _distinct(cases) <= _SOME:
            return None
        return told_by_table(self.grounds, cases, name)

    def _chosen(self, cases: Sequence[Case]) -> Node | None:
        """Explain few values by the conditions that tell them apart."""
        labels = [canon(value) for _, value in cases]
        count = len(Counter(labels))
        if count > _MOST_CHOICES or len(cases) < (4 if count == 2 else 3 * count) or not come_again(cases):
            return None
        told = self.grounds.tell_values_apart(cases, labels)
        if told is None:
            return None
        by_label = dict(zip(labels, [value for _, value in cases], strict=True))
        return Chosen([(condition, Fixed(by_label[label])) for condition, label in told])

    def _nothing_or_told(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain amounts that are nothing under a condition, and else what two things that are sent tell, as a fee."""
        is_nothing = [value == 0 and is_number(value) for _, value in cases]
        nothing, rest = _split(cases, is_nothing)
        are_numbers = all(is_number(value) for _, value in rest)
        if (
            len(nothing) < 2
            or not are_numbers
            or _distinct(rest) < _SEVERAL
            or self.depth
            or not self.grounds.uses_echo
        ):
            return None
        table = told_by_table(self.grounds, rest, name, by_two=True)
        told = self.grounds.tell_apart(cases, is_nothing) if table is not None and not table.unknown else None
        if table is None or told is None:
            return None
        return Chosen([(condition, Fixed(nothing[0][1]) if label else table) for condition, label in told])

    def _shaped(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain texts of a few shapes, each on its own, where something tells which shape it is."""
        shapes = [_shape(value) for _, value in cases]
        if not 1 < len(set(shapes)) <= _MOST_CHOICES:
            return None
        told = self.grounds.tell_values_apart(cases, shapes)
        if told is None:
            return None
        options: list[tuple[Term | None, Node]] = []
        for condition, label in told:
            inside, _ = _split(cases, [shape == label for shape in shapes])
            options.append((condition, self.explain(inside, name)))
        return Chosen(options) if all(not node.unknown for _, node in options) else None


def _is_plain(node: Node) -> bool:
    """Tell whether a choice is between two things only, none of which is chosen again."""
    return isinstance(node, Chosen) and len(node.options) == 2 and all(isinstance(one, Said) for _, one in node.options)


def _both(one: Term, other: Term | None) -> Term:
    if other is None:
        return one
    text = f"{one.text} and ({other.text})"
    uses, keeps = used_by((one, other))
    return Term(text, lambda scene: bool(one.get(scene)) and bool(other.get(scene)), "", other.cost, uses, keeps)


def _numbered(cases: Sequence[Case], key: str) -> MadeUp | None:
    """Explain texts of digits that count on."""
    made = numbered(cases, key)
    return made if made is None or "zfill" in made.text else MadeUp(f"({made.text} | string)", made.kind)


def _split(cases: Sequence[Case], belongs: Sequence[bool]) -> tuple[list[Case], list[Case]]:
    """Give the cases that belong, and the others."""
    pairs = list(zip(cases, belongs, strict=True))
    return [case for case, inside in pairs if inside], [case for case, inside in pairs if not inside]


def _distinct(cases: Sequence[Case]) -> int:
    return len({canon(value) for _, value in cases})


def _defined(term: Term, name: str) -> Term:
    """Give the condition that what a term reads is there."""
    base = re.sub(r"^\(+|\s*(?:\||==|[-+] ).*$", "", term.text)
    return Term(f"{base} is defined", lambda scene: term.get(scene) is not MISSING, name, 0.3, term.uses, term.keeps)


def _sent_first(cases: Sequence[Case]) -> list[Case]:
    """Give first the cases in which the call sent the value."""
    return sorted(cases, key=lambda case: not _is_sent(*case))


def _is_sent(scene: Scene, value: Any) -> bool:
    sample = scene.sample
    shown = as_text(value) if is_scalar(value) else None
    row = scene.values.get("row")
    if isinstance(row, dict) and any(same(one, value) for one in row.values()):
        return True
    query = {one for values in (*sample.query.values(), *sample.form.values()) for one in values}
    return shown in query or any(same(one, value) for _, one in parts(sample.json) if sample.json is not MISSING)


def _shape(text: str) -> str:
    """Give a text with its URLs, numbers and long words taken out; one word is of the shape of any other."""
    return "w" if text.isalpha() else re.sub(r"[A-Za-z0-9_-]*\d[A-Za-z0-9_-]*", "#", URL.sub("@", text))
