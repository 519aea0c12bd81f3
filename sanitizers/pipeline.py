"""The pipeline: an exchange goes in as it was, and comes out with stand-ins for everything that must not be kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sanitizers import kinds
from sanitizers.book import RuleBook
from sanitizers.guard import Guard
from sanitizers.leaf_walk import LeafWalk
from sanitizers.masks import Addresses, masks_in
from sanitizers.needles import Needles
from sanitizers.persons import Persons, live_values
from sanitizers.pseudonym import canonical, is_worded
from sanitizers.rule_walk import RuleWalk
from sanitizers.rules.keyblocks import armour_lines, is_key_block
from sanitizers.sheet import RequestSheet, ResponseSheet, findings
from sanitizers.swap_walk import SwapWalk
from sanitizers.variants import variants
from sanitizers.vault import Learner, NameLearner, Vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cassettes.cassette import Finding
    from cassettes.exchange import Exchange, Request, Response
    from sanitizers.edit import Hit
    from sanitizers.profile import Profile
    from sanitizers.sheet import Piece

_RESTORE_LIMIT_BYTES: Final = 64 << 20
_OF_THE_CONNECTION: Final = frozenset(
    f"request.headers.{name}"
    for name in (
        "accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "host",
        "user-agent",
    )
)  # fmt: skip
_RUN: Final = re.compile(r"[A-Za-z0-9]+")
_MASKED: Final = re.compile(rb"\*\*|\xe2\x80\xa2|u2022", re.IGNORECASE)
_LONG_RUN: Final = 10


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An exchange without secrets, what was found, and the secrets themselves for the guard (memory only)."""

    exchange: Exchange
    findings: tuple[Finding, ...]
    secrets: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)
    """Words of persons' names that were not known before, in small letters."""


@dataclass(frozen=True, slots=True)
class CleanedRequest:
    """A request without secrets, what was found, and the live value behind each stand-in (memory only).

    Among the stand-ins are those of values that stay in the request as they are: in an answer, as in a cookie, the same
    value may have been replaced.
    """

    request: Request
    findings: tuple[Finding, ...]
    stand_ins: Mapping[str, str] = field(repr=False)


class Sanitizer:
    """Cleans exchanges by a profile, under a key of 32 bytes: the same value gets the same stand-in everywhere.

    `clean` and `clean_request` may run in different threads at once. Both raise a SanitizeError where they cannot
    look into a message: such an exchange must not be stored.
    """

    def __init__(self, profile: Profile, key: bytes) -> None:
        self.profile = profile
        self._book = RuleBook(profile)
        self._key = key
        self._vault = Vault(key)
        self._needles = Needles()
        self._persons = Persons(self._vault)
        self._quiet: set[str] = set()
        self._limit_bytes = profile.body_limit_mb << 20

    def __repr__(self) -> str:
        return f"Sanitizer({self.profile.name})"

    def clean(self, exchange: Exchange) -> Cleaned:
        """Give the exchange with stand-ins in the place of secrets."""
        request = RequestSheet(exchange.request, self._limit_bytes)
        response = ResponseSheet(exchange.response, self._limit_bytes) if exchange.response else None
        pieces = [*request.pieces, *(response.pieces if response else ())]
        told = self._rewrite(pieces)
        fresh = self._persons.learn(told)
        told += self._persons.rewrite(pieces, told)
        cleaned = replace(exchange, request=request.packed(), response=response.packed() if response else None)
        stale = response.stale_digests() if response else []
        secrets = frozenset(value for _, hit in told for value in _sought(hit))
        return Cleaned(cleaned, (*findings(self._unspoken(told)), *stale), secrets, fresh)

    def clean_request(self, request: Request) -> CleanedRequest:
        """Give the request as `clean` would have stored it, with what it takes to put the live values back."""
        sheet = RequestSheet(request, self._limit_bytes)
        live = self._in_the_clear(sheet)
        told = self._rewrite(sheet.pieces)
        told += self._persons.rewrite(sheet.pieces, told)  # not learnt: the cassette does not hold these names
        live |= live_values(hit for _, hit in told)
        return CleanedRequest(sheet.packed(), findings(self._unspoken(told)), MappingProxyType(live))

    def _in_the_clear(self, sheet: RequestSheet) -> dict[str, str]:
        """Give the values of a request by the stand-ins that stored exchanges have of them."""
        if not self._vault.has_learned:
            return {}
        stored = ((self._vault.stored_stand_in(text), text) for text in _values(sheet))
        return {stand_in: text for stand_in, text in stored if stand_in is not None}

    def learn(self, exchange: Exchange) -> None:
        """Remember the stand-ins of a stored exchange, so that they are left alone and their owners are known again."""
        self._let_learn(exchange, RuleWalk(self._book, Learner(self._vault)))
        self._quiet = set()

    def learn_names(self, exchange: Exchange) -> None:
        """Remember only the persons' names of a stored exchange, so that what is left of them elsewhere is found."""
        self._let_learn(exchange, RuleWalk(self._book, NameLearner(self._vault)))

    def knowing_names(self) -> Sanitizer:
        """Give a new sanitizer that knows the same persons' names, and nothing else that this one learned."""
        other = Sanitizer(self.profile, self._key)
        other._vault.share_names(self._vault)
        return other

    def _let_learn(self, exchange: Exchange, walk: RuleWalk) -> None:
        pieces = list(RequestSheet(exchange.request, self._limit_bytes).pieces)
        if exchange.response:
            pieces += ResponseSheet(exchange.response, self._limit_bytes).pieces
        for piece in pieces:
            piece.apply(walk)

    def guard(self) -> Guard:
        """Give a guard that shares this sanitizer's secrets and refuses provider tokens that are no stand-ins."""
        return Guard(self._vault.is_stand_in, self._needles, self._persons.are_surely_in)

    def _rewrite(self, pieces: list[Piece]) -> list[tuple[str, Hit]]:
        walk = RuleWalk(self._book, self._vault, recognise=True, quiet=self._quiet)
        told = [pair for piece in pieces for pair in piece.apply(walk)]
        self._needles.add(value for _, hit in told for value in _sought(hit))
        if self._needles.found(b"\n".join([piece.raw for piece in pieces])):
            told += [pair for piece in pieces for pair in self._without_echoes(piece)]
        return told

    def _unspoken(self, told: list[tuple[str, Hit]]) -> list[tuple[str, Hit]]:
        """Mask the names of places that are secrets themselves."""
        spoken = self._needles.found("\n".join({where for where, _ in told}).encode("utf-8", "surrogateescape"))
        for secret in spoken:
            told = [(where.replace(secret, "*"), hit) for where, hit in told]
        return self._persons.shown(told)

    def _without_echoes(self, piece: Piece) -> list[tuple[str, Hit]]:
        """Replace what is known to be secret from somewhere else."""
        echoes = self._needles.found(piece.raw)
        if not echoes:
            return []
        swaps = {secret: self._vault.stand_in(secret) for secret in echoes}
        told = piece.apply(SwapWalk(swaps, "echo"))
        for secret in self._needles.found(piece.raw):
            piece.text = _forced(piece.text, secret, self._vault.stand_in(secret))
        return told


def restore(response: Response, stand_ins: Mapping[str, str]) -> Response:
    """Give the response with live values wherever a stand-in of theirs stands, through the same encodings."""
    sheet = ResponseSheet(response, _RESTORE_LIMIT_BYTES)
    return sheet.packed() if _swapped(sheet.pieces, stand_ins) else response


def restore_request(request: Request, stand_ins: Mapping[str, str]) -> Request:
    """Give the request with live values wherever a stand-in of theirs stands, through the same encodings."""
    sheet = RequestSheet(request, _RESTORE_LIMIT_BYTES)
    return sheet.packed() if _swapped(sheet.pieces, stand_ins) else request


def values_of(request: Request) -> list[str]:
    """Give the values that a request holds, decoded, but for those of the connection."""
    return _values(RequestSheet(request, _RESTORE_LIMIT_BYTES))


def _values(sheet: RequestSheet) -> list[str]:
    leaves = LeafWalk()
    for piece in sheet.pieces:
        if piece.where not in _OF_THE_CONNECTION:
            piece.apply(leaves)
    return list(leaves.found)


def _swapped(pieces: Iterable[Piece], stand_ins: Mapping[str, str]) -> bool:
    """Swap values in pieces, and what is shown of addresses; say whether any was there."""
    swaps = _with_spellings(stand_ins)
    changed = False
    for piece in pieces:
        present = {old: new for old, new in swaps.items() if _is_in(piece.raw, old)}
        present |= _masks(piece, stand_ins)
        changed |= bool(present and piece.apply(SwapWalk(present, "live")))
    return changed


def _masks(piece: Piece, stand_ins: Mapping[str, str]) -> dict[str, str]:
    """Give, for each masked stand-in of an address in a piece, the live address behind the same mask."""
    if not _MASKED.search(piece.raw):
        return {}
    leaves = LeafWalk()
    piece.apply(leaves)
    shown = {mask for text in leaves.found for mask in masks_in(text)}
    known = Addresses(len(stand_ins))
    for stand_in, live in stand_ins.items() if shown else ():
        if "@" in stand_in and "@" in live:
            known.see(stand_in, live)
    told = {mask: known.masked(mask) for mask in shown}
    return {mask: live for mask, live in told.items() if live is not None and live != mask}


def _is_in(raw: bytes, value: str) -> bool:
    """Say whether `raw` may hold `value` in some encoding; goes by its longest run of letters and digits if it can."""
    run = max(_RUN.findall(value), key=len, default="")
    value = run if len(run) >= _LONG_RUN else value
    return any(form in raw for form in variants(value).values()) or (
        "@" in value and value.lower().encode() in raw.lower()
    )


def _with_spellings(stand_ins: Mapping[str, str]) -> dict[str, str]:
    swaps = {old: new for old, new in stand_ins.items() if old != new}
    for old, new in stand_ins.items():
        swaps.setdefault(canonical(old), canonical(new))
    return swaps


def _sought(hit: Hit) -> Iterable[str]:
    """Give the spellings of a secret that are worth a search."""
    if not kinds.is_sought(hit.kind, hit.raw):
        return ()
    if is_key_block(hit.raw):  # its END line is everybody's; each line of the armour is a secret of its own
        return armour_lines(hit.raw)
    plain = canonical(hit.raw)
    return (hit.raw,) if plain == hit.raw or is_worded(hit.raw) else (hit.raw, plain)


def _forced(text: str, secret: str, stand_in: str) -> str:
    """Replace variants where they stand in bytes that no layer could take apart."""
    new = variants(stand_in)
    for name, old in variants(secret).items():
        written = new.get(name, new["raw"])
        if "base64" in name and len(written) != len(old):
            continue
        text = text.replace(old.decode("utf-8", "surrogateescape"), written.decode("utf-8", "surrogateescape"))
    return text
