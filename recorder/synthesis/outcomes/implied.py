"""Implied operations: what HTTP says that known items can be asked for, where the few sessions did not ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.endpoints.endpoint import Endpoint, implied_endpoint
from recorder.synthesis.endpoints.joints import joints_of
from recorder.synthesis.explaining.answer import Answered
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.nodes.node import Fixed, MadeUp, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.outcomes.elsewhere import Elsewhere
from recorder.synthesis.outcomes.ends import with_ends
from recorder.synthesis.outcomes.exposed import with_next_pages
from recorder.synthesis.outcomes.lacking import only_refuses, with_success
from recorder.synthesis.outcomes.members import members_of
from recorder.synthesis.outcomes.numbered_tags import counting_member, tag_term
from recorder.synthesis.outcomes.put_makes import are_made_by_put, made_or_changed, with_makings
from recorder.synthesis.outcomes.successes import usual_success
from recorder.synthesis.outcomes.usual_headers import usual_headers, usual_tag
from recorder.synthesis.samples.values import MISSING, Path, is_scalar, same
from recorder.synthesis.terms.few import FEW_SESSIONS
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member
from recorder.synthesis.terms.vocabulary import Vocabulary

_NO_CONTENT: Final = 204
_KINDS: Final = 2
_CHANGING: Final = ("GET", "PUT", "PATCH")
_METHODS: Final = ("GET", "PUT", "PATCH", "POST", "DELETE")
_OK: Final = 200
_CHANGED: Final = ("updat", "modif", "chang", "edited")
_NOTE: Final = "never recorded: what HTTP says of {}, with what is known of them"


def implied(
    behaviours: Sequence[Behaviour], seeds: Mapping[str, Mapping[str, Any]], sessions: int
) -> Iterator[Behaviour]:
    """Give behaviours without scenes for operations on known items that no session called: of low confidence.

    Items that were shown can be read and listed; those that were written can be replaced, changed and deleted.
    Nothing is made: what a service would refuse in a new item is not known.
    """
    if sessions > FEW_SESSIONS:
        return
    with_next_pages(behaviours)
    with_ends(behaviours)
    with_makings(behaviours)
    known = {(one.endpoint.method, one.endpoint.template) for one in behaviours}
    numbers = {one.endpoint.id for one in behaviours}
    collections = dict.fromkeys(one.collection for one in behaviours if one.collection is not None)
    for collection in collections:
        own = [one for one in behaviours if one.collection is collection]
        if not is_behind_a_path(collection, own) or not _is_known(collection, own, seeds):
            continue
        maker = Maker(collection, own, behaviours)
        for one in own:
            made = maker.answering(one) if only_refuses(one) else None
            if made is not None:
                with_success(one, behaviours, made.cases[0][1], made.binding.entity)
        for made in maker.behaviours(known):
            made.endpoint.id = free_id(made.endpoint.id, numbers)
            numbers.add(made.endpoint.id)
            yield made


def free_id(name: str, used: set[str]) -> str:
    """Give a name for a definition, with a number behind it where it is used."""
    return name if name not in used else next(made for at in count(2) if (made := f"{name}-{at}") not in used)


def is_behind_a_path(collection: Collection, own: Sequence[Behaviour]) -> bool:
    """Tell whether calls name the items by a path, and not by arguments or by nothing."""
    by_body = any(one.endpoint.operation is not None or one.endpoint.element for one in own)
    is_a_path = bool(collection.template) and collection.template[0] != "" and not collection.name.endswith(GONE)
    are_elsewhere = any(one.binding.is_elsewhere for one in own)
    is_named = any(one.binding.role == "item" and not one.binding.is_elsewhere for one in own)
    return is_a_path and not by_body and (is_named or not are_elsewhere)


def _is_known(collection: Collection, own: Sequence[Behaviour], seeds: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether whole items were seen: from the beginning, or in answers to calls about them."""
    items = list(seeds.get(collection.name, {}).values())
    if any(isinstance(item, dict) and item for item in items):
        return True
    return any(one.binding.entity is not None and one.binding.role != "action" for one in own)


class Maker:
    """Makes what is implied of one collection, in the forms that the API has elsewhere."""

    def __init__(
        self,
        collection: Collection,
        own: Sequence[Behaviour],
        all_of_them: Sequence[Behaviour],
        last: Sequence[str] = (),
    ) -> None:
        self._collection = collection
        self._own = own
        self._all = all_of_them
        self._last = last
        self.lead: Path = next((one.binding.entity for one in own if one.binding.entity is not None), ())
        self._counts = counting_member(collection, all_of_them)

    def behaviours(self, known: set[tuple[str, tuple[str | None, ...]]]) -> Iterator[Behaviour]:
        """Give what is implied and not known, by method and template."""
        item, home = self._collection.template, self._collection.home
        if ("GET", item) not in known:
            yield self._read(item)
        if self._is_written():
            for method in ("PUT", "PATCH", *(("POST",) if self._are_changed_by_post() else ())):
                if (method, item) not in known:
                    yield self._changed(method, item)
            if ("DELETE", item) not in known and not self._collection.is_single:
                yield self._deleted(item)
        if not self._collection.is_single and home and home[-1] is not None and ("GET", home) not in known:
            listed = self.listed(home)
            if listed is not None:
                yield listed

    def answering(self, behaviour: Behaviour) -> Behaviour | None:
        """Give what would be implied in the place of an endpoint that was only seen to refuse."""
        if behaviour.binding.role == "action":
            return self._done(behaviour.endpoint)
        return self._of(behaviour.endpoint.method, behaviour.endpoint.template)

    def of_item(self, method: str) -> Behaviour | None:
        """Give what a method does with one of the items, None for one that HTTP says nothing of."""
        return self._of(method, self._collection.template)

    def _of(self, method: str, template: tuple[str | None, ...]) -> Behaviour | None:
        if method == "GET":
            return self._read(template)
        if method in ("PUT", "PATCH", "POST"):
            return self._changed(method, template)
        return self._deleted(template) if method == "DELETE" else None

    def _done(self, endpoint: Endpoint) -> Behaviour:
        """Give what shows an item with which something was done, as other calls that do something with items do."""
        status = usual_success([one for one in self._all if one.binding.role == "action"], _OK)
        body = None if status == _NO_CONTENT else self.wrapped(self._shown())
        binding = Binding("action", self._collection, entity=self.lead)
        made = self._made(endpoint, binding, status, body, "doing things with items")
        ((_, outcome),) = made.cases
        outcome.keeps = False
        return made

    def _are_changed_by_post(self) -> bool:
        """Tell whether things may be changed by `POST` on their path: one session wrote in several ways, only so."""
        sessions = {scene.sample.session for one in self._all for scene in one.scenes}
        writes = [one for one in self._all if one.endpoint.method not in ("GET", "HEAD", "OPTIONS", "DELETE")]
        made = [one for one in writes if one.binding.role == "collection" and one.endpoint.operation is None]
        is_all = all(one.endpoint.method == "POST" for one in writes)
        return len(sessions) == 1 and bool(made) and len(writes) >= _KINDS and is_all

    def _is_written(self) -> bool:
        writing = [one for one in self._own if one.writes and one.binding.role != "action"]
        writing += [one for one in self._all if any(made.collection is self._collection for made in one.binding.also)]
        return any(scene.sample.succeeded for one in writing for scene in one.scenes)

    def _read(self, template: tuple[str | None, ...]) -> Behaviour:
        endpoint, binding = self._bound("GET", template, "item")
        return self._tagged(self._made(endpoint, binding, _OK, self.wrapped(self._shown()), "reading items"))

    def _changed(self, method: str, template: tuple[str | None, ...]) -> Behaviour:
        endpoint, binding = self._bound(method, template, "item")
        sent = Term(member("request.json", self._sent_lead()), _unknown, "json", 1.0)
        kept = {name: member("vars.item", (name,)) for name in self._kept()} if method == "PUT" else {}
        names = {name: kept.pop(name) for name in self._identity() if name in kept}
        under = _written(kept) if method == "PUT" else self._shown().text
        form = "request.form" if method == "POST" else ""
        # What a new thing would have that nobody sends is not known: lists may be in the order of it.
        is_all_sent = not kept.keys() - self._times().keys() - self._count().keys()
        makes = method == "PUT" and is_all_sent and are_made_by_put(self._collection, self._all)
        if makes:
            own = {name: f"request.path_params[{literal(endpoint.params[-1])}]" for name in self._identity()}
            under = f"({under or '{}'} if vars.item is not none else {{}})"
            names = own
        count = {} if makes else self._count()
        layers = [one for one in (under, sent.text, form, _written(names | self._times() | count)) if one]
        text = layers[0] if len(layers) == 1 else f"merge({', '.join(layers)})"
        item = Term(text, _unknown, "item", 1.0, frozenset({"item"}))
        made = self._made(endpoint, binding, _OK, self.wrapped(item), "changing items")
        if makes:
            ((_, outcome),) = made.cases
            outcome.answered = made_or_changed(outcome.answered)
        return made if makes else self._tagged(made, 1)

    def _tagged(self, made: Behaviour, more: int = 0) -> Behaviour:
        """Have an answer say the entity tag, where tags are a number that items have, after so many more writes."""
        ((_, outcome),) = made.cases
        if self._counts is not None:
            tag: Header = ("etag", Said(tag_term(self._counts, more)), None)
            outcome.answered = replace(outcome.answered, headers=[*outcome.answered.headers, tag])
        return made

    def _count(self) -> dict[str, str]:
        """Give the member that counts the writes of an item, one higher."""
        return {} if self._counts is None else {self._counts: f"({member('vars.item', (self._counts,))} + 1)"}

    def _deleted(self, template: tuple[str | None, ...]) -> Behaviour:
        endpoint, binding = self._bound("DELETE", template, "item")
        binding.removes = True
        told = Counter(
            outcome.status
            for one in self._all
            if one.endpoint.method == "DELETE" and one.binding.role == "item"
            for _, outcome in one.cases
            if outcome.status < 300 and outcome.answered.form == "none"
        )
        status = told.most_common(1)[0][0] if told else _NO_CONTENT
        binding.entity = None
        return self._made(endpoint, binding, status, None, "deleting items")

    def listed(self, template: tuple[str | None, ...]) -> Behaviour | None:
        """Give the list of the items, in the form of another list of the API."""
        endpoint, binding = self._bound("GET", template, "collection")
        body, rows = self._list_body()
        if body is None:
            return None
        binding.rows = rows
        spec: dict[str, Any] = {"in": self._collection.name, "free": True}
        if endpoint.params:
            spec["under"] = f"{{{{ {prefix_term(endpoint, binding).text} }}}}"
        made = self._made(endpoint, binding, _OK, body, "listing items")
        made.listed = Listed(spec, (), 0, 0)
        return made

    def _list_body(self) -> tuple[Node | None, Path]:
        for other in self._all:
            rows = other.binding.rows
            is_other = other.listed is None or other.binding.rows_are_ids or other.endpoint.operation is not None
            if is_other or rows is None:
                continue
            for _, outcome in other.cases:
                body = outcome.answered.body
                if outcome.status != _OK or body is None or body.unknown or other.collection is None:
                    continue
                if all(term.uses <= {"list"} and _is_of_any_list(term.text) for term in body.terms):
                    return Elsewhere(body, other.collection.name, self._collection.name), rows
        if self.lead:
            return None, ()
        items = Term(f"{MARK}{self._collection.name}{MARK}vars.list.items{MARK}", _unknown, "items", 0.9)
        return Said(items), ()

    def _bound(self, method: str, template: tuple[str | None, ...], role: Any) -> tuple[Endpoint, Binding]:
        names = self._last[: len(self._last) - (role == "collection")]
        joints = joints_of(template, [one.endpoint for one in self._all])
        endpoint = implied_endpoint(method, template, names, ending=self.ending(template), joints=joints)
        size = len(self._collection.home if role == "collection" else self._collection.template)
        parents: dict[str, tuple[Collection, int]] = {}
        for one in self._own:
            for collection, at in one.binding.parents:
                if len(collection.template) < size:
                    parents.setdefault(collection.name, (collection, at))
        binding = Binding(role, self._collection, entity=self.lead, parents=list(parents.values()))
        return endpoint, binding

    def ending(self, template: tuple[str | None, ...]) -> str:
        """Tell what paths of a template would end in: as they do with another method, or most of all."""
        same = [one.endpoint.ending for one in self._all if one.endpoint.template == template]
        ways = Counter(same or [one.endpoint.ending for one in self._all]).most_common(1)
        return next((ending for ending, count in ways if count * 2 > len(same or self._all)), "")

    def _made(self, endpoint: Endpoint, binding: Binding, status: int, body: Node | None, what: str) -> Behaviour:
        lookups: dict[str, Lookup] = path_lookups(endpoint, binding)
        lookups.pop("gone", None)
        headers = self._headers(endpoint.method, binding.role, has_body=body is not None)
        answered = Answered(status, headers, "none" if body is None else "json", body)
        outcome = Outcome((status, ""), status, [], answered, tier="schema", note=_NOTE.format(what))
        writes = endpoint.method not in ("GET", "HEAD")
        vocabulary = Vocabulary([], lookups)
        return Behaviour(endpoint, binding, [], lookups, [(None, outcome)], None, [], [], writes, vocabulary)

    def _headers(self, method: str, role: str, *, has_body: bool) -> list[Header]:
        """Give the headers of an answer: what the API has on all of its kind, and a tag where these have one."""
        if not has_body:
            return usual_headers(self._all, _METHODS, has_body=False)
        tag = None if self._counts is not None else usual_tag(self._all, self._collection, method, role)
        own: list[Header] = [("content-type", Fixed(self.type()), None)]
        return [*own, *usual_headers(self._all, _CHANGING), *([tag] if tag is not None else [])]

    def type(self) -> str:
        """Give the media type that answers mostly have."""
        told = Counter(
            scene.sample.answer_header("content-type") or ""
            for one in [*self._own, *self._all]
            for scene in one.scenes
            if scene.sample.succeeded and scene.sample.answer_json is not MISSING
        )
        return told.most_common(1)[0][0] if told else "application/json"

    def _shown(self) -> Term:
        text = f"{MARK}{self._collection.name}{MARK}vars.item{MARK}"
        return Term(text, _unknown, "item", 1.0, frozenset({"item"}))

    def wrapped(self, item: Term) -> Node:
        """Give the body in which an item stands, with what is fixed beside it in another answer."""
        body: Node = Said(item)
        if not self.lead:
            return body
        for step in reversed(self.lead[1:]):
            body = Object({str(step): (body, None)})
        first = str(self.lead[0])
        beside = self.fixed_beside(first)
        return Object({**beside, first: (body, None)})

    def fixed_beside(self, first: str) -> dict[str, tuple[Node, None]]:
        """Give what stands beside items in all answers that show one, and is always the same."""
        answers = [
            scene.sample.answer_json
            for one in self._own
            if one.binding.entity == self.lead
            for scene in one.scenes
            if scene.sample.succeeded and isinstance(scene.sample.answer_json, dict)
        ]
        names = [name for name, value in answers[0].items() if name != first and is_scalar(value)] if answers else []
        alike = [name for name in names if all(same(one.get(name, MISSING), answers[0][name]) for one in answers)]
        return {name: (Fixed(answers[0][name]), None) for name in alike}

    def _sent_lead(self) -> Path:
        """Give where in what is sent the item stands."""
        sent = [
            scene.sample.json
            for one in self._own
            if one.writes and one.binding.role != "action"
            for scene in one.scenes
            if scene.sample.succeeded and isinstance(scene.sample.json, dict)
        ]
        is_inside = self.lead and sent and all(isinstance(one.get(str(self.lead[0])), dict) for one in sent)
        return self.lead[:1] if is_inside else ()

    def _kept(self) -> list[str]:
        """Give the members of items that no call sends: who replaces an item does not say them."""
        sent = {
            name
            for one in self._own
            for scene in one.scenes
            if one.writes and isinstance(scene.sample.json, dict)
            for name in _members(scene.sample.json, self._sent_lead())
        }
        items = [
            item for one in self._own for scene in one.scenes[:5] for item in scene.held(self._collection.name)[:5]
        ]
        named = dict.fromkeys(name for item in items if isinstance(item, dict) for name in item)
        return list(dict.fromkeys([*self._identity(), *(name for name in named if name not in sent)]))

    def _identity(self) -> list[str]:
        """Give the member that holds the id of items, if it is one of their own."""
        identity = self._collection.id_path
        return [str(identity[0])] if identity is not None and len(identity) == 1 else []

    def _times(self) -> dict[str, str]:
        """Give the members that tell when an item was changed, with what makes them."""
        found: dict[str, str] = {}
        for one in self._own:
            for _, outcome in one.cases if one.writes else ():
                for name, node in members_of(outcome.answered.body, one.binding.entity or ()):
                    is_time = isinstance(node, MadeUp) and node.text.startswith("now(")
                    if is_time and any(part in name.lower() for part in _CHANGED):
                        found.setdefault(name, node.expression())
        return found


def _is_of_any_list(text: str) -> bool:
    """Tell whether an expression speaks of the list, or of what any list may be asked for."""
    return "vars.list" in text or not any(one in text for one in ("vars.", "resource.", "request.path", "inc("))


def _written(members: Mapping[str, str]) -> str:
    """Write an object of these members; nothing where there are none."""
    return f"{{{', '.join(f'{literal(name)}: {text}' for name, text in members.items())}}}" if members else ""


def _members(document: dict[str, Any], lead: Path) -> list[str]:
    inside = document.get(str(lead[0])) if lead else document
    return list(inside) if isinstance(inside, dict) else []


def _unknown(_scene: Scene) -> Any:
    return MISSING
