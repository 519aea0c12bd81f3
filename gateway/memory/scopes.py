"""Whose state it is: short keys placed in a scope, and in the store where they are kept."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from cassettes.definition import MockDefinition, StateSpec
from gateway.errors import ConfigError
from gateway.state import ScopedState, StateBackend
from gateway.view import MISSING, RequestView

_log = logging.getLogger("mimic.state")
SESSION_HEADER: Final = "x-mimic-session"
LONGEST_VALUE: Final = 200
_STORES: Final = {"db": "sqlite"}
_SESSION_PATTERN: Final = re.compile(r"session:\{[^{}]*\}:(.*)", re.DOTALL)
_MOCK_PATTERN: Final = re.compile(r"mock:\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Declaration:
    """Keys that begin with `prefix` belong to `scope`, for every definition; `store` is where, or None for anywhere."""

    definition: str
    prefix: str
    scope: str
    store: str | None


@dataclass(frozen=True, slots=True)
class Placement:
    """A scope, and a store by its name and opened."""

    scope: str
    store: str
    backend: StateBackend


def declarations_of(definition: MockDefinition) -> list[Declaration]:
    """Read what a definition declares of its keys; raises ConfigError where a pattern has no fixed beginning.

    A pattern counts up to its first `{{`. The forms `session:{…}:KEY` and `mock:{…}:KEY` stand for KEY in the session's
    scope, and for KEY of this definition alone.
    """
    spec = definition.state
    found: list[Declaration] = []
    for item in spec.keys:
        pairs = [(None, item)] if isinstance(item, str) else list(item.items())
        for scope, pattern in pairs:
            key, own = declared_key(pattern, definition.id)
            prefix = key.partition("{{")[0]
            if not prefix:
                raise ConfigError(
                    f"the state key {pattern!r} begins with a template, so that it cannot be told from others: "
                    "begin it with a fixed text, as in otp:{{ … }}"
                )
            found.append(Declaration(definition.id, prefix, scope or own or spec.scope, _store(spec)))
    return found


def declared_key(pattern: str, definition_id: str) -> tuple[str, str | None]:
    """Give the template of the key that a declared pattern means, and the scope that it names, if it names one."""
    in_session = _SESSION_PATTERN.match(pattern)
    text = in_session[1] if in_session else _MOCK_PATTERN.sub(lambda _: f"mock:{definition_id}", pattern, count=1)
    return text, "session" if in_session else None


def _store(spec: StateSpec) -> str | None:
    return None if spec.persist_to is None else _STORES.get(spec.persist_to, spec.persist_to)


class States:
    """Gives each request of each definition its state. `default` names one of the `backends`.

    Raises ConfigError where two definitions declare one prefix for different scopes or stores. `warned` holds the
    definitions that were told already that there is no Redis for them.
    """

    def __init__(
        self,
        default: str,
        backends: Mapping[str, StateBackend],
        declarations: Iterable[Declaration] = (),
        *,
        session_cookie: str = "mimic_session",
        warned: set[str] | None = None,
    ) -> None:
        self.backends = dict(backends)
        self.default = self.backends[default]
        self._default_name = default
        self._session_cookie = session_cookie
        self._warned = warned if warned is not None else set()
        self._declared = self._agreed(declarations)
        # Longest prefix first: as many look-ups as there are lengths, however many declarations there are.
        self._lengths = sorted({len(prefix) for prefix in self._declared}, reverse=True)
        self._own: dict[str, tuple[StateSpec, Placement]] = {}
        self.immediate = all(placed.backend.immediate for placed in self._declared.values())
        """Whether no declared key ever makes anybody wait."""

    def _agreed(self, declarations: Iterable[Declaration]) -> dict[str, Placement]:
        said: dict[str, Declaration] = {}
        for one in declarations:
            other = said.setdefault(one.prefix, one)
            stores = {self.store(one.definition, item.store) for item in (one, other) if item.store is not None}
            if one.scope != other.scope or len(stores) > 1:
                raise ConfigError(
                    f"the definitions {other.definition!r} and {one.definition!r} contradict each other: state keys "
                    f"that begin with {one.prefix!r} are {_told(other)} in the one and {_told(one)} in the other"
                )
            if other.store is None and one.store is not None:
                said[one.prefix] = one
        return {one.prefix: self.placement(one.definition, one.scope, one.store) for one in said.values()}

    def store(self, definition_id: str, persist_to: str | None) -> str:
        """Give the name of the store of a definition: the one that it names, or the default one."""
        name = _STORES.get(persist_to, persist_to) if persist_to is not None else self._default_name
        if name in self.backends:
            return name
        if definition_id not in self._warned:
            self._warned.add(definition_id)
            _log.warning(
                "there is no Redis (redis_url is empty): the definition's state is kept in the default store",
                extra={"route": definition_id, "store": self._default_name},
            )
        return self._default_name

    def placement(self, definition_id: str, scope: str, persist_to: str | None) -> Placement:
        """Give where the keys of a definition are that nobody declared."""
        name = self.store(definition_id, persist_to)
        return Placement(scope, name, self.backends[name])

    @property
    def stores_in_use(self) -> dict[str, StateBackend]:
        """The default store, and those that definitions have named."""
        names = {self._default_name, *(placed.store for placed in self._declared.values())}
        names |= {placed.store for _, placed in self._own.values()}
        return {name: backend for name, backend in self.backends.items() if name in names}

    def admit(self, definition: MockDefinition) -> None:
        """Take note of a definition: its store is in use, and if it is not there that is told now."""
        self._placed(definition.id, definition.state)

    def of(self, definition_id: str, spec: StateSpec, view: RequestView) -> ScopedState:
        """Give the state as this request of that definition sees it."""
        return _Scoped(self, self._placed(definition_id, spec), spec.ttl_s, view)

    def _placed(self, definition_id: str, spec: StateSpec) -> Placement:
        known = self._own.get(definition_id)
        if known is None or known[0] is not spec:
            known = self._own[definition_id] = (spec, self.placement(definition_id, spec.scope, spec.persist_to))
        return known[1]

    def declared(self, key: str) -> Placement | None:
        """Give where a key is that begins as some definition declared, the longest such beginning."""
        for length in self._lengths:
            placed = self._declared.get(key[:length])
            if placed is not None:
                return placed
        return None

    def stem(self, scope: str, view: RequestView) -> str:
        """Give the beginning of the stored keys of a scope as this request is in it, without a colon at the end."""
        if scope == "global":
            return scope
        if scope == "session":
            value = view.cookies.get(self._session_cookie) or view.header(SESSION_HEADER) or ""
        elif scope == "client-ip":
            value = view.request.client
        else:
            value = view.header(scope.removeprefix("header:").lower()) or ""
        return stem_of(scope, value)

    def locate(self, stored: str) -> str:
        """Give the name of the store in which a stored key (`session:ID:KEY`) would be."""
        scope, key = split(stored)
        placed = self.declared(key)
        return placed.store if placed is not None and placed.scope.lower() == scope else self._default_name


def _told(declaration: Declaration) -> str:
    return f"{declaration.scope}{f' in {declaration.store}' if declaration.store else ''}"


def stem_of(scope: str, value: str) -> str:
    """Give the beginning of a scope's stored keys: `global`, `session:ID`, `client-ip:IP`, `header:NAME:VALUE`.

    The value is percent-escaped, so that none reaches another scope's keys; one of more than 200 characters stands as
    `#` and its SHA-256, which no escaped value can be.
    """
    if scope == "global":
        return scope
    escaped = quote(value, safe="")
    if len(escaped) > LONGEST_VALUE:
        escaped = "#" + hashlib.sha256(value.encode()).hexdigest()
    return f"{scope.lower()}:{escaped}"


def split(stored: str) -> tuple[str, str]:
    """Give a stored key's scope (`global`, `session`, `client-ip`, `header:NAME`) and short key; no scope is ""."""
    kind, _, rest = stored.partition(":")
    if kind == "global":
        return kind, rest
    if kind == "header":
        name, _, rest = rest.partition(":")
        kind = f"header:{name}"
    elif kind not in ("session", "client-ip"):
        return "", stored
    return kind, rest.partition(":")[2]


class _Scoped:
    """Short keys of one request, each in its scope and store."""

    __slots__ = ("_own", "_states", "_stems", "_ttl_s", "_view")

    def __init__(self, states: States, own: Placement, ttl_s: float | None, view: RequestView) -> None:
        self._states = states
        self._own = own
        self._ttl_s = ttl_s
        self._view = view
        self._stems: dict[str, str] = {}

    @property
    def immediate(self) -> bool:
        return self._own.backend.immediate and self._states.immediate

    def _place(self, key: str) -> tuple[StateBackend, str]:
        key = key if type(key) is str else str(key)
        placed = self._states.declared(key) or self._own
        stem = self._stems.get(placed.scope)
        if stem is None:
            stem = self._stems[placed.scope] = self._states.stem(placed.scope, self._view)
        return placed.backend, f"{stem}:{key}"

    async def get(self, key: str, default: Any = None) -> Any:
        backend, stored = self._place(key)
        value = await backend.get(stored)
        return default if value is MISSING else value

    async def set(self, key: str, value: Any, ttl: float | None = None) -> None:
        backend, stored = self._place(key)
        await backend.set(stored, value, self._ttl_s if ttl is None else ttl)

    async def delete(self, key: str) -> bool:
        backend, stored = self._place(key)
        return await backend.delete(stored)

    async def incr(self, key: str, by: int = 1, ttl: float | None = None) -> int:
        backend, stored = self._place(key)
        return await backend.incr(stored, by, self._ttl_s if ttl is None else ttl)

    async def cas(self, key: str, expected: Any, value: Any) -> bool:
        backend, stored = self._place(key)
        # A script has no word for absence: its None stands for what `get` gave it None for.
        if expected is None and await backend.compare_and_set(stored, MISSING, value, self._ttl_s):
            return True
        return await backend.compare_and_set(stored, expected, value, self._ttl_s)

    async def push(self, key: str, value: Any) -> int:
        backend, stored = self._place(key)
        return await backend.push(stored, value, self._ttl_s)

    async def pop(self, key: str) -> Any:
        backend, stored = self._place(key)
        value = await backend.pop(stored)
        return None if value is MISSING else value

    async def items(self, key: str) -> list[Any]:
        backend, stored = self._place(key)
        return await backend.items(stored)
