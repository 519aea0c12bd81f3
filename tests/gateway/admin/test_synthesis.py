"""Cassettes become mocks over the admin API: given back, or served at once, all or none."""

import asyncio
import threading

import pytest
from journeys import call
from serving_gateway import a_gateway
from synthesis.recordings import a_cassette, notes

from gateway.admin import synthesis
from recorder.synthesis.distil import distil

URL = "/api/admin/cassettes/notes/synthesize"


def keep(gateway, cassette, name="notes"):
    with gateway.services.library.write(name, manifest=cassette.manifest) as writer:
        writer.append(cassette.interactions)


async def test_definitions_are_given_back_and_nothing_is_served(tmp_path):
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        answer = await client.post(URL)
        told, served = answer.json(), await client.post("/notes", json={"text": "jam"})
    assert (answer.status_code, served.status_code, told["added"], told["remarks"]) == (200, 404, False, [])
    recorded, implied = (
        ["recorded-sessions", "post-notes", "get-note", "delete-note"],
        ["put-note", "patch-note", "get-notes"],
    )
    known = [one["id"] for one in told["definitions"] if "supposed" not in one["tags"]]
    assert known == [*recorded, *implied]
    assert told["summary"] == {
        "interactions": 16, "sessions": 2, "definitions": len(told["definitions"]), "generalized": 16, "literal": 0,
        "generalized_share": 1.0, "literal_share": 0.0,
    }  # fmt: skip


async def test_added_definitions_behave_like_the_service(tmp_path):
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        answer = await client.post(URL + "?add=true", json={})
        made = await client.post("/notes", json={"text": "jam"})
        read = await client.get(f"/notes/{made.json()['id']}")
        deleted = await client.delete(f"/notes/{made.json()['id']}")
        gone = await client.get(f"/notes/{made.json()['id']}")
        again = await client.post(URL + "?add=true")
        replaced = await client.post(URL + "?add=true&replace=true")
    assert [one.status_code for one in (answer, made, read, deleted, gone)] == [200, 201, 200, 204, 404]
    assert (read.json(), read.json()["text"]) == (made.json(), "jam")
    assert (again.status_code, "'post-notes'" in again.json()["detail"], replaced.status_code) == (409, True, 200)


async def test_other_cassettes_count_and_steps_can_be_left_out(tmp_path):
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        keep(client.gateway, notes("more"), "more")
        answer = await client.post(URL, json={"with": ["more"], "without": ["templates"]})
    told = answer.json()
    assert (told["summary"]["interactions"], told["summary"]["sessions"]) == (32, 4)
    assert told["definitions"][-1]["created_by"].startswith("synthesis of notes,more (")
    assert len(told["definitions"]) > 3


async def test_answers_wait_as_the_recorded_ones_did_where_that_is_asked_for(tmp_path):
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        plain = (await client.post(URL)).json()
        slow = (await client.post(URL + "?add=true", json={"latency": True})).json()
        served = (await client.get("/api/admin/mocks/post-notes")).json()
    assert plain["latencies"] == slow["latencies"]
    assert plain["latencies"]["post-notes"] == {"calls": 5, "p50_ms": 5, "p95_ms": 5}
    quick = next(one for one in plain["definitions"] if one["id"] == "post-notes")
    assert "delay" not in quick["cases"][0]["response"]
    assert served["cases"][0]["response"]["delay"]["fixed"] == 5


async def test_what_would_guess_is_added_disabled_unless_it_is_kept(tmp_path):
    draws = [
        call("POST", "/draw", {"n": 1}, answer={"n": status}, status=status, at=float(place))
        for place, status in enumerate((200, 409, 409, 409, 409, 409, 409, 409))
    ]
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, a_cassette(*draws))
        told = (await client.post(URL + "?add=true")).json()
        off = (await client.get("/api/admin/mocks/post-draw")).json()
        kept = (await client.post(URL + "?add=true&replace=true", json={"keep_thin": True})).json()
        on = (await client.get("/api/admin/mocks/post-draw")).json()
    assert told["thin"] == {"post-draw": "of 8 recorded calls that it would accept 7 were not accepted"}
    assert kept["thin"] == told["thin"]
    assert (off["enabled"], on["enabled"], on["cases"][0]["tier"]) == (False, True, "schema")


async def test_what_is_added_is_written_where_definitions_are_written(tmp_path):
    file = tmp_path / "new.yaml"
    async with a_gateway(tmp_path, write_back=True, write_back_file=str(file)) as client:
        keep(client.gateway, notes())
        answer = await client.post(URL + "?add=true", json={"write": True})
    assert (answer.status_code, file.read_text().count("- id: ")) == (200, len(answer.json()["definitions"]))
    assert "- id: put-note" in file.read_text()


@pytest.mark.parametrize(
    ("name", "query", "body", "status", "told"),
    [
        ("nots", "", {}, 404, "did you mean notes?"),
        ("notes", "", {"with": ["none"]}, 404, "there is no cassette none"),
        ("notes", "", {"with": ["../notes"]}, 422, "is not a cassette's name"),
        ("empty", "", {}, 422, "nothing is recorded in empty: record a session first"),
        ("notes", "", {"without": ["magic"]}, 422, "without"),
        ("notes", "", {"wit": []}, 422, "there is no such key"),
        ("notes", "", {"write": True}, 422, "ask with ?add=true"),
        ("notes", "?add=true", {"write": True}, 422, "the settings write_back and write_back_file are not set"),
    ],
)
async def test_what_cannot_be_synthesized_is_a_problem(tmp_path, name, query, body, status, told):
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        keep(client.gateway, a_cassette(name="empty"), "empty")
        answer = await client.post(f"/api/admin/cassettes/{name}/synthesize{query}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert told in answer.json()["detail"]


async def test_too_many_interactions_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(synthesis, "INTERACTIONS", 15)
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        answer = await client.post(URL)
    told = answer.json()["detail"]
    assert (answer.status_code, told.partition(";")[0]) == (413, "there are 16 interactions in notes")
    assert told.endswith("at most 15 are synthesized: name fewer cassettes, or use mockctl synthesize")


async def test_one_synthesis_runs_at_a_time_beside_the_traffic(tmp_path, monkeypatch):
    begun, may_end = threading.Event(), threading.Event()

    def slow(*words):
        begun.set()
        assert may_end.wait(30)
        return distil(*words)

    monkeypatch.setattr(synthesis, "distil", slow)
    async with a_gateway(tmp_path) as client:
        keep(client.gateway, notes())
        first = asyncio.get_running_loop().create_task(client.post(URL))
        await asyncio.to_thread(begun.wait, 30)
        second, traffic = await client.post(URL), await client.get("/notes/1")
        may_end.set()
        answers = [await first, second, traffic]
    assert [one.status_code for one in answers] == [200, 409, 404]
    assert second.json()["detail"] == "a synthesis is running: ask again when it has ended"


async def test_the_api_describes_it(tmp_path):
    async with a_gateway(tmp_path) as client:
        described = (await client.get("/api/admin/openapi.json")).json()
    operation = described["paths"]["/api/admin/cassettes/{name}/synthesize"]["post"]
    assert set(operation["responses"]) == {"200", "404", "409", "413", "422"}
    assert [one["name"] for one in operation["parameters"]] == ["name", "add", "replace"]
    assert set(described["components"]["schemas"]["Wanted"]["properties"]) == {
        "with",
        "without",
        "latency",
        "keep_thin",
        "write",
    }
