"""Reasons: what a refusal says that it is about, by which one that was seen once or twice is told from chance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from recorder.synthesis.conditions.condition import MARK
from recorder.synthesis.conditions.request_conditions import SIGHT
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, is_scalar, leaves, look
from recorder.synthesis.samples.verdicts import fields_in_error
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, member

_SHORTEST: Final = 3
_SOME: Final = 3
_ALIKE: Final = 0.76
"""What comparisons of namesakes cost at most."""
_MOST_LEAVES: Final = 60
_MOST_SCENES: Final = 40
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BOUND: Final = re.compile(r"(?:<|>=|>|<=) (-?\d+(?:\.\d+)?)\Z")
_SENT: Final = re.compile(r"\(?request\.(?:json|form|query|xml|parts)\S*(?: \| length\))? is defined\Z")
_BY_FIELD: Final = re.compile(r"(?:error|field|detail|param|violation|issue)s\Z", re.IGNORECASE)
"""What an object is called whose members are called as the fields that are wrong."""
_CREDENTIALS: Final = ("request.auth", "request.headers", "request.cookies")
_OF_FORM: Final = ("json.", "xml.", "form.", "query.", "parts.", "text", "body")
_OF_REQUEST: Final = (*_OF_FORM, "path_params.", "content-type")
_ABOUT_IT: Final[dict[int, tuple[str, ...]]] = {
    400: _OF_FORM,
    401: ("auth", "header."),
    403: ("auth", "header.", "held.", "pair."),
    404: ("exists.", "path_params.", "pair."),
    410: ("exists.", "held."),
    412: ("pair.",),
    413: ("parts.", "json.", "text", "body", "held.(request"),
    415: ("content-type", "header.content-type"),
    422: _OF_FORM,
    428: (),
}
_OTHERWISE: Final = ("exists.", "held.", "pair.", "header.")
_BY_SIZE: Final = (400, 402, 409, 413, 422, 429)
_OF_INPUT: Final = (400, 422)
_OF_THING: Final = ("item", "gone")
_TOO_LARGE: Final = 413
_REFUSED: Final = 400
_UNAUTHORIZED: Final = 401
_WHOLE: Final = "request.raw_body"
_LENGTH: Final = "| length) "
_CHANCE: Final = re.compile(
    r"""vars\.\S*\[-?\d+\]                             # what stands in a list that is held, by its place
    |vars\.\S+[ ][=!]=[ ](?:'[^']*[^A-Za-z_' -][^']*'|[2-9]|\d\d|-)  # what a session made, or counted
    |[ ]not[ ]in[ ]\['[^\]]*\d                       # none of few that are no words
    |\._content_type\b                              # in what form something was sent
    """,
    re.VERBOSE,
)
"""What tells a few calls apart and is another thing in the next session."""
_LOOKUP: Final = re.compile(r"vars\.\w+")
_HELD_MEMBER: Final = re.compile(r"vars\.\w+\.\S+ is (?:not )?defined")
_HELD_WORD: Final = re.compile(r"(vars\.\S+) == '")
_ALIKE_HELD: Final = re.compile(r"(vars\.([a-z_]+?)\d*)\.(\w+) .*(vars\.\2\d*)\.\3\b")
"""That two things of one kind have the same."""
_OF_TWO: Final = re.compile(r"vars\.(\w+)\.(?:\w+\.)*(\w+) \| string\) [!=]= \(\w*vars\.(?!\1\.)(?:\w+\.)+(?!\2\b)\w+ ")
"""That two things have the same under other names, or do not."""
_A_TIME: Final = r"vars\.\S*(?:modified|created|updated|date|time|etag)"
_OF_TIMES: Final = re.compile(rf"{_A_TIME}\S* \| string\) [!=]= \(\w*{_A_TIME}")
"""That two things were written at one time, or not."""
_SAME_OF_TWO: Final = re.compile(r"vars\.(\w+)\.(\S+) \| string\) [!=]= \(\w*vars\.(?!\1\.)\w+\.\2 ")
"""That two things have the same under one name, or do not."""
_OF_WHOSE: Final = (401, 403, 404, 412)
"""What is refused for whose something is, or which version: by what two things have."""
_WHOLE_TEXT: Final = re.compile(r"\| int\) (?:<|>=) (-?\d+)\Z")
_PRECONDITION: Final = "request.headers['if-"
_LACKING: Final = re.compile(r"request\.(?:json|form|parts)\b\S+ is not defined")
_OF_LACKING: Final = (*_OF_INPUT, 428)
"""What a call is refused with for what it does not send."""
_SECRET: Final = re.compile(r"auth\w*|token|password|passphrase|secret|credentials?|signature|otp|pin|key")
"""What is called so tells who calls: who does not send it is refused as nobody."""
_SAYS_WHAT_IS: Final = re.compile(
    r" (?:(?<!not )taken|already|in use|duplicate|unique|exists"
    r"|wrong|incorrect|mismatch|(?:not|t) match|invalid (?:grant|credentials)) "
)
"""What is said of what is there, or of what was set: by the form of what is sent that is told only by chance."""
_SAYS_A_WORD: Final = re.compile(r"== ['\d]|(?<! not) in \[")
_OF_A_PLACE: Final = re.compile(r"request\.\S*\[\d+\][ ]==")
_NONE_OF: Final = re.compile(r"vars\.\S+[ ]not[ ]in[ ]\[")


class Reason:
    """What the refusals of one kind are about, as far as they say it: fields, and what these held or were sent.

    `scenes` are the calls that were refused so, `status` what they were answered; `others` are all calls of the
    endpoint: what they send may be what is missing.
    """

    def __init__(self, scenes: Sequence[Scene], status: int, others: Sequence[Scene]) -> None:
        some = scenes[:_SOME]
        told = [_told(scene.sample) for scene in some]
        self._some = some
        self._status = status
        self._count = len(scenes)
        self._said = [f" {_words(text)} " for text in told]
        self._bounds = self._bounds_in(told, some) if status in _BY_SIZE else set()
        self._named = {f".{name}" for name in _names(others) if self._speaks_of(name)} | self._telling(some)
        endpoint = scenes[0].endpoint
        # Operations have one status for all that is wrong; which of these it is, only the words tell.
        self._is_of_thing = endpoint.operation is not None and any(map(self._speaks_of, endpoint.params[-1:]))
        self._is_of_path = all(_says_path(said, scene.sample) for said, scene in zip(self._said, some, strict=True))
        self._is_of_what_is = all(_SAYS_WHAT_IS.search(said) for said in self._said)
        # What a thing was found by says no more than that it was found.
        self._found_by = {f"vars.{name}.{one.by}" for name, one in scenes[0].lookups.items() if one.by is not None}
        self._keys = {name for name, one in scenes[0].lookups.items() if one.key.text.startswith(_CREDENTIALS)}

    def fits(self, term: Term, about: str, support: int) -> bool:
        """Tell whether a condition may be the reason, which holds in so many of the calls that were refused so.

        Where the refusal names what it is about, the condition is about that; else about what such a status is for.
        """
        text = term.text.replace(MARK, "")
        is_named = self._is_named(text, about)
        if not self.may_be(term, is_named=is_named and support > 1):
            return False
        if _PRECONDITION in text:
            return self._status in (304, 412, 428)
        if text.startswith("total(resource."):
            return False
        if is_named:
            return True
        if about == SIGHT:
            return self._status in _OF_WHOSE
        if about.startswith("exists."):
            is_there = not text.endswith(" is none")
            return (support == self._count or not is_there) and self._may_be_there(
                about.partition(".")[2], is_there=is_there
            )
        if about.startswith("pair.") and term.cost > _ALIKE:
            return False
        if self._status == _UNAUTHORIZED and _is_of_secret(text, about):
            return True
        likely = _ABOUT_IT.get(self._status, _OTHERWISE)
        return about.startswith(likely) and not (self._named and about.startswith(("held.", *_OF_REQUEST)))

    def may_be(self, term: Term, *, is_named: bool = False) -> bool:
        """Tell whether a condition may be a reason at all: not a bound at a number that nothing tells.

        Of what the refusal names, in several of the calls that were refused so, the bound is known.
        """
        text = term.text.replace(MARK, "")
        bound = _BOUND.search(text)
        is_far = bound is not None and float(bound[1]) not in self._bounds
        if (is_far and (not is_named or _LENGTH in text)) or _SENT.match(text):
            return False
        is_whole = _WHOLE in text and self._status != _TOO_LARGE
        return not is_whole and not (text.startswith("not (") and " != " in text)

    def is_chance(self, term: Term, about: str, support: int) -> bool:
        """Tell whether a condition is on what every session has otherwise, so that it says nothing of the next one.

        How large a number is that is sent as a text tells only where the refusal speaks of the bound: it may be a code.
        What is held tells by a word only where the refusal says it, and by what is sent where it tells all of these.
        """
        text = term.text.replace(MARK, "")
        if self._status < _REFUSED or text.endswith(" is none") or "request.headers['if-" in text:
            return False
        is_named = self._is_named(text, about)
        if about.startswith(_OF_FORM) and self._is_of_what_is and not (is_named and _SAYS_A_WORD.search(text)):
            return True
        if _LACKING.fullmatch(text) and not is_named:
            is_lacking = self._status in _OF_LACKING and not self._named and not self._is_of_path
            return not is_lacking and not (self._status == _UNAUTHORIZED and _is_of_secret(text, about))
        if not is_named and (_OF_A_PLACE.match(text) or _NONE_OF.search(text)):
            return True
        bound, alike, word = _WHOLE_TEXT.search(text), _ALIKE_HELD.search(text), _HELD_WORD.match(text)
        if bound is not None and float(bound[1]) not in self._bounds:
            return True
        if (alike is not None and alike[1] != alike[4]) or any(one.search(text) for one in (_CHANCE, _OF_TIMES)):
            return True
        if self._status in _OF_INPUT and "resource." in text and not is_named:
            return True
        if self._status not in _OF_WHOSE and _OF_TWO.search(text) is not None:
            return True
        if self._status not in _OF_WHOSE and self._is_same_number(text) and not is_named:
            return True
        is_one_of_some = about.startswith("pair.") or _HELD_MEMBER.fullmatch(text) is not None
        if is_one_of_some and support < self._count and not is_named:
            return True
        return word is not None and (word[1] in self._found_by or not word[1].endswith(tuple(self._named)))

    def _is_same_number(self, text: str) -> bool:
        """Tell whether a condition is that two things have the same number under one name."""
        same = _SAME_OF_TWO.search(text)
        return same is not None and any(
            is_number(look(one.looked_up(same[1]), tuple(same[2].split(".")))) for one in self._some
        )

    def _is_named(self, text: str, about: str) -> bool:
        """Tell whether a condition is on what the refusal names; what its look-up is called says nothing."""
        plain = _LOOKUP.sub("vars", f".{about} {text}")
        return any(name in (text if name.startswith("vars.") else plain) for name in self._named)

    def _may_be_there(self, name: str, *, is_there: bool) -> bool:
        """Tell whether a call may be refused so as something is there, or is not."""
        if is_there and name != "gone" and self._status in (401, 403, 404):
            return False
        if self._status == 401:
            return name in self._keys or self._speaks_of(name)
        is_said = self._speaks_of(name) or (self._is_of_thing and name in _OF_THING)
        return (is_there or self._status != 409) and (self._status not in _OF_INPUT or is_said)

    def _bounds_in(self, told: Sequence[str], scenes: Sequence[Scene]) -> set[float]:
        """Give the numbers that are told and neither sent nor held, with their neighbours; and none and one."""
        known = {as_text(one) for scene in scenes for one in _numbers(scene)}
        found = {float(one) for text in told for one in _NUMBER.findall(text) if one not in known and len(one) < 12}
        return {0.0, 1.0} | {number + step for number in found for step in (-1.0, 0.0, 1.0)}

    def _telling(self, scenes: Sequence[Scene]) -> set[str]:
        """Give what was sent, or is held, and stands in all that is told; but not what the path says already."""
        found: list[set[str]] = []
        for scene, said in zip(scenes, self._said, strict=True):
            path = scene.sample.path
            inside = {f".{name}" for name, value in _sent(scene.sample) if _tells(said, value, path)}
            for name in scene.lookups:
                item = scene.looked_up(name)
                for at, value in list(leaves(item))[:_MOST_LEAVES] if isinstance(item, dict) else ():
                    if _tells(said, value, path) or (not isinstance(value, str) and _has(said, _last(at))):
                        inside.add(member(f"vars.{name}", at))
            found.append(inside)
        return set.intersection(*found)

    def _speaks_of(self, name: str) -> bool:
        return all(_has(said, name) for said in self._said)


def _is_of_secret(text: str, about: str) -> bool:
    """Tell whether a condition is that what tells who calls is not sent."""
    return _LACKING.fullmatch(text) is not None and _SECRET.fullmatch(about.rpartition(".")[2]) is not None


def _says_path(said: str, sample: Sample) -> bool:
    """Tell whether a refusal says a part of the path that is no word."""
    return any(not part.isalpha() and _has(said, part) for part in sample.segments)


def _has(said: str, name: str) -> bool:
    words = _words(name)
    return len(words) >= _SHORTEST and (f" {words} " in said or f" {words}s " in said)


def _tells(said: str, value: Any, path: str) -> bool:
    text = as_text(value) if is_scalar(value) and not isinstance(value, bool) else ""
    return bool(text) and text not in path and _has(said, text)


def _names(scenes: Sequence[Scene]) -> set[str]:
    return {name for scene in scenes[:_MOST_SCENES] for name, _ in _sent(scene.sample)}


def _sent(sample: Sample) -> Iterator[tuple[str, Any]]:
    """Give what a call sends, by the names of the fields."""
    flat = {name: values[0] for name, values in (*sample.query.items(), *sample.form.items())}
    for document in (sample.json, flat, sample.headers):
        for path, value in leaves(document) if isinstance(document, dict) else ():
            yield _last(path), value


def _last(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _numbers(scene: Scene) -> Iterator[Any]:
    """Give the numbers that a call sends, or that what it speaks of has: what is told of them is no bound."""
    documents = [scene.sample.json, *map(scene.looked_up, scene.lookups)]
    for document in documents:
        yield from (value for _, value in leaves(document) if is_number(value)) if document is not MISSING else ()


def _told(sample: Sample) -> str:
    """Give what a refusal says, without the path that was asked for: that tells nothing of why.

    Names of members are no part of it, but where they are those of fields.
    """
    if sample.answer_json is MISSING or not isinstance(sample.told, dict | list):
        return sample.told_text.replace(sample.path, "")
    words = list(fields_in_error(sample.told))
    for path, value in leaves(sample.told, longest_list=20):
        words += [name for one, name in pairwise(path) if isinstance(name, str) and _BY_FIELD.search(str(one))]
        words.append(as_text(value).replace(sample.path, ""))
    return "\n".join(words)


def _words(text: str) -> str:
    """Give the words of a text, those that are written together apart."""
    return " ".join(_WORD.findall(text)).lower()
