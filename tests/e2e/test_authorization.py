"""Sessions with an authorization server, recorded cleaned, are told again to the last step from mocks made of them."""

import base64
import json

import pytest
from e2e.authorization_server import AuthorizationServer, visit
from serving_gateway import a_gateway, served

from cassettes.library import Library
from cassettes.stores import open_store
from gateway.inprocess import serve
from recorder.echoes import with_echoes
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from sanitizers.keys import load

MADE = {"client_id", "client_secret", "sub", "access_token", "refresh_token", "exp"}


async def recorded(home, count):
    """Record so many sessions, each with a fresh server, cleaned; give what their clients were answered."""
    answers = []
    for number in range(count):
        recording = {"id": "all", "mode": "record", "upstream": "service", "cassette": f"session-{number}"}
        async with served(AuthorizationServer().app) as service:
            async with a_gateway(home, recording, upstreams={"service": service}, markers=False) as client:
                answers.append(await visit(client, number))
    return answers


def mocks(home, count):
    library, key = Library(open_store(home / "cassettes")), load(home)
    cassettes = [with_echoes(library.read(f"session-{number}"), key) for number in range(count)]
    return distil(cassettes, Options(), serve).definitions


def told(answer):
    """Give what an answer tells but for what is made anew in each run, and whose the id token is."""
    try:
        found = answer.json()
    except ValueError:
        return answer.status_code, answer.text
    known = {name: value for name, value in found.items() if name not in MADE}
    if "id_token" in known:
        claims = json.loads(base64.urlsafe_b64decode(known["id_token"].split(".")[1] + "=="))
        known["id_token"] = (claims["email"], claims["nonce"])
    return answer.status_code, known


@pytest.mark.parametrize("count", [1, 3])
async def test_a_session_is_told_again_to_its_last_step(tmp_path, count):
    wanted = await recorded(tmp_path, count)
    definitions = mocks(tmp_path, count)
    for number in range(count):
        async with a_gateway(tmp_path, *definitions) as client:
            found = await visit(client, number)
        assert [told(answer) for answer in found] == [told(answer) for answer in wanted[number]]
        assert {answer.headers["x-mimic-served-by"] for answer in found} == {"cassette"}
