"""Saves: what an answer changes of what is held, as the `save` of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recorder.synthesis.collections.attributes import is_bare, is_put, shown_in
from recorder.synthesis.collections.binding import Binding, Bulk, Collection, Creation
from recorder.synthesis.collections.keys import key_term, param_terms, prefix_term
from recorder.synthesis.collections.sequences import ends, is_counting, key_text, reached_text
from recorder.synthesis.outcomes.behaviour import (
    Behaviour,
    Outcome,
    entity_in_request,
    made_key,
    part_of_answer,
)
from recorder.synthesis.outcomes.groups import is_again
from recorder.synthesis.samples.values import MISSING, Path
from recorder.synthesis.state.byproduct_saves import saves_of_rows
from recorder.synthesis.state.byproducts import Byproduct, has_owner
from recorder.synthesis.state.cascades import saves_of_cascades
from recorder.synthesis.state.companion_saves import remembered_rows, saves_of_companions
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.endings import saves_of_ending
from recorder.synthesis.state.kept_members import is_json, is_sent_at_times, kept_by, sent_last
from recorder.synthesis.state.moves import moved_below
from recorder.synthesis.state.polls import goes_on, is_asked_for_less
from recorder.synthesis.state.renewals import saves_of_successions
from recorder.synthesis.state.results import is_poll
from recorder.synthesis.state.sent_rows import saves_of_sent_rows, saves_of_shown_rows
from recorder.synthesis.state.tickets import Ticket
from recorder.synthesis.terms.scene import GONE, OWNER
from recorder.synthesis.terms.term import literal, member
from recorder.synthesis.terms.vocabulary import hidden_name

Save = dict[str, Any]


class Saves:
    """Writes saves. `hidden` are, by collection, the attributes that items are kept with and do not show."""

    def __init__(
        self,
        behaviours: Sequence[Behaviour],
        tickets: Sequence[Ticket],
        collections: Sequence[Collection],
        hidden: Mapping[str, set[str]],
        effects: Sequence[Effect] = (),
        rows: Sequence[Byproduct] = (),
    ) -> None:
        self._behaviours = behaviours
        self._tickets = tickets
        self._collections = collections
        self._hidden = hidden
        self._effects = effects
        self._rows = rows

    def of_effects(self, behaviour: Behaviour, outcome: Outcome, *, announces: bool = False) -> Iterator[Save]:
        """Give what a call changes of items that it names; what was only guessed is left as it was."""
        for effect in (one for one in self._effects if one.announces is announces and not is_again(outcome.label)):
            if effect.ends is not None and effect.endpoint is behaviour.endpoint and effect.is_of(outcome.status):
                yield from saves_of_ending(effect, effect.ends, self._remembers_gone(effect.ends.name))
            elif effect.endpoint is behaviour.endpoint and effect.is_of(outcome.status) and not effect.node.unknown:
                yield {
                    "in": effect.lookup.collection,
                    "key": said(effect.lookup.key.text),
                    "item": effect.node.document(),
                    "merge": "deep" if effect.is_deep else True,
                    "when": effect.needs or f"vars.{effect.lookup.name} is not none",
                }

    def of_byproducts(self, behaviour: Behaviour, outcome: Outcome) -> Iterator[Save]:
        """Give the rows that a call makes in other collections."""
        if not is_again(outcome.label):
            yield from saves_of_rows(self._rows, behaviour, outcome.status, self._tickets)

    def of_items(self, behaviour: Behaviour, outcome: Outcome) -> Iterator[Save]:
        """Give what becomes of items: those made or dropped beside, then the endpoint's own."""
        endpoint, binding, collection = behaviour.endpoint, behaviour.binding, behaviour.collection
        for one in binding.also if behaviour.writes or is_poll(endpoint, binding) else ():
            base = "request.json" if one.is_sent else "vars.answer.json"
            above = f"{key_term(endpoint, one.above, trailing=True).text} ~ " if one.above else ""
            own, item = one.collection.key_text(member(base, one.made)), self._beside(one, behaviour, outcome, base)
            shown = {} if behaviour.writes else {"when": f"{member(base, one.made)} is defined"}
            yield {"in": one.collection.name, "key": said(above + own), "item": item, "merge": True, **shown}
        for dropped, path in binding.drops:
            yield {"in": dropped.name, "key": said(member("request.json", path)), "delete": True}
        if behaviour.writes and binding.counted is not None and is_counting(binding):
            key, value = key_text(endpoint, binding.counted), reached_text(endpoint, binding)
            yield {"state": said(key), "value": said(value)}
        if binding.counted is not None and ends(endpoint, binding.counted.collection):
            yield {"state": said(key_text(endpoint, binding.counted)), "delete": True}
        if binding.bulk is not None and behaviour.writes:
            yield from self._of_bulk(behaviour, binding.bulk)
        if binding.shown_bulk is not None and behaviour.writes:
            yield from saves_of_shown_rows(endpoint, binding, binding.shown_bulk)
        for rows in binding.sent_rows if behaviour.writes else ():
            yield from saves_of_sent_rows(endpoint, rows, outcome.scenes)
        if collection is None:
            return
        if binding.role == "item" and goes_on(behaviour):
            key = said(key_term(endpoint, collection.count).text)
            merge = {"merge": True} if collection.aside else {}
            item = self._item(behaviour, outcome, collection, None)
            whole = {"when": "not request.query_string"} if is_asked_for_less(behaviour) else {}
            yield {"in": collection.name, "key": key, "item": item, **merge, **whole}
        if behaviour.writes and binding.role == "collection":
            yield from self._of_collection(behaviour, outcome, collection)
        elif behaviour.writes and not binding.is_told_only:
            yield from self._of_item(behaviour, outcome, collection)

    def _of_bulk(self, behaviour: Behaviour, bulk: Bulk) -> Iterator[Save]:
        """Give what becomes of the items that a call writes many of: row by row, of those that were written."""
        collection, prefix = bulk.collection, prefix_term(behaviour.endpoint, behaviour.binding).text
        own, answer = member("vars.row", bulk.id_path), f"{member('vars.answer.json', bulk.results)}[vars.at]"
        key = said(own if prefix == "''" else f"{prefix} ~ {own}")
        each = said(member("request.json", bulk.sent))
        told = {name: member(answer, place) for name, place in bulk.told.items()}
        is_written = [f"{text} is defined" for text in list(told.values())[-1:]]
        gone = {"in": collection.name + GONE, "each": each, "key": key}
        if bulk.flag is not None:
            flag = member("vars.row", (bulk.flag,))
            removes = {"when": [*is_written, flag]}
            old = f"resource.{collection.name}.get({key.removeprefix('{{ ').removesuffix(' }}')})"
            if self._remembers_gone(collection.name):
                yield {**gone, "item": _with_members(old, told), **removes}
            yield {"in": collection.name, "each": each, "key": key, "delete": True, **removes}
            is_written = [*is_written, f"not {flag}"]
        path = collection.id_path
        named = {str(path[0]): own} if path is not None and len(path) == 1 else {}
        item = _with_members("vars.row", {**named, **told})
        yield {"in": collection.name, "each": each, "key": key, "item": item, "when": is_written}
        if self._remembers_gone(collection.name):
            yield {**gone, "delete": True, "when": is_written}

    def _of_collection(self, behaviour: Behaviour, outcome: Outcome, collection: Collection) -> Iterator[Save]:
        endpoint = behaviour.endpoint
        prefix = prefix_term(endpoint, behaviour.binding).text
        own = made_key(behaviour.binding)
        if endpoint.method == "DELETE" and not behaviour.binding.is_elsewhere:
            when = "not request.query_string"
            yield {"in": collection.name, "under": said(prefix), "delete": True, "when": when}
        elif own is not None:
            key = said(own if prefix == "''" else f"{prefix} ~ {own}")
            yield {"in": collection.name, "key": key, "item": self._item(behaviour, outcome, collection, own)}

    def _of_item(self, behaviour: Behaviour, outcome: Outcome, collection: Collection) -> Iterator[Save]:
        endpoint, binding = behaviour.endpoint, behaviour.binding
        key = key_term(endpoint, collection.count).text
        sent = sent_last(self._hidden.get(collection.name, ()), behaviour, outcome)
        if binding.is_begun and binding.entity is None:
            return
        if binding.removes or (binding.role == "item" and endpoint.method == "DELETE" and binding.entity is None):
            yield from self._removal(behaviour, collection, key) if binding.removes else ()
        elif (binding.told and binding.role == "action") or (sent and binding.entity is None):
            told = {name: said(text) for name, text in (_told(binding) | sent).items()}
            made = {"in": collection.name, "key": said(key), "item": told, "merge": True}
            yield {**made, "when": "vars.item is not none"}
        elif binding.role == "item" or binding.entity is not None:
            item: Any = self._item(behaviour, outcome, collection, None)
            changes = binding.role == "action" or endpoint.changes_by_arguments
            if changes and endpoint.operation is not None and outcome.answered.form == "none":
                item = _told_members(outcome, endpoint.operation.base)
            elif changes and _comes_back(behaviour, outcome):
                item = item.replace("{{ ", "{{ merge(vars.gone, ", 1).removesuffix(" }}") + ") }}"
            # Somebody who reads an item may not be shown all of it.
            merge = {"merge": True} if changes or endpoint.method == "GET" or binding.leaves_out else {}
            if binding.moves:
                moved = self._moved_key(behaviour, collection)
                if endpoint.deep is not None and collection.count == 1:
                    yield moved_below(collection, key, moved)
                yield from self._removal(behaviour, collection, key)
                key = moved
            yield {"in": collection.name, "key": said(key), "item": item, **merge}
            if endpoint.method != "DELETE" and self._remembers_gone(collection.name):
                yield {"in": collection.name + GONE, "key": said(key), "delete": True}

    @staticmethod
    def _moved_key(behaviour: Behaviour, collection: Collection) -> str:
        above = key_term(behaviour.endpoint, collection.count - 1, trailing=True).text if collection.count > 1 else ""
        own = member(part_of_answer(behaviour.binding) or "", collection.id_path or ())
        return f"{above} ~ {own}" if above else own

    def _removal(self, behaviour: Behaviour, collection: Collection, key: str) -> Iterator[Save]:
        if self._remembers_gone(collection.name):
            gone = {"in": collection.name + GONE, "key": said(key)}
            yield {**gone, "delete": True, "when": "vars.item is none"}
            shown = part_of_answer(behaviour.binding) if behaviour.binding.removes else None
            last = "vars.item" if shown is None else f"merge(vars.item, {shown})"
            item = _with_members(last, _told(behaviour.binding))
            yield {**gone, "item": item, "when": "vars.item is not none"}
        yield {"in": collection.name, "key": said(key), "delete": True}
        yield from saves_of_cascades(behaviour.endpoint, collection, self._remembers_gone)
        if behaviour.endpoint.deep is not None:
            yield {"in": collection.name, "under": said(f"{key} ~ '/'"), "delete": True}
        for other in self._collections:
            if other is not collection and other.is_below(collection) and self._is_written(other):
                yield {"in": other.name, "under": said(f"{key} ~ '/'"), "delete": True}
                if self._remembers_gone(other.name):
                    yield {"in": other.name + GONE, "under": said(f"{key} ~ '/'"), "delete": True}

    def _remembers_gone(self, name: str) -> bool:
        """Tell whether anything asks for the deleted items of a collection."""
        gone = name + GONE
        if any(one.reads_gone for one in self._collections if one.name == name):
            return True
        is_asked = any(
            lookup.collection == gone and one.uses(lookup.name)
            for one in self._behaviours
            for lookup in one.lookups.values()
        )
        is_shown = any(one.collection is not None and one.collection.name == gone for one in self._behaviours)
        return is_asked or is_shown or gone in self._hidden

    def _is_written(self, collection: Collection) -> bool:
        made = {row.collection for row in self._rows} | {one.collection for one in self._behaviours if one.writes}
        sent = (row for one in self._behaviours for row in one.binding.sent_rows)
        return collection in made or any(row.collection is collection for row in sent)

    def _beside(self, creation: Creation, behaviour: Behaviour, outcome: Outcome, base: str) -> str:
        """Write an item that is made beside: as it is shown, with what is kept hidden in it."""
        shown = "{}" if creation.entity is None else member(base, creation.entity)
        if creation.aside:
            shown = f"without({shown}, {', '.join(map(literal, sorted(creation.aside)))})"
        hidden = {}
        for attribute in sorted(self._hidden.get(creation.collection.name, ())):
            text = kept_by(attribute, behaviour.binding, outcome)
            if text is not None:
                hidden[hidden_name(attribute)] = f"({text} if {text} is defined else omit)"
        return _with_members(shown, hidden)

    def _item(self, behaviour: Behaviour, outcome: Outcome, collection: Collection, own: str | None) -> str:
        """Write what is kept of a new or changed item: as the answer shows it, else as the request sent it."""
        shown = part_of_answer(behaviour.binding)
        if shown is None:
            shown = _sent_item(behaviour, outcome, collection, own)
        begun = {name: literal(value) for name, value in collection.begins.items()} | collection.stamps
        begun |= collection.given_texts(behaviour.endpoint)
        if begun and behaviour.binding.role == "collection":
            shown = f"merge({_as_object(begun)}, {shown})"
        return _with_members(shown, self._hidden_members(behaviour, outcome, collection))

    def _hidden_members(self, behaviour: Behaviour, outcome: Outcome, collection: Collection) -> dict[str, str]:
        is_shown = part_of_answer(behaviour.binding) is not None
        made = _withheld(behaviour, outcome, collection) if is_shown else {}
        has_old = behaviour.binding.role != "collection" and "item" in behaviour.lookups
        held = "gone" if has_old and _comes_back(behaviour, outcome) else "item"
        for attribute in sorted(self._hidden.get(collection.name, ())):
            name = hidden_name(attribute)
            old = f"vars.{held}.{name}" if has_old else "none"
            if has_old and behaviour.endpoint.method == "GET":
                old = f"({old} if {old} is defined else omit)"
            # What an action is asked for is not a member of the item.
            is_asked = behaviour.binding.role == "action" and attribute.startswith("request.")
            text = None if is_asked else kept_by(attribute, behaviour.binding, outcome)
            if text is None:
                made |= {name: old} if has_old else {}
            elif not has_old and is_sent_at_times(attribute, outcome):
                made[name] = f"({text} if {text} is defined else omit)"
            elif has_old and attribute.startswith("request.json"):
                made[name] = f"({text} if {text} is defined else {old})"
            else:
                made[name] = text
        if has_old and is_shown and any(row.collection is collection and has_owner(row) for row in self._rows):
            made[OWNER] = f"(vars.item.{OWNER} if vars.item.{OWNER} is defined else omit)"
        return made

    def of_tickets(self, behaviour: Behaviour) -> Iterator[Save]:
        """Give what becomes of tickets: those handed out are remembered, those that are ended are forgotten."""
        for ticket in self._tickets:
            for text, _ in ticket.issuers.get(behaviour.endpoint, ()):
                yield {"in": ticket.name, "key": said(text), "item": self._remembered(behaviour, ticket, text)}
            yield from saves_of_successions(ticket, behaviour.endpoint, behaviour.lookups)
            yield from self._renewed(ticket, behaviour)
            for other, path in ticket.revokers.get(behaviour.endpoint, ()):
                if other is None:
                    yield {"in": ticket.name, "key": said(ticket.term.text), "delete": True}
                    continue
                name = next((name for name, one in behaviour.lookups.items() if one.collection == other.name), None)
                if name is not None:
                    yield {"in": ticket.name, "key": said(member(f"vars.{name}", path)), "delete": True}
        yield from saves_of_companions(behaviour, self._tickets, self._behaviours)

    def _renewed(self, ticket: Ticket, behaviour: Behaviour) -> Iterator[dict[str, Any]]:
        """Write what a call changes of what is remembered with a ticket."""
        is_json = any(isinstance(scene.sample.json, dict) for scene in behaviour.scenes)
        for one in (one for one in ticket.renewers if one.endpoint is behaviour.endpoint):
            name = next((name for name, known in behaviour.lookups.items() if known.collection == one.shown.name), None)
            if name is not None:
                sent = member("request.json" if is_json else "request.form", (one.sent,))
                item = {"request": {one.member: said(sent)}}
                key = said(member(f"vars.{name}", one.path))
                yield {"in": ticket.name, "key": key, "item": item, "merge": "deep", "when": f"{sent} is defined"}

    def _remembered(self, behaviour: Behaviour, ticket: Ticket, own: str) -> dict[str, str]:
        """Write the request and the answer that a ticket came with, over those of tickets that were shown for it."""
        known = {ticket.name for ticket in self._tickets}
        olds = [name for name, one in behaviour.lookups.items() if one.collection in known and one.by is None]
        is_json = any(isinstance(scene.sample.json, dict) for scene in behaviour.scenes)
        asked = [*(f"vars.{name}.request" for name in olds), "request.json" if is_json else "request.form"]
        told = [*(f"vars.{name}.answer" for name in olds), "vars.answer.json"]
        whole = {"request": said(f"merge({', '.join(asked)})"), "answer": said(f"merge({', '.join(told)})")}
        made = {row.collection.name for row in self._rows if row.behaviour is behaviour}
        return whole | remembered_rows(ticket, behaviour, self._tickets, made, own)


def _comes_back(behaviour: Behaviour, outcome: Outcome) -> bool:
    """Tell whether calls of an outcome put back an item that was deleted."""
    return "gone" in behaviour.lookups and all(
        scene.looked_up("item") is MISSING and scene.looked_up("gone") is not MISSING for scene in outcome.scenes
    )


def _withheld(behaviour: Behaviour, outcome: Outcome, collection: Collection) -> dict[str, str]:
    """Write the members that an answer shows as null: as they were sent, else as they were."""
    shown = [shown_in(scene.sample, behaviour.binding) for scene in outcome.scenes]
    found: dict[str, str] = {}
    for name in sorted(collection.withheld):
        if not all(isinstance(one, dict) and one.get(name, 0) is None for one in shown):
            continue
        old = _copied(behaviour, collection) if behaviour.binding.role == "collection" else "item"
        was = f"({member(f'vars.{old}', (name,))} if vars.{old} else none)" if old in behaviour.lookups else "none"
        sent = member("request.json", (name,))
        is_sent = any(isinstance(scene.sample.json, dict) and name in scene.sample.json for scene in outcome.scenes)
        found[name] = f"({sent} if {sent} is defined else {was})" if is_sent else was
    return found


def _copied(behaviour: Behaviour, collection: Collection) -> str:
    """Give the name of the item that a request names which makes another one of it, "" where none is."""
    named = (
        name
        for name, one in behaviour.lookups.items()
        if one.collection == collection.name and one.by is None and one.key.text.startswith("request.json")
    )
    return next(named, "") if collection.is_copied else ""


def _told(binding: Binding) -> dict[str, str]:
    """Write the members of an item that the answer tells of."""
    return {name: member("vars.answer.json", place) for name, place in binding.told.items()}


def _as_object(members: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{literal(name)}: {text}' for name, text in members.items())}}}"


def _told_members(outcome: Outcome, base: Path) -> dict[str, str]:
    """Write the arguments of an operation that are members of the item that it does not show."""
    items = [item for scene in outcome.scenes if isinstance(item := scene.looked_up("item"), dict)]
    known = {name for item in items for name in item}
    told = dict.fromkeys(name for scene in outcome.scenes for name in scene.sample.arguments if name in known)
    texts = {name: member("request.json", (*base, name)) for name in told}
    return {name: said(f"{text} if {text} is defined else omit") for name, text in texts.items()}


def said(text: str) -> str:
    """Write an expression as a template."""
    return f"{{{{ {text} }}}}"


def _with_members(shown: str, members: Mapping[str, str]) -> str:
    return said(f"merge({shown}, {_as_object(members)})" if members else shown)


def _sent_item(behaviour: Behaviour, outcome: Outcome, collection: Collection, own: str | None) -> str:
    """Write an item as the request sent it, over what it was, with the id that it was given."""
    form = "request.form" if any(scene.sample.form for scene in outcome.scenes) else "{}"
    sent = member("request.json", entity_in_request(outcome.scenes, behaviour.binding)) if is_json(outcome) else form
    binding = behaviour.binding
    if binding.sent:
        sent = f"{{{literal(str(binding.sent[-1]))}: {sent}}}"
    if binding.renamed:
        sent = f"without({sent}, {', '.join(map(literal, sorted(binding.renamed)))})"
    is_over = bool(binding.renamed) or behaviour.endpoint.method == "PATCH"
    layers = ["vars.item", sent] if is_over and "item" in behaviour.lookups else [sent]
    is_named = all(is_bare(scene.sample) or is_put(scene.sample) for scene in outcome.scenes)
    if own is None and not binding.renamed and (binding.sent is not None or is_named):
        own = param_terms(behaviour.endpoint)[collection.count - 1].text
    if collection.is_linked:
        own = member("vars.answer.json", binding.made) if isinstance(binding.made, tuple) else None
    if own is not None and collection.id_path is not None and len(collection.id_path) == 1:
        layers.append(f"{{{literal(str(collection.id_path[0]))}: {own}}}")
    if binding.told:
        layers.append(_as_object(_told(binding)))
    return layers[0] if len(layers) == 1 else f"merge({', '.join(layers)})"
