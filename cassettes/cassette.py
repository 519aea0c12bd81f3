"""A cassette: a manifest and a list of interactions, each an exchange as it was kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cassettes.exchange import Exchange

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule replaced: where and which kind and how often, never the value.

    `where` is a place such as `request.headers.authorization`, `request.path`, `request.query.token`,
    `response.cookies.sid` or `response.body $.user.email`.
    """

    where: str
    kind: str
    rule: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Interaction:
    """An exchange as kept: sanitized, numbered from 1 in the order of completion, with its session and findings."""

    number: int
    exchange: Exchange
    session: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A named recording run; times are Unix seconds, `stopped_at` is 0 while it runs and after a crash."""

    name: str
    started_at: float = 0.0
    stopped_at: float = 0.0
    recorded: int = 0
    dropped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """The cassette's own page: what it is, how it was cleaned, what was found (sums over all interactions).

    `upstreams` maps alias to base URL. `profile` is the sanitizer profile's name ("raw" when recorded uncleaned),
    `profile_hash` its digest, `key_id` names the pseudonym key without revealing it.
    """

    name: str
    created_at: float = 0.0
    format: int = FORMAT
    upstreams: dict[str, str] = field(default_factory=dict)
    profile: str = ""
    profile_hash: str = ""
    key_id: str = ""
    sessions: tuple[Session, ...] = ()
    interactions: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of a cassette that could not be read: the file, its line (0 where lines mean nothing), what was wrong."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cassette:
    """A cassette as read: everything that is whole, and a note of everything that was skipped."""

    manifest: Manifest
    interactions: tuple[Interaction, ...] = ()
    damages: tuple[Damage, ...] = ()
