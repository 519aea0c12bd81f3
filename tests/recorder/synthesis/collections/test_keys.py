"""Keys are made of the parameters of paths, or of the arguments of operations."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.keys import key_term, param_terms
from recorder.synthesis.samples.operation import Operation

ROW = ("POST", "/pets.rename?owner=ada", {"owner": "ada", "pet": {"id": 7}}, 200, {"ok": True})


def seen(**operation):
    [scene] = scenes_of(ROW)
    scene.endpoint.operation = scene.sample.operation = Operation("POST", ("pets.rename",), **operation)
    return scene


def test_a_key_of_a_path_has_its_parameters():
    [scene] = scenes_of(("GET", "/owners/17/pets/29", None, 200, {}))
    key = key_term(scene.endpoint, 2)
    assert (key.text, key.get(scene)) == ("request.path_params.owner ~ '/' ~ request.path_params.pet", "17/29")
    assert key_term(scene.endpoint, 0).get(scene) == "it"


def test_a_key_of_an_operation_has_its_arguments():
    scene = seen(keys=(("owner",), ("pet", "id")))
    scene.endpoint.params, scene.params = ("owner", "pet"), {"owner": "ada", "pet": "7"}
    key = key_term(scene.endpoint, 2)
    assert (key.text, key.get(scene)) == ("request.json.owner ~ '/' ~ request.json.pet.id", "ada/7")
    assert key_term(scene.endpoint, 1, trailing=True).get(scene) == "ada/"
    assert key_term(scene.endpoint, 1).text == "request.json.owner"


def test_arguments_may_stand_in_the_query_or_in_a_form():
    assert [one.text for one in param_terms(seen(keys=(("owner",),), given="query").endpoint)] == [
        "request.query.owner"
    ]
    assert [one.text for one in param_terms(seen(keys=(("owner",),), given="form").endpoint)] == ["request.form.owner"]
