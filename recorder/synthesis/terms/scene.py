"""A scene: one sample with what its service held when it came, as templates will see both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from recorder.synthesis.samples.values import MISSING, as_text, look

if TYPE_CHECKING:
    from recorder.synthesis.endpoints.endpoint import Endpoint
    from recorder.synthesis.samples.sample import Sample
    from recorder.synthesis.terms.term import Term
    from recorder.synthesis.terms.timeline import Timeline

HIDDEN: Final = "~"
"""What follows a collection's name where the hidden members of its items are kept while learning."""
OWNER: Final = "_owner"
"""The member of items under which it is kept to whom they are shown, where they do not say so themselves."""
CALLER: Final = "caller."
"""What the attribute begins with under which it is kept who made an item; the expression of that follows."""
ABOVE: Final = "request.path_params."
"""What the attribute begins with under which it is kept what the path named that an item was made under."""
KEPT: Final = "list~"
"""The name under which a scene has what is kept hidden in the items of its list's page, in their order."""
ASKED: Final = "request.asked"
"""The attribute by which an operation that goes on is kept with what was sent for it."""
GONE: Final = "_gone"
"""What follows a collection's name where items that were deleted are remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """A named value that a definition looks up before it decides: `vars.NAME`.

    `key` gives the key in the collection; with `by`, the first item whose field of that dotted name is the key's value
    is taken, among those whose keys begin with `prefix`. With `within`, a list, it is looked for there, and
    `collection` is "". What does not decide is only shown: no condition speaks of it. With `or_gone` what was
    deleted is found, too.
    """

    name: str
    collection: str
    key: Term
    by: str | None = None
    prefix: Term | None = None
    within: Term | None = None
    decides: bool = field(default=True, kw_only=True)
    or_gone: bool = field(default=False, kw_only=True)

    @property
    def text(self) -> str:
        """The expression that looks it up."""
        if self.within is not None:
            return f"find({self.within.text}, '{self.by}', {self.key.text})"
        if self.by is None:
            found = f"resource.{self.collection}.get({self.key.text})"
            return f"({found} or resource.{self.collection}{GONE}.get({self.key.text}))" if self.or_gone else found
        under = f", {self.prefix.text}" if self.prefix is not None else ""
        return f"resource.{self.collection}.find('{self.by}', {self.key.text}{under})"

    @property
    def uses(self) -> frozenset[str]:
        """The look-ups that it needs itself."""
        return frozenset().union(*(term.uses for term in (self.key, self.prefix, self.within) if term is not None))

    def find(self, scene: Scene) -> tuple[str, Any]:
        """Give the key and the item that it stands for in a scene, MISSING where there is none."""
        wanted = self.key.get(scene)
        if wanted is MISSING or wanted is None or isinstance(wanted, dict | list):
            return "", MISSING
        if self.within is not None:
            return "", find_row(self.within.get(scene), str(self.by), wanted)
        if self.by is None:
            key = as_text(wanted)
            item = scene.timeline.get(self.collection, key, scene.moment)
            if item is MISSING and self.or_gone:
                item = scene.timeline.get(self.collection + GONE, key, scene.moment)
            return key, item
        return self._by_field(scene, self.by, as_text(wanted))

    def _by_field(self, scene: Scene, by: str, wanted: str) -> tuple[str, Any]:
        prefix = as_text(self.prefix.get(scene)) if self.prefix is not None else ""
        path = tuple(by.split("."))
        for key, item in scene.timeline.under(self.collection, prefix, scene.moment).items():
            found = look(item, path)
            if found is not MISSING and not isinstance(found, dict | list) and as_text(found) == wanted:
                return key, item
        hidden = scene.timeline.under(self.collection + HIDDEN, prefix, scene.moment)
        for key, attributes in hidden.items():
            if as_text(attributes.get(f"request.json.{by}", MISSING)) == wanted:
                return key, scene.timeline.get(self.collection, key, scene.moment)
        return "", MISSING


class Scene:
    """One sample in its place: `moment` is its place in its session, `timeline` that session's."""

    __slots__ = (
        "_below",
        "_found",
        "_held",
        "_lookups",
        "endpoint",
        "moment",
        "params",
        "sample",
        "seen",
        "timeline",
        "values",
    )

    def __init__(self, sample: Sample, endpoint: Endpoint, timeline: Timeline, moment: int) -> None:
        self.sample = sample
        self.endpoint = endpoint
        self.timeline = timeline
        self.moment = moment
        named = zip(endpoint.params, endpoint.values(sample), strict=True)
        # What an operation is not told, it does not name.
        self.params: dict[str, str] = {name: value for name, value in named if value or endpoint.operation is None}
        self._lookups: Mapping[str, Lookup] = {}
        self.values: dict[str, Any] = {}
        """Further named values: what is not looked up but worked out, such as a list's page."""
        self.seen: dict[str, Any] = {}
        """What counters of the session had reached: by name."""
        self._found: dict[str, tuple[str, Any]] = {}
        self._held: dict[str, list[Any]] = {}
        self._below: dict[tuple[str, str], list[Any]] = {}

    @property
    def lookups(self) -> Mapping[str, Lookup]:
        """What the names in `vars` stand for."""
        return self._lookups

    @lookups.setter
    def lookups(self, lookups: Mapping[str, Lookup]) -> None:
        self._lookups = lookups
        self._found = {}

    def with_row(self, row: Any, at: int | None = None) -> Scene:
        """Give this scene as the items of a list see it, one of which is `row`, at this place from 0."""
        made = copy(self)
        made.values = {**self.values, "row": row} if at is None else {**self.values, "row": row, "at": at}
        return made

    def __repr__(self) -> str:
        return f"Scene({self.sample.method} {self.sample.path} -> {self.sample.status})"

    def held(self, collection: str) -> list[Any]:
        """Give all items of a collection; asked for once the sessions are played, as they are kept."""
        found = self._held.get(collection)
        if found is None:
            found = self._held[collection] = list(self.timeline.under(collection, "", self.moment).values())
        return found

    def below(self, collection: str, prefix: str) -> list[Any]:
        """Give all items of a collection whose keys begin so; asked for once the sessions are played, too."""
        found = self._below.get((collection, prefix))
        if found is None:
            items = self.timeline.under(collection, prefix, self.moment).values()
            found = self._below[collection, prefix] = list(items)
        return found

    def looked_up(self, name: str) -> Any:
        """Give the item that a name stands for, or MISSING."""
        return self._find(name)[1]

    def key_of(self, name: str) -> str:
        """Give the key under which what a name stands for is kept."""
        return self._find(name)[0]

    def hidden(self, name: str, attribute: str) -> Any:
        """Give a hidden member of the item that a name stands for, or MISSING."""
        key, item = self._find(name)
        if item is MISSING:
            return MISSING
        attributes = self.timeline.get(self.lookups[name].collection + HIDDEN, key, self.moment)
        return attributes.get(attribute, MISSING) if isinstance(attributes, dict) else MISSING

    def _find(self, name: str) -> tuple[str, Any]:
        found = self._found.get(name)
        if found is None:
            lookup = self.lookups.get(name)
            found = self._found[name] = lookup.find(self) if lookup is not None else ("", MISSING)
        return found


def find_row(rows: Any, field: str, wanted: Any) -> Any:
    """Give the first of a list's objects whose field is that, as text, or MISSING."""
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and field in row and as_text(row[field]) == as_text(wanted):
            return row
    return MISSING


def of_request(read: Callable[[Sample], Any]) -> Callable[[Scene], Any]:
    """Make a reader of scenes from one of samples."""
    return lambda scene: read(scene.sample)
