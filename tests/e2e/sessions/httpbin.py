"""A session with httpbin: echoes, content codings, images, ranges, redirects, cookies, authentication, streams, statuses."""

from __future__ import annotations

import base64
import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from e2e.client import Client

FORM_PARTS = (
    b'--frontier\r\nContent-Disposition: form-data; name="upload"; filename="raw.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\x00\x80\xff\xfe\r\n"
    b'--frontier\r\nContent-Disposition: form-data; name="remark"\r\n\r\ngr\xc3\xbc\xc3\x9fe\r\n--frontier--\r\n'
)


def echoes(client: Client) -> None:
    query = client.call("GET", "/get?x=1&y=two&y=three&none=&mix=a%20b+c", headers={"X-Step": "first"})
    client.expect(query.json().get("args", {}).get("y") == ["two", "three"], "a repeated parameter came back")
    sent = {"name": "zoë", "list": [1, "鳥", 2.50], "deep": {"nothing": None}}
    client.expect(client.call("POST", "/post", document=sent).json().get("json") == sent, "the document came back")
    fields = client.call("POST", "/post", form={"name": "zoe", "q": "one&two=three"}).json().get("form", {})
    client.expect(fields.get("q") == "one&two=three", "the form came back")


def uploads(client: Client) -> None:
    multipart = {"Content-Type": "multipart/form-data; boundary=frontier"}
    answer = client.call("POST", "/post", body=FORM_PARTS, headers=multipart).json()
    client.expect(answer.get("form", {}).get("remark") == "grüße", "the form part came back")
    chunked = client.call("POST", "/post", body=[b"one, ", b"two"], headers={"Content-Type": "text/plain"})
    client.expect(chunked.json().get("data") == "one, two", "the chunked body came back")
    client.call("PUT", "/put", body=b"\x00\xfe not text", headers={"Content-Type": "application/octet-stream"})
    client.call("PATCH", "/patch", document={"change": "x"})
    client.call("DELETE", "/delete?id=12")


def codings(client: Client) -> None:
    for target in ("/gzip", "/deflate", "/brotli"):
        client.call("GET", target, headers={"Accept-Encoding": "gzip, deflate, br"})
    client.expect("∮" in client.call("GET", "/encoding/utf8").text(), "the page of many scripts came")
    for target in ("/html", "/xml", "/json", "/robots.txt", "/base64/aGVsbG8gd29ybGQ%3D", "/links/4/1"):
        client.call("GET", target)


def images(client: Client) -> None:
    for kind in ("png", "jpeg", "svg", "webp"):
        client.call("GET", f"/image/{kind}")
    for accept in ("image/png", "image/webp"):
        chosen = client.call("GET", "/image", headers={"Accept": accept})
        client.expect(chosen.header("content-type") == accept, f"Accept chose {accept}")
    client.call("GET", "/image", headers={"Accept": "application/pdf"}, status=406)


def ranges(client: Client) -> None:
    client.expect(len(client.call("GET", "/bytes/2048?seed=7").body) == 2048, "2048 bytes came")
    client.expect(len(client.call("GET", "/range/1024").body) == 1024, "the whole came")
    for first, last in ((100, 199), (0, 9)):
        part = client.call("GET", "/range/1024", headers={"Range": f"bytes={first}-{last}"}, status=206)
        client.expect(part.header("content-range") == f"bytes {first}-{last}/1024", "the part that was asked for came")
    client.call("GET", "/range/1024", headers={"Range": "bytes=5000-6000"}, status=416)


def redirects(client: Client) -> None:
    first = client.call("GET", "/redirect/2", status=302)
    client.call("GET", urllib.parse.urlsplit(first.header("location")).path, status=302)
    client.expect(
        client.call("GET", "/absolute-redirect/1", status=302).header("location").startswith("http"), "absolute"
    )
    client.call("GET", "/redirect-to?url=%2Fget&status_code=308", status=308)


def cookies(client: Client) -> None:
    client.expect(client.call("GET", "/cookies").json().get("cookies") == {}, "no cookie yet")
    given = client.call("GET", "/cookies/set?sid=k7m2qx&colour=green", status=302).header_values("set-cookie")
    client.expect(len(given) == 2, "two cookies were set")
    jar = "; ".join(value.partition(";")[0] for value in given)
    kept = client.call("GET", "/cookies", headers={"Cookie": jar}).json().get("cookies", {})
    client.expect(kept.get("sid") == "k7m2qx", "the value that the client itself chose came back")
    client.expect("; ".join(f"{k}={v}" for k, v in sorted(kept.items(), reverse=True)) == jar, "the cookies came back")
    client.call("GET", "/cookies/delete?sid=", headers={"Cookie": jar}, status=302)


def authentication(client: Client) -> None:
    client.call("GET", "/basic-auth/uma/open-sesame", status=401)
    basic = base64.b64encode(b"uma:open-sesame").decode()
    client.call("GET", "/basic-auth/uma/open-sesame", headers={"Authorization": f"Basic {basic}"})
    client.call("GET", "/bearer", status=401)
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"
    answer = client.call("GET", "/bearer", headers={"Authorization": f"Bearer {token}"})
    client.expect(answer.json().get("token") == token, "the token that was sent came back")
    client.call("GET", "/digest-auth/auth/uma/open-sesame", status=401)


def conditions(client: Client) -> None:
    client.call("GET", "/etag/blue")
    client.call("GET", "/etag/blue", headers={"If-None-Match": "blue"}, status=304)
    client.call("GET", "/etag/blue", headers={"If-Match": '"red"'}, status=412)
    client.call("GET", "/cache")
    client.call("GET", "/cache", headers={"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}, status=304)
    client.call("GET", "/cache/60")


def streams(client: Client) -> None:
    client.expect(client.call("GET", "/stream/6").body.count(b"\n") == 6, "six lines came")
    client.expect(client.call("GET", "/drip?duration=0.6&numbytes=4&code=200&delay=0").body == b"****", "four drops")
    client.expect(len(client.call("GET", "/stream-bytes/3000?seed=3&chunk_size=500").body) == 3000, "3000 bytes came")
    client.call("GET", "/delay/0.2")


def statuses(client: Client) -> None:
    for status in (201, 202, 204, 205, 400, 402, 404, 409, 410, 418, 429, 500, 502, 503):
        client.call("GET", f"/status/{status}", status=status)
    for method in ("HEAD", "OPTIONS"):
        client.call(method, "/get")
    client.call("POST", "/status/422", status=422)
    client.call("GET", "/not-here", status=404)
    client.call("POST", "/get", status=405)


def odd_heads(client: Client) -> None:
    twice = client.call("GET", "/response-headers?Set-Cookie=k%3D1&Set-Cookie=l%3D2&X-Two=a&X-Two=b")
    client.expect(len(twice.header_values("set-cookie")) == 2, "both cookies came")
    client.expect(twice.header_values("x-two") == ["a", "b"], "both values came, in order")
    client.call("GET", "/anything/a%2Fb/%E2%9C%85?nul=%00&amp=%26")
    client.call("GET", "/anything/dots/.././?;a=1&&b", status=(200, 404))
    client.call("GET", "/anything//slashes//twice/?", status=(200, 308))
    client.call("TRACE", "/anything/trace")


def people(client: Client) -> None:
    person = {
        "email": "ingrid.larsen@example.org",
        "phone": "+47 22 12 34 56",
        "card": "5555 5555 5555 4444",
        "iban": "GB33BUKB20201555555555",
        "token": "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
        "password": "correct horse battery",
    }
    secret = {"Authorization": "Bearer opaque-token-77aa", "X-Api-Key": "AKIAQWERTYUIOPASDFGH"}
    answer = client.call("POST", "/anything/person", document=person, headers=secret).json()
    client.expect(answer.get("json") == person, "what the client sent about a person came back to it")
    client.expect(answer.get("headers", {}).get("X-Api-Key") == secret["X-Api-Key"], "its own key came back to it")


PARTS = (
    echoes,
    uploads,
    codings,
    images,
    ranges,
    redirects,
    cookies,
    authentication,
    conditions,
    streams,
    statuses,
    odd_heads,
    people,
)
