"""Carrying: what a live answer has in the place of a recorded value, and texts that differ only by such values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from recorder.graph import Node
from recorder.leaves import request_leaves, response_leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cassettes.cassette import Interaction

_SAID: Final = re.compile(r"(?=\S*\d)\S{6,}")
"""A value that somebody made: short words are equal by accident."""
_BEFORE: Final = 24
_AFTER: Final = 8
_SHORT: Final = 3
"""Values that are not longer stand in other values by accident."""
_MADE: Final = re.compile(r"[\w-]*\d[\w-]*")


def links(interactions: Iterable[Interaction]) -> Iterator[tuple[Node, Node]]:
    """Give, for values of requests that an earlier answer of the session told first, the answer's place and theirs.

    Provenance leaves out what stands nearly everywhere, as the one id does that a short session is all about.
    """
    told: dict[tuple[str, str], Node] = {}
    own: set[tuple[str, str]] = set()
    for interaction in interactions:
        exchange = interaction.exchange
        for leaf in request_leaves(exchange.request):
            key = (interaction.session, leaf.value)
            if key not in told:
                own.add(key)
            elif not leaf.place.startswith("request.headers."):
                yield told[key], Node(interaction.number, leaf.place)
        for leaf in response_leaves(exchange.response) if exchange.response is not None else ():
            key = (interaction.session, leaf.value)
            if _SAID.fullmatch(leaf.value) and key not in own:
                told.setdefault(key, Node(interaction.number, leaf.place))


def carried(target: str, was: str, now: str) -> tuple[str, str, str] | None:
    """Give what to send in the place of a recorded value that came from an answer: the text, and the pair in it.

    `was` is what the answer told, `now` what it tells in the live run. The target is that, or holds it, or is a part of
    it: a code in a message is found by the words around it. None where it is in neither.
    """
    if was and was in target:
        return target.replace(was, now), was, now
    place = was.find(target) if target else -1
    if place < 0:
        return None
    if target in now:
        return target, target, target
    end = place + len(target)
    before, after = was[max(0, place - _BEFORE) : place], was[end : end + _AFTER]
    found = re.search(f"{re.escape(before)}([^\\s\"'<>,;]+?){re.escape(after) if after else chr(92) + 'Z'}", now)
    return (found[1], target, found[1]) if found else None


def stands_for(recorded: str, live: str, known: Mapping[str, str]) -> bool:
    """Tell whether a live text is the recorded one with known values in the place of theirs, or a path with those."""
    text = known.get(recorded, recorded)
    for was, now in known.items():
        text = text.replace(was, now) if len(was) > _SHORT and now not in text else text
    if text == live:
        return True
    ones, others = recorded.split("/"), live.split("/")
    return len(ones) == len(others) > 1 and all(
        known.get(one, one) == other for one, other in zip(ones, others, strict=True)
    )


def differs_by_codes(recorded: str, live: str) -> bool:
    """Tell whether two texts are the same but for what has digits, each as long as the other."""
    pairs = zip(_MADE.findall(recorded), _MADE.findall(live), strict=False)
    return _MADE.sub("#", recorded) == _MADE.sub("#", live) and all(len(one) == len(other) for one, other in pairs)


def is_same_set(recorded: str, live: str) -> bool:
    """Tell whether two header lines list the same, in whatever order, as `Allow` and `Vary` do."""
    one, other = (sorted(part.strip().lower() for part in line.split(",")) for line in (recorded, live))
    return one == other
