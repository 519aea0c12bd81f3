"""Standing rows: what some session saw though no call before could have made it was there from the beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Final

from recorder.synthesis.samples.values import canon, leaves
from recorder.synthesis.state.play import Found
from recorder.synthesis.terms.timeline import whole_number

_LEAST: Final = 2
_SEVERAL: Final = 3


def standing(unmade: Sequence[Found], unnamed: Sequence[Found] = ()) -> Callable[[Found], bool]:
    """Give what tells the rows that were there before, from those which no call could have made.

    `unnamed` are those that some call might have made, if it did so without saying what the row is called.
    """
    written = {_written(one) for one in unmade}
    named = _standing_names(unmade, _LEAST) | _standing_names([*unmade, *unnamed], _SEVERAL)
    return lambda one: _written(one) in written or (one.collection.name, one.key) in named


def _standing_names(found: Sequence[Found], least: int) -> set[tuple[str, str]]:
    """Give the collections and keys of rows that so many sessions saw though no call could have made them.

    They were there from the beginning, whatever was done with them since; numbers are of other rows elsewhere.
    """
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in found:
        if whole_number(one.key.rpartition("/")[2]) is None:
            seen[one.collection.name, one.key].add(one.session)
    return {name for name, sessions in seen.items() if len(sessions) >= least}


def _written(found: Found) -> tuple[str, str, Hashable]:
    """Give what is the same of a row in all sessions: its key and its texts, since numbers may count what was done."""
    texts = [(path, value) for path, value in leaves(found.item) if isinstance(value, str)]
    return found.collection.name, found.key, canon(found.item) if not texts else tuple(texts)
