"""What a template or a script is given: the request, what is remembered, and where chance and time come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from gateway.state import ScopedState
from gateway.view import RequestView


class ResourceReader(Protocol):
    """Reads and keeps the items of a collection by its name.

    `read` gives None where there is no such item, `find` MISSING; `all` those whose keys begin with a prefix.
    """

    @property
    def immediate(self) -> bool: ...
    async def read(self, name: str, item_id: str) -> Any: ...
    async def find(self, name: str, key: str) -> Any: ...
    async def all(self, name: str, prefix: str = "") -> list[Any]: ...
    async def entries(self, name: str, prefix: str = "") -> dict[str, Any]: ...
    async def next_number(self, name: str, field: str) -> int: ...
    async def put(self, name: str, key: str, item: Any) -> None: ...
    async def merge(self, name: str, key: str, item: Any, *, deep: bool = False) -> None: ...
    async def delete(self, name: str, key: str) -> None: ...
    async def delete_under(self, name: str, prefix: str) -> None: ...


@dataclass(slots=True)
class Context:
    """One request's context. `clock` gives Unix seconds; `variables` is what a script before the answer set.

    `scenario` maps the names of scenarios to the state this request found them in; `route` is the definition's id;
    `keys` are the definition's declared state keys, rendered for this request. `stand_in` gives the pseudonym that
    recordings have in the place of a value.
    """

    view: RequestView
    route: str
    state: ScopedState
    resources: ResourceReader
    random: Random
    clock: Callable[[], float]
    scenario: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    variables: dict[str, Any] = field(default_factory=dict)
    stand_in: Callable[[str], str] = str

    @property
    def immediate(self) -> bool:
        """Whether nothing that is remembered makes anybody wait."""
        return self.state.immediate and self.resources.immediate
