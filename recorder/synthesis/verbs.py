"""Verbs: what the name of an operation says it does, and to what."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from recorder.synthesis.paths import singular

Does: TypeAlias = Literal["read", "remove", "change", "write", ""]
"""What an operation does, "" where its name does not tell."""
_READ: Final = frozenset(
    "get list find search query read show fetch describe count lookup view browse select retrieve load exists".split()
)
_REMOVE: Final = frozenset("delete remove destroy erase purge".split())
_CHANGE: Final = frozenset("update set change patch edit modify rename".split())
_WRITE: Final = frozenset(
    "create add new make open close place register insert put save submit send post start stop cancel confirm approve "
    "reject apply assign move transfer pay book ship login logout append upload import publish archive reset".split()
)
_BETWEEN: Final = frozenset("by of for with from in to on at per".split())
_ASIDE: Final = frozenset("all every many one my the a an".split())
_ID: Final = frozenset("id ids uuid uid guid".split())
_CREDENTIALS: Final = frozenset("token tokens session auth secret password credential credentials apikey".split())
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_QUERIES: Final = frozenset({"queries", "query", "reads"})
_COMMANDS: Final = frozenset({"commands", "command", "mutations", "actions"})


def words_of(name: str) -> list[str]:
    """Give the words of a name in small letters: camel case, dots, dashes and underscores part them."""
    return [word.lower() for word in _PART.findall(name)]


def does(name: str) -> Does:
    """Tell what an operation does, by the verb at the start of its last part, else by the first verb in it."""
    parts = re.split(r"[./:]+", name)
    for word in [*words_of(parts[-1]), *words_of(name)]:
        for verbs, told in _KINDS:
            if word in verbs:
                return told
    return "read" if _BETWEEN & {"by", "of"} & set(words_of(name)[1:]) else ""


_KINDS: Final[tuple[tuple[frozenset[str], Does], ...]] = (
    (_READ, "read"),
    (_REMOVE, "remove"),
    (_CHANGE, "change"),
    (_WRITE, "write"),
)


def does_at(path: tuple[str, ...]) -> Does:
    """Tell what all operations of a path do, where its last word says it: `/queries`, `/commands`."""
    last = path[-1].lower() if path else ""
    return "read" if last in _QUERIES else "write" if last in _COMMANDS else ""


def noun_of(name: str) -> str:
    """Name what an operation has to do with: its words without verbs, up to the first preposition."""
    words = words_of(name)
    end = next((at for at, word in enumerate(words) if at and word in _BETWEEN), len(words))
    verbs = _READ | _REMOVE | _CHANGE | _WRITE | _ASIDE
    kept = [word for word in words[:end] if word not in verbs] or [word for word in words if word in _WRITE][:1]
    return singular("_".join(kept))


def label_of(name: str) -> str:
    """Name what an argument speaks of: its words without `id`, "" for nothing but that."""
    return singular("_".join(word for word in words_of(name) if word not in _ID))


def is_called_id(name: str) -> bool:
    """Tell whether a member's name says that it holds an id."""
    return bool(set(words_of(name)[-1:]) & (_ID | {"key", "number", "no", "code"}))


def is_credential(name: str) -> bool:
    """Tell whether a member's name says that it holds credentials."""
    return bool(_CREDENTIALS & set(words_of(name)))
