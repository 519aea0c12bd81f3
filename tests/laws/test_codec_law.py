"""The law of the codec: what is dumped is loaded again, whatever came over the wire."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from builders import a_request, a_response, an_exchange, an_interaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cassettes.cassette import FORMAT, Finding, Interaction, Manifest, Session
from cassettes.codec import dump_interaction, load_interaction, load_summary
from cassettes.coding import decode, encode, find_params
from cassettes.errors import CassetteFormatError, CodecError, DecodingError
from cassettes.exchange import Chunk, Exchange, Failure, Request, Response
from cassettes.manifest import dump_manifest, load_manifest

texts = st.text(max_size=20)
times = st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
json_bodies = st.builds(
    lambda value, ascii_only, layout, escape, end: (
        escape(json.dumps(value, ensure_ascii=ascii_only, **layout)).encode("utf-8", "surrogatepass") + end
    ),
    json_values,
    st.booleans(),
    st.sampled_from([{}, {"separators": (",", ":")}, *({"indent": n} for n in (0, 1, 2, 4, 7, "\t"))]),
    st.sampled_from([str, lambda text: text.replace("/", "\\/"), lambda text: text.replace("<", "\\u003c")]),
    st.sampled_from([b"", b"\n", b"\r\n", b" "]),
)
awkward = st.sampled_from(
    [
        *(b"[1e5]", b"[1.0]", b"[-0]", b"[-0.0]", b"[NaN]", b'{"a":1,"a":2}', b"[123456789012345678901234567890]"),
        *(b"[18446744073709551615]", b"[1.10]", b'["\\u00e9"]', b'["\\ud800"]', b"[" * 300 + b"]" * 300, b"{", b"[]\n"),
        *(
            b"[" * 250 + b"]" * 250,
            b"\xef\xbb\xbf{}",
            b"\xff\xfe",
            b"\0\1",
            b"x" * 70_000,
            b"[" + b"1," * 40_000 + b"1]",
        ),
        *(b"[" * 1000 + b"]" * 1000, b'{"blob":"' + b"a" * 64 + b'"}', bytes(range(256)) * 5),
    ]
)
contents = st.binary(max_size=200) | json_bodies | awkward
coded = st.one_of(
    st.tuples(st.just(()), contents),
    st.tuples(st.just(((b"content-encoding", b"gzip"),)), contents.map(gzip.compress)),
    st.tuples(st.just(((b"Content-Encoding", b"GZIP"),)), contents.map(lambda data: gzip.compress(data) * 2)),
    st.tuples(st.just(((b"content-encoding", b"deflate"),)), contents.map(zlib.compress)),
    st.tuples(st.just(((b"content-encoding", b"br"),)), contents.map(lambda data: brotli.compress(data, quality=4))),
    st.tuples(st.just(((b"content-encoding", b"zstd"),)), contents.map(zstandard.compress)),
    st.tuples(
        st.just(((b"content-encoding", b"gzip"), (b"content-encoding", b"br"))),
        contents.map(lambda data: encode(b"gzip, br", data)),
    ),
    st.tuples(
        st.sampled_from(["gzip", "br", "rot13", "identity", "deflate,,", "\xff"]).map(
            lambda coding: ((b"content-encoding", coding.encode("latin-1")),)
        ),
        contents,
    ),
)
headers = st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=12)), max_size=4).map(tuple)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    coding, body = draw(coded)
    client, scheme = draw(texts), draw(st.sampled_from(["http", "https"]))
    return Request(draw(texts), draw(st.binary(max_size=30)), draw(headers) + coding, body, client, scheme)


@st.composite
def responses(draw: st.DrawFn) -> Response:
    coding, body = draw(coded)
    chunks = draw(st.just(()) | st.just((Chunk(0.5, len(body)),)) | st.just((Chunk(1, 0), Chunk(2.5, len(body)))))
    status, reason = draw(st.integers(100, 999)), draw(st.binary(max_size=9))
    return Response(status, draw(headers) + coding, body, reason, draw(headers), chunks)


failures = st.builds(
    Failure, st.sampled_from(["connect", "tls", "timeout", "reset", "protocol", "cut-off", "denied"]), texts
)
exchanges = st.builds(
    Exchange, requests(), st.none() | responses(), st.none() | failures, times, times, times, texts, texts, texts
)
findings = st.lists(st.builds(Finding, texts, texts, texts, st.integers(0, 2**53)), max_size=3).map(tuple)
interactions = st.builds(Interaction, st.integers(1, 2**53), exchanges, texts, findings)
sessions = st.builds(Session, texts, times, times, *[st.integers(0, 2**53)] * 3)
manifests = st.builds(
    Manifest,
    texts,
    times,
    st.just(FORMAT),
    st.dictionaries(texts, texts, max_size=3),
    texts,
    texts,
    texts,
    st.lists(sessions, max_size=3).map(tuple),
    st.integers(0, 2**53),
    findings,
)


@given(interactions)
@settings(deadline=None)
def test_an_interaction_is_loaded_as_it_was_dumped(interaction: Interaction) -> None:
    line, blobs = dump_interaction(interaction)

    assert b"\n" not in line
    assert load_interaction(line, blobs.__getitem__) == interaction
    assert load_interaction(line + b"\n", blobs.__getitem__) == interaction
    assert load_summary(line).findings == interaction.findings
    assert dump_interaction(interaction) == (line, blobs)


@given(manifests)
@example(Manifest("~"))
@example(Manifest("\x85\u2028 \ufeff\U0001f600"))
@settings(deadline=None)
def test_a_manifest_is_loaded_as_it_was_dumped(manifest: Manifest) -> None:
    assert load_manifest(dump_manifest(manifest)) == manifest


@given(st.integers(FORMAT + 1, 2**40))
def test_a_newer_format_is_refused_naming_both(newer: int) -> None:
    page = dump_manifest(Manifest("pets", format=newer))

    with pytest.raises(CassetteFormatError, match=rf"{newer}.*{FORMAT}"):
        load_manifest(page)


@given(st.binary(max_size=300), st.integers(0, 5000), st.integers(1, 255))
@settings(deadline=None)
def test_a_changed_line_is_refused_or_is_the_same(body: bytes, place: int, flip: int) -> None:
    line, blobs = dump_interaction(an_interaction(exchange=an_exchange(a_request(body=body))))
    changed = bytearray(line)
    changed[place % len(line)] ^= flip

    with pytest.raises(CodecError):
        load_interaction(bytes(changed), blobs.__getitem__)


@given(st.binary(max_size=400))
def test_any_line_is_loaded_or_refused_with_a_codec_error(line: bytes) -> None:
    with pytest.raises(CodecError):
        load_interaction(line, {}.__getitem__)


@given(st.recursive(st.none() | st.integers() | texts, lambda x: st.lists(x) | st.dictionaries(texts, x), max_leaves=8))
@settings(deadline=None)
def test_any_value_in_any_field_is_loaded_or_refused_with_a_codec_error(value: object) -> None:
    line, blobs = dump_interaction(an_interaction(exchange=an_exchange(a_request(body=b"{}"), a_response())))
    document = json.loads(line)
    del document["crc32"]
    for field in list(document):
        for part in list(document[field]) if isinstance(document[field], dict) else [None]:
            changed = json.loads(json.dumps(document))
            if part is None:
                changed[field] = value
            else:
                changed[field][part] = value
            with suppress(CodecError):
                assert isinstance(load_interaction(json.dumps(changed).encode(), blobs.__getitem__), Interaction)


@given(contents, st.sampled_from([b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"gzip, zstd", b"br,identity"]))
@settings(deadline=None)
def test_what_was_encoded_is_decoded_and_encoded_again_to_the_same_bytes(content: bytes, codings: bytes) -> None:
    wire = encode(codings, content)
    params = find_params(codings, wire, content)

    assert decode(codings, wire) == content
    assert params is not None
    assert encode(codings, content, json.loads(json.dumps(params))) == wire


@given(st.binary(max_size=300), st.sampled_from([b"gzip", b"deflate", b"br", b"zstd", b"gzip, br", b"other"]))
def test_any_wire_is_decoded_or_refused_with_a_decoding_error(wire: bytes, codings: bytes) -> None:
    with suppress(DecodingError):
        assert isinstance(decode(codings, wire), bytes)
