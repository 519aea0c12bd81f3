"""One suite for all state backends: the same operations mean the same, one at a time and a hundred at once."""

import asyncio
import random
import socket
import sqlite3
import subprocess
import sys
import time

import pytest
from state_places import a_backend, a_redis

from gateway.errors import ConfigError, StateError
from gateway.states import BACKENDS
from gateway.states.memory import MemoryBackend
from gateway.states.redis import RedisBackend
from gateway.states.sqlite import SqliteBackend
from gateway.states.values import told
from gateway.view import MISSING

WRITERS = 100


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with a_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=list(BACKENDS))
def place(request, tmp_path):
    """Give the kind of a backend and an empty place for it."""
    if request.param == "redis":
        server = request.getfixturevalue("redis")
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(5) == b"+OK\r\n"
        return "redis", server.url
    return request.param, tmp_path / "state.db"


@pytest.fixture
async def backend(place):
    async with a_backend(*place) as opened:
        yield opened


async def test_a_value_is_kept_as_it_was_given(backend):
    values = [None, True, 0, -(2**63), 1.5, "", "zürich \n\0 🙂", [], [1, [None]], {}, {"b": 1, "a": {"c": [2]}}]
    for number, value in enumerate(values):
        await backend.set(f"k{number}", value)
    got = [await backend.get(f"k{number}") for number in range(len(values))]
    assert got == values
    assert [type(value) for value in got] == [type(value) for value in values]
    assert list(got[-1]) == ["b", "a"]


async def test_what_was_got_can_be_changed_without_changing_what_is_kept(backend):
    given = {"a": [1]}
    await backend.set("k", given)
    given["a"].append(2)
    (await backend.get("k"))["a"].append(3)
    assert await backend.get("k") == {"a": [1]}


async def test_absence_is_missing_and_null_is_a_value(backend):
    await backend.set("null", None)
    assert await backend.get("null") is None
    assert await backend.get("none") is MISSING
    assert (await backend.pop("none"), await backend.take("none", "f")) == (MISSING, MISSING)
    assert (await backend.items("none"), await backend.table("none")) == ([], {})
    assert (await backend.kind("null"), await backend.kind("none")) == ("value", None)


async def test_delete_says_whether_there_was_something(backend):
    await backend.set("k", None)
    assert [await backend.delete("k"), await backend.delete("k")] == [True, False]


async def test_counting_begins_at_nought(backend):
    assert [await backend.incr("n"), await backend.incr("n", 5), await backend.incr("n", -7)] == [1, 6, -1]
    assert await backend.get("n") == -1
    await backend.set("n", 41)
    assert await backend.incr("n") == 42


@pytest.mark.parametrize("value", ["7", 1.0, True, None, [1], 2**63])
async def test_only_an_integer_is_counted(backend, value):
    await backend.set("n", value)
    with pytest.raises(StateError, match=r"the state key 'n' does not hold an integer"):
        await backend.incr("n")
    assert await backend.get("n") == value


async def test_a_counter_ends_at_64_bits(backend):
    await backend.set("n", 2**63 - 1)
    with pytest.raises(StateError, match="64-bit"):
        await backend.incr("n")
    assert await backend.get("n") == 2**63 - 1


async def test_compare_and_set_expects_a_value_or_its_absence(backend):
    assert await backend.compare_and_set("k", "x", 1) is False
    assert await backend.compare_and_set("k", MISSING, {"a": 1, "b": [2]}) is True
    assert await backend.compare_and_set("k", MISSING, 2) is False
    assert await backend.compare_and_set("k", {"a": 1}, 2) is False
    assert await backend.compare_and_set("k", {"b": [2], "a": 1}, None) is True
    assert await backend.compare_and_set("k", None, 3) is True
    assert await backend.get("k") == 3


@pytest.mark.parametrize(("held", "expected"), [(1, True), (0, False), ("1", 1), (1, 1.0), ([1, 2], [2, 1])])
async def test_compare_and_set_tells_json_values_apart(backend, held, expected):
    await backend.set("k", held)
    assert await backend.compare_and_set("k", expected, "other") is False


async def test_a_list_is_taken_from_both_ends(backend):
    assert [await backend.push("l", value) for value in ("a", None, {"c": 1}, "d")] == [1, 2, 3, 4]
    assert await backend.items("l") == ["a", None, {"c": 1}, "d"]
    assert [await backend.pop("l"), await backend.pop("l", first=True)] == ["d", "a"]
    assert await backend.push("l", "e") == 3
    assert await backend.items("l") == [None, {"c": 1}, "e"]


async def test_an_emptied_list_is_gone(backend):
    await backend.push("l", 1)
    await backend.pop("l")
    assert await backend.kind("l") is None
    assert await backend.pop("l") is MISSING
    await backend.set("l", "free again")


async def test_a_table_keeps_the_order_of_its_fields(backend):
    names = [str(number) for number in range(150, 0, -1)]
    assert [await backend.put("t", name, {"n": name}) for name in names] == [True] * 150
    assert await backend.put("t", "77", "x" * 200) is False
    assert await backend.remove("t", "3") is True
    assert await backend.add("t", "3", None) is True
    table = await backend.table("t")
    assert list(table) == [name for name in names if name != "3"] + ["3"]
    assert (table["77"], table["3"], table["150"]) == ("x" * 200, None, {"n": "150"})


async def test_a_field_is_added_once_read_and_removed(backend):
    assert [await backend.add("t", "f", 1), await backend.add("t", "f", 2)] == [True, False]
    assert [await backend.take("t", "f"), await backend.take("t", "f"), await backend.take("t", "g")] == [1, 1, MISSING]
    assert [await backend.remove("t", "f"), await backend.remove("t", "f")] == [True, False]
    assert await backend.kind("t") is None


async def test_a_field_may_be_called_anything(backend):
    names = ["", "n", "f", "a:b", "1:", "ü\n", "\0"]
    for name in names:
        await backend.put("t", name, name)
    assert await backend.table("t") == {name: name for name in names}
    assert [await backend.take("t", name) for name in names] == names


async def test_a_swap_compares_one_field(backend):
    swaps = [
        await backend.swap("t", "f", 1, 2),
        await backend.swap("t", "f", MISSING, MISSING),
        await backend.swap("t", "f", MISSING, {"a": 1, "b": 2}),
        await backend.swap("t", "f", MISSING, 3),
        await backend.swap("t", "f", {"b": 2, "a": 1}, 4),
        await backend.swap("t", "f", 5, MISSING),
        await backend.swap("t", "f", 4, MISSING),
    ]
    assert swaps == [False, True, True, False, True, False, True]
    assert await backend.kind("t") is None


async def test_a_table_is_filled_once_or_anew(backend):
    assert await backend.fill("t", {"b": 1, "a": 2}) is True
    assert await backend.fill("t", {"c": 3}) is False
    await backend.put("t", "z", 0)
    assert list((await backend.table("t")).items()) == [("b", 1), ("a", 2), ("z", 0)]
    assert await backend.fill("t", {"c": 3}, anew=True) is True
    assert await backend.table("t") == {"c": 3}
    assert await backend.fill("t", {}, anew=True) is True
    assert await backend.kind("t") is None


@pytest.mark.parametrize("held", ["value", "list", "table"])
async def test_a_key_that_holds_something_else_is_an_error(backend, held):
    makes = {
        "value": lambda: backend.set("k", 1),
        "list": lambda: backend.push("k", 1),
        "table": lambda: backend.put("k", "f", 1),
    }
    uses = {
        "value": [lambda: backend.get("k"), lambda: backend.incr("k"), lambda: backend.compare_and_set("k", 1, 2)],
        "list": [lambda: backend.push("k", 1), lambda: backend.pop("k"), lambda: backend.items("k")],
        "table": [
            lambda: backend.put("k", "f", 1),
            lambda: backend.add("k", "f", 1),
            lambda: backend.take("k", "f"),
            lambda: backend.remove("k", "f"),
            lambda: backend.swap("k", "f", 1, 2),
            lambda: backend.fill("k", {"f": 1}),
            lambda: backend.table("k"),
        ],
    }
    await makes[held]()
    for wanted, asked in uses.items():
        for use in asked if wanted != held else ():
            with pytest.raises(StateError, match=f"the state key 'k' does not hold a {wanted}"):
                await use()
    assert await backend.kind("k") == held
    await backend.set("k", "anything")
    assert await backend.get("k") == "anything"


@pytest.mark.parametrize("value", [{1, 2}, b"x", {1: 2}, 2**64, object(), "\ud800"])
async def test_what_is_no_json_is_refused(backend, value):
    with pytest.raises(StateError, match="not a JSON value"):
        await backend.set("k", value)
    assert await backend.get("k") is MISSING


@pytest.mark.parametrize("ttl_s", [0, -1, float("inf"), float("nan")])
async def test_a_time_to_live_is_a_positive_number(backend, ttl_s):
    with pytest.raises(StateError, match="positive number of seconds"):
        await backend.set("k", 1, ttl_s)


async def test_keys_are_found_by_their_beginning(backend):
    for key in ("a:1", "a:2", "a*", "b", "a", "ab\U0010ffff"):
        await backend.set(key, 1)
    await backend.push("a:l", 1)
    assert await backend.keys("a:") == ["a:1", "a:2", "a:l"]
    assert await backend.keys("a*") == ["a*"]
    assert len(await backend.keys("a", limit=2)) == 2
    assert await backend.clear("a:") == 3
    assert await backend.keys() == ["a", "a*", "ab\U0010ffff", "b"]
    assert [await backend.clear(), await backend.keys(), await backend.clear()] == [4, [], 0]


async def test_more_keys_than_one_batch_are_cleared(backend):
    for hundred in range(25):
        await asyncio.gather(*(backend.set(f"k{hundred}-{number}", number) for number in range(100)))
    assert await backend.clear("k") == 2500


async def _until_gone(backend, key):
    deadline = time.monotonic() + 20
    while await backend.kind(key) is not None:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_key_lives_as_long_as_it_was_said(backend):
    await backend.set("gone", 1, ttl_s=0.05)
    await backend.set("kept", 1, ttl_s=600)
    await backend.set("free", 1, ttl_s=0.05)
    await backend.set("free", 2)
    await _until_gone(backend, "gone")
    assert await backend.get("gone") is MISSING
    assert await backend.keys() == ["free", "kept"]


async def test_a_change_keeps_the_end_that_is_there(backend):
    await backend.incr("n", ttl_s=0.3)
    await backend.incr("n")
    await backend.set("c", 1, ttl_s=0.3)
    await backend.compare_and_set("c", 1, 2)
    await backend.push("l", 1, ttl_s=0.3)
    await backend.push("l", 2)
    for key in ("n", "c", "l"):
        await _until_gone(backend, key)
    assert [await backend.incr("n"), await backend.push("l", 3)] == [1, 1]
    await backend.set("n", 5, ttl_s=0.05)
    await backend.incr("n", ttl_s=600)
    await asyncio.sleep(0.1)
    assert await backend.get("n") == 6


async def at_once(work):
    return await asyncio.gather(*(work(number) for number in range(WRITERS)))


async def test_a_hundred_writers_count_to_a_hundred(backend):
    numbers = await at_once(lambda _: backend.incr("n"))
    assert (sorted(numbers), await backend.get("n")) == (list(range(1, WRITERS + 1)), WRITERS)


async def test_a_hundred_writers_compare_and_set_without_losing_one(backend):
    await backend.set("n", {"b": 0, "a": 0})

    async def add(_):
        while True:
            found = await backend.get("n")
            if await backend.compare_and_set("n", found, {"a": found["a"] + 1, "b": found["b"]}):
                return

    await at_once(add)
    assert await backend.get("n") == {"a": WRITERS, "b": 0}


async def test_a_hundred_writers_push_and_pop_each_value_once(backend):
    lengths = await at_once(lambda number: backend.push("l", number))
    assert (sorted(lengths), sorted(await backend.items("l"))) == (list(range(1, WRITERS + 1)), list(range(WRITERS)))
    popped = await at_once(lambda number: backend.pop("l", first=number % 2 == 0))
    assert (sorted(popped), await backend.kind("l")) == (list(range(WRITERS)), None)


@pytest.mark.parametrize("way", ["add", "compare_and_set", "fill", "swap"])
async def test_of_a_hundred_that_add_the_same_exactly_one_wins(backend, way):
    adds = {
        "add": lambda number: backend.add("k", "f", number),
        "compare_and_set": lambda number: backend.compare_and_set("k", MISSING, number),
        "fill": lambda number: backend.fill("k", {"f": number}),
        "swap": lambda number: backend.swap("k", "f", MISSING, number),
    }
    won = await at_once(adds[way])
    kept = await backend.get("k") if way == "compare_and_set" else await backend.take("k", "f")
    assert [number for number, is_winner in enumerate(won) if is_winner] == [kept]


async def test_a_hundred_writers_change_their_own_fields(backend):
    await at_once(lambda number: backend.put("t", str(number), number))
    assert await backend.table("t") == {str(number): number for number in range(WRITERS)}
    removed = await at_once(lambda number: backend.remove("t", str(number // 2)))
    assert (sum(removed), len(await backend.table("t"))) == (WRITERS // 2, WRITERS // 2)


async def test_cancelled_operations_never_give_another_keys_value(backend):
    chance = random.Random(49)
    keys = [f"k{number}" for number in range(50)]
    for key in keys:
        await backend.set(key, key)
    loop = asyncio.get_running_loop()
    asking = [(key, loop.create_task(backend.get(key))) for key in (chance.choice(keys) for _ in range(1000))]
    crossed = []
    for _, task in asking:
        if chance.random() < 0.5:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            task.cancel()
    for key, task in asking:
        try:
            crossed += [] if (got := await task) == key else [(key, got)]
        except asyncio.CancelledError:
            pass
    crossed += [(key, got) for key in keys if (got := await backend.get(key)) != key]
    assert crossed == []
    assert await at_once(lambda _: backend.incr("after")) is not None


async def test_a_cancelled_change_is_whole_or_not_there(backend):
    await backend.push("l", "first")
    for number in range(100):
        task = asyncio.get_running_loop().create_task(backend.fill("t", {"a": number, "b": number}, anew=True))
        for _ in range(number % 5):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        table = await backend.table("t")
        assert table == {} or table["a"] == table["b"]


@pytest.mark.parametrize("place", ["sqlite", "redis"], indirect=True)
async def test_what_was_kept_survives_a_restart(place):
    async with a_backend(*place) as before:
        await before.set("k", {"a": 1})
        await before.push("l", 1)
        await before.fill("t", {"b": 1, "a": 2})
        await before.set("ending", 1, ttl_s=600)
    async with a_backend(*place) as after:
        found = [await after.get("k"), await after.items("l"), list(await after.table("t")), await after.get("ending")]
    assert found == [{"a": 1}, [1], ["b", "a"], 1]


async def test_what_redis_kept_survives_its_own_restart(tmp_path):
    with a_redis(tmp_path) as server:
        async with a_backend("redis", server.url) as backend:
            await backend.set("k", "still here")
            server.stop()
            with pytest.raises(StateError, match=r"Redis at 127.0.0.1:\d+ cannot be reached"):
                await backend.get("k")
            server.start()
            assert await backend.get("k") == "still here"


WRITER = """
import asyncio, sys
from gateway.states.sqlite import SqliteBackend
async def main():
    backend = SqliteBackend(sys.argv[1])
    for number in range(200):
        await asyncio.gather(backend.incr("n"), backend.push("l", number), backend.put("t", f"{sys.argv[2]}-{number}", 1))
    await backend.close()
asyncio.run(main())
"""


async def test_two_processes_write_one_file(tmp_path):
    path = str(tmp_path / "state.db")
    command = [sys.executable, "-c", WRITER, path]
    async with a_backend("sqlite", path) as backend:
        writers = [await asyncio.create_subprocess_exec(*command, name) for name in "ab"]
        for _ in range(200):
            await backend.incr("n")
        assert [await writer.wait() for writer in writers] == [0, 0]
        counts = [await backend.get("n"), len(await backend.items("l")), len(await backend.table("t"))]
    assert counts == [600, 400, 400]


def some_operation(chance):
    """Draw an operation, by name, with its arguments: few keys, so that kinds and values meet."""
    key, field, other = chance.choice("abc"), chance.choice("xyz"), chance.choice("xyz")
    values = [MISSING, None, 0, 1, "1", [1], {"a": 1, "b": 2}, {"b": 2, "a": 1}]
    value, expected, swapped = chance.choice(values[1:]), chance.choice(values), chance.choice(values)
    return chance.choice(
        [
            ("get", key),
            ("kind", key),
            ("set", key, value),
            ("delete", key),
            ("incr", key, chance.randrange(-3, 4)),
            ("compare_and_set", key, expected, value),
            ("push", key, value),
            ("pop", key),
            ("items", key),
            ("put", key, field, value),
            ("add", key, field, value),
            ("take", key, field),
            ("remove", key, field),
            ("swap", key, field, expected, swapped),
            ("fill", key, {field: value, other: value}),
            ("table", key),
            ("keys", key),
        ]
    )


async def outcome(backend, name, *facts):
    try:
        found = await getattr(backend, name)(*facts)
    except StateError as error:
        return str(error)
    return list(found.items()) if isinstance(found, dict) and name == "table" else found


@pytest.mark.parametrize("place", ["sqlite", "redis"], indirect=True)
async def test_any_operations_come_out_as_they_do_in_memory(backend):
    chance, model = random.Random(1886), MemoryBackend()
    for number in range(3000):
        operation = some_operation(chance)
        found, wanted = await outcome(backend, *operation), await outcome(model, *operation)
        assert (number, operation, found, type(found)) == (number, operation, wanted, type(wanted))


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_the_clock_can_be_given(tmp_path, kind):
    clock = Clock()
    backend = MemoryBackend(clock) if kind == "memory" else SqliteBackend(tmp_path / "state.db", clock)
    await backend.set("k", 1, ttl_s=10)
    clock.now += 9.9
    before = await backend.get("k")
    clock.now += 0.1
    after = [await backend.get("k"), await backend.delete("k"), await backend.keys()]
    await backend.close()
    assert (before, after) == (1, [MISSING, False, []])


async def test_ended_keys_are_swept_from_the_file(tmp_path):
    clock = Clock()
    backend = SqliteBackend(tmp_path / "state.db", clock)
    await backend.set("gone", 1, ttl_s=10)
    await backend.push("list", 1, ttl_s=10)
    clock.now += 100
    await backend.set("other", 1)
    await backend.close()
    with sqlite3.connect(tmp_path / "state.db") as db:
        assert [db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("entry", "member")] == [(1,), (0,)]
    db.close()


async def test_ended_keys_are_swept_from_memory():
    clock = Clock()
    backend = MemoryBackend(clock)
    for number in range(1000):
        await backend.set(f"k{number}", 1, ttl_s=10)
    clock.now += 11
    for number in range(2000):
        await backend.set("one", number)
    assert (len(backend._entries), backend._items) == (1, 1)


async def test_memory_is_bounded():
    backend = MemoryBackend(most_items=10, most_bytes=1000)
    for number in range(10):
        await backend.push("l", number)
    for full in (backend.push("l", 1), backend.set("k", 1), backend.put("t", "f", 1), backend.incr("n")):
        with pytest.raises(StateError, match=r"the memory for state is full \(10 values, \d+ bytes\)"):
            await full
    await backend.set("l", "x" * 900)
    with pytest.raises(StateError, match="full"):
        await backend.set("l", "x" * 1000)
    await backend.delete("l")
    assert (backend._items, backend._bytes) == (0, 0)


async def test_memory_counts_what_it_holds_to_nothing():
    backend = MemoryBackend()
    chance = random.Random(7)
    for _ in range(3000):
        key, field = f"{chance.choice('vlt')}{chance.randrange(3)}", str(chance.randrange(3))
        value = chance.choice([1, "long" * 9, {"a": None}])
        kinds = {
            "v": [lambda k, f, v: backend.set(k, v, None), lambda k, f, v: backend.compare_and_set(k, 1, v)],
            "l": [lambda k, f, v: backend.push(k, v), lambda k, f, v: backend.pop(k)],
            "t": [
                lambda *facts: backend.put(*facts),  # noqa: PLW0108
                lambda k, f, v: backend.remove(k, f),
                lambda k, f, v: backend.swap(k, f, v, MISSING),
                lambda k, f, v: backend.fill(k, {f: v}, anew=True),
            ],
        }
        await chance.choice([*kinds[key[0]], lambda k, f, v: backend.delete(k)])(key, field, value)
    for key in await backend.keys():
        await backend.delete(key)
    assert (backend._items, backend._bytes, backend._entries) == (0, 0, {})


async def test_only_memory_never_waits(tmp_path):
    assert MemoryBackend().immediate is True
    assert SqliteBackend(tmp_path / "x.db").immediate is False
    work = MemoryBackend().incr("n")
    with pytest.raises(StopIteration) as done:
        work.send(None)
    assert done.value.value == 1


async def test_a_file_that_is_no_state_is_named(tmp_path):
    (tmp_path / "state.db").write_bytes(b"not a database, but long enough to be taken for one" * 50)
    backend = SqliteBackend(tmp_path / "state.db")
    with pytest.raises(StateError, match=r"the state file state.db cannot be used: file is not a database"):
        await backend.get("k")


async def test_a_file_of_a_newer_format_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "state.db") as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    backend = SqliteBackend(tmp_path / "state.db")
    with pytest.raises(StateError, match="format 9"):
        await backend.get("k")


async def test_a_redis_that_is_not_there_is_named_without_its_password():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    backend = RedisBackend(f"redis://:secret@127.0.0.1:{port}/0")
    with pytest.raises(StateError) as caught:
        await backend.get("k")
    await backend.close()
    assert str(caught.value).startswith(f"Redis at 127.0.0.1:{port} cannot be reached")


async def test_a_redis_that_says_nothing_is_given_up():
    async def say_nothing(reader, writer):
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        backend = RedisBackend(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}/0", timeout_s=0.1)
        with pytest.raises(StateError, match="in time"):
            await backend.get("k")
        await backend.close()


def test_a_url_that_is_none_of_a_redis_is_refused():
    with pytest.raises(ConfigError, match="redis_url"):
        RedisBackend("http://127.0.0.1")


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ConfigError, match=r"pip install mimic-gateway\[redis\]"):
        RedisBackend("redis://127.0.0.1:1/0")


def test_the_library_is_loaded_only_when_it_is_used():
    asked = "import sys, gateway.states; print('redis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("global:otp:+49 170", "'global:otp:…'"),
        ("session:s3cret:cart", "'session:…:cart'"),
        ("header:x-tenant:acme:a:b", "'header:x-tenant:…:a:…'"),
        ("scenario:checkout:session:s3cret", "'scenario:…'"),
        ("k", "'k'"),
    ],
)
def test_a_key_is_told_without_whose_it_is(key, shown):
    assert told(key) == f"the state key {shown}"


async def test_a_table_gives_the_fields_that_begin_so(backend):
    await backend.fill("t", {"1/a": 1, "2/a": None, "1/b": [3]})
    assert list((await backend.table("t", "1/")).items()) == [("1/a", 1), ("1/b", [3])]
    assert await backend.table("t", "3/") == await backend.table("none", "1/") == {}
