"""A part of a collection: the items that a request asks for, in its order, by pages."""

from __future__ import annotations

from typing import Any

from cassettes.definition import ListSpec
from cassettes.listing import excerpt, query_of
from gateway.context import Context
from gateway.templates import Document, Template, compile_document, compile_template


class Excerpt:
    """What `list` of a definition asks of its collection. `waits` is always so: a collection may have to be waited for.

    A parameter that is not what it should be counts as absent.
    """

    def __init__(self, spec: ListSpec, where: str) -> None:
        self._spec = spec
        self._under = compile_template(spec.under or "", f"{where}.under")
        self._values = [
            None if one.param is not None else compile_document(one.value, f"{where}.{name}.{place}.value")
            for name, filters in (("where", spec.where), ("any", spec.any))
            for place, one in enumerate(filters)
        ]
        self._params = compile_document(spec.params, f"{where}.params") if spec.params is not None else None
        search = spec.search
        told = search.value if search is not None else None
        self._search = compile_template(told, f"{where}.search.value") if told is not None else None
        chosen = spec.selector
        self._selector = compile_document(chosen.value, f"{where}.selector.value") if chosen is not None else None
        own = (self._under, self._params, self._search, self._selector)
        parts: list[Template | Document | None] = [*own, *self._values]
        self.needs_body = any(part.needs_body for part in parts if part is not None)

    async def take(self, context: Context) -> dict[str, Any]:
        """Give `vars.list`: the items of this part, and where it stands. Raises RenderError, StateError."""
        everything = await context.resources.all(self._spec.in_, await self._under.render_later(context))
        values = [await one.value_later(context) if one is not None else None for one in self._values]
        sought = await self._search.render_later(context) if self._search is not None else None
        selector = await self._selector.value_later(context) if self._selector is not None else None
        query = context.view.query
        if self._params is not None:
            query = query_of(await self._params.value_later(context))
        return excerpt(self._spec, everything, query, values, sought, selector)
