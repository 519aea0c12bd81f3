"""Bindings: the collections of a service, and what an endpoint has to do with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.collections.compound import Compound
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, look, rows_at
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term

Role: TypeAlias = Literal["item", "collection", "action", "none"]
ONLY: Final = "it"
"""The key of the only item of a collection."""


@dataclass(frozen=True, slots=True, eq=False)
class Endowment:
    """Members that new items have by what is sent; `lookups` are the items that these are told by.

    `tables` are what was recorded for each value of something, by the names of the tables.
    """

    members: Mapping[str, Term]
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def told(self, scene: Scene) -> dict[str, Any]:
        """Give the members that an item has which is made in a scene."""
        scene.lookups = self.lookups
        found = {name: term.get(scene) for name, term in self.members.items()}
        return {name: value for name, value in found.items() if value is not MISSING}


@dataclass(eq=False, slots=True)
class Collection:
    """Items of one kind. `template` is the path of one of them, `id_path` where an item's own id stands in it.

    `id_path` is None where items do not hold their id. `name` is what definitions call it. A single one has one item
    behind its path, such as `/profile`, kept under `it` or under the parameters before. `aside` are numbers that
    operations tell of an item which it does not show as members. `begins` are members that new items have though
    neither what is sent nor the answer tells of them; `stamps` are those that are times of their making, with the
    expression of such a time, and `stamped` which they were in each session, by key. `given` are members that come from
    what is sent, by the endpoint that makes the item.
    """

    template: Template
    name: str = ""
    id_path: Path | None = None
    compound: Compound | None = None
    """What tells items apart that have no id."""
    is_single: bool = False
    is_linked: bool = False
    """Whether items hold their id at the end of a path, as `/things/a7` and `shops/5/things/a7`."""
    goes_on: bool = False
    """Whether items become others by themselves, as those do who poll them see."""
    counts_reads: bool = False
    """Whether it is kept how often items were read, since they go on after so many reads."""
    reads_gone: bool = False
    """Whether what was deleted is still read by its path, though lists show it no more."""
    is_implied: bool = False
    """Whether whatever a path names is there without having been made, as a month of a company."""
    withheld: set[str] = field(default_factory=set)
    """Members that answers of writes show as null."""
    is_copied: bool = False
    """Whether what is made of another item has what that one withholds."""
    told_id: str = ""
    """The attribute by which answers tell the ids of items that do not hold them, as `answer.json.bookingid`."""
    last_sent: set[str] = field(default_factory=set)
    """Arguments of calls that an item does not show, and of which some read tells what was sent last."""
    keeps_above: bool = False
    """Whether items are kept with what the path named under which they were made."""
    aside: set[str] = field(default_factory=set)
    begins: dict[str, Any] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    stamped: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    given: dict[Endpoint, Endowment] = field(default_factory=dict)
    takes: list[tuple[Collection, str]] = field(default_factory=list)
    """What is deleted with an item: items of other collections, by the member that names it."""

    def key_of(self, own: Any) -> str:
        """Give the key that what an item holds as its id stands for; of a path the end, where it is one of these."""
        text = as_text(own)
        above, _, last = text.rpartition("/")
        return last if self.is_linked and above.rpartition("/")[2] == self.template[-2] else text

    def key_text(self, own: str) -> str:
        """Give the expression of the key that an expression of an id stands for."""
        return f"({own} | split('/') | last)" if self.is_linked else own

    def own_attributes(self, key: str) -> dict[str, Any]:
        """Give what is kept hidden of an item that was there, where it does not hold its id."""
        return {self.told_id: int(key) if key.isdecimal() else key} if self.told_id else {}

    def begun(self, scene: Scene, key: str) -> dict[str, Any]:
        """Give what a new item has of which the answer that made it does not tell."""
        given = self.given.get(scene.endpoint)
        told = given.told(scene) if given is not None else {}
        return {**self.begins, **told, **self.stamped.get((scene.sample.session, key), {})}

    def given_texts(self, endpoint: Endpoint) -> dict[str, str]:
        """Give the expressions of the members that new items have by what is sent to an endpoint."""
        given = self.given.get(endpoint)
        return {} if given is None else {name: term.text for name, term in given.members.items()}

    @property
    def count(self) -> int:
        """How many parameters of the path name an item."""
        return sum(part is None for part in self.template)

    def is_below(self, other: Collection) -> bool:
        """Tell whether items are named below those of another collection, or are those."""
        return self.template[: len(other.template)] == other.template

    @property
    def home(self) -> Template:
        """The path of the collection itself."""
        return self.template[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class Creation:
    """An item of another collection that an endpoint makes: where it stands in the answer, and its id.

    With `is_sent` both stand in the request. With `is_told` the call names the item that it shows: it may be one that
    was there before. Its key begins with the first `above` parameters of the call's path. Members `aside` are none of
    the item's.
    """

    collection: Collection
    entity: Path | None
    made: Path
    is_sent: bool = False
    is_told: bool = False
    above: int = 0
    aside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Bulk:
    """A call that writes many items: where the rows stand that are sent, and in the answer what came of each.

    `id_path` is where a row holds the item's id, `told` where in what came of it members of the item stand that only
    a row that was written has, `flag` the member of a row that is true where the item is to be deleted.
    """

    collection: Collection
    sent: Path
    results: Path
    id_path: Path
    told: dict[str, Path]
    flag: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ShownBulk:
    """A call that makes many items: where the rows of its answer stand, and in each of them the item.

    With `sent`, the place of the rows that are sent, the items are these, and the answer tells only their ids: `own` is
    where one stands in its row. With a `hold` items that are shown without this member are given away for good.
    """

    collection: Collection
    results: Path
    entity: Path
    sent: Path | None = None
    own: Path = ()
    hold: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SentRows:
    """Rows that a call is sent and that are items from then on, or with `removes` are none any more.

    `sent` is where their list stands, `inner` where in a row the members are that tell items apart.
    """

    collection: Collection
    sent: Path
    inner: Path
    removes: bool = False

    def of(self, sample: Sample) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the items that a call is sent, as far as it says what they are, with their keys."""
        compound = self.collection.compound
        for row in rows_at(sample.json, self.sent) if compound is not None else ():
            part = look(row, self.inner)
            if compound is not None and (own := compound.key(part)) is not MISSING:
                yield own, compound.around(part)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """A number that every write to a collection counts on, below one item above: where it stands in an answer."""

    collection: Collection
    place: Path


@dataclass(frozen=True, slots=True, eq=False)
class Serial:
    """A number that items of a collection get in turn: the member that it is, and the expression of the next one."""

    collection: Collection
    member: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Alias:
    """A parameter of a path that names an item of a collection by another of its members than the id, or by this.

    `above` is what such items were made under: the parameter of the path that makes them, and the collection.
    """

    collection: Collection
    member: str | None
    param: str
    above: tuple[str, Collection] | None = None


@dataclass(eq=False, slots=True)
class Binding:
    """How an endpoint has to do with a collection.

    `entity` is where in a successful answer the item stands, `rows` where the list of items does; `made` tells where
    the id of a new item is: a path in the answer's JSON, or `location`. `parents` are the collections whose items the
    path names before its own, with how many parameters name them. `also` are items made beside. `changes_when_read`
    counts how often an item was read that had changed though nobody had written it: a job that goes on. With
    `lists_by_call` a list is given by another method than GET; `selector` is where in what is sent for it the
    conditions stand that items have to fulfil. `drops` are items that a call removes, each with the
    place of its id in the request's JSON. With `is_elsewhere` the items are kept by their own path, not by this one, of
    which both have the first `above` parameters.
    `told` are members of the item that answers tell of without showing it, with their places; `sent` is where in the
    item stands what is sent for it, where answers are only receipts. `row_id` is where the rows of a list hold the
    ids of items, where that is not where items hold them. With a `bulk` a call writes many, with a
    `shown_bulk` it shows what it makes, with `sent_rows` it is sent what it makes or removes. `counted` is
    the number that writes here, or beside what is here, count on. With `moves` the answer says what the item is called
    from now on. `report` is where answers tell just the members that a write changed, `leaves_out` are those that they
    never show and that items have all the same. `aliases` are items that the path names otherwise than by their ids.
    """

    role: Role
    collection: Collection | None
    entity: Path | None = None
    rows: Path | None = None
    rows_are_ids: bool = False
    made: Path | Literal["location"] | None = None
    parents: list[tuple[Collection, int]] = field(default_factory=list)
    removes: bool = False
    moves: bool = False
    changes_when_read: int = 0
    lists_by_call: bool = False
    selector: Path | None = None
    is_elsewhere: bool = False
    above: int = 0
    drops: list[tuple[Collection, Path]] = field(default_factory=list)
    also: list[Creation] = field(default_factory=list)
    told: dict[str, Path] = field(default_factory=dict)
    sent: Path | None = None
    row_id: Path | None = None
    bulk: Bulk | None = None
    shown_bulk: ShownBulk | None = None
    sent_rows: list[SentRows] = field(default_factory=list)
    counted: Counted | None = None
    serials: dict[Path, Serial] = field(default_factory=dict)
    """Where answers tell numbers that items get in turn."""
    report: Path | None = None
    aliases: list[Alias] = field(default_factory=list)
    leaves_out: frozenset[str] = frozenset()
    renamed: frozenset[str] = frozenset()
    """What calls send that items do not show under its name: nothing of that is kept, and the rest stays as it was."""
    is_begun: bool = False
    """Whether calls only begin what becomes of the item: an operation that they make brings it about."""
    is_told_only: bool = False
    """Whether calls only tell what would become of the item, and nothing of that is kept."""

    @property
    def hands_out(self) -> bool:
        """Whether calls list items that are from then on as they are shown."""
        return self.lists_by_call and self.shown_bulk is not None

    @property
    def id_in_row(self) -> Path | None:
        """Where the rows of a list hold their ids."""
        return self.row_id if self.row_id is not None or self.collection is None else self.collection.id_path

    @property
    def compound(self) -> Compound | None:
        """What tells items apart that have no id."""
        return self.collection.compound if self.collection is not None else None

    def made_id(self, sample: Sample) -> Any:
        """Give the id of what a call made, MISSING or nothing where its answer does not tell it."""
        if self.made == "location":
            return (sample.answer_header("location") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
        return look(sample.answer_json, self.made) if self.made is not None else MISSING

    def own_id(self, row: Any) -> Any:
        """Give what a row of a list holds as its id, MISSING for nothing."""
        if self.compound is not None:
            return self.compound.key_in(row)
        if self.rows_are_ids:
            return row
        return look(row, self.id_in_row) if self.id_in_row is not None else MISSING

    @property
    def makes_items(self) -> bool:
        """Whether calls may make items: in the collection of their path, or beside where their path is of none."""
        return self.role == "collection" or (self.role == "none" and (self.collection is not None or bool(self.also)))

    @property
    def ids_made(self) -> dict[Path, str]:
        """Where in its answers calls tell the ids of what they make, with the collections."""
        found = {one.made: one.collection.name for one in self.also if not one.is_sent and not one.is_told}
        if self.collection is not None and isinstance(self.made, tuple) and not self.collection.is_single:
            found[self.made] = self.collection.name
        return found

    def prefix(self, values: Sequence[str]) -> str:
        """Give what the keys of a collection endpoint's items begin with, from the parameters of its path."""
        return "".join(f"{value}/" for value in (values[: self.above] if self.is_elsewhere else values))

    def key(self, values: Sequence[str]) -> str:
        """Give the key of an item endpoint's item."""
        assert self.collection is not None
        return "/".join(values[: self.collection.count]) or ONLY
