"""A service is recorded, changes, and is held against its recording by mockctl drift: real servers, real cassettes."""

from __future__ import annotations

import http.client
import json
import secrets
import shutil
import subprocess
import time
import uuid
from urllib.parse import urlsplit

import pytest
from e2e.gateway_process import Gateway, environment
from e2e.gateway_process import mockctl as command
from e2e.upstream import Tell, serving

KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
PASSWORD = "correct horse battery"


class Shop:
    """Products that everybody sees, and orders of whoever logged in; each run has its own ids, tokens and times."""

    def __init__(self, first_order=1001, **changes):
        self.changes = changes
        self.orders, self.tokens = {}, {}
        self.next_order = first_order
        self.began = time.time()
        self.asked = []

    def answer(self, method, path, header, body):
        self.asked.append((method, path))
        if path == "/products":
            return 200, [
                {"sku": "tea", "price": self.changes.get("price", 450), "in_stock": True},
                {"sku": "jam", "price": 300, "in_stock": self.changes.get("in_stock", True)},
            ]
        if path == "/status":
            told = {"service": "shop", "at": round(time.time(), 3), "trace": str(uuid.uuid4()), "build": "b7"}
            return self.changes.get("status", 200), {**told, **self.changes.get("more", {})}
        if path == "/partners":
            is_known = header("x-api-key") == KEY
            return (200, {"partner": "harbour"}) if is_known else (401, {"error": "no key"})
        if path == "/login":
            if self.changes.get("strict") and body["password"] != PASSWORD:
                return 403, {"error": "wrong password"}
            token = secrets.token_urlsafe(24)
            self.tokens[token] = body["user"]
            return 200, {"token": token}
        user = self.tokens.get(header("authorization").removeprefix("Bearer "))
        if user is None:
            return 401, {"error": "log in"}
        return self.of_orders(method, path, user, body)

    def of_orders(self, method, path, user, body):
        if method == "POST":
            order = {"id": self.next_order, "ref": secrets.token_hex(8), "item": body["item"], "total": self.total()}
            self.orders[str(self.next_order)] = order
            self.next_order += 1
            return 201, order
        if path == "/orders":
            return 200, {"user": user, "orders": list(self.orders.values())}
        order = self.orders.get(path.rpartition("/")[2])
        return (200, order) if order else (404, {"error": "no such order"})

    def total(self):
        return self.changes.get("total", 900)


def opened(shop):
    """Serve a shop."""

    def answer(request):
        sent = request.body()
        status, told = shop.answer(request.method, request.target, request.header, json.loads(sent) if sent else None)
        headers = [("Content-Type", "application/json")]
        if status == 201:
            headers.append(("Location", f"http://{request.header('host')}/orders/{told['id']}"))
        return Tell(status, tuple(headers), json.dumps(told).encode())

    return serving(answer)


def ask(base, method, path, body=None, **headers):
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, None if body is None else json.dumps(body), told)
    response = connection.getresponse()
    found = json.loads(response.read())
    connection.close()
    return found


def visit(base):
    """Look around, log in, order twice, look at an order and at all of them."""
    ask(base, "GET", "/products")
    ask(base, "GET", "/status")
    token = ask(base, "POST", "/login", {"user": "ada", "password": PASSWORD})["token"]
    mine = {"Authorization": f"Bearer {token}"}
    first = ask(base, "POST", "/orders", {"item": "tea"}, **mine)
    ask(base, "POST", "/orders", {"item": "jam"}, **mine)
    ask(base, "GET", f"/orders/{first['id']}", **mine)
    ask(base, "GET", "/orders", **mine)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with the cassettes `shop`, a visit, and `partners`, one call with a key."""
    folder = tmp_path_factory.mktemp("drift")
    with opened(Shop()) as upstream:
        for name, script in (
            ("shop", visit),
            ("partners", lambda base: ask(base, "GET", "/partners", X_Api_Key=KEY)),
            ("again", visit),
        ):
            with Gateway(folder, "record", upstream, "--cassette", name, "--port", "0") as gateway:
                script(gateway.base)
    return folder


def drift(home, name, upstream, *words, code=0):
    done = subprocess.run(
        [command(), "drift", name, "--upstream", upstream, *words],
        env=environment(home), cwd=home, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done


def places(done):
    told = json.loads(done.stdout)
    return {
        (one["interaction"], difference["place"], difference["sort"], difference["recorded"], difference["live"])
        for one in told["interactions"]
        for difference in one.get("differences", ())
    }


def test_a_service_that_is_the_same_has_not_drifted_though_ids_tokens_and_times_are_others(home):
    shop = Shop(first_order=5402)
    with opened(shop) as upstream:
        done = drift(home, "shop", upstream, "--all", "--json")
    told = json.loads(done.stdout)
    assert (told["same"], told["drifted"], told["unknown"], told["skipped"]) == (7, 0, 0, 0)
    assert ("GET", "/orders/5402") in shop.asked


def test_only_what_changes_nothing_is_asked_without_all_and_what_depends_on_the_rest_is_left_out(home):
    shop = Shop()
    with opened(shop) as upstream:
        done = drift(home, "shop", upstream)
    assert shop.asked == [("GET", "/products"), ("GET", "/status")]
    assert "2 as recorded, 0 drifted, 0 could not be compared, 5 not asked" in done.stdout
    assert "not asked: 3, 4, 5: POST may change something" in done.stderr
    assert "it needs what interaction 3 answered, which was not asked" in done.stderr
    assert "--all asks those too" in done.stderr


def test_what_changed_is_told_place_by_place(home):
    shop = Shop(first_order=5402, price=475, in_stock="yes", total=950, more={"region": "north"})
    with opened(shop) as upstream:
        done = drift(home, "shop", upstream, "--all", "--json", code=1)
        shown = drift(home, "shop", upstream, code=1).stdout
    found = places(done)
    assert {one for one in found if one[0] < 3} == {
        (1, "response.body $[0].price", "value", "450", "475"),
        (1, "response.body $[1].in_stock", "type", "true", "yes"),
        (2, "response.body $.region", "added", "", "north"),
    }
    assert {one[1].rpartition(".")[2] for one in found if one[0] >= 3} == {"total"}
    assert {one[3:] for one in found if one[0] >= 3} == {("900", "950")}
    assert "1 GET /products\n   response.body $[0].price: value, 450 -> 475\n" in shown


def test_another_status_is_drift_and_a_place_can_be_left_out(home):
    with opened(Shop(status=503, price=475)) as upstream:
        done = drift(home, "shop", upstream, "--json", "--ignore", "response.body $[*].price", code=1)
        fine = drift(home, "shop", upstream, "--json", "--ignore", "response.status", code=1)
        none = ("--ignore", "response.status", "--ignore", "response.body $[0].price")
        drift(home, "shop", upstream, *none)
    assert places(done) == {(2, "response.status", "value", "200", "503")}
    assert {place for _, place, *_ in places(fine)} == {"response.body $[0].price"}


def test_a_second_recording_tells_what_varies(home):
    """When `again` was recorded there were orders before: the lists of the two recordings are of different lengths."""
    with opened(Shop(first_order=7000)) as upstream:
        before = json.loads(drift(home, "again", upstream, "--all", "--json", code=1).stdout)
        told = json.loads(drift(home, "again", upstream, "--all", "--json", "--volatile", "shop").stdout)
    assert [one["interaction"] for one in before["interactions"] if one["outcome"] == "drifted"] == [7]
    assert (told["same"], told["drifted"]) == (7, 0)


def test_a_call_whose_secret_was_cleaned_is_no_drift_but_cannot_be_compared(home):
    with opened(Shop()) as upstream:
        done = drift(home, "partners", upstream, code=2)
        mended = drift(home, "partners", upstream, "--header", f"X-Api-Key: {KEY}")
    assert "1 GET /partners: cannot be compared: answered 401: request.headers.x-api-key went out as cleaned" in (
        done.stdout
    )
    assert "1 as recorded" in mended.stdout
    assert KEY not in done.stdout + done.stderr + mended.stdout + mended.stderr


def test_a_password_that_was_cleaned_is_given_by_its_place(home):
    with opened(Shop(strict=True)) as upstream:
        done = drift(home, "shop", upstream, "--all", code=2)
        given = drift(home, "shop", upstream, "--all", "--set", f"request.body $.password={PASSWORD}")
    assert "answered 403: request.body $.password went out as cleaned" in done.stdout
    assert "it needs response.body $.token of interaction 3, which is not there now" in done.stdout
    assert "7 as recorded, 0 drifted, 0 could not be compared, 0 not asked" in given.stdout
    assert PASSWORD not in done.stdout + given.stdout


def test_nothing_that_the_service_tells_now_is_shown_uncleaned(home):
    with opened(Shop(more={"contact": "grace.hopper@harbour.test"})) as upstream:
        done = drift(home, "shop", upstream, "--json", code=1)
    assert any(place == "response.body $.contact" for _, place, *_ in places(done))
    assert "grace.hopper" not in done.stdout


def test_an_uncleaned_cassette_needs_no_key_and_sends_its_secrets(tmp_path):
    with opened(Shop(strict=True)) as upstream:
        with Gateway(tmp_path, "record", upstream, "--cassette", "raw", "--port", "0", "--unsafe-raw") as gateway:
            visit(gateway.base)
    with opened(Shop(first_order=5402, strict=True)) as upstream:
        done = drift(tmp_path, "raw", upstream, "--all")
    assert "7 as recorded, 0 drifted" in done.stdout


def test_a_cassette_of_somebody_elses_key_is_compared_but_for_what_was_cleaned(home, tmp_path):
    shutil.copytree(home / "cassettes" / "shop", tmp_path / "cassettes" / "shop")
    with opened(Shop(first_order=5402, price=475)) as upstream:
        done = drift(tmp_path, "shop", upstream, "--all", "--json", code=1)
    assert "warning: shop was cleaned under another key: what was cleaned is not compared" in done.stderr
    assert {place for _, place, *_ in places(done)} == {"response.body $[0].price"}


def test_a_service_that_is_not_there_cannot_be_compared(home):
    with opened(Shop()) as upstream:
        pass
    done = drift(home, "shop", upstream, code=2)
    assert "cannot be compared: no answer" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("none", "--upstream", "http://127.0.0.1:9"), "there is no cassette none"),
        (("shop", "--upstream", "ftp://127.0.0.1"), "must begin with http:// or https://"),
        (("shop", "--upstream", "http://127.0.0.1:9", "--header", "oops"), "expected NAME: VALUE"),
        (("shop", "--upstream", "http://127.0.0.1:9", "--set", "response.status=200"), "expected PLACE=VALUE"),
        (("shop", "--upstream", "http://127.0.0.1:9", "--secret", "oops"), "expected STAND-IN=VALUE"),
        (("shop", "--upstream", "http://127.0.0.1:9", "--volatile", "none"), "there is no cassette none"),
    ],
)
def test_what_cannot_be_done_is_told(home, words, told):
    done = subprocess.run(
        [command(), "drift", *words], env=environment(home), cwd=home, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert told in done.stderr
