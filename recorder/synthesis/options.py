"""Which steps of synthesis are taken: all, but for measuring what each is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

STEPS: Final = ("templates", "echo", "store", "links", "guards", "lists")


@dataclass(frozen=True, slots=True)
class Options:
    """The steps, each taken or not.

    `templates`: parameters in paths; `echo`: values from the request; `store`: collections; `links`: tickets and
    references to items; `guards`: conditions; `lists`: filters, order and pages.

    Beside the steps, `latency` has answers wait as long as the recorded ones did. Definitions of which
    less than the share `floor` of what they would accept was accepted are disabled, unless `keep_thin`.
    """

    templates: bool = True
    echo: bool = True
    store: bool = True
    links: bool = True
    guards: bool = True
    lists: bool = True
    latency: bool = False
    keep_thin: bool = False
    floor: float = 0.25

    def without(self, steps: Iterable[str]) -> Options:
        """Leave these steps out. Raises ValueError for one that does not exist."""
        made = self
        for step in steps:
            if step not in STEPS:
                raise ValueError(f"there is no step {step!r}; there are: {', '.join(STEPS)}")
            made = replace(made, **{step: False})
        return made
