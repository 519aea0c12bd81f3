"""What a case keeps and forgets once its answer is made: items of collections, keys of the state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import orjson

from cassettes.coding import content_codings, decode
from cassettes.definition import Save
from cassettes.errors import DecodingError
from cassettes.exchange import Headers
from cassettes.xmltree import read_tree
from gateway.context import Context
from gateway.mode import Reply
from gateway.templates import OMIT, Condition, Document, Template, compile_condition, compile_document, compile_template

_JSON_BYTES: Final = 4 << 20
_MOST_ROWS: Final = 10_000
_LONGEST_KEY: Final = 1000


def compile_conditions(when: str | list[str] | None, where: str) -> tuple[Condition, ...]:
    """Compile the conditions that all have to hold. Raises TemplateError."""
    if when is None:
        return ()
    if isinstance(when, str):
        return (compile_condition(when, where),)
    return tuple(compile_condition(one, f"{where}.{place}") for place, one in enumerate(when))


async def all_hold(conditions: Iterable[Condition], context: Context) -> bool:
    """Say whether all conditions hold. Raises StateError."""
    for condition in conditions:
        if not await condition.holds_later(context):
            return False
    return True


class Upkeep:
    """The saves of one case, done in order. Raises RenderError and StateError where one cannot be done."""

    def __init__(self, saves: Sequence[Save], where: str) -> None:
        self._saves: Final = [_Save(save, f"{where}.{place}") for place, save in enumerate(saves)]
        self.is_empty: Final = not saves
        self.needs_body: Final = any(save.needs_body for save in self._saves)

    async def keep(self, context: Context, reply: Reply) -> None:
        """Do what is to be done after this answer, which is `vars.answer`."""
        if self.is_empty:
            return
        context.variables["answer"] = answer_of(reply.status, reply.headers, reply.body, reply.tree)
        for save in self._saves:
            await save.keep(context)


class _Save:
    __slots__ = ("_each", "_key", "_makes_item", "_spec", "_value", "_when", "needs_body")

    def __init__(self, spec: Save, where: str) -> None:
        self._spec = spec
        self._when = compile_conditions(spec.when, f"{where}.when")
        name = "key" if spec.key is not None else "under" if spec.under is not None else "state"
        self._key: Template = compile_template(getattr(spec, name) or "", f"{where}.{name}")
        self._value: Document = (
            compile_document(spec.item, f"{where}.item")
            if spec.in_ is not None
            else compile_document(spec.value, f"{where}.value")
        )
        self._each = compile_document(spec.each, f"{where}.each") if spec.each is not None else None
        self._makes_item = spec.in_ is not None and not spec.delete
        parts: tuple[Condition | Template | Document, ...] = (
            *self._when,
            self._key,
            self._value,
            *filter(None, [self._each]),
        )
        self.needs_body = any(part.needs_body for part in parts)

    async def keep(self, context: Context) -> None:
        if self._each is None:
            await self._keep(context)
            return
        rows = orjson.loads(await self._each.render_later(context))
        for place, row in enumerate(rows[:_MOST_ROWS] if isinstance(rows, list) else ()):
            context.variables["row"], context.variables["at"] = row, place
            await self._keep(context)

    async def _keep(self, context: Context) -> None:
        if not await all_hold(self._when, context):
            return
        if self._makes_item and self._spec.under is not None:
            await self._keep_each(context, self._spec.in_ or "")
            return
        item = await self._made(context) if self._makes_item else None
        if self._spec.as_ is not None:
            context.variables[self._spec.as_] = item
        key = await self._key.render_later(context)
        if not key and self._spec.under != "":
            return
        key = key[:_LONGEST_KEY]
        if self._spec.in_ is None:
            await self._keep_state(context, key)
        else:
            await self._keep_item(context, self._spec.in_, key, item)

    async def _keep_each(self, context: Context, name: str) -> None:
        """Put what is made for each item whose key begins so over it, where that is something else."""
        prefix = await self._key.render_later(context)
        if not prefix and self._spec.under != "":
            return
        for key, old in (await context.resources.entries(name, prefix[:_LONGEST_KEY])).items():
            context.variables[self._spec.as_ or "row"] = old
            made = await self._made(context)
            if not _has_all(old, made):
                await context.resources.merge(name, key, made, deep=self._spec.merge == "deep")

    async def _keep_state(self, context: Context, key: str) -> None:
        if self._spec.delete:
            await context.state.delete(key)
            return
        await context.state.set(key, await self._made(context), self._spec.ttl)

    async def _keep_item(self, context: Context, name: str, key: str, item: Any) -> None:
        resources, spec = context.resources, self._spec
        if spec.under is not None:
            await resources.delete_under(name, key)
        elif spec.delete:
            await resources.delete(name, key)
        elif spec.merge:
            await resources.merge(name, key, item, deep=spec.merge == "deep")
        else:
            await resources.put(name, key, item)

    async def _made(self, context: Context) -> Any:
        # Through its JSON: what is kept holds no value that only a template knows.
        return orjson.loads(await self._value.render_later(context))


def _has_all(item: Any, members: Any) -> bool:
    return isinstance(item, dict) and isinstance(members, dict) and {**item, **members} == item


def answer_of(status: int, headers: Headers, body: bytes, tree: bytes = b"") -> dict[str, Any]:
    """Give an answer as templates see it: `status`, `headers` (lower-case name to first value), `text`, `json`, `xml`.

    `tree` is the JSON of what XML was written from.
    """
    body = _decoded(headers, body)
    named: dict[str, str] = {}
    for name, value in headers:
        named.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    told: dict[str, Any] = {"status": status, "headers": named, "text": body.decode("utf-8", "replace")}
    if body and len(body) <= _JSON_BYTES:
        with suppress(orjson.JSONDecodeError):
            told["json"] = orjson.loads(body)
    if tree:
        told["xml"] = orjson.loads(tree)
    elif named.get("content-type", "").partition(";")[0].strip().endswith("xml") and len(body) <= _JSON_BYTES:
        with suppress(ValueError):
            told["xml"] = read_tree(told["text"])
    return told


def _decoded(headers: Headers, body: bytes) -> bytes:
    """Give a body without its content codings, or as it is where that cannot be."""
    try:
        return decode(content_codings(headers), body, limit_bytes=_JSON_BYTES)
    except DecodingError:
        return body


async def name_values(let: Iterable[tuple[str, Document]], context: Context) -> None:
    """Work values out in order and name them in `vars`; one that comes out as `omit` is not named."""
    for name, document in let:
        value = await document.value_later(context)
        if value is not OMIT:
            context.variables[name] = value
