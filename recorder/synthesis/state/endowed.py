"""Endowed: what a member of a new item is by what was sent under its name, else by anything that tells it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.grounds import Case
from recorder.synthesis.nodes.node import Chosen, Node, Object, Table
from recorder.synthesis.samples.values import MISSING, Path, canon, common, is_scalar, leaves, look, same
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, is_there, part_of

_LEAST: Final = 2
_DEEPEST: Final = 2
_MOST_ROWS: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Endowed:
    """Explains members of new items; `lookups` are the items that calls name, tables are called after `name`."""

    explainer: Explainer
    lookups: Mapping[str, Lookup]
    name: str

    def explain(self, cases: Sequence[Case], name: str) -> Node:
        """Explain a member, or where it is an object in all cases the members of that."""
        names = [list(value) if isinstance(value, dict) else None for _, value in cases]
        if not names[0] or any(one != names[0] for one in names) or self._sent(name, cases):
            return self._member(cases, name, 1)
        members = {
            inner: (self._member([(scene, value[inner]) for scene, value in cases], inner, 2), None)
            for inner in names[0]
        }
        return Object(members)

    def _member(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        for term in self._sent(name, cases):
            told = [case for case in cases if term.get(case[0]) is not MISSING]
            node = self._by_sent(term, told, name, depth)
            if node is None:
                continue
            untold = [case for case in cases if term.get(case[0]) is MISSING]
            if not untold:
                return node
            return Chosen([(is_there(term), node), (None, self.explainer.explain(untold, name, depth))])
        return self.explainer.explain(cases, name, depth)

    def _sent(self, name: str, cases: Sequence[Case]) -> list[Term]:
        """Give the members of what is sent that are called so."""
        counts: Counter[Path] = Counter()
        for scene, _ in cases:
            sent = scene.sample.json if isinstance(scene.sample.json, dict) else {}
            counts.update(dict.fromkeys((path for path in _paths(sent) if path[-1] == name), 1))
        return [json_term(path) for path, count in counts.items() if count >= _LEAST]

    def _by_sent(self, term: Term, cases: Sequence[Case], name: str, depth: int) -> Node | None:
        for one in [term, *self._of_named(term, cases)]:
            node = self.explainer.explain_by(one, cases, depth)
            if node is not None:
                return node
        for path in self._scalars(cases):
            table = self._table(term, [(scene, look(value, path)) for scene, value in cases], name)
            if table is None:
                continue
            told = Term(table.expression(), table.value, name, 1.5)
            node = self.explainer.explain_by(told, cases, depth)
            if node is not None:
                self.explainer.tables.append(table)
                return node
        return None

    @staticmethod
    def _scalars(cases: Sequence[Case]) -> list[Path]:
        """Give where the values have scalars: the values themselves, or members of objects."""
        value = cases[0][1]
        paths: list[Path] = [()] if not isinstance(value, dict) else [(name,) for name in value]
        return [path for path in paths if all(is_scalar(look(one, path)) for _, one in cases)]

    def _of_named(self, term: Term, cases: Sequence[Case]) -> Iterator[Term]:
        """Give what the things have that are looked up by what a term gives."""
        for lookup in self.lookups.values():
            if lookup.key.text != term.text:
                continue
            whole = _thing(lookup)
            item = whole.get(cases[0][0])
            for path, value in leaves(item, longest_list=0) if isinstance(item, dict) else ():
                if len(path) <= _DEEPEST and is_scalar(value) and value is not None:
                    yield part_of(whole, path, look)

    def _table(self, term: Term, cases: Sequence[Case], name: str) -> Table | None:
        """Give what belonged to each text that was sent, where that is the same in all sessions."""
        rows: dict[str, Any] = {}
        seen: dict[str, set[int]] = defaultdict(set)
        for scene, value in cases:
            sent = term.get(scene)
            if not isinstance(sent, str) or (sent in rows and not same(rows[sent], value)):
                return None
            rows[sent] = value
            seen[sent].add(scene.sample.session)
        again = sum(len(sessions) > 1 for sessions in seen.values())
        are_names = again > 0 and len({canon(value) for value in rows.values()}) == len(rows) > _LEAST
        if not 1 < len(rows) <= _MOST_ROWS or (again * 2 <= len(rows) and not are_names):
            return None
        made = re.sub(r"\W+", "_", f"recorded_{self.name}_{name}").lower()
        return Table(made, term, rows, common(list(rows.values())), unknown=0)


def _paths(sent: Mapping[str, Any]) -> Iterator[Path]:
    for name, value in sent.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, inner) for inner in value)


def _thing(lookup: Lookup) -> Term:
    def get(scene: Scene) -> Any:
        return scene.looked_up(lookup.name)

    return Term(f"vars.{lookup.name}", get, lookup.name, 1.0, frozenset({lookup.name}))
