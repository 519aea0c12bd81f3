"""Moving members: what changes of things that are looked up, as their state, which tells what comes of them.

What a thing was made with, as its label, seldom tells that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

from recorder.synthesis.samples.values import canon, is_scalar
from recorder.synthesis.terms.scene import Scene


def moving(scenes: Sequence[Scene]) -> set[str]:
    """Give the members, as `vars.item.state`, that one thing has otherwise in one scene than in another."""
    seen: dict[tuple[int, str, str], set[Hashable]] = defaultdict(set)
    for scene in scenes:
        for name in scene.lookups:
            item = scene.looked_up(name)
            for own, value in item.items() if isinstance(item, dict) else ():
                if is_scalar(value):
                    seen[scene.sample.session, scene.key_of(name), f"vars.{name}.{own}"].add(canon(value))
    return {about for (_, _, about), values in seen.items() if len(values) > 1}
