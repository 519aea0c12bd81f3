"""What a service held at each moment of a recorded session, as far as its answers show."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from recorder.synthesis.samples.values import MISSING

_WRITTEN: Final = re.compile(r"0|[1-9]\d{0,14}")


class Timeline:
    """The items of all collections through one session.

    A moment is the place of an interaction in its session; what an interaction changes is there from the next moment
    on. Moment -1 is before the session: what was seeded.
    """

    __slots__ = ("_aside", "_versions")

    def __init__(self) -> None:
        self._versions: dict[str, dict[str, list[tuple[int, Any]]]] = {}
        self._aside: set[str] = set()

    def set_aside(self, collection: str) -> None:
        """Have a collection be looked up where it is asked for, and not be looked for."""
        self._aside.add(collection)

    def put(self, collection: str, key: str, item: Any, moment: int) -> None:
        """Have an item under a key after this moment; MISSING removes it."""
        keys = self._versions.setdefault(collection, {})
        history = keys.get(key)
        if history is None or history[-1][1] is MISSING:
            # An item that comes back comes last, as one that is new.
            history = [*keys.pop(key, []), (moment, item)] if history else [(moment, item)]
            keys[key] = history
        elif history[-1][0] == moment:
            history[-1] = (moment, item)
        else:
            history.append((moment, item))

    def end(self, collection: str, key: str, moment: int) -> None:
        """Have an item be gone after this moment, whatever was told of it later."""
        keys = self._versions.get(collection, {})
        if key in keys:
            keys[key] = [*(version for version in keys[key] if version[0] < moment), (moment, MISSING)]

    def change(self, collection: str, make: Callable[[Any], Any]) -> None:
        """Have all items of a collection be what is made of them, at every moment."""
        for key, history in self._versions.get(collection, {}).items():
            made = [(moment, item if item is MISSING else make(item)) for moment, item in history]
            self._versions[collection][key] = made

    def forget(self, collection: str) -> None:
        """Have a collection as if it had never been there."""
        self._versions.pop(collection, None)

    def get(self, collection: str, key: str, moment: int) -> Any:
        """Give the item as it was when the interaction of this moment came, or MISSING."""
        return _at(self._versions.get(collection, {}).get(key), moment)

    def put_all(self, collection: str, items: Mapping[str, Any], moment: int) -> None:
        """Note what items became in a moment, by their keys."""
        for key, item in items.items():
            self.put(collection, key, item, moment)

    def under(self, collection: str, prefix: str, moment: int) -> dict[str, Any]:
        """Give the items whose keys begin so, in the order in which they came."""
        found = {}
        for key, history in self._versions.get(collection, {}).items():
            if key.startswith(prefix):
                item = _at(history, moment)
                if item is not MISSING:
                    found[key] = item
        return found

    def ever(self, collection: str, key: str, moment: int) -> bool:
        """Tell whether there has been such an item before this moment."""
        history = self._versions.get(collection, {}).get(key)
        return history is not None and history[0][0] < moment

    def ever_held(self, collection: str) -> dict[str, Any]:
        """Give all items that there ever were, each as it was last."""
        held: dict[str, Any] = {}
        for key, history in self._versions.get(collection, {}).items():
            last = next((item for _, item in reversed(history) if item is not MISSING), MISSING)
            if last is not MISSING:
                held[key] = last
        return held

    def changed(self, collection: str, moment: int) -> bool:
        """Tell whether any item was put or removed in this moment."""
        return any(history[-1][0] == moment for history in self._versions.get(collection, {}).values())

    def names(self) -> list[str]:
        """Give the names of the collections, but for those that are set aside."""
        return [name for name in self._versions if name not in self._aside]

    def highest(self, collection: str, field: str, moment: int, *, held: bool = False) -> int:
        """Give the highest whole number that a field of any item had before this moment, 0 where none had one.

        Numbers may be written as texts. With `held`, only of the items that are there then.
        """
        if held:
            items = self.under(collection, "", moment).values()
            return max(_whole_numbers(items, field), default=0)
        histories = self._versions.get(collection, {}).values()
        versions = (item for history in histories for when, item in history if when < moment)
        return max(0, max(_whole_numbers(versions, field), default=0))

    def next_version(self, collection: str, key: str, moment: int) -> Any:
        """Give the item as it was right after this moment, or MISSING."""
        return _at(self._versions.get(collection, {}).get(key), moment + 1)


def whole_number(value: Any) -> int | None:
    """Give a whole number, also one written as text as it would be written again, or None."""
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _whole_numbers(items: Iterable[Any], field: str) -> Iterator[int]:
    for item in items:
        number = whole_number(item.get(field)) if isinstance(item, dict) else None
        if number is not None:
            yield number


def _at(history: list[tuple[int, Any]] | None, moment: int) -> Any:
    if not history or history[0][0] >= moment:
        return MISSING
    if history[-1][0] < moment:
        return history[-1][1]
    place = bisect_right(history, moment - 1, key=lambda version: version[0])
    return history[place - 1][1] if place else MISSING
