"""Explaining: from the same part of many answers to the node that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Final

from cassettes.xmltree import is_tree
from recorder.synthesis.collections.binding import Serial
from recorder.synthesis.collections.folders import CHILDREN
from recorder.synthesis.explaining.bare_objects import bare_or_not
from recorder.synthesis.explaining.change import PLACES, ROW, is_grown
from recorder.synthesis.explaining.changed_lists import ChangedLists, length
from recorder.synthesis.explaining.conditional_rows import conditional_rows
from recorder.synthesis.explaining.derive import Names, derive, derive_inside
from recorder.synthesis.explaining.grounds import (
    Case,
    Decide,
    Grounds,
    come_again,
    in_few_sessions,
    is_hardly_fixed,
    spread,
    tells_whom,
)
from recorder.synthesis.explaining.grouped import grouped, is_listed
from recorder.synthesis.explaining.kept_rows import LISTED, doubts, kept_rows
from recorder.synthesis.explaining.keyed import are_called_by_ids, keyed, keyed_by_rows
from recorder.synthesis.explaining.laws import Laws
from recorder.synthesis.explaining.named_things import named_thing
from recorder.synthesis.explaining.newcomers import follows_rows, newcomers
from recorder.synthesis.explaining.objects import Members, Objects
from recorder.synthesis.explaining.ranges import ranged
from recorder.synthesis.explaining.reckoning import reckoned
from recorder.synthesis.explaining.related_rows import related_rows
from recorder.synthesis.explaining.row_decisions import row_by_row, rows_of
from recorder.synthesis.explaining.row_numbers import numbered
from recorder.synthesis.explaining.row_references import or_none, referred
from recorder.synthesis.explaining.row_sums import summed
from recorder.synthesis.explaining.rows_below import counts_below
from recorder.synthesis.explaining.rows_named import counts_naming
from recorder.synthesis.explaining.rows_under import rows_beneath
from recorder.synthesis.explaining.scalars import Scalars
from recorder.synthesis.explaining.sent_lists import sent_list
from recorder.synthesis.explaining.sent_rows import or_alone, sent_or_not
from recorder.synthesis.explaining.sets import changed_set
from recorder.synthesis.explaining.signs import signed_terms
from recorder.synthesis.explaining.tables import told_by_table
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Items, MadeUp, Node, Said, Table, walk
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import Path, canon, common, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

_MOST_ITEMS: Final = 12
_MOST_LISTS: Final = 40
_DEEPEST: Final = 12
_DEEPEST_LIST: Final = 4
_AROUND_ELEMENTS: Final = 2
_MOST_GUESSED: Final = 2
_MOST_FEW: Final = 4
_FEWEST_OF_FEW: Final = 3


class Explainer:
    """Explains the answers of one endpoint in its vocabulary; `tables` collects what only a table could tell."""

    def __init__(
        self, vocabulary: Vocabulary, decide: Decide, name: str, *, uses_echo: bool = True,
        ordered: frozenset[str] = frozenset(), tables: list[Table] | None = None, laws: Laws | None = None,
        made: Mapping[Path, str] | None = None, serials: Mapping[Path, Serial] | None = None,
        entity: Path | None = None, by_chance: bool = False,
    ) -> None:  # fmt: skip
        self.vocabulary, self.laws, self.name = vocabulary, laws, name
        self.made: Mapping[Path, str] = made or {}
        self.serials: Mapping[Path, Serial] = serials or {}
        self.entity = entity
        self.tables: list[Table] = tables if tables is not None else []
        self._grounds = Grounds(vocabulary, decide, name, uses_echo, ordered, self.tables, by_chance)
        self._scalars = Scalars(self._grounds, counts=laws.counts if laws is not None else None)
        self._objects = Objects(self._grounds, self.explain, self._folder)
        self._changed = ChangedLists(self, self._grounds, self._objects)
        self._explained: dict[Hashable, tuple[Node, Sequence[Case]]] = {}

    def with_terms(self, scenes: Sequence[Scene], terms: Sequence[Term]) -> Explainer:
        """Give this explainer with more to explain by; tables are collected in this one."""
        return self._with(self.vocabulary.with_terms(scenes, *terms), by_chance=self._grounds.by_chance)

    def _with(self, vocabulary: Vocabulary, *, by_chance: bool) -> Explainer:
        known = self._grounds
        return Explainer(
            vocabulary, known.decide, known.name, uses_echo=known.uses_echo,
            ordered=known.ordered, tables=self.tables, laws=self.laws, made=self.made, serials=self.serials,
            entity=self.entity, by_chance=by_chance,
        )  # fmt: skip

    def condition(self, scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
        """Give a condition that holds in just these scenes, or None."""
        return self._grounds.condition(scenes, holds)

    def explain(self, cases: Sequence[Case], name: str = "", depth: int = 0) -> Node:
        """Explain one part: its value in each scene. `depth` tells how deep in the answer it is."""
        # Each object that others may be laid over asks for the members again that it does not cover.
        marks = tuple((id(one), id(value) if isinstance(value, dict | list) else canon(value)) for one, value in cases)
        known = self._explained.get((name, depth, marks))
        if known is None:
            # The cases are kept, so that nothing else gets the identity of what is in them.
            node = self._explain(cases, name, depth)
            if node.unknown and not self._grounds.by_chance:
                other = self._by_chance.explain(cases, name, depth)
                node = other if other.unknown < node.unknown else node
            known = self._explained[name, depth, marks] = (node, cases)
        return known[0]

    @cached_property
    def _by_chance(self) -> Explainer:
        """Give this explainer with conditions that may be chance: better than that all of an answer is a guess."""
        return self._with(self.vocabulary, by_chance=True)

    def _explain(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        cases = spread(cases)
        values = [value for _, value in cases]
        if not cases:
            return Fixed(None)
        may_count = self._grounds.uses_echo and (name or not is_listed(cases))
        groups = (grouped(cases) or ranged(cases)) if may_count else None
        if groups is not None:
            return groups
        if all(isinstance(value, dict) for value in values) and depth < _DEEPEST:
            return self._whole(cases, name) or self._or_mostly(self._object(cases, name, depth), cases)
        if all(isinstance(value, list) for value in values) and depth < _DEEPEST:
            sent = sent_list(cases, name) if self._grounds.uses_echo else None
            return sent or self._whole(cases, name) or self._or_mostly(self._list(cases, name, depth), cases)
        if all(map(is_scalar, values)):
            return self._scalar(cases, name)
        return self._mixed(cases, name, depth)

    def explain_by(self, told: Term, cases: Sequence[Case], depth: int) -> Node | None:
        """Explain values as what a term gives, or as the things that it names, as far as that is certain."""
        return named_thing(told, cases, lambda inner, name: self.explain(inner, name, depth + 1))

    def member(self, cases: Sequence[Case], name: str, beside: Members, depth: int) -> Node:
        """Explain a member of an item, if need be by reckoning with those beside it or with other numbers."""
        node = self.explain(cases, name, depth + 2)
        is_choice = isinstance(node, Chosen) and len({canon(value) for _, value in cases}) >= _FEWEST_OF_FEW
        if node.unknown or is_choice:  # one sum that is always right is likelier than two things in turn
            return reckoned(self._grounds, cases, beside, signs="*+-" if node.unknown else "+-") or node
        is_once = isinstance(node, Fixed) and in_few_sessions(cases) and is_hardly_fixed(cases[0][1])
        return (reckoned(self._grounds, cases, beside, signs="*") if is_once else None) or node

    def _scalar(self, cases: Sequence[Case], name: str) -> Node:
        node = self._scalars.explain(cases, name)
        if isinstance(node, MadeUp) and node.kind == "token" and cases[0][0].sample.method in READS:
            held = self._grounds.mostly_held(cases)
            return Said(held) if held is not None else node
        if not isinstance(node, MadeUp) or name not in self._grounds.ordered or not node.text.startswith("now("):
            return node
        # What a list is sorted by has to differ, also between two items of one moment.
        arguments = node.text.removeprefix("now(").removesuffix(")")
        return MadeUp(f"now({', '.join(filter(None, (arguments, 'unique=true')))})", node.kind)

    def _whole(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain objects or lists without looking into them."""
        if all(not value for _, value in cases):
            return Fixed(cases[0][1])
        is_one = len({canon(value) for _, value in cases}) == 1
        may_follow = in_few_sessions(cases) and isinstance(cases[0][1], dict)  # member by member
        if is_one and len(cases) > 2 and not may_follow and not self._grounds.fitting(cases):
            return None if tells_whom(cases) else Fixed(cases[0][1])
        term = self._grounds.term(cases, name)
        return Said(term) if term is not None else None

    def _or_mostly(self, node: Node, cases: Sequence[Case]) -> Node:
        """Give what nearly always fits where the node is only a guess."""
        mostly = self._grounds.mostly(cases) if node.unknown else None
        return Said(mostly) if mostly is not None else node

    def _mixed(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        """Explain objects, lists and scalars each on their own, where something tells which it is."""
        below = self._folder(cases, name, depth) if depth else None
        if below is not None:
            others = [case for case in cases if not isinstance(case[1], list)]
            return Chosen([below, (None, self.explain(others, name, depth + 1))])
        kinds = [type(value).__name__ if isinstance(value, dict | list) else "scalar" for _, value in cases]
        finer = ["null" if value is None else kind for (_, value), kind in zip(cases, kinds, strict=True)]
        told = self._grounds.tell_apart(cases, finer) if len({*finer}) > 1 else None  # one kind, but too deep
        kinds = finer if told is not None else kinds
        told = told or (self._grounds.tell_apart(cases, kinds) if len({*kinds}) > 1 else None)
        if told is None:
            whole = self._grounds.term(cases, name)
            return Said(whole) if whole is not None else Fixed(common([value for _, value in cases]), guess=True)
        options: list[tuple[Term | None, Node]] = []
        for condition, label in told:
            inside = [case for case, kind in zip(cases, kinds, strict=True) if kind == label]
            options.append((condition, self.explain(inside, name, depth + 1)))
        return Chosen(options)

    def _folder(self, cases: Sequence[Case], name: str, depth: int) -> tuple[Term, Node] | None:
        """Explain what is a list for folders only, what lies directly below them; with the condition of that."""
        inside = [case for case in cases if isinstance(case[1], list)]
        is_mixed = 1 < len(inside) < len(cases)
        if not is_mixed or all(term.name != CHILDREN for term, _ in self.vocabulary.lists(inside[0][0])):
            return None
        condition = self._grounds.condition([scene for scene, _ in cases], [isinstance(one, list) for _, one in cases])
        if condition is None:
            return None
        rows = self._list(inside, name, depth)
        is_known = not rows.unknown and any(used.name == CHILDREN for used in rows.terms)
        return (condition, rows) if is_known else None

    def _object(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        given = self._scalars.given_or_else(cases, name) if depth else None
        if given is not None:
            return given
        is_part = bool(depth or name)
        by_key = keyed(cases, self._grounds, self.explain, depth) if is_part else None
        if by_key is not None:
            return by_key
        by_rows = keyed_by_rows(cases, self._grounds, self._row, depth) if depth else None
        if by_rows is not None:
            return by_rows
        if is_part and are_called_by_ids(cases):  # what tells one such name from others would be chance
            return Fixed(common([value for _, value in cases]), guess=True)
        either = bare_or_not(cases, name, depth, self._grounds, self.explain) if depth else None
        if either is not None:
            return either
        plain = self._objects.plain(cases, depth)
        is_told_apart = depth and (plain.unknown or any(isinstance(part, Table) for _, part in walk(plain)))
        told = told_by_table(self._grounds, cases, name, whom=not plain.unknown) if is_told_apart else None
        if told is not None and told.unknown <= self._left(plain, cases):
            return told
        layered = self._objects.layered(cases, depth)
        if layered is None:
            return plain
        is_certain = plain.unknown == 0 and len({frozenset(value) for _, value in cases}) == 1
        if is_certain and layered.order:  # with an order each member is named all the same
            return plain
        if is_certain:
            return layered if layered.unknown == 0 and len(layered.over.members) < 4 else plain
        return layered if layered.unknown <= plain.unknown else plain

    def _left(self, plain: Node, cases: Sequence[Case]) -> int:
        """Give how much of an object is a guess once its numbers are worked out from each other."""
        return derive(plain, cases, self.vocabulary, Names()).unknown if plain.unknown else 0

    def _list(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        given = self._scalars.given_or_else(cases, name)
        if given is not None:
            return given
        changed = self._changed.explain(cases, name, depth) if self._grounds.uses_echo else None
        if changed is not None and changed.unknown == 0 and not isinstance(changed, Chosen):
            return changed
        of_set = changed_set(self._grounds, cases, name, self._members) if depth <= _DEEPEST_LIST else None
        if of_set is not None:
            return of_set
        if changed is not None and (changed.unknown == 0 or is_grown(changed)):
            return changed
        related = related_rows(cases, self.vocabulary) if self._grounds.uses_echo else None
        if related is not None:
            return Said(related)
        each = self._each(cases, depth)
        below = self._below(cases, depth) if each is None or each.unknown else None
        each = below if below is not None and (each is None or below.unknown < each.unknown) else each
        if each is not None and each.unknown == 0:
            return each
        sent = sent_or_not(cases, self.vocabulary, lambda some: self.explain(some, name, depth + 1))
        if sent is not None and self._grounds.uses_echo:
            return sent
        if changed is not None:  # what became of the list is known, though not all of what is new in it
            return changed
        nearly = changed_set(self._grounds, cases, name, self._members, nearly=True) if depth <= _DEEPEST_LIST else None
        few = nearly or self._few(cases)
        if few is not None:
            return few
        items = self._items(cases, name, depth)
        rows = conditional_rows(cases, name, self._grounds, self.explain, depth) if items is None else None
        if rows is not None:
            return rows
        if items is not None and (each is None or items.unknown <= each.unknown):
            return items
        if each is not None:
            return each
        first = [(scene, value[0]) for scene, value in cases if value and isinstance(value[0], dict)]
        if len(first) == len(cases) > 2:  # how many there are is not known, but one is shown that fits
            return Items([self.explain(first, name, depth + 1)])
        return told_by_table(self._grounds, cases, name) or Fixed(common([value for _, value in cases]), guess=True)

    def _few(self, cases: Sequence[Case]) -> Chosen | None:
        """Explain lists of scalars of which a few come again, as the roles of members and of others."""
        marks = [canon(value) for _, value in cases]
        counts = Counter(marks)
        are_few = 1 < len(counts) <= _MOST_FEW and min(counts.values()) >= _FEWEST_OF_FEW
        if not are_few or not all(is_scalar(row) for _, value in cases for row in value) or not come_again(cases):
            return None
        told = self._grounds.tell_apart(cases, marks)
        values = {mark: value for mark, (_, value) in zip(marks, cases, strict=True)}
        return Chosen([(condition, Fixed(values[mark])) for condition, mark in told]) if told is not None else None

    def _items(self, cases: Sequence[Case], name: str, depth: int) -> Items | None:
        """Explain short lists of one length place by place."""
        length, *others = {len(value) for _, value in cases}
        if others or length > _MOST_ITEMS:
            return None
        return Items([
            self.explain([(scene, value[place]) for scene, value in cases], name, depth + 1) for place in range(length)
        ])  # fmt: skip

    def _each(self, cases: Sequence[Case], depth: int) -> Each | Said | None:
        """Explain a list item by item from another list."""
        scene, pivot = max(cases, key=length)
        around = _AROUND_ELEMENTS if is_tree(scene.sample.answer_json) else 0
        if not self._grounds.uses_echo or not pivot or depth > _DEEPEST_LIST + around:
            return None
        best: Each | None = None
        lists = [(term, value) for term, value in self.vocabulary.lists(scene)][:_MOST_LISTS]
        fewer = ((new, new.get(scene)) for term, _ in lists for new in newcomers(term, cases))
        for term, value in chain(lists, fewer):
            if len(value) != len(pivot):
                continue
            source = or_alone(term, cases, self.vocabulary) or or_none(term, cases)
            rows = rows_of(source, cases)
            if not rows:
                continue
            node = self._row(rows, depth, source=source, calls=[one for one, _ in cases])
            if term.text.endswith(LISTED) and doubts(node):
                source, node = self._kept_row(source, cases, node, depth)
            if not follows_rows(node, term, cases):
                continue
            if term.text.endswith(LISTED) and node.unknown > _MOST_GUESSED and in_few_sessions(cases):
                return Said(source)  # lists show items as they are, most often
            if best is None or node.unknown < best.unknown:
                best = Each(source, node)
            if node.unknown == 0:
                return best
        return best

    def _below(self, cases: Sequence[Case], depth: int) -> Each | None:
        """Explain a list by the items that name what stands above them, or that stand below what the path names."""
        if (found := rows_beneath(cases, self.vocabulary) if self._grounds.uses_echo else None) is None:
            return None
        source, right = found
        node = self._row(rows_of(source, right), depth, source=source, calls=[one for one, _ in right])
        return Each(source, node) if any("row" in used.uses for used in node.terms) else None

    def _kept_row(self, source: Term, cases: Sequence[Case], plain: Node, depth: int) -> tuple[Term, Node]:
        """Explain the rows of a list also by what is kept hidden in its items, where less is a guess then."""
        told = kept_rows(source, cases)
        if told is None:
            return source, plain
        node = self._row(told.rows, depth, [told.row, *told.hidden], told.source, [one for one, _ in cases])
        return (told.source, node) if doubts(node) < doubts(plain) else (source, plain)

    def _row(
        self, rows: Sequence[Case], depth: int, row: Sequence[Term] = (ROW,), source: Term | None = None,
        calls: Sequence[Scene] = (),
    ) -> Node:  # fmt: skip
        """Explain the items of a list of which each scene has what `source` has in its place, in `calls`, as `row`."""
        terms = self.vocabulary.with_terms(
            [one for one, _ in rows[:10]],
            *row,
            *(PLACES if any(one.values.get("at") for one, _ in rows) else ()),
            *referred(rows, self._grounds.name, self.tables, self.vocabulary),
            *signed_terms([one for one, _ in rows], ROW.get),
        )
        terms = terms.with_terms([one for one, _ in rows[:10]], *counts_below(rows, terms), *counts_naming(rows))
        decide = row_by_row(self._grounds.decide, calls, [scene for scene, _ in spread(rows)], terms)
        explainer = Explainer(terms, decide, self._grounds.name, tables=self.tables, by_chance=self._grounds.by_chance)
        node = explainer.explain(rows, "", depth + 2)
        if source is not None:
            node = summed(numbered(node, rows, source, terms), rows)
        return derive_inside(node, rows, terms)

    def _members(self, rows: Sequence[Case]) -> Node | None:
        """Explain the members of a set by what names them, for certain."""
        node = self._row(rows, _DEEPEST_LIST)
        return node if not node.unknown and any("row" in used.uses for used in node.terms) else None
