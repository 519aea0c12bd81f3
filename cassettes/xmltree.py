"""XML as a tree of plain values, as a JSON body is one: members by name in their order, lists where one repeats.

An attribute is a member `@name`, the text beside attributes `#text`. A name without a prefix has the prefix of the
element around it; `:name` has none. The root stands beside `?xml`, what the declaration says ("" where there is none),
and `?layout`, how the document is written where that is not on one line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from cassettes.markup import PLAIN, Element, Layout, Markup, merged, read_markup, write_markup

DECLARATION: Final = "?xml"
LAYOUT: Final = "?layout"
TEXT: Final = "#text"
_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,14}")
_FLAGS: Final = {"true": True, "false": False}
_DEEPEST: Final = 60
_LINE: Final = "line"
_PAIR: Final = "pair"
_WORDS: Final = {"after": {"\n": _LINE}, "end": {"\n": _LINE}, "empty": {"": _PAIR}}
"""Words for what is hard to see where a layout is written down: a line's end, and two tags with nothing in them."""
Place = tuple[str, str]
"""Which element: the name of the one around it and its own, both without prefixes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What several documents together show of their elements, so that each reads alike in all of them.

    `lists` are the elements that repeat, `objects` those that have attributes or others in them, in `orders` the names
    within those as they follow each other. `numbers` and `flags` are names whose texts are always whole numbers, or
    `true` and `false`. `layouts` are those of documents by the name of their root.
    """

    lists: frozenset[Place] = frozenset()
    objects: frozenset[Place] = frozenset()
    numbers: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    orders: Mapping[Place, Sequence[str]] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)


def is_tree(value: Any) -> bool:
    """Tell whether a value is the tree of an XML document."""
    return isinstance(value, Mapping) and DECLARATION in value


def local(name: str) -> str:
    """Give a name without its prefix."""
    return name.rpartition(":")[2]


def read_tree(text: str, shape: Shape | None = None) -> dict[str, Any]:
    """Read a document as a tree; raises ValueError, with the reason, where it cannot be one."""
    return tree_of(read_markup(text), shape)


def tree_of(document: Markup, shape: Shape | None = None) -> dict[str, Any]:
    """Give a document as a tree. Raises ValueError where elements of one name do not follow each other."""
    known = shape or Shape()
    root = document.root
    made: dict[str, Any] = {DECLARATION: document.declaration or ""}
    layout = _told(known.layouts.get(local(root.name), document.layout))
    if layout:
        made[LAYOUT] = layout
    made[root.name] = _value(root, "", known)
    return made


def write_tree(tree: Mapping[str, Any]) -> str:
    """Write a tree as XML. Null is left out. Raises ValueError, with the reason, where it cannot be written."""
    roots = [name for name in tree if not name.startswith("?")]
    if len(roots) != 1 or isinstance(tree[roots[0]], list):
        raise ValueError(f"a document has one root element, and this has {len(roots) if len(roots) != 1 else 'a list'}")
    declaration = tree.get(DECLARATION)
    if declaration is not None and (not isinstance(declaration, str) or "?>" in declaration):
        raise ValueError(f"{DECLARATION} is the text of the declaration")
    root = _element(roots[0].removeprefix(":"), tree[roots[0]], 0)
    return write_markup(Markup(declaration or None, root, _layout(tree.get(LAYOUT))))


def _told(layout: Layout) -> dict[str, str]:
    parts = {one.name: getattr(layout, one.name) for one in fields(Layout)}
    return {
        name: _WORDS.get(name, {}).get(part, part)
        for name, part in parts.items()
        if part is not None and part != getattr(PLAIN, name)
    }


def _layout(told: Any) -> Layout:
    if told is None:
        return PLAIN
    names = [one.name for one in fields(Layout)]
    if not isinstance(told, Mapping) or not all(isinstance(one, str) and name in names for name, one in told.items()):
        raise ValueError(f"{LAYOUT} has texts for {', '.join(names)}")
    signs = {name: {word: sign for sign, word in words.items()} for name, words in _WORDS.items()}
    return replace(PLAIN, **{name: signs.get(name, {}).get(part, part) for name, part in told.items()})


def _value(element: Element, around: str, shape: Shape) -> Any:
    place = (local(around), local(element.name))
    if not element.attributes and not element.children and place not in shape.objects:
        return _scalar(place[1], element.text, shape)
    made: dict[str, Any] = {f"@{name}": value for name, value in element.attributes.items()}
    if not element.children and element.text.strip():
        made[TEXT] = _scalar(place[1], element.text, shape)
    last = ""
    for child in element.children:
        name = shown_name(child.name, element.name)
        if name in made and name != last:
            raise ValueError(f"elements {child.name} of {element.name} do not follow each other")
        value = _value(child, element.name, shape)
        if (place[1], local(child.name)) in shape.lists:
            made.setdefault(name, []).append(value)
        elif name in made:
            made[name] = [*(made[name] if isinstance(made[name], list) else [made[name]]), value]
        else:
            made[name] = value
        last = name
    return _ordered(made, place, shape)


def _ordered(made: dict[str, Any], place: Place, shape: Shape) -> dict[str, Any]:
    """Put in the empty lists of an element, each where its items would stand."""
    order = shape.orders.get(place, ())
    missing = [name for name in order if name not in made and (place[1], local(name)) in shape.lists]
    if not missing or TEXT in made:
        return made
    rank = {name: at for at, name in enumerate(order)}
    names = list(made)
    for name in missing:
        later = next((at for at, other in enumerate(names) if rank.get(other, -1) > rank[name]), len(names))
        names.insert(later, name)
    return {name: made.get(name, []) for name in names}


def _scalar(name: str, text: str, shape: Shape) -> Any:
    if name in shape.numbers and _WHOLE.fullmatch(text):
        return int(text)
    return _FLAGS.get(text, text) if name in shape.flags else text


def shown_name(name: str, around: str) -> str:
    """Give the name that an element has in the tree within another."""
    prefix, colon, own = name.rpartition(":")
    if prefix == around.rpartition(":")[0]:
        return own
    return name if colon else f":{own}"


def _element(name: str, value: Any, depth: int) -> Element:
    if depth > _DEEPEST:
        raise ValueError("it is nested too deep")
    if not isinstance(value, Mapping):
        return Element(name, text=_text(value))
    made = Element(name)
    prefix = name.rpartition(":")[0]
    for key, inner in value.items():
        if inner is None:
            continue
        if key.startswith("@"):
            made.attributes[key[1:]] = _text(inner)
        elif key == TEXT:
            made.text = _text(inner)
        else:
            own = key.removeprefix(":") if ":" in key else f"{prefix}:{key}" if prefix else key
            items = inner if isinstance(inner, list) else [inner]
            made.children += [_element(own, item, depth + 1) for item in items if item is not None]
    if made.children and made.text:
        raise ValueError(f"{name} holds {TEXT} beside elements")
    return made


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    if value is None:
        return ""
    raise ValueError("an attribute or text is no object and no list")


def shape_of(documents: Sequence[Markup], sent: frozenset[str] = frozenset()) -> Shape:
    """Tell what documents show together. Names in `sent` are of values that others give: they stay as they are."""
    counts: dict[Place, int] = {}
    inside: dict[Place, set[str]] = {}
    objects: set[Place] = set()
    texts: dict[str, set[str]] = {}
    orders: dict[Place, list[str]] = {}
    layouts: dict[str, list[Layout]] = {}
    for document in documents:
        layouts.setdefault(local(document.root.name), []).append(document.layout)
        for around, element in _nested(document.root):
            place = (local(around), local(element.name))
            if element.attributes or element.children:
                objects.add(place)
            if not element.children:
                texts.setdefault(place[1], set()).add(element.text)
                continue
            names = Counter(local(child.name) for child in element.children)
            inside.setdefault(place, set()).update(names)
            for name, count in names.items():
                counts[place[1], name] = max(count, counts.get((place[1], name), 0))
            shown = dict.fromkeys(shown_name(child.name, element.name) for child in element.children)
            orders[place] = in_one_order(orders.get(place, []), shown)
    lists = {place for place, count in counts.items() if count > 1}
    alone = [(place[1], next(iter(names))) for place, names in inside.items() if len(names) == 1]
    lists |= {place for place in alone if is_holder(*place)}
    own = {name: found for name, found in texts.items() if name not in sent}
    return Shape(
        frozenset(lists), frozenset(objects),
        frozenset(name for name, found in own.items() if all(map(_WHOLE.fullmatch, found))),
        frozenset(name for name, found in own.items() if found <= set(_FLAGS)),
        orders, {name: merged(found) for name, found in layouts.items()},
    )  # fmt: skip


def is_holder(name: str, inside: str) -> bool:
    """Tell whether an element's name says that it holds others of one kind: `Parcels`, `ParcelList`."""
    ends = (f"{inside}s", f"{inside}es", f"{inside[:-1]}ies", f"{inside}list", f"{inside}set", f"listof{inside}")
    return name.lower().endswith(tuple(end.lower() for end in ends))


def _nested(root: Element) -> list[tuple[str, Element]]:
    """Give all elements with the name of the one around each."""
    found = [("", root)]
    for _, element in found:
        found += [(element.name, child) for child in element.children]
    return found


def in_one_order(known: Iterable[str], more: Iterable[str]) -> list[str]:
    """Give names in an order that both orders have, as far as there is one."""
    made, names = list(known), list(more)
    # What comes first goes before what it is followed by, and to the end where that is nothing known.
    at = next((made.index(name) for name in names if name in made), len(made))
    for name in names:
        if name in made:
            at = max(at, made.index(name) + 1)
        else:
            made.insert(at, name)
            at += 1
    return made
