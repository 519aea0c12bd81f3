"""Sent rows: what becomes of the items that calls are sent as rows, in a session and in mocks; and of shown rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection, SentRows, ShownBulk
from recorder.synthesis.collections.keys import lead_of, lead_text, prefix_term
from recorder.synthesis.collections.references import versions_of
from recorder.synthesis.collections.seeds import Sightings
from recorder.synthesis.collections.shown_bulks import shown_by
from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.vocabulary import Vocabulary

_FEWEST: Final = 2


def send_rows(scene: Scene, rows: SentRows, seen: Sightings) -> None:
    """Have the items of a session be there, or be there no more, that a call is sent as rows."""
    for own, item in rows.of(scene.sample):
        key, name = f"{lead_of(scene, rows.collection)}{own}", rows.collection.name
        seen.note_made(scene.sample.session, name, key, item)
        scene.timeline.put(name, key, MISSING if rows.removes else item, scene.moment)


def saves_of_sent_rows(endpoint: Endpoint, rows: SentRows, scenes: Sequence[Scene]) -> Iterator[dict[str, Any]]:
    """Write what becomes of the items that a call is sent as rows."""
    compound = rows.collection.compound
    assert compound is not None, "sent rows are told apart by several members"
    prefix = lead_text(endpoint, rows.collection)
    sent, part = json_term(rows.sent).text, member("vars.row", rows.inner)
    save = {"in": rows.collection.name, "when": f"{sent} is defined"}
    if rows.removes:
        yield {**save, "each": f"{{{{ {sent} }}}}", "key": f"{{{{ {prefix}{compound.text(part)} }}}}", "delete": True}
        return
    shown = _as_shown(endpoint, rows, scenes)
    if shown is None:
        item = f"{{{{ {compound.text_around(part)} }}}}"
        yield {**save, "each": f"{{{{ {sent} }}}}", "key": f"{{{{ {prefix}{compound.text(part)} }}}}", "item": item}
        return
    own = compound.text(member("vars.row", compound.place))
    yield {**save, "each": f"{{{{ {shown} }}}}", "key": f"{{{{ {prefix}{own} }}}}", "item": "{{ vars.row }}"}


def see_shown_rows(
    scene: Scene,
    bulk: ShownBulk,
    prefix: str,
    write: Callable[..., None],
    remove: Callable[[Scene, Collection, str], None],
) -> None:
    """Have items be what the answer shows row by row; what is given away for good is gone."""
    for own, item in shown_by(scene.sample, bulk):
        if bulk.hold and bulk.hold not in item:
            remove(scene, bulk.collection, f"{prefix}{own}")
            continue
        begun = bulk.collection.begun(scene, f"{prefix}{own}") if bulk.sent is not None else {}
        write(scene, bulk.collection, f"{prefix}{own}", begun | item, Binding("none", bulk.collection))


def saves_of_shown_rows(endpoint: Endpoint, binding: Binding, bulk: ShownBulk) -> Iterator[dict[str, Any]]:
    """Write what becomes of the items that the answer shows row by row."""
    item, collection = member("vars.row", bulk.entity), bulk.collection
    own, prefix = member(item, collection.id_path or ()), prefix_term(endpoint, binding).text
    if bulk.sent is not None:
        own = member("vars.row", bulk.own)
        begun = {name: literal(value) for name, value in collection.begins.items()} | collection.stamps
        told = {str(collection.id_path[0]): own} if collection.id_path is not None else {}
        sent = f"{member('request.json', bulk.sent)}[vars.at]"
        item = f"merge({_as_object(begun)}, {sent}, {_as_object(told)})"
    named = own if prefix == "''" else f"{prefix} ~ {own}"
    each = f"{{{{ {member('vars.answer.json', bulk.results)} }}}}"
    row = {"in": bulk.collection.name, "each": each, "key": f"{{{{ {named} }}}}"}
    stays = f"{member(item, (bulk.hold,))} is defined" if bulk.hold else ""
    yield {**row, "item": f"{{{{ {item} }}}}", "when": [f"{own} is defined", stays] if stays else f"{own} is defined"}
    if stays:
        yield {**row, "delete": True, "when": [f"{own} is defined", f"not ({stays})"]}


def _as_object(members: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{literal(name)}: {text}' for name, text in members.items())}}}"


def _as_shown(endpoint: Endpoint, rows: SentRows, scenes: Sequence[Scene]) -> str | None:
    """Write the items that a call makes as the next list shows them, None where too few were shown."""
    cases = [(scene, items) for scene in scenes if (items := _next_shown(rows, scene))]
    if len(cases) < _FEWEST:
        return None
    inside = [scene for scene, _ in cases]
    for scene in inside:
        scene.lookups = {}
    vocabulary = Vocabulary(inside, {})
    explainer = Explainer(vocabulary, Judge(inside, vocabulary).decide, endpoint.id)
    node = explainer.explain(cases, str(rows.sent[-1]) if rows.sent else "", 1)
    return node.expression() if not explainer.tables and not node.unknown else None


def _next_shown(rows: SentRows, scene: Scene) -> list[Any]:
    """Give the items that a call made as they were when they were seen next, none where one was not."""
    versions = versions_of(scene.timeline, rows.collection.name)
    above = lead_of(scene, rows.collection)
    found: list[Any] = []
    for own, _ in rows.of(scene.sample) if scene.sample.succeeded else ():
        later = [item for moment, item in versions.get(above + own, []) if moment > scene.moment]
        if not later or later[0] is MISSING:
            return []
        found.append(later[0])
    return found
