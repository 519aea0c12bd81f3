"""An answer explained: status, headers and body of the answers of one outcome."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from recorder.synthesis.derive import Names, derive, made_up_terms, name_used, share_repeats
from recorder.synthesis.explain import Case, Explainer, spread
from recorder.synthesis.node import Chosen, Fixed, Joined, MadeUp, Node, Object, Path, names_in, replaced, walk
from recorder.synthesis.sample import Sample
from recorder.synthesis.scene import Scene
from recorder.synthesis.term import Term
from recorder.synthesis.values import MISSING, common, is_scalar, look

_ASIDE: Final = frozenset(
    "date server connection content-length transfer-encoding keep-alive via content-encoding x-powered-by alt-svc "
    "x-response-time x-runtime x-process-time server-timing x-request-id x-trace-id".split()
)
_FEW: Final = 0.5
Form = Literal["json", "text", "binary", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """The answer of one outcome. `headers` are name, node and, where it is not always there, the condition.
    `code` gives the status where it is not the same each time."""

    status: int
    headers: Sequence[tuple[str, Node, Term | None]]
    form: Form
    body: Node | None
    raw: bytes = b""
    code: Term | None = None

    @property
    def names(self) -> dict[str, Node]:
        """The parts that are worked out before the answer, by name, those first that others need."""
        return {one.name: one.node for one in names_in(self.body)} if self.body is not None else {}

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
    form, names = _form(samples), Names(set(scenes[0].lookups))
    body: Node | None = None
    raw = b""
    if form == "json":
        cases: Sequence[Case] = spread(
            [(scene, value) for scene in scenes if (value := scene.sample.answer_json) is not MISSING]
        )
        body = derive(explainer.explain(cases), cases, explainer.vocabulary, names)
        body = share_repeats(body, cases, names)
        made = made_up_terms(body, [(scene, scene.sample.answer_json) for scene in scenes], names)
        explainer = explainer.with_terms(scenes, [term for term, _, _ in made])
        body = _again(body, cases, explainer, made)
        told = _headers(scenes, explainer, headers)
        uses = frozenset().union(*(term.uses for _, node, _ in told for term in node.terms)) if told else frozenset()
        return Answered(samples[0].status, told, form, name_used(body, uses, made))
    elif form == "text":
        body = explainer.explain([(scene, scene.sample.answer_text or "") for scene in scenes])
    elif form == "binary":
        raw = samples[0].answer_body
    return Answered(samples[0].status, _headers(scenes, explainer, headers), form, body, raw)


def _form(samples: Sequence[Sample]) -> Form:
    if all(not sample.answer_body for sample in samples):
        return "none"
    if sum(sample.answer_json is not MISSING for sample in samples) * 2 > len(samples):
        return "json"
    if all(sample.answer_text is not None for sample in samples):
        return "text"
    return "binary"


def _headers(
    scenes: Sequence[Scene], explainer: Explainer, only: Sequence[str] | None
) -> list[tuple[str, Node, Term | None]]:
    names = list(
        dict.fromkeys(name for scene in scenes for name, _ in scene.sample.answer_headers if name not in _ASIDE)
    )
    made: list[tuple[str, Node, Term | None]] = []
    for name in names:
        if only is not None and name not in only or name.startswith("x-mimic-"):
            continue
        cases: list[Case] = [
            (scene, value) for scene in scenes if (value := scene.sample.answer_header(name)) is not None
        ]
        condition = None
        if len(cases) < len(scenes):
            condition = explainer.condition(
                list(scenes), [scene.sample.answer_header(name) is not None for scene in scenes]
            )
            if condition is None and len(cases) < len(scenes) * _FEW:
                continue
        node = explainer.explain(cases, name)
        if name == "etag" and (node.unknown or isinstance(node, MadeUp)):
            node = _tag([value for _, value in cases])
        elif node.unknown:
            node = Fixed(common([value for _, value in cases]), guess=True)
        made.append((name, node, condition))
    return made


def _again(body: Node, cases: Sequence[Case], explainer: Explainer, made: Sequence[tuple[Term, Path, str]]) -> Node:
    """Explain texts that hold something made anew once more: it may stand elsewhere in the answer, alone."""
    for path, part in list(walk(body)):
        is_mixed = isinstance(part, Joined) and any(isinstance(piece, MadeUp) for piece in part.pieces)
        if not path or not (is_mixed or isinstance(part, MadeUp) and part.kind == "token"):
            continue
        others = [term for term, where, _ in made if where != path]
        inside = [(scene, value) for scene, whole in cases if isinstance(value := look(whole, path), str)]
        if len(inside) != len(cases) or not others:
            continue
        node = explainer.with_terms([scene for scene, _ in inside], others).explain(inside, str(path[-1]))
        uses = frozenset().union(*(term.uses for term in node.terms)) if node.terms else frozenset()
        own = {name for _, where, name in made if where == path}
        if (
            not node.unknown
            and any(use.startswith("made:") for use in uses)
            and not uses & {f"made:{name}" for name in own}
        ):
            body = name_used(replaced(body, path, node), uses, [one for one in made if one[1] != path])
    return body


def _tag(values: Sequence[str]) -> MadeUp:
    """Give an entity tag that differs where the body does (RFC 9110 §8.8.3), of the form of those that were recorded."""
    weak = all(value.startswith("W/") for value in values)
    bare = [value.removeprefix("W/").strip('"') for value in values]
    length = max(map(len, bare))
    is_hex = all(re.fullmatch(r"[0-9a-f]+", one) for one in bare)
    digest = f"hash(vars.body | tojson, 'sha256'{'' if is_hex else ', ' + repr('base64url')})[:{min(length, 64 if is_hex else 43)}]"
    return MadeUp(f"'{'W/' if weak else ''}\"' ~ {digest} ~ '\"'", "tag")


def tags_body(answered: Answered) -> bool:
    """Tell whether a header is worked out from the body, so that the body has to be there before."""
    return any(isinstance(node, MadeUp) and node.kind == "tag" for _, node, _ in answered.headers)


def is_document(node: Node) -> bool:
    """Tell whether a node is written as an object or a list, and not as one expression."""
    return isinstance(node.document(), dict | list)


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


__all__ = ["Answered", "Chosen", "Object", "encoded", "explain_answer", "is_document", "is_scalar"]
