"""Every document of the corpus imports, and what was made satisfies its schema as a contract sees it."""

import base64
import gzip
import os
import tarfile
from pathlib import Path

import orjson
import pytest

from cassettes.definition import MockDefinition
from recorder.contract import load_contract
from recorder.errors import DocumentError
from recorder.importers import IMPORTERS

CORPUS = Path(os.environ.get("MIMIC_CORPUS", Path(__file__).parents[4] / "shared" / "corpus")) / "openapi"
PARTS = ("components", "paths", "webhooks", "definitions")  # folders of files that a document refers to
# Responses whose schema nothing satisfies: a oneOf of branches that differ in defaults alone.
UNSATISFIABLE = {"readme.yaml": 24}
# Operations that document only statuses below 200, which are not answers.
INTERIM_ONLY = {"http-status-codes.yaml": 4}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    place = tmp_path_factory.mktemp("openapi")
    for file in sorted(path for path in CORPUS.rglob("*") if path.is_file()):
        target = place / file.relative_to(CORPUS)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.name.endswith(".tar.gz"):
            with tarfile.open(file) as archive:
                archive.extractall(target.parent, filter="data")
        elif file.suffix == ".gz":
            target.with_suffix("").write_bytes(gzip.decompress(file.read_bytes()))
        else:
            target.write_bytes(file.read_bytes())
    return place


def documents(place):
    for file in sorted(place.rglob("*")):
        if file.suffix not in (".json", ".yaml", ".yml") or set(PARTS) & set(file.parts):
            continue
        if "specification" in file.parts and file.name != "DigitalOcean-public.v2.yaml":
            continue
        yield file


def bytes_of(response):
    if "body_base64" in response:
        return base64.b64decode(response["body_base64"])
    if "body" not in response:
        return b""
    body = response["body"]
    return body.encode() if isinstance(body, str) else orjson.dumps(body)


def broken(came, contract):
    """Give the responses that break the contract."""
    found = []
    for definition in came.definitions:
        MockDefinition.model_validate(definition)
        match, response = definition["match"], definition["response"]
        for one in (response, *response.get("examples", {}).values()):
            headers = [(name.encode(), text.encode()) for name, text in one.get("headers", {}).items()]
            breaches = contract.check_response(
                match["method"], match["path"], one["status"], headers, bytes_of(one), pointer=definition["contract"]
            )
            if breaches:
                found.append((definition["id"], one["status"], breaches[0]))
    return found


def test_every_document_imports_and_every_body_satisfies_its_schema(unpacked):
    count = definitions = checked = 0
    found = {}
    for file in documents(unpacked):
        came = IMPORTERS["openapi"].read_file(file)
        count, definitions, checked = count + 1, definitions + len(came.definitions), checked + came.checked
        assert [remark for remark in came.remarks if remark.severity == "error"] == [], file
        breaches = broken(came, load_contract(file))
        if breaches:
            found[file.name] = breaches
    assert {name: len(breaches) for name, breaches in found.items()} == {**UNSATISFIABLE, **INTERIM_ONLY}, found
    assert (count >= 80, definitions >= 3000, checked >= 8000) == (True, True, True)


def test_a_part_of_a_document_is_refused_with_a_sentence(unpacked):
    parts = sorted((unpacked / "APIDevTools+swagger-parser").rglob("definitions/*.yaml"))
    assert len(parts) == 6
    for file in parts:
        with pytest.raises(DocumentError, match="this is no OpenAPI document"):
            IMPORTERS["openapi"].read_file(file)
