"""State in Redis: shared by gateways on several machines; the one door to the redis library."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from gateway.errors import ConfigError, StateError
from gateway.state import Kind
from gateway.states.redis_scripts import COMPARE, FILL, INCR, PUSH, PUT, REMOVE, SWAP
from gateway.states.values import another_kind, checked_ttl, decode, encode, no_integer, same, told, too_large
from gateway.view import MISSING

if TYPE_CHECKING:
    from redis.asyncio import Redis

PREFIX: Final = "mimic:"
CONNECTIONS: Final = 32
TIMEOUT_S: Final = 2.0
QUEUE_S: Final = 10.0
"""How long an operation waits for one of the connections: a burst is no sign that Redis is away."""
_KINDS: Final[dict[bytes, Kind]] = {b"string": "value", b"list": "list", b"hash": "table"}
_PATTERN_SIGNS: Final = re.compile(r"([*?\[\]\\^-])")
_BATCH: Final = 1000


class RedisBackend:
    """Keys stand in Redis under `prefix`; it is reached when it is first needed, and has `timeout_s` for each answer.

    A value is a string of JSON; a list is a list of them; a table is a hash of `f` and the field's name to the place of
    the field, a colon and JSON, with the last place given out under `n`. Raises ConfigError where the library is not
    installed or the URL is none.
    """

    immediate = False

    def __init__(self, url: str, prefix: str = PREFIX, *, timeout_s: float = TIMEOUT_S) -> None:
        self._prefix = prefix
        self._client: Any = _client(url, timeout_s)
        self._place = urlsplit(url).netloc.rpartition("@")[2] or urlsplit(url).path
        scripts = (COMPARE, FILL, INCR, PUSH, PUT, REMOVE, SWAP)
        self._scripts = {text: self._client.register_script(text) for text in scripts}
        self._asked: set[asyncio.Task[Any]] = set()

    async def kind(self, key: str) -> Kind | None:
        return _KINDS.get(await self._ask(key, "value", self._client.type(self._prefix + key)))

    async def get(self, key: str) -> Any:
        raw = await self._ask(key, "value", self._client.get(self._prefix + key))
        return decode(raw) if raw is not None else MISSING

    async def set(self, key: str, value: Any, ttl_s: float | None = None) -> None:
        raw, ttl_ms = encode(key, value), _ms(key, ttl_s)
        await self._ask(key, "value", self._client.set(self._prefix + key, raw, px=ttl_ms or None))

    async def delete(self, key: str) -> bool:
        return bool(await self._ask(key, "value", self._client.delete(self._prefix + key)))

    async def incr(self, key: str, by: int = 1, ttl_s: float | None = None) -> int:
        return int(await self._run(INCR, key, "value", by, _ms(key, ttl_s)))

    async def compare_and_set(self, key: str, expected: Any, value: Any, ttl_s: float | None = None) -> bool:
        return await self._swap(COMPARE, key, "value", expected, encode(key, value), _ms(key, ttl_s))

    async def push(self, key: str, value: Any, ttl_s: float | None = None) -> int:
        return int(await self._run(PUSH, key, "list", encode(key, value), _ms(key, ttl_s)))

    async def pop(self, key: str, *, first: bool = False) -> Any:
        pop = self._client.lpop if first else self._client.rpop
        raw = await self._ask(key, "list", pop(self._prefix + key))
        return decode(raw) if raw is not None else MISSING

    async def items(self, key: str) -> list[Any]:
        return [decode(raw) for raw in await self._ask(key, "list", self._client.lrange(self._prefix + key, 0, -1))]

    async def put(self, key: str, field: str, value: Any) -> bool:
        return bool(await self._run(PUT, key, "table", "f" + field, encode(key, value)))

    async def add(self, key: str, field: str, value: Any) -> bool:
        return await self.swap(key, field, MISSING, value)

    async def take(self, key: str, field: str) -> Any:
        raw = await self._ask(key, "table", self._client.hget(self._prefix + key, "f" + field))
        return decode(raw.partition(b":")[2]) if raw is not None else MISSING

    async def remove(self, key: str, field: str) -> bool:
        return bool(await self._run(REMOVE, key, "table", "f" + field))

    async def swap(self, key: str, field: str, expected: Any, value: Any) -> bool:
        raw = b"" if value is MISSING else encode(key, value)
        return await self._swap(SWAP, key, "table", expected, raw, "f" + field)

    async def fill(self, key: str, fields: Mapping[str, Any], *, anew: bool = False) -> bool:
        pairs = [part for field, value in fields.items() for part in ("f" + field, encode(key, value))]
        return bool(await self._run(FILL, key, "table", int(anew), *pairs))

    async def table(self, key: str, prefix: str = "") -> dict[str, Any]:
        found = await self._ask(key, "table", self._client.hgetall(self._prefix + key))
        lead = b"f" + prefix.encode()
        rows = [(name, *raw.partition(b":")) for name, raw in found.items() if name.startswith(lead)]
        rows.sort(key=lambda row: int(row[1]))
        return {name[1:].decode(): decode(raw) for name, _, _, raw in rows}

    async def keys(self, prefix: str = "", limit: int = 1000) -> Sequence[str]:
        return sorted(await self._ask("", "value", _scan(self._client, self._prefix, prefix, limit)))

    async def clear(self, prefix: str = "") -> int:
        return int(await self._ask("", "value", _unlink(self._client, self._prefix + prefix)))

    async def close(self) -> None:
        """Wait for what was asked and close the connections."""
        await asyncio.gather(*self._asked, return_exceptions=True)
        await self._client.aclose()

    async def _swap(self, script: str, key: str, kind: Kind, expected: Any, raw: bytes, *facts: Any) -> bool:
        wanted = b"" if expected is MISSING else encode(key, expected)
        tried = wanted
        while True:
            found = await self._run(script, key, kind, tried, raw, *facts)
            if found is None:
                return True
            # The same object with its names in another order is another text: try with the text that is there.
            if not wanted or not found or not same(found, wanted):
                return False
            tried = found

    async def _run(self, script: str, key: str, kind: Kind, *facts: Any) -> Any:
        return await self._ask(key, kind, self._scripts[script](keys=[self._prefix + key], args=facts))

    async def _ask(self, key: str, kind: Kind, work: Awaitable[Any]) -> Any:
        # An operation goes on when who asked is cancelled: a connection is given back only with its answer read
        # (redis-py's CVE-2023-28858 and -28859 gave the next operation the answer of a cancelled one).
        task = asyncio.ensure_future(work)
        self._asked.add(task)
        task.add_done_callback(self._answered)
        try:
            return await asyncio.shield(task)
        except UnicodeEncodeError:
            raise StateError("a state key or field holds what is no text: half a surrogate pair") from None
        except Exception as error:  # noqa: BLE001  # what is no error of Redis is given on as it is
            raise self._told(error, key, kind) from None

    def _answered(self, task: asyncio.Task[Any]) -> None:
        self._asked.discard(task)
        if not task.cancelled():
            task.exception()

    def _told(self, error: Exception, key: str, kind: Kind) -> Exception:
        from redis.exceptions import ConnectionError as LostError
        from redis.exceptions import RedisError, ResponseError
        from redis.exceptions import TimeoutError as LateError

        if isinstance(error, LostError | LateError | OSError):
            return StateError(f"Redis at {self._place} cannot be reached or does not answer in time (redis_url)")
        if not isinstance(error, RedisError):
            return error
        sentence = str(error)
        if isinstance(error, ResponseError):
            if "WRONGTYPE" in sentence:
                return another_kind(key, kind)
            if "not an integer" in sentence:
                return no_integer(key)
            if "overflow" in sentence:
                return too_large(key)
        return StateError(f"Redis at {self._place} refuses {told(key)}: {type(error).__name__}")


def _client(url: str, timeout_s: float) -> Redis:
    try:
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise ConfigError("state in Redis needs the redis library: pip install mimic-gateway[redis]") from None
    try:
        # An operation that was counted but whose answer was lost must not be counted twice: nothing is retried.
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=QUEUE_S,
            socket_timeout=timeout_s,
            socket_connect_timeout=timeout_s,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
    except ValueError as error:
        raise ConfigError(f"redis_url is not a URL of a Redis (redis://HOST:PORT/0): {error}") from None
    return Redis.from_pool(pool)


async def _scan(client: Any, prefix: str, begins: str, limit: int) -> set[str]:
    found: set[str] = set()
    async for name in client.scan_iter(match=_pattern(prefix + begins), count=_BATCH):
        found.add(name.decode().removeprefix(prefix))
        if len(found) == limit:
            break
    return found


async def _unlink(client: Any, begins: str) -> int:
    names: list[bytes] = []
    removed = 0
    async for name in client.scan_iter(match=_pattern(begins), count=_BATCH):
        names.append(name)
        if len(names) == _BATCH:
            removed += await client.unlink(*names)
            names.clear()
    return removed + (await client.unlink(*names) if names else 0)


def _pattern(begins: str) -> str:
    return _PATTERN_SIGNS.sub(r"\\\1", begins) + "*"


def _ms(key: str, ttl_s: float | None) -> int:
    checked = checked_ttl(key, ttl_s)
    return 0 if checked is None else max(1, round(checked * 1000))
