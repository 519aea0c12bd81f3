"""Faults of the synthesis itself: a step that fails is left out, and ends nothing else.

A recording of hours must not come to nothing because one explanation met a value that nobody had thought of.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from recorder.errors import RecorderError

Given = ParamSpec("Given")
Kind = TypeVar("Kind")

CAUGHT: Final[tuple[type[Exception], ...]] = (Exception,)


class Faults:
    """What failed in a pass; `told` has a sentence of each, for people and for those who mend it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def guarded(
        self, what: str, instead: Kind, step: Callable[Given, Kind], *args: Given.args, **kwargs: Given.kwargs
    ) -> Kind:
        """Give what a step gives, or what stands in its place where the step fails; `what` it finds is told."""
        try:
            return step(*args, **kwargs)
        except RecorderError:  # meant for the person who asked
            raise
        except CAUGHT as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.told.append(
                f"{what}: left out, since the synthesis failed there ({type(error).__name__}: {error}, in "
                f"{Path(place.filename).name}, line {place.lineno}): please report this"
            )
            return instead
