"""Data made from schemas: the document's own examples where they fit, else values that look real; always the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zlib import crc32

from recorder.importers.openapi.scalars import numbers, texts
from recorder.openapi.flat import Flat, Flattener
from recorder.openapi.schemas import PREFIX, Schemas
from recorder.openapi.validator import Validator, compile_schema

ABSENT: Final = object()
_DEEPEST: Final = 24
_OPTIONAL_DEPTH: Final = 7
_MOST_VALUES: Final = 4000


class UnmakeableError(Exception):
    """No value satisfies the schema, or only one without end."""


@dataclass(slots=True)
class _Budget:
    left: int = _MOST_VALUES


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in a body a value is made: the property's name, the trail that seeds it, which schemas are open above."""

    name: str
    trail: int
    depth: int = 0
    open: frozenset[str] = frozenset()
    samples: bool = True
    optional: bool = True
    budget: _Budget = field(default_factory=_Budget)

    def inside(self, name: str, *, key: str | int = "") -> _Spot:
        trail = crc32(str(key or name).encode(), self.trail)
        return replace(self, name=name, trail=trail, depth=self.depth + 1)


@dataclass(frozen=True, slots=True)
class Made:
    """A value, and whether it satisfies its schema."""

    value: Any = field(repr=False)
    is_valid: bool


class Maker:
    """Makes values of the schemas of one document; the seed and the schema's name settle each of them."""

    def __init__(self, schemas: Schemas, seed: int = 0) -> None:
        self._schemas = schemas
        self._seed = seed
        self._flattener = Flattener(schemas)
        self._checks: dict[int, tuple[Any, Validator]] = {}
        self._branches: dict[tuple[int, int], Any] = {}
        self._made: dict[str, Made] = {}

    def make(self, name: str, hint: Any = ABSENT) -> Made:
        """Make a value of a named schema, keeping of `hint` what satisfies it."""
        if hint is not ABSENT:
            return self._make(name, hint)
        known = self._made.get(name)
        if known is None:
            known = self._made[name] = self._make(name, ABSENT)
        return known

    def _make(self, name: str, hint: Any) -> Made:
        validator = self._schemas.validator(name)
        first: Any = ABSENT
        for samples, optional in ((True, True), (False, True), (True, False), (False, False)):
            spot = _Spot("", crc32(name.encode(), self._seed), samples=samples, optional=optional)
            try:
                made = self._value({"$ref": PREFIX + name}, spot, hint)
            except UnmakeableError:
                continue
            if validator.is_valid(made):
                return Made(made, is_valid=True)
            first = made if first is ABSENT else first
        return Made(None if first is ABSENT else first, is_valid=False)

    def flat(self, schema: Any) -> Flat:
        """Give a schema merged with what it refers to."""
        return self._flattener.flat(schema)

    def fits(self, schema: Any, value: Any) -> bool:
        """Say whether a value satisfies a converted schema."""
        if not isinstance(schema, dict):
            return schema is not False
        known = self._checks.get(id(schema))
        if known is None:
            definitions = self._schemas.needed(schema)
            compiled = compile_schema({**schema, "$defs": definitions} if definitions else schema)
            usable = compiled if isinstance(compiled, Validator) else Validator({})
            known = self._checks[id(schema)] = (schema, usable)
        return bool(known[1].is_valid(value))

    def _value(self, schema: Any, spot: _Spot, hint: Any = ABSENT) -> Any:
        if spot.depth > _DEEPEST:
            raise UnmakeableError
        spot.budget.left -= 1
        if hint is not ABSENT and self.fits(schema, hint):
            return hint
        flat = self.flat(schema)
        if flat.is_impossible:
            raise UnmakeableError
        if set(flat.names) & spot.open and spot.depth > 8:
            raise UnmakeableError
        spot = replace(spot, open=spot.open | set(flat.names))
        for sample in self._samples(flat, spot):
            if self.fits(schema, sample):
                return sample
        if flat.combinations:
            return self._combined(schema, flat, spot, hint)
        if "if" in flat.words:
            return self._conditional(schema, flat, spot, hint)
        return self._typed(schema, flat, spot, hint)

    @staticmethod
    def _samples(flat: Flat, spot: _Spot) -> Iterator[Any]:
        words = flat.words
        if "const" in words:
            yield words["const"]
        if spot.samples:
            if "example" in words:
                yield words["example"]
            yield from words.get("examples", ())
            if "default" in words and words["default"] not in (None, "", [], {}):
                yield words["default"]
        values = words.get("enum", ())
        yield from (value for value in values if value is not None)
        yield from (value for value in values if value is None)

    def _combined(self, schema: Any, flat: Flat, spot: _Spot, hint: Any) -> Any:
        """Take the first branch with which the whole is satisfied; one that is only null comes last."""
        (kind, branches), *others = flat.combinations
        rest = flat.rest()
        more = [{name: given} for name, given in others]
        order = sorted(range(len(branches)), key=lambda index: self.flat(branches[index]).types() == ["null"])
        made: Any = ABSENT
        for index in order:
            key = (id(schema), index)
            branch = self._branches.get(key)
            if branch is None:
                branch = self._branches[key] = {"allOf": [branches[index], rest, *more]}
                self._checks.setdefault(id(schema), (schema, self._compiled(schema)))
            try:
                made = self._value(branch, spot.inside(spot.name, key=f"{kind}{index}"), hint)
            except UnmakeableError:
                continue
            if self.fits(schema, made):
                return made
        if made is ABSENT:
            raise UnmakeableError
        return self._told_apart(schema, branches, made) if kind == "oneOf" else made

    def _told_apart(self, schema: Any, branches: list[Any], made: Any) -> Any:
        """Let an object that satisfies several branches of a `oneOf` break all but one: by a property of another."""
        if not isinstance(made, dict):
            return made
        for branch in branches:
            for name, one in self.flat(branch).words.get("properties", {}).items():
                for wrong in (None, "string", 0, False):
                    spoiled = {**made, name: wrong}
                    if not self.fits(one, wrong) and self.fits(schema, spoiled):
                        return spoiled
        return made

    def _compiled(self, schema: Any) -> Validator:
        self.fits(schema, None)
        return self._checks[id(schema)][1]

    def _conditional(self, schema: Any, flat: Flat, spot: _Spot, hint: Any) -> Any:
        words = {key: value for key, value in flat.rest().items() if key not in ("if", "then", "else")}
        then = {"allOf": [words, flat.words["if"], flat.words.get("then", True)]}
        otherwise = {"allOf": [words, flat.words.get("else", True)]}
        made: Any = ABSENT
        for one in (then, otherwise):
            try:
                made = self._value(one, spot.inside(spot.name, key="if"), hint)
            except UnmakeableError:
                continue
            if self.fits(schema, made):
                return made
        if made is ABSENT:
            raise UnmakeableError
        return made

    def _typed(self, schema: Any, flat: Flat, spot: _Spot, hint: Any) -> Any:
        kind = (flat.types() or [_implied_type(flat)])[0]
        h = spot.trail
        match kind:
            case "object":
                return self._object(flat, spot, hint if isinstance(hint, dict) else {})
            case "array":
                return self._array(schema, flat, spot, hint if isinstance(hint, list) else [])
            case "string":
                return self._first_fit(schema, flat, texts(flat, spot.name, h), "string")
            case "integer" | "number":
                return self._first_fit(schema, flat, numbers(flat, spot.name, h, whole=kind == "integer"), 0)
            case "boolean":
                return self._first_fit(schema, flat, iter((True, False)), True)
        return None

    def _first_fit(self, schema: Any, flat: Flat, candidates: Iterator[Any], otherwise: Any) -> Any:
        first: Any = ABSENT
        for candidate in candidates:
            if self.fits(schema, candidate):
                return candidate
            first = candidate if first is ABSENT else first
        del flat
        return otherwise if first is ABSENT else first

    def _object(self, flat: Flat, spot: _Spot, hint: dict[str, Any]) -> dict[str, Any]:
        words = flat.words
        properties: dict[str, Any] = words.get("properties", {})
        required = words.get("required", [])
        told = {**self._told_kind(flat), **hint}
        made: dict[str, Any] = {}
        for name, schema in properties.items():
            if name not in required and name not in told and not self._is_wanted(schema, spot):
                continue
            try:
                made[name] = self._value(schema, spot.inside(name), told.get(name, ABSENT))
            except UnmakeableError:
                if name in required:
                    raise
        for name in (*required, *hint):
            if name not in made and (name in required or words.get("additionalProperties") is not False):
                schema = _schema_of_other(words, name)
                if schema is not False and name not in properties:
                    made[name] = self._value(schema, spot.inside(name), told.get(name, ABSENT))
        self._add_others(words, spot, made)
        return _without_surplus(words, made)

    def _is_wanted(self, schema: Any, spot: _Spot) -> bool:
        """Say whether an optional property is worth making: not one that leads back to what is being made."""
        if not spot.optional or spot.depth >= _OPTIONAL_DEPTH or spot.budget.left <= 0:
            return False
        return not (set(self.flat(schema).names) & spot.open)

    def _told_kind(self, flat: Flat) -> dict[str, Any]:
        """Give the property that tells the kind of the object, by the schema's discriminator."""
        discriminator = flat.words.get("discriminator")
        if not discriminator or not flat.names:
            return {}
        values = {name: value for value, name in reversed(discriminator["mapping"].items())}
        for name in flat.names:
            if name in values:
                return {discriminator["propertyName"]: values[name]}
        return {discriminator["propertyName"]: flat.names[0]}

    def _add_others(self, words: dict[str, Any], spot: _Spot, made: dict[str, Any]) -> None:
        """Add what a map holds: one entry where there are only entries of any name, or as many as are asked for."""
        others = words.get("additionalProperties", True)
        least = words.get("minProperties", 0)
        is_map = isinstance(others, dict) and not words.get("properties") and spot.optional
        wanted = max(least, 1 if is_map or words.get("patternProperties") else 0)
        schema = others
        name_schema = words.get("propertyNames")
        for number in range(1, 200):
            if len(made) >= wanted:
                return
            name = f"key{number}" if number > 1 else "key"
            patterns = words.get("patternProperties")
            if patterns:
                pattern, schema = next(iter(patterns.items()))
                name = str(self._value({"type": "string", "pattern": pattern}, spot.inside("", key=number)))
            elif isinstance(name_schema, dict):
                name = str(self._value({"allOf": [{"type": "string"}, name_schema]}, spot.inside("", key=number)))
            if schema is False or name in made:
                continue
            if len(made) >= least and isinstance(schema, dict) and set(self.flat(schema).names) & spot.open:
                return
            try:
                made[name] = self._value(schema, spot.inside(name))
            except UnmakeableError:
                return

    def _array(self, schema: Any, flat: Flat, spot: _Spot, hint: list[Any]) -> list[Any]:
        words = flat.words
        least, most = words.get("minItems", 0), words.get("maxItems", 1000)
        made: list[Any] = []
        for index, one in enumerate(words.get("prefixItems", ())):
            made.append(self._value(one, spot.inside(spot.name, key=index), _at(hint, index)))
        items = words.get("items", True)
        wanted = min(max(least, len(hint), 1), most)
        if "contains" in words and len(made) < most:
            made.append(self._value(words["contains"], spot.inside(spot.name, key="contains")))
        is_back = bool(set(self.flat(items).names) & spot.open) or spot.depth >= _OPTIONAL_DEPTH
        if items is False or (least == 0 and not hint and (is_back or not spot.optional or items is True)):
            wanted = least
        for index in range(len(made), min(wanted * 2, wanted + 200)):
            if len(made) >= wanted:
                break
            try:
                one = self._value(items, spot.inside(_singular(spot.name), key=index), _at(hint, index))
            except UnmakeableError:
                if len(made) < least:
                    raise
                break
            if words.get("uniqueItems") and one in made:
                one = self._another(items, made, spot, index)
                if one is ABSENT:
                    break
            made.append(one)
        del schema
        return made[:most]

    def _another(self, items: Any, made: list[Any], spot: _Spot, index: int) -> Any:
        flat = self.flat(items)
        for value in flat.words.get("enum", ()):
            if value not in made and self.fits(items, value):
                return value
        for attempt in range(20):
            again = replace(spot.inside(_singular(spot.name), key=f"{index}.{attempt}"), samples=False)
            one = _varied(self._value(items, again), attempt)
            if one not in made and self.fits(items, one):
                return one
        return ABSENT


def _varied(value: Any, attempt: int) -> Any:
    """Give a value that differs a little, where the made ones are all the same."""
    if attempt < 5 or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return f"{value}{attempt}"
    return value + attempt if isinstance(value, int) else value


def _at(hint: list[Any], index: int) -> Any:
    return hint[index] if index < len(hint) else ABSENT


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _schema_of_other(words: dict[str, Any], name: str) -> Any:
    others = words.get("additionalProperties", True)
    patterns = words.get("patternProperties")
    if patterns and others is False:
        return next(iter(patterns.values()))
    del name
    return others


def _without_surplus(words: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    most = words.get("maxProperties")
    if most is None or len(made) <= most:
        return made
    required = words.get("required", [])
    optional = [name for name in made if name not in required]
    for name in optional[max(0, most - len(required)) :]:
        del made[name]
    return made


def _implied_type(flat: Flat) -> str:
    words = flat.words
    if words.keys() & {"properties", "additionalProperties", "required", "minProperties", "patternProperties"}:
        return "object"
    if words.keys() & {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}:
        return "array"
    if words.keys() & {"minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"}:
        return "number"
    return "string" if words.keys() & {"pattern", "format", "minLength", "maxLength"} or not flat.names else "object"
