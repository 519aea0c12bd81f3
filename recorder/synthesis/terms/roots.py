"""Roots: the whole values that terms are parts of, as the request's JSON and the items that are looked up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from cassettes.jsonpatch import PatchError, patched
from cassettes.scimpatch import attributes_patched
from recorder.synthesis.samples.sample import Part, Sample
from recorder.synthesis.samples.values import MISSING, is_scalar, look
from recorder.synthesis.terms.request_terms import unexpected_term
from recorder.synthesis.terms.scene import Lookup, Scene, of_request
from recorder.synthesis.terms.sums import sent_sums
from recorder.synthesis.terms.term import Get, Term, member

_HEADERS_ASIDE: Final = frozenset(
    (
        "connection", "content-length", "accept-encoding", "transfer-encoding", "keep-alive", "authorization", "cookie",
    )
)  # fmt: skip
_TAGS: Final = ("if-match", "if-none-match")
_MARKED: Final = re.compile(r"(-{1,2}gzip|;gzip|-br|;br|-zstd|;zstd)\"")
_SIGN: Final = "\N{SECTION SIGN}"
_ITEM: Final = frozenset({"item"})


def request_roots(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give what can be said of the requests of scenes, as far as the first of them have it."""
    sent = {name for scene in scenes[:20] for name in scene.endpoint.sent_in_path if name in scene.params}
    for name in sorted(sent):
        yield Term(member("request.path_params", (name,)), _param(name), name, 1.2)
    others = unexpected_term(scenes)
    if others is not None:
        yield Term(f"({others.text} | first)", lambda scene: next(iter(others.get(scene)), MISSING), "unexpected", 1.4)
    yield Term("request.json", of_request(lambda sample: sample.json), "json", 1.0)
    yield from sent_sums(scenes)
    yield Term("request.form", of_request(lambda sample: _firsts(sample.form)), "form", 1.1)
    yield Term("request.query", of_request(lambda sample: _firsts(sample.query)), "query", 1.3)
    yield from _repeated(scenes)
    if _are_data([scene.sample.query for scene in scenes]):
        yield Term("(request.query | items)", of_request(lambda sample: _pairs(sample.query)), "query", 1.7)
    yield Term("request.auth.username", of_request(lambda sample: sample.auth.username or MISSING), "username", 1.6)
    yield Term("request.auth.password", of_request(lambda sample: sample.auth.password or MISSING), "password", 2.2)
    yield Term("request.auth.token", of_request(lambda sample: sample.auth.token or MISSING), "token", 1.9)
    yield Term("request.cookies", of_request(lambda sample: sample.cookies), "cookies", 1.8)
    yield Term("request.text", of_request(lambda sample: sample.text if sample.body else MISSING), "text", 1.5)
    for name in sorted({name for scene in scenes[:40] for name in scene.sample.headers} - _HEADERS_ASIDE):
        yield Term(f"request.headers[{name!r}]", _header(name), name, 2.0)
    yield from _bare_tags(scenes)
    for part in sorted({part for scene in scenes[:20] for part in scene.sample.parts}):
        base = member("request.parts", (part,))
        for field in ("text", "filename", "content_type"):
            yield Term(f"{base}.{field}", _part(part, field), field, 1.4)
        yield Term(f"({base}.data | length)", _part_size(part), "size", 1.6)
    if not any(scene.sample.element for scene in scenes[:20]):
        yield Term("(request.raw_body | length)", of_request(lambda sample: len(sample.body) or MISSING), "size", 2.0)
    yield Term("request.method", of_request(lambda sample: sample.sent_method), "method", 2.4)
    yield Term("request.path", of_request(lambda sample: sample.sent_path), "path", 2.4)
    yield Term("request.url", of_request(_url), "url", 2.4)
    yield Term("request.query_string", of_request(_query_string), "query_string", 2.4)


def _bare_tags(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the entity tags that are sent without the mark that a server puts behind those of compressed bodies."""
    for name in _TAGS:
        marks = {found[1] for scene in scenes if (found := _MARKED.search(scene.sample.headers.get(name, "")))}
        if len(marks) == 1:
            mark = f'{marks.pop()}"'
            text = f"(request.headers[{name!r}] | replace({mark!r}, '\"'))"
            yield Term(text, of_request(partial(_unmarked, name=name, mark=mark)), name, 1.9)


def _unmarked(sample: Sample, name: str, mark: str) -> Any:
    sent = sample.headers.get(name)
    return MISSING if sent is None else sent.replace(mark, '"')


def _repeated(scenes: Sequence[Scene]) -> Iterator[Term]:
    """Give the lists of all that is sent under names which any request sends more than once."""
    yield from _lists(scenes, "request.query_all", lambda sample: sample.query)
    yield from _lists(scenes, "request.form_all", lambda sample: sample.form)
    texts = " | map(attribute='text') | list"
    yield from _lists(scenes, "request.parts_all", lambda sample: _texts(sample.parts), texts)


def _lists(
    scenes: Sequence[Scene], base: str, read: Callable[[Sample], Mapping[str, list[str]]], made_into: str = ""
) -> Iterator[Term]:
    for name in sorted({name for one in scenes for name, values in read(one.sample).items() if len(values) > 1}):
        text = f"({member(base, (name,))} or [])"
        get = partial(_listed, read=read, name=name)
        yield Term(f"({text}{made_into})" if made_into else text, of_request(get), name.removesuffix("[]"), 1.35)


def _listed(sample: Sample, read: Callable[[Sample], Mapping[str, list[str]]], name: str) -> list[str]:
    return read(sample).get(name, [])


def _texts(parts: Mapping[str, list[Part]]) -> dict[str, list[str]]:
    return {name: [part.text for part in several] for name, several in parts.items()}


def lookup_roots(lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give what is looked up: an item as it is shown, and one that is a single value as it is."""
    for name, lookup in lookups.items():
        uses = frozenset({name})
        if lookup.within is not None:
            yield Term(f"vars.{name}", _looked_up(name), name, 1.2, uses)
            continue
        cost = 1.25 if name == "item" else 1.45
        yield Term(_shown(lookup.collection, name), _looked_up(name), name, cost, uses)
        yield Term(f"vars.{name}", _single(name), name, cost + 9, uses)


def patched_roots(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give what patches make of what is looked up, where requests hold some: of JSON (RFC 6902), of attributes (7644).

    An item may stand in what is patched under the first name of the patches' paths.
    """
    if "item" not in lookups:
        return
    for name in sorted(_with_operations(scenes[:200])):
        text = f"scim_patch({_shown(lookups['item'].collection, 'item')}, {member('request.json', (name,))})"
        yield Term(text, _attributes_patched(name), "item", 1.3, _ITEM)
    if not any(isinstance(scene.sample.json, list) for scene in scenes[:200]):
        return
    shown = _shown(lookups["item"].collection, "item")
    yield Term(f"json_patch({shown}, request.json)", _patched(None), "item", 1.3, _ITEM)
    for lead in sorted(_leads(scenes[:50])):
        text = member(f"json_patch({{{lead!r}: {shown}}}, request.json)", (lead,))
        yield Term(text, _patched(lead), "item", 1.3, _ITEM)


def _with_operations(scenes: Sequence[Scene]) -> set[str]:
    """Give the members of requests that are lists of operations."""
    return {
        str(name)
        for scene in scenes
        for name, value in (scene.sample.json.items() if isinstance(scene.sample.json, dict) else ())
        if isinstance(value, list) and value and all(isinstance(one, dict) and "op" in one for one in value)
    }


def _leads(scenes: Sequence[Scene]) -> set[str]:
    lists = [scene.sample.json for scene in scenes if isinstance(scene.sample.json, list)]
    operations = [operation for one in lists for operation in one if isinstance(operation, dict)]
    paths = [path for operation in operations if isinstance(path := operation.get("path"), str)]
    return {path.split("/")[1] for path in paths if path.count("/") > 1}


def _shown(collection: str, name: str) -> str:
    """Write an item without its hidden members; the signs are where those are taken out when it is written down."""
    return f"{_SIGN}{collection}{_SIGN}vars.{name}{_SIGN}"


def _param(name: str) -> Get:
    return lambda scene: scene.params.get(name, MISSING)


def part_data(name: str) -> Term:
    """Give the term of the bytes of a part of a multipart body."""

    def get(scene: Scene) -> Any:
        several = scene.sample.parts.get(name)
        return several[0].data if several else MISSING

    return Term(f"{member('request.parts', (name,))}.data", get, name)


def _header(name: str) -> Get:
    return lambda scene: scene.sample.headers.get(name, MISSING)


def _part(name: str, field: str) -> Get:
    def get(scene: Scene) -> Any:
        several = scene.sample.parts.get(name)
        return (getattr(several[0], field) or MISSING) if several else MISSING

    return get


def _part_size(name: str) -> Get:
    def get(scene: Scene) -> Any:
        several = scene.sample.parts.get(name)
        return len(several[0].data) if several else MISSING

    return get


def _looked_up(name: str) -> Get:
    return lambda scene: scene.looked_up(name)


def _single(name: str) -> Get:
    def get(scene: Scene) -> Any:
        value = scene.looked_up(name)
        return value if is_scalar(value) else MISSING

    return get


def _patched(lead: str | None) -> Get:
    """Read what a request's patch makes of the item, or of an object that has it under a name."""

    def get(scene: Scene) -> Any:
        item, operations = scene.looked_up("item"), scene.sample.json
        if item is MISSING or not isinstance(operations, list):
            return MISSING
        try:
            made = patched(item if lead is None else {lead: item}, operations, lambda _value: None)
        except PatchError:
            return MISSING
        return made if lead is None else look(made, (lead,))

    return get


def _attributes_patched(name: str) -> Get:
    """Read what the operations in a member of the request make of the item."""

    def get(scene: Scene) -> Any:
        item, operations = scene.looked_up("item"), look(scene.sample.json, (name,))
        if not isinstance(item, dict) or not isinstance(operations, list):
            return MISSING
        try:
            return attributes_patched(item, operations, lambda _value: None)
        except PatchError:
            return MISSING

    return get


def _are_data(grouped: Sequence[Mapping[str, list[str]]]) -> bool:
    """Tell whether the names of what was sent are values themselves: nearly each call has others."""
    counts = Counter(name for one in grouped for name in one)
    most = max(map(len, grouped), default=0)
    return len(counts) > max(4, most) and sum(count * 4 <= len(grouped) for count in counts.values()) >= 4


def _pairs(grouped: Mapping[str, list[str]]) -> list[list[str]]:
    return [[name, value] for name, value in _firsts(grouped).items()]


def _firsts(grouped: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in grouped.items()}


def _target(sample: Sample) -> str:
    return sample.interaction.exchange.request.target.decode("latin-1")


def _query_string(sample: Sample) -> Any:
    return _target(sample).partition("?")[2] or MISSING


def _url(sample: Sample) -> str:
    return f"{sample.interaction.exchange.request.scheme}://{sample.headers.get('host', '')}{_target(sample)}"
