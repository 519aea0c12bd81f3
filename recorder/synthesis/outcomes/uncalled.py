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
from recorder.synthesis.collections.keys import param_terms, prefix_term
from recorder.synthesis.collections.references import path_lookups
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.endpoints.discriminators import Discriminator
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template, singular
from recorder.synthesis.endpoints.verbs import Does, does, verbs_that
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.nodes.node import Fixed, Node, Object, Said
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.outcomes.implied import Maker, free_id
from recorder.synthesis.outcomes.lacking import with_success
from recorder.synthesis.outcomes.retold import renamed, retold, said_name, within
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
_REFUSED: Final = 300
_UNAUTHORIZED: Final = 401
_SOME: Final = 3
_ANY: Final = "[a-z]+"
_LISTS: Final = "list|search|query|scan|find|browse|all|index"
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
    """Tell whether calls are named by a word."""
    told = behaviour.endpoint.discriminator
    return behaviour.endpoint.operation is not None and (told is None or told.where not in ("graphql", "element"))


def _of_things(called: Sequence[Behaviour]) -> Iterator[Behaviour]:
    collections = dict.fromkeys(one.collection for one in called if one.collection is not None)
    kinds = [_Uncalled(one, [own for own in called if own.collection is one], called) for one in collections]
    # Of definitions that fit a call alike the last is taken: that of what is said least of comes first.
    kinds.sort(key=lambda one: one.collection.count)
    yield from (made for one in kinds for made in one.otherwise())
    supposed = [made for one in kinds for made in one.behaviours()]
    _answer_callers(called, supposed)
    yield from supposed


def _answer_callers(called: Sequence[Behaviour], supposed: Sequence[Behaviour]) -> None:
    """Have operations that were only refused as nobody called them answered as is supposed where somebody does."""
    for one in called:
        refused = one.scenes and all(scene.sample.status == _UNAUTHORIZED for scene in one.scenes)
        fits = (made for made in supposed if _is_for(made.endpoint, one.endpoint)) if refused else iter(())
        made = next(fits, None)
        if made is None or made.endpoint.operation is None or one.endpoint.operation is None:
            continue
        if with_success(one, called, made.cases[0][1], made.binding.entity):
            like, own = made.endpoint, one.endpoint.operation
            one.endpoint.operation = replace(made.endpoint.operation, segments=own.segments, name=own.name)
            one.endpoint.method, one.endpoint.template, one.endpoint.params = like.method, like.template, like.params
            one.binding, one.listed = made.binding, made.listed
            one.lookups |= made.lookups


def _is_for(supposed: Endpoint, endpoint: Endpoint) -> bool:
    told = supposed.discriminator
    is_sent_so = told is not None and supposed.sent_method == endpoint.sent_method
    return is_sent_so and told is not None and re.fullmatch(told.value.removeprefix("^"), name_of(endpoint)) is not None


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Where calls name a thing, the one behind those that it is below, as which parameters of which path."""

    template: Template
    params: tuple[str, ...]
    keys: tuple[Path, ...]


class _Uncalled:
    """Makes what is supposed of things of one kind that operations name."""

    def __init__(self, collection: Collection, own: Sequence[Behaviour], called: Sequence[Behaviour]) -> None:
        self.collection = collection
        self._own = own
        self._all = called
        self._maker = Maker(collection, own, called)
        self._is_remote = any(map(is_remote, own))
        subject = singular(str(collection.home[-1])) if collection.home else ""
        named = ((one, naming_of(one.endpoint, subject)) for one in own)
        self._named = {one: naming for one, naming in named if naming is not None}
        self._keyed = self._key("item") or self._key("action") or self._key(None)
        found = {one.name: (one, at) for behaviour in own for one, at in behaviour.binding.parents}
        self._is_xml = any(is_tree(scene.sample.answer_json) for one in own for scene in one.scenes)
        self._parents = [(one, at) for one, at in found.values() if len(one.template) < len(collection.template)]

    def behaviours(self) -> Iterator[Behaviour]:
        """Give what may be asked of one thing, where calls name it and show one, and of all."""
        is_shown = any(one.binding.entity is not None for one in self._own)
        for naming in dict.fromkeys(self._named.values()):
            if is_shown and self._keyed is not None:
                yield from (self._done(naming, doing, self._keyed) for doing in self._doings())
            if (
                not self._is_xml
                and not any(map(_is_list, self._named))
                and (self._keyed is not None or self.collection.count == 1)
            ):
                yield self._listed(naming)

    def _doings(self) -> Iterator[Does]:
        if self._is_remote:
            yield "write"
        if not self._is_xml:
            yield "change"
        yield from ("remove", "read")

    def otherwise(self) -> Iterator[Behaviour]:
        """Give what else is done with a thing: any operation that names it. Methods of JSON-RPC have to be known."""
        if self._is_remote or self._keyed is None or not any(one.binding.entity is not None for one in self._own):
            return
        door = _door([one.endpoint for one in self._all]) if self._own[0].endpoint.discriminator is None else ".*"
        sent: set[str] = set()
        for doing in ("write", "read") if door else ():
            made = self._deed(door, doing, self._keyed)
            told = made.endpoint.discriminator
            if told is not None and made.endpoint.sent_method not in sent:
                sent.add(made.endpoint.sent_method)
                made.endpoint.discriminator = replace(told, needs=self._keyed.keys)
                self._only_known(made)
                yield made

    def _key(self, role: Role | None) -> _Keyed | None:
        """Give where calls name a thing, those with a role or, of any, those on what is below such things."""
        own, count = self.collection.template, self.collection.count
        for one in self._own if role is not None else self._all:
            operation, template = one.endpoint.operation, one.endpoint.template
            is_such = one.binding.role == role or (role is None and template[: len(own)] == own)
            if is_such and operation is not None and len(operation.keys) >= count:
                return _Keyed(own, one.endpoint.params[:count], operation.keys[:count])
        return None

    def _done(self, naming: Naming, doing: Does, keyed: _Keyed) -> Behaviour:
        verbs = _ANY if doing == "write" else verbs_that(doing)
        made = self._deed(naming.pattern(verbs, has_tail=doing != "remove"), doing, keyed)
        if doing == "write":
            self._only_known(made)
        return made

    def _deed(self, pattern: str, doing: Does, keyed: _Keyed) -> Behaviour:
        is_deed = doing == "write"
        keyed = replace(keyed, template=(*keyed.template, doing)) if is_deed else keyed
        endpoint = self._endpoint(doing, pattern, keyed)
        role: Role = "action" if is_deed else "item"
        entity = None if doing in ("write", "remove") else self._maker.lead
        binding = Binding(role, self.collection, entity=entity, parents=self._parents, removes=doing == "remove")
        text = f"{MARK}{self.collection.name}{MARK}vars.item{MARK}"
        if doing == "change" and endpoint.operation is not None:
            text = f"merge({text}, {member('request.json', endpoint.operation.base)})"
        item = Term(text, _unknown, "item", 1.0, frozenset({"item"}))
        if self._is_xml:
            body = self._in_xml(endpoint, item, doing)
        else:
            body = self._removed() if doing == "remove" else self._enveloped(self._maker.wrapped(item))
        return self._made(endpoint, binding, body, f"operations that {doing} things")

    def _in_xml(self, endpoint: Endpoint, item: Term, doing: Does) -> Node | None:
        """Give an answer under the name of the call: of one that reads the thing, else only which one it is."""
        for one in sorted(self._own, key=lambda one: (one.endpoint.method == "GET") is not (doing == "read")):
            told = one.endpoint.discriminator
            lead = [str(step) for step in one.binding.entity or ()]
            inner = [at for at, step in enumerate(lead) if told is not None and told.word in step]
            if told is None or (doing == "read") is not bool(inner):
                continue
            key = param_terms(endpoint)[-1]
            content = within(lead[inner[-1] + 1 :], Said(item)) if inner else Object({key.name: (Said(key), None)})
            for _, outcome in one.cases:
                body = retold(outcome.answered.body, told.word, said_name(told), content)
                if outcome.status < _REFUSED and body is not None:
                    return body
        return None

    def _only_known(self, made: Behaviour) -> None:
        """Have only known things something done with that has any name."""
        there = Term("vars.item is not none", _unknown, uses=frozenset({"item"}))
        ((_, outcome),) = made.cases
        made.cases = [(Rule((there,), outcome.label, 0), outcome)]
        if self._is_remote:
            made.cases.append((None, unrecorded(no_method(self._own), "a method that there is not")))

    def _listed(self, naming: Naming) -> Behaviour:
        above = self.collection.count - 1
        keyed = self._keyed or _Keyed((), (), ())
        home = _Keyed(self.collection.home, keyed.params[:above], keyed.keys[:above])
        endpoint = self._endpoint("list", naming.pattern(_LISTS, many=True), home)
        binding = Binding("collection", self.collection, parents=self._parents)
        items = Term(f"{MARK}{self.collection.name}{MARK}vars.list.items{MARK}", _unknown, "items", 0.9)
        rows = {str(self.collection.home[-1]): (Said(items), None)}
        if self._is_remote:
            body = enveloped(Object({"result": (Object(rows), None)}))
        else:
            body = Object({**self._maker.fixed_beside(str(next(iter(self._maker.lead), ""))), **rows})
        made = self._made(endpoint, binding, body, "operations that list things")
        spec: dict[str, Any] = {"in": self.collection.name, "free": True}
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
        made = Endpoint(
            _SEEN_AS[doing], keyed.template, keyed.params, replace(apart, is_pattern=True), [],
            id=re.sub(r"\W+", "-", f"{doing}-{self.collection.name}"), is_form=like.is_form, is_last=True,
            operation=replace(sent, keys=keyed.keys, lists=doing == "list", made=()),
        )  # fmt: skip
        if like.element and told is not None:
            *around, last = like.element
            made.asked = f"{member('request.xml', tuple(around))}[{renamed(last, told.word, said_name(told))}]"
        return made

    def _made(self, endpoint: Endpoint, binding: Binding, body: Node | None, what: str) -> Behaviour:
        lookups: dict[str, Lookup] = path_lookups(endpoint, binding)
        lookups.pop("gone", None)
        told = answered(_OK, body, self._maker.type())
        told = replace(told, form="xml") if self._is_xml and body is not None else told
        return never_recorded(endpoint, binding, lookups, told, what)


def _door(endpoints: Sequence[Endpoint]) -> str:
    """Write the paths of operations that paths name: with other words where theirs differ, "" where all do."""
    paths = [one.path.split("/") for one in endpoints if one.discriminator is None]
    size = min(map(len, paths))
    around = [path[: size - 1] for path in paths if path[: size - 1] == paths[0][: size - 1]]
    if len(around) < len(paths) or size < _SOME:
        return ""
    longest = max(map(len, paths)) - size + 1
    return "/".join([*map(re.escape, around[0]), *[r"[^/]+"] * longest])


def _is_list(behaviour: Behaviour) -> bool:
    reads = behaviour.endpoint.method == "GET" and does(name_of(behaviour.endpoint)) == "read"
    return reads and behaviour.binding.role == "collection"


def _unknown(_scene: Scene) -> Any:
    return MISSING
