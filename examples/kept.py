"""What a cassette keeps and what it does not: read from its folder, and searched for secrets."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cassettes.cassette import Interaction, Manifest
from cassettes.codec import load_interaction
from cassettes.exchange import header
from cassettes.manifest import load_manifest


@dataclass(frozen=True, slots=True)
class Kept:
    """A cassette's folder as read: the manifest, and the interactions in the order of completion."""

    folder: Path
    manifest: Manifest
    interactions: tuple[Interaction, ...]

    def removed(self) -> list[tuple[str, int, str]]:
        """Give what was removed as kind, how often, and one place it was found in; the most frequent first."""
        counts: Counter[str] = Counter()
        places: dict[str, str] = {}
        for finding in self.manifest.findings:
            counts[finding.kind] += finding.count
            places.setdefault(finding.kind, finding.where)
        return [(kind, count, places[kind]) for kind, count in counts.most_common()]

    def stored_header(self, name: bytes) -> str:
        """Give the value of a request header as it is stored in the last interaction that has it, or ""."""
        for interaction in reversed(self.interactions):
            value = header(interaction.exchange.request.headers, name)
            if value is not None:
                return value.decode("latin-1")
        return ""

    def cleaned_parts(self, number: int) -> set[str]:
        """Give the parts of response `number` in which something was replaced: "body", "cookies", header names."""
        parts = set()
        for finding in self.interactions[number - 1].findings:
            side, _, place = finding.where.partition(".")
            if side == "response":
                part, _, name = place.replace(" ", ".").partition(".")
                parts.add(name.lower() if part == "headers" else part)
        return parts


def find_cassette(home: Path, name: str) -> Path | None:
    """Give the folder of a cassette somewhere below the home folder."""
    found = sorted(home.glob(f"**/{name}/cassette.yaml"))
    return found[0].parent if found else None


def read_cassette(folder: Path) -> Kept:
    """Read a cassette's folder; raises OSError or CassetteError where it is none."""
    manifest = load_manifest((folder / "cassette.yaml").read_bytes())
    lines = (folder / "interactions.jsonl").read_bytes().splitlines()
    read_body = (folder / "bodies").joinpath
    return Kept(
        folder, manifest, tuple(load_interaction(line, lambda name: read_body(name).read_bytes()) for line in lines)
    )


def find_leaks(home: Path, secrets: Mapping[str, str]) -> list[str]:
    """Give the names of the secrets that stand, raw or encoded, in any file below the home folder."""
    spellings = {name: tuple(_spellings(value)) for name, value in secrets.items()}
    leaks = set()
    for file in (path for path in home.rglob("*") if path.is_file()):
        content = file.read_bytes()
        leaks |= {name for name, forms in spellings.items() if any(form in content for form in forms)}
    return sorted(leaks)


def _spellings(value: str) -> Iterable[bytes]:
    raw = value.encode()
    yield raw
    yield quote(value).encode()
    # The last character of base64 depends on what follows the secret, so it is left out.
    yield base64.b64encode(raw).rstrip(b"=")[:-1]
    if value.replace(" ", "").isdigit():
        yield value.replace(" ", "").encode()
