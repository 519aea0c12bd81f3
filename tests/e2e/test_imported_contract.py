"""What an import serves keeps its document's promises: Schemathesis finds no response that breaks them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from e2e.gateway_process import Gateway, run

CORPUS = Path(os.environ.get("MIMIC_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus") / "openapi"
DOCUMENTS = {
    "readmeio+oas-examples/3.0/yaml/petstore.yaml": "/v2",
    "readmeio+oas-examples/3.1/json/train-travel.json": "",
    "Redocly+redocly-cli/resources/museum.yaml": "/_mock/demo/openapi/museum-api",
    "XeroAPI+Xero-OpenAPI/xero_files.yaml": "/files.xro/1.0",
    "twilio+twilio-oai/spec/json/twilio_lookups_v2.json": "",
}
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no documents in {CORPUS}")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_response_breaks_the_document_it_was_made_of(name, tmp_path):
    document = CORPUS / name
    made = run(tmp_path, "import", "openapi", str(document), "-o", str(tmp_path / "mocks.yaml"))
    assert made.returncode == 0, made.stderr
    with Gateway(tmp_path, "up", "-c", str(tmp_path / "mocks.yaml"), "--port", "0") as gateway:
        tried = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")), "run", str(document),
                "--url", gateway.base + DOCUMENTS[name], "--mode", "positive", "--checks", CHECKS,
                "--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--no-color",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=110, check=False,
        )  # fmt: skip
    assert tried.returncode == 0, tried.stdout[-3000:]
