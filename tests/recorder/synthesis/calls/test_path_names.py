"""Operations that paths name are known by their form, by their verbs, and by having no parameters beside them."""

import pytest
from synthesis.telling import told

from recorder.synthesis.calls.path_names import name_operations
from recorder.synthesis.endpoints.endpoint import endpoints_of


def named(*calls):
    """Give the names of the operations among calls, each a method and a target, with where their arguments are."""
    rows = [(method, target, {"a": 1} if method == "POST" else None, 200, {"n": n})
            for n, (method, target) in enumerate(call.split() for call in calls)]  # fmt: skip
    return {one.operation.name: one.operation.given for one in name_operations(endpoints_of(told(*rows)))}


@pytest.mark.parametrize(
    ("calls", "names"),
    [
        (("POST /api/pets.add", "GET /api/pets.info?pet=1", "GET /api/pets.list", "GET /api/reports.totals"),
         {"pets.add": "json", "pets.info": "query", "pets.list": "query", "reports.totals": "query"}),
        (("POST /v1/pets/create", "POST /v1/pets/list", "POST /v1/owners/get", "POST /v1/owners/list_all"),
         {"pets.create": "json", "pets.list": "json", "owners.get": "json", "owners.list_all": "json"}),
        (("POST /twirp/zoo.Zoo/CreatePet", "POST /twirp/zoo.Zoo/GetPet", "POST /twirp/zoo.Zoo/ListPets"),
         {"CreatePet": "json", "GetPet": "json", "ListPets": "json"}),
        (("POST /add_pet", "GET /get_pet?pet=3", "GET /find_pets"),
         {"add_pet": "json", "get_pet": "query", "find_pets": "query"}),
        # A word that is no verb names an operation on what has others.
        (("POST /api/2.0/pets/create", "GET /api/2.0/pets/get", "POST /api/2.0/pets/groom", "GET /api/2.0/owners/search"),
         {"pets.create": "json", "pets.get": "query", "pets.groom": "json", "owners.search": "query"}),
        # What has parameters beside it, says what is read by the method, or is too little to tell, are paths.
        (("POST /carts", "GET /carts/7", "POST /carts/7/checkout", "POST /carts/8/close", "POST /carts/9/apply"), {}),
        (("POST /login/start", "POST /login/open", "POST /login/close", "GET /me"), {}),
        (("POST /api/pets.add", "GET /api/pets.list"), {}),
        (("GET /img/pet.add.png", "GET /style.css", "GET /index.html", "GET /app.js"), {}),
        (("POST /api/pets.add", "GET /api/pets.info", "GET /api/pets.list", "GET /api/pets/17"), {}),
    ],
)  # fmt: skip
def test_names_are_told_by_their_form(calls, names):
    assert named(*calls) == names


def test_arguments_may_be_fields_of_a_form():
    calls = [("POST", "/pets.add"), ("POST", "/pets.get"), ("POST", "/pets.list")]
    endpoints = endpoints_of(told(*((method, target, None, 200, {"ok": True}) for method, target in calls)))
    for endpoint in endpoints:
        endpoint.samples[0].form = {"name": ["Rex"]}
    assert [one.operation.given for one in name_operations(endpoints)] == ["form"] * 3
    assert endpoints[0].samples[0].asked == endpoints[0].samples[0].arguments == {"name": "Rex"}
