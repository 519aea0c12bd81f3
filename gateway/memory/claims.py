"""What definitions say of each collection, brought to agreement: whose it is, where it is kept, what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cassettes.definition import MockDefinition, ResourceSpec
from gateway.errors import ConfigError
from gateway.memory.collection import Collection, id_text
from gateway.memory.mentions import mentions_of
from gateway.memory.scopes import States


@dataclass(frozen=True, slots=True)
class Claim:
    """What one definition says of one collection; `scope` and `store` are None where it says nothing of that."""

    definition: str
    name: str
    scope: str | None
    store: str | None
    spec: ResourceSpec | None = None
    seed: Mapping[str, Any] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()


def claims_of(definition: MockDefinition, states: States) -> list[Claim]:
    """Give what a definition says of the collections that it offers, declares or mentions."""
    state, spec = definition.state, definition.resource
    made = []
    if spec is not None:
        kept_in = states.store(definition.id, state.persist_to)
        made.append(Claim(definition.id, spec.name, spec.scope, kept_in, spec))
    mentions = mentions_of(definition)
    if mentions:
        scope = state.scope if "scope" in state.model_fields_set else None
        store = None if state.persist_to is None else states.store(definition.id, state.persist_to)
        for name, counted in mentions.items():
            declared = definition.collections.get(name)
            seed = {} if declared is None else declared.seed
            made.append(Claim(definition.id, name, scope, store, None, seed, frozenset(counted)))
    return made


def agreed(definitions: Iterable[MockDefinition], states: States) -> dict[str, Collection]:
    """Give each collection by its name; raises ConfigError where two definitions contradict each other."""
    groups: dict[str, list[Claim]] = {}
    for definition in definitions:
        for claim in claims_of(definition, states):
            groups.setdefault(claim.name, []).append(claim)
    return {name: _collection(name, group, states) for name, group in groups.items()}


def _collection(name: str, claims: Sequence[Claim], states: States) -> Collection:
    offers = sorted((claim for claim in claims if claim.spec is not None), key=_has_no_seed)
    for claim in offers[1:]:
        _compare(offers[0], claim)
    scoped = _first(claims, "scope")
    stored = _first(claims, "store")
    scope = scoped.scope if scoped is not None and scoped.scope is not None else "global"
    spec = offers[0].spec if offers else None
    if spec is None:
        spec = ResourceSpec(name=name, scope=scope, id_type="text")
    placed = states.placement("", scope, stored.store if stored is not None else None)
    counted = {one for claim in claims for one in claim.counted}
    seed = _seed(claims, offers)
    return Collection(spec, placed.backend, seed=seed, counted=counted, is_offered=bool(offers))


def _has_no_seed(claim: Claim) -> bool:
    return not (claim.spec and claim.spec.seed)


def _compare(one: Claim, other: Claim) -> None:
    assert one.spec is not None
    assert other.spec is not None
    differing = [name for name in ("id_field", "id_type", "scope") if _differs(one.spec, other.spec, name)]
    if other.spec.seed and other.spec.seed != one.spec.seed:
        differing.append("seed")
    if one.store != other.store:
        differing.append("state.persist_to")
    if differing:
        raise _contradiction(one, other, ", ".join(differing))


def _differs(one: ResourceSpec, other: ResourceSpec, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _first(claims: Sequence[Claim], part: str) -> Claim | None:
    """Give the first claim that says something of a part; raises ConfigError where another says otherwise."""
    saying = [claim for claim in claims if getattr(claim, part) is not None]
    for claim in saying[1:]:
        if getattr(claim, part).lower() != getattr(saying[0], part).lower():
            raise _contradiction(saying[0], claim, "state.scope" if part == "scope" else "state.persist_to")
    return saying[0] if saying else None


def _seed(claims: Sequence[Claim], offers: Sequence[Claim]) -> dict[str, Any]:
    seed: dict[str, Any] = {}
    whose: dict[str, Claim] = {}
    offered = _offered(offers[0]) if offers else {}
    for claim in claims:
        for key, item in claim.seed.items():
            if offers:
                _judge_key(offers[0], claim, key, item)
            if offered.get(key, item) != item:
                raise _contradiction(offers[0], claim, f"the item {key!r} of the seed")
            if seed.setdefault(key, item) != item:
                raise _contradiction(whose[key], claim, f"the item {key!r} of the seed")
            whose.setdefault(key, claim)
    return seed


def _offered(offer: Claim) -> dict[str, Any]:
    assert offer.spec is not None
    name = offer.spec.id_field
    return {id_text(item[name]): item for item in offer.spec.seed if item.get(name) is not None}


def _judge_key(offer: Claim, claim: Claim, key: str, item: Any) -> None:
    assert offer.spec is not None
    name = offer.spec.id_field
    found = item.get(name) if isinstance(item, dict) else None
    if found is None or id_text(found) != key:
        raise ConfigError(
            f"the definition {claim.definition!r} puts an item into {claim.name!r} under the key {key!r}, but "
            f"{offer.definition!r} offers that as a resource, whose keys are the items' {name}: make them the same, "
            "or give one another name"
        )


def _contradiction(one: Claim, other: Claim, differing: str) -> ConfigError:
    kind = "resource" if one.spec is not None and other.spec is not None else "collection"
    return ConfigError(
        f"the definitions {one.definition!r} and {other.definition!r} share the {kind} {one.name!r} but differ in "
        f"{differing}: make them equal, or give one another name"
    )
