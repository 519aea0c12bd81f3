"""Absolute URLs, and hosts with ports, in recorded answers: of the upstream's they become the gateway's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cassettes.exchange import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cassettes.exchange import Headers

_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_TEXTUAL: Final = re.compile(rb"^text/|json|xml|javascript|ecmascript|x-www-form-urlencoded|yaml|graphql|mpegurl")
_COOKIE_DOMAIN: Final = re.compile(rb";\s*domain\s*=\s*\.?([^;\s]+)\s*(?=;|$)", re.IGNORECASE)
_LOOPBACK: Final = (b"localhost", b"127.0.0.1", b"[::1]")
_DEFAULT_PORTS: Final = {b"http": b":80", b"https": b":443"}
_AFTER: Final = rb"(?![\w-]|\.\w|:\d|@)"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where URLs lead: `scheme` (http or https), `authority` (host, and port unless it is the default), base `path`."""

    scheme: bytes
    authority: bytes
    path: bytes = b""

    @property
    def host(self) -> bytes:
        return re.sub(rb":\d+$", b"", self.authority)

    def spellings(self) -> set[Origin]:
        """Give it with the other names of this machine, where it is one with a port: a service may know another."""
        port = self.authority[len(self.host) :]
        if not port or self.host.lower() not in _LOOPBACK:
            return {self}
        return {self} | {Origin(self.scheme, name + port, self.path) for name in _LOOPBACK}


def origin_of(url: str) -> Origin | None:
    """Give the origin and base path of an upstream's base URL, or None if it has none."""
    parts = urlsplit(url)
    try:
        authority = parts.netloc.rpartition("@")[2].encode("ascii")
    except UnicodeEncodeError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(authority):
        return None
    return Origin(parts.scheme.encode(), authority, parts.path.rstrip("/").encode("latin-1", "replace"))


def host_origin(scheme: str, host: bytes | None) -> Origin | None:
    """Give the origin that a Host header names, or None if it names none that may stand in a URL."""
    if not host or not _HOST.fullmatch(host):
        return None
    return Origin(b"https" if scheme == "https" else b"http", host)


def is_textual(media_type: bytes) -> bool:
    """Tell whether bodies of this type are text that may hold URLs."""
    return _TEXTUAL.search(media_type) is not None


class Readdressing:
    """The change of some origins into one. What names none of them is given back as the very same object."""

    def __init__(self, recorded: Iterable[Origin], live: Origin) -> None:
        # A longer base path first, so that it is cut off before its origin alone would be found.
        known = {spelling for old in recorded for spelling in old.spellings()}
        olds = sorted(known - {live}, key=lambda old: (-len(old.path), old.authority))
        self._live = live
        self._marks = tuple({old.host.lower() for old in olds})
        self._domains = tuple({old.host.lower() for old in olds if old.host.lower() != live.host.lower()})
        self._pattern = _pattern(tuple(olds)) if olds else None

    def text(self, text: bytes) -> bytes:
        """Give the text with every URL of the recorded origins leading to the live one."""
        if self._pattern is None or not self._may_name(text):
            return text
        changed = self._pattern.sub(self._replacement, text)
        return changed if changed != text else text

    def streamed(self, text: bytes, chunks: Sequence[Chunk]) -> tuple[bytes, tuple[Chunk, ...]]:
        """Give the text and its chunks; what was cut in the middle of a URL is cut after it."""
        if self._pattern is None or not self._may_name(text):
            return text, tuple(chunks)
        ends = list(accumulate(chunk.size for chunk in chunks))
        moved: list[int] = []
        out, copied, grown = [], 0, 0
        for found in self._pattern.finditer(text):
            new = self._replacement(found)
            while len(moved) < len(ends) and ends[len(moved)] < found.end():
                cut = ends[len(moved)]
                moved.append(cut + grown if cut <= found.start() else found.end() + grown + len(new) - len(found[0]))
            out += [text[copied : found.start()], new]
            copied, grown = found.end(), grown + len(new) - len(found[0])
        moved += [end + grown for end in ends[len(moved) :]]
        begins = [0, *moved][: len(moved)]
        sized = (Chunk(c.at_ms, end - begin) for c, begin, end in zip(chunks, begins, moved, strict=True))
        return b"".join([*out, text[copied:]]), tuple(sized)

    def headers(self, headers: Headers) -> Headers:
        """Give the headers readdressed; a cookie for the upstream's domain becomes one for the gateway's host."""
        if self._pattern is None or not any(self._may_name(value) or b"omain" in value for _, value in headers):
            return headers
        return tuple(
            (name, self._cookie(value) if name.lower() == b"set-cookie" else self.text(value))
            for name, value in headers
        )

    def _cookie(self, value: bytes) -> bytes:
        return _COOKIE_DOMAIN.sub(lambda found: b"" if self._is_upstream_domain(found[1].lower()) else found[0], value)

    def _is_upstream_domain(self, domain: bytes) -> bool:
        return any(host == domain or host.endswith(b"." + domain) for host in self._domains)

    def _may_name(self, text: bytes) -> bool:
        return any(mark in text or mark in text.lower() for mark in self._marks)

    def _replacement(self, found: re.Match[bytes]) -> bytes:
        scheme, separator = found["scheme"], found["separator"]
        live = self._live
        if separator is None:
            return live.authority
        authority = live.authority.replace(b":", b"%3A") if b"%" in separator else live.authority
        if scheme is None:
            return separator + authority
        secure = live.scheme == b"https"
        names = (b"ws", b"wss") if scheme.lower().startswith(b"ws") else (b"http", b"https")
        return names[secure] + separator + authority


@lru_cache(maxsize=256)
def _pattern(olds: tuple[Origin, ...]) -> re.Pattern[bytes]:
    named = b"|".join(_named(old) for old in olds)
    # Where nothing says that it is a URL, only a host with its port is certainly this one.
    alone = b"|".join(dict.fromkeys(re.escape(old.authority) for old in olds if old.authority != old.host))
    alone = rb"|(?<![\w.@:/%\\-])(?:" + alone + rb")(?![\w:@/-]|\.\w)" if alone else b""
    return re.compile(
        rb"(?:(?<![A-Za-z0-9+.-])(?P<scheme>https?|wss?)(?=:|%3A)|(?<![:\w/\\])(?=/|\\/))"
        rb"(?P<separator>:?(?://|\\/\\/|\\u002[fF]\\u002[fF])|%3A%2F%2F)(?:" + named + rb")" + _AFTER + alone,
        re.IGNORECASE,
    )


def _named(old: Origin) -> bytes:
    host, _, port = (old.host, b"", old.authority[len(old.host) :])
    default = _DEFAULT_PORTS[old.scheme]
    colon = rb"(?::|%3A)"
    if port in (b"", default):
        written = re.escape(host) + rb"(?:" + colon + default[1:] + rb")?"
    else:
        written = re.escape(host) + colon + port[1:]
    if not old.path:
        return written
    path = rb"(?:/|\\/|%2F)".join(re.escape(step) for step in old.path.split(b"/"))
    return written + rb"(?:" + path + rb"(?![\w.~-]))?"
