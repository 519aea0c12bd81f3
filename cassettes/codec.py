"""An interaction as one line of JSON, read strictly and given back exactly."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import orjson

from cassettes.cassette import Finding, Interaction
from cassettes.content import dump_body, load_body
from cassettes.errors import CodecError
from cassettes.exchange import Chunk, Exchange, Failure, FailureKind, Headers, Request, Response
from cassettes.fields import (
    MAX_NUMBER,
    a_float,
    a_list,
    a_mapping,
    a_text,
    a_tuple,
    an_integer,
    some_bytes,
    some_headers,
    write_bytes,
    write_headers,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_REQUEST: Final = (("method", "target"), ("scheme", "client", "headers", "body"))
_RESPONSE: Final = (("status",), ("reason", "headers", "body", "trailers", "chunks"))
_TIMES: Final = ("started_at", "first_byte_ms", "duration_ms")
_NAMES: Final = ("upstream", "route", "trace")
_LINE: Final = (("number", "request"), ("session", "response", "failure", *_NAMES, *_TIMES, "findings", "crc32"))
_KINDS: Final[tuple[str, ...]] = get_args(FailureKind)

_SEAL: Final = re.compile(rb',"crc32":"([0-9a-f]{8})"\}\Z')
_SEAL_SIZE: Final = len(b',"crc32":"00000000"}')
_BLOB: Final = re.compile(rb'"(?:blob|wire)":\s*"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Summary:
    """What a line says without its bodies: enough to count."""

    number: int
    session: str
    findings: tuple[Finding, ...]


def dump_interaction(interaction: Interaction) -> tuple[bytes, dict[str, bytes]]:
    """Give the line, without its newline, and the blobs that belong beside it, by SHA-256.

    Raises CodecError where a value has no place in JSON: a number that is not finite, a text that is not Unicode.
    """
    exchange = interaction.exchange
    blobs: dict[str, bytes] = {}
    document: dict[str, Any] = {"number": interaction.number}
    if interaction.session:
        document["session"] = interaction.session
    document["request"] = _dump_request(exchange.request, blobs)
    if exchange.response is not None:
        document["response"] = _dump_response(exchange.response, blobs)
    if exchange.failure is not None:
        document["failure"] = {"kind": exchange.failure.kind, "detail": exchange.failure.detail}
    document |= {name: getattr(exchange, name) for name in _NAMES if getattr(exchange, name)}
    document |= {name: a_float(getattr(exchange, name), name) for name in _TIMES}
    if interaction.findings:
        document["findings"] = dump_findings(interaction.findings)
    return _seal(document), blobs


def load_interaction(line: bytes, read_blob: Callable[[str], bytes]) -> Interaction:
    """Read a line, with or without its newline; `read_blob` gives a blob by its SHA-256, which is checked here.

    Raises CodecError that says which field is wrong and what would be right, never what was there.
    """
    document = _unseal(line)
    request = _load_request(document["request"], read_blob)
    response = _load_response(document["response"], read_blob) if "response" in document else None
    failure = _load_failure(document["failure"]) if "failure" in document else None
    started_at, first_byte_ms, duration_ms = (a_float(document.get(name, 0.0), name) for name in _TIMES)
    names = (a_text(document.get(name, ""), name) for name in _NAMES)
    summary = _summarize(document)
    exchange = Exchange(request, response, failure, started_at, first_byte_ms, duration_ms, *names)
    return Interaction(summary.number, exchange, summary.session, summary.findings)


def load_summary(line: bytes) -> Summary:
    """Read what counts of a line and check its seal, without any body or blob; raises CodecError."""
    return _summarize(_unseal(line))


def blob_names(lines: bytes) -> set[str]:
    """Give the names of all blobs that lines refer to, also damaged ones."""
    return {name.decode() for name in _BLOB.findall(lines)}


def dump_findings(findings: Iterable[Finding]) -> list[list[Any]]:
    """Write findings as [where, kind, rule, count]."""
    return [[finding.where, finding.kind, finding.rule, finding.count] for finding in findings]


def load_findings(node: Any, where: str) -> tuple[Finding, ...]:
    """Read what `dump_findings` wrote."""
    findings = []
    for index, row in enumerate(a_list(node, where)):
        place = f"{where}[{index}]"
        spot, kind, rule, count = a_tuple(row, place, ("where", "kind", "rule", "count"))
        texts = (a_text(spot, place), a_text(kind, place), a_text(rule, place))
        findings.append(Finding(*texts, an_integer(count, f"{place} count")))
    return tuple(findings)


def _seal(document: dict[str, Any]) -> bytes:
    """Write the line and end it with its own checksum, so that a flipped bit is noticed."""
    an_integer(document["number"], "number", 1)
    try:
        line = orjson.dumps(document)
    except (TypeError, ValueError) as error:
        raise CodecError("the interaction holds a text that is not Unicode, so it has no JSON form") from error
    return b'%s,"crc32":"%08x"}' % (line[:-1], zlib.crc32(line))


def _unseal(line: bytes) -> dict[str, Any]:
    line = line.rstrip(b"\r\n")
    seal = _SEAL.search(line, max(len(line) - _SEAL_SIZE, 0))
    if seal is not None:
        line = line[: seal.start()] + b"}"
        if zlib.crc32(line) != int(seal[1], 16):
            raise CodecError(
                "crc32: the line was changed after it was recorded; if it was on purpose, delete this field"
            )
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise CodecError("the line is not JSON") from None
    return a_mapping(document, "interaction", required=_LINE[0], optional=_LINE[1])


def _summarize(document: dict[str, Any]) -> Summary:
    if "crc32" in document:
        raise wrong("crc32", "nothing, or the checksum at the very end of the line")
    number = an_integer(document["number"], "number", 1, MAX_NUMBER)
    return Summary(
        number, a_text(document.get("session", ""), "session"), load_findings(document.get("findings", []), "findings")
    )


def _dump_request(request: Request, blobs: dict[str, bytes]) -> dict[str, Any]:
    node: dict[str, Any] = {"method": request.method, "target": write_bytes(request.target), "scheme": request.scheme}
    if request.client:
        node["client"] = request.client
    return node | _dump_content(request.headers, request.body, blobs)


def _dump_response(response: Response, blobs: dict[str, bytes]) -> dict[str, Any]:
    node: dict[str, Any] = {"status": an_integer(response.status, "response.status", 0, 9999)}
    if response.reason:
        node["reason"] = write_bytes(response.reason)
    node |= _dump_content(response.headers, response.body, blobs)
    if response.trailers:
        node["trailers"] = write_headers(response.trailers)
    if response.chunks:
        node["chunks"] = [[a_float(chunk.at_ms, "response.chunks"), chunk.size] for chunk in response.chunks]
    return node


def _dump_content(headers: Headers, body: bytes, blobs: dict[str, bytes]) -> dict[str, Any]:
    node: dict[str, Any] = {"headers": write_headers(headers)} if headers else {}
    return node | {"body": dump_body(body, headers, blobs)} if body else node


def _load_request(node: Any, read_blob: Callable[[str], bytes]) -> Request:
    node = a_mapping(node, "request", required=_REQUEST[0], optional=_REQUEST[1])
    headers, body, _ = _load_content(node, "request", read_blob)
    return Request(
        a_text(node["method"], "request.method"),
        some_bytes(node["target"], "request.target"),
        headers,
        body,
        a_text(node.get("client", ""), "request.client"),
        a_text(node.get("scheme", "http"), "request.scheme"),
    )


def _load_response(node: Any, read_blob: Callable[[str], bytes]) -> Response:
    node = a_mapping(node, "response", required=_RESPONSE[0], optional=_RESPONSE[1])
    headers, body, as_recorded = _load_content(node, "response", read_blob)
    chunks = _load_chunks(node.get("chunks", []))
    return Response(
        an_integer(node["status"], "response.status", 0, 9999),
        headers,
        body,
        some_bytes(node.get("reason", ""), "response.reason"),
        some_headers(node.get("trailers", []), "response.trailers"),
        chunks if as_recorded else _fit(chunks, len(body)),
    )


def _load_content(node: dict[str, Any], where: str, read_blob: Callable[[str], bytes]) -> tuple[Headers, bytes, bool]:
    headers = some_headers(node.get("headers", []), f"{where}.headers")
    if "body" not in node:
        return headers, b"", True
    return headers, *load_body(node["body"], f"{where}.body", headers, read_blob)


def _load_failure(node: Any) -> Failure:
    node = a_mapping(node, "failure", required=("kind",), optional=("detail",))
    if node["kind"] not in _KINDS:
        raise wrong("failure.kind", f"one of {', '.join(_KINDS)}")
    return Failure(cast("FailureKind", node["kind"]), a_text(node.get("detail", ""), "failure.detail"))


def _load_chunks(node: Any) -> tuple[Chunk, ...]:
    chunks = []
    for index, pair in enumerate(a_list(node, "response.chunks")):
        place = f"response.chunks[{index}]"
        at_ms, size = a_tuple(pair, place, ("at_ms", "size"))
        chunks.append(Chunk(a_float(at_ms, f"{place} at_ms"), an_integer(size, f"{place} size")))
    return tuple(chunks)


def _fit(chunks: tuple[Chunk, ...], size: int) -> tuple[Chunk, ...]:
    """Make the chunks of a body that was encoded anew add up to it again; the last one takes what is over."""
    fitted = []
    for index, chunk in enumerate(chunks):
        taken = size if index == len(chunks) - 1 else min(chunk.size, size)
        fitted.append(Chunk(chunk.at_ms, taken))
        size -= taken
    return tuple(fitted)
