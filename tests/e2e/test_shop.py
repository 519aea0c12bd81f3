from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from examples.children import Child, ChildError
from examples.kept import find_leaks
from examples.shop import session
from examples.shop.session import Visit, compare, visit

ROOT = Path(__file__).parents[2]
SHOP = (sys.executable, "-m", "examples.shop", "--event-gap", "0.02")


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.chdir(ROOT)
    with Child("the shop", SHOP) as child:
        yield child.address


def ask(base, method, path, document=None, **headers):
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    content = None if document is None else json.dumps(document)
    connection.request(method, path, content, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def log_in(base):
    _, headers, body = ask(base, "POST", "/login", {"email": session.EMAIL, "password": session.PASSWORD})
    return json.loads(body), headers["set-cookie"]


def fill_cart_and_order(base, **credentials):
    ask(base, "POST", "/cart/items", {"product": "p-02", "quantity": 2}, **credentials)
    order = {"payment": {"card_number": session.CARD}, "phone": session.PHONE, "address": session.ADDRESS}
    return ask(base, "POST", "/orders", order, **credentials)


def test_a_whole_visit_meets_its_own_expectations(shop):
    done = visit(shop)
    assert [(step.path, step.status) for step in done.steps if not step.went_well] == []
    assert len(done.steps) == session.PLANNED_STEPS
    assert done.went_well


def test_two_visits_differ_only_where_a_real_service_does(shop):
    first, second = visit(shop), visit(shop)
    named = {first.steps[one.number - 1].path.split("?")[0] for one in compare(first.steps, second.steps)}
    assert named == {"/login", "/token/refresh", "/profile", "/orders", "/orders/ord-1001", "/orders/ord-1001/events"}


def test_a_token_or_a_session_cookie_opens_the_customers_pages(shop):
    tokens, cookie = log_in(shop)
    bearer = f"Bearer {tokens['access_token']}"
    assert ask(shop, "GET", "/profile", Authorization=bearer)[0] == 200
    assert ask(shop, "GET", "/profile", Cookie=cookie.split(";")[0])[0] == 200
    assert ask(shop, "GET", "/profile", Authorization=bearer[:-2] + "xx")[0] == 401


def test_the_next_page_is_named_by_its_absolute_address(shop):
    _, headers, body = ask(shop, "GET", "/products?limit=5")
    assert headers["link"] == f'<{shop}/products?cursor=p-06&limit=5>; rel="next"'
    assert json.loads(body)["next_cursor"] == "p-06"
    assert "link" not in ask(shop, "GET", "/products?limit=5&cursor=p-11")[1]


def test_a_known_etag_is_answered_with_304_and_no_body(shop):
    etag = ask(shop, "GET", "/products/p-01")[1]["etag"]
    status, headers, body = ask(shop, "GET", "/products/p-01", If_None_Match=etag)
    assert (status, headers["etag"], body) == (304, etag, b"")


def test_gzip_comes_only_when_asked_for_and_is_the_same_document(shop):
    plain, packed = (ask(shop, "GET", "/products?limit=50", Accept_Encoding=coding) for coding in ("identity", "gzip"))
    assert "content-encoding" not in plain[1]
    assert packed[1]["content-encoding"] == "gzip"
    assert gzip.decompress(packed[2]) == plain[2]


def test_the_picture_is_a_png_image(shop):
    _, headers, body = ask(shop, "GET", "/products/p-01/image.png")
    assert headers["content-type"] == "image/png"
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", body[16:24]) == (24, 24)


def test_an_order_tells_its_way_as_a_stream_of_events(shop):
    bearer = f"Bearer {log_in(shop)[0]['access_token']}"
    status, headers, body = fill_cart_and_order(shop, Authorization=bearer)
    assert (status, headers["location"]) == (201, f"{shop}/orders/ord-1001")
    assert session.CARD.replace(" ", "") not in body.decode()
    _, headers, events = ask(shop, "GET", "/orders/ord-1001/events", Authorization=bearer)
    assert headers["content-type"].startswith("text/event-stream")
    assert events.count(b"event: status\n") == 5


def test_every_refusal_is_json(shop):
    for method, path, status in (("GET", "/cart", 401), ("GET", "/nowhere", 404), ("POST", "/login", 422)):
        answer = ask(shop, method, path)
        assert (answer[0], json.loads(answer[2])["error"]["status"]) == (status, status)


def test_comparing_names_the_part_that_differs(shop):
    steps = visit(shop).steps
    changed = session.Step(**{name: getattr(steps[0], name) for name in session.Step.__slots__} | {"status": 500})
    (difference,) = compare(steps, (changed, *steps[1:]))
    assert (difference.number, difference.parts) == (1, ("status",))
    assert [one.parts for one in compare(steps, steps[:-1])] == [("missing",)]
    assert not Visit((changed,), {}).went_well


@pytest.mark.parametrize(
    "spelled", ["correct horse battery", "correct%20horse%20battery", "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5Cg=="]
)
def test_a_secret_left_in_any_file_is_found_in_any_spelling(tmp_path, spelled):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "line.jsonl").write_text(f"before {spelled} after")
    assert find_leaks(tmp_path, {"password": session.PASSWORD, "card number": session.CARD}) == ["password"]


def test_a_program_that_does_not_start_is_told_with_its_last_words():
    with (
        pytest.raises(ChildError, match="no room at the inn"),
        Child("inn", (sys.executable, "-c", "exit('no room at the inn')")),
    ):
        pass


def test_the_demo_records_cleans_replays_and_compares(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "examples.demo", "--once", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"MIMIC_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none is there" in done.stdout
    assert "DIFFERS" not in done.stdout


def test_what_the_demo_suggests_to_try_next_is_answered_from_its_cassette(tmp_path):
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "examples.demo", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"MIMIC_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        suggested = next(line.split("'")[1] for line in demo.stdout if "curl -i" in line)
        base, _, path = suggested.rpartition("/")
        status, headers, _ = ask(base, "GET", f"/{path}")
    finally:
        demo.send_signal(signal.SIGINT)
        said = demo.communicate(timeout=60)[0]
    assert (status, headers["x-mimic-served-by"], demo.returncode) == (200, "cassette", 0), said
