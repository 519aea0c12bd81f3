"""Uncalled operations: what few sessions did not ask of things that operations name, told by a verb and their noun."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from cassettes.xmltree import is_tree
from recorder.synthesis.calls.namings import Naming, name_of, naming_of
from recorder.synthesis.collections.binding import Binding, Collection, Role
from recorder.synthesis.collections.keys import prefix_term
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.guards import Rule
from recorder.synthesis.endpoints.discriminators import Discriminator
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template, singular
from recorder.synthesis.endpoints.verbs import Does, does, verbs_that
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.nodes.node import Fixed, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.outcomes.implied import Maker, free_id
from recorder.synthesis.outcomes.unknown_methods import (
    answered,
    enveloped,
    is_remote,
    never_recorded,
    no_method,
    unknown_methods,
    unrecorded,
)
from recorder.synthesis.samples.operation import Operation
from recorder.synthesis.samples.values import MISSING, Path
from recorder.synthesis.terms.few import FEW_SESSIONS
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, member

_OK: Final = 200
_ANY: Final = "[a-z]+"
_LISTS: Final = "list|search|query|scan|find|browse|all|index"
_DOINGS: Final[tuple[Does, ...]] = ("write", "change", "remove", "read")
"""Of definitions that fit a call alike the last is taken: that of what is said least of comes first."""
_SEEN_AS: Final[Mapping[str, str]] = {
    "read": "GET",
    "list": "GET",
    "remove": "DELETE",
    "change": "PATCH",
    "write": "POST",
}


def uncalled(behaviours: Sequence[Behaviour], sessions: int) -> Iterator[Behaviour]:
    """Give behaviours without scenes for operations on known things that no call named: of low confidence.

    Their names are those of the others with another verb. Things are read, listed, changed and deleted; what else is
    done with one shows it as it is. Of JSON-RPC all others are unknown methods.
    """
    called = [one for one in behaviours if _is_named(one)] if sessions <= FEW_SESSIONS else []
    numbers = {one.endpoint.id for one in behaviours}
    for made in chain(unknown_methods(behaviours), _of_things(called)) if called else ():
        made.endpoint.id = free_id(made.endpoint.id, numbers)
        numbers.add(made.endpoint.id)
        yield made


def _is_named(behaviour: Behaviour) -> bool:
    """Tell whether calls are named by a word, and their answers are no XML, which is named by the operation, too."""
    told = behaviour.endpoint.discriminator
    if behaviour.endpoint.operation is None or (told is not None and told.where in ("graphql", "element")):
        return False
    return not any(is_tree(scene.sample.answer_json) for scene in behaviour.scenes)


def _of_things(called: Sequence[Behaviour]) -> Iterator[Behaviour]:
    for collection in dict.fromkeys(one.collection for one in called if one.collection is not None):
        own = [one for one in called if one.collection is collection]
        yield from _Uncalled(collection, own, called).behaviours()


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Where calls name a thing, the one behind those that it is below, as which parameters of which path."""

    template: Template
    params: tuple[str, ...]
    keys: tuple[Path, ...]


class _Uncalled:
    """Makes what is supposed of things of one kind that operations name."""

    def __init__(self, collection: Collection, own: Sequence[Behaviour], called: Sequence[Behaviour]) -> None:
        self._collection = collection
        self._own = own
        self._all = called
        self._maker = Maker(collection, own, called)
        self._is_remote = any(map(is_remote, own))
        subject = singular(str(collection.home[-1])) if collection.home else ""
        named = ((one, naming_of(one.endpoint, subject)) for one in own)
        self._named = {one: naming for one, naming in named if naming is not None}
        self._keyed = next((one for role in ("item", "action") if (one := self._key(role)) is not None), None)
        found = {one.name: (one, at) for behaviour in own for one, at in behaviour.binding.parents}
        self._parents = [(one, at) for one, at in found.values() if len(one.template) < len(collection.template)]

    def behaviours(self) -> Iterator[Behaviour]:
        """Give what may be asked of one thing, where calls name it and show one, and of all."""
        is_shown = any(one.binding.entity is not None for one in self._own)
        for naming in dict.fromkeys(self._named.values()):
            if is_shown and self._keyed is not None:
                yield from (self._done(naming, doing, self._keyed) for doing in _DOINGS)
            if not any(map(_is_list, self._named)) and (self._keyed is not None or self._collection.count == 1):
                yield self._listed(naming)

    def _key(self, role: Role) -> _Keyed | None:
        count = self._collection.count
        for one in self._own:
            operation = one.endpoint.operation
            if one.binding.role == role and operation is not None and len(operation.keys) >= count:
                return _Keyed(self._collection.template, one.endpoint.params[:count], operation.keys[:count])
        return None

    def _done(self, naming: Naming, doing: Does, keyed: _Keyed) -> Behaviour:
        is_deed = doing == "write"
        verbs = _ANY if is_deed else verbs_that(doing)
        keyed = replace(keyed, template=(*keyed.template, doing)) if is_deed else keyed
        endpoint = self._endpoint(doing, naming.pattern(verbs, has_tail=doing != "remove"), keyed)
        role: Role = "action" if is_deed else "item"
        entity = None if doing in ("write", "remove") else self._maker.lead
        binding = Binding(role, self._collection, entity=entity, parents=self._parents, removes=doing == "remove")
        text = f"{MARK}{self._collection.name}{MARK}vars.item{MARK}"
        if doing == "change" and endpoint.operation is not None:
            text = f"merge({text}, {member('request.json', endpoint.operation.base)})"
        item = Term(text, _unknown, "item", 1.0, frozenset({"item"}))
        body = self._removed() if doing == "remove" else self._enveloped(self._maker.wrapped(item))
        made = self._made(endpoint, binding, body, f"operations that {doing} things")
        if is_deed:
            self._only_known(made)
        return made

    def _only_known(self, made: Behaviour) -> None:
        """Have only known things something done with that has any name."""
        there = Term("vars.item is not none", _unknown, uses=frozenset({"item"}))
        ((_, outcome),) = made.cases
        made.cases = [(Rule((there,), outcome.label, 0), outcome)]
        if self._is_remote:
            made.cases.append((None, unrecorded(no_method(self._own), "a method that there is not")))

    def _listed(self, naming: Naming) -> Behaviour:
        above = self._collection.count - 1
        keyed = self._keyed or _Keyed((), (), ())
        home = _Keyed(self._collection.home, keyed.params[:above], keyed.keys[:above])
        endpoint = self._endpoint("list", naming.pattern(_LISTS, many=True), home)
        binding = Binding("collection", self._collection, parents=self._parents)
        items = Term(f"{MARK}{self._collection.name}{MARK}vars.list.items{MARK}", _unknown, "items", 0.9)
        rows = {str(self._collection.home[-1]): (Said(items), None)}
        if self._is_remote:
            body = enveloped(Object({"result": (Object(rows), None)}))
        else:
            body = Object({**self._maker.fixed_beside(str(next(iter(self._maker.lead), ""))), **rows})
        made = self._made(endpoint, binding, body, "operations that list things")
        spec: dict[str, Any] = {"in": self._collection.name, "free": True}
        if endpoint.params:
            spec["under"] = f"{{{{ {prefix_term(endpoint, binding).text} }}}}"
        made.listed = Listed(spec, (), 0, 0)
        return made

    def _removed(self) -> Node | None:
        """Give what a call that deletes is answered with: as others that do are, else with nothing but that."""
        if self._is_remote:
            return enveloped(Object({"result": (Fixed(None), None)}))
        others = [one for one in self._all if one.endpoint.method == "DELETE"]
        told = Counter(outcome.answered.form for one in others for _, outcome in one.cases if outcome.status < 300)
        is_empty = bool(told) and told.most_common(1)[0][0] == "none"
        return None if is_empty else Object(self._maker.fixed_beside(str(next(iter(self._maker.lead), ""))))

    def _enveloped(self, body: Node) -> Node:
        return enveloped(body) if self._is_remote and isinstance(body, Object) else body

    def _endpoint(self, doing: str, pattern: str, keyed: _Keyed) -> Endpoint:
        """Make an endpoint for all names of a pattern, sent as the nearest operation that reads or does not."""
        is_read = _SEEN_AS[doing] == "GET"
        some = [*self._own, *self._all]
        like = next((one.endpoint for one in some if (one.endpoint.method == "GET") is is_read), some[0].endpoint)
        told, sent = like.discriminator, like.operation or Operation(like.method, like.sent_segments)
        apart = Discriminator("path", "", f"^{pattern}") if told is None else replace(told, value=pattern)
        return Endpoint(
            _SEEN_AS[doing], keyed.template, keyed.params, replace(apart, is_pattern=True), [],
            id=re.sub(r"\W+", "-", f"{doing}-{self._collection.name}"), is_form=like.is_form, is_last=True,
            operation=replace(sent, keys=keyed.keys, lists=doing == "list", made=()),
        )  # fmt: skip

    def _made(self, endpoint: Endpoint, binding: Binding, body: Node | None, what: str) -> Behaviour:
        lookups: dict[str, Lookup] = path_lookups(endpoint, binding)
        lookups.pop("gone", None)
        return never_recorded(endpoint, binding, lookups, answered(_OK, body, self._maker.type()), what)


def _is_list(behaviour: Behaviour) -> bool:
    reads = behaviour.endpoint.method == "GET" and does(name_of(behaviour.endpoint)) == "read"
    return reads and behaviour.binding.role == "collection"


def _unknown(_scene: Scene) -> Any:
    return MISSING
