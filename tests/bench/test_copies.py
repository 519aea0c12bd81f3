"""Tests of copies: other sessions of the same form, in which everything still goes together."""

import base64
import json
from itertools import islice

from bench.fidelity.copies import Copier, renamed, sealed
from cassettes.codec import load_interaction

UUID = b"39d7c085-15a1-4dc0-9299-d219a0221208"


def line(name: str, thing: str) -> bytes:
    credentials = base64.b64encode(f"{name}:secret-pass".encode()).decode()
    document = {
        "number": 7,
        "session": f"session of {name}",
        "request": {
            "method": "PUT",
            "target": f"/v1/things/{thing}",
            "scheme": "http",
            "client": "127.0.0.1",
            "headers": [["Authorization", f"Basic {credentials}"], ["Date", "2026-11-26T10:00:00Z"]],
            "body": {"json": {"owner": name, "text": "tab\tand line\nend7abc"}, "style": "compact"},
        },
        "upstream": "main",
        "route": "things",
        "trace": "348ececd00000001",
        "started_at": 1795732774.181,
        "first_byte_ms": 1.5,
        "duration_ms": 2.5,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def test_a_word_is_renamed_to_one_of_the_same_form() -> None:
    other = renamed(b"dora-Garn_67497", 1)
    assert other != b"dora-Garn_67497"
    assert [chr(letter).isdigit() for letter in other] == [letter.isdigit() for letter in "dora-Garn_67497"]
    assert [chr(letter).isupper() for letter in other] == [letter.isupper() for letter in "dora-Garn_67497"]
    assert renamed(b"dora-Garn_67497", 1) == other != renamed(b"dora-Garn_67497", 2)


def test_a_uuid_stays_one_of_its_version() -> None:
    other = renamed(UUID, 3)
    assert other != UUID
    assert (other[14], other[19]) == (UUID[14], UUID[19])
    assert set(other) <= set(b"0123456789abcdef-")


def test_copies_are_sound_and_names_go_together_in_each() -> None:
    first, second = line("doragarn67497", UUID.decode()), line("hugobarn11223", "b" + UUID.decode()[1:])
    copies = [
        load_interaction(sealed(one, 5), dict[str, bytes]().__getitem__)
        for one in islice(Copier([[first], [second]]).lines(), 4)
    ]
    assert [copy.number for copy in copies] == [5] * 4
    assert len({copy.exchange.request.target for copy in copies}) == 4
    for copy in copies:
        asked = copy.exchange.request
        owner = json.loads(asked.body)["owner"]
        headers = dict(asked.headers)
        assert base64.b64decode(headers[b"Authorization"].split()[1]) == f"{owner}:secret-pass".encode()
        assert copy.session == f"session of {owner}"
        assert headers[b"Date"] == b"2026-11-26T10:00:00Z"
        assert json.loads(asked.body)["text"].startswith("tab\tand line\n")
    assert len({json.loads(copy.exchange.request.body)["owner"] for copy in copies}) == 4
