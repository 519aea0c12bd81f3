"""Where the gateway may connect to, and that it connects nowhere else."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl

import pytest
import trustme
import uvloop
from rawserver import Peer, RawServer, ok, saying, until

from gateway.egress import Egress, EgressDeniedError, OriginError, Timeouts, parse_origin
from gateway.upstream import Upstream, UpstreamConnectError, UpstreamError, UpstreamTimeoutError, UpstreamTLSError

pytestmark = pytest.mark.filterwarnings("ignore:Overriding:pytest.PytestDeprecationWarning")
METADATA = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]"]


@pytest.fixture(params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"])
def event_loop_policy(request):
    return request.param()


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


@pytest.mark.parametrize(
    ("url", "parts", "authority"),
    [
        ("http://api.test", ("http", "api.test", 80, b""), b"api.test"),
        ("HTTPS://API.Allowed.Test./", ("https", "api.allowed.test", 443, b""), b"api.allowed.test"),
        ("http://my_service:8080/api/v1/", ("http", "my_service", 8080, b"/api/v1"), b"my_service:8080"),
        ("https://a.test:443/%7Ex//y", ("https", "a.test", 443, b"/%7Ex//y"), b"a.test"),
        ("https://a.test:80", ("https", "a.test", 80, b""), b"a.test:80"),
        ("http://127.0.0.1:3000", ("http", "127.0.0.1", 3000, b""), b"127.0.0.1:3000"),
        ("http://[0:0::1]:3000", ("http", "::1", 3000, b""), b"[::1]:3000"),
        ("http://localhost:3000", ("http", "localhost", 3000, b""), b"localhost:3000"),
        ("http://xn--bcher-kva.test", ("http", "xn--bcher-kva.test", 80, b""), b"xn--bcher-kva.test"),
        ("http://0x7f.test", ("http", "0x7f.test", 80, b""), b"0x7f.test"),
    ],
)
def test_a_plain_url_is_read(url, parts, authority):
    origin = parse_origin(url)
    assert (origin.scheme, origin.host, origin.port, origin.base_path) == parts
    assert origin.authority == authority


MALFORMED = [
    *("http://127.1/", "http://0/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x/"),
    *("http://0177.0.0.1/", "http://017700000001/", "http://1.2.3.4.5/", "http://256.1.1.1/", "http://a.1/"),
    *("http://[fe80::1%25lo]/", "http://[fe80::1%lo]/", "http://2852039166/", "http://0xa9fea9fe/", "http://[::1/"),
    *("http://::1/", "http://[::1]x/", "http://[1.2.3.4]/", "http://[]/"),
    *("http://api.allowed.test@127.0.0.1/", "http://127.0.0.1@api.allowed.test/", "http://u:p@api.test/"),
    *("http://api.allowed.test\\@127.0.0.1/", "http://127.0.0.1\\@api.allowed.test/", "http:\\\\127.0.0.1\\"),
    *(
        "http://api.allowed.test#@127.0.0.1/",
        "http://api.allowed.test?@127.0.0.1/",
        "http://a.test/?q",
        "http://a.test/#f",
    ),
    *("http://api.allowed.test%00.127.0.0.1/", "http://api.test%2f@x/", "http://api%20.test/"),
    *(
        "http://127。0。0。1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://ⓛocalhost/",
        "http://loc\u00adalhost/",
        "http://bücher.test",
    ),
    *("http://127.0.0.1\t/", "http://127.0.0.1\n/", " http://a.test", "http://a.test ", "http://a.test/\x7f"),
    *("http:127.0.0.1/", "http:///127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "", "http://", "http:///", "http://./"),
    *("http://a.test:99999/", "http://a.test:+80/", "http://a.test:80:80/", "http://a.test:0/", "http://a.test:/"),
    *("http://a.test:8o/", "http://a.test:080/", "http://a.test:-1/", "http://a.test:65536"),
    *("file:///etc/passwd", "gopher://a.test/", "ftp://a.test/", "data:text/plain,x", "unix:///x", "http+unix://x/"),
    *(
        "http://-a.test/",
        "http://a-.test/",
        "http://a..test/",
        "http://.a.test/",
        f"http://{'a' * 64}.test/",
        "http://a.test../",
    ),
    *("http://a*.test/", "http://a,b.test/", "http://a;b/", "http://a{b}/", f"http://{'a.' * 127}test/"),
]


@pytest.mark.parametrize("by_operator", [True, False])
@pytest.mark.parametrize("url", MALFORMED)
def test_a_malformed_url_is_refused_whoever_names_it(url, by_operator):
    with pytest.raises(OriginError, match="upstream URL"):
        parse_origin(url, named_by_operator=by_operator)


def test_a_password_in_a_url_is_not_repeated_in_the_error():
    with pytest.raises(OriginError) as caught:
        parse_origin("http://user:hunter2@api.test/")
    assert "hunter2" not in str(caught.value)


PRIVATE = [
    *(
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
    ),
    *(
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ),
    *(
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ),
    *("[2002:7f00:1::]", "[2002:a00:1::1]", "[64:ff9b:1::1]", "[2001::1]", "[100::1]", "[2001:db8::1]", "[fc00::1]"),
    *("[fd00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[3fff::1]", "[::ffff:10.0.0.1]", "[::8.8.8.8]"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_refused_unless_the_operator_named_it(host):
    with pytest.raises(EgressDeniedError):
        parse_origin(f"http://{host}/", named_by_operator=False)
    assert parse_origin(f"http://{host}:81/").port == 81


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "foo.localhost"])
def test_a_name_for_this_machine_is_refused_unless_the_operator_named_it(host):
    with pytest.raises(EgressDeniedError):
        parse_origin(f"http://{host}/", named_by_operator=False)
    assert parse_origin(f"http://{host}/").host in ("localhost", "foo.localhost")


@pytest.mark.parametrize(
    "host",
    [
        *METADATA,
        *("[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]"),
        *("[::169.254.169.254]", "metadata.google.internal", "METADATA.google.internal."),
    ],
)
def test_a_metadata_address_is_refused_to_the_operator_too_and_no_network_lifts_it(host):
    with pytest.raises(EgressDeniedError, match="metadata"):
        parse_origin(f"http://{host}/latest/meta-data/")
    with pytest.raises(EgressDeniedError, match="metadata"):
        parse_origin(f"http://{host}/", named_by_operator=False, allow_private=("0.0.0.0/0", "::/0"))
    assert parse_origin(f"http://{host}/", allow_metadata=True).allow_metadata


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "93.184.216.34", "[2606:4700::1111]", "[64:ff9b::808:808]", "[2002:808:808::1]"]
)
def test_a_public_address_is_allowed(host):
    assert parse_origin(f"https://{host}/", named_by_operator=False).port == 443


def test_allow_private_lifts_only_what_it_lists():
    allow = {"named_by_operator": False, "allow_private": ("10.20.0.0/16",)}
    assert parse_origin("http://10.20.0.5:8080/", **allow).host == "10.20.0.5"
    assert parse_origin("http://[::ffff:10.20.0.5]:8080/", **allow).port == 8080
    for url in ("http://10.21.0.5:8080/", "http://127.0.0.1/", "http://[fd00::1]/"):
        with pytest.raises(EgressDeniedError):
            parse_origin(url, **allow)
    with pytest.raises(OriginError, match="allow_private"):
        parse_origin("http://a.test/", allow_private=("10.20.0.5/16",))


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
    async with RawServer(saying(ok(b"secret"))) as server:
        origin = parse_origin(f"http://stage.corp.test:{server.port}", named_by_operator=False)
        with pytest.raises(EgressDeniedError) as caught:
            await Egress(resolve=Answers(answers)).connect(origin, Quiet, Timeouts())
        assert (caught.value.kind, caught.value.request_sent, server.connections) == ("denied", False, 0)


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
