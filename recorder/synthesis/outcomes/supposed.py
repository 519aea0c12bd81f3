"""Supposed operations: what is made beside or below known items under a word that few sessions never said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.endpoints.endpoint import implied_endpoint
from recorder.synthesis.endpoints.paths import Template, singular
from recorder.synthesis.explaining.answer import Answered, etag_of
from recorder.synthesis.explaining.shared_tokens import Header
from recorder.synthesis.nodes.node import Fixed, Joined, MadeUp, Named, Node, Object, Over, Said
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome, entity_in_request
from recorder.synthesis.outcomes.implied import Maker, free_id, is_behind_a_path
from recorder.synthesis.outcomes.successes import usual_success
from recorder.synthesis.outcomes.usual_headers import usual_headers
from recorder.synthesis.samples.values import MISSING, as_text, leaves, look
from recorder.synthesis.terms.few import FEW_SESSIONS
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member
from recorder.synthesis.terms.vocabulary import Vocabulary

_OK: Final = 200
_CREATED: Final = 201
_NO_CONTENT: Final = 204
_REDIRECTS: Final = 300
_GONE: Final = 404
_REFUSED: Final = 400
_NO_PLACE: Final = (401, 404, 405, 501)
_OF_ITEM: Final = frozenset({"item"})
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHORTEST: Final = 8
_NAME: Final = "others"
_KIND: Final = "kind"
_OWN: Final = ("thing", "item", "one")
"""What a thing is called in paths, by the first that no part before it is called."""
_NOTE: Final = "never recorded: {}, in the form that others have"


def supposed(behaviours: Sequence[Behaviour], sessions: int) -> Iterator[Behaviour]:
    """Give behaviours without scenes for what few sessions did not call: of low confidence.

    What is sent to an unknown word beside known collections, or below a known item, makes a thing where the word is a
    plural, and else is done with the item. What was made can be read, changed and deleted.
    """
    makers = [one for one in behaviours if _makes(one)] if sessions <= FEW_SESSIONS else []
    known = {(one.endpoint.method, one.endpoint.template) for one in behaviours}
    numbers = {one.endpoint.id for one in behaviours}
    for home, parent in _homes(behaviours, makers).items():
        if ("POST", (*home, None)) in known or ("GET", (*home, None)) in known:
            continue
        for made in _Supposed(home, parent, makers, behaviours).behaviours():
            if (made.endpoint.method, made.endpoint.template) not in known:
                made.endpoint.id = free_id(made.endpoint.id, numbers)
                numbers.add(made.endpoint.id)
                yield made


def superseded(behaviours: Sequence[Behaviour], made: Sequence[Behaviour]) -> set[Behaviour]:
    """Give the behaviours in whose place what is supposed may stand: `POST` was seen there, and nothing but refused.

    What was refused was there, so that something else is accepted. Where it was not found, it may be no place at all,
    and where the refusal tells the state of the thing it may be refused so often.
    """
    wide = {one.endpoint.template for one in made if one.endpoint.method == "POST"}
    return {
        one
        for one in behaviours
        if one.endpoint.method == "POST"
        and one.binding.role in ("collection", "action", "none")
        and (*one.endpoint.template[:-1], None) in wide
        and one.endpoint.operation is None
        and one.endpoint.discriminator is None
        and all(scene.sample.status >= _REFUSED and scene.sample.status not in _NO_PLACE for scene in one.scenes)
        and one.scenes
        and not all(map(_tells_a_state, one.scenes))
    }


def _tells_a_state(scene: Scene) -> bool:
    """Tell whether a refusal says a word that the item of the path has."""
    item = scene.looked_up("item")
    words = {one for _, one in leaves(item, longest_list=0)} if isinstance(item, dict) else set()
    said = set(re.findall(r"[a-z_]{4,}", scene.sample.told_text))
    return any(isinstance(one, str) and one in said for one in words)


def _makes(behaviour: Behaviour) -> bool:
    """Tell whether calls made things by a path, and were shown the ids of these."""
    endpoint, binding = behaviour.endpoint, behaviour.binding
    is_plain = endpoint.operation is None and not endpoint.element and endpoint.carried is None
    if not is_plain or endpoint.discriminator is not None or endpoint.deep is not None or binding.entity is None:
        return False
    is_post = endpoint.method == "POST" and binding.role == "collection" and isinstance(binding.made, tuple)
    is_put = endpoint.method == "PUT" and binding.role == "item" and endpoint.template[-1:] == (None,)
    wanted = range(200, 300) if is_post else (_CREATED,)
    return (is_post or is_put) and any(scene.sample.answered_status in wanted for scene in behaviour.scenes)


def _place(maker: Behaviour) -> Template:
    """Give the path behind which the word stands that a call makes things under."""
    return maker.endpoint.template[: -1 if maker.endpoint.method == "POST" else -2]


def _updates(behaviour: Behaviour) -> bool:
    """Tell whether items are changed by what is posted to their paths."""
    is_item = behaviour.endpoint.method == "POST" and behaviour.binding.role == "item"
    return is_item and any(scene.sample.succeeded for scene in behaviour.scenes)


def _homes(behaviours: Sequence[Behaviour], makers: Sequence[Behaviour]) -> dict[Template, Collection | None]:
    """Give the paths behind which unknown words may stand, with the collection of the item that they are below."""
    found: dict[Template, Collection | None] = {}
    for maker in makers:
        if None not in _place(maker):
            found.setdefault(_place(maker), None)
    for collection in dict.fromkeys(one.collection for one in behaviours if one.collection is not None):
        own = [one for one in behaviours if one.collection is collection]
        is_other = any(one.endpoint.deep is not None or one.endpoint.carried is not None for one in own)
        if makers and is_behind_a_path(collection, own) and not is_other and collection.template[-1] is None:
            found.setdefault(collection.template, collection)
    return found


class _Supposed:
    """Makes what is supposed behind one path, in the form of the nearest call that makes things."""

    def __init__(
        self, home: Template, parent: Collection | None, makers: Sequence[Behaviour], behaviours: Sequence[Behaviour]
    ) -> None:
        self._home = home
        self._parent = parent
        self._all = behaviours
        self._nearest = max(makers, key=lambda one: _nearness(one, home))
        self._makers = makers
        binding = self._nearest.binding
        self._lead = binding.entity or ()
        made = binding.made if isinstance(binding.made, tuple) else ()
        self._own_id = made[len(self._lead) :] or ("id",)
        name = f"{parent.name}_{_NAME}" if parent is not None else _NAME
        self._collection = Collection((*home, None, None), name, self._own_id)
        self._ending = Maker(self._collection, [self._nearest], behaviours).ending((*home, None))

    def behaviours(self) -> Iterator[Behaviour]:
        """Give what makes things, what lists them, and what is done with them; of other things nothing is said."""
        made = self._making()
        yield made
        called = {singular(word) for word in self._home if word is not None}
        own = next((name for name in _OWN if name not in called), _OWN[-1])
        maker = Maker(self._collection, [made], self._all, (_KIND, own))
        updating = ["POST"] if any(map(_updates, self._all)) else []
        for method in ("GET", "PUT", "PATCH", "DELETE", *updating) if self._parent is None else ("GET", "DELETE"):
            behaviour = maker.of_item(method)
            if behaviour is not None:
                self._only_known(behaviour)
                yield behaviour
        listed = maker.listed((*self._home, None))
        if listed is not None:
            _only_where(listed, Term("vars.list.total != 0", _unknown))
            yield listed

    def _making(self) -> Behaviour:
        endpoint = implied_endpoint("POST", (*self._home, None), (_KIND,), ending=self._ending)
        parents = [] if self._parent is None else [(self._parent, self._parent.count)]
        made = (*self._lead, *self._own_id)
        binding = Binding("collection", self._collection, entity=self._lead, made=made, parents=parents)
        lookups = path_lookups(endpoint, binding)
        making = self._outcome(usual_success(self._makers, _CREATED), self._thing(), "making things")
        behaviour = Behaviour(
            endpoint, binding, [], lookups, [(None, making)], None, [], [], True, Vocabulary([], lookups)
        )
        if self._parent is not None or self._are_plurals():
            kind = member("request.path_params", (endpoint.params[-1],))
            _only_where(behaviour, Term(f"({kind} | last) == 's'", _unknown))
        if self._parent is not None:
            behaviour.cases.append((None, self._done(self._parent, next(iter(lookups)))))
        return behaviour

    def _done(self, parent: Collection, lookup: str) -> Outcome:
        """Give what is answered to a call that does something with an item: the item."""
        actions = [one for one in self._all if one.binding.role == "action" and one.endpoint.operation is None]
        told = usual_success(actions, _OK)
        status = _OK if told == _CREATED else told
        item = Term(f"{MARK}{parent.name}{MARK}vars.{lookup}{MARK}", _unknown, "item", 1.0, frozenset({lookup}))
        own = [one for one in self._all if one.collection is parent]
        body = None if status == _NO_CONTENT else Maker(parent, own, self._all).wrapped(item)
        done = self._outcome(status, body, "doing things with items")
        headers = [*done.answered.headers, *_tag_of(own, lookup)] if body is not None else done.answered.headers
        return replace(done, answered=replace(done.answered, headers=headers), keeps=False)

    def _only_known(self, behaviour: Behaviour) -> None:
        """Have only such things asked for as were made, and those gone that were deleted."""
        absent = Term("vars.item is none", _unknown, uses=frozenset({"item"}))
        deleted = Term("vars.gone is not none", _unknown, uses=frozenset({"gone"}))
        behaviour.lookups |= {
            name: one for name, one in path_lookups(behaviour.endpoint, behaviour.binding).items() if name == "gone"
        }
        _only_where(behaviour, Term("vars.item is not none", _unknown, uses=frozenset({"item"})))
        gone = self._outcome(_GONE, None, "deleting things")
        behaviour.cases.insert(0, (Rule((absent, deleted), ("", "gone"), 0), gone))

    def _outcome(self, status: int, body: Node | None, what: str) -> Outcome:
        headers: list[Header] = []
        if body is not None:
            headers.append(("content-type", Fixed(Maker(self._collection, self._makers, self._all).type()), None))
            headers += usual_headers(self._makers, ("POST", "PUT"))
        if what == "making things" and self._tell_places():
            headers.append(("location", self._link("request.path"), None))
        answered = Answered(status, headers, "none" if body is None else "json", body)
        return Outcome((status, what), status, [], answered, tier="schema", note=_NOTE.format(what))

    def _tell_places(self) -> bool:
        """Tell whether most calls that make things say where these are."""
        told = [any(scene.sample.answer_header("location") for scene in one.scenes) for one in self._makers]
        return sum(told) * 2 > len(told)

    def _are_plurals(self) -> bool:
        size = len(self._home)
        beside = [one.endpoint.template[size] for one in self._makers if _place(one) == self._home]
        return all((word or "").endswith("s") for word in beside)

    def _thing(self) -> Node:
        """Give a new thing: what is sent for it, with an id, and with a link to itself where others have one."""
        lead = entity_in_request(self._fine(), self._nearest.binding)
        sent = Term(f"merge({member('request.json', lead)}, request.form)", _unknown)
        made: Node = MadeUp(self._new_id(lead), "id")
        members: dict[str, tuple[Node, Term | None]] = {}
        for other in dict.fromkeys(self._ids()):
            _put(members, other, Named("id", made))
        for path, base in self._own_links():
            _put(members, path, self._link(base))
        body: Node = Over(Object({}), [sent], Object(members))
        for step in reversed(self._lead):
            body = Object({str(step): (body, None)})
        return body

    def _fine(self) -> list[Scene]:
        return [scene for scene in self._nearest.scenes if scene.sample.succeeded]

    def _new_id(self, lead: Any) -> str:
        made = (*self._lead, *self._own_id)
        ids = [one for scene in self._fine() if (one := look(scene.sample.answer_json, made)) is not MISSING]
        if ids and all(isinstance(one, int) for one in ids):
            text = f"inc({literal(self._collection.name)})"
        elif ids and all(_UUID.fullmatch(as_text(one)) for one in ids):
            text = "uuid()"
        else:
            text = f"random_token({max([_SHORTEST, *(len(as_text(one)) for one in ids)])})"
        sent = member("request.json", (*lead, *self._own_id))
        return f"({sent} if {sent} is defined else {text})"

    def _ids(self) -> Iterator[tuple[str, ...]]:
        """Give where a new thing has its id: where others have it that nobody sends, and as it is called everywhere."""
        sent = [scene.sample.json for scene in self._fine() if isinstance(scene.sample.json, dict)]
        if not any(look(one, self._own_id) is not MISSING for one in sent):
            yield tuple(map(str, self._own_id))
        yield ("id",)

    def _link(self, base: str) -> Node:
        """Give the path of a new thing, or its URL."""
        own, before = Said(Term("vars.id", _unknown)), Said(Term(base, _unknown))
        return Joined([before, own, "/"] if self._ending else [before, "/", own])

    def _own_links(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Give where things say a path with their id at its end, as a part of a link or a whole one."""
        for one in self._makers if self._ending in ("", "/") else ():
            scene = next(scene for scene in one.scenes if scene.sample.succeeded)
            made = one.binding.made if isinstance(one.binding.made, tuple) else ()
            end = f"/{as_text(look(scene.sample.answer_json, made))}{self._ending}"
            item = look(scene.sample.answer_json, self._lead)
            for path, value in leaves(item, longest_list=0):
                if isinstance(value, str) and value.endswith(end) and value.startswith(("/", "http")):
                    yield tuple(map(str, path)), "request.path" if value.startswith("/") else "request.url"


def _tag_of(own: Sequence[Behaviour], lookup: str) -> list[Header]:
    """Give the entity tag that reads of an item have, where it is kept with the item, of what is looked up so."""
    for behaviour in own:
        is_read = behaviour.endpoint.method == "GET" and behaviour.binding.role == "item"
        for _, outcome in behaviour.cases if is_read else ():
            tag = etag_of(outcome.answered) if outcome.status < _REDIRECTS else None
            if tag is not None and tag[2] is None and isinstance(tag[1], Said) and tag[1].term.uses == _OF_ITEM:
                kept = tag[1].term
                text = re.sub(r"\bvars\.item\b", f"vars.{lookup}", kept.text)
                return [("etag", Said(replace(kept, text=text, get=_unknown, uses=frozenset({lookup}))), None)]
    return []


def _nearness(behaviour: Behaviour, home: Template) -> tuple[int, int, int]:
    """Tell how much of a path a call shares, and how often it was made."""
    shared = sum(one == other for one, other in zip(_place(behaviour), home, strict=False))
    return int(behaviour.endpoint.method == "POST"), shared, len(behaviour.scenes)


def _put(members: dict[str, tuple[Node, Term | None]], path: Sequence[Any], node: Node) -> None:
    """Put a part into an object, at a path."""
    name = str(path[0])
    if len(path) == 1:
        members[name] = (node, None)
        return
    within = members.get(name)
    inner = dict(within[0].members) if within is not None and isinstance(within[0], Object) else {}
    _put(inner, path[1:], node)
    members[name] = (Object(inner), None)


def _only_where(behaviour: Behaviour, term: Term) -> None:
    """Have a behaviour with one case answer only where something holds."""
    ((_, outcome),) = behaviour.cases
    behaviour.cases = [(Rule((term,), outcome.label, 0), outcome)]


def _unknown(_scene: Scene) -> object:
    return MISSING
