"""Emitting: what was learnt, written as definitions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.answer import Answered, encoded, tags_body
from recorder.synthesis.behaviour import Behaviour, Outcome, entity_in_request, made_key, part_of_answer
from recorder.synthesis.borrow import Refusal
from recorder.synthesis.effects import Effect
from recorder.synthesis.entities import Collection, Creation
from recorder.synthesis.guards import Rule
from recorder.synthesis.node import Node, escaped
from recorder.synthesis.references import key_term
from recorder.synthesis.scene import GONE
from recorder.synthesis.term import Term, literal, member
from recorder.synthesis.tickets import Ticket
from recorder.synthesis.values import MISSING
from recorder.synthesis.vocabulary import hidden_name

_SIGN: Final = "\N{SECTION SIGN}"
_MARKED: Final = re.compile(f"{_SIGN}([^{_SIGN}]*){_SIGN}([^{_SIGN}]*){_SIGN}([.\\[(]?)")
Definition = dict[str, Any]


class Emitter:
    """Writes behaviours as definitions; knows which hidden members items have to be kept with."""

    def __init__(
        self, behaviours: Sequence[Behaviour], tickets: Sequence[Ticket], seeds: Mapping[str, Mapping[str, Any]],
        collections: Sequence[Collection], effects: Sequence[Effect] = (),
    ) -> None:  # fmt: skip
        self._behaviours = behaviours
        self._tickets = tickets
        self._seeds = seeds
        self._collections = collections
        self._effects = effects
        self._hidden: dict[str, set[str]] = defaultdict(set)
        for behaviour in behaviours:
            for term in _terms_of(behaviour):
                for collection, attribute in term.keeps:
                    self._hidden[collection].add(attribute)
            for lookup in behaviour.lookups.values():
                if (
                    lookup.by is not None
                    and self._is_used(behaviour, lookup.name)
                    and not self._is_shown(lookup.collection, lookup.by)
                ):
                    self._hidden[lookup.collection].add(f"request.json.{lookup.by}")
        self._declared: set[str] = set()

    def _is_used(self, behaviour: Behaviour, name: str) -> bool:
        return any(name in term.uses for term in _terms_of(behaviour))

    def _is_shown(self, collection: str, field: str) -> bool:
        """Tell whether items show a field, so that it need not be kept beside them."""
        for behaviour in self._behaviours:
            for scene in behaviour.scenes[:40]:
                for item in scene.timeline.under(collection, "", scene.moment).values():
                    return isinstance(item, dict) and field.partition(".")[0] in item
        return False

    def definitions(self) -> Iterator[Definition]:
        """Give the definitions in the order in which the endpoints were first asked."""
        for behaviour in self._behaviours:
            yield self._definition(behaviour)

    def _definition(self, behaviour: Behaviour) -> Definition:
        endpoint = behaviour.endpoint
        made: Definition = {"id": endpoint.id}
        counts = defaultdict(int)
        for scene in behaviour.scenes:
            counts[scene.sample.status] += 1
        sessions = len({scene.sample.session for scene in behaviour.scenes})
        told = ", ".join(f"{count} x {status}" for status, count in sorted(counts.items()))
        made["description"] = (
            f"{len(behaviour.scenes)} recorded calls in {sessions} session{'s' * (sessions != 1)}: {told}"
        )
        match: dict[str, Any] = {"method": endpoint.method, "path": _path(endpoint.path)}
        self._discriminate(match, behaviour)
        made["match"] = match
        seeds = self._seeds_of(behaviour)
        if seeds:
            made["collections"] = seeds
        cases = self._cases(behaviour)
        used = _uses(cases, behaviour)
        if behaviour.listed is not None and "vars.list" in repr(cases):
            used |= _uses([behaviour.listed.spec], behaviour)
        let: dict[str, Any] = {}
        for name in _ordered(behaviour, used):
            let[name] = f"{{{{ {self._text(behaviour.lookups[name].text)} }}}}"
        if let:
            made["let"] = let
        if behaviour.listed is not None and "vars.list" in repr(cases):
            made["list"] = behaviour.listed.spec
        made["cases"] = cases
        made["tags"] = ["synthesized"]
        return made

    def _discriminate(self, match: dict[str, Any], behaviour: Behaviour) -> None:
        told = behaviour.endpoint.discriminator
        if told is None:
            return
        if told.where == "header":
            match["headers"] = {told.name: told.value}
        elif told.where == "query":
            match["query"] = {told.name: told.value}
        elif told.where == "form":
            match["body"] = {"form": {told.name: told.value}}
        elif told.where == "graphql":
            sample = behaviour.scenes[0].sample
            named = isinstance(sample.json, dict) and sample.json.get("operationName") == told.value
            if named or re.search(
                rf"\b(?:query|mutation|subscription)\s+{re.escape(told.value)}\b", str(sample.json.get("query"))
            ):
                match["graphql"] = {"operation": told.value}
            else:
                field = rf"\{{\s*(?:\w+\s*:\s*)?{re.escape(told.value)}\b"
                match["body"] = {"jsonpath": "$.query", "regex": f"[^{{]*{field}.*"}
        else:
            match["body"] = {"jsonpath": f"$[{literal(told.name)}]", "equals": told.value}

    def _seeds_of(self, behaviour: Behaviour) -> dict[str, Any]:
        made: dict[str, Any] = {}
        names = []
        if behaviour.collection is not None:
            names.append(behaviour.collection.name)
        names += [lookup.collection for lookup in behaviour.lookups.values()]
        for name in dict.fromkeys(names):
            if name not in self._declared and self._seeds.get(name):
                self._declared.add(name)
                made[name] = {"seed": {key: escaped(item) for key, item in self._seeds[name].items()}}
        for table in behaviour.tables:
            rows = {key or "''": escaped(row) for key, row in table.rows.items()}
            made[table.name] = {"seed": rows}
        return made

    # Cases.

    def _cases(self, behaviour: Behaviour) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for rule, outcome in behaviour.cases:
            made.append(self._case(behaviour, rule, outcome))
        return made

    def _case(self, behaviour: Behaviour, rule: Rule | None, outcome: Outcome) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if rule is not None:
            texts = [self._text(term.text) for term in rule.terms]
            made["when"] = texts[0] if len(texts) == 1 else texts
            made["note"] = outcome.note or f"{rule.support} of {len(behaviour.scenes)} recorded calls"
        elif outcome.note:
            made["note"] = outcome.note
        made["tier"] = outcome.tier
        names = {name: self._resolved(node.document()) for name, node in outcome.answered.names.items()}
        if names:
            made["let"] = names
        made["response"] = self.response(outcome.answered)
        if tags_body(outcome.answered):
            made.setdefault("let", {})["body"] = made["response"].get("body", "")
            if "body" in made["response"]:
                made["response"]["body"] = "{{ vars.body }}"
        if outcome.status < 300:
            saves = list(self._saves(behaviour, outcome))
            if saves:
                made["save"] = saves
        return made

    def refusal(self, refusal: Refusal) -> dict[str, Any]:
        """Write a case that is taken over from elsewhere in the API."""
        made: dict[str, Any] = {"when": self._text(refusal.term.text), "note": refusal.note, "tier": "resource"}
        names = {name: self._resolved(node.document()) for name, node in refusal.answered.names.items()}
        if names:
            made["let"] = names
        made["response"] = self.response(refusal.answered)
        if tags_body(refusal.answered):
            made["response"]["headers"].pop("ETag", None)
        return made

    def response(self, answered: Answered) -> dict[str, Any]:
        """Write an answer."""
        made: dict[str, Any] = {"status": answered.status}
        if answered.code is not None:
            made["status"] = _said(self._text(answered.code.text))
        headers: dict[str, Any] = {}
        for name, node, condition in answered.headers:
            document = node.document()
            if condition is not None:
                document = f"{{{{ {node.expression()} if {condition.text} else omit }}}}"
            headers[_title(name)] = self._resolved(document if isinstance(document, str) else str(document))
        if headers:
            made["headers"] = headers
        if answered.form == "binary":
            made["body_base64"] = encoded(answered.raw)
        elif answered.body is not None:
            made["body"] = self._body(answered.body, answered.form)
        return made

    def _body(self, node: Node, form: str) -> Any:
        document = self._resolved(node.document())
        if form == "json" and isinstance(document, str) and not document.startswith("{{"):
            return f"{{{{ {self._text(node.expression())} | tojson }}}}"
        if form == "json" and document is None:
            return "null"
        if form == "json" and not isinstance(document, str | dict | list):
            return "true" if document is True else "false" if document is False else str(document)
        return document

    # What an answer changes.

    def _saves(self, behaviour: Behaviour, outcome: Outcome) -> Iterator[dict[str, Any]]:
        endpoint, binding, collection = behaviour.endpoint, behaviour.binding, behaviour.collection
        for one in binding.also if behaviour.writes else ():
            base = "request.json" if one.is_sent else "vars.answer.json"
            shown = "{}" if one.entity is None else member(base, one.entity)
            key, item = _said(member(base, one.made)), self._beside(one, behaviour, outcome, shown)
            yield {"in": one.collection.name, "key": key, "item": item, "merge": True}
        for dropped, path in binding.drops:
            yield {"in": dropped.name, "key": _said(member("request.json", path)), "delete": True}
        if binding.role == "item" and _goes_on(behaviour):
            assert collection is not None
            key = _said(key_term(endpoint, collection.count).text)
            yield {"in": collection.name, "key": key, "item": self._item(behaviour, outcome, None)}
        if collection is not None and behaviour.writes:
            count = collection.count
            if binding.role == "item" and endpoint.method == "DELETE" and binding.removes:
                yield from self._removal(collection, key_term(endpoint, count).text)
            elif binding.role == "collection" and endpoint.method == "DELETE":
                under = key_term(endpoint, len(endpoint.params), trailing=True).text
                yield {"in": collection.name, "under": _said(under), "delete": True, "when": "not request.query_string"}
            elif binding.role == "collection":
                own = made_key(binding)
                if own is not None:
                    prefix = key_term(endpoint, len(endpoint.params), trailing=True).text
                    key = f"{prefix} ~ {own}" if endpoint.params else own
                    yield {"in": collection.name, "key": _said(key), "item": self._item(behaviour, outcome, own)}
            elif binding.role == "item" or binding.entity is not None:
                made = {
                    "in": collection.name,
                    "key": _said(key_term(endpoint, count).text),
                    "item": self._item(behaviour, outcome, None),
                }
                if binding.role == "action":
                    made["merge"] = True
                yield made
                if endpoint.method != "DELETE" and self._remembers_gone(collection.name):
                    yield {"in": collection.name + GONE, "key": made["key"], "delete": True}
        yield from self._ticket_saves(behaviour)

    def _beside(self, creation: Creation, behaviour: Behaviour, outcome: Outcome, shown: str) -> Any:
        hidden = {}
        for attribute in sorted(self._hidden.get(creation.collection.name, ())):
            text = _attribute(attribute, behaviour, outcome)
            if text is not None:
                hidden[hidden_name(attribute)] = f"({text} if {text} is defined else omit)"
        if not hidden:
            return _said(shown)
        return _said(f"merge({shown}, {{{', '.join(f'{literal(name)}: {text}' for name, text in hidden.items())}}})")

    def _removal(self, collection: Collection, key: str) -> Iterator[dict[str, Any]]:
        if self._remembers_gone(collection.name):
            yield {"in": collection.name + GONE, "key": _said(key), "delete": True, "when": "vars.item is none"}
            yield {
                "in": collection.name + GONE,
                "key": _said(key),
                "item": "{{ vars.item }}",
                "when": "vars.item is not none",
            }
        yield {"in": collection.name, "key": _said(key), "delete": True}
        for other in self._collections:
            size = len(collection.template)
            if other is not collection and other.template[:size] == collection.template and self._is_written(other):
                yield {"in": other.name, "under": _said(f"{key} ~ '/'"), "delete": True}

    def _remembers_gone(self, name: str) -> bool:
        """Tell whether anything asks for the deleted items of a collection."""
        return any(
            lookup.collection == name + GONE and self._is_used(behaviour, lookup.name)
            for behaviour in self._behaviours for lookup in behaviour.lookups.values()
        ) or any(one.collection is not None and one.collection.name == name + GONE for one in self._behaviours)  # fmt: skip

    def _is_written(self, collection: Collection) -> bool:
        return any(one.collection is collection and one.writes for one in self._behaviours)

    def _item(self, behaviour: Behaviour, outcome: Outcome, own: str | None) -> Any:
        """Write what is kept of a new or changed item: as the answer shows it, else as the request sent it."""
        binding, collection = behaviour.binding, behaviour.collection
        assert collection is not None
        shown = part_of_answer(binding)
        hidden = self._hidden_members(behaviour, outcome, keeps_old=binding.role != "collection")
        if shown is None:
            where = entity_in_request(outcome.scenes, binding)
            sent = member("request.json", where)
            if not any(isinstance(scene.sample.json, dict) for scene in outcome.scenes):
                sent = "request.form" if any(scene.sample.form for scene in outcome.scenes) else "{}"
            layers = [sent]
            if behaviour.endpoint.method == "PATCH" and "item" in behaviour.lookups:
                layers.insert(0, "vars.item")
            if own is not None and collection.id_path is not None and len(collection.id_path) == 1:
                layers.append(f"{{{literal(str(collection.id_path[0]))}: {own}}}")
            shown = layers[0] if len(layers) == 1 else f"merge({', '.join(layers)})"
        if not hidden:
            return _said(shown)
        return _said(f"merge({shown}, {{{', '.join(f'{literal(name)}: {text}' for name, text in hidden.items())}}})")

    def _hidden_members(self, behaviour: Behaviour, outcome: Outcome, *, keeps_old: bool) -> dict[str, str]:
        assert behaviour.collection is not None
        made: dict[str, str] = {}
        for attribute in sorted(self._hidden.get(behaviour.collection.name, ())):
            name = hidden_name(attribute)
            old = f"vars.item.{name}" if keeps_old and "item" in behaviour.lookups else "none"
            text = _attribute(attribute, behaviour, outcome)
            made[name] = text if text is not None and (old == "none" or not attribute.startswith("request.json")) else (
                f"({text} if {text} is defined else {old})" if text is not None else old
            )  # fmt: skip
        return made

    def _ticket_saves(self, behaviour: Behaviour) -> Iterator[dict[str, Any]]:
        for ticket in self._tickets:
            for text, _ in ticket.issuers.get(behaviour.endpoint, ()):
                olds = [
                    name for name, lookup in behaviour.lookups.items()
                    if any(lookup.collection == other.name and lookup.by is None for other in self._tickets)
                ]  # fmt: skip
                given = (
                    "request.json"
                    if any(isinstance(scene.sample.json, dict) for scene in behaviour.scenes)
                    else "request.form"
                )
                asked = [f"vars.{name}.request" for name in olds] + [given]
                told = [f"vars.{name}.answer" for name in olds] + ["vars.answer.json"]
                yield {
                    "in": ticket.name,
                    "key": _said(text),
                    "item": {
                        "request": _said(f"merge({', '.join(asked)})"),
                        "answer": _said(f"merge({', '.join(told)})"),
                    },
                }
            for other, path in ticket.revokers.get(behaviour.endpoint, ()):
                if other is None:
                    yield {"in": ticket.name, "key": _said(ticket.term.text), "delete": True}
                    continue
                name = next((name for name, one in behaviour.lookups.items() if one.collection == other.name), None)
                if name is not None:
                    yield {"in": ticket.name, "key": _said(member(f"vars.{name}", path)), "delete": True}

    # Texts.

    def _text(self, text: str) -> str:
        """Write out what stands for items as they are shown: without what is kept hidden in them."""

        def shown(found: re.Match[str]) -> str:
            hidden = sorted({hidden_name(one) for one in self._hidden.get(found[1], ())})
            if not hidden or found[3]:
                return f"{found[2]}{found[3]}"
            return f"without({found[2]}, {', '.join(map(literal, hidden))})"

        return _MARKED.sub(shown, text)

    def _resolved(self, document: Any) -> Any:
        if isinstance(document, str):
            return self._text(document)
        if isinstance(document, list):
            return [self._resolved(one) for one in document]
        if isinstance(document, dict):
            return {self._text(name): self._resolved(one) for name, one in document.items()}
        return document

    def hidden_seed(self, collection: str) -> set[str]:
        """Give the hidden attributes that seeds of this collection need."""
        return self._hidden.get(collection, set())


def _goes_on(behaviour: Behaviour) -> bool:
    """Tell whether items change by being read, so that what was read has to be kept."""
    changed = behaviour.binding.changes_when_read
    return behaviour.endpoint.method == "GET" and changed > 1 and changed * 10 >= len(behaviour.scenes)


def _said(text: str) -> str:
    return f"{{{{ {text} }}}}"


def _attribute(attribute: str, behaviour: Behaviour, outcome: Outcome) -> str | None:
    if attribute == "request.text":
        return "request.text" if any(scene.sample.body for scene in outcome.scenes) else None
    if attribute == "request.content_type":
        return "request.headers['content-type']" if any(scene.sample.content_type for scene in outcome.scenes) else None
    if attribute.startswith("request.parts."):
        part, _, kind = attribute.removeprefix("request.parts.").rpartition(".")
        if not any(part in scene.sample.parts for scene in outcome.scenes):
            return None
        return f"{member('request.parts', (part,))}.{kind}"
    if attribute.startswith("answer.headers."):
        name = attribute.removeprefix("answer.headers.")
        if all(scene.sample.answer_header(name) is None for scene in outcome.scenes):
            return None
        return f"vars.answer.headers[{literal(name)}]"
    if attribute.startswith("answer.json."):
        name = attribute.removeprefix("answer.json.")
        if not any(
            isinstance(scene.sample.answer_json, dict) and name in scene.sample.answer_json for scene in outcome.scenes
        ):
            return None
        return member("vars.answer.json", (name,))
    name = attribute.removeprefix("request.json.")
    where = (*entity_in_request(outcome.scenes, behaviour.binding), name)
    if not any(isinstance(scene.sample.json, dict) for scene in outcome.scenes):
        return None
    return member("request.json", where)


def _terms_of(behaviour: Behaviour) -> Iterator[Term]:
    for rule, outcome in behaviour.cases:
        if rule is not None:
            yield from rule.terms
        yield from outcome.answered.terms
    for lookup in behaviour.lookups.values():
        yield lookup.key


def _uses(cases: Sequence[Mapping[str, Any]], behaviour: Behaviour) -> set[str]:
    text = repr(cases)
    return {name for name in behaviour.lookups if re.search(rf"\bvars\.{re.escape(name)}\b", text)}


def _ordered(behaviour: Behaviour, used: set[str]) -> list[str]:
    """Give the look-ups that are used, each after those that its key needs."""
    needed = set(used)
    for _ in range(4):
        for name in list(needed):
            needed |= {other for other in behaviour.lookups[name].key.uses if other in behaviour.lookups}
    return [name for name in behaviour.lookups if name in needed]


def _path(path: str) -> str:
    return path


def _title(name: str) -> str:
    return "-".join(word.capitalize() if word.lower() not in ("etag",) else "ETag" for word in name.split("-"))


__all__ = ["MISSING", "Emitter"]
