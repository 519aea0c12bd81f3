"""A walk: how a text is taken apart, layer by layer, down to the values in it; what is done with them is its kind's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from sanitizers.edit import settle
from sanitizers.errors import UnreadableBodyError
from sanitizers.layers import LAYERS, credentials
from sanitizers.layers.running_text import embedded
from sanitizers.layers.url import target_edits

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanitizers.edit import Edit
    from sanitizers.layers.escapes import Escapes
    from sanitizers.rule import Judgement, Place

MAX_DEPTH: Final = 8
_EFFORT: Final = 64  # characters looked at per character of the whole, over all layers, before a text counts as hostile
_FREE_EFFORT: Final = 1 << 22


class Walk(ABC):
    """Takes one piece (a header's value, a target, a body) apart and gives the edits that it needs.

    A walk is made for one exchange and used by one thread. `thorough` walks look at every value, others only at
    those that are `curious`, and of JSON values at those of `shortest` characters at least. Those that `unpack` look
    into every base64 and hexadecimal text, others only into JSON in base64, which tokens are made of.
    """

    thorough = False
    shortest = 6
    unpacks = True

    def __init__(self) -> None:
        self._effort = _FREE_EFFORT

    def begin(self, size: int) -> None:
        """Grant the effort for a piece of `size` characters."""
        self._effort = _FREE_EFFORT + _EFFORT * size

    @abstractmethod
    def curious(self, text: str) -> bool:
        """Say whether a text without a telling name could hold anything; must be fast."""

    @abstractmethod
    def telling(self, place: Place, name: str, /) -> bool:
        """Say whether a name at this place could decide about its value."""

    @abstractmethod
    def named(self, place: Place, name: str, text: str, depth: int = 0, /) -> list[Edit]:
        """Give the edits of a decoded value that has a name."""

    @abstractmethod
    def whole(self, judgement: Judgement, text: str, depth: int = 0, /) -> list[Edit]:
        """Give the edits of a value that a layer itself knows to be of a kind."""

    @abstractmethod
    def plain(self, text: str, depth: int = 0, /) -> list[Edit]:
        """Give the edits of a text by what stands in it, without taking it apart."""

    @abstractmethod
    def keep(self, raw: str, made: str, /) -> str:
        """Take note that `made`, which a layer had to fit into its place, stands for `raw`."""

    def member(self, text: str, depth: int = 0) -> list[Edit]:
        """Give the edits of the name of a JSON member or of a parameter."""
        return self.value(text, depth)

    def target(self, text: str) -> list[Edit]:
        """Give the edits of a request target."""
        return target_edits(text, self, 0)

    def header(self, name: str, text: str) -> list[Edit]:
        """Give the edits of a header's value; `name` is in lower case."""
        if name == "cookie":
            return credentials.cookies(text, self, 0)
        if name == "set-cookie":
            return credentials.set_cookie(text, self, 0)
        return self.named("header", name, text)

    def located(self, _steps: tuple[str | int, ...], /) -> Judgement | None:
        """Say what the profile's own rules want of the value at this place of a JSON document."""
        return None

    def value(self, text: str, depth: int = 0) -> list[Edit]:
        """Give the edits of a decoded text of unknown content."""
        if not self.curious(text):
            return []
        self._effort -= len(text)
        if self._effort < 0:
            raise UnreadableBodyError(
                "The content nests encodings so often that it cannot be searched in reasonable time."
            )
        if depth >= MAX_DEPTH:
            return settle(self.plain(text, depth))
        for recognises, edits in LAYERS:
            if recognises(text):
                return edits(text, self, depth)
        return embedded(text, self, depth)

    def coded(self, escapes: Escapes, raw: str, depth: int, inner: Callable[[str, int], list[Edit]]) -> list[Edit]:
        """Give the edits of a `raw` text whose characters may be written as escapes."""
        if escapes.present(raw) is None:
            return inner(raw, depth)
        return escapes.outward(inner(escapes.decode(raw), depth + 1), raw)
