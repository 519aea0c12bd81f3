"""The definitions of the first specification run as they are written: login, one-time passwords, fallback."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext

import httpx
import pytest
from e2e.gateway_process import Gateway
from state_places import a_redis

from bench.process import ROOT

EXAMPLES = ROOT / "examples" / "definitions" / "mission.yaml"
CLIENTS = 50


@pytest.fixture(params=["memory", "sqlite", "redis"])
def gateway(request, tmp_path):
    (tmp_path / "redis").mkdir()
    place = a_redis(tmp_path / "redis") if request.param == "redis" else nullcontext()
    with place as redis:
        settings = {"MIMIC_STATE": request.param, "MIMIC_SCRIPTS_ENABLED": "true"}
        if redis is not None:
            settings["MIMIC_REDIS_URL"] = redis.url
        with Gateway(tmp_path / "home", "up", "--mocks", str(EXAMPLES), "--port", "0", **settings) as running:
            running.store = request.param
            yield running


def test_a_login_gives_a_token_and_who_it_is(gateway):
    answers = [
        httpx.post(f"{gateway.base}/api/v1/auth/login", json={"username": name}, trust_env=False)
        for name in ("test@example.com", "test@example.com", "other@example.com")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    bodies = [answer.json() for answer in answers[:2]]
    assert [body["user"] for body in bodies] == [{"id": "u-123", "email": "test@example.com"}] * 2
    assert bodies[0]["token"] != bodies[1]["token"]
    assert answers[0].headers["content-type"] == "application/json"
    assert answers[0].elapsed.total_seconds() > 0.12
    (miss,) = [near for near in answers[2].json()["near_misses"] if near["id"] == "auth-login-success"]
    assert miss["failing"][0]["field"] == "body.jsonpath $.username"


async def one_client(client, gateway, number):
    phone = f"+49 170 {number:04}"
    sent = await client.post("/api/v1/otp", json={"phone": phone})
    key = f"session::otp:{phone}"
    kept = (await client.get(f"/api/admin/state/{key}")).json()
    wrong = await client.post("/api/v1/otp/verify", json={"phone": phone, "code": "no"})
    right = await client.post("/api/v1/otp/verify", json={"phone": phone, "code": kept["value"]})
    return sent.json(), kept["store"], wrong.text.split(), right.text.split()


async def test_one_time_passwords_are_kept_and_checked_for_many_clients_at_once(gateway):
    async with httpx.AsyncClient(base_url=gateway.base, trust_env=False, timeout=30) as client:
        outcomes = await asyncio.gather(*(one_client(client, gateway, number) for number in range(CLIENTS)))
    expected = ({"status": "sent"}, gateway.store, ["{", '"ok":', "false", "}"], ["{", '"ok":', "true", "}"])
    assert outcomes == [expected] * CLIENTS


def test_an_upstream_that_fails_has_its_fallback(gateway):
    answer = httpx.get(f"{gateway.base}/api/v1/products", trust_env=False, timeout=30)
    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["x-mimic-served-by"] == "fallback"
    assert answer.headers["x-mimic-fallback-reason"] in ("connect", "timeout")


def test_where_there_is_no_redis_that_is_told_and_the_default_store_keeps_it(gateway):
    told = [json.loads(line) for line in gateway.output.splitlines() if line.startswith("{")]
    warned = [line["route"] for line in told if line["logger"] == "mimic.state"]
    assert warned == ([] if gateway.store == "redis" else ["otp-send"])
