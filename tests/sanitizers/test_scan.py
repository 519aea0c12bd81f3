"""A scan finds what was not cleaned, and leaves pseudonyms alone."""

from builders import a_request, a_response, an_exchange

from cassettes.cassette import Cassette, Interaction, Manifest
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES
from sanitizers.scan import scan_cassette, scan_text

KEY = bytes(range(32))
DEFAULT = PROFILES["default"]
SECRETS = an_exchange(
    a_request(headers=((b"Authorization", b"Bearer 0123456789abcdef0123"),)),
    a_response(body=b'{"password":"hunter2hunter2","mail":"bob@corp.internal"}'),
)


def scanned(*interactions):
    return list(scan_cassette(Cassette(Manifest("c"), interactions), DEFAULT, KEY))


def test_an_uncleaned_cassette_is_full_of_findings():
    found = scanned(Interaction(4, SECRETS))
    assert {finding.where for finding in found} >= {
        "interaction 4: request.headers.authorization",
        "interaction 4: response.body $.password",
        "interaction 4: response.body $.mail",
    }
    assert not any("hunter2" in str(finding) for finding in found)


def test_a_cleaned_cassette_has_none():
    cleaned = Sanitizer(DEFAULT, KEY).clean(SECRETS)
    assert scanned(Interaction(1, cleaned.exchange, findings=cleaned.findings)) == []


def test_what_was_put_into_a_cleaned_cassette_by_hand_is_found():
    cleaned = Sanitizer(DEFAULT, KEY).clean(an_exchange(a_request(), a_response(body=b'{"note":"fine"}')))
    edited = an_exchange(a_request(), a_response(body=b'{"note":"fine","password":"hunter2hunter2"}'))
    assert [finding.where for finding in scanned(Interaction(1, edited, findings=cleaned.findings))] == [
        "interaction 1: response.body $.password"
    ]


def test_a_text_file_is_scanned_line_by_line():
    text = b'fine\n{"password": "hunter2hunter2"}\n\nmail bob@corp.internal\n'
    found = list(scan_text("notes.txt", text, DEFAULT, KEY))
    assert [(finding.where.split()[0], finding.kind) for finding in found] == [
        ("notes.txt:2", "password"),
        ("notes.txt:4", "email"),
    ]
