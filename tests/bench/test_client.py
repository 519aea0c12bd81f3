from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest

from bench.fidelity.client import AbortedError, Client
from bench.fidelity.session import played
from bench.fidelity.transcript import dump, load


class Echo(BaseHTTPRequestHandler):
    """Answers with what was asked, a cookie, and a link to itself."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        address = f"http://127.0.0.1:{self.server.server_address[1]}"
        told = {"path": self.path, "body": body, "cookie": self.headers.get("Cookie"), "next": f"{address}/next?a=1"}
        content = json.dumps(told).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Set-Cookie", "sid=s1; Path=/")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def base():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_servers_own_address_is_not_in_the_transcript(base):
    with Client(base) as client:
        client.ask("make", "POST", "/items", json={"a": 1})
        step = client.transcript("shop", 1).steps[0]
    assert json.loads(step.text)["next"] == "{base}/next?a=1"
    assert (step.method, step.path, step.status, step.header("set-cookie")) == ("POST", "/items", 201, "sid=s1; Path=/")
    assert step.asked == 'content-type: application/json\n\n{"a":1}'


def test_a_link_that_was_answered_is_followed_and_one_to_another_server_ends_the_session(base):
    with Client(base) as client:
        link = client.ask("make", "POST", "/items").take("next")
        assert client.ask("go on", "POST", link).find("path") == "/next?a=1"
        with pytest.raises(AbortedError, match=r"^go on: the link 'http://other\.example/x' leads to another server$"):
            client.ask("go on", "POST", "http://other.example/x")


def test_links_of_the_upstream_behind_a_recorder_are_followed_through_the_recorder(base):
    with Client(base, behind="http://127.0.0.1:1") as client:
        assert client.ask("go on", "POST", "http://127.0.0.1:1/items").find("path") == "/items"


def test_another_user_has_no_cookies_of_the_first(base):
    with Client(base) as client:
        client.ask("first", "POST", "/")
        assert client.ask("first again", "POST", "/").find("cookie") == "sid=s1"
        assert client.user().ask("second", "POST", "/").find("cookie") is None
        assert [step.label for step in client.transcript("shop", 1).steps] == ["first", "first again", "second"]


def test_a_session_without_the_id_it_needs_ends_with_what_was_played(base):
    def program(client, _):
        client.ask("make", "POST", "/items")
        client.ask("make more", "POST", "/items").take("id")
        client.ask("never", "POST", "/items")

    transcript = played("shop", program, 7, base)
    assert [step.label for step in transcript.steps] == ["make", "make more"]
    assert transcript.aborted == "make more: no value at id (status 201)"


def test_one_seed_is_one_session(base):
    def program(client, random):
        client.ask("make", "POST", f"/items/{random.randint(1, 10**9)}")

    first, again, other = (played("shop", program, seed, base).steps[0].path for seed in (1, 1, 2))
    assert first == again == f"/items/{Random('shop 1').randint(1, 10**9)}"
    assert other != first


def test_a_connection_that_fails_is_a_step_of_status_0():
    with Client("http://127.0.0.1:1") as client:
        client.ask("make", "POST", "/items")
        step = client.transcript("shop", 1).steps[0]
    assert (step.status, step.trouble.partition(":")[0]) == (0, "ConnectError")


def test_a_transcript_comes_back_as_it_was_written(base, tmp_path):
    with Client(base) as client:
        client.ask("make", "POST", "/items", json={"name": "Größe"}, reads=True)
        client.ask("make", "POST", "/items", content=b"\xff")
        transcript = client.transcript("shop", 1, "it ended")
    (tmp_path / "t.json").write_text(dump(transcript), encoding="utf-8")
    assert load(tmp_path / "t.json") == transcript
    assert list(transcript.keyed()) == [("make", 0), ("make", 1)]
