"""Persons' names in all forms, recorded from a real server: none is in the stored bytes, and the cassette answers by them."""

from __future__ import annotations

import json
import urllib.parse
from typing import TYPE_CHECKING, Final

import pytest
from e2e.client import Client
from e2e.gateway_process import Gateway, run
from e2e.upstream import Ask, Tell, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.timeout(300)]
PEOPLE: Final = (("Bilal", "Jansen"), ("Zuzana", "Kowalczyk"), ("Jürgen", "O'Rahilly"), ("Will", "May"))
PLANTED: Final = ("bilal", "jansen", "zuzana", "kowalczyk", "rgen", "rahilly")
JSON: Final = ("Content-Type", "application/json")


def answer(ask: Ask) -> Tell:
    """Keep nothing: a list of all, a search, a summary that comes before the names are told, a page."""
    url = urllib.parse.urlsplit(ask.target)
    words = urllib.parse.parse_qs(url.query)
    rows = [{"id": number, "givenName": one, "familyName": other} for number, (one, other) in enumerate(PEOPLE)]
    if url.path == "/summary":
        body = [
            {"patient": f"{one} {other}", "by": f"{one[0]}. {other}", "login": f"{one}.{other}".lower()}
            for one, other in PEOPLE
        ]
        return Tell(
            headers=(JSON,), body=json.dumps({"of": body, "month": "May", "note": "it will be paid in May"}).encode()
        )
    if url.path == "/people":
        found = [
            row for row in rows if words.get("q", [""])[0].lower() in f"{row['givenName']} {row['familyName']}".lower()
        ]
        return Tell(headers=(JSON,), body=json.dumps({"items": found, "self": ask.target}, ensure_ascii=False).encode())
    page = "".join(f"<li title='{other}, {one}'>Hello {one}!</li>" for one, other in PEOPLE)
    return Tell(headers=(("Content-Type", "text/html"), ("X-User-Name", "bilal")), body=f"<ul>{page}</ul>".encode())


def visit(client: Client) -> None:
    client.call("GET", "/summary")
    client.call("GET", "/people")
    for _, family in PEOPLE[:2]:
        client.call("GET", f"/people?q={family.lower()}")
    client.call("GET", "/page/zuzana-kowalczyk?who=Jansen%2C+Bilal")
    client.call(
        "POST",
        "/note",
        body=b"text=call+JANSEN+and+bilal&x=1",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
    )


def ask_for_both(client: Client) -> None:
    client.call("GET", "/people")
    client.call("GET", "/summary")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("names") / "home"
    with (
        serving(answer) as upstream,
        Gateway(home, "record", upstream, "--cassette", "people", "--port", "0") as gateway,
    ):
        assert Client(gateway.base).run([visit]).broken == []
    return home


def test_no_planted_name_is_in_the_stored_bytes(home: Path) -> None:
    folder = home / "cassettes" / "people"
    stored = b"\n".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).lower()
    assert stored
    assert [name for name in PLANTED if name.encode() in stored] == []
    assert b"it will be paid in may" in stored


def test_a_scan_finds_nothing_left(home: Path) -> None:
    assert run(home, "scan", "people").returncode == 0


def test_a_search_by_a_real_name_is_answered_with_the_row(home: Path) -> None:
    with Gateway(home, "replay", "people", "--port", "0") as gateway:
        client = Client(gateway.base).run([visit])
    assert [step.status for step in client.steps] == [200] * len(client.steps)
    assert all(step.header("x-mimic-match").startswith("exact") for step in client.steps)
    (found,) = json.loads(client.steps[2].body)["items"]
    assert found["familyName"] == "Jansen"


def test_what_was_recorded_before_a_name_was_told_is_composed_of_its_stand_ins(home: Path) -> None:
    lines = (home / "cassettes" / "people" / "interactions.jsonl").read_text().splitlines()
    assert len(lines) == 6
    with Gateway(home, "replay", "people", "--port", "0") as gateway:
        client = Client(gateway.base).run([ask_for_both])
    rows, summary = (json.loads(step.body) for step in client.steps)
    for row, one in list(zip(rows["items"], summary["of"], strict=True))[:3]:
        assert one["patient"] == f"{row['givenName']} {row['familyName']}"
