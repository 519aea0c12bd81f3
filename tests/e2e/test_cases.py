"""A shop written as cases: logged in, filled, listed by pages and emptied over a real socket."""

import yaml
from serving_gateway import a_gateway

SHOP = yaml.safe_load("""
- id: login
  match: {method: POST, path: /login}
  collections: {users: {seed: {ada: {name: ada, password: pw}}}}
  let: {user: "{{ resource.users.get(request.json.name) }}"}
  cases:
    - when: [vars.user, vars.user.password == request.json.password]
      tier: synthesized
      let: {token: "{{ random_token(24) }}"}
      response: {body: {token: "{{ vars.token }}"}}
      save: [{state: "token:{{ vars.token }}", value: {name: "{{ vars.user.name }}"}, ttl: 60}]
    - response: {status: 401, body: {error: wrong name or password}}
- id: orders-create
  match: {method: POST, path: /orders}
  let: {who: "{{ state.get('token:{{ request.auth.token }}') }}"}
  cases:
    - {when: not vars.who, response: {status: 401}}
    - {when: request.json.item is not defined, response: {status: 422, body: {lacking: item}}}
    - tier: synthesized
      let: {id: "{{ resource.orders.next_id('id') }}"}
      response:
        status: 201
        headers: {Location: "/orders/{{ vars.id }}"}
        body: {id: "{{ vars.id }}", item: "{{ request.json.item }}", owner: "{{ vars.who.name }}"}
      save: [{in: orders, key: "{{ vars.who.name }}/{{ vars.id }}", item: "{{ vars.answer.json }}"}]
- id: orders-list
  match: {method: GET, path: /orders}
  let: {who: "{{ state.get('token:{{ request.auth.token }}') }}"}
  list: {in: orders, under: "{{ vars.who.name }}/", sort: {param: sort, default: [-id]}, page: {number: page, size: 2}}
  cases:
    - {when: not vars.who, response: {status: 401}}
    - tier: resource
      response: {headers: {X-Next: "{{ vars.list.next_page or omit }}"}, body: {items: "{{ vars.list.items }}"}}
- id: orders-delete
  match: {method: DELETE, path: "/orders/{id}"}
  let:
    who: "{{ state.get('token:{{ request.auth.token }}') }}"
    key: "{{ vars.who.name }}/{{ request.path_params.id }}"
  cases:
    - {when: not resource.orders.has(vars.key), response: {status: 404}}
    - {response: {status: 204}, save: [{in: orders, key: "{{ vars.key }}", delete: true}]}
""")


async def test_a_shop_remembers_what_its_clients_did(tmp_path):
    async with a_gateway(tmp_path, *SHOP) as client:
        wrong = await client.post("/login", json={"name": "ada", "password": "x"})
        login = await client.post("/login", json={"name": "ada", "password": "pw"})
        head = {"Authorization": f"Bearer {login.json()['token']}"}
        made = [await client.post("/orders", json={"item": item}, headers=head) for item in ("tea", "milk", "rice")]
        lacking = await client.post("/orders", json={}, headers=head)
        first = await client.get("/orders", headers=head)
        second = await client.get("/orders?page=2", headers=head)
        gone = [await client.delete("/orders/2", headers=head) for _ in range(2)]
        rest = await client.get("/orders?sort=id", headers=head)
        anonymous = await client.get("/orders")
        notes = [entry.note for entry in client.gateway.journal]
    assert [wrong.status_code, lacking.status_code, anonymous.status_code] == [401, 422, 401]
    assert [(one.status_code, one.headers["location"], one.json()["item"]) for one in made] == [
        (201, "/orders/1", "tea"),
        (201, "/orders/2", "milk"),
        (201, "/orders/3", "rice"),
    ]
    assert [order["id"] for order in first.json()["items"]] == [3, 2]
    assert (first.headers.get("x-next"), second.headers.get("x-next")) == ("2", None)
    assert [one.status_code for one in gone] == [204, 404]
    assert rest.json() == {
        "items": [{"id": 1, "item": "tea", "owner": "ada"}, {"id": 3, "item": "rice", "owner": "ada"}]
    }
    assert [one.headers["x-mimic-match"] for one in (wrong, login, first, gone[0])] == [
        "exact; case=2; score=31",
        "synthesized; case=1; score=31",
        "resource; case=2; score=31",
        "template; case=2; score=21",
    ]
    assert {"case 1", "case 2", "case 3"} == set(notes)
