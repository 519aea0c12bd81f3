"""Explaining: from the same part of many answers to the node that makes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote, urlsplit

from recorder.synthesis.kinds import made_up
from recorder.synthesis.node import (
    MADE_UP,
    Chosen,
    Each,
    Fixed,
    Items,
    Joined,
    MadeUp,
    Node,
    Object,
    Over,
    Piece,
    Said,
    Table,
)
from recorder.synthesis.scene import Scene
from recorder.synthesis.term import Term, constant, literal, member
from recorder.synthesis.values import MISSING, as_text, canon, common, is_number, is_scalar, look, same
from recorder.synthesis.vocabulary import Vocabulary

Case: TypeAlias = "tuple[Scene, Any]"
Decide: TypeAlias = "Callable[[Sequence[Scene], Sequence[Any]], list[tuple[Term | None, Any]] | None]"
"""Gives, for scenes with labels, the conditions that tell the labels apart, the last without one; None if none do."""

_MANY: Final = 8
_NEARLY: Final = 0.8
_MOST_CASES: Final = 120
_MOST_ROWS: Final = 400
_URL: Final = re.compile(r"(https?://[^\s<>\"',;]+|(?<![\w:/])/[\w~%.-]+[^\s<>\"',;]*\?[^\s<>\"',;]+)")
_WORD: Final = re.compile(r"([A-Za-z0-9]+)")
_DEEPEST: Final = 12


class Explainer:
    """Explains the answers of one endpoint in its vocabulary; `tables` collects what only a table could tell."""

    def __init__(
        self, vocabulary: Vocabulary, decide: Decide, name: str, *, uses_echo: bool = True,
        ordered: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.vocabulary = vocabulary
        self.tables: list[Table] = []
        self._decide = decide
        self._name = name
        self._uses_echo = uses_echo
        self._ordered = ordered
        self._deep = 0

    def with_terms(self, scenes: Sequence[Scene], terms: Sequence[Term]) -> Explainer:
        """Give this explainer with more to explain by; tables are collected in this one."""
        made = Explainer(
            self.vocabulary.with_terms(scenes, *terms), self._decide, self._name, uses_echo=self._uses_echo,
            ordered=self._ordered,
        )  # fmt: skip
        made.tables = self.tables
        return made

    def condition(self, scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
        """Give a condition that holds in just these scenes, or None."""
        return self._condition(scenes, holds)

    def explain(self, cases: Sequence[Case], name: str = "", depth: int = 0) -> Node:
        """Explain one part: its value in each scene."""
        cases = spread(cases)
        values = [value for _, value in cases]
        if not cases:
            return Fixed(None)
        if all(isinstance(value, dict) for value in values) and depth < _DEEPEST:
            return self._whole(cases, name) or self._or_mostly(self._object(cases, name, depth), cases)
        if all(isinstance(value, list) for value in values) and depth < _DEEPEST:
            return self._whole(cases, name) or self._or_mostly(self._list(cases, name, depth), cases)
        if all(map(is_scalar, values)):
            node = self._scalar(cases, name)
            if isinstance(node, MadeUp) and name in self._ordered and node.text.startswith("now("):
                return MadeUp(node.text[:-1] + (", " if node.text != "now()" else "") + "unique=true)", node.kind)
            return node
        return self._mixed(cases, name, depth)

    # Wholes.

    def _whole(self, cases: Sequence[Case], name: str) -> Node | None:
        if all(not value for _, value in cases):
            return Fixed(cases[0][1])
        if len({canon(value) for _, value in cases}) == 1 and len(cases) > 2 and not self._is_told(cases):
            return Fixed(cases[0][1])
        term = self.term(cases, name)
        return Said(term) if term is not None else None

    def _or_mostly(self, node: Node, cases: Sequence[Case]) -> Node:
        """Give what nearly always fits where the node is only a guess."""
        mostly = self._mostly(cases) if node.unknown else None
        return Said(mostly) if mostly is not None else node

    def _mostly(self, cases: Sequence[Case]) -> Term | None:
        """Give a term that comes to nearly all values, where many are alike and large: what is off then is the recording."""
        if len(cases) < _MANY or not self._uses_echo:
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

    def _is_told(self, cases: Sequence[Case]) -> bool:
        return bool(self._fitting(cases))

    def term(self, cases: Sequence[Case], name: str) -> Term | None:
        """Give the best term that comes to the value in every scene, where that can hardly be chance."""
        fitting = self._fitting(cases)
        if not fitting:
            return None
        distinct = {canon(value) for _, value in cases}
        best = min(fitting, key=lambda term: _rank(term, name))
        alike = _alike(best.name, name)
        if len(distinct) == 1:
            is_header = _is_of_transport(best)
            if alike and best.cost < 2.3 and (not is_header or best.keeps and len(cases) < 3):
                return best
            if len(cases) > 2 or is_header or not _is_specific(cases[0][1]):
                return None
            return best
        if any(_is_specific(value) for _, value in cases):
            return best
        if alike or len(distinct) > 2 and len(cases) > 3 and not all(isinstance(value, bool) for _, value in cases):
            return best
        return best if len(cases) >= 10 and best.cost < 2 else None

    def _fitting(self, cases: Sequence[Case]) -> list[Term]:
        if not self._uses_echo:
            return []
        pivot_scene, pivot = max(cases, key=lambda case: len(as_text(case[1])) if is_scalar(case[1]) else 0)
        candidates = self.vocabulary.giving(pivot, pivot_scene)
        if is_scalar(pivot) and not isinstance(pivot, bool):
            hidden = [term for term, value in self.vocabulary.hidden_terms(pivot_scene) if same(value, pivot)]
            candidates = [*candidates, *hidden]
        return [term for term in candidates if all(same(term.get(scene), value) for scene, value in cases)][:12]

    # Objects.

    def _object(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        given = self._given_or_else(cases, name) if depth else None
        if given is not None:
            return given
        plain = self._members(cases, depth)
        if plain.unknown == 0 and not self._varies(cases):
            layered = self._over(cases, depth) if self._uses_echo else None
            return layered if layered is not None and layered.unknown == 0 and len(layered.over.members) < 4 else plain
        layered = self._over(cases, depth) if self._uses_echo else None
        if layered is not None and layered.unknown <= plain.unknown:
            return layered
        return plain

    def _varies(self, cases: Sequence[Case]) -> bool:
        return len({frozenset(value) for _, value in cases}) > 1

    def _members(self, cases: Sequence[Case], depth: int) -> Object:
        names = list(dict.fromkeys(name for _, value in cases for name in value))
        members: dict[str, tuple[Node, Term | None]] = {}
        for name in names[:200]:
            there = [(scene, value[name]) for scene, value in cases if name in value]
            condition: Term | None = None
            if len(there) < len(cases):
                condition = self._condition([scene for scene, _ in cases], [name in value for _, value in cases])
                if condition is None:
                    if len(there) * 2 < len(cases):
                        continue
                    members[name] = (_guessing(self.explain(there, name, depth + 1)), None)
                    continue
            members[name] = (self.explain(there, name, depth + 1), condition)
        return Object(members)

    def _condition(self, scenes: Sequence[Scene], holds: Sequence[bool]) -> Term | None:
        told = self._decide(scenes, list(holds))
        if told is None or len(told) > 5:
            return None
        made: Term | None = None
        for condition, label in reversed(told):
            if condition is None:
                made = None if len(told) == 1 else _ALWAYS if label else _NEVER
            elif made is _NEVER and label or made is None:
                made = condition
            elif made is _ALWAYS and not label:
                made = _negated(condition)
            else:
                made = _either(condition, made) if label else _unless(condition, made)
        return made if made not in (_ALWAYS, _NEVER) else None

    def _over(self, cases: Sequence[Case], depth: int) -> Over | None:
        """Explain objects as others laid over each other: the item as it was, what was sent, and a few members."""
        best: tuple[float, Over] | None = None
        for bases in self._bases(cases):
            made = self._layered(cases, bases, depth)
            if made is None:
                continue
            over, covered = made
            cost = over.unknown * 3 + len(over.over.members) + len(over.under.members) + len(bases) - covered * 0.2
            if best is None or cost < best[0]:
                best = (cost, over)
        return best[1] if best is not None else None

    def _bases(self, cases: Sequence[Case]) -> list[tuple[Term, ...]]:
        scene, pivot = max(cases, key=lambda case: len(case[1]))
        found: list[tuple[int, Term, dict[str, Any]]] = []
        for term, value in self.vocabulary.objects(scene):
            alike = sum(same(pivot[name], inner) for name, inner in value.items() if name in pivot)
            if alike and term.text.count("[") < 3 and term.cost < 3:
                found.append((alike, term, value))
        found.sort(key=lambda one: (-one[0], one[1].cost))
        found = found[:6]
        single = [(term,) for _, term, _ in found]
        sent = [term for _, term, _ in found if term.text.startswith(("request.json", "request.form"))]
        for case in cases:  # what was sent elsewhere may have nothing to do with the pivot
            sent += [
                term for term, _ in self.vocabulary.objects(case[0])
                if term.text == "request.form" or term.text.startswith("request.json") and term.text.count(".") < 3
            ]  # fmt: skip
        sent = list({term.text: term for term in sent}.values())
        held = [term for _, term, _ in found if not term.text.startswith("request.")]
        return [*single, *((one, other) for one in held[:4] for other in sent[:5])]

    def _layered(self, cases: Sequence[Case], bases: tuple[Term, ...], depth: int) -> tuple[Over, float] | None:
        laid: list[dict[str, Any]] = []
        for scene, _ in cases:
            layers = [base.get(scene) for base in bases]
            if not all(isinstance(layer, dict) for layer in layers[:1]):
                return None
            made: dict[str, Any] = {}
            for layer in layers:
                made |= layer if isinstance(layer, dict) else {}
            laid.append(made)
        names = list(dict.fromkeys(name for _, value in cases for name in value))
        own: list[str] = []
        defaults: list[str] = []
        covered = 0
        for name in names:
            wrong = [
                place
                for place, (_, value) in enumerate(cases)
                if name in value and name in laid[place] and not same(value[name], laid[place][name])
            ]
            lacking = [place for place, (_, value) in enumerate(cases) if name in value and name not in laid[place]]
            fine = sum(1 for place, (_, value) in enumerate(cases) if name in value and name in laid[place]) - len(
                wrong
            )
            if wrong or lacking and not fine:
                own.append(name)
            else:
                covered += 1
                if lacking:
                    defaults.append(name)
        extra = {name for place, (_, value) in enumerate(cases) for name in laid[place] if name not in value}
        for name in extra:
            if any(name in value for _, value in cases):
                if name not in own:
                    return None
        if not covered or covered < 2 and len(names) > 3:
            return None
        over = {}
        for name in own:
            there = [(scene, value[name]) for scene, value in cases if name in value]
            condition = None
            if len(there) < len(cases):
                condition = self._condition([scene for scene, _ in cases], [name in value for _, value in cases])
                if condition is None:
                    over[name] = (_guessing(self.explain(there, name, depth + 1)), None)
                    continue
            over[name] = (self.explain(there, name, depth + 1), condition)
        under = {}
        for name in defaults:
            there = [
                (scene, value[name])
                for place, (scene, value) in enumerate(cases)
                if name in value and name not in laid[place]
            ]
            under[name] = (self.explain(there, name, depth + 1), None)
        return Over(Object(under), bases, Object(over), sorted(extra - set(own))), covered

    # Lists.

    def _list(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        given = self._given_or_else(cases, name)
        if given is not None:
            return given
        changed = self._changed_list(cases, name, depth)
        if changed is not None and changed.unknown == 0:
            return changed
        related = self._related(cases)
        if related is not None:
            return Said(related)
        lengths = {len(value) for _, value in cases}
        each = self._each(cases, depth)
        if each is not None and each.unknown == 0:
            return each
        if len(lengths) == 1 and next(iter(lengths)) <= 12:
            items = Items([
                self.explain([(scene, value[place]) for scene, value in cases], name, depth + 1)
                for place in range(next(iter(lengths)))
            ])  # fmt: skip
            if each is None or items.unknown <= each.unknown:
                return items
        if each is not None:
            return each
        return self._told_by_table(cases, name) or Fixed(common([value for _, value in cases]), guess=True)

    def _changed_list(self, cases: Sequence[Case], name: str, depth: int) -> Node | None:
        """Explain a list as another one changed in one place: an item more, one less, or one of its items changed."""
        if not self._uses_echo:
            return None
        scene, _ = max(cases, key=lambda case: len(case[1]))
        for term, value in self.vocabulary.lists(scene):
            if "row" in term.uses or value and not isinstance(value[0], dict | str | int | float):
                continue
            olds = [term.get(one) for one, _ in cases]
            if not all(isinstance(old, list) for old in olds):
                continue
            changes = [how_changed(old, new) for old, (_, new) in zip(olds, cases, strict=True)]
            kinds = {change[0] for change in changes}
            if "other" in kinds or kinds == {"same"}:
                continue
            made = self._change(cases, changes, term, name, depth)
            if made is not None:
                return made
        return None

    def _change(
        self, cases: Sequence[Case], changes: Sequence[tuple[str, int]], term: Term, name: str, depth: int
    ) -> Node | None:
        kinds = [kind for kind, _ in changes]
        nodes: dict[str, Node] = {}
        for kind in dict.fromkeys(kinds):
            inside = [(case, place) for case, (one, place) in zip(cases, changes, strict=True) if one == kind]
            made = self._one_change(kind, inside, term, name, depth)
            if made is None:
                return None
            nodes[kind] = made
        if len(nodes) == 1:
            return next(iter(nodes.values()))
        told = self._decide([scene for scene, _ in cases], kinds)
        return Chosen([(condition, nodes[kind]) for condition, kind in told]) if told is not None else None

    def _one_change(
        self, kind: str, inside: Sequence[tuple[Case, int]], term: Term, name: str, depth: int
    ) -> Node | None:
        if kind == "same":
            return Said(term)
        if kind == "more":
            last = self._grown([(scene, value[-1]) for (scene, value), _ in inside], term, depth)
            return Changed("more", term, last) if last.unknown == 0 else None
        olds = [(scene, term.get(scene)[place]) for (scene, _), place in inside]
        key = self._row_key(olds)
        if key is None:
            return None
        field, asked = key
        if kind == "less":
            return Changed("less", term, None, field, asked)
        rows: list[Case] = [
            (scene.with_row(old), value[place]) for ((scene, value), place), (_, old) in zip(inside, olds, strict=True)
        ]
        names = [
            one
            for one in dict.fromkeys(n for _, new in rows for n in new)
            if any(not same(look(s.values["row"], (one,)), new.get(one, MISSING)) for s, new in rows)
        ]
        explainer = self.with_terms([scene for scene, _ in rows], [ROW])
        members: dict[str, tuple[Node, Term | None]] = {}
        for one in names:
            there = [(scene, new[one]) for scene, new in rows if one in new]
            members[one] = (explainer.reckoned(there, one, members, depth), None)
        made = Object(members)
        del name
        return Changed("changed", term, made, field, asked) if made.unknown == 0 else None

    def _grown(self, cases: Sequence[Case], term: Term, depth: int) -> Node:
        """Explain the item that is new in a list."""
        if not all(isinstance(value, dict) for _, value in cases):
            return self.explain(cases, "", depth + 1)
        size = Term(f"({term.text} | length)", lambda scene: len(term.get(scene)), "length", 1.2, term.uses, term.keeps)
        extra = [size]
        for one in [
            name for name, value in cases[0][1].items() if isinstance(value, int) and not isinstance(value, bool)
        ]:
            extra.append(Term(
                f"(([0] + ({term.text} | map(attribute='{one}') | list)) | max)",
                lambda scene, one=one: max((row[one] for row in term.get(scene) if is_number(look(row, (one,)))), default=0),
                one, 1.0, term.uses, term.keeps,
            ))  # fmt: skip
        explainer = self.with_terms([scene for scene, _ in cases], extra)
        members: dict[str, tuple[Node, Term | None]] = {}
        names = list(dict.fromkeys(name for _, value in cases for name in value))
        for one in names:
            there = [(scene, value[one]) for scene, value in cases if one in value]
            condition = None
            if len(there) < len(cases):
                condition = self._condition([scene for scene, _ in cases], [one in value for _, value in cases])
                if condition is None:
                    return Fixed(cases[0][1], guess=True)
            members[one] = (explainer.reckoned(there, one, members, depth), condition)
        return Object(members)

    def reckoned(
        self, cases: Sequence[Case], name: str, beside: dict[str, tuple[Node, Term | None]], depth: int
    ) -> Node:
        """Explain a member, if need be as the product or sum of members beside it or of other numbers."""
        node = self.explain(cases, name, depth + 2)
        if not node.unknown or not all(is_number(value) for _, value in cases):
            return node
        terms: list[Term] = []
        for one, (part, condition) in beside.items():
            if condition is None and not part.unknown and not isinstance(part, MadeUp):
                uses = frozenset().union(*(term.uses for term in part.terms)) if part.terms else frozenset()
                keeps = frozenset().union(*(term.keeps for term in part.terms)) if part.terms else frozenset()
                terms.append(Term(part.expression(), part.value, one, 0.5, uses, keeps))
        held = [term for term, value in self.vocabulary.everything(cases[0][0]) if is_number(value) and term.cost < 2.3]
        terms += sorted(held, key=lambda term: term.cost)[:40]
        numbers = [(term, [term.get(scene) for scene, _ in cases]) for term in terms]
        numbers = [(term, values) for term, values in numbers if all(map(is_number, values))]
        wanted = [value for _, value in cases]
        for sign, call in (("*", lambda a, b: a * b), ("+", lambda a, b: a + b), ("-", lambda a, b: a - b)):
            for one, left in numbers:
                for two, right in numbers:
                    if all(
                        abs(call(a, b) - c) < 1e-6 * max(1.0, abs(c))
                        for a, b, c in zip(left, right, wanted, strict=True)
                    ):
                        return Said(_both(one, sign, two, call))
        return node

    def _row_key(self, rows: Sequence[Case]) -> tuple[str, Term] | None:
        """Find what in the request names the item of a list: the field that it is in the item, and the term."""
        if not all(isinstance(row, dict) for _, row in rows):
            return None
        for field in rows[0][1]:
            values = [(scene, look(row, (field,))) for scene, row in rows]
            if not all(is_scalar(value) and value is not None for _, value in values):
                continue
            scene, pivot = values[0]
            for term in [*self.vocabulary.giving(pivot, scene), *self.vocabulary.giving(as_text(pivot), scene)]:
                if (
                    term.text.startswith("request.")
                    and "headers" not in term.text
                    and all(as_text(term.get(one)) == as_text(value) for one, value in values)
                ):
                    return field, term
        return None

    def _related(self, cases: Sequence[Case]) -> Term | None:
        """Explain a list as the items of a collection that have a field in common with what is asked for."""
        scene, pivot = max(cases, key=lambda case: len(case[1]))
        if not self._uses_echo or not pivot or not all(isinstance(row, dict) for row in pivot):
            return None
        for collection in scene.timeline.names():
            if collection.endswith("~"):
                continue
            held = list(scene.timeline.under(collection, "", scene.moment).values())
            if not all(any(same(row, item) for item in held) for row in pivot):
                continue
            for field, value in pivot[0].items():
                if not is_scalar(value) or value is None or any(not same(look(row, (field,)), value) for row in pivot):
                    continue
                for term in [
                    *self.vocabulary.giving(value, scene),
                    *([] if isinstance(value, str) else self.vocabulary.giving(as_text(value), scene)),
                ]:
                    made = related_term(collection, field, term)
                    if "headers" not in term.text and all(same(made.get(one), wanted) for one, wanted in cases):
                        return made
        return None

    def _each(self, cases: Sequence[Case], depth: int) -> Node | None:
        """Explain a list item by item from another list."""
        if not self._uses_echo:
            return None
        scene, pivot = max(cases, key=lambda case: len(case[1]))
        if not pivot or depth > 4:
            return None
        best: Node | None = None
        for term, value in list(self.vocabulary.lists(scene))[:40]:
            if len(value) != len(pivot) or "row" in term.uses:
                continue
            rows: list[Case] = []
            for one, wanted in cases:
                given = term.get(one)
                if not isinstance(given, list) or len(given) != len(wanted):
                    break
                rows += [(one.with_row(row), item) for row, item in zip(given, wanted, strict=True)]
            else:
                if not rows:
                    continue
                inner = Explainer(
                    self.vocabulary.with_terms([one for one, _ in rows[:10]], ROW), self._decide, self._name
                )
                node = inner.explain(rows, "", depth + 2)
                if not any("row" in used.uses for used in node.terms):
                    continue
                if best is None or node.unknown < best.unknown:
                    best = Each(term, node)
                if node.unknown == 0:
                    return best
        return best

    # Scalars.

    def _scalar(self, cases: Sequence[Case], name: str) -> Node:
        values = [value for _, value in cases]
        distinct = {canon(value) for value in values}
        term = self.term(cases, name)
        if term is not None:
            return Said(term)
        if len(distinct) == 1:
            timed = made_up(cases) if values[0] is not None else None
            if timed is not None and (len(cases) < 3 or timed.kind not in ("token",)):
                return timed
            if isinstance(values[0], str) and self._uses_echo and len(cases) < 3:
                joined = self._joined(cases, least=4)
                if joined is not None:
                    return joined
            return Fixed(values[0])
        if all(isinstance(value, str) for value in values):
            linked = self._linked(cases) if self._uses_echo else None
            if linked is not None:
                return linked
            joined = self._joined(cases, least=1) if self._uses_echo else None
            if joined is not None:
                return joined
        if any(value is None for value in values):
            parted = self._parted(cases, [value is None for value in values], name)
            if parted is not None:
                return parted
        kind = made_up(cases)
        if kind is not None and kind.kind != "token":
            return kind
        numbered = self._next_id(cases, name)
        if numbered is not None:
            return numbered
        chosen = self._given_or_else(cases, name) or self._chosen(cases, name)
        if chosen is not None:
            return chosen
        covered = self._covered(cases, name)
        if covered is not None:
            return covered
        if kind is not None:
            return kind
        counter = self._next_id(cases, name) or self._counter(cases)
        if counter is not None:
            return counter
        if all(isinstance(value, str) for value in values):
            worded = self._worded(cases, name) or self._shaped(cases, name)
            if worded is not None:
                return worded
        return (
            self._told_by_table(cases, name)
            or self._given_or_else(cases, name, guess=True)
            or Fixed(common(values), guess=True)
        )

    def _parted(self, cases: Sequence[Case], labels: Sequence[bool], name: str) -> Node | None:
        """Explain two groups of values each on its own, where something tells which group it is."""
        if len(set(labels)) < 2:
            return None
        told = self._decide([scene for scene, _ in cases], list(labels))
        if told is None:
            return None
        nodes: dict[bool, Node] = {}
        for label in (True, False):
            nodes[label] = self._scalar([case for case, one in zip(cases, labels, strict=True) if one is label], name)
            if nodes[label].unknown:
                return None
        return Chosen([(condition, nodes[label]) for condition, label in told])

    def _covered(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain as many values as one term can, and the others by something else."""
        if len(cases) < 4 or self._deep > 2:
            return None
        best: tuple[float, Term, list[bool]] | None = None
        tried: set[str] = set()
        for scene, value in cases[:: max(1, len(cases) // 8)][:8]:
            if value is None or isinstance(value, bool):
                continue
            for term in self.vocabulary.giving(value, scene)[:6]:
                if term.text in tried:
                    continue
                tried.add(term.text)
                fits = [same(term.get(one), wanted) for one, wanted in cases]
                distinct = {canon(wanted) for (_, wanted), fit in zip(cases, fits, strict=True) if fit}
                share = sum(fits) / len(cases)
                if 0.2 <= share < 1 and (len(distinct) > 2 or _alike(term.name, name) and len(distinct) > 1):
                    score = share - term.cost / 20 + (0.2 if _alike(term.name, name) else 0.0)
                    if best is None or score > best[0]:
                        best = (score, term, fits)
        if best is None:
            return None
        _, term, fits = best
        told = self._decide([scene for scene, _ in cases], fits)
        if told is None:
            return None
        rest = [case for case, fit in zip(cases, fits, strict=True) if not fit]
        self._deep += 1
        other = self._scalar(rest, name)
        self._deep -= 1
        if other.unknown:
            return None
        return Chosen([(condition, Said(term) if label else other) for condition, label in told])

    def _given_or_else(self, cases: Sequence[Case], name: str, *, guess: bool = False) -> Node | None:
        """Explain values as what the request gave, and as something else, perhaps a guess, where it gave nothing."""
        if not self._uses_echo:
            return None
        seen: set[str] = set()
        for scene, value in cases[:12]:
            for term in self.vocabulary.giving(value, scene)[:8]:
                if (
                    not term.text.lstrip("(").startswith(
                        ("request.json", "request.form", "request.query", "request.parts")
                    )
                    or term.text in seen
                ):
                    continue
                seen.add(term.text)
                given = [case for case in cases if term.get(case[0]) is not MISSING]
                rest = [case for case in cases if term.get(case[0]) is MISSING]
                is_empty = not all(same(term.get(one), wanted) for one, wanted in given)
                if is_empty:  # what is given as nothing counts as not given
                    given = [case for case in cases if term.get(case[0])]
                    rest = [case for case in cases if not term.get(case[0])]
                if len(given) < 2 or not rest or not all(same(term.get(one), wanted) for one, wanted in given):
                    continue
                if not _alike(term.name, name) and len({canon(wanted) for _, wanted in given}) < 2:
                    continue
                other = (
                    self._scalar(rest, name) if len({canon(wanted) for _, wanted in rest}) > 1 else Fixed(rest[0][1])
                )
                held = self.term(rest, name)
                other = Said(held) if held is not None else other
                if guess or not other.unknown:
                    base = re.sub(r"^\(+|\s*\|.*$", "", term.text)
                    defined = Term(
                        f"{base} is defined",
                        lambda one, t=term: t.get(one) is not MISSING,
                        name,
                        0.3,
                        term.uses,
                        term.keeps,
                    )
                    return Chosen([(defined, Said(term)), (None, other)])
        return None

    def _linked(self, cases: Sequence[Case]) -> Node | None:
        """Explain texts around URLs of the request itself with other parameters: the links of a page."""
        split = [_URL.split(as_text(value)) for _, value in cases]
        if len({len(parts) for parts in split}) != 1 or not 3 <= len(split[0]) <= 21:
            return None
        pieces: list[Piece] = []
        for place in range(len(split[0])):
            parts = [one[place] for one in split]
            if place % 2 == 0:
                if len(set(parts)) > 1:
                    return None
                pieces.append(parts[0])
                continue
            made = self._link([(scene, part) for (scene, _), part in zip(cases, parts, strict=True)])
            if made is None:
                return None
            pieces.append(made)
        return Joined(_merged(pieces)) if len(pieces) > 1 else None

    def _link(self, cases: Sequence[Case]) -> Node | None:
        read = [urlsplit(url) for _, url in cases]
        if any(
            one.path != quote(scene.sample.path, safe="/%~!$&'()*+,;=:@")
            for one, (scene, _) in zip(read, cases, strict=True)
        ):
            return None
        absolute = {bool(one.netloc) for one in read}
        if len(absolute) > 1 or not any(one.query for one in read):
            return None
        given = [dict(parse_qsl(one.query, keep_blank_values=True)) for one in read]
        changed: dict[str, Node] = {}
        for name in dict.fromkeys(name for one in given for name in one):
            values = [one.get(name, MISSING) for one in given]
            sent = [scene.sample.query.get(name, [MISSING])[0] for scene, _ in cases]
            if all(
                value is MISSING and other is MISSING or same(value, other)
                for value, other in zip(values, sent, strict=True)
            ):
                continue
            if any(value is MISSING for value in values):
                return None
            node = self._parameter([(scene, value) for (scene, _), value in zip(cases, values, strict=True)], name)
            if node is None:
                return None
            changed[name] = node
        inner = ", ".join(f"{literal(name)}: {node.expression()}" for name, node in changed.items())
        terms = [term for node in changed.values() for term in node.terms]
        uses = frozenset().union(*(term.uses for term in terms)) if terms else frozenset()
        keeps = frozenset().union(*(term.keeps for term in terms)) if terms else frozenset()
        text = f"url_with({{{inner}}}{'' if absolute == {True} else ', absolute=false'})"
        return Said(Term(text, lambda _scene: MISSING, "url", 1.0, uses, keeps))

    def _parameter(self, cases: Sequence[Case], name: str) -> Node | None:
        if len({value for _, value in cases}) == 1 and len(cases) > 1:
            return Fixed(cases[0][1])
        for alternative in (
            cases,
            [(scene, int(value)) for scene, value in cases] if all(value.isdigit() for _, value in cases) else [],
        ):
            fitting = self._fitting(alternative) if alternative else []
            if fitting:
                return Said(min(fitting, key=lambda term: _rank(term, name)))
        return None

    def _chosen(self, cases: Sequence[Case], name: str) -> Node | None:
        labels = [canon(value) for _, value in cases]
        counts = Counter(labels)
        if len(counts) > 6 or len(cases) < (len(counts) + 2 if len(counts) == 2 else 3 * len(counts)):
            return None
        by_label = {canon(value): value for _, value in cases}
        told = self._decide([scene for scene, _ in cases], labels)
        if told is None:
            return None
        options: list[tuple[Term | None, Node]] = []
        for condition, label in told:
            options.append((condition, Fixed(by_label[label])))
        del name
        return Chosen(options)

    def _next_id(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain whole numbers that are one more than any that an item of some collection had at this field."""
        values = [value for _, value in cases]
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return None
        for collection in sorted({one for scene, _ in cases[:20] for one in scene.timeline.names()}):
            if collection.endswith("~"):
                continue
            if all(value == 1 + scene.timeline.highest(collection, name, scene.moment) for scene, value in cases):
                return MadeUp(f"resource.{collection}.next_id({literal(name)})", "counter")
            if all(
                value == 1 + scene.timeline.highest(collection, name, scene.moment, held=True) for scene, value in cases
            ):
                held = f"[0] + (resource.{collection}.all() | map(attribute={literal(name)}) | list)"
                return MadeUp(f"(({held}) | max) + 1", "counter")
        return None

    def _counter(self, cases: Sequence[Case]) -> Node | None:
        """Explain whole numbers that count on within each session."""
        values = [value for _, value in cases]
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return None
        gaps = set()
        count: Counter[int] = Counter()
        for scene, value in cases:
            gaps.add(value - count[scene.sample.session])
            count[scene.sample.session] += 1
        if len(gaps) == 1 and max(count.values()) > 1:
            start = next(iter(gaps))
            plus = f" + {start - 1}" if start > 1 else f" - {1 - start}" if start < 1 else ""
            return MadeUp(f"(state.incr('{self._name}:count'){plus})", "counter")
        return None

    def _joined(self, cases: Sequence[Case], least: int) -> Node | None:
        """Explain texts as fixed pieces around values that are known."""
        texts = [as_text(value) for _, value in cases]
        scenes = [scene for scene, _ in cases]
        if any(len(text) > 4_000 for text in texts):
            return None
        usable: list[tuple[int, Term, list[str]]] = []
        seen: set[str] = set()
        everything = [*self.vocabulary.everything(scenes[0]), *self.vocabulary.hidden_terms(scenes[0])]
        for term, value in everything:
            if _is_of_transport(term) and (len(set(texts)) == 1 or term.text.startswith("request.headers['content")):
                continue
            if not is_scalar(value) or isinstance(value, bool) or value is None or term.text in seen:
                continue
            seen.add(term.text)
            shown = as_text(value)
            if (
                not shown
                or shown not in texts[0]
                or len(shown) < least
                and not is_number(value)
                or shown in ("/", "http")
            ):
                continue
            given = [as_text(term.get(scene)) for scene in scenes]
            if all(one and one in text for one, text in zip(given, texts, strict=True)):
                usable.append((len(shown), term, given))
        usable.sort(key=lambda one: (-min(map(len, one[2])), one[1].cost))
        pieces = self._pieces(texts, scenes, usable[:30], 0)
        if pieces is None or not any(not isinstance(piece, str) for piece in pieces):
            return None
        if all(isinstance(piece, str) or isinstance(piece, MadeUp) for piece in pieces):
            return None
        return Joined(pieces)

    def _pieces(
        self, texts: list[str], scenes: list[Scene], usable: list[tuple[int, Term, list[str]]], depth: int
    ) -> list[Piece] | None:
        if len(set(texts)) == 1:
            still = next(
                (one for one in usable if all(given == text for given, text in zip(one[2], texts, strict=True))), None
            )
            if still is not None and len(texts[0]) > 3:
                return [Said(still[1])]
            if not any(len(one[2][0]) > 5 and one[2][0] in texts[0] for one in usable):
                return [texts[0]] if texts[0] else []
        if depth < 6:
            for place, (_, term, given) in enumerate(usable):
                if not all(one in text for one, text in zip(given, texts, strict=True)):
                    continue
                if len(set(given)) == 1 and len(given) > 1 and len(given[0]) < 5:
                    continue
                heads, tails = [], []
                for one, text in zip(given, texts, strict=True):
                    head, _, tail = text.partition(one)
                    heads.append(head)
                    tails.append(tail)
                if len(given[0]) < 4 and not _stands_alone(heads, tails):
                    continue
                rest = usable[place:]
                before = self._pieces(heads, scenes, rest, depth + 1)
                after = self._pieces(tails, scenes, rest, depth + 1) if before is not None else None
                if before is not None and after is not None:
                    return [*before, Said(term), *after]
        if len(set(texts)) == 1:
            return [texts[0]] if texts[0] else []
        made = made_up(list(zip(scenes, texts, strict=True)))
        return [made] if made is not None else None

    def _worded(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain texts word by word, where all have the same words' number and the same marks between them."""
        split = [_WORD.split(as_text(value)) for _, value in cases]
        if len({len(words) for words in split}) != 1 or not 3 < len(split[0]) < 400:
            return None
        pieces: list[Piece] = []
        for place in range(len(split[0])):
            words = [words[place] for words in split]
            if len(set(words)) == 1:
                pieces.append(words[0])
                continue
            if place % 2 == 0:
                return None
            inner = [(scene, word) for (scene, _), word in zip(cases, words, strict=True)]
            term = self.term(inner, name)
            number = self._numbered(inner)
            made = Said(term) if term is not None else number or made_up(inner)
            if made is None:
                return None
            pieces.append(made)
        return Joined(_merged(pieces))

    def _shaped(self, cases: Sequence[Case], name: str) -> Node | None:
        """Explain texts of a few shapes, each on its own, where something tells which shape it is."""
        shapes = [_shape(as_text(value)) for _, value in cases]
        if not 1 < len(set(shapes)) <= 6:
            return None
        told = self._decide([scene for scene, _ in cases], shapes)
        if told is None:
            return None
        options: list[tuple[Term | None, Node]] = []
        for condition, shape in told:
            inside = [case for case, one in zip(cases, shapes, strict=True) if one == shape]
            options.append((condition, self._scalar(inside, name)))
        return Chosen(options) if all(not node.unknown for _, node in options) else None

    def _numbered(self, cases: Sequence[Case]) -> Node | None:
        if not all(re.fullmatch(r"\d{1,12}", value) for _, value in cases):
            return None
        counter = self._counter([(scene, int(value)) for scene, value in cases])
        if counter is None:
            return None
        widths = {len(value) for _, value in cases}
        padded = any(value.startswith("0") for _, value in cases)
        text = f"({counter.expression()} | string | zfill({max(widths)}))" if padded else counter.expression()
        return MadeUp(text, "counter")

    # Tables.

    def _told_by_table(self, cases: Sequence[Case], name: str) -> Node | None:
        """Give what was recorded for each value of the one term that tells the values apart, where there is one."""
        if len(cases) < 3:
            return None
        scene = cases[0][0]
        best: tuple[float, Term, dict[str, Any]] | None = None
        for term, value in self.vocabulary.everything(scene):
            if not is_scalar(value) or term.cost > 2.3 or value is None or term.text.startswith("request.headers"):
                continue
            rows: dict[str, Any] = {}
            for one, wanted in cases:
                key = as_text(term.get(one))
                if key in rows and not same(rows[key], wanted):
                    break
                rows[key] = wanted
            else:
                if 1 < len(rows) <= _MOST_ROWS and _is_shared(term, cases):
                    cost = len(rows) + term.cost
                    if best is None or cost < best[0]:
                        best = (cost, term, rows)
        if best is None:
            return None
        made = re.sub(r"\W+", "_", f"{self._name}_{name}".strip("_")).lower()
        table = Table(f"recorded_{made}", best[1], best[2], common([value for _, value in cases]))
        self.tables.append(table)
        return table

    def _mixed(self, cases: Sequence[Case], name: str, depth: int) -> Node:
        kinds = [type(value).__name__ if isinstance(value, dict | list) else "scalar" for _, value in cases]
        told = self._decide([scene for scene, _ in cases], kinds)
        if told is None:
            whole = self.term(cases, name) if self._uses_echo else None
            if whole is not None:
                return Said(whole)
            return Fixed(common([value for _, value in cases]), guess=True)
        options: list[tuple[Term | None, Node]] = []
        for condition, label in told:
            inside = [case for case, kind in zip(cases, kinds, strict=True) if kind == label]
            options.append((condition, self.explain(inside, name, depth + 1)))
        return Chosen(options)


ROW: Final = Term("row", lambda scene: scene.values.get("row", MISSING), "row", 0.8, frozenset({"row"}))


class Changed:
    """A list changed in one place: `more`, `less` or `changed`, where `field` of the item is what `asked` gives."""

    def __init__(self, kind: str, base: Term, item: Node | None, field: str = "", asked: Term | None = None) -> None:
        self._kind = kind
        self._base = base
        self._item = item
        self._field = field
        self._asked = asked

    @property
    def unknown(self) -> int:
        return self._item.unknown if self._item is not None else 0

    @property
    def terms(self) -> list[Term]:
        return [self._base, *(self._item.terms if self._item else []), *([self._asked] if self._asked else [])]

    def document(self) -> Any:
        return f"{{{{ {self.expression()} }}}}"

    def expression(self) -> str:
        item = self._item.expression() if self._item is not None else ""
        if self._kind == "more":
            return f"({self._base.text} + [{item}])"
        asked = self._asked.text if self._asked is not None else ""
        if self._kind == "less":
            return f"drop_rows({self._base.text}, {literal(self._field)}, {asked})"
        is_it = f"({member('row', (self._field,))} | string) == ({asked} | string)"
        return f"each({self._base.text}, merge(row, {item}) if {is_it} else row)"

    def value(self, scene: Scene) -> Any:
        base = self._base.get(scene)
        if not isinstance(base, list):
            return MISSING
        if self._kind == "more":
            assert self._item is not None
            return [*base, self._item.value(scene)]
        asked = as_text(self._asked.get(scene)) if self._asked is not None else ""
        if self._kind == "less":
            return [row for row in base if as_text(look(row, (self._field,))) != asked]
        assert self._item is not None
        return [
            {**row, **self._item.value(scene.with_row(row))} if as_text(look(row, (self._field,))) == asked else row
            for row in base
        ]


def related_term(collection: str, field: str, term: Term) -> Term:
    """Give the term of the items of a collection whose field is, as text, what another gives."""

    def get(scene: Scene) -> Any:
        wanted = as_text(term.get(scene))
        held = scene.timeline.under(collection, "", scene.moment).values()
        return [item for item in held if as_text(look(item, (field,))) == wanted]

    sign = "\N{SECTION SIGN}"
    # What stands for an item may hold no other such: the inner one is written out, as only a field of it is read.
    asked = re.sub(f"{sign}[^{sign}]*{sign}([^{sign}]*){sign}", r"\1", term.text)
    text = f"{sign}{collection}{sign}keep_rows(resource.{collection}.all(), {literal(field)}, {asked}){sign}"
    return Term(text, get, collection, 1.5 + term.cost, term.uses, term.keeps)


def how_changed(old: list[Any], new: list[Any]) -> tuple[str, int]:
    """Tell what became of a list: `same`, `more` (one at the end), `less` (one gone), `changed` (one another), `other`;
    and where."""
    if len(new) == len(old) + 1 and same(new[:-1], old):
        return "more", len(old)
    if len(new) == len(old) - 1:
        place = next((at for at, (one, two) in enumerate(zip(old, new, strict=False)) if not same(one, two)), len(new))
        return ("less", place) if same(old[:place] + old[place + 1 :], new) else ("other", 0)
    if len(new) == len(old):
        places = [at for at, (one, two) in enumerate(zip(old, new, strict=True)) if not same(one, two)]
        if not places:
            return "same", 0
        if len(places) == 1 and isinstance(old[places[0]], dict) and isinstance(new[places[0]], dict):
            return "changed", places[0]
    return "other", 0


def _or_nothing(term: Term) -> str:
    """Write a number that may not be there: an answer that is off is better than none."""
    return (
        f"({term.text} | default(0))"
        if term.text.startswith("vars.") and not term.text.startswith("vars.item.")
        else term.text
    )


def _both(one: Term, sign: str, two: Term, call: Callable[[Any, Any], Any]) -> Term:
    def get(scene: Scene) -> Any:
        left, right = one.get(scene), two.get(scene)
        return call(left, right) if is_number(left) and is_number(right) else MISSING

    return Term(
        f"({_or_nothing(one)} {sign} {_or_nothing(two)})",
        get,
        "",
        one.cost + two.cost,
        one.uses | two.uses,
        one.keeps | two.keeps,
    )


def _shape(text: str) -> str:
    """Give a text with its URLs, numbers and long words taken out."""
    text = _URL.sub("@", text)
    return re.sub(r"[A-Za-z0-9_-]*\d[A-Za-z0-9_-]*", "#", text)


def _is_shared(term: Term, cases: Sequence[Case]) -> bool:
    """Tell whether most values of a term came up more than once, and not in one session only where there are several."""
    seen: dict[str, set[tuple[int, int]]] = {}
    for scene, _ in cases:
        seen.setdefault(as_text(term.get(scene)), set()).add((scene.sample.session, scene.moment))
    several = len({scene.sample.session for scene, _ in cases}) > 1
    again = sum(len({session for session, _ in places} if several else places) > 1 for places in seen.values())
    return again * 2 > len(seen)


def spread(cases: Sequence[Case]) -> Sequence[Case]:
    """Give some of the cases where there are very many: the first of each session, so that counting on still shows."""
    if len(cases) <= _MOST_CASES:
        return cases
    sessions: dict[int, list[Case]] = {}
    for case in cases:
        sessions.setdefault(case[0].sample.session, []).append(case)
    share = max(2, _MOST_CASES // len(sessions))
    return [case for inside in list(sessions.values())[:_MOST_CASES] for case in inside[:share]]


def _is_of_transport(term: Term) -> bool:
    """Tell whether a term is a header of the request, or one that was kept of an earlier answer."""
    return term.text.startswith("request.headers") or any(
        "headers" in kept or "content_type" in kept for _, kept in term.keeps
    )


def _rank(term: Term, name: str) -> tuple[float, int, str]:
    return (term.cost - (1.0 if _alike(term.name, name) else 0.0), len(term.text), term.text)


def _alike(one: str, other: str) -> bool:
    first, second = (re.sub(r"[\W_]", "", text).lower() for text in (one, other))
    return bool(first) and first == second


def _is_specific(value: Any) -> bool:
    if isinstance(value, str):
        return (
            len(value) >= 6
            or len(value) >= 3
            and any(map(str.isdigit, value))
            and not value.isdigit()
            or len(value) >= 4
            and value.isdigit()
        )
    if is_number(value):
        return abs(value) >= 1000 or isinstance(value, float) and not value.is_integer()
    return isinstance(value, dict | list) and bool(value)


def _stands_alone(heads: Sequence[str], tails: Sequence[str]) -> bool:
    return all(not head[-1:].isalnum() and not tail[:1].isalnum() for head, tail in zip(heads, tails, strict=True))


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        elif piece != "":
            made.append(piece)
    return made


def _guessing(node: Node) -> Node:
    return node


_ALWAYS: Final = Term("true", lambda _scene: True)
_NEVER: Final = Term("false", lambda _scene: False)


def _either(one: Term, other: Term) -> Term:
    return Term(
        f"({one.text}) or ({other.text})", lambda scene: bool(one.get(scene)) or bool(other.get(scene)), one.name,
        one.cost + other.cost, one.uses | other.uses, one.keeps | other.keeps,
    )  # fmt: skip


def _unless(one: Term, other: Term) -> Term:
    return Term(
        f"not ({one.text}) and ({other.text})", lambda scene: not one.get(scene) and bool(other.get(scene)), one.name,
        one.cost + other.cost, one.uses | other.uses, one.keeps | other.keeps,
    )  # fmt: skip


def _negated(term: Term) -> Term:
    return Term(
        f"not ({term.text})", lambda scene: not term.get(scene), term.name, term.cost + 0.1, term.uses, term.keeps
    )


__all__ = ["MADE_UP", "ROW", "Case", "Decide", "Explainer", "constant", "look", "spread"]
