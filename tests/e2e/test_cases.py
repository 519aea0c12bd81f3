"""The shop of the examples, written as cases: logged in to, filled, listed by pages and emptied over a real socket."""

import yaml
from serving_gateway import a_gateway

from bench.process import ROOT

SHOP = yaml.safe_load((ROOT / "examples" / "definitions" / "cases.yaml").read_text(encoding="utf-8"))


async def test_a_shop_remembers_what_its_clients_did(tmp_path):
    async with a_gateway(tmp_path, *SHOP) as client:
        wrong = await client.post("/shop/login", json={"name": "ada", "password": "x"})
        login = await client.post("/shop/login", json={"name": "ada", "password": "pw"})
        head = {"Authorization": f"Bearer {login.json()['token']}"}
        items = ("tea", "milk", "rice")
        made = [await client.post("/shop/orders", json={"item": item}, headers=head) for item in items]
        lacking = await client.post("/shop/orders", json={}, headers=head)
        first = await client.get("/shop/orders", headers=head)
        second = await client.get("/shop/orders?page=2", headers=head)
        gone = [await client.delete("/shop/orders/2", headers=head) for _ in range(2)]
        rest = await client.get("/shop/orders?sort=id", headers=head)
        anonymous = await client.get("/shop/orders")
        notes = {entry.note for entry in client.gateway.journal}
    assert [wrong.status_code, lacking.status_code, anonymous.status_code] == [401, 422, 401]
    assert [(one.status_code, one.headers["location"], one.json()["item"]) for one in made] == [
        (201, "/shop/orders/1", "tea"),
        (201, "/shop/orders/2", "milk"),
        (201, "/shop/orders/3", "rice"),
    ]
    assert [order["id"] for order in first.json()["items"]] == [3, 2]
    assert (first.headers.get("x-next"), second.headers.get("x-next")) == ("2", None)
    assert [one.status_code for one in gone] == [204, 404]
    assert rest.json() == {
        "items": [{"id": 1, "item": "tea", "owner": "ada"}, {"id": 3, "item": "rice", "owner": "ada"}]
    }
    assert [one.headers["x-mimic-match"] for one in (wrong, login, first, gone[0])] == [
        "exact; case=2; score=31",
        "exact; case=1; score=31",
        "resource; case=2; score=31",
        "template; case=2; score=21",
    ]
    assert notes == {"case 1", "case 2", "case 3", "case 2: the newest first, two on a page"}
