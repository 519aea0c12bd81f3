"""Files that change are loaded again while requests go on, all or nothing."""

import asyncio
import os
import time
from contextlib import asynccontextmanager
from pathlib import Path

from serving_gateway import an_upstream, ok, served

from gateway.admin import admin_application
from gateway.app import Front, Gateway
from gateway.config import load_configuration
from gateway.documents.definitions import Loaded
from gateway.watch import Places, Watch

MOST_S = 10.0


def definition(name, body):
    return f"- id: {name}\n  match: {{path: /{name}}}\n  response: {{body: '{body}'}}\n"


@asynccontextmanager
async def watched(tmp_path, mocks, config=None):
    """Serve and watch; gives an HTTP client."""
    import httpx

    flags = {"home": str(tmp_path / "home"), "port": 0, "mocks": [str(path) for path in mocks], "watch": True}

    def load(before=Loaded()):
        return load_configuration(config, flags, {}, before=before)

    configuration = load()
    gateway = Gateway(configuration)
    gateway.apply(configuration.definitions)
    watch = asyncio.get_running_loop().create_task(Watch(gateway, config, load).run())
    async with served(Front(gateway, admin_application(gateway))) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            client.gateway = gateway
            yield client
    assert not watch.done()
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)


async def until(client, path, text):
    """Ask until the answer is there; gives the seconds that took."""
    begun = time.monotonic()
    while (await client.get(path)).text != text:
        assert time.monotonic() - begun < MOST_S, f"{path} never answered {text!r}"
        await asyncio.sleep(0.005)
    return time.monotonic() - begun


def replace_as_editors_do(file, text):
    beside = file.with_name(f".{file.name}.swp")
    beside.write_text(text)
    os.replace(beside, file)


async def test_no_request_is_lost_while_files_change_and_break(tmp_path, caplog):
    file = tmp_path / "mocks.yaml"
    file.write_text(definition("a", "0"))
    statuses, latencies, ended = [], [], asyncio.Event()
    async with watched(tmp_path, [file]) as client:

        async def ask():
            while not ended.is_set():
                statuses.append((await client.get("/a")).status_code)

        asking = asyncio.get_running_loop().create_task(ask())
        for number in range(1, 21):
            if number % 4 == 0:
                file.write_text("- id: a\n  respons: {}\n- [")
            write = replace_as_editors_do if number % 2 else Path.write_text
            write(file, definition("a", number))
            latencies.append(await until(client, "/a", str(number)))
        ended.set()
        await asking
    assert (set(statuses), len(statuses) > 20) == ({200}, True)
    assert sorted(latencies)[len(latencies) // 2] < 1.0


async def test_a_broken_file_changes_nothing_and_every_error_is_told(tmp_path, caplog):
    file = tmp_path / "mocks.yaml"
    file.write_text(definition("a", "old"))
    async with watched(tmp_path, [file]) as client:
        await until(client, "/a", "old")
        file.write_text(definition("a", "new") + "- id: b\n  respons: {}\n- id: c\n  mode: spy\n")
        begun = time.monotonic()
        while len([line for line in caplog.messages if "served on" in line]) < 2:
            assert time.monotonic() - begun < MOST_S
            await asyncio.sleep(0.01)
        assert (await client.get("/a")).text == "old"
        assert client.gateway.definitions.keys() == {"a"}
        file.write_text(definition("a", "new"))
        await until(client, "/a", "new")
    told = [line for line in caplog.messages if "served on" in line]
    assert [line.partition("mocks.yaml:")[2][:9] for line in told] == ["5: 1.resp", "7: 2.mode"]


async def test_files_come_and_go_in_a_folder_and_so_does_the_folder(tmp_path):
    folder = tmp_path / "mocks"
    folder.mkdir()
    async with watched(tmp_path, [folder]) as client:
        assert (await client.get("/a")).status_code == 404
        (folder / "a.yaml").write_text(definition("a", "1"))
        await until(client, "/a", "1")
        (folder / "inner").mkdir()
        (folder / "inner/b.yaml").write_text(definition("b", "1"))
        await until(client, "/b", "1")
        (folder / "inner/b.yaml").rename(folder / "inner/c.yaml")
        (folder / "a.yaml").unlink()
        while (await client.get("/a")).status_code != 404:
            await asyncio.sleep(0.01)
        assert (await client.get("/b")).text == "1"
        folder.rename(tmp_path / "away")
        folder.mkdir()
        (folder / "a.yaml").write_text(definition("a", "2"))
        await until(client, "/a", "2")
        (folder / "a.yaml").write_text(definition("a", "3"))
        await until(client, "/a", "3")


async def test_a_body_file_is_read_again(tmp_path):
    (tmp_path / "mocks.yaml").write_text("- {id: a, response: {body_file: a.txt}}\n")
    (tmp_path / "a.txt").write_text("x")
    async with watched(tmp_path, [tmp_path / "mocks.yaml"]) as client:
        gateway = client.gateway
        first = gateway.plane.table
        (tmp_path / "a.txt").write_text("yy")
        begun = time.monotonic()
        while gateway.plane.table is first and time.monotonic() - begun < MOST_S:
            await asyncio.sleep(0.01)
        assert gateway.plane.table is not first


async def test_the_file_wins_for_its_ids_and_what_the_api_added_stays(tmp_path):
    file = tmp_path / "mocks.yaml"
    file.write_text(definition("a", "file") + definition("b", "file"))
    by_api = {"match": {"path": "/a"}, "response": {"body": "api"}}
    async with watched(tmp_path, [file]) as client:
        await until(client, "/a", "file")
        await client.put("/api/admin/mocks/a", json={"id": "a", **by_api})
        await client.post("/api/admin/mocks", json={"id": "c", **by_api, "match": {"path": "/c"}})
        await client.delete("/api/admin/mocks/b")
        assert (await client.get("/a")).text == "api"
        file.write_text(definition("a", "file") + definition("b", "again"))
        await until(client, "/b", "again")
        assert [(await client.get(path)).text for path in ("/a", "/c")] == ["file", "api"]


async def test_an_upstream_that_moves_is_asked_at_its_new_place(tmp_path):
    async with an_upstream(ok(b"one")) as one, an_upstream(ok(b"two")) as two:
        config = tmp_path / "mimic.yaml"
        text = "upstreams: {{up: '{}'}}\nroutes:\n- {{id: p, mode: proxy, upstream: up}}\n"
        config.write_text(text.format(one.url))
        async with watched(tmp_path, [], str(config)) as client:
            await until(client, "/", "one")
            config.write_text(text.format(two.url))
            await until(client, "/", "two")
            config.write_text(text.format("nowhere"))
            config.write_text(text.format(one.url))
            await until(client, "/", "one")


def test_the_folder_of_a_file_is_watched_and_a_folder_with_all_in_it(tmp_path):
    (tmp_path / "mocks").mkdir()
    places = Places(tmp_path / "mimic.yaml", (tmp_path / "mocks", tmp_path / "nowhere/x.yaml"))
    assert set(places.folders()) == {(tmp_path, False), (tmp_path / "mocks", True)}
