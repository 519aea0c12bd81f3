"""What the admin API changed stands in the definitions' files."""

from contextlib import asynccontextmanager

import httpx
import pytest
from serving_gateway import served

from gateway.admin import admin_application
from gateway.app import Front, Gateway
from gateway.config import load_configuration
from gateway.documents.definitions import load_definitions
from gateway.documents.write_back import WriteBack

FILE = """\
# The shop.
- id: a   # first
  response: {status: 200, body: "x"}   # short
  priority: 5

# Second.
- id: b
  response: {}
"""
NEW = {"id": "n", "match": {"path": "/n"}, "response": {"body": "new"}}


@asynccontextmanager
async def a_gateway_of(tmp_path, **flags):
    (tmp_path / "mocks.yaml").write_text(FILE)
    flags = {"home": str(tmp_path / "home"), "mocks": [str(tmp_path / "mocks.yaml")], "write_back": True, **flags}
    configuration = load_configuration(None, flags, {})
    gateway = Gateway(configuration)
    gateway.apply(configuration.definitions)
    async with served(Front(gateway, admin_application(gateway))) as url:
        async with httpx.AsyncClient(base_url=url + "/api/admin", trust_env=False) as client:
            yield client


async def test_a_patch_changes_one_leaf_of_the_file(tmp_path):
    async with a_gateway_of(tmp_path) as client:
        answer = await client.patch("/mocks/a", json={"response": {"status": 201}})
    assert answer.json()["response"] == {"status": 201, "body": "x"}
    assert (tmp_path / "mocks.yaml").read_text() == FILE.replace("200", "201")


async def test_what_is_replaced_and_deleted_is_so_in_the_file(tmp_path):
    async with a_gateway_of(tmp_path) as client:
        await client.put("/mocks/a", json={"id": "a", "response": {"status": 200, "body": "y"}})
        await client.delete("/mocks/b")
    expected = FILE.replace('"x"', '"y"').replace("  priority: 5\n", "").replace("- id: b\n  response: {}\n", "")
    assert (tmp_path / "mocks.yaml").read_text() == expected


async def test_a_new_definition_goes_into_the_file_that_is_named_for_it(tmp_path):
    async with a_gateway_of(tmp_path, write_back_file=str(tmp_path / "new.yaml")) as client:
        await client.post("/mocks", json=NEW)
        await client.patch("/mocks/n", json={"response": {"body": "newer"}})
    assert (tmp_path / "new.yaml").read_text() == ("- id: n\n  match:\n    path: /n\n  response:\n    body: newer\n")
    assert (tmp_path / "mocks.yaml").read_text() == FILE


async def test_without_such_a_file_it_is_in_memory_only(tmp_path):
    async with a_gateway_of(tmp_path) as client:
        created = await client.post("/mocks", json=NEW)
        await client.delete("/mocks/n")
    assert (created.status_code, (tmp_path / "mocks.yaml").read_text()) == (201, FILE)


async def test_what_cannot_be_written_is_not_changed(tmp_path):
    async with a_gateway_of(tmp_path, write_back_file=str(tmp_path / "no/folder.yaml")) as client:
        answer = await client.post("/mocks", json=NEW)
        listed = (await client.get("/mocks")).json()
    assert (answer.status_code, listed["total"]) == (422, 2)
    assert "cannot be written" in answer.json()["detail"]


async def test_without_the_setting_files_stay(tmp_path):
    async with a_gateway_of(tmp_path, write_back=False) as client:
        assert (await client.delete("/mocks/a")).status_code == 204
    assert (tmp_path / "mocks.yaml").read_text() == FILE


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"mode": "proxy", "upstream": "http://169.254.169.254/"}, "cannot be used"),
        ({"mode": "replay", "cassette": "../../etc"}, "is not a cassette's name"),
        ({"response": {"body_file": "mocks.yaml"}}, "body_file 'mocks.yaml'"),
    ],
)
async def test_what_the_api_may_not_name_does_not_become_the_operators_word(tmp_path, part, told):
    async with a_gateway_of(tmp_path) as client:
        answer = await client.put("/mocks/b", json={"id": "b", "enabled": False, "response": {}, **part})
    assert (answer.status_code, (tmp_path / "mocks.yaml").read_text()) == (422, FILE)
    assert told in answer.json()["detail"]


def test_a_definition_that_was_deleted_comes_back_into_its_file(tmp_path):
    file = tmp_path / "mocks.yaml"
    file.write_text(FILE)
    origins = load_definitions([file]).origins
    back = WriteBack(None)
    back.write({"b": None}, origins)
    assert back.document("b", origins) is None
    back.write({"b": {"id": "b", "response": {}}}, origins)
    assert back.document("b", origins) == {"id": "b", "response": {}}
    assert file.read_text().endswith("  priority: 5\n- id: b\n  response: {}\n\n# Second.\n")
