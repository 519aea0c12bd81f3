"""Filters and methods of texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from gateway.templates.budget import Budget, bounded, bounded_items
from gateway.templates.errors import ExpressionError
from gateway.templates.values import text, whole
from recorder.media_types import media_type_of
from recorder.slug import slugged

_PATTERN: Final = 1000
_REPLACED: Final = 65_536
_INSTEAD: Final = 200


def bounded_read(budget: Budget, value: str, growth: int = 1) -> None:
    """Take what a text made of this one costs; raises ExpressionError where it could be too long."""
    bounded(len(value) * growth)
    budget.read(len(value))


def _read(budget: Budget, value: Any) -> str:
    shown = str(text(budget, value))
    bounded_read(budget, shown)
    return shown


def upper(budget: Budget, value: Any) -> str:
    """Give the text in capitals."""
    return _read(budget, value).upper()


def lower(budget: Budget, value: Any) -> str:
    """Give the text in small letters."""
    return _read(budget, value).lower()


def capitalize(budget: Budget, value: Any) -> str:
    """Give the text with its first letter a capital, the others small."""
    return _read(budget, value).capitalize()


def title(budget: Budget, value: Any) -> str:
    """Give the text with a capital at each word's beginning, the other letters small."""
    made = []
    starts = True
    shown = _read(budget, value)
    budget.read(16 * len(shown))
    for char in shown:
        made.append(char.upper() if starts else char.lower())
        starts = char.isspace() or char in "-([{<"
    return "".join(made)


def slug(budget: Budget, value: Any, separator: Any = "-") -> str:
    """Give the text as it stands in addresses: small letters and digits, `separator` between words, no accents."""
    between = str(text(budget, separator))
    shown = _read(budget, value)
    budget.read(16 * len(shown))
    bounded(len(shown) * 4 * max(1, len(between)))
    return slugged(shown, between)


def media_type(budget: Budget, value: Any) -> str | None:
    """Give the media type of a file of this name, none where its ending tells of none."""
    return media_type_of(_read(budget, value))


def trim(budget: Budget, value: Any, chars: Any = None) -> str:
    """Give the text without white space, or those characters, around it."""
    return _read(budget, value).strip(_chars(chars))


def trim_left(budget: Budget, value: Any, chars: Any = None) -> str:
    """Give the text without white space, or those characters, before it."""
    return _read(budget, value).lstrip(_chars(chars))


def trim_right(budget: Budget, value: Any, chars: Any = None) -> str:
    """Give the text without white space, or those characters, after it."""
    return _read(budget, value).rstrip(_chars(chars))


def _chars(chars: Any) -> str | None:
    if chars is None or (isinstance(chars, str) and len(chars) <= 100):
        return chars
    raise ExpressionError("the characters to trim are a text of at most 100")


def replace(budget: Budget, value: Any, old: Any, new: Any, count: Any = None) -> str:
    """Replace a text in the text, everywhere or `count` times."""
    shown, wanted, instead = _read(budget, value), text(budget, old), text(budget, new)
    times = shown.count(wanted)
    if count is not None:
        times = min(times, max(0, whole(count, "replace")))
    made = len(shown) + times * (len(instead) - len(wanted))
    bounded(made)
    budget.read(made)
    return shown.replace(wanted, instead, times)


def truncate(
    budget: Budget, value: Any, length: Any = 255, killwords: Any = False, end: Any = "...", leeway: Any = 5
) -> str:
    """Cut the text to a length that includes `end`, at the last space before it unless `killwords`."""
    shown, most, tail = _read(budget, value), whole(length, "truncate"), text(budget, end)
    if len(shown) <= most + whole(leeway, "truncate"):
        return shown
    if most < len(tail):
        raise ExpressionError("truncate needs a length of at least that of its end")
    kept = shown[: most - len(tail)]
    return (kept if killwords else kept.rsplit(" ", 1)[0]) + tail


def split(budget: Budget, value: Any, separator: Any = None, most: Any = -1) -> list[str]:
    """Give the parts between separators, which are white space where none is given."""
    shown = _read(budget, value)
    if separator is not None and (not isinstance(separator, str) or not separator):
        raise ExpressionError("split needs a separator of at least one character")
    limit = whole(most, "split")
    # One more than the limit of items tells whether it is passed, without making them all.
    parts = shown.split(separator, limit if 0 <= limit <= 10_000 else 10_000)
    bounded_items(len(parts))
    budget.spend(len(parts))
    return parts


def lines(budget: Budget, value: Any) -> list[str]:
    """Give the text's lines."""
    shown = _read(budget, value)
    bounded_items(shown.count("\n") + shown.count("\r"))
    return shown.splitlines()[:10_000]


def joined_by(budget: Budget, items: list[str], between: str) -> str:
    """Join texts."""
    length = sum(map(len, items)) + len(between) * max(0, len(items) - 1)
    bounded(length)
    budget.read(length)
    return between.join(items)


def starts_with(budget: Budget, value: Any, start: Any) -> bool:
    """Whether the text begins so."""
    return text(budget, value).startswith(text(budget, start))


def ends_with(budget: Budget, value: Any, end: Any) -> bool:
    """Whether the text ends so."""
    return text(budget, value).endswith(text(budget, end))


def find(budget: Budget, value: Any, part: Any) -> int:
    """Give where the part begins, from 0, or -1."""
    shown, wanted = text(budget, value), text(budget, part)
    budget.read(len(shown) + len(wanted))
    return shown.find(wanted)


def occurrences(budget: Budget, value: Any, part: Any) -> int:
    """Give how often the part is in the text."""
    shown, wanted = text(budget, value), text(budget, part)
    budget.read(len(shown) + len(wanted))
    return shown.count(wanted)


def word_count(budget: Budget, value: Any) -> int:
    """Give the number of words."""
    shown = _read(budget, value)
    budget.read(4 * len(shown))
    return len(shown.split())


def zero_filled(budget: Budget, value: Any, width: Any) -> str:
    """Give the text with zeros before it up to a width of at most 100."""
    size = whole(width, "zfill")
    if size > 100:
        raise ExpressionError("zfill fills up to 100 characters")
    return _read(budget, value).zfill(size)


def regex_search(budget: Budget, value: Any, pattern: Any, group: Any = 0) -> Any:
    """Give what an RE2 pattern finds in the text (a group of it by number or name), or null."""
    shown = _read(budget, value)
    budget.read(16 * len(shown))
    found = _compiled(text(budget, pattern)).search(shown)
    try:
        return found.group(group) if found else None
    except (IndexError, TypeError, KeyError):
        raise ExpressionError("the pattern has no such group") from None


def regex_replace(budget: Budget, value: Any, pattern: Any, new: Any) -> str:
    r"""Replace what an RE2 pattern finds; \1 in the new text is the first group."""
    shown, instead = _read(budget, value), text(budget, new)
    if len(shown) > _REPLACED or len(instead) > _INSTEAD:
        raise ExpressionError(f"regex_replace takes a text of at most {_REPLACED} characters and a new of {_INSTEAD}")
    budget.read(64 * len(shown))
    try:
        made = _compiled(text(budget, pattern)).sub(instead, shown, count=1000)
    except (IndexError, TypeError, ValueError, KeyError):
        raise ExpressionError(r"the new text refers to a group that the pattern does not have") from None
    bounded(len(made))
    return str(made)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import re2

    if len(pattern) > _PATTERN:
        raise ExpressionError(f"a pattern has at most {_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error:
        raise ExpressionError("this is not a pattern of RE2, which has no look-around and no back-references") from None


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "capitalize": capitalize,
    "lower": lower,
    "media_type": media_type,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
    "replace": replace,
    "slug": slug,
    "split": split,
    "title": title,
    "trim": trim,
    "truncate": truncate,
    "upper": upper,
    "wordcount": word_count,
    "zfill": zero_filled,
}
