"""How the server starts, says where it listens, and stops."""

from __future__ import annotations

import json
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import threading

import pytest
import trustme
from listener import connect, read_all, read_until, statuses, talk, until

from gateway.inbound.server import Server, ServerOptions, StartError, build_server

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"


class App:
    def __init__(self) -> None:
        self.events: list[str] = []

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "lifespan":
            while True:
                event = (await receive())["type"]
                self.events.append(event)
                await send({"type": f"{event}.complete"})
                if event == "lifespan.shutdown":
                    return
        body = json.dumps([scope["scheme"], scope["path"]]).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


class Running:
    """A server in a thread."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.thread = threading.Thread(target=server.run)

    def __enter__(self) -> Server:
        self.thread.start()
        until(lambda: self.server.started)
        return self.server

    def __exit__(self, *exc) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


def test_a_free_port_is_taken_and_told():
    told: list[int] = []
    app = App()
    with Running(build_server(app, ServerOptions(port=0, on_listening=told.append))) as server:
        assert told == [server.port]
        assert statuses(talk(server.port, GET)) == [200]
    assert app.events == ["lifespan.startup", "lifespan.shutdown"]


def test_the_answer_has_no_headers_but_the_applications():
    with Running(build_server(App(), ServerOptions(port=0))) as server:
        assert talk(server.port, GET) == b'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n["http", "/x"]'


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_either_event_loop_serves(loop):
    with Running(build_server(App(), ServerOptions(port=0, loop=loop))) as server:
        assert statuses(talk(server.port, GET + GET)) == [200, 200]


def test_localhost_means_every_address_of_it():
    with Running(build_server(App(), ServerOptions(host="localhost", port=0))) as server:
        for listener in server.listeners:
            with socket.create_connection(listener.getsockname()[:2], 20) as sock:
                sock.sendall(GET)
                read_until(sock, b"]")


def certificate(tmp_path):
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return cert, key, client


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_certificate_makes_it_https(tmp_path, loop):
    cert, key, client = certificate(tmp_path)
    with Running(build_server(App(), ServerOptions(port=0, cert=cert, key=key, loop=loop))) as server:
        with client.wrap_socket(connect(server.port), server_hostname="localhost") as sock:
            sock.sendall(GET)
            assert read_until(sock, b"]").endswith(b'["https", "/x"]')
            sock.sendall(b"NONSENSE\r\n\r\n")
            assert read_until(sock, b"}").startswith(b"HTTP/1.1 400 ")
        assert talk(server.port, GET) == b""


def test_a_port_in_use_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError) as told:
            build_server(App(), ServerOptions(port=port))
    assert str(told.value) == (
        f"cannot listen on 127.0.0.1:{port}: another program is using this port; "
        "stop it or choose another port (0 takes a free one)"
    )


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("no.such.host.invalid", 0, "not known here"),
        ("192.0.2.1", 0, "does not have that address"),
        ("127.0.0.1", 70000, "0 to 65535"),
        ("a" * 300, 0, "not known here"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_told_in_words(host, port, words):
    with pytest.raises(StartError, match=words):
        build_server(App(), ServerOptions(host=host, port=port))


def test_a_certificate_that_cannot_be_used_is_told_in_words(tmp_path):
    cert, key, _ = certificate(tmp_path)
    (tmp_path / "other").mkdir()
    _, other_key, _ = certificate(tmp_path / "other")
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("garbage")
    cases = [
        (garbage, None, "PEM"),
        (cert, other_key, "does not belong"),
        (tmp_path / "none.pem", key, "no file"),
        (None, key, "without its certificate"),
        (cert, None, "PEM"),
    ]
    for given_cert, given_key, words in cases:
        with pytest.raises(StartError, match=words):
            build_server(App(), ServerOptions(port=0, cert=given_cert, key=given_key))


def test_an_application_that_cannot_start_ends_the_program_and_is_logged(caplog):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(SystemExit) as ended:
        build_server(app, ServerOptions(port=0)).run()
    assert ended.value.code != 0
    assert "no database" in caplog.text


PROGRAM = textwrap.dedent(
    """
    import asyncio, sys
    from gateway.inbound.server import ServerOptions, build_server

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                event = (await receive())["type"]
                await send({"type": event + ".complete"})
                if event.endswith("shutdown"):
                    print("shut down", flush=True)
                    return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begin", "more_body": True})
        while not (await receive())["body"]:
            pass
        await send({"type": "http.response.body", "body": b"end"})

    def told(port):
        print(port, flush=True)

    build_server(app, ServerOptions(port=0, grace_s=float(sys.argv[1]), on_listening=told)).run()
    """,
)
UPLOAD = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"


class Program:
    """The server as a process, with one request in progress."""

    def __init__(self, grace_s: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(grace_s)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self):
        self.port = int(self.process.stdout.readline())
        self.sock = connect(self.port)
        self.sock.sendall(UPLOAD)
        read_until(self.sock, b"begin\r\n")
        return self

    def __exit__(self, *exc) -> None:
        self.sock.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()

    def refuses(self) -> bool:
        try:
            connect(self.port).close()
        except ConnectionRefusedError:
            return True
        return False


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_in_progress_finish(sig):
    with Program(grace_s=30) as program:
        idle = connect(program.port)
        program.process.send_signal(sig)
        until(program.refuses)
        assert read_all(idle) == b""
        idle.close()
        program.sock.sendall(b"x")
        assert read_all(program.sock).endswith(b"end\r\n0\r\n\r\n")
        assert program.process.wait(20) == 0
        assert program.process.stdout.read() == "shut down\n"
        assert "Traceback" not in program.process.stderr.read()


def test_the_grace_ends_what_does_not_finish():
    with Program(grace_s=0.3) as program:
        program.process.send_signal(signal.SIGTERM)
        assert not read_all(program.sock).endswith(b"0\r\n\r\n")
        assert program.process.wait(20) == 0
        assert program.process.stdout.read() == "shut down\n"


def test_a_second_signal_ends_at_once():
    with Program(grace_s=1000) as program:
        program.process.send_signal(signal.SIGTERM)
        until(program.refuses)
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(20) == 0
        assert "Traceback" not in program.process.stderr.read()
