"""The functions that expressions may call by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Any, Final
from urllib.parse import quote, unquote

from gateway.context import Context
from gateway.templates import amounts, dates, digests, objects
from gateway.templates.budget import Budget, bounded, bounded_items
from gateway.templates.errors import ExpressionError
from gateway.templates.sample import sample
from gateway.templates.values import JsonText, as_json, plain, text, whole

_ALPHABET: Final = ascii_letters + digits
_SPREAD: Final = (_ALPHABET * 5)[:256].encode()  # each byte's letter or digit
_LONGEST: Final = 1024
_OF_QUERIES: Final = "&=#+%"  # what is escaped in a name or value of a query, whatever a template says
_UUID_VERSION: Final = 0x4 << 76 | 0x2 << 62  # RFC 9562: version 4, variant 10
_UUID_RANDOM: Final = ~(0xF << 76 | 0x3 << 62)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the table.

    `takes` names what it is given before the written arguments: `c` the context, `b` the budget. `cost` is in steps.
    `gives` is what is known of its result: `plain` (text that needs no escaping), `text`, `int`, `json` or `any`.
    `solid` says that it is never absent.
    """

    call: Callable[..., Any]
    takes: tuple[str, ...] = ()
    cost: int = 10
    gives: str = "any"
    waits: bool = False
    solid: bool = True


def uuid(context: Context) -> str:
    """Give a random UUID (RFC 9562, version 4)."""
    made = f"{context.random.getrandbits(128) & _UUID_RANDOM | _UUID_VERSION:032x}"
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"


def random_token(context: Context, n: Any = 32) -> str:
    """Give `n` random letters and digits."""
    return context.random.randbytes(_length(n)).translate(_SPREAD).decode()


def random_string(context: Context, n: Any = 16, alphabet: Any = _ALPHABET) -> str:
    """Give `n` random characters of an alphabet, which is letters and digits."""
    if not isinstance(alphabet, str) or not alphabet:
        raise ExpressionError("the alphabet is a text of at least one character")
    return "".join(context.random.choices(alphabet, k=_length(n)))


def random_hex(context: Context, n: Any = 32) -> str:
    """Give `n` random hexadecimal digits."""
    length = _length(n)
    return f"{context.random.getrandbits(4 * length):0{length}x}" if length else ""


def _length(n: Any) -> int:
    length = whole(n, "a length")
    if not 0 <= length <= _LONGEST:
        raise ExpressionError(f"a random text has 0 to {_LONGEST} characters")
    return length


def random_int(context: Context, low: Any = 0, high: Any = 2_147_483_647) -> int:
    """Give a random whole number from `low` to `high`, both included."""
    least, most = whole(low, "random_int"), whole(high, "random_int")
    if least > most:
        raise ExpressionError("random_int takes the smaller number first")
    return context.random.randint(least, most)


def random_float(context: Context, low: Any = 0.0, high: Any = 1.0, digits: Any = None) -> float:
    """Give a random fraction from `low` to `high`, rounded to `digits` where they are given."""
    for bound in (low, high):
        if type(bound) not in (int, float):
            raise ExpressionError("random_float takes two numbers")
    made = context.random.uniform(low, high)
    return made if digits is None else round(made, max(0, min(whole(digits, "digits"), 15)))


def random_choice(context: Context, *options: Any) -> Any:
    """Give one of the arguments, or of the one list that is given."""
    chosen = options[0] if len(options) == 1 and isinstance(options[0], list | tuple) else options
    if not chosen:
        raise ExpressionError("random_choice needs something to choose from")
    return context.random.choice(chosen)


def as_recorded(context: Context, value: Any, known: Any) -> Any:
    """Give a value as recordings of this home have it: its pseudonym, where that is one of those known, else itself."""
    if not isinstance(known, list | tuple | dict):
        raise ExpressionError("as_recorded takes a value and the list of those that were recorded")
    if not isinstance(value, str) or value in known:
        return value
    made = context.stand_in(value)
    return made if made in known else value


def random_regex(context: Context, budget: Budget, pattern: Any) -> str:
    """Give a random text that the pattern matches."""
    made = sample(text(budget, pattern), context.random)
    budget.spend(10 * len(made))
    return made


def whole_numbers(budget: Budget, *bounds: Any) -> list[int]:
    """Give the whole numbers of a range: `range(stop)`, `range(start, stop)`, `range(start, stop, step)`."""
    if not 1 <= len(bounds) <= 3:
        raise ExpressionError("range takes one to three numbers")
    numbers = [whole(one, "range") for one in bounds]
    if len(numbers) == 3 and numbers[2] == 0:
        raise ExpressionError("the step of a range is not zero")
    made = range(*numbers)
    bounded_items(max(0, (made.stop - made.start) // made.step))
    budget.spend(len(made))
    return list(made)


def url_encode(budget: Budget, value: Any, safe: Any = "") -> str:
    """Give a text with everything escaped that cannot stand in a part of a URL, but for the `safe` characters."""
    shown = text(budget, value)
    bounded(len(shown) * 3)
    budget.read(16 * len(shown))
    return quote(shown, safe=text(budget, safe)[:100], errors="replace")


def url_decode(budget: Budget, value: Any) -> str:
    """Give a text with the escapes of a URL resolved."""
    shown = text(budget, value)
    bounded(len(shown))
    budget.read(16 * len(shown))
    return unquote(shown, errors="replace")


def url_with(
    context: Context,
    budget: Budget,
    parameters: Any,
    absolute: Any = True,
    sort: Any = False,
    drop: Any = (),
    safe: Any = "",
) -> str:
    """Give the request's URL with these query parameters, each in the place of its namesake or after the others.

    With `sort` all are in the order of their names, with `last` these come after the others; those named in `drop` are
    left out.
    The signs in `safe`, of those that can be seen, are written as they are, also where they would be escaped.
    """
    if not isinstance(parameters, dict):
        raise ExpressionError("url_with takes an object of parameters: url_with({'page': 2})")
    view = context.view
    given = {name: text(budget, value) for name, value in parameters.items() if value is not None}
    pairs: list[tuple[str, str]] = []
    for name, values in view.query.items():
        pairs += [(name, given[name])] if name in given else [(name, value) for value in values]
    pairs += [(name, value) for name, value in given.items() if name not in view.query]
    pairs = [pair for pair in pairs if pair[0] not in plain(drop)] if drop else pairs
    if sort:
        pairs.sort(key=lambda pair: pair[0] in given if sort == "last" else pair[0])
    budget.read(sum(len(name) + len(value) for name, value in pairs))
    path = view.request.path.decode("latin-1")
    start = f"{view.request.scheme}://{view.header('host') or ''}" if absolute else ""
    plainly = "".join(sign for sign in text(budget, safe) if "!" <= sign <= "~" and sign not in _OF_QUERIES)
    query = "&".join(f"{quote(name, safe=plainly)}={quote(value, safe=plainly)}" for name, value in pairs)
    return f"{start}{path}?{query}" if query else f"{start}{path}"


def json(budget: Budget, value: Any) -> JsonText:
    """Give a value as JSON."""
    return JsonText(as_json(budget, plain(value)))


def merged(**fields: Any) -> dict[str, Any]:
    """Give an object of the named arguments: `dict(a=1)`."""
    return fields


async def inc(context: Context, budget: Budget, key: Any, by: Any = 1) -> int:
    """Add to a counter of the state and give its new value."""
    return await context.state.incr(text(budget, key), whole(by, "inc"))


_CB: Final = ("c", "b")
FUNCTIONS: Final[dict[str, Function]] = {
    "base64": Function(digests.encode_base64, ("b",), 20, "text"),
    "base64_decode": Function(digests.decode_base64, ("b",), 20, "text"),
    "between": Function(amounts.between, ("b",), 20),
    "date": Function(dates.date, (), 60),
    "days": Function(dates.days, (), 60),
    "weekdays": Function(dates.weekdays, (), 60),
    "dict": Function(merged),
    "dig": Function(objects.dig, ("b",), 20, solid=False),
    "drop_rows": Function(objects.drop_rows, ("b",), 20),
    "find": Function(objects.find, ("b",), 20),
    "as_recorded": Function(as_recorded, ("c",), 80, solid=False),
    "from_pairs": Function(objects.from_pairs, ("b",), 20),
    "groups": Function(amounts.groups, ("b",), 20),
    "hash": Function(digests.hash, ("b",), 30, "text"),
    "hmac": Function(digests.hmac, ("b",), 60, "text"),
    "inc": Function(inc, _CB, 50, "int", waits=True),
    "json": Function(json, ("b",), 10, "json"),
    "json_patch": Function(objects.json_patch, ("b",), 50),
    "scim_patch": Function(objects.scim_patch, ("b",), 50),
    "jwt": Function(digests.jwt, ("b",), 120, "plain"),
    "keep_rows": Function(objects.keep_rows, ("b",), 20),
    "lapsed": Function(dates.lapsed, _CB, 40),
    "mean": Function(amounts.mean, ("b",), 20),
    "merge": Function(objects.merge, ("b",), 10),
    "merge_patch": Function(objects.merge_patch, ("b",), 20),
    "net": Function(amounts.net, ("b",), 20),
    "now": Function(dates.now, ("c",), 60),
    "on_days": Function(dates.on_days, ("b",), 20),
    "overlapping": Function(objects.overlapping, ("b",), 20),
    "parse_json": Function(objects.parse_json, ("b",), 20),
    "pick": Function(objects.pick, ("b",), 10),
    "put_rows": Function(objects.put_rows, ("b",), 20),
    "random_choice": Function(random_choice, ("c",), 20),
    "random_float": Function(random_float, ("c",), 20),
    "random_hex": Function(random_hex, ("c",), 20, "plain"),
    "random_int": Function(random_int, ("c",), 20, "int"),
    "random_regex": Function(random_regex, _CB, 500, "text"),
    "random_string": Function(random_string, ("c",), 150, "text"),
    "random_token": Function(random_token, ("c",), 150, "plain"),
    "running": Function(amounts.running, ("b",), 20),
    "range": Function(whole_numbers, ("b",), 20),
    "rows_in": Function(objects.rows_in, ("b",), 20),
    "total": Function(objects.total, ("b",), 20),
    "unfold": Function(amounts.unfold, ("b",), 20),
    "url": Function(url_encode, ("b",), 20, "text"),
    "url_decode": Function(url_decode, ("b",), 20, "text"),
    "url_encode": Function(url_encode, ("b",), 20, "text"),
    "url_with": Function(url_with, _CB, 60, "text"),
    "uuid": Function(uuid, ("c",), 10, "plain"),
    "without": Function(objects.without, ("b",), 10),
    "xml_object": Function(objects.xml_object, ("b",), 20, solid=False),
    "xml_text": Function(objects.xml_text, ("b",), 50, "text"),
}
"""`now()` without arguments is compiled to `dates.now_iso`; `faker`, `state` and `resource` are compiled by name."""
