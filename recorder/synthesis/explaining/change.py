"""A change: a list that is another one with an item more, an item less, or one of its items changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.nodes.composition import Composed, Expressed
from recorder.synthesis.nodes.node import Node
from recorder.synthesis.samples.values import MISSING, as_text, is_number, look, same
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member

Kind: TypeAlias = Literal["same", "more", "first", "less", "changed", "other"]
ROW: Final = Term("row", lambda scene: scene.values.get("row", MISSING), "row", 0.8, frozenset({"row"}))
"""The item of a list that is looked at."""
PLACES: Final = (
    Term("at", lambda scene: _place(scene, 0), "at", 1.2, frozenset({"row"})),
    Term("(at + 1)", lambda scene: _place(scene, 1), "at", 1.2, frozenset({"row"})),
)
"""Where in its list that is, from 0 and from 1."""
_SIGN: Final = "\N{SECTION SIGN}"
_MARKED: Final = re.compile(f"{_SIGN}[^{_SIGN}]*{_SIGN}([^{_SIGN}]*){_SIGN}")


def _place(scene: Scene, first: int) -> Any:
    at = scene.values.get("at", MISSING)
    return at if at is MISSING else at + first


@dataclass(frozen=True, slots=True, eq=False)
class Changed(Expressed):
    """A list changed in one place, where `field` of an item that is there is what `asked` gives.

    `item` is the new item, or what is laid over the one that is changed. A list that is not sent has no items.
    """

    kind: Kind
    base: Term
    item: Node | None
    field: str = ""
    asked: Term | None = None

    @property
    def unknown(self) -> int:
        return self.item.unknown if self.item is not None else 0

    @property
    def terms(self) -> list[Term]:
        return [self.base, *(self.item.terms if self.item else []), *([self.asked] if self.asked else [])]

    def expression(self) -> str:
        item = self.item.expression() if self.item is not None else ""
        base = f"({self.base.text} or [])" if self.base.text.startswith("request.") else self.base.text
        if self.kind == "more":
            return f"({base} + [{item}])"
        if self.kind == "first":
            return f"([{item}] + {base})"
        asked = self.asked.text if self.asked is not None else ""
        if self.kind == "less":
            return f"drop_rows({self.base.text}, {literal(self.field)}, {asked})"
        is_it = f"({member('row', (self.field,))} | string) == ({asked} | string)"
        return f"each({self.base.text}, merge(row, {item}) if {is_it} else row)"

    def value(self, scene: Scene) -> Any:
        rows = self.base.get(scene)
        if rows is MISSING and self.kind in ("more", "first") and self.base.text.startswith("request."):
            rows = []
        if not isinstance(rows, list):
            return MISSING
        if self.kind == "more":
            return [*rows, self._made(scene)]
        if self.kind == "first":
            return [self._made(scene), *rows]
        asked = as_text(self.asked.get(scene)) if self.asked is not None else ""
        if self.kind == "less":
            return [row for row in rows if not self._is_it(row, asked)]
        return [{**row, **self._made(scene.with_row(row))} if self._is_it(row, asked) else row for row in rows]

    def _is_it(self, row: Any, asked: str) -> bool:
        return as_text(look(row, (self.field,))) == asked

    def _made(self, scene: Scene) -> Any:
        assert self.item is not None, "only what is taken away has no item"
        return self.item.value(scene)


@dataclass(frozen=True, slots=True, eq=False)
class Grown(Expressed, Composed):
    """A list with more rows: after those that it had, or with `is_reversed` before them, the newest first."""

    base: Term
    rows: Sequence[Node]
    is_reversed: bool

    @property
    def nodes(self) -> Sequence[Node]:
        return self.rows

    @property
    def terms(self) -> list[Term]:
        return [self.base, *(term for node in self.rows for term in node.terms)]

    def expression(self) -> str:
        shown = [node.expression() for node in self.rows]
        new = f"[{', '.join(reversed(shown) if self.is_reversed else shown)}]"
        return f"({new} + {self.base.text})" if self.is_reversed else f"({self.base.text} + {new})"

    def value(self, scene: Scene) -> Any:
        old = self.base.get(scene)
        if not isinstance(old, list):
            return MISSING
        new = [node.value(scene) for node in self.rows]
        return [*reversed(new), *old] if self.is_reversed else [*old, *new]


def related_term(collection: str, field: str, term: Term) -> Term:
    """Give the term of the items of a collection whose field is, as text, what another gives."""

    def get(scene: Scene) -> Any:
        wanted = as_text(term.get(scene))
        held = scene.timeline.under(collection, "", scene.moment).values()
        return [item for item in held if as_text(look(item, (field,))) == wanted]

    # What stands for an item may hold no other such: the inner one is written out, as only a field of it is read.
    asked = unmarked(term.text)
    kept = f"keep_rows(resource.{collection}.all(), {literal(field)}, {asked})"
    text = f"{_SIGN}{collection}{_SIGN}{kept}{_SIGN}"
    return Term(text, get, collection, 1.5 + term.cost, term.uses, term.keeps)


def unmarked(text: str) -> str:
    """Write an expression with the items in it as they are looked up, hidden members and all."""
    return _MARKED.sub(r"\1", text)


def how_all_changed(olds: Sequence[list[Any]], news: Sequence[list[Any]]) -> list[tuple[Kind, int]]:
    """Tell what became of each of several lists: the only row of one may be its first, if those of others are."""
    changes = [how_changed(old, new) for old, new in zip(olds, news, strict=True)]
    if all(kind != "first" for kind, _ in changes):
        return changes
    return [
        ("first", 0) if kind == "more" and not old else (kind, at)
        for (kind, at), old in zip(changes, olds, strict=True)
    ]


def how_changed(old: list[Any], new: list[Any]) -> tuple[Kind, int]:
    """Tell what became of a list, and where.

    It is `same`, has one item `more` at the end, another `first`, one `less`, one that `changed`, or is `other`.
    """
    if len(new) == len(old) + 1 and same(new[:-1], old):
        return "more", len(old)
    if len(new) == len(old) + 1 and same(new[1:], old):
        return "first", 0
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


def row_counts(rows: Term, item: dict[str, Any]) -> Iterator[Term]:
    """Give what a new item may be numbered by: how many there are, and the highest number of each field."""

    def count(scene: Scene) -> int:
        return len(rows.get(scene))

    yield Term(f"({rows.text} | length)", count, "length", 1.2, rows.uses, rows.keeps)
    for field, value in item.items():
        if isinstance(value, int) and not isinstance(value, bool):
            text = f"(([0] + ({rows.text} | map(attribute='{field}') | list)) | max)"
            yield Term(text, _highest(rows, field), field, 1.0, rows.uses, rows.keeps)


def _highest(rows: Term, field: str) -> Callable[[Scene], Any]:
    return lambda scene: max((row[field] for row in rows.get(scene) if is_number(look(row, (field,)))), default=0)


def is_grown(node: Node) -> bool:
    """Tell whether a list is another one with an item more, of which not all is known."""
    return isinstance(node, Changed) and node.kind in ("more", "first")
