"""What a request must be."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, field_validator, model_validator

from cassettes.definition.part import Part


class Comparison(Part):
    """One test of one value; every operator that is given has to hold.

    A bare text, number or boolean in a definition means `equals`. `gt` … `le` compare numbers; `before`, `after` and
    `within` (a pair) compare dates: ISO 8601, or `now`, `now -1h`, `now +2 days`. `present: false` asks for absence.
    """

    equals: Any = None
    equals_ignore_case: str | None = None
    not_equals: Any = None
    one_of: list[Any] | None = None
    contains: str | None = None
    starts_with: str | None = None
    ends_with: str | None = None
    regex: str | None = None
    glob: str | None = None
    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    before: str | None = None
    after: str | None = None
    within: tuple[str, str] | None = None
    type: str | None = None
    length: int | None = None
    present: bool | None = None
    not_: Comparison | None = Field(None, alias="not")

    @property
    def operators(self) -> dict[str, Any]:
        """Give the operators that were written, with their operands: `equals: null` counts."""
        return {name: getattr(self, name) for name in Comparison.model_fields if name in self.model_fields_set}


Wanted: TypeAlias = Comparison | str | int | float | bool
"""One value's test: a comparison, or a plain value to equal."""
WantedValues: TypeAlias = Wanted | list[Wanted]
"""The tests of a field that can repeat: a list asks for exactly these values, in any order."""


class PathMatch(Part):
    """A path by other means than a template: one of these."""

    equals: str | None = None
    template: str | None = None
    regex: str | None = None
    glob: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> PathMatch:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of equals, template, regex or glob")
        return self


class FieldTest(Comparison):
    """A comparison of what a JSONPath or XPath finds; without an operator it asks whether there is anything."""

    jsonpath: str | None = None
    xpath: str | None = None
    namespaces: dict[str, str] = Field(default_factory=dict)


class PartMatch(Part):
    """What one part of a multipart body must be."""

    filename: Wanted | None = None
    content_type: str | None = None
    text: Wanted | None = None


class BodyMatch(FieldTest):
    """What a body must be; everything that is given has to hold.

    `equals`, `contains`, `regex` and the like compare the body's text, or what `jsonpath` or `xpath` finds in it.
    `json` is equal whatever the order of keys; `partial` is contained, with placeholders such as `${any-string}`.
    """

    json_: Any = Field(None, alias="json")
    partial: Any = None
    json_schema: dict[str, Any] | bool | None = None
    xml: str | None = None
    form: dict[str, WantedValues] | None = None
    form_exact: bool = False
    multipart: dict[str, PartMatch] | None = None
    base64: str | None = None


class GraphqlMatch(Part):
    """What a GraphQL request must be: its operation's name, type and variables; `query` compares the document."""

    operation: Wanted | None = None
    type: Annotated[str, Field(pattern="^(query|mutation|subscription)$")] | None = None
    variables: dict[str, Wanted] = Field(default_factory=dict)
    query: str | None = None


class JwtMatch(Part):
    """What the bearer token's claims and header must be; the signature is not checked."""

    claims: dict[str, Wanted] = Field(default_factory=dict)
    header: dict[str, Wanted] = Field(default_factory=dict)
    cookie: str | None = None


class BasicAuth(Part):
    """The user and password of HTTP Basic."""

    username: Wanted | None = None
    password: Wanted | None = None


class Condition(Part):
    """Everything about a request that can be asked; all that is given has to hold."""

    method: str | list[str] | None = None
    path: str | PathMatch | None = None
    scheme: Annotated[str, Field(pattern="^https?$")] | None = None
    host: Wanted | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    client_ip: str | list[str] | None = None
    headers: dict[str, WantedValues] = Field(default_factory=dict)
    cookies: dict[str, Wanted] = Field(default_factory=dict)
    query: dict[str, WantedValues] = Field(default_factory=dict)
    query_exact: bool = False
    content_type: str | None = None
    body: BodyMatch | list[BodyMatch] | str | None = None
    graphql: GraphqlMatch | None = None
    jwt: JwtMatch | None = None
    basic_auth: BasicAuth | None = None
    any: list[Condition] = Field(default_factory=list)
    all: list[Condition] = Field(default_factory=list)
    not_: Condition | None = Field(None, alias="not")

    @field_validator("path")
    @classmethod
    def _begins_with_a_slash(cls, path: str | PathMatch | None) -> str | PathMatch | None:
        if isinstance(path, str) and not path.startswith(("/", "^")):
            raise ValueError(f"a path begins with '/' (or '^', as a regex): write '/{path}'")
        return path


class Match(Condition):
    """What a request must be to be answered by a definition.

    `path` is exact (`/users`), a template (`/users/{id}`, `/users/{id:int}`, `/files/{rest:path}`, `/prefix/**`), a
    glob where it has a `*`, a regex where it begins with `^`, or an object; `method` is one, several, or `*` for any.
    """

    method: str | list[str] = "*"
    path: str | PathMatch = "/**"
