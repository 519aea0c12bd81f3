"""Schemas of a document, each under a name of its own, converted when they are first needed."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, TypeAlias

from recorder.openapi.dialect import ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS, holds_schema, nullable, plain_keywords
from recorder.openapi.tree import Node, Tree, pointer
from recorder.openapi.validator import Validator, compile_schema

Direction: TypeAlias = Literal["request", "response"]
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_DULL: Final = frozenset({"schema", "(schema)", "items", "value"})
PREFIX: Final = "#/$defs/"


class Schemas:
    """Names schemas by their place and gives them in one dialect, with `$ref: #/$defs/NAME` between them.

    They differ by direction: a response owes no `writeOnly` property and may not have it, a request owes no
    `readOnly` one (it may have it: people send back what they were given).
    """

    def __init__(self, tree: Tree, *, legacy: bool, direction: Direction) -> None:
        self.tree = tree
        self.direction = direction
        self._legacy = legacy
        self._not_owed = "writeOnly" if direction == "response" else "readOnly"
        self._names: dict[tuple[str, tuple[str, ...]], str] = {}
        self._nodes: dict[str, Node] = {}
        self._converted: dict[str, Any] = {}
        self._references: dict[str, set[str]] = {}
        self._validators: dict[str, Validator] = {}

    def name_of(self, node: Node) -> str:
        """Give the name of the schema at a node; a lone reference is the schema that it leads to."""
        if isinstance(node.value, dict) and "$ref" in node.value and (self._legacy or len(node.value) == 1):
            node = self.tree.follow(node)
        key = (node.file, node.path)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = self._new_name(node)
            self._nodes[name] = node
        return name

    def _new_name(self, node: Node) -> str:
        telling = [part for part in node.path if part not in _DULL and not part.isdigit()] or [
            node.file.rpartition("/")[2] or "schema"
        ]
        stem = _UNSAFE.sub("_", telling[-1]).strip("_")[:60] or "schema"
        name, number = stem, 1
        while name in self._nodes:
            number += 1
            name = f"{stem}.{number}"
        return name

    def schema(self, name: str) -> Any:
        """Give a schema by its name: a mapping or a boolean."""
        if name not in self._converted:
            self._references[name] = set()
            self._converted[name] = self._convert(self._nodes[name], frozenset(), self._references[name])
        return self._converted[name]

    def bundle(self, name: str) -> dict[str, Any]:
        """Give a schema that stands alone: the named one, with all that it refers to under `$defs`."""
        definitions: dict[str, Any] = {}
        pending = [name]
        while pending:
            one = pending.pop()
            if one not in definitions:
                definitions[one] = self.schema(one)
                pending += self._references[one]
        return {"$ref": PREFIX + name, "$defs": definitions}

    def validator(self, name: str) -> Validator:
        """Give the compiled schema; one that cannot be compiled becomes a remark, and accepts anything."""
        known = self._validators.get(name)
        if known is None:
            compiled = compile_schema(self.bundle(name))
            if isinstance(compiled, str):
                self.tree.remarks.warn(self._nodes[name].pointer, f"the schema cannot be used: {compiled}")
                compiled = Validator({})
            known = self._validators[name] = compiled
        return known

    def needed(self, schema: Any) -> dict[str, Any]:
        """Give the named schemas that a part of a converted schema refers to, itself or through others."""
        definitions: dict[str, Any] = {}
        for name in _referred(schema):
            if name not in definitions:
                definitions.update(self.bundle(name)["$defs"])
        return definitions

    def place(self, schema_path: tuple[str | int, ...], name: str) -> str:
        """Give the pointer into the document of a keyword that a validator named."""
        path = list(schema_path)
        if len(path) >= 2 and path[0] == "$defs" and str(path[1]) in self._nodes:
            name, path = str(path[1]), path[2:]
        node = self._nodes[name]
        return node.pointer + pointer(tuple(map(str, path)))

    def _convert(self, node: Node, unowed: frozenset[str], references: set[str]) -> Any:
        value = node.value
        if isinstance(value, bool):
            return value
        if not isinstance(value, dict):
            self.tree.remarks.warn(node.pointer, "a schema is a mapping: anything is accepted there")
            return {}
        reference = value.get("$ref", None if self._legacy else value.get("$dynamicRef"))
        if isinstance(reference, str) and self._legacy:
            return self._reference(node, reference, references)
        schema, dropped = plain_keywords(value, legacy=self._legacy)
        for keyword in dropped:
            sentence = f"{keyword}: {str(value[keyword])[:80]!r} cannot be used, and is left out"
            self.tree.remarks.warn(node.child(keyword).pointer, sentence)
        if isinstance(reference, str):
            schema.update(self._reference(node, reference, references))
        unowed = unowed | self._unowed(node)
        self._subschemas(node, schema, unowed, references)
        if unowed and "required" in schema:
            schema["required"] = [name for name in schema["required"] if name not in unowed]
        self._discriminator(node, schema)
        is_nullable = value.get("nullable") is True or value.get("x-nullable") is True
        return nullable(schema) if self._legacy and is_nullable else schema

    def _reference(self, node: Node, reference: str, references: set[str]) -> dict[str, Any]:
        target = self.tree.resolve(reference, node)
        if target.path == node.path and target.file == node.file:
            return {}
        if isinstance(target.value, dict) and "$ref" in target.value and not self.tree.follow(target).value:
            return {}
        name = self.name_of(target)
        references.add(name)
        return {"$ref": PREFIX + name}

    def _unowed(self, node: Node) -> frozenset[str]:
        found = {
            name
            for name, one in node.child("properties").items()
            if isinstance(one.value, dict) and self._is_unowed(one)
        }
        return frozenset(found)

    def _is_unowed(self, node: Node) -> bool:
        if node.value.get(self._not_owed) is True:
            return True
        target = self.tree.follow(node) if "$ref" in node.value else node
        return isinstance(target.value, dict) and target.value.get(self._not_owed) is True

    def _subschemas(self, node: Node, schema: dict[str, Any], unowed: frozenset[str], references: set[str]) -> None:
        for key, child in node.items():
            if not holds_schema(key, legacy=self._legacy):
                continue
            if key in SCHEMA_LISTS and child.elements():
                passed = unowed if key == "allOf" else frozenset()
                schema[key] = [self._convert(one, passed, references) for one in child.elements()]
            elif key in SCHEMA_MAPS and isinstance(child.value, dict):
                schema[key] = {
                    name: self._property(key, one, references)
                    for name, one in child.items()
                    if isinstance(one.value, dict | bool)
                }
            elif key == "items" and isinstance(child.value, list):
                if child.value:
                    schema["prefixItems"] = [self._convert(one, frozenset(), references) for one in child.elements()]
            elif key in ONE_SCHEMA and isinstance(child.value, dict | bool) and key != "additionalItems":
                schema[key] = self._convert(child, frozenset(), references)
        self._usable_patterns(schema)

    def _property(self, keyword: str, node: Node, references: set[str]) -> Any:
        """Convert a property's schema; in a response nothing is right for one that is only ever written."""
        is_secret = keyword == "properties" and self.direction == "response" and isinstance(node.value, dict)
        if is_secret and self._is_unowed(node):
            return False
        return self._convert(node, frozenset(), references)

    @staticmethod
    def _usable_patterns(schema: dict[str, Any]) -> None:
        patterns = schema.get("patternProperties")
        if patterns:
            usable = {
                plain_keywords({"pattern": name}, legacy=False)[0].get("pattern"): one for name, one in patterns.items()
            }
            usable.pop(None, None)
            schema["patternProperties"] = usable

    def _discriminator(self, node: Node, schema: dict[str, Any]) -> None:
        """Keep a discriminator with its mapping to names of schemas; it is a hint for making data, no constraint."""
        given = node.child("discriminator")
        name = given.value if isinstance(given.value, str) else given.text("propertyName")
        if not name:
            return
        mapping: dict[str, str] = {}
        for value, target in given.child("mapping").items():
            if isinstance(target.value, str):
                found = self._mapped(target.value, given)
                if found is not None:
                    mapping[value] = self.name_of(found)
        schema["discriminator"] = {"propertyName": name, "mapping": mapping}

    def _mapped(self, target: str, at: Node) -> Node | None:
        by_name = self.tree.root.child("components", "schemas", target)
        if by_name.value is not None:
            return by_name
        found = self.tree.resolve(target if "#" in target or "." in target else f"#/components/schemas/{target}", at)
        return found if found.value else None


def _referred(schema: Any) -> set[str]:
    """Give the names of all schemas that a converted schema refers to itself."""
    found: set[str] = set()
    pending = [schema]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += one
        elif isinstance(one, dict):
            reference = one.get("$ref")
            if isinstance(reference, str) and reference.startswith(PREFIX):
                found.add(reference.removeprefix(PREFIX))
            pending += [
                value
                for key, value in one.items()
                if isinstance(value, dict | list) and key not in ("enum", "const", "example", "examples", "default")
            ]
    return found
