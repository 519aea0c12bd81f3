"""A node: one part of an answer explained, to be written as a template and worked out on a scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeAlias

from recorder.synthesis.nodes.composition import Composed, Expressed
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, guarded, literal


class Node(Protocol):
    """What a part of an answer is made of.

    `unknown` counts the scalars in it that are only a guess, `terms` are all that it speaks of. `document` is the part
    as it stands in a template document, `expression` the same as one expression.
    """

    @property
    def unknown(self) -> int: ...
    @property
    def terms(self) -> list[Term]: ...
    def document(self) -> Any: ...
    def expression(self) -> str: ...
    def value(self, scene: Scene) -> Any:
        """Work it out; MISSING where it is not there. What is made up anew comes out as MADE_UP."""


class _MadeUp:
    def __repr__(self) -> str:
        return "MADE_UP"


MADE_UP: Final = _MadeUp()
"""What stands for a value that is another each time."""


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """The same each time; `guess` says that it was not the same each time, and this is the most frequent."""

    content: Any
    guess: bool = False

    @property
    def unknown(self) -> int:
        return int(self.guess)

    @property
    def terms(self) -> list[Term]:
        return []

    def document(self) -> Any:
        return escaped(self.content)

    def expression(self) -> str:
        return literal(self.content)

    def value(self, scene: Scene) -> Any:
        del scene
        return self.content


@dataclass(frozen=True, slots=True, eq=False)
class Said(Expressed):
    """What a term gives."""

    term: Term
    unknown: int = 0

    @property
    def terms(self) -> list[Term]:
        return [self.term]

    def expression(self) -> str:
        return self.term.text

    def value(self, scene: Scene) -> Any:
        return self.term.get(scene)


@dataclass(frozen=True, slots=True, eq=False)
class MadeUp(Expressed):
    """A value that the service makes anew: `text` is the expression that makes one of the same form."""

    text: str
    kind: str
    unknown: int = 0
    keeps: Sequence[Term] = ()

    @property
    def terms(self) -> list[Term]:
        return list(self.keeps)

    def expression(self) -> str:
        return self.text

    def value(self, scene: Scene) -> Any:
        del scene
        return MADE_UP


Piece: TypeAlias = "str | Node"


@dataclass(frozen=True, slots=True, eq=False)
class Joined(Composed):
    """A text of fixed pieces and parts that are worked out."""

    pieces: Sequence[Piece]

    @property
    def nodes(self) -> Sequence[Node]:
        return [piece for piece in self.pieces if not isinstance(piece, str)]

    def document(self) -> Any:
        shown = (escaped(one) if isinstance(one, str) else f"{{{{ {one.expression()} }}}}" for one in self.pieces)
        return "".join(shown)

    def expression(self) -> str:
        shown = (literal(one) if isinstance(one, str) else one.expression() for one in self.pieces)
        return f"({' ~ '.join(shown)})"

    def value(self, scene: Scene) -> Any:
        made = ""
        for piece in self.pieces:
            part = piece if isinstance(piece, str) else piece.value(scene)
            if part is MADE_UP or part is MISSING:
                return part
            made += as_text(part)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Object(Composed):
    """An object, member by member; a member may be there only where a condition holds."""

    members: Mapping[str, tuple[Node, Term | None]]

    @property
    def nodes(self) -> Sequence[Node]:
        return [node for node, _ in self.members.values()]

    @property
    def terms(self) -> list[Term]:
        conditions = [condition for _, condition in self.members.values() if condition is not None]
        return [term for node in self.nodes for term in node.terms] + conditions

    def document(self) -> Any:
        return {
            name: node.document()
            if condition is None
            else f"{{{{ {node.expression()} if {guarded(condition.text)} else omit }}}}"
            for name, (node, condition) in self.members.items()
        }

    def expression(self) -> str:
        shown = []
        for name, (node, condition) in self.members.items():
            text = node.expression()
            told = text if condition is None else f"({text} if {guarded(condition.text)} else omit)"
            shown.append(f"{literal(name)}: {told}")
        whole = f"{{{', '.join(shown)}}}"
        # What is left out of an object is left out by merge.
        return whole if all(condition is None for _, condition in self.members.values()) else f"merge({whole})"

    def value(self, scene: Scene) -> Any:
        made = {}
        for name, (node, condition) in self.members.items():
            if condition is None or condition.get(scene):
                part = node.value(scene)
                made[name] = None if part is MISSING else part
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Items(Composed):
    """A list of so many items."""

    items: Sequence[Node]

    @property
    def nodes(self) -> Sequence[Node]:
        return self.items

    def document(self) -> Any:
        return [node.document() for node in self.items]

    def expression(self) -> str:
        return f"[{', '.join(node.expression() for node in self.items)}]"

    def value(self, scene: Scene) -> Any:
        return [None if (part := node.value(scene)) is MISSING else part for node in self.items]


@dataclass(frozen=True, slots=True, eq=False)
class Over(Expressed):
    """Objects laid over each other: what is under, whole objects, then the members that are explained on their own.

    `without` are the members that are taken out again; with an `order` the members stand in that, as they must in XML.
    """

    under: Object
    bases: Sequence[Term]
    over: Object
    without: Sequence[str] = ()
    order: Sequence[str] = ()

    @property
    def unknown(self) -> int:
        return self.under.unknown + self.over.unknown

    @property
    def terms(self) -> list[Term]:
        return [*self.under.terms, *self.bases, *self.over.terms]

    def expression(self) -> str:
        layers = [base.text for base in self.bases]
        if self.under.members:
            layers.insert(0, self.under.expression())
        if self.over.members:
            layers.append(self.over.expression())
        text = layers[0] if len(layers) == 1 else f"merge({', '.join(layers)})"
        if self.order:
            return f"pick({text}, {', '.join(map(literal, self.order))})"
        return f"without({text}, {', '.join(map(literal, self.without))})" if self.without else text

    def value(self, scene: Scene) -> Any:
        made: dict[str, Any] = dict(self.under.value(scene))
        for base in self.bases:
            layer = base.get(scene)
            if isinstance(layer, dict):
                made |= layer
        made |= self.over.value(scene)
        return {name: part for name, part in made.items() if name not in self.without}


@dataclass(frozen=True, slots=True, eq=False)
class Chosen(Composed):
    """One of several, by the first condition that holds; the last has none."""

    options: Sequence[tuple[Term | None, Node]]

    @property
    def nodes(self) -> Sequence[Node]:
        return [node for _, node in self.options]

    @property
    def terms(self) -> list[Term]:
        conditions = [condition for condition, _ in self.options if condition is not None]
        return conditions + [term for node in self.nodes for term in node.terms]

    def document(self) -> Any:
        return f"{{{{ {self._choice()} }}}}"

    def expression(self) -> str:
        return f"({self._choice()})"

    def _choice(self) -> str:
        text = ""
        for condition, node in self.options:
            if condition is None:
                return f"{text}{node.expression()}"
            text += f"{node.expression()} if {guarded(condition.text)} else "
        return text + "none"

    def value(self, scene: Scene) -> Any:
        for condition, node in self.options:
            if condition is None or condition.get(scene):
                return node.value(scene)
        return MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Each(Expressed):
    """A list made of another: one item, explained with `row`, for each of its."""

    source: Term
    item: Node

    @property
    def unknown(self) -> int:
        return self.item.unknown

    @property
    def terms(self) -> list[Term]:
        return [self.source, *self.item.terms]

    def expression(self) -> str:
        return f"each({self.source.text}, {self.item.expression()})"

    def value(self, scene: Scene) -> Any:
        rows = self.source.get(scene)
        if not isinstance(rows, list):
            return MISSING
        return [self.item.value(scene.with_row(row, at)) for at, row in enumerate(rows)]


@dataclass(frozen=True, slots=True, eq=False)
class Table(Expressed):
    """What was recorded for each value of a key; `otherwise` where none was."""

    name: str
    key: Term
    rows: Mapping[str, Any] = field(repr=False)
    otherwise: Any
    unknown: int = 1

    @property
    def terms(self) -> list[Term]:
        return [self.key]

    def expression(self) -> str:
        other = literal(self.otherwise) if is_scalar(self.otherwise) else f"(resource.{self.name}.all() | first)"
        return f"(resource.{self.name}.get({self.key.text}) | default({other}))"

    def value(self, scene: Scene) -> Any:
        return self.rows.get(as_text(self.key.get(scene)), self.otherwise)


@dataclass(frozen=True, slots=True, eq=False)
class Named(Expressed, Composed):
    """A part that other parts speak of too, so that it is worked out before the answer, as `vars.NAME`."""

    name: str
    node: Node

    @property
    def nodes(self) -> Sequence[Node]:
        return [self.node]

    def expression(self) -> str:
        return f"vars.{self.name}"

    def value(self, scene: Scene) -> Any:
        return self.node.value(scene)


def inner(node: Node) -> list[tuple[str | int, Node]]:
    """Give the parts of a node that stand at a fixed place in what it makes."""
    if isinstance(node, Object):
        return [(name, part) for name, (part, _) in node.members.items()]
    if isinstance(node, Over):
        return inner(node.over)
    if isinstance(node, Items):
        return list(enumerate(node.items))
    return []


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Give a node and all parts of it that stand at a fixed place, with that place."""
    yield path, node
    for step, part in inner(node):
        yield from walk(part, (*path, step))


def replaced(node: Node, path: Path, new: Node) -> Node:
    """Give the node with another in the place of the part at a path."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(node, Object):
        members = {
            name: (replaced(part, rest, new) if name == step else part, condition)
            for name, (part, condition) in node.members.items()
        }
        return Object(members)
    if isinstance(node, Over):
        over = replaced(node.over, path, new)
        assert isinstance(over, Object)
        return Over(node.under, node.bases, over, node.without, node.order)
    if isinstance(node, Items):
        return Items([replaced(part, rest, new) if place == step else part for place, part in enumerate(node.items)])
    return node


def names_in(node: Node) -> Iterator[Named]:
    """Give the named parts in a node, those first that others need."""
    if isinstance(node, Named):
        yield from names_in(node.node)
        yield node
    parts = node.nodes if isinstance(node, Joined) else [part for _, part in inner(node)]
    for part in parts:
        yield from names_in(part)


def escaped(value: Any) -> Any:
    """Write a fixed value so that no template is read in it."""
    if isinstance(value, str):
        is_read = any(sign in value for sign in ("{{", "{%", "{#"))
        return f"{{{{ {literal(value)} }}}}" if is_read else value
    if isinstance(value, list):
        return [escaped(one) for one in value]
    if isinstance(value, dict):
        return {name: escaped(one) for name, one in value.items()}
    return value
