"""mockctl as a person uses it: commands, exit codes, sentences instead of tracebacks."""

import http.server
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import trustme

MOCKCTL = [sys.executable, "-m", "gateway.cli"]


def run(*args, cwd, **environment):
    return subprocess.run(
        [*MOCKCTL, *args], cwd=cwd, capture_output=True, text=True, timeout=60, check=False, env=env(**environment)
    )


def env(**more):
    root = str(Path(__file__).resolve().parents[2])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MIMIC_")}
    return {**kept, "PYTHONPATH": root, "NO_COLOR": "1", "COLUMNS": "200", **more}


class Gateway:
    """A gateway as a child process; `url` once it listens."""

    def __init__(self, cwd, *args):
        self.cwd = cwd
        self.process = subprocess.Popen(
            [*MOCKCTL, *args], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env()
        )
        self.lines = []

    def __enter__(self):
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.match(r"listening on (\S+)", line)
            if found:
                self.url = found[1]
                return self
        raise AssertionError("".join(self.lines))

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.lines += self.process.communicate(timeout=30)[0].splitlines(keepends=True)
        return self.process.returncode, "".join(self.lines)

    def get(self, path, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=20) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), error.headers

    def mockctl(self, *args):
        return run(*args, cwd=self.cwd, MIMIC_URL=self.url)


@pytest.fixture
def upstream():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"path": self.path, "password": "hunter2hunter2"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_record_then_replay_offline(tmp_path, upstream):
    with Gateway(tmp_path, "record", upstream, "--cassette", "tape", "--port", "0") as gateway:
        recorded = gateway.get("/a")[1]
        code, told = gateway.stop()
    assert (code, "1 interaction recorded into tape" in told, "mockctl replay tape" in told) == (0, True, True)
    assert "password" in told
    assert "hunter2" not in told
    stored = (tmp_path / ".mimic/cassettes/tape/interactions.jsonl").read_text()
    assert "hunter2" not in stored
    with Gateway(tmp_path, "replay", "tape", "--port", "0") as gateway:
        status, body, headers = gateway.get("/a")
        missed = gateway.get("/b")
        assert gateway.stop()[0] == 0
    assert (status, headers["x-mimic-served-by"]) == (200, "cassette")
    assert json.loads(body)["path"] == json.loads(recorded)["path"]
    assert (missed[0], json.loads(missed[1])["near_misses"][0]["target"]) == (502, "/a")
    scanned = run("scan", "tape", cwd=tmp_path)
    assert (scanned.returncode, scanned.stdout) == (0, "0 findings in tape\n")
    shown = run("cassettes", "show", "tape", cwd=tmp_path)
    assert "1 password" in shown.stdout
    listed = json.loads(run("cassettes", "list", "--json", cwd=tmp_path).stdout)
    assert [(row["name"], row["interactions"], row["profile"]) for row in listed] == [("tape", 1, "default")]


def test_a_full_cassette_is_not_recorded_over_by_accident(tmp_path, upstream):
    with Gateway(tmp_path, "record", upstream, "--cassette", "tape", "--port", "0") as gateway:
        gateway.get("/a")
        gateway.stop()
    refused = run("record", upstream, "--cassette", "tape", "--port", "0", cwd=tmp_path)
    assert (refused.returncode, "holds a recording already" in refused.stderr) == (2, True)
    with Gateway(tmp_path, "record", upstream, "--cassette", "tape", "--port", "0", "--record-mode", "all") as gateway:
        gateway.get("/b")
        gateway.stop()
    names = {
        row["name"]: row["interactions"] for row in json.loads(run("cassettes", "list", "--json", cwd=tmp_path).stdout)
    }
    assert names == {"tape": 1, "tape.previous": 1}


def test_an_uncleaned_recording_is_stamped_and_found_by_scan(tmp_path, upstream):
    with Gateway(tmp_path, "record", upstream, "--cassette", "raw", "--port", "0", "--unsafe-raw") as gateway:
        gateway.get("/a")
        gateway.stop()
    assert "profile: raw" in (tmp_path / ".mimic/cassettes/raw/cassette.yaml").read_text()
    scanned = run("scan", "raw", "--json", cwd=tmp_path)
    findings = json.loads(scanned.stdout)
    assert (scanned.returncode, [finding["kind"] for finding in findings]) == (1, ["password"])
    assert "hunter2" not in scanned.stdout
    assert "UNCLEANED" in run("cassettes", "show", "raw", cwd=tmp_path).stdout


def test_up_serves_a_file_and_is_steered_while_it_runs(tmp_path, upstream):
    (tmp_path / "mimic.yaml").write_text(
        f"port: 0\nupstreams: {{real: '{upstream}'}}\nroutes:\n"
        "- {id: a, match: {path: /a}, response: {body: mocked}, tags: [x]}\n"
        "- {id: b, mode: proxy, upstream: real}\n"
    )
    with Gateway(tmp_path, "up", "-c", "mimic.yaml") as gateway:
        assert gateway.get("/a")[1] == b"mocked"
        assert "a now answers in mode" not in gateway.mockctl("mode", "a", "nonsense").stdout
        disabled = gateway.mockctl("disable", "a")
        assert (disabled.stdout, gateway.get("/a")[2]["x-mimic-served-by"]) == ("a is disabled\n", "upstream")
        assert gateway.mockctl("enable", "a").returncode == 0
        rows = json.loads(gateway.mockctl("list", "--json").stdout)
        assert [(row["id"], row["mode"]) for row in rows] == [("a", "mock"), ("b", "proxy")]
        assert gateway.mockctl("record", "start", "tap").returncode == 0
        gateway.get("/z")
        stopped = gateway.mockctl("record", "stop", "tap")
        assert stopped.stdout == "1 interactions recorded into tap\n"
        assert "tap" in gateway.mockctl("record", "status").stdout
        switched = gateway.mockctl("mode", "b", "passthrough")
        assert switched.stdout == "b now answers in mode passthrough\n"
        unknown = gateway.mockctl("mode", "zzz", "mock")
        assert (unknown.returncode, "there is no definition with the id 'zzz'" in unknown.stderr) == (2, True)
        assert "2 of 2 enabled" in gateway.mockctl("status").stdout
        assert gateway.stop()[0] == 0


def test_the_admin_api_can_have_a_port_of_its_own(tmp_path):
    (tmp_path / "m.yaml").write_text("- {id: a, match: {path: /a}, response: {body: x}}\n")
    with Gateway(tmp_path, "up", "-c", "m.yaml", "--port", "0", "--admin-port", "0") as gateway:
        for line in gateway.process.stdout:
            gateway.lines.append(line)
            if "admin API on" in line:
                break
        admin = re.search(r"admin API on (\S+?)/api/admin/", "".join(gateway.lines))[1]
        assert admin != gateway.url
        assert gateway.get("/api/admin/status")[0] == 404
        with urllib.request.urlopen(admin + "/api/admin/status", timeout=10) as answer:
            assert json.load(answer)["definitions"] == 1
        assert gateway.stop()[0] == 0


def test_tls_is_served_with_a_certificate(tmp_path):
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost", "127.0.0.1")
    leaf.private_key_pem.write_to_path(tmp_path / "key.pem")
    leaf.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    context = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    (tmp_path / "m.yaml").write_text("- {id: a, match: {path: /a}, response: {body: safe}}\n")
    with Gateway(tmp_path, "up", "-c", "m.yaml", "--port", "0", "--cert", "cert.pem", "--key", "key.pem") as gateway:
        assert gateway.url.startswith("https://127.0.0.1:")
        with urllib.request.urlopen(gateway.url + "/a", timeout=10, context=context) as answer:
            assert answer.read() == b"safe"
        assert gateway.stop()[0] == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["up"], "there is nothing to serve"),
        (["up", "-c", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["up", "--upstream", "ftp://x"], "cannot be used"),
        (["record", "http://127.0.0.1:1"], "--cassette NAME"),
        (["record", "notaurl", "--cassette", "x"], "notaurl"),
        (["record", "http://127.0.0.1:1", "--cassette", "a b"], "is not a cassette's name"),
        (["record", "http://127.0.0.1:1", "--cassette", "x", "--record-mode", "sometimes"], "record_mode"),
        (["replay", "nowhere"], "there is no cassette nowhere"),
        (["replay", "x", "--timing", "fast"], "timing"),
        (["replay", "x", "--repeat", "never"], "repeat"),
        (["up", "--upstream", "http://127.0.0.1:1", "--host", "0.0.0.0"], "set an admin key"),
        (["up", "--upstream", "http://127.0.0.1:1", "--cert", "x.pem"], "cert and key go together"),
        (["up", "--upstream", "http://127.0.0.1:1", "--cert", "x.pem", "--key", "y.pem"], "x.pem"),
        (["up", "--upstream", "http://127.0.0.1:1", "--profile", "nope"], "nope"),
        (["list"], "no gateway answers at"),
        (["scan", "nowhere"], "neither a file or folder"),
        (["cassettes", "show", "nowhere"], "there is no cassette nowhere"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_2(tmp_path, args, told):
    done = run(*args, cwd=tmp_path, MIMIC_URL="http://127.0.0.1:9")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_taken_port_is_a_sentence(tmp_path):
    (tmp_path / "m.yaml").write_text("- {id: a, response: {}}\n")
    with Gateway(tmp_path, "up", "-c", "m.yaml", "--port", "0") as gateway:
        port = gateway.url.rpartition(":")[2]
        done = run("up", "-c", "m.yaml", "--port", port, cwd=tmp_path)
    assert (done.returncode, "another program is using this port" in done.stderr) == (2, True)


def test_help_names_every_command(tmp_path):
    told = run("--help", cwd=tmp_path)
    for command in ("up", "record", "replay", "mode", "list", "status", "scan", "cassettes"):
        assert command in told.stdout


CONTRACT = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: ""
          content: {application/json: {schema: {type: object, required: [id]}}}
"""


@pytest.mark.parametrize(("options", "status"), [([], 200), (["--contract-check", "enforce"], 400)])
def test_everything_served_is_compared_with_a_contract(tmp_path, options, status):
    (tmp_path / "pets.yaml").write_text(CONTRACT)
    (tmp_path / "mocks.yaml").write_text("- {id: x, response: {body: {id: 1}}}\n")
    with Gateway(tmp_path, "up", "--mocks", "mocks.yaml", "--contract", "pets.yaml", *options, "--port", "0") as served:
        try:
            answer = urllib.request.urlopen(served.url + "/pets/x", timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            assert (answer.status, answer.headers["X-Mimic-Contract"]) == (status, "request 1")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--contract", "gone.yaml"], "--contract: gone.yaml: cannot be read: No such file or directory"),
        (["--contract", "pets.yaml", "--contract-check", "on"], "expected one of off, report, enforce"),
        (["--contract-check", "report"], "--contract-check needs --contract FILE"),
    ],
)
def test_a_contract_that_cannot_be_kept_is_told(tmp_path, options, sentence):
    (tmp_path / "pets.yaml").write_text(CONTRACT)
    done = run("up", "--upstream", "http://127.0.0.1:9", *options, cwd=tmp_path)
    assert (done.returncode, sentence in done.stderr) == (2, True)
