"""Changed lists: a list as another one with an item more, one less, or one of its items changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorder.synthesis.explaining.change import ROW, Changed, Kind, how_all_changed, row_counts
from recorder.synthesis.explaining.derive import derive_inside
from recorder.synthesis.explaining.grounds import Case, Grounds, in_few_sessions
from recorder.synthesis.explaining.merged_rows import merged
from recorder.synthesis.explaining.objects import Members, Objects, having, is_mostly_known, names_of
from recorder.synthesis.nodes.node import Chosen, Fixed, Node, Object, Said
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recorder.synthesis.explaining.explain import Explainer
    from recorder.synthesis.terms.term import Term


class ChangedLists:
    """Explains lists of which an earlier one is known; `explainer` explains what is new in them."""

    def __init__(self, explainer: Explainer, grounds: Grounds, objects: Objects) -> None:
        self._explainer, self._grounds, self._objects = explainer, grounds, objects

    def explain(self, cases: Sequence[Case], name: str, depth: int) -> Node | None:
        """Explain a list as another one changed in one place: an item more, one less, or one of its items changed."""
        scene, _ = max(cases, key=length)
        best: Node | None = None
        for term, value in self._explainer.vocabulary.lists(scene):
            if "row" in term.uses or (value and not isinstance(value[0], dict | str | int | float)):
                continue
            olds = [term.get(one) for one, _ in cases]
            # A list that was always empty is only the one that is shown, and not any that is called so.
            is_own = any(olds) or (term.name == name and "vars.item" in term.text)
            if not is_own or not all(isinstance(old, list) for old in olds):
                continue
            changes = how_all_changed(olds, [new for _, new in cases])
            kinds = {kind for kind, _ in changes}
            made = None if "other" in kinds or kinds == {"same"} else self._changes(cases, changes, term, depth)
            if made is not None and made.unknown == 0:
                return made
            if made is not None and (best is None or made.unknown < best.unknown):
                best = made
        return best

    def _changes(
        self, cases: Sequence[Case], changes: Sequence[tuple[Kind, int]], term: Term, depth: int
    ) -> Node | None:
        """Explain lists that changed in several ways, each way on its own, where something tells which it was."""
        kinds = [kind for kind, _ in changes]
        nodes: dict[Kind, Node] = {}
        for kind in dict.fromkeys(kinds):
            inside = [(case, place) for case, (one, place) in zip(cases, changes, strict=True) if one == kind]
            made = self._change(kind, inside, term, depth)
            if made is None:
                return None
            nodes[kind] = made
        if len(nodes) == 1:
            return next(iter(nodes.values()))
        told = self._grounds.tell_apart(cases, kinds, by_chance=True)
        return Chosen([(condition, nodes[kind]) for condition, kind in told]) if told is not None else None

    def _change(self, kind: Kind, inside: Sequence[tuple[Case, int]], term: Term, depth: int) -> Node | None:
        if kind == "same":
            return Said(term)
        if kind in ("more", "first"):
            last = self._new_item([(scene, value[place]) for (scene, value), place in inside], term, depth)
            is_sure = is_mostly_known(last) or self._is_growth([case for case, _ in inside], term, last)
            return merged(Changed(kind, term, last), [case for case, _ in inside]) if is_sure else None
        olds = [(scene, term.get(scene)[place]) for (scene, _), place in inside]
        key = self._row_key(olds)
        if key is None:
            return None
        if kind == "less":
            return Changed("less", term, None, *key)
        news = [value[place] for (_, value), place in inside]
        rows = [(scene.with_row(old), new) for (scene, old), new in zip(olds, news, strict=True)]
        made = self._changed_item(rows, depth)
        return Changed("changed", term, made, *key) if is_mostly_known(made) else None

    def _is_growth(self, cases: Sequence[Case], term: Term, last: Node) -> bool:
        """Tell whether lists grow though not all of what is new in them is known: again and again, by what is sent."""
        grown = sum(bool(term.get(scene)) for scene, _ in cases)
        is_sent = any(one.text.lstrip("(").startswith("request.json") for one in last.terms)
        return in_few_sessions(cases) and grown > 1 and is_sent and isinstance(last, Object)

    def _changed_item(self, rows: Sequence[Case], depth: int) -> Node:
        """Explain the members that changed of the item that did; each scene has it as `row`."""
        explainer = self._explainer.with_terms([scene for scene, _ in rows], [ROW])
        members: Members = {}
        for name in names_of(rows):
            if any(not same(look(scene.values["row"], (name,)), new.get(name, MISSING)) for scene, new in rows):
                members[name] = (explainer.member(having(rows, name), name, members, depth), None)
        return derive_inside(Object(members), rows, explainer.vocabulary)

    def _new_item(self, cases: Sequence[Case], term: Term, depth: int) -> Node:
        """Explain the item that is new in a list."""
        if not all(isinstance(value, dict) for _, value in cases):
            return self._explainer.explain(cases, "", depth + 1)
        explainer = self._explainer.with_terms([scene for scene, _ in cases], list(row_counts(term, cases[0][1])))
        members: Members = {}
        for name in names_of(cases):
            there = having(cases, name)
            condition = self._objects.when(cases, name)
            if condition is None and len(there) < len(cases):
                return Fixed(cases[0][1], guess=True)
            members[name] = (explainer.member(there, name, members, depth), condition)
        return derive_inside(Object(members), cases, explainer.vocabulary)

    def _row_key(self, rows: Sequence[Case]) -> tuple[str, Term] | None:
        """Find what in the request names the item of a list: the field that it is in the item, and the term."""
        if not all(isinstance(row, dict) for _, row in rows):
            return None
        for field in rows[0][1]:
            values = [(scene, look(row, (field,))) for scene, row in rows]
            if not all(is_scalar(value) and value is not None for _, value in values):
                continue
            scene, pivot = values[0]
            for term in [
                *self._explainer.vocabulary.giving(pivot, scene),
                *self._explainer.vocabulary.giving(as_text(pivot), scene),
            ]:
                is_asked = term.text.startswith("request.") and "headers" not in term.text
                if is_asked and all(as_text(term.get(one)) == as_text(value) for one, value in values):
                    return field, term
        return None


def length(case: Case) -> int:
    """Give how long the list of a case is."""
    return len(case[1])
