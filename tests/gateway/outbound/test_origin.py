"""URLs and addresses of upstreams: which are read, which are refused, and who may lift that."""

from __future__ import annotations

import pytest

from gateway.outbound.failure import EgressDeniedError, OriginError
from gateway.outbound.origin import parse_origin

METADATA = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]"]


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
