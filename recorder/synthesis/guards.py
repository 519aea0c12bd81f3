"""Guards: conditions on a request and on what is held, and the ordered list of them that tells outcomes apart."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from recorder.synthesis.kinds import looks_like_a_time
from recorder.synthesis.scene import Lookup, Scene
from recorder.synthesis.term import Term, literal
from recorder.synthesis.values import MISSING, as_text, canon, is_number, is_scalar, parts, same
from recorder.synthesis.vocabulary import Vocabulary

_FEW: Final = 6
_MOST_ATOMS: Final = 600
_MOST_RULES: Final = 14
_MOST_SCENES: Final = 1_500
_PLAIN_HEADERS: Final = re.compile(
    r"host|connection|accept-encoding|user-agent|content-length|authorization|cookie|date|x-mimic-.*|traceparent|via"
)
_EMAIL: Final = r"[^@\\s]+@[^@\\s]+\\.[^@\\s]+"


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A condition, and in which scenes (bits by their place) it holds; `about` is the subject it speaks of."""

    term: Term
    mask: int
    about: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Where all its terms hold, the label is right; `support` scenes showed that."""

    terms: tuple[Term, ...]
    label: Hashable
    support: int
    weight: float = 0.0


class Judge:
    """Knows all conditions over the scenes of one endpoint, and finds those that tell labels apart."""

    def __init__(self, scenes: Sequence[Scene], vocabulary: Vocabulary) -> None:
        step = max(1, math.ceil(len(scenes) / _MOST_SCENES))
        self._scenes = scenes[::step]
        self.said: dict[Hashable, str] = {}
        """What the answers of a label say, letters and digits only."""
        self._place = {id(scene): place for place, scene in enumerate(self._scenes)}
        self._atoms = self._distinct(_atoms(self._scenes, vocabulary))

    def decide(self, scenes: Sequence[Scene], labels: Sequence[Any]) -> list[tuple[Term | None, Any]] | None:
        """Give conditions in order with their labels, the last without one; None where they cannot be told apart."""
        groups: dict[Hashable, int] = defaultdict(int)
        named = {}
        for scene, label in zip(scenes, labels, strict=True):
            place = self._place.get(id(scene))
            if place is None:
                return None
            key = label if isinstance(label, Hashable) else repr(label)
            groups[key] |= 1 << place
            named[key] = label
        rules, rest = self.rules(groups)
        if len(rest) != 1 or len(rules) > len(groups) + 2:
            return None
        made: list[tuple[Term | None, Any]] = [(conjunction(rule.terms), named[rule.label]) for rule in rules]
        return [*made, (None, named[next(iter(rest))])]

    def mask(self, scenes: Sequence[Scene]) -> int:
        """Give the bits of these scenes; one that was left out for there being too many has none."""
        found = 0
        for scene in scenes:
            place = self._place.get(id(scene))
            if place is not None:
                found |= 1 << place
        return found

    def rules(
        self, groups: Mapping[Hashable, int], bias: Mapping[Hashable, Sequence[str]] | None = None,
        last: Hashable | None = None, beyond: int = 0,
    ) -> tuple[list[Rule], dict[Hashable, int]]:  # fmt: skip
        """Find pure rules one by one, each over what the ones before it left; give them and what is left, by label.

        `bias` names the subjects that are likely to explain a label, `last` the label that should be left over. `beyond`
        are scenes of no label here that no rule may take.
        """
        left = {label: mask for label, mask in groups.items() if mask}
        rules: list[Rule] = []
        while len(left) > 1 and len(rules) < _MOST_RULES:
            rule = self._best(left, bias or {}, last, beyond)
            if rule is None:
                break
            rules.append(rule[0])
            left[rule[0].label] &= ~rule[1]
            if not left[rule[0].label]:
                del left[rule[0].label]
        return rules, left

    def _best(
        self, left: Mapping[Hashable, int], bias: Mapping[Hashable, Sequence[str]], last: Hashable | None, beyond: int
    ) -> tuple[Rule, int] | None:
        everything = beyond
        for mask in left.values():
            everything |= mask
        best: tuple[float, Rule, int] | None = None
        useful: list[tuple[Atom, int]] = []
        for atom in self._atoms:
            held = atom.mask & everything
            if not held or held == everything:
                continue
            useful.append((atom, held))
            for label, mask in left.items():
                if label == last or held & ~mask:
                    continue
                best = _better(best, self._scored((atom,), held, label, mask, bias))
        if best is None or best[0] < 0.4:
            for (one, held_one), (two, held_two) in combinations(self._promising(useful, left, last), 2):
                held = held_one & held_two
                if not held or one.about == two.about:
                    continue
                for label, mask in left.items():
                    if label != last and not held & ~mask and (held.bit_count() > 2 or held == mask):
                        best = _better(best, self._scored((one, two), held, label, mask, bias))
        return (best[1], best[2]) if best is not None else None

    def _promising(
        self, useful: Sequence[tuple[Atom, int]], left: Mapping[Hashable, int], last: Hashable | None
    ) -> list[tuple[Atom, int]]:
        ranked = []
        for atom, held in useful:
            gain = max(
                (held & mask).bit_count() / mask.bit_count() - (held & ~mask).bit_count() / max(1, held.bit_count())
                for label, mask in left.items()
                if label != last
            ) if any(label != last for label in left) else 0.0  # fmt: skip
            ranked.append((gain - atom.term.cost * 0.05, atom, held))
        ranked.sort(key=lambda one: -one[0])
        return [(atom, held) for _, atom, held in ranked[:70]]

    def _scored(
        self, atoms: tuple[Atom, ...], held: int, label: Hashable, mask: int, bias: Mapping[Hashable, Sequence[str]]
    ) -> tuple[float, Rule, int]:
        count = held.bit_count()
        share = count / mask.bit_count()
        likely = bias.get(label, ())
        said = self.said.get(label, "")
        cost = sum(
            atom.term.cost
            - (0.6 if any(atom.about.startswith(one) for one in likely) else 0.0)
            - (0.6 if _is_named(atom.about, said) else 0.0)
            for atom in atoms
        )
        score = share + min(count, 10) * 0.05 - cost * 0.25
        return score, Rule(tuple(atom.term for atom in atoms), label, count, score), held

    def _distinct(self, terms: Iterator[tuple[Term, str]]) -> list[Atom]:
        """Work out the conditions; of several that hold in the same scenes the cheapest of each subject is kept."""
        whole = (1 << len(self._scenes)) - 1
        found: dict[tuple[int, str], Atom] = {}
        for count, (term, about) in enumerate(terms):
            if count > _MOST_ATOMS * 6:
                break
            mask = 0
            for place, scene in enumerate(self._scenes):
                if term.get(scene) is True:
                    mask |= 1 << place
            turned = [(_not(term), whole & ~mask)] if term.inline else []
            for made, inner in ((term, mask), *turned):
                if inner in (0, whole):
                    continue
                key = (inner, about)
                known = found.get(key)
                if known is None or made.cost < known.term.cost:
                    found[key] = Atom(made, inner, about)
        atoms = sorted(found.values(), key=lambda atom: atom.term.cost)
        return atoms[:_MOST_ATOMS]


def _is_named(about: str, said: str) -> bool:
    """Tell whether an answer names what a condition is about."""
    word = re.sub(r"[^a-z0-9]", "", about.rpartition(".")[2].lower())
    return len(word) > 2 and word in said


def _better(best: tuple[float, Rule, int] | None, other: tuple[float, Rule, int]) -> tuple[float, Rule, int]:
    return other if best is None or other[0] > best[0] else best


def _not(term: Term) -> Term:
    return Term(
        negated(term.text),
        lambda scene: not (term.get(scene) is True),
        term.name,
        term.cost + 0.05,
        term.uses,
        term.keeps,
    )


_FLIPS: Final = (
    (" is not none", " is none"), (" is none", " is not none"), (" is not defined", " is defined"),
    (" is defined", " is not defined"), (" is not mapping", " is mapping"), (" is mapping", " is not mapping"),
)  # fmt: skip


def negated(text: str) -> str:
    """Write the opposite of a condition."""
    if " and " not in text and " or " not in text:
        for end, other in _FLIPS:
            if text.endswith(end):
                return text[: -len(end)] + other
        if text.count(" == ") == 1:
            return text.replace(" == ", " != ")
        if text.count(" < ") == 1:
            return text.replace(" < ", " >= ")
        if text.count(" > ") == 1:
            return text.replace(" > ", " <= ")
    return text[4:] if text.startswith("not ") and " and " not in text else f"not ({text})"


def conjunction(terms: Sequence[Term]) -> Term:
    """Give the condition that all of these hold."""
    if len(terms) == 1:
        return terms[0]
    return Term(
        " and ".join(term.text for term in terms),
        lambda scene: all(term.get(scene) is True for term in terms),
        terms[0].name,
        sum(term.cost for term in terms),
        frozenset().union(*(term.uses for term in terms)),
        frozenset().union(*(term.keeps for term in terms)),
    )


def _atoms(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[tuple[Term, str]]:
    yield from _of_credentials(scenes)
    yield from _of_lookups(scenes, vocabulary.lookups)
    yield from _of_bodies(scenes)
    yield from _of_fields(scenes, vocabulary)
    yield from _of_headers(scenes)
    yield from _of_pairs(scenes, vocabulary)


def _flag(
    text: str,
    get: Any,
    cost: float,
    uses: frozenset[str] = frozenset(),
    keeps: frozenset[tuple[str, str]] = frozenset(),
    *,
    turns: bool = True,
) -> Term:
    """Make a condition; `turns` says that it may also be used the other way round."""
    return Term(text, get, "", cost, uses, keeps, turns)


def _of_credentials(scenes: Sequence[Scene]) -> Iterator[tuple[Term, str]]:
    yield (
        _flag("not request.headers.authorization", lambda scene: not scene.sample.headers.get("authorization"), 0.2),
        "auth",
    )
    for scheme in sorted({scene.sample.auth.scheme for scene in scenes if scene.sample.auth.scheme}):
        yield _flag(
            f"request.auth.scheme == {literal(scheme)}", lambda scene, scheme=scheme: scene.sample.auth.scheme == scheme, 0.6
        ), "auth"  # fmt: skip
    for name in sorted({name for scene in scenes for name in scene.sample.cookies}):
        yield _flag(
            f"request.cookies[{name!r}] is defined", lambda scene, name=name: name in scene.sample.cookies, 0.4
        ), "auth"  # fmt: skip


def _of_lookups(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[tuple[Term, str]]:
    del scenes
    for name in lookups:
        yield _flag(
            f"vars.{name} is none", lambda scene, name=name: scene.looked_up(name) is MISSING,
            0.15 if name == "item" else 0.25, frozenset({name}),
        ), f"exists.{name}"  # fmt: skip


def _of_bodies(scenes: Sequence[Scene]) -> Iterator[tuple[Term, str]]:
    yield _flag("not request.body", lambda scene: not scene.sample.body, 0.5), "body"
    yield _flag("request.json is not defined", lambda scene: scene.sample.json is MISSING, 0.3), "body"
    yield _flag("request.json is not mapping", lambda scene: not isinstance(scene.sample.json, dict), 0.45), "body"
    yield _flag(
        "request.body and request.json is not defined",
        lambda scene: bool(scene.sample.body) and scene.sample.json is MISSING, 0.4,
    ), "body"  # fmt: skip
    for kind in sorted({scene.sample.content_type for scene in scenes if scene.sample.content_type}):
        yield _flag(
            f"request.content_type == {literal(kind)}", lambda scene, kind=kind: scene.sample.content_type == kind, 0.7
        ), "content-type"  # fmt: skip


def _of_headers(scenes: Sequence[Scene]) -> Iterator[tuple[Term, str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for scene in scenes:
        for name, value in scene.sample.headers.items():
            if not _PLAIN_HEADERS.fullmatch(name):
                values[name].add(value)
    for name, known in sorted(values.items()):
        yield _flag(
            f"request.headers[{name!r}] is defined", lambda scene, name=name: name in scene.sample.headers, 0.6
        ), f"header.{name}"  # fmt: skip
        if len(known) <= _FEW:
            for value in sorted(known):
                yield _flag(
                    f"request.headers[{name!r}] == {literal(value)}",
                    lambda scene, name=name, value=value: scene.sample.headers.get(name) == value, 0.9,
                ), f"header.{name}"  # fmt: skip


_INDEXED: Final = re.compile(r"\[\d+\]")
_NOT_COMPARED: Final = (
    "request.headers", "request.auth", "request.method", "request.url", "request.cookies", "request.query_string",
    "request.path ", "request.text",
)  # fmt: skip


def _of_fields(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[tuple[Term, str]]:
    """Conditions on scalars of the request and of what is looked up: there, of a type, one of few values, large."""
    hints, allowed = _hints(scenes), _allowed(scenes)
    keys = {
        name
        for lookup in vocabulary.lookups.values()
        for name in re.findall(r"request\.path_params\.\w+", lookup.key.text)
    }
    terms: dict[str, Term] = {}
    step = max(1, len(scenes) // 60)
    for scene in scenes[::step]:
        for term, value in vocabulary.everything(scene):
            if (
                term.text.startswith(_NOT_COMPARED)
                or term.text == "request.path"
                or "vars.list.items" in term.text
                or "vars." in term.text
                and _INDEXED.search(term.text)
            ):
                continue
            if (
                term.text.count(".") + term.text.count("[") > 5
                or term.text.startswith(("vars.", "request.query_string"))
                and term.cost > 9
            ):
                continue
            terms.setdefault(term.text, term)
            del value
        if len(terms) > 160:
            break
    for term in list(terms.values())[:160]:
        about = _about(term)
        values = [term.get(scene) for scene in scenes]
        given = [value for value in values if value is not MISSING]
        base = 0.35 if term.text.startswith("request.") else 0.5
        if all(isinstance(value, dict) for value in given) and term.text in (
            "request.query",
            "request.form",
            "request.cookies",
        ):
            continue
        if len(given) < len(values) and not term.text.startswith("\N{SECTION SIGN}"):
            yield _flag(
                f"{term.text} is not defined", lambda scene, t=term: t.get(scene) is MISSING, base + 0.1, term.uses, term.keeps
            ), about  # fmt: skip
        if any(value is None for value in given):
            yield (
                _flag(
                    f"{term.text} is none",
                    lambda scene, t=term: t.get(scene) is None,
                    base + 0.2,
                    term.uses,
                    term.keeps,
                ),
                about,
            )
        yield from _of_types(term, given, about, base)
        scalars = [value for value in given if is_scalar(value) and value is not None]
        distinct = {canon(value): value for value in scalars}
        if 1 <= len(distinct) <= _FEW and (len(scalars) > len(distinct) or len(distinct) == 1):
            for value in distinct.values():
                yield _flag(
                    f"{term.text} == {literal(value)}", lambda scene, t=term, v=value: same(t.get(scene), v),
                    base + 0.45 + (0.2 if len(distinct) > 3 else 0.0), term.uses, term.keeps,
                ), about  # fmt: skip
        elif scalars and all(isinstance(value, str) for value in scalars):
            counts: dict[str, int] = defaultdict(int)
            for value in scalars:
                counts[value] += 1
            often = [value for value, count in counts.items() if count >= 3][:4]
            for value in often:
                yield _flag(
                    f"{term.text} == {literal(value)}", lambda scene, t=term, v=value: same(t.get(scene), v),
                    base + 0.9, term.uses, term.keeps,
                ), about  # fmt: skip
        if all(lookup.key.text != term.text for lookup in vocabulary.lookups.values()):
            yield from _of_known(term, scenes, values, about, base, allowed)
        if term.text not in keys and not re.search(r"(?:^|_)id$|[a-z]Id$", term.name):
            yield from _of_size(term, given, about, base, hints)


def _of_known(
    term: Term, scenes: Sequence[Scene], values: Sequence[Any], about: str, base: float,
    allowed: Sequence[Sequence[str]],
) -> Iterator[tuple[Term, str]]:  # fmt: skip
    """The condition that a text is none of the few that were ever accepted, or that refusals name as right."""
    good = [
        value for scene, value in zip(scenes, values, strict=True) if scene.sample.succeeded and isinstance(value, str)
    ]
    known = sorted(set(good))
    if not known or len(known) > 12 or any(len(value) > 60 for value in known):
        return
    named = next((one for one in allowed if set(known) <= set(one)), None)
    if named is not None:
        known = sorted(named)
    elif len(good) < max(6, 3 * len(known)):
        return
    yield _flag(
        f"{term.text} is defined and {term.text} not in {literal(known)}",
        lambda scene, t=term, k=frozenset(known): (v := t.get(scene)) is not MISSING and not (isinstance(v, str) and v in k),
        base + 0.4, term.uses, term.keeps,
    ), about  # fmt: skip


def _about(term: Term) -> str:
    text = term.text.replace("\N{SECTION SIGN}", "")
    for lead in (
        "request.json",
        "request.form",
        "request.query",
        "request.path_params",
        "request.parts",
        "request.text",
    ):
        if text.startswith(lead):
            return f"{lead.removeprefix('request.')}.{term.name}"
    return f"held.{text}"


_PATTERNS: Final = (
    (_EMAIL, 0.4), ("-?[0-9]+", 0.4), ("[0-9a-fA-F-]{32,36}", 0.6), ("[0-9]{4}-[0-9]{2}-[0-9]{2}.*", 0.6),
)  # fmt: skip
_TYPES: Final = (
    ("string", str), ("number", (int, float)), ("mapping", dict), ("boolean", bool), ("sequence", list),
)  # fmt: skip


def _of_types(term: Term, given: Sequence[Any], about: str, base: float) -> Iterator[tuple[Term, str]]:
    kinds = {_kind(value) for value in given if value is not None}
    if len(kinds) > 1:
        for kind in sorted(kinds):
            text = (
                f"{term.text} is sequence and {term.text} is not string and {term.text} is not mapping"
                if kind == "sequence"
                else f"{term.text} is {kind}"
            )
            yield _flag(
                text, lambda scene, t=term, k=kind: _kind(t.get(scene)) == k, base + 0.25, term.uses, term.keeps
            ), about  # fmt: skip
        yield _flag(
            f"{term.text} is integer", lambda scene, t=term: type(t.get(scene)) is int, base + 0.3, term.uses, term.keeps
        ), about  # fmt: skip
    texts = [value for value in given if isinstance(value, str)]
    if not texts or term.text.startswith("\N{SECTION SIGN}"):
        return
    yield _flag(
        f"{term.text} is string and ({term.text} | trim) == ''",
        lambda scene, t=term: isinstance(v := t.get(scene), str) and not v.strip(), base + 0.3, term.uses, term.keeps,
    ), about  # fmt: skip
    for pattern, cost in _PATTERNS:
        plain = re.compile(pattern.replace("\\\\", "\\"))
        if 0 < sum(plain.fullmatch(text) is not None for text in texts) < len(texts):
            found = f"({term.text} | regex_search('^(?:{pattern})$'))"
            yield _flag(
                f"{term.text} is string and {found} == {term.text}",
                lambda scene, t=term, p=plain: isinstance(v := t.get(scene), str) and p.fullmatch(v) is not None,
                base + cost, term.uses, term.keeps, turns=False,
            ), about  # fmt: skip
            yield _flag(
                f"{term.text} is string and {found} != {term.text}",
                lambda scene, t=term, p=plain: isinstance(v := t.get(scene), str) and p.fullmatch(v) is None,
                base + cost, term.uses, term.keeps, turns=False,
            ), about  # fmt: skip


def _kind(value: Any) -> str:
    for name, kind in (("boolean", bool), *_TYPES):
        if isinstance(value, kind):
            return name
    return "nothing"


_ONE_OF: Final = re.compile(
    r"(?:one of|allowed|valid|supported|choose from)\W+((?:['\"]?[\w-]+['\"]?(?:, (?:or )?| or | and |\|))+['\"]?[\w-]+['\"]?)"
)


def _allowed(scenes: Sequence[Scene]) -> list[list[str]]:
    """Give the lists of words that refusals name: what would be right, most likely."""
    found: list[list[str]] = []
    for text in sorted({scene.sample.answer_text or "" for scene in scenes if scene.sample.status >= 400}):
        for match in _ONE_OF.finditer(text[:4_000]):
            found.append(re.findall(r"[\w-]+", re.sub(r"\b(?:or|and)\b", " ", match[1])))
    for scene in scenes:
        if scene.sample.status >= 400 and scene.sample.answer_json is not MISSING and len(found) < 30:
            for _, value in parts(scene.sample.answer_json):
                if (
                    isinstance(value, list)
                    and len(value) > 1
                    and all(isinstance(one, str) for one in value)
                    and value not in found
                ):
                    found.append(value)
    return found


def _hints(scenes: Sequence[Scene]) -> list[int]:
    """Give the whole numbers that refusals speak of: bounds, most likely."""
    texts = {scene.sample.answer_text or "" for scene in scenes if scene.sample.status >= 400}
    return sorted({int(found) for text in texts for found in re.findall(r"(?<![\w.-])\d{1,7}(?![\w-])", text[:2_000])})[
        :60
    ]


def _of_size(
    term: Term, given: Sequence[Any], about: str, base: float, hints: Sequence[int]
) -> Iterator[tuple[Term, str]]:
    """Conditions on how large a number is, or how long a text or list: at every step between values that are there."""
    numbers = sorted({value for value in given if is_number(value) and not looks_like_a_time(value)})
    if len(numbers) > 1:
        for cut in _cuts(numbers, hints):
            for sign in ("<", ">="):
                yield _flag(
                    f"{term.text} {sign} {literal(cut)}",
                    lambda scene, t=term, c=cut, s=sign: is_number(v := t.get(scene)) and (v < c) is (s == "<"),
                    base + (0.35 if cut in (0, 1) else 0.6), term.uses, term.keeps, turns=False,
                ), about  # fmt: skip
    texts = [value for value in given if isinstance(value, str)]
    if (
        texts
        and term.text.startswith("request.")
        and sum(_WHOLE.fullmatch(text) is not None for text in texts) * 2 > len(texts)
    ):
        whole = sorted({_as_whole(text) for text in texts})
        for cut in _cuts(whole, hints):
            for sign in ("<", ">="):
                yield _flag(
                    f"{term.text} is defined and ({term.text} | int) {sign} {cut}",
                    lambda scene, t=term, c=cut, s=sign: isinstance(v := t.get(scene), str) and (_as_whole(v) < c) is (s == "<"),
                    base + 0.6, term.uses, term.keeps, turns=False,
                ), about  # fmt: skip
    lengths = sorted({len(value) for value in given if isinstance(value, str | list)})
    if len(lengths) > 1 and not term.text.startswith("\N{SECTION SIGN}"):
        for cut in _cuts(lengths, hints):
            for sign in ("<", ">="):
                yield _flag(
                    f"{term.text} is sequence and {term.text} is not mapping and ({term.text} | length) {sign} {cut}",
                    lambda scene, t=term, c=cut, s=sign: isinstance(v := t.get(scene), str | list) and (len(v) < c) is (s == "<"),
                    base + (0.4 if cut == 1 else 0.7), term.uses, term.keeps, turns=False,
                ), about  # fmt: skip


_WHOLE: Final = re.compile(r"-?\d{1,12}")


def _as_whole(text: str) -> int:
    """Give the whole number that a text is, 0 for any other: what the filter `int` gives."""
    return int(text) if _WHOLE.fullmatch(text) else 0


def _cuts(numbers: Sequence[Any], hints: Sequence[int]) -> list[Any]:
    """Give a number in each gap, one that refusals speak of or else a round one, the widest gaps first."""
    gaps = sorted(zip(numbers, numbers[1:], strict=False), key=lambda pair: pair[0] - pair[1])[:24]
    return sorted({_hinted(low, high, hints) or _roundest(low, high) for low, high in gaps})


def _hinted(low: Any, high: Any, hints: Sequence[int]) -> int | None:
    """Give a bound in a gap: a number that is spoken of, as the least that is right, or the most."""
    return next((made for hint in hints for made in (hint, hint + 1) if low < made <= high and made), None)


def _roundest(low: Any, high: Any) -> Any:
    """Give the roundest number above `low` and not above `high`."""
    if low < 0 <= high:
        return 0
    if low <= 0 < high and high >= 1:
        return 1 if isinstance(low, int) and isinstance(high, int) else high
    if not (isinstance(low, int) and isinstance(high, int)):
        return high
    for unit in (1_000_000, 100_000, 10_000, 1_000, 500, 100, 50, 10, 5):
        made = math.floor(high / unit) * unit
        if low < made <= high:
            return made if made < high else made
    return high


def _of_pairs(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[tuple[Term, str]]:
    """Conditions that two values are equal, or one is larger: of the request and of what is held."""
    pairs: dict[tuple[str, str], tuple[Term, Term]] = {}
    step = max(1, len(scenes) // 40)
    for scene in scenes[::step]:
        held = [
            (term, value)
            for term, value in [*vocabulary.everything(scene), *vocabulary.hidden_terms(scene)]
            if "vars." in term.text
            and "vars.list" not in term.text
            and is_scalar(value)
            and value is not None
            and not isinstance(value, bool)
            and term.cost < 5
        ]
        asked = [
            (term, value)
            for term, value in vocabulary.everything(scene)
            if term.text.startswith("request.") and is_scalar(value) and value is not None and not isinstance(value, bool)
            and not term.text.startswith(("request.method", "request.url", "request.path_params"))
        ]  # fmt: skip
        for one, left in asked:
            for two, right in held:
                if (as_text(left).strip('"') == as_text(right).strip('"') and as_text(left)) or _same_word(
                    one.name, two.name
                ):
                    pairs.setdefault((one.text, two.text), (one, two))
                elif is_number(left) and is_number(right) and not _INDEXED.search(two.text):
                    pairs.setdefault((one.text, two.text), (one, two))
        for (one, left), (two, right) in combinations(held[:60], 2):
            if one.uses != two.uses and as_text(left) == as_text(right) and len(as_text(left)) > 0:
                pairs.setdefault((one.text, two.text), (one, two))
        if len(pairs) > 500:
            break
    for name, lookup in vocabulary.lookups.items():
        if "_of_" in lookup.collection:
            yield _flag(
                f"vars.{name} is not none and request.json != vars.{name}.request",
                lambda scene, name=name: isinstance(v := scene.looked_up(name), dict) and not same(scene.sample.json, v.get("request", MISSING)),
                0.3, frozenset({name}),
            ), f"pair.{name}"  # fmt: skip
    yield from _of_containment(scenes, vocabulary)
    for one, two in list(pairs.values())[:400]:
        uses, keeps = one.uses | two.uses, one.keeps | two.keeps
        about = f"pair.{_about(one)}.{_about(two)}"
        alike = _same_word(one.name, two.name)
        if one.text.startswith("request.") and any(one.get(scene) is MISSING for scene in scenes):
            yield _flag(
                f"{one.text} is defined and ({one.text} | string) != ({two.text} | string)",
                lambda scene, a=one, b=two: a.get(scene) is not MISSING and not _equal_texts(a.get(scene), b.get(scene)),
                0.6 if alike else 0.85, uses, keeps,
            ), about  # fmt: skip
        yield _flag(
            f"{two.text} is defined and ({one.text} | string) == ({two.text} | string)",
            lambda scene, a=one, b=two: _equal_texts(a.get(scene), b.get(scene)), 0.5 if alike else 0.8, uses, keeps,
        ), about  # fmt: skip
        yield _flag(
            f"{one.text} > {two.text}",
            lambda scene, a=one, b=two: is_number(x := a.get(scene)) and is_number(y := b.get(scene)) and x > y,
            0.7 if alike else 1.1, uses, keeps, turns=False,
        ), about  # fmt: skip
        yield _flag(
            f"{one.text} <= {two.text}",
            lambda scene, a=one, b=two: is_number(x := a.get(scene)) and is_number(y := b.get(scene)) and x <= y,
            0.75 if alike else 1.2, uses, keeps, turns=False,
        ), about  # fmt: skip


def _of_containment(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[tuple[Term, str]]:
    """Conditions that a list that is held has what is asked for, or who asks, in it."""
    found: dict[tuple[str, str], tuple[Term, Term]] = {}
    for scene in scenes[:: max(1, len(scenes) // 40)]:
        everything = vocabulary.everything(scene)
        held = [
            (term, value)
            for term, value in everything
            if "vars." in term.text and "vars.list" not in term.text and isinstance(value, list)
        ]
        if not held:
            continue
        for two, rows in held[:12]:
            for one, value in everything:
                if isinstance(value, str | int) and not isinstance(value, bool) and value in rows and one.cost < 5:
                    found.setdefault((one.text, two.text), (one, two))
    for one, two in list(found.values())[:40]:
        yield _flag(
            f"{one.text} in {two.text}", lambda scene, a=one, b=two: isinstance(rows := b.get(scene), list) and a.get(scene) in rows,
            0.6, one.uses | two.uses, one.keeps | two.keeps,
        ), f"pair.{_about(one)}.{_about(two)}"  # fmt: skip


def _equal_texts(one: Any, other: Any) -> bool:
    if one is MISSING or other is MISSING or one is None or other is None:
        return False
    return is_scalar(one) and is_scalar(other) and as_text(one) == as_text(other)


def _same_word(one: str, other: str) -> bool:
    first, second = (re.sub(r"[\W_]", "", text).lower() for text in (one, other))
    return (
        bool(first)
        and bool(second)
        and (first == second or len(second) > 3 and first.endswith(second) or len(first) > 3 and second.endswith(first))
    )
