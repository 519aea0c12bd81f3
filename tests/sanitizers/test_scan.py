from __future__ import annotations

from cassettes.cassette import Cassette, Finding, Interaction, Manifest
from cassettes.exchange import Exchange, Request, Response
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES
from sanitizers.scan import scan_cassette, scan_text

KEY = b"k" * 32
PROFILE = PROFILES["default"]
EXCHANGE = Exchange(Request("GET", b"/?token=abc123def456"), Response(200, (), b'{"password":"hunter2!Zq"}'))


def scanned(*interactions):
    return list(scan_cassette(Cassette(Manifest("c"), interactions), PROFILE, KEY))


def test_a_cassette_that_was_cleaned_has_no_leaks():
    cleaned = Sanitizer(PROFILE, KEY).clean(EXCHANGE)
    assert scanned(Interaction(1, cleaned.exchange, findings=cleaned.findings)) == []


def test_a_raw_cassette_is_told_by_place_and_kind_and_never_by_value():
    found = scanned(Interaction(3, EXCHANGE))
    assert {(finding.where, finding.kind) for finding in found} == {
        ("interaction 3: request.query.token", "token"),
        ("interaction 3: response.body $.password", "password"),
    }
    assert "hunter2" not in repr(found)


def test_a_part_of_a_name_that_was_left_elsewhere_is_told():
    sanitizer = Sanitizer(PROFILE, KEY)
    early = sanitizer.clean(Exchange(Request("GET", b"/?q=jansen"), Response(200, (), b'{"month":"May"}')))
    late = sanitizer.clean(Exchange(Request("POST", b"/", (), b'{"givenName":"May","familyName":"Jansen"}')))
    interactions = [
        Interaction(number, one.exchange, findings=one.findings) for number, one in enumerate((early, late), start=1)
    ]
    assert scanned(*interactions) == [Finding("interaction 1: request.query.q", "name", "echo")]


def test_what_cannot_be_read_is_told():
    bad = Exchange(Request("GET", b"/"), Response(200, ((b"Content-Encoding", b"gzip"),), b"no gzip"))
    assert scanned(Interaction(1, bad)) == [Finding("interaction 1: response.body", "unreadable", "scan")]


def test_a_file_is_told_by_its_lines():
    found = list(scan_text("notes.txt", b'fine\npassword=hunter2\n{"email":"bob@corp.internal"}\n', PROFILE, KEY))
    assert [(finding.where, finding.kind) for finding in found] == [
        ("notes.txt:2 password", "password"),
        ("notes.txt:3 $.email", "email"),
    ]
