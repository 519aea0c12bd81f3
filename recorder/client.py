"""Client sessions: who is being replayed to, how far each has come, and what each sent before it was cleaned."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import header
from recorder.namesakes import Namesakes
from recorder.track import Walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cassettes.exchange import Request, Response
    from cassettes.key import Key

StandIns: TypeAlias = "Mapping[str, str]"
"""What the sanitizer gives: pseudonym to the live value it stands in for."""

_SESSIONS: Final = 512
_STAND_INS: Final = 2000
_HANDED_OUT: Final = 32
_VERSIONS: Final = count(1)
_LOOPBACK: Final = frozenset(("::1", "::ffff:127.0.0.1", "localhost"))


@dataclass(slots=True, eq=False)
class ClientSession:
    """One client session: its walk, its stand-ins, and which recorded holder each of its own credentials is.

    `name` tells sessions apart without a credential in it. `version` is another, in
    the whole process, whenever the stand-ins change. `handed_out` are the
    latest answers, for finding whose login gave a credential.
    """

    name: str
    owner: str
    walk: Walk = field(default_factory=Walk)
    stand_ins: OrderedDict[str, str] = field(default_factory=OrderedDict, repr=False)
    holders: dict[str, bytes] = field(default_factory=dict, repr=False)
    handed_out: deque[Response] = field(default_factory=lambda: deque(maxlen=_HANDED_OUT), repr=False)
    version: int = 0
    namesakes: Namesakes = field(default_factory=Namesakes, repr=False)

    def remember(self, stand_ins: StandIns, request: Request | None = None) -> None:
        """Keep what the client sent, the newest last; beyond the bound the oldest goes."""
        known = self.stand_ins
        if request is not None and self.namesakes.learn(request, stand_ins):
            self.version = next(_VERSIONS)
        for pseudonym, live in stand_ins.items():
            if known.get(pseudonym) != live:
                known[pseudonym] = live
                self.version = next(_VERSIONS)
        while len(known) > _STAND_INS:
            known.popitem(last=False)
            self.version = next(_VERSIONS)


class Clients:
    """The client sessions, in memory only; beyond a bound the one that was idle longest is forgotten."""

    def __init__(self, session_header: str, limit: int = _SESSIONS) -> None:
        self._header = session_header.lower().encode("latin-1")
        self._limit = limit
        self._salt = secrets.token_bytes(16)  # so that a session's name cannot be tried against guessed credentials
        self._sessions: OrderedDict[str, ClientSession] = OrderedDict()

    def name_of(self, request: Request, key: Key) -> tuple[str, str]:
        """Give the session's name and its owner (the header's value or the client's address).

        The session header counts alone. Without it a session is an address with the credentials sent from there, so
        two users behind one address walk apart; a client that logs in walks its later tracks as another session,
        which loses nothing, for these tracks' keys hold the credentials too.
        """
        named = header(request.headers, self._header)
        if named is not None:
            owner = named.decode("latin-1")
            return f"header {owner}", owner
        owner = "127.0.0.1" if request.client in _LOOPBACK else request.client
        values = [f"{held.slot}\n".encode() + held.value for held in key.credentials if held.value]
        if not values:
            return f"address {owner}", owner
        digest = hashlib.blake2b(b"\0".join(values), digest_size=6, key=self._salt).hexdigest()
        return f"address {owner}, credentials {digest}", owner

    def get(self, name: str) -> ClientSession | None:
        """Give the session of that name if there is one, and count it as used."""
        session = self._sessions.get(name)
        if session is not None:
            self._sessions.move_to_end(name)
        return session

    def open(self, name: str, owner: str, key: Key) -> ClientSession:
        """Give the session of that name, beginning it if it is new."""
        session = self.get(name)
        if session is None:
            session = self._sessions[name] = ClientSession(name, owner)
            self._inherit(session, key)
            while len(self._sessions) > self._limit:
                self._sessions.popitem(last=False)
        return session

    def _inherit(self, session: ClientSession, key: Key) -> None:
        """After a login: what the client sent before, if an answer to it handed out the credential it now sends."""
        before = self._sessions.get(f"address {session.owner}")
        if before is None or before is session or not before.stand_ins:
            return
        values = [held.value for held in key.credentials if len(held.value) >= 4]
        if any(value in text for text in map(_readable, before.handed_out) for value in values):
            session.remember(before.stand_ins)
            session.namesakes = before.namesakes

    def rewind(self, client: str | None) -> None:
        """Put sessions back to the beginning: all, or those of that name, session header or address."""
        for session in self._sessions.values():
            if client is None or client in (session.name, session.owner):
                session.walk = Walk()
                session.holders.clear()

    def __iter__(self) -> Any:
        return iter(tuple(self._sessions.values()))


def _readable(response: Response) -> bytes:
    heads = b"\n".join(value for _, value in response.headers)
    try:
        return heads + b"\n" + decode(content_codings(response.headers), response.body, limit_bytes=1 << 20)
    except DecodingError:
        return heads
