"""Drift: recorded requests asked again of a live service, and what its answers have become."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cassettes.cassette import Finding, Interaction
from cassettes.exchange import Exchange, Headers, Request
from recorder.alignment import Endpoint, endpoint_of
from recorder.capsule import writes_to
from recorder.carrying import carried, differs_by_codes, is_same_set, links, stands_for
from recorder.comparison import Difference, compare
from recorder.drift_account import Seen
from recorder.graph import Edge, Node
from recorder.leaves import Leaf, general, leaves_of
from recorder.placing import placed
from recorder.provenance import provenance
from recorder.specificity import MADE, weight
from recorder.volatility import EndpointClasses, Volatility, volatility

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing (RFC 9110 §9.2.1); TRACE is not asked at all."""
_MADE: Final = frozenset({"clock", "uuid", "token", "hash", "link"})
"""What a service makes anew in each run; a number that grew, or a short code, may be what drifted."""
_VARIES: Final = _MADE | {"counter", "random"}
_SECRETS: Final = frozenset(
    ("authorization", "cookie", "cookies", "otp", "password", "secret", "session", "signature", "token")
)
"""Kinds of findings that another run has others of; an address or a name is data."""
_OF_THE_MOMENT: Final = frozenset(
    (
        "age", "expires", "ratelimit", "ratelimit-remaining", "ratelimit-reset", "server-timing", "via",
        "x-correlation-id", "x-process-time", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id",
        "x-response-time", "x-runtime", "x-trace-id",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to send: the recorded one, with what the live service handed out in the place of what was recorded."""

    interaction: Interaction
    request: Request
    stand_ins: tuple[str, ...] = ()


@dataclass(slots=True)
class _Answer:
    """A live answer: the leaves of the exchange as it went over the wire, and cleaned, and the cleaned exchange."""

    ask: Ask
    raw: dict[str, Leaf] = field(repr=False)
    shown: dict[str, Leaf] = field(repr=False)
    cleaned: Exchange = field(repr=False)
    secrets: frozenset[str] = frozenset()


class DriftRun:
    """One run over the interactions of a cassette, in order: what to ask next, given what came.

    Without `writes` only safe methods are asked. `headers` replace those of each request, `places` values where a
    request has them, as `request.body $.password`, and `secrets` stand-ins wherever they stand in one. What an earlier
    answer handed out (ids, tokens) is sent as the live service gave it. `names` are what the recorded service and the
    live one are called, as `api.test:8080`, which may stand in answers.
    """

    def __init__(
        self,
        interactions: Sequence[Interaction],
        *,
        writes: bool = False,
        headers: Headers = (),
        places: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._interactions = interactions
        self._writes = writes
        self._headers = headers
        self._places, self._secrets = dict(places or {}), dict(secrets or {})
        self._given = frozenset((*self._places, *(_header_place(name) for name, _ in headers)))
        self._recorded = {one.number: {leaf.place: leaf for leaf in leaves_of(one.exchange)} for one in interactions}
        edges = [edge for edge in provenance(interactions).edges if edge.source.interaction < edge.target.interaction]
        self._into: dict[int, list[Edge]] = {}
        for edge in edges:
            if edge.target.place.startswith("request."):
                self._into.setdefault(edge.target.interaction, []).append(edge)
        known = {edge.target for inside in self._into.values() for edge in inside}
        for source, target in links(interactions):
            if target not in known:
                self._into.setdefault(target.interaction, []).append(Edge(source, target, "link", "", ""))
        self._by_number = {one.number: one for one in interactions}
        self._handed_out = set(self._made_places(edge.source for inside in self._into.values() for edge in inside))
        parts = (edge.source for inside in self._into.values() for edge in inside if edge.how == "part")
        self._taken_apart = {
            (endpoint_of(self._by_number[one.interaction].exchange.request), general(one.place)) for one in parts
        }
        self._names = dict(names or {})
        self._answers: dict[int, _Answer] = {}
        self._left: dict[int, Seen] = {}
        self._unasked: dict[str, list[Interaction]] = {}
        self._carried: dict[str, dict[str, str]] = {}

    def asks(self) -> Iterator[Ask]:
        """Give what to send, one by one; `took` or `failed` has to be called before the next."""
        for interaction in self._interactions:
            why = self._why_not(interaction)
            if why:
                self._left[interaction.number] = Seen(interaction, "skipped", why)
                self._unasked.setdefault(interaction.session, []).append(interaction)
                continue
            made = self._ask(interaction)
            if isinstance(made, str):
                self._left[interaction.number] = Seen(interaction, "unknown", made)
            else:
                yield made

    def took(self, ask: Ask, live: Exchange, cleaned: Exchange, findings: Iterable[Finding] = ()) -> None:
        """Take a live answer, as it came and cleaned, with what was found in it."""
        raw = {leaf.place: leaf for leaf in leaves_of(replace(live, request=ask.request))}
        shown = {leaf.place: leaf for leaf in leaves_of(cleaned)}
        self._answers[ask.interaction.number] = _Answer(ask, raw, shown, cleaned, _secret_places(findings))

    def failed(self, ask: Ask, reason: str) -> None:
        """Note that no answer came, or that it could not be cleaned."""
        self._left[ask.interaction.number] = Seen(ask.interaction, "unknown", reason, stand_ins=ask.stand_ins)

    def seen(self, other: Sequence[Interaction] = (), ignored: Collection[str] = ()) -> list[Seen]:
        """Compare what came with what was recorded, in order.

        `other` is a second recording of the journey, which tells what varies; `ignored` are places, as they are shown.
        """
        classes = self._classes(other)
        left_out = {general(place) for place in ignored}
        found: list[Seen] = []
        lost: dict[str, list[Interaction]] = {}
        for one in self._interactions:
            seen = self._left[one.number] if one.number in self._left else self._compared(one, classes, left_out)
            write = next((other for other in lost.get(one.session, ()) if writes_to(other, one)), None)
            if seen.outcome == "drifted" and write is not None:
                reason = f"it shows what interaction {write.number} wrote, which could not be compared"
                seen = replace(seen, outcome="unknown", reason=reason, differences=())
            if seen.outcome == "unknown":
                lost.setdefault(one.session, []).append(one)
            found.append(seen)
        return found

    def _why_not(self, interaction: Interaction) -> str:
        exchange = interaction.exchange
        if exchange.response is None or exchange.failure is not None:
            return "no whole answer was recorded"
        if exchange.request.method == "TRACE":
            return "TRACE is not asked"
        if not self._writes and exchange.request.method not in SAFE:
            return f"{exchange.request.method} may change something"
        source = next((edge.source for edge in self._needed(interaction) if self._is_left(edge.source)), None)
        if source is not None:
            return f"it needs what interaction {source.interaction} answered, which was not asked"
        unasked = self._unasked.get(interaction.session, ())
        write = next((one for one in unasked if writes_to(one, interaction)), None)
        return f"it shows what interaction {write.number} wrote, which was not asked" if write is not None else ""

    def _is_left(self, source: Node) -> bool:
        return source.interaction in self._left and self._left[source.interaction].outcome == "skipped"

    def _needed(self, interaction: Interaction) -> Iterator[Edge]:
        """Give what flows into a request, but for what is given anew."""
        for edge in self._into.get(interaction.number, ()):
            if edge.target.place not in self._given:
                yield edge

    def _ask(self, interaction: Interaction) -> Ask | str:
        """Give the request to send, or why it cannot be made."""
        recorded = self._recorded[interaction.number]
        values = self._preset(recorded)
        preset = frozenset(values)
        for edge in self._needed(interaction):
            if edge.target.place in preset:
                continue
            was = self._recorded[edge.source.interaction].get(edge.source.place)
            answer = self._answers.get(edge.source.interaction)
            if answer is None:
                return f"it needs what interaction {edge.source.interaction} answers, which is not known"
            now = answer.raw.get(edge.source.place)
            old = values.get(edge.target.place, recorded[edge.target.place].value)
            if was is None or (now is not None and now.value == was.value):
                continue
            if now is None:
                return f"it needs {edge.source.place} of interaction {edge.source.interaction}, which is not there now"
            made = carried(old, was.value, now.value)
            if made is None and edge.target.place in values:
                continue  # another answer that told it has given it
            if made is None:
                return f"it needs a part of {edge.source.place} of interaction {edge.source.interaction}, not found now"
            values[edge.target.place] = made[0]
            shown = carried(old, was.value, answer.shown.get(edge.source.place, now).value) or made
            self._carried.setdefault(interaction.session, {})[shown[1]] = shown[2]
        request, missed = placed(interaction.exchange.request, values)
        if missed:
            return f"the new value of {min(missed)} cannot be written there"
        sent = tuple(pair for pair in request.headers if _header_place(pair[0]) not in self._given)
        cleaned = {finding.where for finding in interaction.findings if finding.where.startswith("request.")}
        told = sorted(cleaned - values.keys() - self._given)
        return Ask(interaction, replace(request, headers=(*sent, *self._headers)), tuple(told))

    def _preset(self, recorded: Mapping[str, Leaf]) -> dict[str, str]:
        """Give the values of a request that are given anew, by their place."""
        values = {place: value for place, value in self._places.items() if place in recorded}
        for place, leaf in recorded.items() if self._secrets else ():
            stand_in = next((one for one in self._secrets if one in leaf.value), None)
            if stand_in is not None and place.startswith("request."):
                values.setdefault(place, leaf.value.replace(stand_in, self._secrets[stand_in]))
        return values

    def _classes(self, other: Sequence[Interaction]) -> Volatility:
        """Give what varies by itself: in this run what is made anew, over two recordings all that was another value."""
        live = [
            Interaction(number, answer.cleaned, answer.ask.interaction.session)
            for number, answer in self._answers.items()
        ]
        asked = [answer.ask.interaction for answer in self._answers.values()]
        rows = list(_varying(volatility(asked, live), _MADE))
        if other:
            rows += _varying(volatility(self._interactions, other), _VARIES)
        return Volatility(tuple(rows))

    def _compared(self, interaction: Interaction, classes: Volatility, ignored: Collection[str]) -> Seen:
        answer = self._answers[interaction.number]
        known = self._known(interaction)
        found = tuple(
            one
            for one in compare(interaction, answer.cleaned, classes)
            if general(one.place) not in ignored and not self._is_made(interaction, one, known)
        )
        live = answer.cleaned.response
        assert live is not None
        if self._may_be_of_stand_ins(answer, live.status, found):
            told = f"answered {live.status}: {', '.join(answer.ask.stand_ins)} went out as cleaned"
            reason = f"{told}; give what is right with --secret, --header or --set"
            return Seen(interaction, "unknown", reason, stand_ins=answer.ask.stand_ins)
        return Seen(interaction, "drifted" if found else "same", "", found, answer.ask.stand_ins)

    def _may_be_of_stand_ins(self, answer: _Answer, status: int, found: Iterable[Difference]) -> bool:
        """Tell whether a difference may come of what went out cleaned: of secrets any form, of other data a refusal."""
        interaction = answer.ask.interaction
        recorded = interaction.exchange.response
        if not _secret_places(interaction.findings).isdisjoint(answer.ask.stand_ins):
            return any(one.sort in ("missing", "added") or one.place == "response.status" for one in found)
        return bool(answer.ask.stand_ins) and recorded is not None and recorded.status < 400 <= status

    def _known(self, interaction: Interaction) -> dict[str, str]:
        """Give which live values stand for which recorded ones: names, what was carried, and what this answer made."""
        endpoint = endpoint_of(interaction.exchange.request)
        live, recorded = self._answers[interaction.number].shown, self._recorded[interaction.number]
        made = {
            leaf.value: live[place].value
            for place, leaf in recorded.items()
            if (endpoint, general(place)) in self._handed_out and place in live
        }
        return {**self._names, **self._carried.get(interaction.session, {}), **made}

    def _is_made(self, interaction: Interaction, one: Difference, known: Mapping[str, str]) -> bool:
        """Tell whether a value is another because the service made it anew, or since it holds one that is."""
        name = one.place.removeprefix("response.headers.")
        is_header = name != one.place
        if is_header and name.partition("[")[0] in _OF_THE_MOMENT:
            return True
        if one.sort != "value":
            return False
        if is_header and (name == "etag" or is_same_set(one.recorded, one.live)):
            return True  # what an entity tag stands for is compared itself
        if one.place in self._answers[interaction.number].secrets & _secret_places(interaction.findings):
            return True
        place = (endpoint_of(interaction.exchange.request), general(one.place))
        if place in self._handed_out or stands_for(one.recorded, one.live, known):
            return True
        return place in self._taken_apart and differs_by_codes(one.recorded, one.live)

    def _made_places(self, sources: Iterable[Node]) -> Iterator[tuple[Endpoint, str]]:
        """Give the places in which ids and tokens are handed out: those that writes made, and what else looks made."""
        for node in sources:
            interaction = self._by_number[node.interaction]
            leaf = self._recorded[node.interaction].get(node.place)
            is_write = interaction.exchange.request.method not in SAFE
            if leaf is not None and node.place.startswith("response.") and (is_write or weight(leaf) == MADE):
                yield endpoint_of(interaction.exchange.request), general(node.place)


def _header_place(name: bytes) -> str:
    return f"request.headers.{name.lower().decode('latin-1')}"


def _secret_places(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.where for finding in findings if finding.kind in _SECRETS)


def _varying(found: Volatility, kinds: Collection[str]) -> Iterator[EndpointClasses]:
    for row in found.endpoints:
        leaves = tuple(leaf for leaf in row.leaves if leaf.volatile in kinds)
        if leaves:
            yield replace(row, leaves=leaves)
