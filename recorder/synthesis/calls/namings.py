"""Namings: how operations on things of one kind are called, from which follow the names of those nobody called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.endpoints.verbs import does_one, words_of

_APART: Final = re.compile(r"(.*?)([A-Za-z][\w-]*)([./:])[A-Za-z][\w-]*(\W*)\Z", re.DOTALL)
_LAST: Final = re.compile(r"(.*?)([A-Za-z][\w-]*)(\W*)\Z", re.DOTALL)
_VERB: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Naming:
    """A noun with a verb before or behind it, what parts them, and what stands around both."""

    before: str
    noun: str
    joint: str
    after: str
    is_verb_first: bool

    def pattern(self, verbs: str, *, many: bool = False, has_tail: bool = False) -> str:
        """Write the names of the operations with these verbs, on many things, or with more words behind."""
        nouns = f"{re.escape(self.noun)}(?:e?s)?" if many and self.is_verb_first else re.escape(self.noun)
        told = f"(?i:{verbs})"
        parts = (told, nouns) if self.is_verb_first else (nouns, told)
        inner = re.escape(self.joint).join(parts) + (r"\w*" if has_tail else "")
        return f"{re.escape(self.before)}{inner}{re.escape(self.after)}"


def naming_of(endpoint: Endpoint, subject: str) -> Naming | None:
    """Read the name of an operation; None where it does not speak of the subject."""
    name = name_of(endpoint)
    last = _LAST.match(name)
    verb = _VERB.match(last[2]) if last is not None else None
    if last is not None and verb is not None and does_one(verb[0]):
        noun = last[2][verb.end() :].lstrip("_-")
        if noun and _is_of(noun, subject):
            joint = last[2][verb.end() : len(last[2]) - len(noun)]
            return Naming(last[1], _one(noun), joint, last[3], is_verb_first=True)
    apart = _APART.match(name)
    if apart is not None and _is_of(apart[2], subject):
        return Naming(apart[1], apart[2], apart[3], apart[4], is_verb_first=False)
    return None


def name_of(endpoint: Endpoint) -> str:
    """Give what tells an operation apart, as it is sent: the value of a header or a field, or the path."""
    return endpoint.discriminator.value if endpoint.discriminator is not None else endpoint.path


def _is_of(noun: str, subject: str) -> bool:
    return singular("_".join(words_of(noun))) == subject


def _one(noun: str) -> str:
    """Give a noun in the singular, written as it was."""
    short = singular(noun)
    return short if noun.startswith(short) else noun
