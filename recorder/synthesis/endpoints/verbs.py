"""Verbs: what the name of an operation says it does, and to what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from recorder.synthesis.endpoints.paths import singular

Does: TypeAlias = Literal["read", "remove", "change", "write", ""]
"""What an operation does, "" where its name does not tell."""
_READ: Final = re.compile(
    r"get|list|find|search|scan|query|read|show|fetch|describe|count|lookup|view|browse|select|retrieve|load|exists|info|track|trace|calculate|estimate"
)
_REMOVE: Final = re.compile(r"delete|remove|destroy|erase|purge")
_CHANGE: Final = re.compile(r"update|set|change|patch|edit|modify|rename|label|relabel|retitle|annotate")
_WRITE: Final = re.compile(
    r"create|add|new|make|open|close|place|register|insert|put|save|submit|send|post|start|stop|cancel|confirm|approve"
    r"|reject|apply|assign|move|transfer|pay|book|ship|login|logout|append|upload|import|publish|archive|reset"
)
_KINDS: Final[tuple[tuple[re.Pattern[str], Does], ...]] = (
    (_READ, "read"), (_REMOVE, "remove"), (_CHANGE, "change"), (_WRITE, "write"),
)  # fmt: skip
_SHOWN: Final = re.compile(
    r"summary|report|statement|totals?|balances?|history|stats|statistics|overview|status|page|trial|convert|preview|version|ping"
)
"""What stands in the place of a verb where something is only shown."""
_THINGS: Final = re.compile(r"book|post|transfer|move|place|ship|import|track|trace|query|search|count|set|record")
"""Verbs that name things where a name begins with them: `book.summary`."""
_BETWEEN: Final = re.compile(r"by|of|for|with|from|in|to|on|at|per")
_TELLS_OF: Final = re.compile(r"by|of")
_ASIDE: Final = re.compile(r"all|every|many|one|my|the|a|an")
_ID: Final = re.compile(r"ids?|uuid|uid|guid")
_ENDS_AN_ID: Final = re.compile(r"ids?|uuid|uid|guid|key|number|no|code")
_ENDS_A_NAME: Final = re.compile(r"name|arn|urn|url|uri|ref|reference|handle|slug")
_CREDENTIAL: Final = re.compile(r"tokens?|session|auth|secret|password|credentials?|apikey")
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAME: Final = re.compile(r"[A-Za-z][\w.:/#-]*")
_LEAST: Final = 3
_QUERIES: Final = re.compile(r"quer(?:y|ies)|reads")
_COMMANDS: Final = re.compile(r"commands?|mutations?|actions?")


def words_of(name: str) -> list[str]:
    """Give the words of a name in small letters: camel case, dots, dashes and underscores part them."""
    return [word.lower() for word in _PART.findall(name)]


def does(name: str) -> Does:
    """Tell what an operation does, by the first verb in its last part, else by the first in its name."""
    *first, last = re.split(r"[./:]+", name)
    words = words_of(last)
    found = _first(words)
    if found or not first:
        return found or ("read" if any(map(_TELLS_OF.fullmatch, words[1:])) else "")
    if words and _SHOWN.fullmatch(words[-1]):
        return "read"
    found = _first(word for word in words_of(name) if not _THINGS.fullmatch(word))
    if found:
        return found
    return "read" if any(map(_TELLS_OF.fullmatch, words_of(name)[1:])) else ""


def _first(words: Iterable[str]) -> Does:
    """Tell what the first verb among words does, "" where there is none."""
    return next((told for word in words for verbs, told in _KINDS if verbs.fullmatch(word)), "")


def verbs_that(does_so: Does) -> str:
    """Give the verbs of operations that do one thing, as a pattern of small letters."""
    return next(verbs.pattern for verbs, told in _KINDS if told == does_so)


def does_one(word: str) -> Does:
    """Tell what an operation with this name of one part does, by its first verb alone."""
    return _first(words_of(word))


def are_operations(names: Iterable[str]) -> bool:
    """Tell whether texts are the names of a service's operations: a verb and more, of which some read and others write.

    The verb begins the last part of a name, or ends a name of several parts, as in `Store.CreateItem`, `item.create`.
    """
    told = [_verb_in(name) if _NAME.fullmatch(name) else "" for name in names]
    known = [one for one in told if one]
    return len(told) >= _LEAST and len(known) * 10 >= len(told) * 6 and "read" in known and set(known) != {"read"}


def _verb_in(name: str) -> Does:
    """Tell what a name of two words or more does by the verb that begins its last part, "" where none does."""
    *before, last = re.split(r"[./:#]+", name)
    words = words_of(last)
    return _first(words[:1]) if len(words) > 1 or (before and words) else ""


def does_at(path: tuple[str, ...]) -> Does:
    """Tell what all operations of a path do, where its last word says it: `/queries`, `/commands`."""
    last = path[-1].lower() if path else ""
    return "read" if _QUERIES.fullmatch(last) else "write" if _COMMANDS.fullmatch(last) else ""


def noun_of(name: str) -> str:
    """Name what an operation has to do with: its words without verbs, up to the first preposition."""
    words = words_of(name)
    end = next((at for at, word in enumerate(words) if at and _BETWEEN.fullmatch(word)), len(words))
    aside = (_READ, _REMOVE, _CHANGE, _WRITE, _ASIDE)
    kept = [word for word in words[:end] if not any(one.fullmatch(word) for one in aside)]
    return singular("_".join(kept or [word for word in words if _WRITE.fullmatch(word)][:1]))


def label_of(name: str) -> str:
    """Name what an argument speaks of: its words without `id`, and without `name` at the end; "" for nothing else."""
    words = [word for word in words_of(name) if not _ID.fullmatch(word)]
    return singular("_".join(words[:-1] if words and _ENDS_A_NAME.fullmatch(words[-1]) else words))


def is_called_id(name: str) -> bool:
    """Tell whether a member's name says that it holds an id."""
    return any(map(_ENDS_AN_ID.fullmatch, words_of(name)[-1:]))


def is_credential(name: str) -> bool:
    """Tell whether a member's name says that it holds credentials; the id of a secret is none."""
    words = words_of(name)
    if words[-2:-1] == ["secret"] and (_ID.fullmatch(words[-1]) or _ENDS_A_NAME.fullmatch(words[-1])):
        return False
    return any(map(_CREDENTIAL.fullmatch, words))
