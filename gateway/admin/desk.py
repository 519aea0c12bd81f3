"""The desk: where definitions are changed, one change at a time, in memory and, with write_back, in their files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from fastapi import HTTPException
from pydantic import ValidationError

from cassettes.complaint import Complaint, flaws, shown_path
from cassettes.definition import MockDefinition
from gateway.app import Gateway
from gateway.documents.definitions import body_files
from gateway.documents.editing import merged
from gateway.documents.write_back import WriteBack
from gateway.errors import ConfigError


class Desk:
    """Where definitions are changed: one change at a time, in memory and, with write_back, in their files."""

    def __init__(self, gateway: Gateway) -> None:
        settings = gateway.configuration.settings
        self._gateway = gateway
        self._turn = asyncio.Lock()
        new_file = Path(settings.write_back_file) if settings.write_back_file else None
        self._files = WriteBack(new_file) if settings.write_back else None

    @property
    def writes(self) -> bool:
        """Whether what is changed here is written to files."""
        return self._files is not None

    async def create(self, documents: list[Any], *, several: bool, replace: bool) -> list[MockDefinition]:
        """Add definitions, all or none; raises ConfigError with all that is wrong, HTTPException where one is there."""
        definitions = await asyncio.to_thread(read_all, documents, several=several)
        async with self._turn:
            taken = [definition.id for definition in definitions if definition.id in self._gateway.definitions]
            if taken and not replace:
                names = ", ".join(map(repr, taken))
                raise HTTPException(
                    409, f"there is a definition {names} already: replace it with PUT, ?replace=true or --replace"
                )
            await self._put(dict(zip((item.id for item in definitions), documents, strict=True)), definitions)
        return definitions

    async def replace(self, route_id: str, document: Any, tag: str | None) -> MockDefinition:
        """Put this document in the place of a definition that still has the tag, or has none asked of it."""
        [definition] = await asyncio.to_thread(read_all, [document], several=False)
        if definition.id != route_id:
            raise HTTPException(422, f"the document's id is {definition.id!r}, the path says {route_id!r}")
        async with self._turn:
            self._require(route_id, tag)
            await self._put({route_id: document}, [definition])
        return definition

    async def patch(self, route_id: str, changes: dict[str, Any], tag: str | None) -> MockDefinition:
        """Change a definition by a merge patch (RFC 7396)."""
        async with self._turn:
            current = self._gateway.definition(route_id)
            self._require(route_id, tag)
            [definition] = await asyncio.to_thread(read_all, [merged(written(current), changes)], several=False)
            if definition.id != route_id:
                raise HTTPException(422, f"the id {route_id!r} stays: create a definition {definition.id!r} instead")
            kept = await self._kept(route_id)
            document = written(definition) if kept is None else merged(kept, changes)
            await self._put({route_id: document}, [definition])
        return definition

    async def delete(self, route_id: str, tag: str | None) -> None:
        """Take a definition away."""
        async with self._turn:
            self._gateway.definition(route_id)
            self._require(route_id, tag)
            before = self._gateway.definitions
            await self._gateway.remove(route_id)
            await self._keep({route_id: None}, before)

    def _require(self, route_id: str, tag: str | None) -> None:
        if tag is None:
            return
        definition = self._gateway.definitions.get(route_id)
        wanted = {part.strip() for part in tag.split(",")}
        if definition is None or not wanted & {"*", etag(definition)}:
            raise HTTPException(412, f"the definition {route_id!r} is not as it was when you read it: read it again")

    async def _put(self, documents: Mapping[str, Any], definitions: list[MockDefinition]) -> None:
        before = self._gateway.definitions
        for definition in definitions:
            # What is written to a file is the operator's word when it is loaded again, also what is disabled now.
            if self._files is not None:
                self._gateway.services.judge(definition)
            for _, name in body_files(definition):
                self._gateway.services.body_file(definition, name)
        await self._gateway.put(*definitions)
        await self._keep(documents, before)

    async def _kept(self, route_id: str) -> dict[str, Any] | None:
        if self._files is None:
            return None
        return await asyncio.to_thread(self._files.document, route_id, self._gateway.configuration.loaded.origins)

    async def _keep(self, documents: Mapping[str, Any], before: Mapping[str, MockDefinition]) -> None:
        """Write what was changed into its file; where that fails, nothing was changed."""
        if self._files is None:
            return
        try:
            await asyncio.to_thread(self._files.write, documents, self._gateway.configuration.loaded.origins)
        except ConfigError:
            await self._gateway.replace_all(before.values())
            raise


def read_all(documents: list[Any], *, several: bool) -> list[MockDefinition]:
    """Validate documents; raises ConfigError with everything that is wrong with any of them."""
    faults: list[Complaint] = []
    definitions: dict[str, MockDefinition] = {}
    for index, document in enumerate(documents):
        place = (index,) if several else ()
        if not _is_text(document):
            faults.append(
                Complaint("", 0, shown_path(place), "a text holds half a surrogate pair, which is no Unicode")
            )
            continue
        try:
            definition = MockDefinition.model_validate(document)
        except ValidationError:
            found = flaws(MockDefinition, document)
            faults.extend(Complaint("", 0, shown_path((*place, *path)), reason) for path, reason in found)
            continue
        if definition.id in definitions:
            faults.append(Complaint("", 0, shown_path(place), f"the id {definition.id!r} stands here twice"))
        definitions[definition.id] = definition
    if faults:
        raise ConfigError("; ".join(map(str, faults)), faults)
    return list(definitions.values())


def _is_text(document: Any) -> bool:
    try:
        orjson.dumps(document)
    except TypeError as error:
        # Its other reasons (depth, large numbers) are for those to judge who know the field.
        return "surrogates" not in str(error)
    return True


def etag(definition: MockDefinition) -> str:
    """Give the entity tag of a definition: another whenever anything that was written is."""
    written = definition.model_dump_json(by_alias=True, exclude_unset=True).encode()
    return f'"{blake2b(written, digest_size=12).hexdigest()}"'


def written(definition: MockDefinition) -> dict[str, Any]:
    """Give a definition as it was written."""
    return definition.model_dump(mode="json", exclude_unset=True, by_alias=True)
