"""A GraphQL service over collections: its schema, and how the fields that are more than members come about."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from cassettes.definition.cases import ListPage, ListSort, ListSpec, Name
from cassettes.definition.part import Part

Gives: TypeAlias = Literal["one", "list", "made", "changed", "removed"]
Wrong: TypeAlias = Literal["syntax", "validation", "variables"]


class GraphError(Part):
    """An error of a field: its message, in which `{name}` stands for the argument of that name, and its extensions."""

    message: str
    extensions: dict[str, Any] = Field(default_factory=dict)


class GraphField(Part):
    """How one field comes about: `one` item, a `list` of them, or one that is `made`, `changed` or `removed`.

    The items are those whose member `by` is the field's `argument`, or the member `of` of the object that the field
    belongs to. What is made or changed has the arguments as its members, and those of objects among them; the values
    of `item`, perhaps templates in which `vars.arguments` and `vars.item` are known, are put over them. A new item's
    `by` is one more than the highest was, and `first` at least, unless `item` or the arguments say it. An answer that
    only holds the item has it in its member `within`, and has the members of `values` beside it. `missing` is the error
    where there is no such item, which is null without.
    """

    in_: Name = Field(alias="in")
    gives: Gives
    by: Name = "id"
    argument: Name | None = None
    of: Name | None = None
    item: dict[str, Any] = Field(default_factory=dict)
    first: Annotated[int, Field(ge=0)] = 1
    sort: ListSort | None = None
    page: ListPage | None = None
    within: Name | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    missing: GraphError | None = None

    @cached_property
    def listed(self) -> ListSpec:
        """How a list of its items is asked: by any field, in this order and by these pages."""
        return ListSpec.model_validate(
            {"in": self.in_, "free": True, "sort": self.sort, "page": self.page}, from_attributes=True
        )


class GraphRefusal(Part):
    """How documents that cannot be run are answered: the status, and what each error has as its `extensions`."""

    status: Annotated[int, Field(ge=200, le=599)] = 400
    extensions: dict[str, Any] = Field(default_factory=dict)


class GraphSpec(Part):
    """A schema in GraphQL's own language, and by `Type.field` how fields come about that are no members.

    `quotes` is what stands around names in messages.
    """

    types: str
    fields: dict[Name, GraphField] = Field(default_factory=dict)
    quotes: Literal["'", '"'] = '"'
    refusals: dict[Wrong, GraphRefusal] = Field(default_factory=dict)
