"""What a script sees: the request and the answer as plain values, and the functions that it can call."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import string
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from random import Random
from typing import Any, Final

import orjson

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from gateway.context import Context
from gateway.script import Function, ScriptAnswer
from gateway.scripts.plain import Room, UnfitError, plain
from gateway.view import MISSING

BODY_BYTES: Final = 1 << 20
ARGUMENT_VALUES: Final = 10_000
ARGUMENT_BYTES: Final = 1 << 20
LOG_LINES: Final = 100
LOG_CHARACTERS: Final = 1000
VARIABLES: Final = 100
_ALPHABET: Final = string.ascii_letters + string.digits
_TOKEN_CHARACTERS: Final = 4096
_DIGESTS: Final = ("sha256", "sha1", "sha512", "md5")


def inputs(context: Context, response: ScriptAnswer | None) -> dict[str, Any]:
    """Give the values that stand in a script under their names."""
    given: dict[str, Any] = {
        "request": _request(context),
        "route": context.route,
        "keys": list(context.keys),
        "scenario": dict(context.scenario),
        "vars": dict(context.variables),
    }
    if response is not None:
        given["response"] = _response(response)
    return given


def _request(context: Context) -> dict[str, Any]:
    view = context.view
    small = len(view.body) <= BODY_BYTES
    return {
        "method": view.request.method,
        "path": view.path,
        "path_params": dict(view.path_params),
        "query": _once(view.query),
        "headers": _once(view.headers),
        "cookies": dict(view.cookies),
        "client": view.request.client,
        "json": _shown_json(view.json) if small else None,
        "form": _once(view.form) if small else {},
        "text": view.text if small else None,
        "too_large": not small,
    }


def _response(response: ScriptAnswer) -> dict[str, Any]:
    try:
        body = decode(content_codings(response.headers), response.body)
    except DecodingError:
        body = response.body
    small = len(body) <= BODY_BYTES
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return {
        "status": response.status,
        "headers": _once(headers),
        "body": body.decode("utf-8", "replace") if small else None,
        "json": _read_json(body) if small else None,
        "too_large": not small,
    }


def _once(grouped: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """Give what stands once as a text, what repeats as a list."""
    return {name: values[0] if len(values) == 1 else list(values) for name, values in grouped.items()}


def _read_json(body: bytes) -> Any:
    try:
        return _shown_json(orjson.loads(body)) if body else None
    except orjson.JSONDecodeError:
        return None


def _shown_json(value: Any) -> Any:
    """Give None for what is not JSON, or would take long to hand over: the script has `text`, and `import json`."""
    if value is MISSING:
        return None
    try:
        return plain(value, Room(ARGUMENT_VALUES, BODY_BYTES))
    except UnfitError:
        return None


def functions(context: Context, log: list[str]) -> dict[str, Function]:
    """Give what a script can call; `log` takes what it logs. Arguments are measured before they are used."""
    known = {**_state(context), **_resources(context), **_chance(context.random), **_DIGESTING}
    known["now"] = lambda offset_s=0: _now(context.clock, offset_s)
    known["json_dumps"] = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    known["log"] = lambda text: _log(log, text)
    known["set_var"] = lambda name, value: _set_variable(context.variables, name, value)
    return {name: _measured(name, function) for name, function in known.items()}


def _measured(name: str, function: Function) -> Function:
    # Python's own message about wrong arguments shows this name.
    function.__qualname__ = name

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        room = Room(ARGUMENT_VALUES, ARGUMENT_BYTES)
        return function(*plain(args, room), **plain(kwargs, room))

    return call


def _state(context: Context) -> dict[str, Function]:
    state = context.state

    async def get(key: str, default: Any = None) -> Any:
        return _or_none(await state.get(_name(key), default))

    async def put(key: str, value: Any, ttl: float | None = None) -> None:
        await state.set(_name(key), value, _seconds(ttl))

    async def delete(key: str) -> bool:
        return await state.delete(_name(key))

    async def incr(key: str, by: int = 1, ttl: float | None = None) -> int:
        return await state.incr(_name(key), _whole(by), _seconds(ttl))

    async def cas(key: str, expected: Any, value: Any) -> bool:
        return await state.cas(_name(key), expected, value)

    async def push(key: str, value: Any) -> int:
        return await state.push(_name(key), value)

    async def pop(key: str) -> Any:
        return _or_none(await state.pop(_name(key)))

    async def items(key: str) -> list[Any]:
        return list(await state.items(_name(key)))

    return {
        "state.get": get,
        "state.set": put,
        "state.delete": delete,
        "state.incr": incr,
        "state.cas": cas,
        "state.push": push,
        "state.pop": pop,
        "state.items": items,
    }


def _resources(context: Context) -> dict[str, Function]:
    resources = context.resources

    async def read(name: str, item_id: str) -> Any:
        return await resources.read(_name(name), str(item_id))

    async def every(name: str) -> list[Any]:
        return await resources.all(_name(name))

    return {"resource.read": read, "resource.all": every}


def _chance(random: Random) -> dict[str, Function]:
    def token(length: int = 32) -> str:
        if not 1 <= _whole(length) <= _TOKEN_CHARACTERS:
            raise UnfitError(f"random_token gives 1 to {_TOKEN_CHARACTERS} characters")
        return "".join(random.choices(_ALPHABET, k=length))

    return {
        "random_int": lambda low, high: random.randint(_whole(low), _whole(high)),
        "random_token": token,
        "uuid": lambda: str(uuid.UUID(int=random.getrandbits(128), version=4)),
    }


def _now(clock: Callable[[], float], offset_s: Any) -> str:
    at = datetime.fromtimestamp(clock(), UTC) + timedelta(seconds=_seconds(offset_s) or 0.0)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hash(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(_digest(algorithm), _name(text).encode(), usedforsecurity=False).hexdigest()


def _hmac(key: str, text: str, algorithm: str = "sha256") -> str:
    return hmac.new(_name(key).encode(), _name(text).encode(), _digest(algorithm)).hexdigest()


_DIGESTING: Final[dict[str, Function]] = {
    "hash": _hash,
    "hmac": _hmac,
    "base64": lambda text: base64.b64encode(_name(text).encode()).decode(),
}


def _log(log: list[str], text: Any) -> None:
    if len(log) < LOG_LINES:
        log.append((text if isinstance(text, str) else str(text))[:LOG_CHARACTERS])


def _set_variable(variables: dict[str, Any], name: Any, value: Any) -> None:
    if not _name(name).isidentifier():
        raise UnfitError("the name of a variable is letters, digits and underscores")
    if name not in variables and len(variables) >= VARIABLES:
        raise UnfitError(f"there are {VARIABLES} variables already, which are the most")
    variables[name] = value


def _digest(algorithm: Any) -> str:
    if algorithm not in _DIGESTS:
        raise UnfitError(f"the algorithm is one of {', '.join(_DIGESTS)}")
    return str(algorithm)


def _name(key: Any) -> str:
    if not isinstance(key, str):
        raise UnfitError(f"a text is expected, not a {type(key).__name__}")
    return key


def _whole(number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise UnfitError(f"a whole number is expected, not a {type(number).__name__}")
    return number


def _seconds(number: Any) -> float | None:
    if number is None:
        return None
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise UnfitError(f"a number of seconds is expected, not a {type(number).__name__}")
    return float(number)


def _or_none(value: Any) -> Any:
    return None if value is MISSING else value
