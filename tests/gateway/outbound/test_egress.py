"""Where the gateway may connect to, and that it connects nowhere else."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl

import pytest
import trustme
from rawserver import Peer, RawServer, both_loops, ok, saying, until

from gateway.outbound.egress import Egress, EgressDeniedError, Timeouts, parse_origin
from gateway.outbound.upstream import (
    Upstream,
    UpstreamConnectError,
    UpstreamError,
    UpstreamTimeoutError,
    UpstreamTLSError,
)

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
event_loop_policy = both_loops


class Quiet(asyncio.Protocol):
    """Takes a connection and says nothing."""


class Answers:
    """A resolver with scripted answers; the last one stays."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


# Connecting


@pytest.mark.parametrize(
    "answers",
    [
        ("127.0.0.1",),
        ("93.184.216.34", "127.0.0.1"),
        ("127.0.0.1", "93.184.216.34"),
        ("0.0.0.0",),
        ("::ffff:10.0.0.1",),
        ("::1",),
        ("fe80::1%lo",),
        ("169.254.169.254",),
    ],
)
async def test_one_bad_address_in_the_answer_refuses_all_and_nothing_is_connected(answers):
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        origin = parse_origin(f"http://stage.corp.test:{canary.getsockname()[1]}", named_by_operator=False)
        with pytest.raises(EgressDeniedError) as caught:
            await Egress(resolve=Answers(answers)).connect(origin, Quiet, Timeouts())
        assert (caught.value.kind, caught.value.request_sent) == ("denied", False)
        with pytest.raises(BlockingIOError):
            canary.accept()


async def test_a_name_of_the_operator_that_leads_to_metadata_is_refused():
    origin = parse_origin("http://innocent.test")
    with pytest.raises(EgressDeniedError):
        await Egress(resolve=Answers(("169.254.169.254",))).connect(origin, Quiet, Timeouts())


async def test_every_connection_resolves_once_and_is_judged_anew():
    async with RawServer(saying(ok(b"fine"))) as server:
        origin = parse_origin(
            f"http://api.allowed.test:{server.port}", named_by_operator=False, allow_private=("127.0.0.1/32",)
        )
        resolve = Answers(("127.0.0.1",), ("127.0.0.2",))
        upstream = Upstream("up", origin, Egress(resolve=resolve))
        answer = await upstream.send("GET", b"/", [], None)
        assert await answer.read() == b"fine"
        assert resolve.asked == [("api.allowed.test", server.port)]
        await until(lambda: upstream.stats.open == 0)
        with pytest.raises(EgressDeniedError):
            await upstream.send("GET", b"/", [], None)
        assert server.connections == 1
        assert upstream.stats.open == 0
        await upstream.close()


async def test_the_next_address_is_tried_when_one_refuses():
    async with RawServer(saying(ok(b""))) as server:
        origin = parse_origin(f"http://two.test:{server.port}")
        resolve = Answers(("127.0.0.9", "127.0.0.1", "127.0.0.1"))
        transport, _ = await Egress(resolve=resolve).connect(origin, Quiet, Timeouts())
        assert transport.get_extra_info("peername")[0] == "127.0.0.1"
        transport.abort()


@pytest.mark.parametrize("answer", [(), ("not an address",), OSError("no such name")])
async def test_a_name_without_an_address_is_a_connect_error(answer):
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        if isinstance(answer, OSError):
            raise answer
        return answer

    with pytest.raises(UpstreamConnectError) as caught:
        await Egress(resolve=resolve).connect(parse_origin("http://gone.test"), Quiet, Timeouts())
    assert (caught.value.kind, caught.value.request_sent) == ("connect", False)


async def test_a_resolver_that_hangs_meets_the_connect_deadline():
    async def resolve(host: str, port: int) -> tuple[str, ...]:
        return await asyncio.get_running_loop().create_future()

    with pytest.raises(UpstreamTimeoutError) as caught:
        await Egress(resolve=resolve).connect(parse_origin("http://slow.test"), Quiet, Timeouts(connect_s=0.05))
    assert (caught.value.phase, caught.value.request_sent) == ("connect", False)


async def test_an_upstream_that_accepts_no_more_meets_the_connect_deadline():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        origin = parse_origin(f"http://127.0.0.1:{full.getsockname()[1]}")
        with pytest.raises(UpstreamTimeoutError) as caught:
            await Egress().connect(origin, Quiet, Timeouts(connect_s=0.2))
        assert caught.value.phase == "connect"
        for client in waiting:
            client.close()


async def test_a_black_hole_does_not_use_up_the_time_of_the_other_addresses():
    async with RawServer(saying(ok(b""))) as server:
        with socket.socket() as full:
            full.bind(("127.0.0.7", server.port))
            full.listen(0)
            waiting = [socket.socket() for _ in range(4)]
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(full.getsockname())
            origin = parse_origin(f"http://two.test:{server.port}")
            resolve = Answers(("127.0.0.7", "127.0.0.1"))
            transport, _ = await Egress(resolve=resolve).connect(origin, Quiet, Timeouts(connect_s=0.6))
            assert transport.get_extra_info("peername")[0] == "127.0.0.1"
            transport.abort()
            for client in waiting:
                client.close()


async def test_no_proxy_of_the_environment_is_used(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with RawServer(saying(ok(b"direct"))) as server:
        upstream = Upstream("up", parse_origin(f"http://127.0.0.1:{server.port}"), Egress())
        assert await (await upstream.send("GET", b"/", [], None)).read() == b"direct"
        await upstream.close()


# TLS


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def ca_file(authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def serving(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2", "http/1.1"])
    cert.configure_cert(context)
    return context


async def fetch(server: RawServer, egress: Egress, scheme: str = "https", tls_s: float = 5.0) -> tuple[int, bytes]:
    origin = parse_origin(f"{scheme}://api.allowed.test:{server.port}")
    upstream = Upstream("up", origin, egress, timeouts=Timeouts(tls_s=tls_s))
    try:
        answer = await upstream.send("GET", b"/", [(b"Host", b"h")], None)
        pieces = []
        while piece := await answer.read():
            pieces.append(piece)
        return answer.status, b"".join(pieces)
    finally:
        await upstream.close()
        assert upstream.stats.open == 0


async def test_a_good_certificate_is_accepted_and_http_1_1_agreed_on(authority, ca_file):
    agreed = []

    async def script(peer: Peer) -> None:
        agreed.append(peer.writer.get_extra_info("ssl_object").selected_alpn_protocol())
        await peer.head()
        await peer.say(ok(bytes(1 << 20)))
        await peer.reader.read()

    async with RawServer(script, serving(authority.issue_cert("api.allowed.test"))) as server:
        status, body = await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file))
        assert (status, len(body), agreed) == (200, 1 << 20, ["http/1.1"])


async def test_a_certificate_for_an_address_is_checked_as_one(authority, ca_file):
    async with RawServer(saying(ok(b"ip")), serving(authority.issue_cert("127.0.0.1"))) as server:
        upstream = Upstream("up", parse_origin(f"https://127.0.0.1:{server.port}"), Egress(ca_file=ca_file))
        assert await (await upstream.send("GET", b"/", [], None)).read() == b"ip"
        await upstream.close()


@pytest.mark.parametrize("fault", ["another authority", "wrong name", "expired"])
async def test_a_certificate_that_is_not_to_be_trusted_sends_nothing(authority, ca_file, fault):
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    cert = {
        "another authority": lambda: trustme.CA().issue_cert("api.allowed.test"),
        "wrong name": lambda: authority.issue_cert("evil.test"),
        "expired": lambda: authority.issue_cert("api.allowed.test", not_after=past),
    }[fault]()
    async with RawServer(saying(ok(b"secret")), serving(cert)) as server:
        with pytest.raises(UpstreamTLSError, match="certificate refused") as caught:
            await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file))
        assert (caught.value.kind, caught.value.request_sent, server.heads) == ("tls", False, [])


async def test_verify_false_accepts_any_certificate():
    async with RawServer(saying(ok(b"lab")), serving(trustme.CA().issue_cert("evil.test"))) as server:
        assert await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), verify=False)) == (200, b"lab")


async def test_https_to_a_plain_port_fails_and_never_falls_back(ca_file):
    heard = []

    async def script(peer: Peer) -> None:
        heard.append(await peer.reader.read(3))
        await peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with RawServer(script) as server:
        with pytest.raises(UpstreamTLSError):
            await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file))
        assert heard == [b"\x16\x03\x01"]


async def test_http_to_a_tls_port_is_an_upstream_error(authority):
    async with RawServer(saying(ok(b"secret")), serving(authority.issue_cert("api.allowed.test"))) as server:
        with pytest.raises(UpstreamError) as caught:
            await fetch(server, Egress(resolve=Answers(("127.0.0.1",))), "http")
        assert caught.value.kind in ("reset", "protocol")


async def test_a_handshake_that_stalls_meets_its_deadline(ca_file):
    async def script(peer: Peer) -> None:
        await peer.reader.read(1)
        await asyncio.Event().wait()

    async with RawServer(script) as server:
        with pytest.raises(UpstreamTimeoutError) as caught:
            await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file), tls_s=0.1)
        assert (caught.value.phase, caught.value.request_sent) == ("tls", False)


async def test_a_connection_closed_in_the_handshake_is_a_tls_error(ca_file):
    async def script(peer: Peer) -> None:
        await peer.reader.read(1)

    async with RawServer(script) as server:
        with pytest.raises(UpstreamTLSError):
            await fetch(server, Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file))


async def test_a_tls_body_without_a_length_ends_with_the_session(authority, ca_file):
    wire = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"
    async with RawServer(saying(wire), serving(authority.issue_cert("api.allowed.test"))) as server:
        egress = Egress(resolve=Answers(("127.0.0.1",)), ca_file=ca_file)
        assert await fetch(server, egress) == (200, b"until the end")
