"""mockctl import and export as a person uses them."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "responses": {"200": {"description": "", "content": {"application/json": {"example": [{"id": 1}]}}}},
            }
        },
        "/old": {"get": {"operationId": "old", "responses": {"204": {"description": ""}}}},
    },
}


def mockctl(cwd, *args):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )


def write(path, document):
    path.write_text(json.dumps(document), encoding="utf-8")


def test_an_import_is_merged_into_and_exported(tmp_path):
    write(tmp_path / "pets.json", PETS)
    first = mockctl(tmp_path, "import", "openapi", "pets.json", "-o", "mocks.yaml")
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr.startswith("pets: 2 definitions in mocks.yaml, 0 bodies checked")
    again = mockctl(tmp_path, "import", "openapi", "pets.json", "-o", "mocks.yaml")
    assert (again.returncode, "is there already: add --merge" in again.stderr) == (2, True)
    edited = (tmp_path / "mocks.yaml").read_text().replace("- id: 1\n", "- id: 99 # mine\n")
    (tmp_path / "mocks.yaml").write_text("# top\n" + edited)
    newer = {**PETS, "paths": {"/pets": PETS["paths"]["/pets"], "/new": {"get": {"responses": {}}}}}
    write(tmp_path / "pets.json", newer)
    merged = mockctl(tmp_path, "import", "openapi", "pets.json", "-o", "mocks.yaml", "--merge", "--json")
    told = json.loads(merged.stdout)["merge"]
    text = (tmp_path / "mocks.yaml").read_text()
    assert {name: told[name] for name in ("added", "vanished")} == {"added": ["GET /new"], "vanished": ["old"]}
    assert told["kept"] == [{"id": "listPets", "fields": ["response"], "contested": []}]
    assert ("# top" in text, "- id: 99 # mine" in text) == (True, True)
    assert [(one["id"], one.get("enabled", True)) for one in yaml.safe_load(text)] == [
        ("listPets", True), ("old", False), ("GET /new", True),
    ]  # fmt: skip
    exported = mockctl(tmp_path, "export", "openapi", "mocks.yaml", "-o", "out.json", "--title", "Mine")
    document = json.loads((tmp_path / "out.json").read_text())
    assert (exported.returncode, list(document["paths"]), document["info"]["title"]) == (0, ["/pets", "/new"], "Mine")


def test_a_folder_is_exported(tmp_path):
    (tmp_path / "m").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"m/{name}.yaml").write_text(f"- {{id: {name}, match: {{path: /{name}}}, response: {{body: x}}}}\n")
    exported = mockctl(tmp_path, "export", "openapi", "m", "-o", "out.json")
    assert (exported.returncode, list(json.loads((tmp_path / "out.json").read_text())["paths"])) == (0, ["/a", "/b"])


def test_without_a_file_the_definitions_are_printed(tmp_path):
    write(tmp_path / "pets.json", PETS)
    plain = mockctl(tmp_path, "import", "openapi", "pets.json", "--name", "zoo")
    assert [one["contract"] for one in yaml.safe_load(plain.stdout)] == [
        "zoo#/paths/~1pets/get",
        "zoo#/paths/~1old/get",
    ]
    told = json.loads(mockctl(tmp_path, "import", "openapi", "pets.json", "--json").stdout)
    assert (told["definitions"], [one["id"] for one in told["items"]]) == (2, ["listPets", "old"])


def test_a_json_file_is_merged_into(tmp_path):
    write(tmp_path / "pets.json", PETS)
    mockctl(tmp_path, "import", "openapi", "pets.json", "-o", "mocks.json")
    done = mockctl(tmp_path, "import", "openapi", "pets.json", "-o", "mocks.json", "--merge")
    assert "0 added, 0 changed, 2 unchanged" in done.stderr
    assert len(json.loads((tmp_path / "mocks.json").read_text())) == 2


def test_a_mistake_is_a_sentence_and_exit_code_2(tmp_path):
    (tmp_path / "bad.yaml").write_text("openapi: 9\n")
    (tmp_path / "broken.yaml").write_text("a: [\n")
    (tmp_path / "text.yaml").write_text("routes: 7\n")
    write(tmp_path / "pets.json", PETS)
    for args, told in (
        (("import", "openapi", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("import", "openapi", "bad.yaml"), "version '9' is not read"),
        (("import", "openapi", "broken.yaml"), "broken.yaml:2"),
        (("import", "openapi", "pets.json", "-o", "text.yaml", "--merge"), "a list of definitions is expected"),
        (("import", "openapi", "pets.json", "-o", "no/such/place.yaml"), "cannot be written"),
        (("export", "openapi"), "one of the two"),
        (("export", "openapi", "--cassette", "nope"), "there is no cassette nope"),
    ):
        done = mockctl(tmp_path, *args)
        assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_url_is_fetched_only_where_that_is_asked_for(tmp_path):
    class Documents(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(PETS).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Documents) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/docs/pets.json"
        unasked = mockctl(tmp_path, "import", "openapi", url)
        asked = mockctl(tmp_path, "import", "openapi", url, "--fetch", "-o", "mocks.yaml")
        server.shutdown()
    assert (unasked.returncode, "add --fetch" in unasked.stderr) == (2, True)
    assert asked.returncode == 0, asked.stderr
    ids = [one["id"] for one in yaml.safe_load((tmp_path / "mocks.yaml").read_text())]
    assert sorted(ids) == ["listPets", "old"]
