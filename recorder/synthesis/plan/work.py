"""The work on a plan: as many processes as there are do what nobody has done or is doing, until all is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from recorder.synthesis.plan.folder import Folder
from recorder.synthesis.plan.stages import Stage

Watch: TypeAlias = Callable[[str, int, int], None]
"""Is told the title of a stage, how many of its files are done, and how many there are."""
_PAUSE_S: Final = 0.2


def carry_out(
    stages: Iterable[Stage], folder: Folder, watch: Watch, is_wanted: Callable[[], bool] = lambda: True
) -> bool:
    """Do what is left of a plan beside others that do so; False where it is not wanted any more before all is done."""
    for stage in stages:
        while left := folder.open_ones(stage.files):
            watch(stage.title, len(stage.files) - len(left), len(stage.files))
            if not _some_done(stage, left, folder, is_wanted):
                if not is_wanted():
                    return False
                time.sleep(_PAUSE_S)  # others are at all that is left; one that is killed leaves its own to be done
        watch(stage.title, len(stage.files), len(stage.files))
    return True


def _some_done(stage: Stage, left: Iterable[str], folder: Folder, is_wanted: Callable[[], bool]) -> bool:
    """Do the first of these that nobody else is at; False where there is none."""
    for file in left:
        if not is_wanted():
            return False
        with folder.claimed(file) as is_open:
            if is_open:
                stage.make(stage.files.index(file))
                return True
    return False
