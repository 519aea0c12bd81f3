"""The items of a collection: kept in the order in which they came, each under a key, made from a seed."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import orjson

from cassettes.comparing import read_field
from cassettes.definition import ResourceSpec
from gateway.errors import ConfigError
from gateway.state import StateBackend
from gateway.view import MISSING

_SEEDED: Final = ""
"""A field that no item has: while it is there the collection has been seeded, even when it is empty."""
_LARGEST_ID: Final = 2**53 - 1
_MOST_DIGITS: Final = 15


class RefusedError(Exception):
    """A request that a resource does not accept: the status, a sentence, and facts for the problem document."""

    def __init__(self, status: int, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.facts = facts


class Collection:
    """The items of a collection in one store: each scope has its own, made from the seed when it is first used.

    Where definitions offer it as a resource, `spec` says how an item's key is made from it; `seed` are items by keys
    of their own. `counted` are the (dotted) fields whose highest integer is remembered, also of items that are gone.
    """

    def __init__(
        self,
        spec: ResourceSpec,
        backend: StateBackend,
        *,
        seed: Mapping[str, Any] = MappingProxyType({}),
        counted: Iterable[str] = (),
        is_offered: bool = True,
    ) -> None:
        self.spec = spec
        self.backend = backend
        self.is_offered = is_offered
        self.lead = f"resource:{quote(spec.name, safe='')}:"
        self._seed = {**{id_text(item[spec.id_field]): item for item in _with_ids(spec)}, **seed}
        self._base = _highest(spec, self._seed.values())
        self._counted = frozenset(counted)

    async def items(self, stem: str) -> list[Any]:
        """Give all items in the order in which they came."""
        return list((await self.entries(stem)).values())

    async def entries(self, stem: str, prefix: str = "") -> dict[str, Any]:
        """Give the items whose keys begin so, by their keys, in the order in which they came."""
        table = await self.backend.table(await self._ready(stem), prefix)
        table.pop(_SEEDED, None)
        return table

    async def put(self, stem: str, key: str, item: Any) -> None:
        """Keep an item under a key: at the end, or in the place of the one that is there."""
        await self._note(stem, item)
        await self.backend.put(await self._ready(stem), key, item)

    async def merge(self, stem: str, key: str, item: Any, *, deep: bool = False) -> None:
        """Put the members of an object over those of the object that is there; anything else is put as it is.

        With `deep` the members of its objects are put over those of objects, too.
        """
        ready = await self._ready(stem)
        while True:
            old = await self.backend.take(ready, key)
            new = _laid_over(old, item, deep=deep)
            await self._note(stem, new)
            if await self.backend.swap(ready, key, old, new):
                return

    async def delete_under(self, stem: str, prefix: str) -> None:
        """Remove all items whose keys begin so."""
        ready = await self._ready(stem)
        for key in await self.entries(stem, prefix):
            await self.backend.remove(ready, key)

    async def next_number(self, stem: str, field: str) -> int:
        """Give one more than the highest integer that the field of any item ever was, and than was given before."""
        key, steps = self._numbers(stem), field.split(".")
        while True:
            found = await self.backend.take(key, field)
            highest = 0 if found is MISSING else found
            if found is MISSING or field not in self._counted:
                highest = max(highest, *(_integer(one, steps) for one in await self.items(stem)), 0)
            if await self.backend.swap(key, field, found, highest + 1):
                return highest + 1

    async def _note(self, stem: str, *items: Any) -> None:
        """Remember the highest numbers of items that are about to be kept."""
        for field in self._counted:
            steps = field.split(".")
            wanted = max((_integer(item, steps) for item in items), default=0)
            key = self._numbers(stem)
            found = await self.backend.take(key, field) if wanted else wanted
            while found is MISSING or wanted > found:
                rest = await self.items(stem) if found is MISSING else ()
                highest = max(wanted, *(_integer(one, steps) for one in rest), 0)
                if await self.backend.swap(key, field, found, highest):
                    break
                found = await self.backend.take(key, field)

    async def read(self, stem: str, item_id: str) -> Any:
        """Give one item, or MISSING."""
        return await self.backend.take(await self._ready(stem), item_id) if item_id != _SEEDED else MISSING

    async def create(self, stem: str, item: dict[str, Any]) -> dict[str, Any]:
        """Add an item, with an id if it has none; raises RefusedError where its id is taken or is none."""
        key, name = await self._ready(stem), self.spec.id_field
        if item.get(name) is not None:
            text = _checked_id(self.spec, item[name])
            await self._note(stem, item)
            if not await self.backend.add(key, text, item):
                raise RefusedError(409, f"there is an item with the {name} {text!r} already")
            if self.spec.id_type == "int":
                await self._count_from(stem, item[name])
            return item
        while True:
            made = {name: await self._new_id(stem), **{field: item[field] for field in item if field != name}}
            await self._note(stem, made)
            if await self.backend.add(key, id_text(made[name]), made):
                return made

    async def change(self, stem: str, item_id: str, old: Any, new: Any) -> bool:
        """Put a new item in the place of the old one, MISSING to remove it; False where it is no longer the old one."""
        await self._note(stem, new)
        return await self.backend.swap(await self._ready(stem), item_id, old, new)

    async def delete(self, stem: str, item_id: str) -> bool:
        """Remove an item; gives whether it was there."""
        return item_id != _SEEDED and await self.backend.remove(await self._ready(stem), item_id)

    async def replace(self, stem: str, items: Sequence[dict[str, Any]]) -> None:
        """Have these items instead of all; raises RefusedError where one has no id, or two have the same."""
        name = self.spec.id_field
        fields = {_checked_id(self.spec, item.get(name)): item for item in items}
        if len(fields) != len(items):
            raise RefusedError(409, f"two of the items have the same {name}")
        await self.replace_entries(stem, fields)
        await self._count_from(stem, _highest(self.spec, items))

    async def replace_entries(self, stem: str, entries: Mapping[str, Any]) -> None:
        """Have these items under these keys instead of all."""
        await self._note(stem, *entries.values())
        await self.backend.fill(self._key(stem), {_SEEDED: True, **entries}, anew=True)

    async def reset(self, stem: str) -> None:
        """Have the seed again, and nothing else."""
        await self.backend.fill(self._key(stem), {_SEEDED: True, **self._seed}, anew=True)
        await self.backend.delete(self._counter(stem))
        await self.backend.delete(self._numbers(stem))

    async def stems(self, limit: int) -> list[str]:
        """Give whose collections there are."""
        lead = f"{self.lead}items:"
        return [key.removeprefix(lead) for key in await self.backend.keys(lead, limit)]

    def _key(self, stem: str) -> str:
        return f"{self.lead}items:{stem}"

    def _counter(self, stem: str) -> str:
        return f"{self.lead}last-id:{stem}"

    def _numbers(self, stem: str) -> str:
        return f"{self.lead}numbers:{stem}"

    async def _ready(self, stem: str) -> str:
        key = self._key(stem)
        if await self.backend.take(key, _SEEDED) is MISSING:
            await self._sow(key)
        return key

    async def _sow(self, key: str) -> None:
        if await self.backend.fill(key, {_SEEDED: True, **self._seed}):
            return
        if await self.backend.take(key, _SEEDED) is not MISSING:
            return
        # Somebody deleted the collection while another was adding to it: what was added is there alone.
        for item_id, item in self._seed.items():
            await self.backend.add(key, item_id, item)
        await self.backend.add(key, _SEEDED, True)

    async def _new_id(self, stem: str) -> int | str:
        match self.spec.id_type:
            case "int":
                return self._base + await self.backend.incr(self._counter(stem))
            case "uuid":
                return str(uuid.uuid4())
            case _:
                return secrets.token_hex(8)

    async def _count_from(self, stem: str, number: int) -> None:
        key, wanted = self._counter(stem), number - self._base
        while True:
            found = await self.backend.get(key)
            if wanted <= (0 if found is MISSING else found):
                return
            if await self.backend.compare_and_set(key, found, wanted):
                return


def _with_ids(spec: ResourceSpec) -> list[dict[str, Any]]:
    if spec.id_type != "int" and any(item.get(spec.id_field) is None for item in spec.seed):
        raise ConfigError(f"the resource {spec.name!r}: each item of its seed needs its {spec.id_field}")
    last = _highest(spec, spec.seed)
    items = []
    for item in spec.seed:
        last += item.get(spec.id_field) is None
        items.append(item if item.get(spec.id_field) is not None else {spec.id_field: last, **item})
    texts = [id_text(item[spec.id_field]) for item in items]
    if len(set(texts)) != len(texts):
        raise ConfigError(f"the resource {spec.name!r}: two items of its seed have the same {spec.id_field}")
    return items


def _highest(spec: ResourceSpec, items: Iterable[Any]) -> int:
    objects = (item for item in items if isinstance(item, dict))
    return max((found for item in objects if type(found := item.get(spec.id_field)) is int), default=0)


def _laid_over(old: Any, item: Any, *, deep: bool) -> Any:
    if not isinstance(old, dict) or not isinstance(item, dict):
        return item
    if not deep:
        return {**old, **item}
    return {**old, **{name: _laid_over(old.get(name), value, deep=True) for name, value in item.items()}}


def _integer(item: Any, steps: Sequence[str]) -> int:
    """Give the integer that a field is, or says as a text; 0 where it is none, or too large to be counted."""
    found = read_field(item, steps)
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= _MOST_DIGITS:
        return int(found)
    return found if type(found) is int and 0 < found <= _LARGEST_ID else 0


def id_text(item_id: Any) -> str:
    """Give an id as it stands in a path: 7 and "7" are the same."""
    return item_id if isinstance(item_id, str) else str(item_id)


def _checked_id(spec: ResourceSpec, item_id: Any) -> str:
    if spec.id_type == "int":
        if type(item_id) is int and abs(item_id) <= _LARGEST_ID:
            return str(item_id)
        raise RefusedError(422, f"the item's {spec.id_field} is to be a whole number", fields=[spec.id_field])
    if (isinstance(item_id, str) and item_id) or type(item_id) is int:
        return id_text(item_id)
    raise RefusedError(422, f"the item's {spec.id_field} is to be a text", fields=[spec.id_field])


def check_depth(item: Any) -> None:
    """Raise RefusedError where a document from a client cannot be written as JSON."""
    try:
        orjson.dumps(item)
    except TypeError:
        raise RefusedError(400, "the body is nested too deep, or holds what is no Unicode text") from None
