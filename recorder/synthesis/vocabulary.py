"""The vocabulary of an endpoint: every term that a part of its answers might be, found by the value it gives."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

from cassettes.jsonpatch import PatchError, patched
from recorder.synthesis.scene import HIDDEN, Lookup, Scene, of_request
from recorder.synthesis.term import Term, applied, member, part_of
from recorder.synthesis.values import MISSING, as_text, canon, is_number, is_scalar, look, parts

_HEADERS_ASIDE: Final = frozenset(
    "connection content-length accept-encoding transfer-encoding keep-alive authorization cookie".split()
)
_HASH: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[\w+/=-]{22,44})\Z", re.IGNORECASE)
_DIGESTS: Final = (
    ("md5", "hex"),
    ("sha1", "hex"),
    ("sha256", "hex"),
    ("md5", "base64"),
    ("sha1", "base64"),
    ("sha256", "base64"),
)


class Vocabulary:
    """The terms of one endpoint's scenes. `lookups` are the items that it looks up, by name."""

    def __init__(self, scenes: Sequence[Scene], lookups: Mapping[str, Lookup], extra: Sequence[Term] = ()) -> None:
        self.lookups = lookups
        self._extra = list(extra)
        self._roots = [*self._request_roots(scenes), *self._lookup_roots(), *self._patched_roots(scenes), *extra]
        self._index: dict[int, dict[Hashable, list[Term]]] = {}
        self._all: dict[int, list[tuple[Term, Any]]] = {}

    def with_terms(self, scenes: Sequence[Scene], *terms: Term) -> Vocabulary:
        """Give this vocabulary with more roots."""
        return Vocabulary(scenes, self.lookups, [*self._extra, *terms])

    def giving(self, value: Any, scene: Scene) -> list[Term]:
        """Give the terms that come to this value in this scene, the plainest first."""
        index = self._index.get(id(scene))
        if index is None:
            index = self._index[id(scene)] = self._indexed(scene)
        found = index.get(canon(value), [])
        if isinstance(value, str) and _HASH.match(value.strip('"')):
            found = [*found, *self._digests(value, scene)]
        return found

    def everything(self, scene: Scene) -> list[tuple[Term, Any]]:
        """Give all terms with what they give in this scene."""
        known = self._all.get(id(scene))
        if known is None:
            known = self._all[id(scene)] = list(self._terms(scene))
        return known

    def objects(self, scene: Scene) -> Iterator[tuple[Term, dict[str, Any]]]:
        """Give the terms that are objects here."""
        for term, value in self.everything(scene):
            if isinstance(value, dict) and value:
                yield term, value

    def lists(self, scene: Scene) -> Iterator[tuple[Term, list[Any]]]:
        """Give the terms that are lists here."""
        for term, value in self.everything(scene):
            if isinstance(value, list):
                yield term, value

    def _indexed(self, scene: Scene) -> dict[Hashable, list[Term]]:
        index: dict[Hashable, list[Term]] = defaultdict(list)
        for term, value in self.everything(scene):
            index[canon(value)].append(term)
            for made in transformed(term, value):
                given = made.get(scene)
                if given is not MISSING and canon(given) != canon(value):
                    index[canon(given)].append(made)
        for terms in index.values():
            terms.sort(key=lambda term: term.cost)
        return index

    def _terms(self, scene: Scene) -> Iterator[tuple[Term, Any]]:
        for root in self._roots:
            whole = root.get(scene)
            if whole is MISSING:
                continue
            if not isinstance(whole, dict | list):
                yield root, whole
                continue
            for path, value in parts(whole, longest_list=3):
                yield part_of(root, path, look), value

    def _request_roots(self, scenes: Sequence[Scene]) -> Iterator[Term]:
        params = {name for scene in scenes[:20] for name in scene.params}
        for name in sorted(params):
            yield Term(
                member("request.path_params", (name,)),
                lambda scene, name=name: scene.params.get(name, MISSING),
                name,
                1.2,
            )
        yield Term("request.json", of_request(lambda sample: sample.json), "json", 1.0)
        yield Term("request.form", of_request(lambda sample: _firsts(sample.form)), "form", 1.1)
        yield Term("request.query", of_request(lambda sample: _firsts(sample.query)), "query", 1.3)
        yield Term("request.auth.username", of_request(lambda sample: sample.auth.username or MISSING), "username", 1.6)
        yield Term("request.auth.password", of_request(lambda sample: sample.auth.password or MISSING), "password", 2.2)
        yield Term("request.auth.token", of_request(lambda sample: sample.auth.token or MISSING), "token", 1.9)
        yield Term("request.cookies", of_request(lambda sample: sample.cookies), "cookies", 1.8)
        yield Term("request.text", of_request(lambda sample: sample.text if sample.body else MISSING), "text", 1.5)
        for name in sorted({name for scene in scenes[:40] for name in scene.sample.headers} - _HEADERS_ASIDE):
            yield Term(
                f"request.headers[{name!r}]", of_request(lambda sample, name=name: sample.headers.get(name, MISSING)),
                name, 2.0,
            )  # fmt: skip
        for part in sorted({part for scene in scenes[:20] for part in scene.sample.parts}):
            for field in ("text", "filename", "content_type"):
                yield Term(
                    f"{member('request.parts', (part,))}.{field}",
                    of_request(lambda sample, part=part, field=field: _part(sample.parts.get(part), field)), field, 1.4,
                )  # fmt: skip
            yield Term(
                f"({member('request.parts', (part,))}.data | length)",
                of_request(lambda sample, part=part: len(sample.parts[part].data) if part in sample.parts else MISSING),
                "size", 1.6,
            )  # fmt: skip
        yield Term(
            "(request.raw_body | length)",
            of_request(lambda sample: len(sample.body) if sample.body else MISSING),
            "size",
            2.0,
        )
        yield Term("request.method", of_request(lambda sample: sample.method), "method", 2.4)
        yield Term("request.path", of_request(lambda sample: sample.path), "path", 2.4)
        yield Term("request.url", of_request(_url), "url", 2.4)
        yield Term(
            "request.query_string",
            of_request(lambda sample: _target(sample).partition("?")[2] or MISSING),
            "query_string",
            2.4,
        )

    def _patched_roots(self, scenes: Sequence[Scene]) -> Iterator[Term]:
        """Give what JSON patches (RFC 6902) make of what is looked up, where requests hold some."""
        if not any(isinstance(scene.sample.json, list) for scene in scenes[:200]) or "item" not in self.lookups:
            return
        lookup = self.lookups["item"]
        sign = "\N{SECTION SIGN}"
        shown = f"{sign}{lookup.collection}{sign}vars.item{sign}"
        leads = {
            operation["path"].split("/")[1]
            for scene in scenes[:50] if isinstance(scene.sample.json, list)
            for operation in scene.sample.json if isinstance(operation, dict) and isinstance(operation.get("path"), str)
            and operation["path"].count("/") > 1
        }  # fmt: skip
        yield Term(
            f"json_patch({shown}, request.json)", lambda scene: _patched(scene, None), "item", 1.3, frozenset({"item"})
        )
        for lead in sorted(leads):
            yield Term(
                member(f"json_patch({{{lead!r}: {shown}}}, request.json)", (lead,)),
                lambda scene, lead=lead: _patched(scene, lead), "item", 1.3, frozenset({"item"}),
            )  # fmt: skip

    def _lookup_roots(self) -> Iterator[Term]:
        for name, lookup in self.lookups.items():
            uses = frozenset({name})
            cost = 1.25 if name == "item" else 1.45
            if lookup.within is not None:
                yield Term(f"vars.{name}", lambda scene, name=name: scene.looked_up(name), name, 1.2, uses)
                continue
            yield Term(
                f"\N{SECTION SIGN}{lookup.collection}\N{SECTION SIGN}vars.{name}\N{SECTION SIGN}",
                lambda scene, name=name: scene.looked_up(name), name, cost, uses,
            )  # fmt: skip
            yield Term(
                f"vars.{name}", lambda scene, name=name: _whole_or_missing(scene.looked_up(name)), name, cost + 9, uses
            )

    def hidden_terms(self, scene: Scene) -> Iterator[tuple[Term, Any]]:
        """Give the hidden members of the items that are looked up."""
        for name, lookup in self.lookups.items():
            key, item = scene.key_of(name), scene.looked_up(name)
            if item is MISSING or lookup.within is not None:
                continue
            attributes = scene.timeline.get(lookup.collection + HIDDEN, key, scene.moment)
            for attribute, value in (attributes or {}).items() if isinstance(attributes, dict) else ():
                term = Term(
                    f"vars.{name}.{hidden_name(attribute)}",
                    lambda scene, name=name, attribute=attribute: scene.hidden(name, attribute),
                    attribute.rpartition(".")[2], 2.0, frozenset({name}), frozenset({(lookup.collection, attribute)}),
                )  # fmt: skip
                for path, inner in parts(value, longest_list=3):
                    yield part_of(term, path, look), inner

    def _digests(self, value: str, scene: Scene) -> Iterator[Term]:
        bare = value.strip('"')
        for name in scene.sample.parts:
            data = f"{member('request.parts', (name,))}.data"
            yield from _digests_of(
                Term(data, of_request(lambda sample, name=name: _data(sample, name)), name), bare, scene
            )
        for term, given in self.everything(scene):
            if isinstance(given, str) and given and len(given) <= 100_000:
                yield from _digests_of(term, bare, scene)


def hidden_name(attribute: str) -> str:
    """Give the member under which a hidden attribute is kept in an item."""
    if attribute.startswith("request.parts."):
        return "_" + re.sub(r"\W+", "_", attribute.removeprefix("request.parts.")).lower()
    return "_" + re.sub(r"\W+", "_", attribute.rpartition(".")[2]).lower()


def _patched(scene: Scene, lead: str | None) -> Any:
    item, operations = scene.looked_up("item"), scene.sample.json
    if item is MISSING or not isinstance(operations, list):
        return MISSING
    try:
        made = patched(item if lead is None else {lead: item}, operations, lambda _value: None)
    except PatchError:
        return MISSING
    return made if lead is None else look(made, (lead,))


def _digests_of(term: Term, wanted: str, scene: Scene) -> Iterator[Term]:
    """Give the digest of what a term gives that is the wanted one."""
    for algorithm, encoding in _DIGESTS:
        if _digest(term.get(scene), algorithm, encoding) == wanted:
            text = f"hash({{}}, '{algorithm}')" if encoding == "hex" else f"hash({{}}, '{algorithm}', '{encoding}')"
            yield applied(text, term, lambda given, a=algorithm, e=encoding: _digest(given, a, e), 0.6)


def _digest(given: Any, algorithm: str, encoding: str) -> str:
    raw = given if isinstance(given, bytes) else as_text(given).encode()
    made = hashlib.new(algorithm, raw, usedforsecurity=False).digest()
    return made.hex() if encoding == "hex" else base64.b64encode(made).decode()


def _whole_or_missing(value: Any) -> Any:
    return value if is_scalar(value) and value is not MISSING else MISSING


def _firsts(grouped: Mapping[str, list[str]]) -> Any:
    return {name: values[0] for name, values in grouped.items()}


def _part(part: Any, field: str) -> Any:
    return getattr(part, field) or MISSING if part is not None else MISSING


def _data(sample: Any, part: str) -> Any:
    return sample.parts[part].data if part in sample.parts else MISSING


def _target(sample: Any) -> str:
    target: str = sample.interaction.exchange.request.target.decode("latin-1")
    return target


def _url(sample: Any) -> str:
    return f"{sample.interaction.exchange.request.scheme}://{sample.headers.get('host', '')}{_target(sample)}"


def _whole(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,15}", text):
        return MISSING
    return int(text)


def _fraction(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"-?\d{1,12}\.\d{1,12}", text):
        return MISSING
    return float(text)


def _flag(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, MISSING) if isinstance(text, str) else MISSING


def _b64_decoded(text: str) -> Any:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, UnicodeDecodeError):
        return MISSING


_ON_TEXT: Final[tuple[tuple[str, Callable[[Any], Any], float], ...]] = (
    ("({} | int)", _whole, 0.1),
    ("({} | float)", _fraction, 0.15),
    ("({} == 'true')", _flag, 0.3),
    ("({} | lower)", lambda text: text.lower(), 0.3),
    ("({} | upper)", lambda text: text.upper(), 0.3),
    ("({} | trim)", lambda text: text.strip(), 0.3),
    ("({} | title)", lambda text: text.title(), 0.5),
    ("({} | length)", len, 0.7),
    ("({} | wordcount)", lambda text: len(text.split()), 0.75),
    ("({} | url)", lambda text: quote(text, safe=""), 0.4),
    ("({} | url_decode)", unquote, 0.4),
    ("({} | base64)", lambda text: base64.b64encode(text.encode()).decode(), 0.5),
    ("({} | base64_decode)", lambda text: _b64_decoded(text) if len(text) >= 8 else MISSING, 0.5),
)


def transformed(term: Term, value: Any) -> Iterator[Term]:
    """Give what the closed list of transformations makes of a scalar term."""
    if isinstance(value, str):
        if 0 < len(value) <= 2_000:
            for text, call, cost in _ON_TEXT:
                yield applied(text, term, call, cost)
            for comma in (", ", ","):
                if comma in value and len(value) < 500:
                    yield applied(f"({{}} | split({comma!r}))", term, lambda text, c=comma: text.split(c), 0.8)
    elif is_number(value):
        yield applied("({} | string)", term, as_text, 0.3)
        if isinstance(value, int):
            yield applied("({} + 1)", term, lambda number: number + 1 if is_number(number) else MISSING, 0.6)
            yield applied("({} - 1)", term, lambda number: number - 1 if is_number(number) else MISSING, 0.7)
    elif isinstance(value, bool):
        yield applied("(not {})", term, lambda flag: not flag if isinstance(flag, bool) else MISSING, 0.9)
    elif isinstance(value, list):
        yield applied("({} | length)", term, lambda items: len(items) if isinstance(items, list) else MISSING, 0.5)
        yield applied("({} | unique | sort(case_sensitive=true))", term, lambda items: sorted(set(items)), 0.6)
        yield applied("({} | unique)", term, lambda items: list(dict.fromkeys(items)), 0.7)
