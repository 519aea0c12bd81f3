"""Emitting: what was learnt, written as definitions."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.marks import Mark, mark_saves
from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.lockouts import Lockout
from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.endpoints.endpoint import SUPPOSED
from recorder.synthesis.endpoints.precedence import stands_back
from recorder.synthesis.explaining.answer import Answered, encoded, etag_of, tags_body, verbatim
from recorder.synthesis.listings.reckoned import Reckoned
from recorder.synthesis.matched import matched
from recorder.synthesis.nodes.node import Chosen, Fixed, Node, escaped
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.outcomes.borrow import Refusal
from recorder.synthesis.outcomes.whose import is_of_whose
from recorder.synthesis.samples.values import MISSING, leaves, look
from recorder.synthesis.state.attempts import saves_of_lockouts
from recorder.synthesis.state.byproducts import Byproduct
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.lapses import Lapse, lapsed
from recorder.synthesis.state.save_order import in_order, where_it_succeeds
from recorder.synthesis.state.saves import Saves, said
from recorder.synthesis.state.tickets import Ticket
from recorder.synthesis.terms.credentials import as_cleaned, personal_members
from recorder.synthesis.terms.scene import CALLER, HIDDEN, OWNER, Lookup
from recorder.synthesis.terms.term import Term, guarded, literal
from recorder.synthesis.terms.vocabulary import hidden_name

_MARKED: Final = re.compile(f"{MARK}([^{MARK}]*){MARK}([^{MARK}]*){MARK}(\\[-?\\d+\\](?![.\\[(])|[.\\[(]?)")
_NAMED_BY_ROW: Final = re.compile(r"(?<=[(, ])resource\.(\w+)\.get\([^()]*\brow\b[^()]*\)(?=[,)}])")
_REFUSED: Final = 400
_ABSENT: Final = "vars.item is none"
Definition = dict[str, Any]


class Emitter:
    """Writes behaviours as definitions; knows which hidden members items have to be kept with."""

    def __init__(
        self, behaviours: Sequence[Behaviour], tickets: Sequence[Ticket], seeds: Mapping[str, Mapping[str, Any]],
        collections: Sequence[Collection], effects: Sequence[Effect] = (), rows: Sequence[Byproduct] = (),
        marks: Sequence[Mark] = (),
        reckoned: Reckoned | None = None,
        lapses: Sequence[Lapse] = (),
        lockouts: Sequence[Lockout] = (),
        refused: Sequence[Term] = (),
    ) -> None:  # fmt: skip
        self._lapses = {lapse.collection: lapse for lapse in lapses}
        self._reckoned = reckoned or Reckoned()
        self._lockouts = lockouts
        self._behaviours = behaviours
        self._marks = marks
        self._seeds = seeds
        self._hidden: dict[str, set[str]] = defaultdict(set)
        for behaviour in behaviours:
            for term in behaviour.terms:
                for collection, attribute in term.keeps:
                    self._hidden[collection].add(attribute)
            for lookup in behaviour.lookups.values():
                if lookup.by is not None and behaviour.uses(lookup.name) and not _is_shown(lookup, behaviour):
                    self._hidden[lookup.collection].add(f"request.json.{lookup.by}")
        self._keep_makers(behaviours)
        for row in rows:
            if OWNER in repr(row.node.document()):
                kept = self._hidden[row.collection.name]
                kept |= set() if any(one.startswith(CALLER) for one in kept) else {OWNER.lstrip("_")}
        for term in chain(refused, (term for row in rows for term in row.terms)):
            for collection, attribute in term.keeps:
                self._hidden[collection].add(attribute)
        self._declared: set[str] = set()
        self._tables = {table.name: list(table.rows) for one in behaviours for table in one.tables}
        self._tables |= {ticket.name: ticket.standing for ticket in tickets if ticket.standing}
        self._tables |= personal_members(seeds)
        self._is_cleaned = any(scene.sample.is_cleaned for one in behaviours for scene in one.scenes[:1])
        self._saves = Saves(behaviours, tickets, collections, self._hidden, effects, rows)

    def _keep_makers(self, behaviours: Sequence[Behaviour]) -> None:
        """Keep who made the items of lists that go by it."""
        for behaviour in behaviours:
            if behaviour.listed is None or OWNER not in repr(behaviour.listed.spec) or behaviour.collection is None:
                continue
            name = behaviour.collection.name
            for scene in behaviour.scenes:
                for attributes in scene.timeline.under(name + HIDDEN, "", scene.moment).values():
                    if isinstance(attributes, dict):
                        self._hidden[name] |= {one for one in attributes if one.startswith(CALLER)}

    def definition(self, behaviour: Behaviour) -> Definition:
        """Give the definition of one of the behaviours; all are asked for in their order."""
        endpoint = behaviour.endpoint
        made: Definition = {"id": endpoint.id}
        counts = Counter(scene.sample.answered_status for scene in behaviour.scenes)
        sessions = len({scene.sample.session for scene in behaviour.scenes})
        told = ", ".join(f"{count} x {status}" for status, count in sorted(counts.items()))
        made["description"] = (
            f"{len(behaviour.scenes)} recorded calls in {sessions} session{'s' * (sessions != 1)}: {told}"
            if behaviour.scenes
            else "low confidence, no recorded call: what HTTP says of such items"
        )
        made["match"] = matched(endpoint)
        back = stands_back(endpoint, [one.endpoint for one in self._behaviours])
        if back:
            made["priority"] = -back
        cases = self._cases(behaviour)
        used = _uses(cases, behaviour)
        if behaviour.listed is not None and "vars.list" in repr(cases):
            used |= _uses([behaviour.listed.spec], behaviour)
        let: dict[str, Any] = {}
        for name in needed_lookups(behaviour, used):
            let[name] = self.looked_up(behaviour, name)
        seeds = self._seeds_of(behaviour, repr((let, cases)))
        if seeds:
            made["collections"] = seeds
        if let:
            made["let"] = let
        if behaviour.listed is not None and "vars.list" in repr(cases):
            made["list"] = behaviour.listed.spec
        made["cases"] = cases
        made["tags"] = ["synthesized", *([SUPPOSED] if behaviour.endpoint.is_last else [])]
        return made

    def _seeds_of(self, behaviour: Behaviour, text: str) -> dict[str, Any]:
        """Give what collections begin with; of tables only those that the text of the cases speaks of."""
        made: dict[str, Any] = {}
        names = []
        if behaviour.collection is not None:
            names.append(behaviour.collection.name)
        names += [lookup.collection for lookup in behaviour.lookups.values()]
        for name in dict.fromkeys(names):
            if name not in self._declared and self._seeds.get(name):
                self._declared.add(name)
                made[name] = {"seed": {key: escaped(item) for key, item in self._seeds[name].items()}}
        for table in (one for one in behaviour.tables if f"resource.{one.name}." in text):
            rows = {key or "''": escaped(row) for key, row in table.rows.items()}
            made[table.name] = {"seed": rows}
        return made

    def _cases(self, behaviour: Behaviour) -> list[dict[str, Any]]:
        return [self._case(behaviour, rule, outcome) for rule, outcome in behaviour.cases]

    def _case(self, behaviour: Behaviour, rule: Rule | None, outcome: Outcome) -> dict[str, Any]:
        made: dict[str, Any] = {}
        if rule is not None:
            texts = [self._text(term.text) for term in rule.terms]
            made["when"] = texts[0] if len(texts) == 1 else texts
            made["note"] = outcome.note or f"{rule.support} of {len(behaviour.scenes)} recorded calls"
        elif outcome.note:
            made["note"] = outcome.note
        made["tier"] = "schema" if _is_mostly_guessed(outcome) else outcome.tier
        named = [one.answered.names for one in (outcome, *outcome.others)]
        names = {name: self._resolved(node.document()) for part in named for name, node in part.items()}
        made |= {"let": names} if names else {}
        made["response"] = self._by_weight(outcome) if outcome.others else self.response(outcome.answered)
        if tags_body(outcome.answered) and not outcome.others:
            made.setdefault("let", {})["body"] = made["response"].get("body", "")
            if "body" in made["response"]:
                is_xml = outcome.answered.form == "xml"
                made["response"]["body"] = said("xml_text(vars.body) | safe") if is_xml else said("vars.body")
        if _is_revalidated(behaviour, outcome):
            made["revalidates"] = True
        beside = [*self._saves.of_effects(behaviour, outcome), *self._saves.of_byproducts(behaviour, outcome)]
        saves = self._resolved([*beside, *saves_of_lockouts(self._lockouts, behaviour.endpoint, outcome.status)])
        if outcome.status < 300 and outcome.keeps:
            own = self._saves.of_items(behaviour, outcome)
            items = (self._resolved(one) if _MARKED.search(repr(one)) else one for one in own)
            saves = [*self._reckoned.first_saves(behaviour.endpoint), *in_order(items, saves)]
            saves += [*self._saves.of_tickets(behaviour), *mark_saves(self._marks, behaviour.endpoint)]
            saves += self._reckoned.saves(behaviour.endpoint, behaviour.binding, list(saves))
            saves += self._resolved([*self._saves.of_effects(behaviour, outcome, announces=True)])
        if any(one.status >= 400 for one in outcome.others):
            saves = [where_it_succeeds(save) for save in saves]
        if saves:
            made["save"] = saves
        return made

    def _by_weight(self, outcome: Outcome) -> dict[str, Any]:
        """Write answers of which one is drawn, with how often each was recorded."""
        weights = [(outcome.weight, outcome), *((len(one.scenes), one) for one in outcome.others)]
        return {"variants": [{"weight": weight, "response": self.response(one.answered)} for weight, one in weights]}

    def lend(self, behaviour: Behaviour, lent: Sequence[Refusal], definition: Definition) -> None:
        """Put the refusals that an endpoint borrows between its own cases: after its refusals, before what succeeds.

        That something is not there is said before whose it is.
        """
        cases: list[dict[str, Any]] = definition["cases"]
        ends = (at for at, (rule, outcome) in enumerate(behaviour.cases) if rule is None or outcome.status < _REFUSED)
        end = next(ends, len(cases))
        owned = (
            at for at, (rule, outcome) in enumerate(behaviour.cases) if rule and is_of_whose(rule, outcome, behaviour)
        )
        middle = min(next(owned, end), end)
        first = [self.refusal(one) for one in lent if one.is_first]
        absent = [self.refusal(one) for one in lent if not one.is_first and one.term.text == _ABSENT]
        later = [self.refusal(one) for one in lent if not one.is_first and one.term.text != _ABSENT]
        definition["cases"] = [*first, *cases[:middle], *absent, *cases[middle:end], *later, *cases[end:]]
        for name in needed_lookups(behaviour, {name for one in lent for name in one.term.uses}):
            definition.setdefault("let", {}).setdefault(name, self.looked_up(behaviour, name))
        if "let" in definition:
            let = definition["let"]
            definition["let"] = {name: let[name] for name in behaviour.lookups if name in let}

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
            made["status"] = said(self._text(answered.code.text))
        headers: dict[str, Any] = {}
        for name, node, condition in answered.headers:
            document = node.document()
            if condition is not None:
                document = f"{{{{ {node.expression()} if {condition.text} else omit }}}}"
            headers[_title(name)] = self._resolved(document if isinstance(document, str | list) else str(document))
        if headers:
            made["headers"] = headers
        if answered.form == "binary":
            known = answered.body
            made["body_base64"] = encoded(answered.raw) if known is None else self._resolved(known.document())
        elif fixed := verbatim(answered, made):
            made |= fixed
        elif answered.body is not None:
            # What is no JSON though it says so is written as it was, and not as a text of JSON.
            is_bare = answered.form == "text" and _says_json(answered) and not isinstance(answered.body, Fixed)
            text = self._text(answered.body.expression())
            made["body"] = said(f"({text}) | safe") if is_bare else self._body(answered.body, answered.form)
            if answered.form == "json" and isinstance(made["body"], str) and not _says_json(answered):
                # Under another media type an object would be written as a text, and in HTML with escapes.
                made["body"] = said(f"({text}) | tojson | safe")
        return made

    def _body(self, node: Node, form: str) -> Any:
        if form == "text":
            return self._text_body(node)
        document = self._resolved(node.document())
        if form == "xml" and not isinstance(document, dict):
            return said(f"xml_text({self._text(node.expression())}) | safe")
        if form == "json" and isinstance(document, str) and not document.startswith("{{"):
            return f"{{{{ {self._text(node.expression())} | tojson }}}}"
        if form == "json" and not isinstance(document, str | dict | list):
            return json.dumps(document)
        return document

    def _text_body(self, node: Node) -> Any:
        """Write a text: one of several in a branch of its own, so that what is fixed in it is not escaped."""
        if not isinstance(node, Chosen):
            return self._resolved(node.document())
        written = ""
        for place, (condition, part) in enumerate(node.options):
            sign = "else" if condition is None else f"{'elif' if place else 'if'} {guarded(self._text(condition.text))}"
            written += f"{{% {sign} %}}{self._text_body(part)}"
        return f"{written}{{% endif %}}"

    def _text(self, text: str) -> str:
        """Write out what stands for items as they are shown: without what is kept hidden in them."""

        def shown(found: re.Match[str]) -> str:
            hidden = sorted({hidden_name(one) for one in self._hidden.get(found[1], ())})
            # A row of a list is an item, too; what is looked into is not shown whole.
            is_whole = not found[3] or (found[2] == "vars.list.items" and found[3].endswith("]"))
            if not hidden or not is_whole:
                return f"{found[2]}{found[3]}"
            return f"without({found[2]}{found[3]}, {', '.join(map(literal, hidden))})"

        text = _NAMED_BY_ROW.sub(self._shown_by_row, _MARKED.sub(shown, text))
        text = as_cleaned(text, self._tables) if self._is_cleaned else text
        return lapsed(text, self._lapses) if self._lapses else text

    def _shown_by_row(self, found: re.Match[str]) -> str:
        """Write an item that a row names, where it is shown whole, without what is kept hidden in it."""
        hidden = sorted({hidden_name(one) for one in self._hidden.get(found[1], ())})
        return f"without({found[0]}, {', '.join(map(literal, hidden))})" if hidden else found[0]

    def looked_up(self, behaviour: Behaviour, name: str) -> str:
        """Write what finds the item that a name stands for, also by what items that do not show it are kept with."""
        lookup = behaviour.lookups[name]
        attribute = f"request.json.{lookup.by}"
        if attribute not in self._hidden.get(lookup.collection, ()):
            return said(self._text(lookup.text))
        return said(self._text(f"({lookup.text} or {replace(lookup, by=hidden_name(attribute)).text})"))

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


def _is_revalidated(behaviour: Behaviour, outcome: Outcome) -> bool:
    """Tell whether reads with the answer's tag are to get 304: it has one, and no recorded read got it all the same."""
    if behaviour.writes or outcome.status != 200 or etag_of(outcome.answered) is None:
        return False
    samples = [scene.sample for scene in behaviour.scenes]
    is_learnt = any(sample.answered_status == 304 for sample in samples)
    got_it_again = any(
        sample.answer_header("etag") in (sample.headers.get("if-none-match"), None)
        for sample in samples
        if sample.succeeded and "if-none-match" in sample.headers
    )
    return not is_learnt and not got_it_again


def _is_shown(lookup: Lookup, behaviour: Behaviour) -> bool:
    """Tell whether all that a look-up found shows the field that it was found by."""
    path = tuple(str(lookup.by).split("."))
    known = (scene.looked_up(lookup.name) for scene in behaviour.scenes if scene.lookups.get(lookup.name) is lookup)
    return not any(isinstance(item, dict) and look(item, path) is MISSING for item in known)


def _is_mostly_guessed(outcome: Outcome) -> bool:
    """Tell whether little but the form of an answer was learnt: half of its values, or more, are guesses."""
    unknown = outcome.answered.unknown
    return unknown > 1 and all(
        unknown * 2 >= sum(1 for _ in leaves(scene.sample.answer_json, longest_list=1)) for scene in outcome.scenes[:5]
    )


def _uses(cases: Sequence[Mapping[str, Any]], behaviour: Behaviour) -> set[str]:
    text = repr(cases)
    return {name for name in behaviour.lookups if re.search(rf"\bvars\.{re.escape(name)}\b", text)}


def needed_lookups(behaviour: Behaviour, used: set[str]) -> list[str]:
    """Give the look-ups that are used, each after those that it needs."""
    needed = set(used)
    for _ in range(4):
        for name in list(needed):
            needed |= {other for other in behaviour.lookups[name].uses if other in behaviour.lookups}
    return [name for name in behaviour.lookups if name in needed]


def _title(name: str) -> str:
    return "-".join("ETag" if word.lower() == "etag" else word.capitalize() for word in name.split("-"))


def _says_json(answered: Answered) -> bool:
    return any(
        name == "content-type" and isinstance(node, Fixed) and "json" in str(node.content)
        for name, node, _ in answered.headers
    )
