"""An answer explained: status, headers and body of the answers of one outcome."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from cassettes.xmltree import is_tree
from recorder.synthesis.explaining.as_held import as_held
from recorder.synthesis.explaining.cookies import around_cookie
from recorder.synthesis.explaining.counting import with_own_ids, with_serials
from recorder.synthesis.explaining.derive import Names, derive
from recorder.synthesis.explaining.entity_tags import tag_of_count, tag_of_member
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.explaining.grounds import Case, fits, spread
from recorder.synthesis.explaining.lawful import with_laws, with_totals
from recorder.synthesis.explaining.leaders import with_leaders
from recorder.synthesis.explaining.new_ids import with_new_ids
from recorder.synthesis.explaining.optional import with_optional
from recorder.synthesis.explaining.remainders import remainder
from recorder.synthesis.explaining.repeats import (
    around_told,
    guessed_terms,
    is_guess,
    made_up_terms,
    name_used,
    share_repeats,
    tails,
    told_terms,
)
from recorder.synthesis.explaining.running_sums import with_running_sums
from recorder.synthesis.explaining.shared_tokens import Header, share_tokens
from recorder.synthesis.explaining.unsent_ids import with_unsent_ids
from recorder.synthesis.nodes.node import (
    Chosen,
    Fixed,
    Joined,
    MadeUp,
    Named,
    Node,
    Said,
    escaped,
    names_in,
    replaced,
    walk,
)
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, common, is_number, is_scalar, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, used_by

ASIDE: Final = frozenset(
    (
        "date", "server", "connection", "content-length", "transfer-encoding", "keep-alive", "via", "content-encoding",
        "x-powered-by", "alt-svc", "x-response-time", "x-runtime", "x-process-time", "server-timing",
    )
)  # fmt: skip
_FEW: Final = 0.5
_LONGEST_TEMPLATE: Final = 65_536
"""Characters of a template that a gateway reads."""
_NAMED: Final = re.compile(r"\bvars\.(\w+)")
_DIGEST: Final = re.compile(r"[\w+/-]{20,}=*\"$")
_MOST_PIVOTS: Final = 4
_SHORTEST: Final = 6
_LARGE: Final = 1_000_000
_MOST_TENTHS: Final = 7
_SOME_TENTHS: Final = 4
Form: TypeAlias = Literal["json", "xml", "text", "binary", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The answer of one outcome. `code` gives a status that is not always the same.

    `raw` is a body that is no text, and `body` then what gives its Base64, where that is known.
    """

    status: int
    headers: Sequence[Header]
    form: Form
    body: Node | None
    raw: bytes = b""
    code: Term | None = None

    @property
    def names(self) -> dict[str, Node]:
        """The parts that are worked out before the answer, by name, those first that others need."""
        nodes = [*([self.body] if self.body is not None else []), *(node for _, node, _ in self.headers)]
        found = {one.name: one.node for node in nodes for one in names_in(node)}
        made: dict[str, Node] = {}
        while found:
            others = {
                name: set(_NAMED.findall(node.expression())) & set(found) - {name} for name, node in found.items()
            }
            name = next((name for name in found if not others[name]), next(iter(found)))
            made[name] = found.pop(name)
        return made

    @property
    def unknown(self) -> int:
        return self.body.unknown if self.body is not None else 0

    @property
    def terms(self) -> list[Term]:
        found = list(self.body.terms) if self.body is not None else []
        if self.code is not None:
            found.append(self.code)
        for _, node, condition in self.headers:
            found = [*found, *node.terms, *([condition] if condition is not None else [])]
        return found


def explain_answer(scenes: Sequence[Scene], explainer: Explainer, headers: Sequence[str] | None = None) -> Answered:
    """Explain the answers of scenes that have one status."""
    samples = [scene.sample for scene in scenes]
    form = _form(samples)
    if form == "json":
        return _explain_json(scenes, explainer, headers)
    body = explainer.explain([(scene, scene.sample.answer_text or "") for scene in scenes]) if form == "text" else None
    body = _kept_bytes(scenes, explainer) if form == "binary" else body
    raw = samples[0].answer_body if form == "binary" else b""
    told = share_tokens(_headers(scenes, explainer, headers), scenes, Names(set(scenes[0].lookups)))
    return Answered(samples[0].answered_status, told, form, body, raw)


def _kept_bytes(scenes: Sequence[Scene], explainer: Explainer) -> Said | None:
    """Explain bodies that are no texts as what was sent for the item, which is kept as Base64."""
    cases: list[Case] = [(scene, encoded(scene.sample.answer_body)) for scene in scenes]
    kept = [term for term, value in explainer.vocabulary.hidden_terms(scenes[0]) if value == cases[0][1]]
    term = next((term for term in kept if fits(term, cases)), None)
    return Said(term) if term is not None else None


def _explain_json(scenes: Sequence[Scene], explainer: Explainer, headers: Sequence[str] | None) -> Answered:
    names = Names(set(scenes[0].lookups))
    whole: list[Case] = [(scene, scene.sample.answer_json) for scene in scenes]
    cases = spread([(scene, value) for scene, value in whole if value is not MISSING])
    body = with_own_ids(explainer.explain(cases, _called(cases)), cases, explainer.made)
    body = with_new_ids(with_serials(body, cases, explainer.serials), cases, explainer.made, explainer.name)
    if explainer.laws is not None:
        body = with_laws(body, cases, explainer.laws, names)
    body = with_leaders(derive(body, cases, explainer.vocabulary, names), cases, names)
    if explainer.laws is not None:
        body = with_totals(body, cases, explainer.laws, names)
    body = with_optional(with_running_sums(body, whole, explainer.name), cases)
    body = with_unsent_ids(as_held(body, cases, explainer.entity), cases, explainer.made)
    body = share_repeats(body, cases, names)
    made = made_up_terms(body, whole, names)
    body = _again(body, cases, explainer, made)
    guessed = guessed_terms(body, whole, names)
    body = _again(body, cases, explainer, guessed, are_guesses=True)
    body = around_told(body, cases, names)
    known = told_terms(body, whole, names)
    body = _again(body, cases, explainer, known)
    made = [*made, *guessed]
    explainer = explainer.with_terms(scenes, [*(term for term, _, _ in made), *tails(made, cases)])
    told = share_tokens(_headers(scenes, explainer, headers), scenes, names)
    told = [_tagged(one, body, cases) for one in told]
    uses, _ = used_by(term for _, node, _ in told for term in node.terms)
    form: Form = "xml" if is_tree(cases[0][1]) else "json"
    return Answered(scenes[0].sample.answered_status, told, form, name_used(body, uses, made))


def _called(cases: Sequence[Case]) -> str:
    """Give what answers that are bare numbers are called: as their path ends, as in `/things/count`."""
    last = cases[0][0].endpoint.template[-1:] if cases and all(is_number(value) for _, value in cases) else ()
    return next(filter(None, last), "")


def _form(samples: Sequence[Sample]) -> Form:
    if all(not sample.answer_body for sample in samples):
        return "none"
    if sum(sample.answer_json is not MISSING for sample in samples) * 2 > len(samples):
        return "json"
    if all(sample.answer_text is not None for sample in samples):
        return "text"
    return "binary"


def _headers(scenes: Sequence[Scene], explainer: Explainer, only: Sequence[str] | None) -> list[Header]:
    names = dict.fromkeys(name for scene in scenes for name, _ in scene.sample.answer_headers)
    made: list[Header] = []
    for name in names:
        if name in ASIDE or (only is not None and name not in only) or name.startswith("x-mimic-"):
            continue
        given = [(scene, scene.sample.answer_header(name)) for scene in scenes]
        several = _several(name, scenes, explainer)
        if several is not None:
            made.append((name, several, None))
            continue
        cases: list[Case] = [(scene, value) for scene, value in given if value is not None]
        condition = None
        if len(cases) < len(scenes):
            condition = _kept_only(given, cases, explainer) or explainer.condition(
                scenes, [value is not None for _, value in given]
            )
            if condition is None and len(cases) < len(scenes) * _FEW:
                continue
        made.append((name, _header(name, cases, explainer), condition))
    return made


def _kept_only(given: Sequence[tuple[Scene, str | None]], cases: Sequence[Case], explainer: Explainer) -> Term | None:
    """Give the condition that what a header shows was kept with the item, where it is shown just then."""
    node = explainer.explain(cases)
    term = node.term if isinstance(node, Said) else None
    if term is None or not term.keeps:
        return None
    if any(isinstance(term.get(scene), str) is (value is None) for scene, value in given):
        return None
    get = term.get
    return Term(f"{term.text} is string", lambda scene: isinstance(get(scene), str), "", 0.5, term.uses, term.keeps)


def _several(name: str, scenes: Sequence[Scene], explainer: Explainer) -> Node | None:
    """Explain the lines of a header that is sent once for each value, where some answers have more than one."""
    cases: list[Case] = [(scene, scene.sample.answer_lines(name)) for scene in scenes]
    if name != "set-cookie" or all(len(lines) < 2 for _, lines in cases):
        return None
    node = explainer.explain(cases, name, 1)
    return node if not node.unknown else None


def _header(name: str, cases: Sequence[Case], explainer: Explainer) -> Node:
    if name == "content-type" and _is_always_json(cases):
        return Fixed(cases[0][1])
    node = explainer.explain(cases, name)
    if name == "content-type" and isinstance(node, Joined) and len({value for _, value in cases}) == 1:
        return Fixed(cases[0][1])  # `charset=utf-8` has nothing to do with the eighth thing
    if name == "etag" and (node.unknown or isinstance(node, MadeUp | Chosen)):
        told = tag_of_member(cases, explainer.vocabulary) or _of_version(cases, explainer)
        return told or (node if isinstance(node, Chosen) and not node.unknown else _tag([value for _, value in cases]))
    if node.unknown or isinstance(node, Chosen | MadeUp):
        left = remainder(cases, explainer.vocabulary)
        if left is not None:
            return left
    if node.unknown:
        around = around_cookie(cases, explainer.explain) if name.endswith("set-cookie") else None
        return around or Fixed(common([value for _, value in cases]), guess=True)
    return node


def _is_always_json(cases: Sequence[Case]) -> bool:
    """Tell whether a media type is always the same one of JSON: that an item was kept with it as well is no reason."""
    types = {value for _, value in cases}
    return len(types) == 1 and next(iter(types)).partition(";")[0].strip().endswith("json")


def _tagged(header: Header, body: Node, cases: Sequence[Case]) -> Header:
    """Have a tag follow the body that it is of, though it was the same in the few answers that were recorded.

    It may be a digest, or the number of the version that the body says.
    """
    name, node, condition = header
    if name != "etag" or not isinstance(node, Fixed | Said) or isinstance(body, Fixed):
        return header
    counted = tag_of_count(body, cases)
    if counted is not None or isinstance(node, Said):
        return name, counted or node, condition
    text = str(node.content)
    return (name, _tag([text]), condition) if _DIGEST.search(text) else header


def _again(
    body: Node, cases: Sequence[Case], explainer: Explainer, made: Sequence[tuple[Term, Path, str]],
    *, are_guesses: bool = False,
) -> Node:  # fmt: skip
    """Explain texts that hold something made anew once more: it may stand elsewhere in the answer, alone.

    What is only guessed elsewhere explains a text where it stands in it with something that is known, as a name in a
    path: then at least the two go together.
    """
    used: set[str] = set()
    for path, part in list(walk(body)):
        own = {f"made:{name}" for _, where, name in made if where == path}
        others = [term for term, where, _ in made if where != path]
        is_around = len(cases) == 1 and _is_around(part, others, cases[0][0])
        if (
            not path or not (_holds_a_token(part) or is_around) or used & own
        ):  # what explains others is explained by none
            continue
        inside = [(scene, value) for scene, whole in cases if (value := look(whole, path)) is not MISSING]
        if not inside or not others or not all(isinstance(value, str) for _, value in inside):
            continue
        node = explainer.with_terms([scene for scene, _ in inside], others).explain(inside, str(path[-1]))
        uses, _ = used_by(node.terms)
        if are_guesses and not _is_composed(node):
            continue
        if not node.unknown and any(use.startswith("made:") for use in uses) and not uses & own:
            told = Named(part.name, node) if isinstance(part, Named) else node
            body = name_used(replaced(body, path, told), uses, [one for one in made if one[1] != path])
            used |= uses
    return body


def _is_composed(node: Node) -> bool:
    """Tell whether a text is made of something else in the answer and of something that is known."""
    pieces = [piece for piece in node.pieces if isinstance(piece, Said)] if isinstance(node, Joined) else []
    return len({any(use.startswith("made:") for use in piece.term.uses) for piece in pieces}) > 1


def _is_around(part: Node, made: Sequence[Term], scene: Scene) -> bool:
    """Tell whether a text that was recorded once has something in it that was made anew."""
    inside = part.node if isinstance(part, Named) else part
    text = inside.value(scene) if isinstance(inside, Fixed | Joined) else None
    told = [as_text(value) for term in made if is_scalar(value := term.get(scene))]
    return isinstance(text, str) and any(len(one) >= _SHORTEST and one in text for one in told)


def _holds_a_token(part: Node) -> bool:
    if isinstance(part, Named):
        return _holds_a_token(part.node)
    if isinstance(part, Joined):
        return any(isinstance(piece, MadeUp) for piece in part.pieces)
    return is_guess(part) or (isinstance(part, MadeUp) and part.kind == "token")


def _of_version(cases: Sequence[Case], explainer: Explainer) -> Said | None:
    """Explain entity tags by the one that the item had: as the next number, or most often as the same."""
    scenes = [scene for scene, _ in cases]
    wanted = [_version(value) for _, value in cases]
    for term in (term for term, _ in explainer.vocabulary.hidden_terms(scenes[0]) if term.name == "etag"):
        held = [term.get(scene) for scene in scenes]
        olds = [_version(value) for value in held]
        if all(old is not None and new == old + 1 for old, new in zip(olds, wanted, strict=True)):
            text = f"('\"' ~ (({term.text} | replace('\"', '') | int) + 1) ~ '\"')"
            return Said(Term(text, _unknown, "etag", 1.0, term.uses, term.keeps))
        same = sum(one == value for one, (_, value) in zip(held, cases, strict=True))
        # Short numbers are no digests: the number that the item had is the likelier one.
        most = _SOME_TENTHS if None not in wanted else _MOST_TENTHS
        if same * 10 >= len(cases) * most:
            return Said(term)
    return _of_number(cases, explainer)


def _of_number(cases: Sequence[Case], explainer: Explainer) -> Said | None:
    """Explain entity tags by a large number that they mostly are, as the time at which a collection changed last."""
    for scene, value in cases[:: max(1, len(cases) // _MOST_PIVOTS)]:
        number = _version(value, longest=20)
        for term in explainer.vocabulary.giving(number, scene) if number is not None and number >= _LARGE else ():
            told = [f'"{term.get(one)}"' == tag for one, tag in cases]
            if sum(told) * 10 >= len(cases) * _MOST_TENTHS:
                return Said(Term(f"('\"' ~ {term.text} ~ '\"')", _unknown, "etag", 1.0, term.uses, term.keeps))
    return None


def _unknown(_scene: Scene) -> object:
    return MISSING


def _version(value: object, longest: int = 12) -> int | None:
    found = re.fullmatch(r'"(\d+)"', value) if isinstance(value, str) else None
    return None if found is None or len(found[1]) > longest else int(found[1])


def _tag(values: Sequence[str]) -> MadeUp:
    """Give an entity tag that differs where the body does (RFC 9110 §8.8.3), of the form of those recorded."""
    weak = all(value.startswith("W/") for value in values)
    quote = '"' if any('"' in value for value in values) else ""
    bare = [value.removeprefix("W/").strip('"') for value in values]
    length = max(map(len, bare))
    if all(re.fullmatch(r"[0-9a-f]+", one) for one in bare):
        digest = f"hash(vars.body, 'sha256')[:{min(length, 64)}]"
    else:
        digest = f"hash(vars.body, 'sha256', 'base64url')[:{min(length, 43)}]"
    pieces = [f"'{'W/' if weak else ''}{quote}'", digest, f"'{quote}'"]
    return MadeUp(" ~ ".join(piece for piece in pieces if piece != "''"), "tag")


def etag_of(answered: Answered) -> Header | None:
    """Give the entity tag of an answer with when it has one, or None."""
    return next((header for header in answered.headers if header[0] == "etag"), None)


def tags_body(answered: Answered) -> bool:
    """Tell whether a header is worked out from the body, so that the body has to be there before."""
    return any(isinstance(node, MadeUp) and node.kind == "tag" for _, node, _ in answered.headers)


def verbatim(answered: Answered, made: Mapping[str, Any]) -> dict[str, Any]:
    """Give the members that write a fixed text as it is, where a template of it could not be read or would be too long.

    `made` is the response so far; nothing is given where the text is to be written as others are.
    """
    text = answered.body.content if isinstance(answered.body, Fixed) else None
    if answered.form != "text" or not isinstance(text, str) or tags_body(answered):
        return {}
    is_long, is_read = len(text) > _LONGEST_TEMPLATE, escaped(text) != text
    others = [made["status"], *made.get("headers", {}).values()]
    if (is_long or is_read) and not any(sign in str(one) for one in others for sign in ("{{", "{%", "{#")):
        return {"body": text, "template": False}
    return {"body_base64": encoded(text.encode())} if is_long else {}


def encoded(raw: bytes) -> str:
    """Give bytes as base64 text."""
    return base64.b64encode(raw).decode()
