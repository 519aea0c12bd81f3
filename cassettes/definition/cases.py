"""An answer that depends on what is known: names, collections, a list of one, cases, and what each keeps."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from cassettes.definition.part import Part
from cassettes.definition.response import ResponseSpec

Tier: TypeAlias = Literal["literal", "synthesized", "resource", "schema"]
FilterOperator: TypeAlias = Literal[
    "eq", "ne", "lt", "le", "gt", "ge", "like", "starts", "in", "has", "present", "filled"
]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
When: TypeAlias = str | list[str]
"""An expression as it stands between `{{` and `}}`, or several that all have to hold."""
OWN_NAMES = ("answer", "graph", "list")
"""What `vars` holds by itself, so that no `let` may set it."""


def _without_own_names(let: dict[str, Any]) -> dict[str, Any]:
    for name in OWN_NAMES:
        if name in let:
            raise ValueError(f"vars.{name} is Mimic's own: give what you name {name!r} another name")
    return let


Key: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_048)]
"""What an item is found by; a path may be one, and of those object stores allow 1,024 bytes."""
Let: TypeAlias = Annotated[dict[Name, Any], AfterValidator(_without_own_names)]
"""Values by name, each perhaps a template: `vars.NAME` in what comes after."""


class CollectionSpec(Part):
    """Items under keys, which begin as the `seed` and are kept in the order in which they came."""

    seed: dict[Key, Any] = Field(default_factory=dict)


class ListFilter(Part):
    """One test of a field (dotted) of each item: against a query parameter, or a `value`, which may be a template.

    A parameter that the request does not have tests nothing, or with `default` against that; one that is `all` tests
    nothing either.
    """

    field: Name
    op: FilterOperator = "eq"
    param: Name | None = None
    value: Any = None
    default: Any = None
    all: str | None = None

    @model_validator(mode="after")
    def _compares_with_one_thing(self) -> ListFilter:
        if (self.param is None) == ("value" not in self.model_fields_set):
            raise ValueError("give one of param (the name of a query parameter) and value")
        if self.param is None and {"default", "all"} & self.model_fields_set:
            raise ValueError("default and all speak of a param (the name of a query parameter)")
        return self


class ListSearch(Part):
    """A text that is looked for in these fields of each item, or in all its texts, whatever the case of letters."""

    param: Name | None = None
    value: str | None = None
    fields: list[Name] = Field(default_factory=list)

    @model_validator(mode="after")
    def _looks_for_one_thing(self) -> ListSearch:
        if (self.param is None) == (self.value is None):
            raise ValueError("give one of param (the name of a query parameter) and value")
        return self


class ListSort(Part):
    """The order of a list: the parameter names fields (`a,-b`), `order_param` says `asc` or `desc` for each.

    `descending` marks a field of the parameter, before or after its name; in `default` it is always `-`, and so it is
    in the orders that `words` of the parameter stand for: `{newest: [-created]}`. `descending_param` names fields that
    all descend, where `param` is not there.
    """

    param: Name | None = None
    descending_param: Name | None = None
    order_param: Name | None = None
    words: dict[Name, list[Name]] = Field(default_factory=dict)
    descending: Name = "-"
    default: list[Name] = Field(default_factory=list)


class ListPage(Part):
    """Which part of a list is given: by the `number` of a page, an `offset` or a `cursor`, each a parameter's name.

    Where several are named, the one that the request has counts; `end` beside `offset` is where the part ends, and
    `offset_first` the offset of the first item, 0 or 1. `size` items where the parameter `limit` does not say how many
    (all, without it), never more than `most`. With `asked` a list is parted only where one of the parameters is there.
    A cursor is the field `by` of the last item that was given, as text, or a `cursor_text` around fields of that item,
    as `before:<id>`, `<@offset>`, or `<@sort>` for what the request sorts by, coded as `cursor_code` says; else a text
    that means nothing to anybody.
    """

    number: Name | None = None
    first: Annotated[int, Field(ge=0)] = 1
    offset: Name | None = None
    offset_first: Annotated[int, Field(ge=0, le=1)] = 0
    end: Name | None = None
    cursor: Name | None = None
    by: Name | None = None
    cursor_text: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    cursor_code: Literal["plain", "query", "base64", "base64url", "md5", "sha1", "sha256"] = "plain"
    limit: Name | None = None
    size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    most: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    asked: bool = False

    @model_validator(mode="after")
    def _counts_in_one_way(self) -> ListPage:
        if self.end is not None and self.offset is None:
            raise ValueError("end: needs an offset")
        if self.by is not None and self.cursor is None:
            raise ValueError("by: needs a cursor")
        if self.cursor_text is not None and (self.cursor is None or self.by is not None):
            raise ValueError("cursor_text: needs a cursor, and no by")
        return self


class ListSelector(Part):
    """Conditions on fields as one object, which the template `value` gives: `{"kind": "map", "n": {"$gt": 3}}`.

    Where it gives no object nothing is asked. What an item lacks is null; with `lenient: false` it fulfils nothing.
    """

    value: str
    lenient: bool = True


class ListExpression(Part):
    """A parameter whose text is a filter expression, such as `price gt 3 and kind eq 'map'`.

    With `caseless` texts are compared whatever the case of their letters; without it, and with `exact`, the case counts
    also in what a text contains.
    """

    param: Name
    caseless: bool = False
    exact: bool = False


class ListSpec(Part):
    """A part of a collection: what the request asks of it becomes `vars.list`.

    `under` (a template) is how the keys begin. `params` (a template) gives an object whose members are what is asked,
    in the place of the query's parameters. Every test of `where` holds, one of `any`, the `selector` and the
    `expression`. With `free` any other query parameter that is the name of a field tests that field, or does what it is
    called everywhere. `fields_param` names the parameter that lists the fields to give of each item, `fields_kept` are
    those that are given beside these. With `latest_first` items come in the opposite order of that in which they were
    made, as far as `sort` does not say more.
    """

    in_: Name = Field(alias="in")
    under: str | None = None
    params: str | None = None
    where: list[ListFilter] = Field(default_factory=list)
    any: list[ListFilter] = Field(default_factory=list)
    selector: ListSelector | None = None
    expression: ListExpression | None = None
    search: ListSearch | None = None
    fields_param: Name | None = None
    fields_kept: list[str] = Field(default_factory=list)
    free: bool = False
    latest_first: bool = False
    sort: ListSort | None = None
    page: ListPage | None = None


class Save(Part):
    """One thing that a case keeps or forgets after its answer: an item of a collection, or a key of the state.

    `key`, `under`, `state`, `item` and `value` may be templates; the answer is `vars.answer`. An item is made before
    its key, and named in `vars` as `as_` says. `merge` puts its members over those of the item that is there; with
    `deep` those of its objects, too. With `under` that is done to each item whose key begins so: it is made anew for
    each of them, which `as_` names. `each` (a template) gives a list: it is done for each of its elements, which is
    `vars.row`, and its place from 0 is `vars.at`.
    """

    in_: Name | None = Field(None, alias="in")
    as_: Name | None = Field(None, alias="as")
    each: str | None = None
    key: str | None = None
    item: Any = None
    merge: bool | Literal["deep"] = False
    under: str | None = None
    state: str | None = None
    value: Any = None
    ttl: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    delete: bool = False
    when: When | None = None

    @model_validator(mode="after")
    def _keeps_one_thing(self) -> Save:
        if (self.in_ is None) == (self.state is None):
            raise ValueError("give one of in (a collection) and state (a key)")
        wrong = self._state_flaw() if self.in_ is None else self._item_flaw()
        if wrong:
            raise ValueError(wrong)
        return self

    def _state_flaw(self) -> str:
        given = {
            "as" if name == "as_" else name
            for name in self.model_fields_set & {"key", "item", "merge", "under", "as_", "each"}
        }
        if given:
            return f"state: takes value, ttl or delete, and not {', '.join(sorted(given))}"
        if self.delete:
            return "delete: true forgets the key, so that it takes no value" if self.value is not None else ""
        return "" if "value" in self.model_fields_set else "give the value, or delete: true"

    def _item_flaw(self) -> str:
        given = self.model_fields_set & {"value", "ttl"}
        if given:
            return f"in: takes an item, and not {', '.join(sorted(given))}"
        if (self.key is None) == (self.under is None):
            return "give one of key and under (how the keys begin)"
        if self.under is not None and not self.delete and not (self.merge and "item" in self.model_fields_set):
            return "under: needs delete: true, or an item and merge: true"
        if self.delete:
            is_made = self.merge or self.as_ is not None or "item" in self.model_fields_set
            return "delete: true takes no item" if is_made else ""
        return "" if "item" in self.model_fields_set else "give the item, or delete: true"


class Case(Part):
    """One answer, given where `when` holds (or there is no `when`) and no case before it has answered.

    `let` names values for this case; `note` is for people, `tier` says where the case is from. With `revalidates` a
    read that has the answer's entity tag already, in `If-None-Match`, gets 304 in its place (RFC 9110 §13.1.2).
    """

    when: When | None = None
    note: str = ""
    tier: Tier | None = None
    let: Let = Field(default_factory=dict)
    response: ResponseSpec
    revalidates: bool = False
    save: list[Save] = Field(default_factory=list)
