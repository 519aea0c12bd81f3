"""Scripts run by pydantic-monty: an interpreter of a Python subset in worker processes that reach nothing."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from gateway.errors import ConfigError, GatewayError, ScriptError
from gateway.script import Function, Script, ScriptOutcome

MEMORY_BYTES: Final = 64 << 20
PRINTED_BYTES: Final = 64 << 10
CALLS: Final = 1000
RECURSION: Final = 200
WAITING: Final = 256
WAIT_S: Final = 2.0
# The interpreter looks at its own clock; what does not look (comparing what is shared a billion times) is killed later.
_GRACE_S: Final = 0.1
_SKIP: Final = "return\n"

# Messages of these are made of names and types; of others they may hold what was in the request.
_TOLD: Final = frozenset(
    {
        *("AttributeError", "ImportError", "IndexError", "MemoryError", "ModuleNotFoundError", "NameError"),
        *("NotImplementedError", "OverflowError", "RecursionError", "RuntimeError", "SyntaxError", "TimeoutError"),
        *("TypeError", "UnboundLocalError", "ZeroDivisionError"),
    }
)
_RAISED: Final = (TypeError, ValueError, LookupError, ArithmeticError)


class _Names(NamedTuple):
    """What a script can call: functions by name, and objects by the id under which their methods are asked for."""

    functions: Mapping[str, Function]
    objects: Mapping[Any, str]


class MontyEngine:
    """Runs each script in a fresh session of a pool of workers.

    `timeout_s` bounds a run twice: what it computes, and (a little later) all of it, the waiting for functions too.
    At most `waiting` runs wait for a worker. Raises ConfigError where the package is not installed.
    """

    def __init__(self, timeout_s: float = 0.2, *, workers: int = 2, waiting: int = WAITING) -> None:
        self._monty = _library()
        self._timeout_s = timeout_s
        self._workers = workers
        self._max_waiting = waiting
        self._waiting = 0
        self._free = asyncio.Semaphore(workers)
        self._starting = asyncio.Lock()
        self._pool: Any = None
        self._limits = {
            "max_feed_duration_secs": timeout_s,
            "max_memory": MEMORY_BYTES,
            "max_recursion_depth": RECURSION,
            "max_suspensions": CALLS,
            "max_total_sleep_secs": 0,
        }

    async def run(
        self,
        script: Script,
        functions: Mapping[str, Function],
        inputs: Mapping[str, Any],
        *,
        now: float | None = None,
        seed: int | None = None,
    ) -> ScriptOutcome:
        """Run a script; its value is a top-level `return`'s, or that of its last line."""
        printed = self._monty.CollectString(max_bytes=PRINTED_BYTES)
        policy = _policy(now, seed)
        async with self._turn(script):
            started = time.perf_counter()
            try:
                async with asyncio.timeout(self._timeout_s + _GRACE_S), self._session(script, policy) as session:
                    value = await self._drive(session, script.source, functions, inputs, printed)
            except TimeoutError:
                raise self._stopped(script, grace_s=_GRACE_S, why=", the functions that it called included") from None
            except self._monty.MontyError as error:
                raise self._told(script, error) from None
        return ScriptOutcome(value, printed.output, time.perf_counter() - started)

    async def check(self, script: Script) -> None:
        """Let the interpreter read the script, and leave before its first line."""
        skipped = Script(script.id, _SKIP + script.source, script.place)
        try:
            await self.run(skipped, {}, {})
        except ScriptError as error:
            raise ScriptError(script.id, error.reason, line=max(error.line - 1, 0)) from None

    async def close(self) -> None:
        """End the workers."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.__aexit__(None, None, None)

    # A worker for a run.

    @asynccontextmanager
    async def _turn(self, script: Script) -> AsyncIterator[None]:
        if self._free.locked() and self._waiting >= self._max_waiting:
            raise ScriptError(script.id, f"too many scripts are waiting ({self._waiting}); it did not run")
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_S):
                await self._free.acquire()
        except TimeoutError:
            reason = f"too many scripts are running: no worker was free within {WAIT_S:g} s; it did not run"
            raise ScriptError(script.id, reason) from None
        finally:
            self._waiting -= 1
        try:
            await self._start(script)
            yield
        finally:
            self._free.release()

    async def _start(self, script: Script) -> None:
        if self._pool is None:
            async with self._starting:
                if self._pool is None:
                    self._pool = await self._opened(script)

    async def _opened(self, script: Script) -> Any:
        pool = self._monty.AsyncMonty(
            min_processes=self._workers,
            max_processes=self._workers,
            checkout_timeout=WAIT_S,
            request_timeout=self._timeout_s + _GRACE_S,
            feed_duration_limit_grace=_GRACE_S,
        )
        try:
            await pool.__aenter__()
        except (OSError, self._monty.MontyError) as error:
            raise ScriptError(script.id, f"the interpreter cannot be started: {error}") from None
        return pool

    def _session(self, script: Script, policy: dict[str, Any]) -> Any:
        return self._pool.checkout(
            script_name=script.id, limits=self._limits, os_policy=policy, assert_message_annotations=False
        )

    # A run.

    async def _drive(
        self, session: Any, source: str, functions: Mapping[str, Function], inputs: Mapping[str, Any], printed: Any
    ) -> Any:
        names, given = self._bound(functions)
        step = await session.feed_start(source, inputs={**inputs, **given}, print_callback=printed)
        while not isinstance(step, self._monty.MontyComplete):
            if isinstance(step, self._monty.AsyncFunctionSnapshot):
                step = await self._answered(step, names)
            elif isinstance(step, self._monty.AsyncNameLookupSnapshot):
                step = await step.resume()
            else:
                pending = {"exc_type": "RuntimeError", "message": "there is nothing to wait for"}
                step = await step.resume(dict.fromkeys(step.pending_call_ids, pending))
        return step.output

    def _bound(self, functions: Mapping[str, Function]) -> tuple[_Names, dict[str, Any]]:
        given: dict[str, Any] = {}
        objects: dict[Any, str] = {}
        for name, function in functions.items():
            owner, dot, _ = name.partition(".")
            if not dot:
                given[name] = _named(name, function)
            elif owner not in given:
                given[owner] = instance = self._monty.ClassInstance(_objects(owner))
                objects[instance.id] = owner
        return _Names(functions, objects), given

    async def _answered(self, call: Any, names: _Names) -> Any:
        if call.is_os_function:
            return await call.resume_not_handled()
        owner = names.objects.get(call.object_id)
        name = call.function_name if owner is None else f"{owner}.{call.function_name}"
        function = names.functions.get(name)
        if function is None:
            return await call.resume(_unknown(owner, call.function_name, names.functions))
        try:
            value = function(*call.args, **call.kwargs)
            if inspect.isawaitable(value):
                value = await value
        except _RAISED as error:
            return await call.resume({"exception": error})
        except GatewayError as error:
            return await call.resume({"exc_type": "RuntimeError", "message": str(error)})
        return await call.resume({"return_value": value})

    # What went wrong, in a sentence.

    def _stopped(self, script: Script, *, grace_s: float = 0.0, why: str = "") -> ScriptError:
        return ScriptError(script.id, f"it was stopped after {(self._timeout_s + grace_s) * 1000:g} ms{why}")

    def _told(self, script: Script, error: Any) -> ScriptError:
        frame = _innermost(error)
        line = frame.line if frame else 0
        source_line = (frame.source_line or "") if frame else ""
        if getattr(error, "timed_out", False):
            return self._stopped(script, grace_s=_GRACE_S)
        if isinstance(error, self._monty.MontySyntaxError):
            return ScriptError(script.id, f"it cannot be read: {error}", line=line, source_line=source_line)
        kind, _, text = str(error).partition(": ")
        if kind == "TimeoutError" and text.startswith("feed time limit"):
            return self._stopped(script)
        if isinstance(error, self._monty.MontyCrashedError):
            return ScriptError(script.id, "its worker process died, and was replaced")
        return ScriptError(script.id, _reason(kind, text), line=line, source_line=source_line)


def _reason(kind: str, text: str) -> str:
    if kind == "MemoryError" and text.endswith(f"> {PRINTED_BYTES} bytes"):
        return f"it printed more than {PRINTED_BYTES >> 10} KiB"
    if kind == "MemoryError" and "memory limit" in text:
        return f"it needed more than {MEMORY_BYTES >> 20} MiB of memory"
    if kind == "RuntimeError" and text.startswith("suspension limit"):
        return f"it called functions more than {CALLS:,} times"
    if kind == "TimeoutError" and text.startswith("sleep limit"):
        return "it must not sleep; use delay_ms in the definition"
    if kind == "PermissionError":
        return "it must not open files"
    return f"{kind}: {text}" if text and kind in _TOLD else kind


def _innermost(error: Any) -> Any:
    frames = error.traceback() if hasattr(error, "traceback") else ()
    return frames[-1] if frames else None


def _unknown(owner: str | None, name: str, functions: Mapping[str, Function]) -> dict[str, Any]:
    if owner is None:
        return {"exc_type": "NameError", "message": f"name {name!r} is not defined"}
    known = sorted(known.partition(".")[2] for known in functions if known.startswith(f"{owner}."))
    message = f"{owner!r} has no function {name!r}; it has {', '.join(known)}"
    return {"exc_type": "AttributeError", "message": message}


def _policy(now: float | None, seed: int | None) -> dict[str, Any]:
    policy: dict[str, Any] = {}
    if now is not None:
        policy["datetime"] = datetime.fromtimestamp(now, UTC)
    if seed is not None:
        policy["random_start"] = {"seed": seed}
    return policy


def _named(name: str, function: Function) -> Function:
    """Give a function under the name that the script calls, which is the name the interpreter asks for."""

    def called(*_args: object, **_kwargs: object) -> object:
        raise AssertionError(function)

    called.__name__ = name
    return called


def _objects(owner: str) -> Any:
    """Give an empty object whose class has the name that messages show."""
    made = _CLASSES.get(owner)
    if made is None:
        made = _CLASSES[owner] = type(owner, (), {"__module__": __name__})
    return made()


_CLASSES: Final[dict[str, type]] = {}


def _library() -> Any:
    try:
        import pydantic_monty
    except ImportError:
        raise ConfigError(
            "scripts need pydantic-monty, which is not installed: pip install mimic-gateway[scripts]"
        ) from None
    return pydantic_monty
