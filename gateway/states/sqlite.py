"""State in one SQLite file: survives a restart, and several gateways on this machine may share it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite

from gateway.errors import StateError
from gateway.state import Kind
from gateway.states.values import another_kind, checked_ttl, decode, encode, same, summed
from gateway.view import MISSING

T = TypeVar("T")
BUSY_S: Final = 10.0
_VERSION: Final = 1
_SWEEP_S: Final = 60.0
_LAST_CHARACTER: Final = "\U0010ffff"
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, kind TEXT NOT NULL, value BLOB, ends REAL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS member (
        key TEXT NOT NULL REFERENCES entry (key) ON DELETE CASCADE, place INTEGER NOT NULL, field TEXT,
        value BLOB NOT NULL, PRIMARY KEY (key, place)) WITHOUT ROWID""",
    "CREATE UNIQUE INDEX IF NOT EXISTS member_field ON member (key, field)",
    "CREATE INDEX IF NOT EXISTS entry_ends ON entry (ends) WHERE ends IS NOT NULL",
    f"PRAGMA user_version = {_VERSION}",
)


class _Connection(aiosqlite.Connection):
    """A connection whose thread does a whole transaction in one go: who is cancelled leaves none half done."""

    def __init__(self, path: Path) -> None:
        connect = partial(sqlite3.connect, path, timeout=BUSY_S, isolation_level=None)
        super().__init__(connect, iter_chunk_size=64)
        self._thread.daemon = True

    async def perform(self, work: Callable[[sqlite3.Connection], T]) -> T:
        done: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return done


class SqliteBackend:
    """The file is opened, and made where it is not there, when it is first needed. `clock` gives Unix seconds."""

    immediate = False

    def __init__(self, path: str | Path, clock: Callable[[], float] = time.time) -> None:
        self._path = Path(path)
        self._clock = clock
        self._lock = asyncio.Lock()
        self._connection: _Connection | None = None
        self._swept = 0.0

    async def kind(self, key: str) -> Kind | None:
        row = await self._do(_entry, key)
        return row[0] if row is not None else None

    async def get(self, key: str) -> Any:
        row = await self._do(_entry_of, key, "value")
        return decode(row[1]) if row is not None else MISSING

    async def set(self, key: str, value: Any, ttl_s: float | None = None) -> None:
        await self._do(_set, key, encode(key, value), self._end(key, ttl_s), writes=True)

    async def delete(self, key: str) -> bool:
        return await self._do(_delete, key, writes=True)

    async def incr(self, key: str, by: int = 1, ttl_s: float | None = None) -> int:
        return await self._do(_incr, key, by, self._end(key, ttl_s), writes=True)

    async def compare_and_set(self, key: str, expected: Any, value: Any, ttl_s: float | None = None) -> bool:
        wanted = _raw(key, expected)
        return await self._do(_compare, key, wanted, encode(key, value), self._end(key, ttl_s), writes=True)

    async def push(self, key: str, value: Any, ttl_s: float | None = None) -> int:
        return await self._do(_push, key, encode(key, value), self._end(key, ttl_s), writes=True)

    async def pop(self, key: str, *, first: bool = False) -> Any:
        raw = await self._do(_pop, key, first, writes=True)
        return decode(raw) if raw is not None else MISSING

    async def items(self, key: str) -> list[Any]:
        return [decode(raw) for _, raw in await self._do(_members, key, "list")]

    async def put(self, key: str, field: str, value: Any) -> bool:
        return await self._do(_put, key, field, encode(key, value), writes=True)

    async def add(self, key: str, field: str, value: Any) -> bool:
        return await self.swap(key, field, MISSING, value)

    async def take(self, key: str, field: str) -> Any:
        raw = await self._do(_take, key, field)
        return decode(raw) if raw is not None else MISSING

    async def remove(self, key: str, field: str) -> bool:
        return await self._do(_remove, key, field, writes=True)

    async def swap(self, key: str, field: str, expected: Any, value: Any) -> bool:
        return await self._do(_swap, key, field, _raw(key, expected), _raw(key, value), writes=True)

    async def fill(self, key: str, fields: Mapping[str, Any], *, anew: bool = False) -> bool:
        rows = [(key, place, field, encode(key, value)) for place, (field, value) in enumerate(fields.items())]
        return await self._do(_fill, key, rows, anew, writes=True)

    async def table(self, key: str, prefix: str = "") -> dict[str, Any]:
        rows = await self._do(_members, key, "table")
        return {field: decode(raw) for field, raw in rows if field.startswith(prefix)}

    async def keys(self, prefix: str = "", limit: int = 1000) -> Sequence[str]:
        return await self._do(_keys, prefix, limit)

    async def clear(self, prefix: str = "") -> int:
        return await self._do(_clear, prefix, writes=True)

    async def close(self) -> None:
        """Close the file; a later operation opens it again."""
        async with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                await connection.close()

    def _end(self, key: str, ttl_s: float | None) -> float | None:
        checked = checked_ttl(key, ttl_s)
        return None if checked is None else self._clock() + checked

    async def _do(self, work: Callable[..., T], *facts: Any, writes: bool = False) -> T:
        now = self._clock()
        sweeps = writes and abs(now - self._swept) > _SWEEP_S
        if sweeps:
            self._swept = now
        try:
            connection = self._connection or await self._opened()
            return await connection.perform(partial(_transact, work, now, facts, writes=writes, sweeps=sweeps))
        except UnicodeEncodeError:
            raise StateError("a state key or field holds what is no text: half a surrogate pair") from None
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StateError(f"the state file {self._path.name} cannot be used: {error}") from None

    async def _opened(self) -> _Connection:
        async with self._lock:
            if self._connection is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                connection = _Connection(self._path)
                await connection
                try:
                    await connection.perform(_prepare)
                except BaseException:
                    await connection.close()
                    raise
                self._connection = connection
            return self._connection


def _raw(key: str, value: Any) -> bytes | None:
    return None if value is MISSING else encode(key, value)


class _State:
    """One transaction on the file, at one moment."""

    __slots__ = ("db", "now")

    def __init__(self, db: sqlite3.Connection, now: float) -> None:
        self.db = db
        self.now = now

    def row(self, sql: str, *facts: Any) -> Any:
        """Give the first row, or None."""
        return self.db.execute(sql, facts).fetchone()


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        db.execute("ROLLBACK")
        raise StateError(f"the state file is of format {version}; this version knows {_VERSION}: remove it or upgrade")
    for statement in _SCHEMA:
        db.execute(statement)
    db.execute("COMMIT")


def _transact(
    work: Callable[..., T], now: float, facts: tuple[Any, ...], db: sqlite3.Connection, *, writes: bool, sweeps: bool
) -> T:
    db.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        if sweeps:
            db.execute("DELETE FROM entry WHERE ends <= ?", (now,))
        done = work(_State(db, now), *facts)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return done


def _entry(state: _State, key: str) -> Any:
    row = state.row("SELECT kind, value, ends FROM entry WHERE key = ?", key)
    return None if row is None or (row[2] is not None and row[2] <= state.now) else row


def _entry_of(state: _State, key: str, kind: Kind) -> Any:
    row = _entry(state, key)
    if row is not None and row[0] != kind:
        raise another_kind(key, kind)
    return row


def _made(state: _State, key: str, kind: Kind, ends: float | None = None) -> None:
    """Let the key hold a list or table, what it held before having ended or being one; an end given is set."""
    row = _entry_of(state, key, kind)
    if row is None:
        _set(state, key, None, ends, kind)
    elif ends is not None:
        state.db.execute("UPDATE entry SET ends = ? WHERE key = ?", (ends, key))


def _set(state: _State, key: str, raw: bytes | None, ends: float | None, kind: Kind = "value") -> None:
    state.db.execute("DELETE FROM member WHERE key = ?", (key,))
    state.db.execute(
        "INSERT INTO entry (key, kind, value, ends) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, value = excluded.value, ends = excluded.ends",
        (key, kind, raw, ends),
    )


def _delete(state: _State, key: str) -> bool:
    found = _entry(state, key) is not None
    state.db.execute("DELETE FROM entry WHERE key = ?", (key,))
    return found


def _incr(state: _State, key: str, by: int, ends: float | None) -> int:
    row = _entry_of(state, key, "value")
    number = summed(key, decode(row[1]) if row is not None else 0, by)
    _set(state, key, b"%d" % number, _kept(row, ends))
    return number


def _compare(state: _State, key: str, expected: bytes | None, raw: bytes, ends: float | None) -> bool:
    row = _entry_of(state, key, "value")
    if not _is(row[1] if row is not None else None, expected):
        return False
    _set(state, key, raw, _kept(row, ends))
    return True


def _kept(row: Any, ends: float | None) -> float | None:
    kept: float | None = row[2] if ends is None and row is not None else ends
    return kept


def _is(found: bytes | None, expected: bytes | None) -> bool:
    return found is expected is None or (found is not None and expected is not None and same(found, expected))


def _push(state: _State, key: str, raw: bytes, ends: float | None) -> int:
    _made(state, key, "list", ends)
    _append(state, key, None, raw)
    length: int = state.row("SELECT count(*) FROM member WHERE key = ?", key)[0]
    return length


def _append(state: _State, key: str, field: str | None, raw: bytes) -> None:
    state.db.execute(
        "INSERT INTO member (key, place, field, value)"
        " SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3 FROM member WHERE key = ?1",
        (key, field, raw),
    )


def _pop(state: _State, key: str, first: bool) -> bytes | None:
    if _entry_of(state, key, "list") is None:
        return None
    end = "min" if first else "max"
    where = f"key = ?1 AND place = (SELECT {end}(place) FROM member WHERE key = ?1)"  # noqa: S608  # one of two words
    raw: bytes = state.row(f"DELETE FROM member WHERE {where} RETURNING value", key)[0]  # noqa: S608
    _tidy(state, key)
    return raw


def _tidy(state: _State, key: str) -> None:
    state.db.execute(
        "DELETE FROM entry WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM member WHERE member.key = ?1)", (key,)
    )


def _members(state: _State, key: str, kind: Kind) -> list[Any]:
    if _entry_of(state, key, kind) is None:
        return []
    return state.db.execute("SELECT field, value FROM member WHERE key = ? ORDER BY place", (key,)).fetchall()


def _take(state: _State, key: str, field: str) -> bytes | None:
    if _entry_of(state, key, "table") is None:
        return None
    row = state.row("SELECT value FROM member WHERE key = ? AND field = ?", key, field)
    return row[0] if row is not None else None


def _put(state: _State, key: str, field: str, raw: bytes) -> bool:
    _made(state, key, "table")
    changed = state.db.execute("UPDATE member SET value = ? WHERE key = ? AND field = ?", (raw, key, field)).rowcount
    if not changed:
        _append(state, key, field, raw)
    return not changed


def _remove(state: _State, key: str, field: str) -> bool:
    if _entry_of(state, key, "table") is None:
        return False
    removed = state.db.execute("DELETE FROM member WHERE key = ? AND field = ?", (key, field)).rowcount
    _tidy(state, key)
    return removed > 0


def _swap(state: _State, key: str, field: str, expected: bytes | None, raw: bytes | None) -> bool:
    if not _is(_take(state, key, field), expected):
        return False
    if raw is not None:
        _put(state, key, field, raw)
    else:
        _remove(state, key, field)
    return True


def _fill(state: _State, key: str, rows: list[Any], anew: bool) -> bool:
    if not anew and _entry_of(state, key, "table") is not None:
        return False
    _set(state, key, None, None, "table")
    state.db.executemany("INSERT INTO member (key, place, field, value) VALUES (?, ?, ?, ?)", rows)
    _tidy(state, key)
    return True


def _keys(state: _State, prefix: str, limit: int) -> list[str]:
    rows = state.db.execute(
        "SELECT key FROM entry WHERE key >= ?1 AND key < ?2 AND (ends IS NULL OR ends > ?3) ORDER BY key LIMIT ?4",
        (prefix, prefix + _LAST_CHARACTER, state.now, limit),
    )
    return [key for (key,) in rows]


def _clear(state: _State, prefix: str) -> int:
    span = (prefix, prefix + _LAST_CHARACTER)
    state.db.execute("DELETE FROM entry WHERE ends <= ?", (state.now,))
    return state.db.execute("DELETE FROM entry WHERE key >= ? AND key < ?", span).rowcount
