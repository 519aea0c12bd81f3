"""Links: URLs of the request itself with other parameters, as the pages of a list have them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from recorder.synthesis.explaining.grounds import Case, Grounds, in_few_sessions, is_called, rank
from recorder.synthesis.nodes.node import Fixed, Joined, Node, Piece, Said
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, as_text, same
from recorder.synthesis.terms.request_terms import path_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, literal, member, used_by

URL: Final = re.compile(r"(https?://[^\s<>\"',;]+|(?<![\w:/])/[\w~%.-]+[^\s<>\"',;]*\?[^\s<>\"',;]+)")
"""A URL in a text: with its host, or a path with a query."""
_PATH: Final = re.compile(r"(?:/[\w.~%@:+-]+){2,}")
_MOST_PARTS: Final = 21
_FIRST: Final = 1
_SIGNS: Final = "@:,/$!*'()[];?"
_ESCAPED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_OF_HOSTS: Final = re.compile(r"[.:]")
_ORIGIN: Final = "(request.scheme ~ '://' ~ request.headers['host'])"


def linked(grounds: Grounds, cases: Sequence[Case], name: str) -> Joined | None:
    """Explain texts of this name around URLs of the request itself with other parameters."""
    split = [URL.split(as_text(value)) for _, value in cases]
    if len({len(parts) for parts in split}) != 1 or not 3 <= len(split[0]) <= _MOST_PARTS:
        return None
    pieces: list[Piece] = []
    for place, parts in enumerate(zip(*split, strict=True)):
        if place % 2 == 0:
            if len(set(parts)) > 1:
                return None
            pieces.append(parts[0])
            continue
        made = link(grounds, [(scene, part) for (scene, _), part in zip(cases, parts, strict=True)], name)
        if made is None:
            return None
        pieces.append(made)
    return Joined([piece for piece in pieces if piece != ""])


def addressed(cases: Sequence[Case], explain: Callable[[Sequence[Case], str], Node]) -> Joined | Said | None:
    """Explain URLs of the service itself part by part: what is behind its address is mostly the id of something.

    They may be written without its address, as `/orders/17`, and the address may be alone, as `127.0.0.1:8080`.
    """
    if all(_OF_HOSTS.search(as_text(value)) and value == scene.sample.headers.get("host") for scene, value in cases):
        return Said(_HOST)
    is_bare = all(isinstance(value, str) and _PATH.fullmatch(value) for _, value in cases)
    if is_bare and len({value for _, value in cases}) == 1:
        return None
    told = [("" if is_bare else origin(scene.sample), value) for scene, value in cases]
    if not all(isinstance(value, str) and value.startswith(f"{base}/") for base, value in told):
        return None
    split = [value.removeprefix(base).split("/")[1:] for base, value in told]
    if len({len(parts) for parts in split}) != 1 or len(split[0]) > _MOST_PARTS or any("?" in one[-1] for one in split):
        return None
    pieces: list[Piece] = [] if is_bare else [Said(ADDRESS)]
    for place, parts in enumerate(zip(*split, strict=True)):
        pieces.append("/")
        if len(set(parts)) == 1:
            pieces.append(_named_by_path(cases, parts[0]) or parts[0])
            continue
        node = explain([(scene, part) for (scene, _), part in zip(cases, parts, strict=True)], "id")
        if node.unknown and place < len(split[0]) - 1:
            return None
        pieces.append(node)
    return Joined(_merged(piece for piece in pieces if piece != ""))


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Give pieces with fixed ones beside each other in one."""
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and made and isinstance(made[-1], str):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def _named_by_path(cases: Sequence[Case], part: str) -> Said | None:
    """Give the parameter of the path that a part of a URL is, where one session has only one such part."""
    params = cases[0][0].params
    name = next((name for name, value in params.items() if value == part), None)
    is_same = name is not None and all(scene.params.get(name) == part for scene, _ in cases)
    return Said(path_term(name)) if name is not None and is_same and in_few_sessions(cases) else None


def origin(sample: Sample) -> str:
    """Give the beginning of the URLs of the service that was asked, as `http://127.0.0.1:8080`."""
    return f"{sample.interaction.exchange.request.scheme}://{sample.headers.get('host', '')}"


_HOST: Final = Term("request.headers['host']", lambda scene: scene.sample.headers.get("host", MISSING), "host", 1.0)
ADDRESS: Final = Term(_ORIGIN, lambda scene: origin(scene.sample), "url", 1.0)
"""The beginning of the URLs of the service itself."""


def link(grounds: Grounds, cases: Sequence[Case], relation: str) -> Said | None:
    """Explain URLs of the request itself with other parameters; `relation` is what they are called."""
    read = [urlsplit(url) for _, url in cases]
    if not all(_is_of_request(one, scene) for one, (scene, _) in zip(read, cases, strict=True)):
        return None
    absolute = {bool(one.netloc) for one in read}
    if len(absolute) > 1 or not any(one.query for one in read):
        return None
    dropped: dict[str, Term] = {}
    changed = _changed(grounds, [scene for scene, _ in cases], read, relation, dropped)
    scenes = [scene for scene, _ in cases]
    order = _order(scenes, read, list(changed)) if changed is not None else None
    if absolute == {False} and order is None:
        spelled = _spelled_out(grounds, scenes, read, relation)
        if spelled is not None or changed is None:
            return spelled
    if changed is None:
        return None
    inner = ", ".join(f"{literal(name)}: {node.expression()}" for name, node in changed.items())
    uses, keeps = used_by([*(term for node in changed.values() for term in node.terms), *dropped.values()])
    options = f"{'' if absolute == {True} else ', absolute=false'}{order or ''}"
    plain = _written_plainly(read)
    options += f", safe={literal(plain)}" if plain else ""
    for name, term in dropped.items():
        options += f", drop=[{literal(name)}] if {term.text} == {_FIRST} else []"
    text = f"url_with({{{inner}}}{options})"
    return Said(Term(text, lambda _scene: MISSING, "url", 1.0, uses, keeps))


def _written_plainly(urls: Sequence[SplitResult]) -> str:
    """Give the signs that stand in queries as they are, and never escaped, though others escape them."""
    queries = "".join(url.query for url in urls)
    escaped = {unquote(one) for one in _ESCAPED.findall(queries)}
    return "".join(sign for sign in _SIGNS if sign in queries and sign not in escaped)


def _is_of_request(url: SplitResult, scene: Scene) -> bool:
    return url.path == quote(scene.sample.path, safe="/%~!$&'()*+,;=:@")


def _changed(
    grounds: Grounds, scenes: Sequence[Scene], urls: Sequence[SplitResult], relation: str, dropped: dict[str, Term]
) -> dict[str, Node] | None:
    """Explain the parameters that are others than were sent; None where one cannot be.

    One that is left out where it is 1 is added to `dropped`.
    """
    given = [dict(parse_qsl(url.query, keep_blank_values=True)) for url in urls]
    changed: dict[str, Node] = {}
    sent_names = [name for scene in scenes for name in scene.sample.query]
    for name in dict.fromkeys([*(name for one in given for name in one), *sent_names]):
        values = [one.get(name, MISSING) for one in given]
        sent = [scene.sample.query.get(name, [MISSING])[0] for scene in scenes]
        if all(_is_as_sent(value, other) for value, other in zip(values, sent, strict=True)):
            continue
        if any(value is MISSING for value in values):
            told = _left_out(grounds, list(zip(scenes, values, strict=True)), relation) if not dropped else None
            if told is None:
                return None
            changed[name], dropped[name] = Said(told), told
            continue
        node = _parameter(grounds, list(zip(scenes, values, strict=True)), name, relation)
        if node is None:
            return None
        changed[name] = node
    return changed


def _left_out(grounds: Grounds, cases: Sequence[Case], relation: str) -> Term | None:
    """Explain a number that is left out where it is 1, as that of the first page is."""
    numbers = [(scene, _FIRST if value is MISSING else value) for scene, value in cases]
    if not all(str(value).isdigit() for _, value in numbers):
        return None
    fitting = grounds.fitting([(scene, int(value)) for scene, value in numbers])
    if any(value is not MISSING and int(value) == _FIRST for _, value in cases):
        return None
    return min((one for one in fitting if is_called(one, relation)), key=lambda one: rank(one, relation), default=None)


def _order(scenes: Sequence[Scene], urls: Sequence[SplitResult], changed: Sequence[str]) -> str | None:
    """Write in which order the parameters stand: as they were sent, by their names, or the others last; else None."""
    given = [[name for name, _ in parse_qsl(url.query, keep_blank_values=True)] for url in urls]
    if _are_in_order(scenes, urls, changed):
        return ""
    if all(names == sorted(names) for names in given):
        return ", sort=true"
    sent = [[name for name in scene.sample.query if name not in changed] for scene in scenes]
    is_last = all(names == [*before, *changed] for names, before in zip(given, sent, strict=True))
    return ", sort='last'" if is_last else None


def _are_in_order(scenes: Sequence[Scene], urls: Sequence[SplitResult], changed: Sequence[str]) -> bool:
    """Tell whether parameters stand in the order in which they were sent, and those that were not after them."""
    for scene, url in zip(scenes, urls, strict=True):
        names = list(dict.fromkeys(name for name, _ in parse_qsl(url.query, keep_blank_values=True)))
        sent = [name for name in scene.sample.query if name in names]
        if names != [*sent, *(name for name in changed if name not in sent)]:
            return False
    return True


def _spelled_out(grounds: Grounds, scenes: Sequence[Scene], urls: Sequence[SplitResult], relation: str) -> Said | None:
    """Explain paths with always the same parameters in one order, of which those that were not sent have a default."""
    given = [parse_qsl(url.query, keep_blank_values=True) for url in urls]
    names = [name for name, _ in given[0]]
    if len(set(names)) < len(names) or any([name for name, _ in one] != names for one in given):
        return None
    pieces, used = ["request.path"], []
    for place, name in enumerate(names):
        cases = [(scene, one[place][1]) for scene, one in zip(scenes, given, strict=True)]
        text = _sent_or_default(cases, name)
        node = _parameter(grounds, cases, name, relation) if text is None else None
        if text is None and node is None:
            return None
        used += list(node.terms) if node is not None else []
        written = text if node is None else node.expression()
        pieces += [literal(f"{'&' if place else '?'}{quote(name)}="), f"({written} | string | url)"]
    uses, keeps = used_by(used)
    return Said(Term(" ~ ".join(pieces), lambda _scene: MISSING, "url", 1.2, uses, keeps))


def _sent_or_default(cases: Sequence[Case], name: str) -> str | None:
    """Write a parameter as it was sent, and as what it always is where it was not."""
    sent = [scene.sample.query.get(name, [MISSING])[0] for scene, _ in cases]
    defaults = {value for (_, value), one in zip(cases, sent, strict=True) if one is MISSING}
    if len(defaults) != 1 or any(
        one is not MISSING and one != value for (_, value), one in zip(cases, sent, strict=True)
    ):
        return None
    return f"({member('request.query', (name,))} | default({literal(defaults.pop())}))"


def _is_as_sent(value: Any, other: Any) -> bool:
    return (value is MISSING and other is MISSING) or same(value, other)


def _parameter(grounds: Grounds, cases: Sequence[Case], name: str, relation: str) -> Node | None:
    is_same = len({value for _, value in cases}) == 1
    if relation == "first" and is_same:
        return Fixed(cases[0][1])
    fitting = grounds.fitting(cases)
    if all(value.isdigit() for _, value in cases):
        fitting = fitting + grounds.fitting([(scene, int(value)) for scene, value in cases])
    told = [term for term in fitting if is_called(term, relation)]
    if not told and not is_same and all(value.isdigit() for _, value in cases):
        nearly = grounds.nearly_told([(scene, int(value)) for scene, value in cases], relation)
        told = [nearly] if nearly is not None else []
    if not told and is_same and len(cases) > 1:
        return Fixed(cases[0][1])
    return Said(min(told or fitting, key=lambda term: rank(term, relation if told else name))) if fitting else None
