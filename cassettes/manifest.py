"""The manifest as YAML: a page that people read and edit, without aliases, tags or repeated keys."""

from __future__ import annotations

from typing import Any, Final

import yaml

from cassettes.cassette import FORMAT, Manifest, Session
from cassettes.codec import dump_findings, load_findings
from cassettes.document import read_document
from cassettes.errors import CassetteFormatError, CodecError, DefinitionError
from cassettes.fields import a_float, a_list, a_mapping, a_text, an_integer, wrong

_FIELDS: Final = ("name", "created_at", "upstreams", "profile", "profile_hash", "key_id", "sessions", "interactions")
_SESSION: Final = ("started_at", "stopped_at", "recorded", "dropped", "failed")


def dump_manifest(manifest: Manifest) -> bytes:
    """Write the manifest as YAML; raises CodecError where a value cannot be written."""
    document: dict[str, Any] = {
        "format": manifest.format,
        "name": manifest.name,
        "created_at": a_float(manifest.created_at, "created_at"),
        "upstreams": dict(manifest.upstreams),
        "profile": manifest.profile,
        "profile_hash": manifest.profile_hash,
        "key_id": manifest.key_id,
        "sessions": [_dump_session(session) for session in manifest.sessions],
        "interactions": manifest.interactions,
        "findings": [_Row(row) for row in dump_findings(manifest.findings)],
    }
    try:
        text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**31 - 1)
        return text.encode()
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise CodecError("the manifest holds a text that is not Unicode") from error


def load_manifest(page: bytes) -> Manifest:
    """Read a manifest.

    Raises CassetteFormatError for a newer format, CodecError for what is no manifest or has a field that is wrong.
    """
    try:
        document = read_document(page, "manifest").value
    except DefinitionError as error:
        raise CodecError(str(error)) from None
    if not isinstance(document, dict) or type(document.get("format")) is not int or document["format"] < 1:
        raise CodecError("this is not a cassette's manifest: a field format with a whole number is expected")
    if document["format"] > FORMAT:
        raise CassetteFormatError(
            f"the cassette is of format {document['format']}, and this version reads formats up to {FORMAT}; "
            "read it with a newer version"
        )
    document = a_mapping(document, "manifest", required=("format", "name"), optional=(*_FIELDS[1:], "findings"))
    return Manifest(
        a_text(document["name"], "name"),
        a_float(document.get("created_at", 0.0), "created_at"),
        document["format"],
        _load_upstreams(document.get("upstreams", {})),
        a_text(document.get("profile", ""), "profile"),
        a_text(document.get("profile_hash", ""), "profile_hash"),
        a_text(document.get("key_id", ""), "key_id"),
        tuple(
            _load_session(node, f"sessions[{index}]")
            for index, node in enumerate(a_list(document.get("sessions", []), "sessions"))
        ),
        an_integer(document.get("interactions", 0), "interactions"),
        load_findings(document.get("findings", []), "findings"),
    )


class _Row(list[Any]):
    """A list that stands on one line."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the dumper's own signature)
        return True


_Dumper.add_representer(
    _Row, lambda dumper, row: dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)
)


def _dump_session(session: Session) -> dict[str, Any]:
    times = {field: a_float(getattr(session, field), field) for field in _SESSION[:2]}
    return {"name": session.name, **times, **{field: getattr(session, field) for field in _SESSION[2:]}}


def _load_session(node: Any, where: str) -> Session:
    node = a_mapping(node, where, required=("name",), optional=_SESSION)
    return Session(
        a_text(node["name"], f"{where}.name"),
        a_float(node.get("started_at", 0.0), f"{where}.started_at"),
        a_float(node.get("stopped_at", 0.0), f"{where}.stopped_at"),
        an_integer(node.get("recorded", 0), f"{where}.recorded"),
        an_integer(node.get("dropped", 0), f"{where}.dropped"),
        an_integer(node.get("failed", 0), f"{where}.failed"),
    )


def _load_upstreams(node: Any) -> dict[str, str]:
    if not isinstance(node, dict):
        raise wrong("upstreams", "a mapping of alias to base URL")
    return {alias: a_text(url, "upstreams") for alias, url in node.items()}
