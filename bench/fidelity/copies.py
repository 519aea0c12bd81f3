"""Very many recorded calls: `python -m bench.fidelity.copies kinto --calls 1000000 --home HOME`.

Copies the recorded sessions of an upstream into the library of HOME until there are so many calls. Each copy has names,
ids, passwords and tokens of its own, in the form of the recorded ones, so that no copy says anything about another.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import random
import re
import string
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Final

from bench.fidelity.keeping import recordings
from bench.fidelity.recording import cassette_of
from bench.fidelity.session import TRAIN_SEEDS
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.upstreams import UPSTREAMS
from cassettes.cassette import Manifest
from cassettes.manifest import dump_manifest
from cassettes.shelf import INTERACTIONS, MANIFEST

PIECE: Final = 13_500
"""So many calls are in one cassette, about."""

# Never what follows a backslash: it would belong to an escape of JSON.
_WORD: Final = re.compile(rb"(?<![\\0-9A-Za-z_-])[0-9A-Za-z][0-9A-Za-z_-]{5,}")
_BASIC: Final = re.compile(rb'(?<=Basic )[0-9A-Za-z+/]+={0,2}(?=")')
_DATE: Final = re.compile(rb"\d{4}-\d\d")
_UUID: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_NUMBER: Final = re.compile(rb'\A\{"number":\d+,')
_SEAL: Final = re.compile(rb',"crc32":"[0-9a-f]{8}"\}\s*\Z')
_KEPT: Final = frozenset({8, 13, 14, 18, 19, 23})  # of a UUID: hyphens, version and variant
_HEX: Final = b"0123456789abcdef"


class Copier:
    """Writes recorded sessions again, as other sessions of the same form; `sessions` are the lines of each."""

    def __init__(self, sessions: Sequence[Sequence[bytes]]) -> None:
        self._sessions = [[_SEAL.sub(b"}", line) for line in lines] for lines in sessions]
        words = [{word for line in lines for word in _words(line)} for lines in self._sessions]
        in_how_many = Counter(word for found in words for word in found)
        self._own = [{word for word in found if in_how_many[word] == 1 and _is_name(word)} for found in words]

    def lines(self) -> Iterator[bytes]:
        """Give the lines of one copy after another, without end; they are not sealed yet."""
        for copy in count(1):
            for lines, own in zip(self._sessions, self._own, strict=True):
                other = {word: renamed(word, copy) for word in own}
                yield from (_rewritten(line, other) for line in lines)


def renamed(word: bytes, copy: int) -> bytes:
    """Give another word of the same form: letters for letters, digits for digits, a UUID for a UUID."""
    draw = random.Random(hashlib.sha256(b"%d %s" % (copy, word)).digest())
    kept = _KEPT if _UUID.match(word) else frozenset[int]()
    is_hex = all(letter in b"-" + _HEX for letter in word)
    return bytes(
        letter if place in kept else draw.choice(_HEX if is_hex and letter in _HEX else _like(letter))
        for place, letter in enumerate(word)
    )


def sealed(line: bytes, number: int) -> bytes:
    """Give a line its number in the cassette and its checksum."""
    line = _NUMBER.sub(b'{"number":%d,' % number, line)
    return b'%s,"crc32":"%08x"}\n' % (line[:-1], zlib.crc32(line))


def write_copies(upstream: str, calls: int, home: Path) -> list[str]:
    """Write cassettes with so many calls of an upstream's sessions into a home, and give their names."""
    recorded = recordings(UPSTREAMS[upstream], PROGRAMS[upstream], TRAIN_SEEDS, raw=False) / "cassettes"
    of_sessions = [(recorded / cassette_of(seed) / INTERACTIONS).read_bytes().splitlines() for seed in TRAIN_SEEDS]
    lines = islice(Copier(of_sessions).lines(), calls)
    names: list[str] = []
    while piece := list(islice(lines, PIECE)):
        names.append(f"{upstream}-{len(names) + 1:03}")
        folder = home / "cassettes" / names[-1]
        folder.mkdir(parents=True)
        with (folder / INTERACTIONS).open("wb") as file:
            file.writelines(sealed(line, number) for number, line in enumerate(piece, 1))
        manifest = Manifest(names[-1], interactions=len(piece), profile="default")
        (folder / MANIFEST).write_bytes(dump_manifest(manifest))
    return names


def _words(line: bytes) -> list[bytes]:
    return _WORD.findall(line) + [
        word for credentials in _BASIC.findall(line) for word in _WORD.findall(base64.b64decode(credentials))
    ]


def _rewritten(line: bytes, other: Mapping[bytes, bytes]) -> bytes:
    def told(found: re.Match[bytes]) -> bytes:
        return other.get(found[0], found[0])

    def credentials(found: re.Match[bytes]) -> bytes:
        return base64.b64encode(_WORD.sub(told, base64.b64decode(found[0])))

    return _WORD.sub(told, _BASIC.sub(credentials, line))


def _like(letter: int) -> bytes:
    for alphabet in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if chr(letter) in alphabet:
            return alphabet.encode()
    return bytes([letter])


def _is_name(word: bytes) -> bool:
    """Tell whether a word is somebody's or something's: it has letters and digits, and is no date."""
    return word.upper() != word.lower() and any(48 <= letter < 58 for letter in word) and not _DATE.match(word)


def main() -> int:
    """Run the command; the exit code is 0, or 2 for a mistake."""
    parser = argparse.ArgumentParser(prog="python -m bench.fidelity.copies", description=__doc__)
    parser.add_argument("upstream", choices=sorted(UPSTREAMS))
    parser.add_argument("--calls", type=int, required=True, help="how many calls to write")
    parser.add_argument("--home", type=Path, required=True, help="the home whose library they go to, without it yet")
    asked = parser.parse_args()
    if (asked.home / "cassettes").exists():
        parser.error(f"{asked.home} has cassettes already: name another folder")
    names = write_copies(asked.upstream, asked.calls, asked.home)
    print(f"{asked.calls} calls in {len(names)} cassettes: {names[0]} … {names[-1]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
