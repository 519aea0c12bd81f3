"""Recorded GraphQL documents: what each of them picks, with its arguments, and what it was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING

_LONGEST: Final = 64 << 10
_TOKENS: Final = 5_000
_DEEPEST: Final = 20
ROOTS: Final = ("Query", "Mutation")


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """One field that a document picks: `types` are those that its arguments are declared to have.

    `on` is the type that a fragment says the field belongs to, "" where none does.
    """

    name: str
    alias: str
    arguments: Mapping[str, Any]
    types: Mapping[str, str]
    inside: tuple[Pick, ...] = ()
    on: str = ""


@dataclass(slots=True, eq=False)
class Asked:
    """One field of a root that a call asked for, and its answer; `errors` are those of this field."""

    sample: Sample
    root: str
    pick: Pick
    value: Any
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The field, as `Query.album`."""
        return f"{self.root}.{self.pick.name}"

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments, with the members of objects among them in their places."""
        found: dict[str, Any] = {}
        for name, value in self.pick.arguments.items():
            found.update(value if isinstance(value, dict) else {name: value})
        return found


@dataclass(slots=True)
class Call:
    """A call with the fields that it asked for, none where it was refused as a whole.

    `refused` says why it was: "syntax", "validation", "variables", or "" where its fields were run.
    """

    sample: Sample
    asked: list[Asked]
    refused: str = ""


def calls_of(samples: Sequence[Sample]) -> list[Call]:
    """Read the GraphQL calls among these; what cannot be read was refused for its syntax."""
    return [call for sample in samples if (call := _call(sample)) is not None]


def document_of(sample: Sample) -> str | None:
    """Give the document that a call sends in JSON or in its query."""
    told = sample.json.get("query") if isinstance(sample.json, dict) else sample.query.get("query", [None])[0]
    return told if isinstance(told, str) else None


def _call(sample: Sample) -> Call | None:
    text = document_of(sample)
    if text is None:
        return None
    told = sample.answer_json if isinstance(sample.answer_json, dict) else {}
    data, errors = told.get("data"), told.get("errors")
    errors = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    if data is None and errors and not any(error.get("path") for error in errors):
        return Call(sample, [], _why(errors))
    tree = _tree(text)
    if tree is None:
        return Call(sample, [], "syntax")
    asked = []
    for root, pick in _picks(tree, sample):
        value = data.get(pick.alias) if isinstance(data, dict) else None
        own = [error for error in errors if (error.get("path") or [None])[0] == pick.alias]
        asked.append(Asked(sample, root, pick, value, own))
    return Call(sample, asked)


def _why(errors: Sequence[Mapping[str, Any]]) -> str:
    message = str(errors[0].get("message", ""))
    if message.startswith("Syntax Error"):
        return "syntax"
    is_value = message.startswith("Variable ") and ("got invalid value" in message or "was not provided" in message)
    return "variables" if is_value else "validation"


@lru_cache(maxsize=1024)
def _tree(text: str) -> Any:
    from graphql import GraphQLError, parse

    if len(text) > _LONGEST:
        return None
    try:
        return parse(text, no_location=True, max_tokens=_TOKENS)
    except (GraphQLError, RecursionError):
        return None


def _picks(tree: Any, sample: Sample) -> Iterator[tuple[str, Pick]]:
    from graphql import FragmentDefinitionNode, OperationDefinitionNode

    operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    named = sample.json.get("operationName") if isinstance(sample.json, dict) else None
    chosen = [node for node in operations if node.name and node.name.value == named] or operations[:1]
    if not chosen:
        return
    variables = sample.json.get("variables") if isinstance(sample.json, dict) else None
    reader = _Reader(
        {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)},
        variables if isinstance(variables, dict) else {},
        {one.variable.name.value: one for one in chosen[0].variable_definitions or ()},
    )
    root = chosen[0].operation.value.capitalize()
    for pick in reader.picks(chosen[0].selection_set):
        yield root, pick


@dataclass(slots=True)
class _Reader:
    fragments: Mapping[str, Any]
    variables: Mapping[str, Any]
    declared: Mapping[str, Any]

    def picks(self, selected: Any, on: str = "", depth: int = 0) -> tuple[Pick, ...]:
        from graphql import FieldNode, FragmentSpreadNode

        found: list[Pick] = []
        for node in selected.selections if selected is not None and depth < _DEEPEST else ():
            if isinstance(node, FieldNode):
                found.append(self._field(node, on, depth))
                continue
            inside = self.fragments.get(node.name.value) if isinstance(node, FragmentSpreadNode) else node
            if inside is not None:
                type_ = inside.type_condition.name.value if inside.type_condition else on
                found += self.picks(inside.selection_set, type_, depth + 1)
        return tuple(found)

    def _field(self, node: Any, on: str, depth: int) -> Pick:
        from graphql import value_from_ast_untyped

        arguments, types = {}, {}
        for one in node.arguments or ():
            name = one.name.value
            types[name] = self._type(one.value)
            value = MISSING if self._is_absent(one.value) else value_from_ast_untyped(one.value, dict(self._given()))
            if value is not MISSING:
                arguments[name] = value
        name = node.name.value
        alias = node.alias.value if node.alias else name
        return Pick(name, alias, arguments, types, self.picks(node.selection_set, depth=depth + 1), on)

    def _given(self) -> Mapping[str, Any]:
        from graphql import value_from_ast_untyped

        defaults = {
            name: value_from_ast_untyped(one.default_value)
            for name, one in self.declared.items()
            if one.default_value is not None
        }
        return {**defaults, **self.variables}

    def _is_absent(self, node: Any) -> bool:
        from graphql import VariableNode

        return isinstance(node, VariableNode) and node.name.value not in self._given()

    def _type(self, node: Any) -> str:
        """Give the declared type of a variable, and of a value that is written what it shows itself to be."""
        from graphql import ListValueNode, VariableNode, print_ast

        if isinstance(node, VariableNode):
            declared = self.declared.get(node.name.value)
            return print_ast(declared.type) if declared is not None else ""
        if isinstance(node, ListValueNode):
            return f"[{self._type(node.values[0])}]" if node.values and self._type(node.values[0]) else ""
        return {"int_value": "Int", "float_value": "Float", "string_value": "String", "boolean_value": "Boolean"}.get(
            node.kind, ""
        )
