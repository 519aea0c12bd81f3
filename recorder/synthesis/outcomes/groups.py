"""Groups: the recorded calls of an endpoint, sorted by how they were answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Final

from cassettes.xmltree import is_tree
from recorder.synthesis.explaining.markup import element_names
from recorder.synthesis.outcomes.said import plain, said
from recorder.synthesis.samples.values import MISSING, same
from recorder.synthesis.samples.verdicts import error_code, fields_in_error
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

ECHOED: Final = (200, "echoed")
"""The label of answers whose status is what the request says that it be."""
_ORDER: Final = (401, 403, 405, 406, 415, 404, 410, 400, 422, 428, 412, 409, 304)
_AGAIN: Final = " again"
_MOST_CLUSTERS: Final = 8


def outcome_groups(scenes: Sequence[Scene], echoed: Term | None) -> dict[Hashable, list[Scene]]:
    """Group scenes by status; refusals also by what they say, once what the request said is taken out of it.

    In few sessions each refusal may be the only one of its kind.
    """
    by_status: dict[tuple[int, int], list[Scene]] = defaultdict(list)
    groups: dict[Hashable, list[Scene]] = {}
    for scene in scenes:
        if echoed is not None and echoed.get(scene) == scene.sample.answered_status:
            groups.setdefault(ECHOED, []).append(scene)
        else:
            by_status[scene.sample.status, scene.sample.answered_status].append(scene)
    for status, answered in sorted(by_status, key=lambda one: (_place(one[0]), *one)):
        inside = by_status[status, answered]
        most = _MOST_CLUSTERS if are_few(scenes) else min(_MOST_CLUSTERS, max(2, len(inside) // 2))
        clusters = _clusters(inside, most) if status >= 300 else _sorted(inside, _kind_of_success)
        for told, some in clusters.items():
            groups[status, told if status == answered else f"{answered} {told}"] = some
    return groups


def _clusters(scenes: Sequence[Scene], most: int) -> dict[str, list[Scene]]:
    """Group refusals by what they say, less closely where there are more kinds than `most`."""
    for name in (said, partial(said, in_parts=True)):
        clusters = _with_the_same_words(_sorted(scenes, name))
        if len(clusters) <= most:
            return clusters
    return _by_code(scenes)


def _sorted(scenes: Sequence[Scene], name: Callable[[Scene], str]) -> dict[str, list[Scene]]:
    found: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes:
        found[name(scene)].append(scene)
    return found


def _with_the_same_words(clusters: Mapping[str, list[Scene]]) -> dict[str, list[Scene]]:
    """Put refusals together that say just the same: it was chance that a word of some was sent, or is held, too."""
    found: dict[str, list[Scene]] = {}
    group_of: dict[str, str] = {}
    for told, scenes in sorted(clusters.items(), key=lambda one: -len(one[1])):
        texts = {plain(scene) for scene in scenes}
        known = next((group_of[text] for text in sorted(texts) if text in group_of), told)
        found.setdefault(known, []).extend(scenes)
        group_of |= dict.fromkeys(texts, known)
    return {told: sorted(found[told], key=lambda scene: scene.sample.number) for told in clusters if told in found}


def _place(status: int) -> int:
    return _ORDER.index(status) if status in _ORDER else len(_ORDER)


def _by_code(scenes: Sequence[Scene]) -> dict[str, list[Scene]]:
    """Group refusals by the fields they name, those of an operation by what they call the error; others are one group.

    So it is where there are few of those.
    """
    clusters: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes:
        answer = scene.sample.answer_json
        code = error_code(answer) if scene.endpoint.operation is not None else ""
        clusters[code or " ".join(fields_in_error(answer))].append(scene)
    return {"": [*scenes]} if len(clusters) > _MOST_CLUSTERS else clusters


def _kind_of_success(scene: Scene) -> str:
    return f"{_sent(scene)} {_form(scene)}{_again(scene)}"


def _sent(scene: Scene) -> str:
    """Name the kind of a request's body: what is sent as a list is done something else with than what is an object."""
    sample = scene.sample
    if isinstance(sample.json, list):
        return "list"
    if sample.form or sample.parts:
        return "form" if sample.form else "parts"
    return ""


def _again(scene: Scene) -> str:
    """Tell an answer that is the one to an earlier call, given once more."""
    for name, lookup in scene.lookups.items():
        item = scene.looked_up(name) if "_of_" in lookup.collection else None
        if isinstance(item, dict) and same(item.get("answer", MISSING), scene.sample.answer_json):
            return _AGAIN
    return ""


def is_again(label: Hashable) -> bool:
    """Tell whether an outcome is that an earlier answer is given once more, so that nothing is done."""
    return isinstance(label, tuple) and str(label[1]).endswith(_AGAIN)


def _form(scene: Scene) -> str:
    sample = scene.sample
    if not sample.answer_body:
        return "empty"
    if sample.answer_json is MISSING or (is_tree(sample.answer_json) and sample.operation is None):
        is_marked = "xml" in sample.answer_type
        return f"{sample.answer_type} {element_names(sample.answer_text or '')}" if is_marked else sample.answer_type
    return "list" if isinstance(sample.answer_json, list) else "json"
