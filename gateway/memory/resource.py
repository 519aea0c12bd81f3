"""Resources: a collection behind a path that is created into, read, listed, replaced, patched and deleted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, unquote

import orjson

from cassettes.definition import MockDefinition, ResourceSpec
from cassettes.exchange import Headers
from gateway.errors import RenderError
from gateway.memory.claims import agreed
from gateway.memory.collection import Collection, RefusedError, check_depth, id_text
from gateway.memory.listing import BadQueryError, chosen, links, page_of
from gateway.memory.scopes import States, stem_of
from gateway.mode import Compose, Reply
from gateway.view import MISSING, RequestView, why_not_json

_ON_ALL: Final = {"GET": "list", "HEAD": "list", "POST": "create"}
_ON_ONE: Final = {"GET": "read", "HEAD": "read", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class ResourceAnswer:
    """A whole answer; `headers` have its type and length. The body of an answer to HEAD is left out."""

    status: int
    headers: Headers
    body: bytes = field(default=b"", repr=False)


class Resource:
    """A collection as one definition offers it over HTTP: `answer` gives what a request gets.

    Errors are problem documents: 400 where the body or the query is not what it should be, 404, 405 with Allow, 409
    where an id is taken, 422 with the names of the fields.
    """

    def __init__(self, spec: ResourceSpec, collection: Collection, states: States) -> None:
        self.spec = spec
        self.collection = collection
        self._states = states

    @property
    def immediate(self) -> bool:
        """Whether an answer never waits."""
        return self.collection.backend.immediate

    async def answer(self, view: RequestView, item_id: str | None) -> ResourceAnswer:
        """Answer a request for the collection, or with an id (decoded) for one of its items."""
        method = view.request.method
        offered = {verb: name for verb, name in self._verbs(item_id).items() if name in self.spec.operations}
        allow = ((b"allow", ", ".join([*offered, "OPTIONS"]).encode()),)
        if method == "OPTIONS":
            return ResourceAnswer(204, allow)
        stem = self._states.stem(self.spec.scope, view)
        try:
            if method not in offered:
                return _problem(405, f"{method} is not offered here", headers=allow)
            given = await self._perform(offered[method], view, stem, item_id or "")
        except RefusedError as error:
            given = _problem(error.status, str(error), **error.facts)
        except BadQueryError as error:
            given = _problem(400, str(error))
        return ResourceAnswer(given.status, given.headers) if method == "HEAD" else given

    def _verbs(self, item_id: str | None) -> Mapping[str, str]:
        return _ON_ALL if item_id is None else _ON_ONE

    async def _perform(self, operation: str, view: RequestView, stem: str, item_id: str) -> ResourceAnswer:
        match operation:
            case "list":
                return _listed(self.spec, view, await self.collection.items(stem))
            case "create":
                return await self._create(view, stem)
            case "read":
                item = await self.collection.read(stem, item_id)
                return _json(200, item) if item is not MISSING else _unknown(self.spec, item_id)
            case "delete":
                gone = await self.collection.delete(stem, item_id)
                return ResourceAnswer(204, ()) if gone else _unknown(self.spec, item_id)
            case _:
                return await self._change(operation, view, stem, item_id)

    async def _create(self, view: RequestView, stem: str) -> ResourceAnswer:
        item = _body(view)
        self._require(item)
        made = await self.collection.create(stem, item)
        path = view.request.path.rstrip(b"/").decode("latin-1")
        location = f"{path}/{quote(id_text(made[self.spec.id_field]), safe='')}"
        return _json(201, made, (b"location", location.encode("latin-1")))

    async def _change(self, operation: str, view: RequestView, stem: str, item_id: str) -> ResourceAnswer:
        given, name = _body(view), self.spec.id_field
        if name in given and id_text(given[name]) != item_id:
            raise RefusedError(422, f"the body's {name} is another than the path's", fields=[name])
        while True:
            old = await self.collection.read(stem, item_id)
            if old is MISSING:
                return _unknown(self.spec, item_id)
            new = merged(old, given) if operation == "patch" else {name: old[name], **given}
            new[name] = old[name]
            self._require(new)
            check_depth(new)
            if await self.collection.change(stem, item_id, old, new):
                return _json(200, new)

    def _require(self, item: Mapping[str, Any]) -> None:
        lacking = [name for name in self.spec.required if name not in item and name != self.spec.id_field]
        if lacking:
            raise RefusedError(422, f"the item lacks {', '.join(lacking)}", fields=lacking)


def merged(target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396 §2) and give the result; neither is changed."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made


def _body(view: RequestView) -> dict[str, Any]:
    if not isinstance(view.json, dict):
        reason = f": {why_not_json(view)}" if view.json is MISSING and view.body else ""
        raise RefusedError(400, f"the body is to be a JSON object{reason}")
    check_depth(view.json)
    return view.json


def _listed(spec: ResourceSpec, view: RequestView, items: list[dict[str, Any]]) -> ResourceAnswer:
    page = page_of(spec, view)
    found = chosen(spec, view, items)
    part: Any = found[page.offset : page.offset + page.limit]
    if spec.envelope is not None:
        part = {spec.envelope: part, spec.total_key: len(found)}
    headers: list[tuple[bytes, bytes]] = []
    if spec.total_header:
        headers.append((spec.total_header.encode("latin-1"), b"%d" % len(found)))
    if link := links(spec, view, page, len(found)):
        headers.append((b"link", link.encode("latin-1")))
    return _json(200, part, *headers)


def _json(status: int, document: Any, *headers: tuple[bytes, bytes]) -> ResourceAnswer:
    body = orjson.dumps(document)
    own = ((b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)))
    return ResourceAnswer(status, (*own, *headers), body)


def _problem(status: int, detail: str, *, headers: Headers = (), **facts: Any) -> ResourceAnswer:
    title = HTTPStatus(status).phrase
    body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail, **facts})
    own = ((b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body)))
    return ResourceAnswer(status, (*own, *headers), body)


def _unknown(spec: ResourceSpec, item_id: str) -> ResourceAnswer:
    return _problem(404, f"there is no item with the {spec.id_field} {item_id!r}")


def resource_plan(resource: Resource, view: RequestView, item_id: str | None) -> Compose:
    """Plan the answer of a resource; `item_id_of` tells the id from the path."""

    async def reply() -> Reply:
        answer = await resource.answer(view, item_id)
        return Reply(answer.status, answer.headers, "mock", answer.body)

    return Compose(reply, immediate=resource.immediate)


def item_id_of(path: str, view: RequestView) -> str | None:
    """Give the id that a request's path has after the definition's `path`, or None where it has none.

    The definition's path may end in `/**` or `/{id}`, which stand for the id.
    """
    wanted = path.removesuffix("/**").rstrip("/").split("/")
    if path.endswith("}") and len(wanted) > 1 and wanted[-1].startswith("{id"):
        wanted.pop()
    given = view.request.path.rstrip(b"/").split(b"/")
    return unquote(given[-1].decode("latin-1")) if len(given) > len(wanted) else None


class Resources:
    """All collections of the definitions. One name is one collection, which several definitions may offer or keep."""

    def __init__(self, states: States, definitions: Iterable[MockDefinition] = ()) -> None:
        self._states = states
        wanted = tuple(definitions)
        self._named = agreed(wanted, states)
        self._offered = {
            one.id: Resource(one.resource, self._named[one.resource.name], states)
            for one in wanted
            if one.resource is not None
        }
        self.immediate: Final = all(collection.backend.immediate for collection in self._named.values())
        """Whether no collection makes anybody wait."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._named))

    def collection(self, name: str) -> Collection:
        """Give a collection by its name; raises RenderError where no definition has it."""
        known = self._named.get(name)
        if known is None:
            raise RenderError(f"there is no resource {name!r} (known: {', '.join(self.names) or 'none'})")
        return known

    def of(self, definition_id: str) -> Resource:
        """Give the resource that a definition offers; KeyError where it offers none."""
        return self._offered[definition_id]

    def reader(self, view: RequestView) -> ResourceView:
        """Give what templates and cases read and keep items by, in the scopes in which this request is."""
        return ResourceView(self, self._states, view)

    def stem(self, name: str, value: str) -> str:
        """Give whose collection it is, for one value of the resource's scope."""
        return stem_of(self.collection(name).spec.scope, value)

    async def reset(self) -> None:
        """Have the seeds again in all collections, whosever they are."""
        for collection in self._named.values():
            await collection.backend.clear(collection.lead)


class ResourceView:
    """The collections as one request sees them; a gateway.context.ResourceReader.

    Raises RenderError where no definition has a collection of that name.
    """

    __slots__ = ("_resources", "_states", "_view")

    def __init__(self, resources: Resources, states: States, view: RequestView) -> None:
        self._resources = resources
        self._states = states
        self._view = view

    @property
    def immediate(self) -> bool:
        """Whether reading never waits."""
        return self._resources.immediate

    def _of(self, name: str) -> tuple[Collection, str]:
        collection = self._resources.collection(name)
        return collection, self._states.stem(collection.spec.scope, self._view)

    async def read(self, name: str, item_id: str) -> Any:
        """Give an item, or None."""
        item = await self.find(name, item_id)
        return None if item is MISSING else item

    async def find(self, name: str, key: str) -> Any:
        """Give an item, or MISSING: what is kept may be null."""
        collection, stem = self._of(name)
        return await collection.read(stem, id_text(key))

    async def all(self, name: str, prefix: str = "") -> list[Any]:
        """Give all items whose keys begin so."""
        collection, stem = self._of(name)
        return list((await collection.entries(stem, prefix)).values())

    async def entries(self, name: str, prefix: str = "") -> dict[str, Any]:
        """Give the items whose keys begin so, by their keys."""
        collection, stem = self._of(name)
        return await collection.entries(stem, prefix)

    async def next_number(self, name: str, field: str) -> int:
        """Give one more than the highest integer that a field ever was."""
        collection, stem = self._of(name)
        return await collection.next_number(stem, field)

    async def put(self, name: str, key: str, item: Any) -> None:
        """Keep an item."""
        collection, stem = self._of(name)
        await collection.put(stem, key, item)

    async def merge(self, name: str, key: str, item: Any, *, deep: bool = False) -> None:
        """Put an object's members over those of the one that is there; with `deep` those of its objects, too."""
        collection, stem = self._of(name)
        await collection.merge(stem, key, item, deep=deep)

    async def delete(self, name: str, key: str) -> None:
        """Remove an item if it is there."""
        collection, stem = self._of(name)
        await collection.delete(stem, key)

    async def delete_under(self, name: str, prefix: str) -> None:
        """Remove all items whose keys begin so."""
        collection, stem = self._of(name)
        await collection.delete_under(stem, prefix)
