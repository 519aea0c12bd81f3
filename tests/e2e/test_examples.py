"""The example definitions load as they are, all together too, and answer as their comments say."""

from __future__ import annotations

import httpx
import pytest
from e2e.gateway_process import Gateway

from bench.process import ROOT

FOLDER = ROOT / "examples" / "definitions"
SCRIPTS = {"MIMIC_SCRIPTS_ENABLED": "true", "MIMIC_SCRIPTS_FOLDER": str(FOLDER / "scripts")}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with (
        Gateway(home, "up", "--mocks", str(FOLDER), "--port", "0", **SCRIPTS) as gateway,
        httpx.Client(base_url=gateway.base, trust_env=False, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.yaml")))
def test_each_file_can_be_served_alone(tmp_path, name):
    with Gateway(tmp_path, "up", "--mocks", str(FOLDER / name), "--port", "0", **SCRIPTS) as gateway:
        served = httpx.get(f"{gateway.base}/api/admin/status", trust_env=False).json()
    assert served["definitions"] > 0


def test_a_collection_is_filled_and_read(client):
    answers = [client.post("/api/books", json=book) for book in ({"title": "Emma", "year": 1815}, {"year": 1})]
    listed = client.get("/api/books", params={"sort": "-year", "year_lt": 1870}).json()
    assert [answer.status_code for answer in answers] == [201, 422]
    assert [book["title"] for book in listed] == ["Persuasion", "Emma"]
    titles = ["Emma", "Middlemarch", "Persuasion"]
    assert client.get("/api/report").json() == {"books": 3, "titles": titles}


def test_a_shop_knows_its_customers(client):
    login = client.post("/shop/login", json={"name": "ada", "password": "pw"})
    head = {"Authorization": f"Bearer {login.json()['token']}"}
    made = client.post("/shop/orders", json={"item": "tea"}, headers=head)
    assert client.get("/shop/orders", headers=head).json() == {"items": [made.json()]}
    assert client.get("/shop/orders").status_code == 401


def test_an_order_goes_its_way_in_each_session(client):
    def step(method, path, session="me"):
        answer = client.request(method, path, headers={"X-Mimic-Session": session})
        return answer.status_code, *answer.json().values()

    steps = [("GET", ""), ("POST", "/pay"), ("POST", "/pay"), *[("GET", "")] * 4]
    assert [step(method, f"/api/order{path}") for method, path in steps] == [
        (200, "open"),
        (202, "paid"),
        (409, "paid already"),
        (200, "paid"),
        (200, "packed"),
        (200, "shipped"),
        (200, "shipped"),
    ]
    assert step("GET", "/api/order", "you") == (200, "open")


def test_answers_differ_and_can_be_chosen(client):
    statuses = [client.get("/api/quote").status_code for _ in range(40)]
    wished = [client.get("/api/stock", headers={"Prefer": wish}) for wish in ("x=1", "example=none", "code=404")]
    assert (set(statuses), statuses.count(503) < 15) == ({200, 503}, True)
    assert [(answer.status_code, answer.json()) for answer in wished] == [
        (200, {"left": 3}),
        (200, {"left": 0}),
        (404, {"error": "no such article"}),
    ]


def test_trouble_comes_on_purpose(client):
    answers = [client.get("/api/slow", headers={"X-Api-Key": "k"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["retry-after"].isdigit()
    with pytest.raises(httpx.ReadError):
        client.get("/api/broken")


def test_graphql_is_told_apart_by_its_operation(client):
    def ask(query, **variables):
        return client.post("/graphql", json={"query": query, "variables": variables}).json()

    user = "query User($id: ID!) { user(id: $id) { id name } }"
    assert ask(user, id="7")["data"]["user"]["id"] == "7"
    assert ask(user, id="0")["data"] == {"user": None}
    renamed = ask("mutation Rename($name: String!) { rename(name: $name) { name } }", name="Ana")
    assert renamed == {"data": {"rename": {"name": "Ana"}}}


def test_templates_look_at_the_request(client):
    profile = client.get("/api/users/7?tag=a&tag=b", headers={"Accept-Language": "de"})
    basket = {"items": [{"sku": 'A"1', "price": 2.5, "count": 2}, {"sku": "B", "price": 1, "count": 3}], "note": ""}
    total = client.post("/api/basket", json=basket).json()
    body = profile.json()
    assert (body["id"], body["language"], body["tags"], len(body["token"])) == (7, "de", ["a", "b"], 12)
    assert profile.headers.get_list("set-cookie") == ["seen=7", "theme=dark"]
    assert total == {"lines": [{"sku": 'A"1', "total": 5}, {"sku": "B", "total": 3}], "gift": True}
    assert client.get("/hello?name=<b>").text == "<p>Hello, &lt;b&gt;</p>"


def test_a_service_that_is_away_has_its_fallback(client):
    answer = client.get("/api/prices/A-1")
    assert (answer.headers["x-mimic-served-by"], answer.json()) == (
        "fallback",
        {"sku": "A-1", "price": None, "stale": True},
    )


def test_a_script_makes_an_order_for_who_is_logged_in(client):
    basket = {"items": [{"price": 2, "count": 3}]}
    answers = [client.post("/api/orders", json=basket, headers=sent) for sent in ({}, {"Authorization": "Bearer t"})]
    assert [answer.status_code for answer in answers] == [401, 201]
    assert answers[1].json()["total"] == 6
    assert client.get(answers[1].headers["location"]).json() == answers[1].json()
