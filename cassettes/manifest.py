"""The manifest as YAML: a page that people read and edit, without aliases, tags or repeated keys."""

from __future__ import annotations

from typing import Any, Final

import yaml

from cassettes.cassette import FORMAT, Manifest, Session
from cassettes.codec import dump_findings, load_findings
from cassettes.errors import CassetteFormatError, CodecError
from cassettes.fields import a_float, a_list, a_mapping, a_text, an_integer, wrong

_MAX_BYTES: Final = 8 << 20
_MAX_DEPTH: Final = 16
_MAX_NODES: Final = 200_000

_FIELDS: Final = ("name", "created_at", "upstreams", "profile", "profile_hash", "key_id", "sessions", "interactions")
_SESSION: Final = ("started_at", "stopped_at", "recorded", "dropped", "failed")


class _Loader(yaml.CSafeLoader):
    """The safe loader, which also refuses a key that stands twice and merge keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002 (the loader's own signature)
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise _refused(key.start_mark, "a key is plain text")
            if key.value in seen:
                raise _refused(key.start_mark, "the same key stands twice")
            seen.add(key.value)
        return super().construct_mapping(node, deep=True)


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
    document = load_yaml(page)
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


def load_yaml(page: bytes) -> Any:
    """Read YAML within limits of size, depth and number of nodes, without aliases, tags or repeated keys."""
    if len(page) > _MAX_BYTES:
        raise CodecError(f"the document has {len(page)} bytes; at most {_MAX_BYTES} are read")
    try:
        _judge(page)
        return yaml.load(page, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CodecError(f"line {line}: this is not YAML") from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise CodecError("this is not YAML") from None


def _judge(page: bytes) -> None:
    """Refuse by the events alone, before anything is built: an alias bomb has no aliases to expand."""
    depth = 0
    for count, event in enumerate(yaml.parse(page, Loader=yaml.CSafeLoader)):
        if count > _MAX_NODES:
            raise CodecError(f"the document has more than {_MAX_NODES} nodes")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refused(event.start_mark, "anchors and aliases are not read")
        if getattr(event, "tag", None) is not None:
            raise _refused(event.start_mark, "tags are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise _refused(event.start_mark, f"more than {_MAX_DEPTH} levels are not read")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refused(mark: Any, reason: str) -> CodecError:
    return CodecError(f"line {mark.line + 1}: {reason}")


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
