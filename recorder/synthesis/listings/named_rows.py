"""Named rows: lists that calls send, are answered or find in their item, and whose rows name items."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, Final, NamedTuple

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import key_term, param_terms
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_scalar, look, parts
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import member

_SOURCES: Final = ("answer", "request", "item")
_MOST_ROWS: Final = 60
_DEEPEST: Final = 3


class NamedRows(NamedTuple):
    """A list in what a call sends, is answered, or finds in the item that its path names: its `source`.

    `base` is how it is written. `link` is the member of a row that names an item, "" where rows are names themselves.
    `above` is the member of the document in which what the items are below stands, or the parameter of the path that
    `is_in_path`; "" where they are below nothing.
    """

    source: str
    base: str
    path: Path
    link: str = ""
    above: str = ""
    is_in_path: bool = False

    def keys(self, scene: Scene, binding: Binding) -> list[str]:
        """Give the keys of the items that a call names."""
        document = document_of(scene, binding, self.source)
        rows = look(document, self.path)
        prefix = self._prefix(document, scene)
        if not isinstance(rows, list) or prefix is None:
            return []
        names = (row if not self.link else row.get(self.link) if isinstance(row, dict) else None for row in rows)
        return [f"{prefix}{as_text(name)}" for name in names if is_scalar(name) and name is not None]

    def _prefix(self, document: Any, scene: Scene) -> str | None:
        if not self.above:
            return ""
        value = scene.params.get(self.above) if self.is_in_path else look(document, (self.above,))
        return f"{as_text(value)}/" if _is_name(value) else None

    @property
    def text(self) -> str:
        """Write the list."""
        return member(self.base, self.path)

    def key_text(self, endpoint: Endpoint) -> str:
        """Write the key of what `vars.row` names."""
        own = member("vars.row", (self.link,)) if self.link else "vars.row"
        if not self.above:
            return own
        named = dict(zip(endpoint.params, param_terms(endpoint), strict=False))
        above = named[self.above].text if self.is_in_path else member(self.base, (self.above,))
        return f"{above} ~ '/' ~ {own}"


def ways_of(scene: Scene, binding: Binding, collection: Collection, known: Container[str]) -> Iterator[NamedRows]:
    """Give the lists of a call whose rows name known items of a collection."""
    for source in _SOURCES:
        document = document_of(scene, binding, source)
        if not isinstance(document, dict):
            continue
        base = _base(source, scene.endpoint, binding)
        aboves = list(_aboves(document, scene)) if collection.count > 1 else [("", False)]
        for path, rows in _lists(document):
            links = [""] if is_scalar(rows[0]) else list(rows[0])
            for way in (NamedRows(source, base, path, link, *above) for link in links for above in aboves):
                keys = way.keys(scene, binding)
                if keys and all(key in known for key in keys):
                    yield way


def document_of(scene: Scene, binding: Binding, source: str) -> Any:
    """Give what a call sends, is answered, or finds in the item that its path names."""
    if source == "request":
        return scene.sample.json
    if source == "answer":
        return scene.sample.answer_json
    if binding.role not in ("item", "action") or binding.collection is None:
        return MISSING
    return scene.timeline.get(binding.collection.name, binding.key(scene.endpoint.values(scene.sample)), scene.moment)


def _base(source: str, endpoint: Endpoint, binding: Binding) -> str:
    if source != "item":
        return "request.json" if source == "request" else "vars.answer.json"
    assert binding.collection is not None, "an item is one of a collection"
    return f"resource.{binding.collection.name}.get({key_term(endpoint, binding.collection.count).text})"


def _lists(document: Any) -> Iterator[tuple[Path, list[Any]]]:
    """Give the lists of a document whose rows are all objects, or all texts or numbers, with their places."""
    for path, value in parts(document, longest_list=0):
        is_list = isinstance(value, list) and 0 < len(value) <= _MOST_ROWS and 0 < len(path) <= _DEEPEST
        if is_list and (all(isinstance(row, dict) for row in value) or all(map(_is_name, value))):
            yield path, value


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _aboves(document: dict[str, Any], scene: Scene) -> Iterator[tuple[str, bool]]:
    """Give where what items are below may stand: in the path, or at the top of a document."""
    yield from ((name, True) for name in scene.params)
    yield from ((name, False) for name, value in document.items() if name and _is_name(value))
