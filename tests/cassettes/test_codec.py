"""An interaction is a readable line, and a wrong line is refused by the name of its field."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from builders import a_failure, a_request, a_response, an_exchange, an_interaction

from cassettes.cassette import Finding
from cassettes.codec import blob_names, dump_interaction, load_interaction, load_summary
from cassettes.coding import decode
from cassettes.errors import CodecError
from cassettes.exchange import Chunk

GZIPPED = ((b"Content-Type", b"application/json"), (b"Content-Encoding", b"gzip"))


def line_of(**body: object) -> bytes:
    """A line by hand, without a seal, whose response has this body."""
    line, _ = dump_interaction(an_interaction())
    document = json.loads(line)
    document["response"]["body"] = body
    del document["crc32"]
    return json.dumps(document).encode()


def body_node(body: bytes, headers=()) -> dict[str, object]:
    line, _ = dump_interaction(an_interaction(exchange=an_exchange(response=a_response(body=body, headers=headers))))
    return json.loads(line)["response"]["body"]


def test_a_line_reads_from_what_was_asked_to_what_was_found() -> None:
    finding = Finding("request.query.token", "token", "query", 2)
    response = a_response(chunks=(Chunk(1.0, 20), Chunk(2.5, 1)), trailers=((b"X-Sum", b"\xff"),))
    line, blobs = dump_interaction(an_interaction(7, an_exchange(response=response), findings=(finding,)))

    assert blobs == {}
    assert line.decode().rpartition(',"crc32"')[0] == (
        '{"number":7,"session":"s1",'
        '"request":{"method":"GET","target":"/pets/1?verbose=true","scheme":"http","client":"192.0.2.7",'
        '"headers":[["Host","api.example.test"],["Accept","application/json"]]},'
        '"response":{"status":200,"reason":"OK","headers":[["Content-Type","application/json"]],'
        '"body":{"json":{"id":1,"name":"Rex"},"style":"compact"},'
        '"trailers":[["X-Sum",{"b64":"/w=="}]],"chunks":[[1.0,20],[2.5,1]]},'
        '"upstream":"pets","route":"all","trace":"t-1",'
        '"started_at":1700000000.5,"first_byte_ms":3.25,"duration_ms":4.5,'
        '"findings":[["request.query.token","token","query",2]]'
    )


def test_a_failure_has_no_response() -> None:
    line, _ = dump_interaction(an_interaction(exchange=an_exchange(failure=a_failure())))

    assert json.loads(line)["failure"] == {"kind": "timeout", "detail": "no answer within 5 s"}
    assert "response" not in json.loads(line)


@pytest.mark.parametrize(
    ("body", "style"),
    [
        (b'{"a":[1,2.5,"x"]}', "compact"),
        (b'{"a":"\\u00e9"}', "compact ascii"),
        (b'{"a": [1, 2]}', "spaced"),
        (b'{"a": "\\u00e9"}\n', "spaced ascii newline"),
        ('{"a": "é"}'.encode(), "spaced"),
        (b'{\n  "a": [\n    1\n  ]\n}', "indent2"),
        (b'{\n    "a": {}\n}\n', "indent4 newline"),
        (b'{\n\t"a": 1\n}', "tab"),
        (b'{"a":"\\u003cb\\u003e"}', "compact ascii html"),
        (b'{"a":"http:\\/\\/x"}', "compact slashes"),
        (b"[18446744073709551615]", "compact"),
        (b"[-0.0]", "compact"),
    ],
)
def test_json_in_a_known_style_is_kept_as_a_value(body: bytes, style: str) -> None:
    assert body_node(body) == {"json": json.loads(body), "style": style}


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"[1e5]",
            b"[1.10]",
            b"[-0]",
            b"[NaN]",
            b'{"a":1,"a":1}',
            b"[123456789012345678901234567890]",
            b"{",
            b"[1, 2,3]",
        ),
        *(b'["\\ud800"]', b"{}\r\n", b"\xef\xbb\xbf{}", b"plain", b"12", b"\0"),
    ],
)
def test_other_text_is_kept_as_text(body: bytes) -> None:
    assert body_node(body) == {"text": body.decode()}


def test_small_binary_is_base64_and_large_content_a_blob() -> None:
    assert body_node(b"\xff\xfe") == {"b64": "//4="}
    for large in (b"\xff" * 2000, b"x" * 70_000):
        assert body_node(large) == {"blob": hashlib.sha256(large).hexdigest(), "size": len(large)}


def test_a_coded_body_is_readable_beside_the_settings_that_give_the_wire_back() -> None:
    wire = gzip.compress(b'{"id":1}', 9, mtime=0)
    node = body_node(wire, GZIPPED)

    assert node["json"] == {"id": 1}
    assert node["coding"]["params"] == {"xfl": 2}


def test_a_coded_body_of_unknown_settings_is_readable_beside_its_wire() -> None:
    wire = gzip.compress(b'{"id":') + gzip.compress(b"1}")
    interaction = an_interaction(exchange=an_exchange(response=a_response(body=wire, headers=GZIPPED)))
    line, blobs = dump_interaction(interaction)
    digest = hashlib.sha256(wire).hexdigest()

    assert json.loads(line)["response"]["body"]["json"] == {"id": 1}
    assert blobs == {digest: wire}
    assert blob_names(line) == {digest}


def test_an_undecodable_body_is_kept_as_it_was() -> None:
    assert body_node(b"not gzip", GZIPPED) == {"text": "not gzip"}


def test_an_edited_coded_body_is_encoded_anew_and_its_chunks_fit() -> None:
    for wire in (gzip.compress(b'{"id":1}', mtime=0), gzip.compress(b'{"id":') + gzip.compress(b"1}")):
        response = a_response(body=wire, headers=GZIPPED, chunks=(Chunk(1, 10), Chunk(2, len(wire) - 10)))
        line, blobs = dump_interaction(an_interaction(exchange=an_exchange(response=response)))
        document = json.loads(line)
        del document["crc32"]
        document["response"]["body"]["json"] = {"id": 1, "name": "Rex"}
        edited = load_interaction(json.dumps(document).encode(), blobs.__getitem__).exchange.response

        assert edited is not None
        assert decode(b"gzip", edited.body) == b'{"id":1,"name":"Rex"}'
        assert sum(chunk.size for chunk in edited.chunks) == len(edited.body)


def test_an_edited_line_is_refused_until_its_checksum_is_deleted() -> None:
    line, blobs = dump_interaction(an_interaction())
    edited = line.replace(b"Rex", b"Max")

    with pytest.raises(CodecError, match=r"crc32: the line was changed.*delete this field"):
        load_interaction(edited, blobs.__getitem__)
    loaded = load_interaction(edited.rpartition(b',"crc32"')[0] + b"}", blobs.__getitem__)
    assert loaded.exchange.response == a_response(body=b'{"id":1,"name":"Max"}')


BAD_BLOBS = [
    *("../x", "/etc/passwd", "..\\x", "a/../../x", "\0", "file:///etc/passwd", "", "a" * 63, "a" * 65, "A" * 64),
    *("g" * 64, "a" * 64 + "\n", "../" + "a" * 61, "sha256:" + "a" * 64, None, 1, ["a" * 64]),
]


@pytest.mark.parametrize("name", BAD_BLOBS)
def test_a_blob_is_named_by_64_digits_and_nothing_else_is_read(name: object) -> None:
    def read_nothing(name: str) -> bytes:
        raise AssertionError(name)

    for line in (
        line_of(blob=name, size=1),
        line_of(text="x", coding={"wire": name, "size": 1}),
    ):
        with pytest.raises(CodecError, match=r"response\.body\.(blob|coding\.wire): a blob's name of 64"):
            load_interaction(line, read_nothing)


def test_a_blob_of_other_bytes_is_refused() -> None:
    name = hashlib.sha256(b"right").hexdigest()

    assert load_interaction(line_of(blob=name, size=5), {name: b"right"}.__getitem__).number == 1
    with pytest.raises(CodecError, match=r"response\.body\.blob: .* was changed"):
        load_interaction(line_of(blob=name, size=5), {name: b"wrong"}.__getitem__)
    with pytest.raises(CodecError, match=r"response\.body\.blob: .* 7 bytes instead of 5"):
        load_interaction(line_of(blob=name, size=5), {name: b"rightly"}.__getitem__)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("number", 0, "number: a whole number from 1"),
        ("number", True, "number: a whole number"),
        ("number", 1.0, "number: a whole number"),
        ("session", 1, "session: text"),
        ("colour", "red", "interaction: unknown field 'colour'; known are number"),
        ("request", None, "request: a mapping"),
        ("request.method", None, r"request\.method: text"),
        ("request.headers", {}, r"request\.headers: a list"),
        ("request.headers", [["a"]], r"request\.headers\[0\]: \[name, value\]"),
        ("request.headers", [["a", "é"]], r"request\.headers\[0\] value: ASCII"),
        ("request.headers", [["a", {"b64": "!"}]], r"request\.headers\[0\] value\.b64: base64"),
        ("request.target", {"hex": ""}, r"request\.target: the field b64 is missing"),
        ("response.status", 70000, r"response\.status: a whole number"),
        ("response.body", {"json": 1}, r"response\.body: style with json"),
        ("response.body", {}, r"response\.body: exactly one of"),
        ("response.body", {"json": 1, "style": "fancy"}, r"response\.body\.style: one of compact"),
        ("response.body", {"json": 1, "style": "compact newline html"}, r"response\.body\.style"),
        ("response.body", {"text": "x", "coding": {"size": 1}}, r"response\.body\.coding: either wire"),
        ("response.chunks", [[1, -1]], r"response\.chunks\[0\] size"),
        ("failure", {"kind": "boredom"}, r"failure\.kind: one of connect"),
        ("started_at", "now", "started_at: a number"),
        ("findings", [["a", "b", "c", -1]], r"findings\[0\] count"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(path: str, value: object, message: str) -> None:
    document = json.loads(line_of(text="x"))
    *parents, field = path.split(".")
    node = document
    for parent in parents:
        node = node[parent]
    node[field] = value

    with pytest.raises(CodecError, match=message):
        load_interaction(json.dumps(document).encode(), {}.__getitem__)


def test_an_interaction_without_a_written_form_is_refused() -> None:
    for exchange in (an_exchange(started_at=float("nan")), an_exchange(trace="\ud800")):
        with pytest.raises(CodecError):
            dump_interaction(an_interaction(exchange=exchange))


def test_a_summary_needs_no_blob() -> None:
    line, blobs = dump_interaction(an_interaction(3, an_exchange(a_request(body=b"\xff" * 5000))))

    assert blobs
    assert load_summary(line).number == 3
