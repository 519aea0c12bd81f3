"""A writer appends durably, all or nothing, whatever fails and whoever is killed."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import a_request, a_response, an_exchange, an_interaction

from cassettes.cassette import Finding, Manifest, Session
from cassettes.codec import blob_names, load_interaction
from cassettes.errors import CassetteError, CodecError
from cassettes.library import Library
from cassettes.stores.files import FileStore
from cassettes.stores.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from cassettes.cassette import Interaction


def small(number: int = 1) -> Interaction:
    return an_interaction(number, an_exchange(a_request(target=b"/pets/%d" % number)))


def large(number: int = 1) -> Interaction:
    return an_interaction(number, an_exchange(response=a_response(body=b"\xff" * 5000 + b"%d" % number)))


def assert_consistent(folder: Path) -> None:
    """Every line is whole, every blob is used and every file is one of a cassette's."""
    lines = (folder / "interactions.jsonl").read_bytes()
    files = {path.name for path in folder.rglob("*") if path.is_file()}

    assert lines == b"" or lines.endswith(b"\n")
    assert files == {"cassette.yaml", "interactions.jsonl"} | blob_names(lines)
    for line in lines.splitlines():
        load_interaction(line, lambda blob: (folder / "bodies" / blob).read_bytes())


def test_interactions_are_numbered_in_the_order_of_writing(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        assert writer.next_number == 1
        assert writer.append([small(9), large(9)]) == range(1, 3)
        assert writer.append([]) == range(3, 3)
        assert writer.append([small(9)]) == range(3, 4)
    with library.write("shop") as writer:
        assert writer.append([small(9)]) == range(4, 5)

    assert [interaction.number for interaction in library.read("shop").interactions] == [1, 2, 3, 4]
    assert_consistent(tmp_path / "shop")


def test_what_was_appended_is_there_before_closing(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop", manifest=Manifest("shop", upstreams={"pets": "http://pets.test"})) as writer:
        writer.append([small(1), large(2)])

        assert library.read("shop").interactions == (small(1), large(2))
        assert library.read("shop").manifest.upstreams == {"pets": "http://pets.test"}


def test_equal_bodies_are_kept_once(tmp_path: Path) -> None:
    with Library(FileStore(tmp_path)).write("shop") as writer:
        writer.append([large(1), large(1)])
        writer.append([large(1)])

    assert len(list((tmp_path / "shop" / "bodies").iterdir())) == 1


def test_a_continued_manifest_keeps_its_past_and_counts_what_is_there(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    token = Finding("request.query.token", "token", "query", 2)
    first = Manifest("shop", 5.0, upstreams={"a": "http://a.test"}, profile="default", sessions=(Session("s0", 5.0),))
    with library.write("shop", manifest=first) as writer:
        writer.append([replace(small(), findings=(token,))])
    with library.write("shop", manifest=Manifest("shop", 9.0, upstreams={"b": "http://b.test"})) as writer:
        writer.append([replace(small(), findings=(token,), session="")])
        writer.save_manifest(replace(writer.manifest, key_id="k"))

    assert library.manifest("shop") == replace(
        first,
        upstreams={"a": "http://a.test", "b": "http://b.test"},
        sessions=(Session("s0", 5.0), Session("s1", recorded=1)),
        key_id="k",
        interactions=2,
        findings=(replace(token, count=4),),
    )


def test_a_damaged_manifest_stops_the_writer_and_stays(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    library.write("shop").close()
    (tmp_path / "shop" / "cassette.yaml").write_bytes(b"format: [")

    with pytest.raises(CassetteError, match=r"shop/cassette\.yaml: manifest:2: .*mend or remove"):
        library.write("shop")
    assert (tmp_path / "shop" / "cassette.yaml").read_bytes() == b"format: ["


def test_a_torn_line_is_repaired_wherever_it_is_cut(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([small(1), large(2)])
    lines = tmp_path / "shop" / "interactions.jsonl"
    whole = lines.read_bytes()
    blob = next((tmp_path / "shop" / "bodies").iterdir())
    content = blob.read_bytes()
    for cut in range(0, len(whole), 3):
        lines.write_bytes(whole[:cut])
        blob.parent.mkdir(exist_ok=True)
        blob.write_bytes(content)
        finished = (whole[: cut + 1]).count(b"\n")  # a line that lacks its newline only is whole
        is_torn = cut > 0 and b"\n" not in whole[cut - 1 : cut + 1]
        with library.write("shop") as writer:
            assert [damage.line for damage in writer.damages] == [finished + 1] * is_torn
            assert writer.append([small(finished + 1)]) == range(finished + 1, finished + 2)

        assert library.read("shop").interactions == (*(small(1), large(2))[:finished], small(finished + 1))
        assert_consistent(tmp_path / "shop")


def test_zeroes_after_a_power_cut_are_cut_off(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([small(1)])
    with (tmp_path / "shop" / "interactions.jsonl").open("ab") as lines:
        lines.write(b"\0" * 4096)
    with library.write("shop") as writer:
        writer.append([small(2)])

    assert library.read("shop").interactions == (small(1), small(2))
    assert library.read("shop").damages == ()


def test_a_damaged_line_in_the_middle_stays_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([small(1), large(2)])
    lines = tmp_path / "shop" / "interactions.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b'"s1"', b'"s2"'))
    with library.write("shop") as writer:
        assert [damage.line for damage in writer.damages] == [1, 2]
        assert writer.append([small()]) == range(3, 4)

    assert lines.read_bytes().count(b"\n") == 3
    assert len(list((tmp_path / "shop" / "bodies").iterdir())) == 1


def test_leftovers_are_removed_on_opening(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([large(1)])
    (tmp_path / "shop" / "bodies" / ("a" * 64)).write_bytes(b"orphan")
    (tmp_path / "shop" / "bodies" / ".tmp~1-1").write_bytes(b"half")
    (tmp_path / "shop" / ".tmp~1-1").write_bytes(b"half")
    library.write("shop").close()

    assert_consistent(tmp_path / "shop")
    assert library.read("shop").interactions == (large(1),)


def test_a_closed_writer_writes_no_more(tmp_path: Path) -> None:
    writer = Library(FileStore(tmp_path)).write("shop")
    writer.close()
    writer.close()

    with pytest.raises(CassetteError, match="closed"):
        writer.append([small()])
    with pytest.raises(CassetteError, match="closed"):
        writer.rewrite(lambda interaction: interaction)


def test_one_interaction_without_a_written_form_keeps_the_whole_group_out(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        with pytest.raises(CodecError):
            writer.append([large(1), an_interaction(2, an_exchange(started_at=float("inf")))])
        writer.append([small(1)])

    assert library.read("shop").interactions == (small(1),)
    assert_consistent(tmp_path / "shop")


def test_bytes_that_the_inspection_refuses_are_never_written(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def inspect(content: bytes) -> None:
        seen.append(content)
        if content.startswith(b"\xff" * 5000):
            raise ZeroDivisionError

    library = Library(FileStore(tmp_path))
    with library.write("shop", inspect=inspect) as writer:
        with pytest.raises(ZeroDivisionError):
            writer.append([small(1), large(2)])
        assert writer.append([small(1)]) == range(1, 2)

    assert library.read("shop").interactions == (small(1),)
    assert seen[-1] == (tmp_path / "shop" / "interactions.jsonl").read_bytes()
    assert_consistent(tmp_path / "shop")


def test_threads_may_append_at_the_same_time(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer, ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(lambda n: writer.append([small(n), large(n)]), range(40)))

    assert sorted(n for pair in numbers for n in pair) == list(range(1, 81))
    assert [interaction.number for interaction in library.read("shop").interactions] == list(range(1, 81))


def test_a_folder_removed_while_recording_is_an_error_and_stays_removed(tmp_path: Path) -> None:
    with Library(FileStore(tmp_path)).write("shop") as writer:
        writer.append([small()])
        (tmp_path / "shop").rename(tmp_path / "elsewhere")
        for interaction in (small(), large()):
            with pytest.raises(CassetteError, match="no such file"):
                writer.append([interaction])
            assert not (tmp_path / "shop").exists()
        (tmp_path / "elsewhere").rename(tmp_path / "shop")
        assert writer.append([large()]) == range(2, 3)

    assert_consistent(tmp_path / "shop")


# what fails


def fail_at(monkeypatch: pytest.MonkeyPatch, nth: int, code: int, *, lasting: bool) -> Callable[[], bool]:
    """Make the nth system call that writes fail, alone or with all after it; tells whether it came to that."""
    calls = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == nth or (lasting and calls > nth):
                raise OSError(code, os.strerror(code))
            return real(*args, **options)

        return call

    for name in ("write", "fdatasync", "fsync", "replace", "ftruncate"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    return lambda: calls >= nth


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_whichever_call_fails_the_group_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, lasting: bool
) -> None:
    for nth in range(1, 1000):
        library = Library(FileStore(tmp_path / str(nth)))
        folder = tmp_path / str(nth) / "shop"
        writer = library.write("shop")
        writer.append([small(1), large(2)])
        with monkeypatch.context() as patch:
            fired = fail_at(patch, nth, code, lasting=lasting)
            try:
                writer.append([small(3), large(4), large(5)])
                acknowledged = 5
            except CassetteError:
                acknowledged = 2
            failed = fired()
        if not lasting:
            kept = len(library.read("shop").interactions)
            assert kept == acknowledged
            assert_consistent(folder)
        writer.append([large(acknowledged + 1)])  # as soon as there is space again
        writer.close()

        assert [one.number for one in library.read("shop").interactions] == list(range(1, acknowledged + 2))
        assert library.read("shop").damages == ()
        assert_consistent(folder)
        if not failed:
            return
    pytest.fail("the fault fired in every run")


def test_whichever_call_fails_while_rewriting_the_cassette_is_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(1, 1000):
        library = Library(FileStore(tmp_path / str(nth)))
        writer = library.write("shop")
        writer.append([large(1), large(2)])
        with monkeypatch.context() as patch:
            fired = fail_at(patch, nth, errno.EIO, lasting=False)
            try:
                writer.rewrite(lambda interaction: large(interaction.number + 10))
            except CassetteError:
                assert fired()
            failed = fired()
        writer.append([small(3)])
        writer.close()

        assert library.read("shop").interactions in (
            (large(1), large(2), small(3)),
            (replace(large(11), number=1), replace(large(12), number=2), small(3)),
        )
        assert_consistent(tmp_path / str(nth) / "shop")
        if not failed:
            return
    pytest.fail("the fault fired in every run")


def test_a_writer_that_cannot_save_its_manifest_still_lets_the_cassette_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(FileStore(tmp_path))
    writer = library.write("shop")
    writer.append([small(1)])
    with monkeypatch.context() as patch:
        fail_at(patch, 1, errno.ENOSPC, lasting=True)
        with pytest.raises(CassetteError, match="No space left"):
            writer.close()
    with library.write("shop") as again:
        assert again.next_number == 2


NURSERY = """
import os, sys
sys.path.insert(0, sys.argv[2])
from builders import a_response, an_exchange, an_interaction
from cassettes.library import Library
from cassettes.stores.files import FileStore

def record():
    writer = Library(FileStore(sys.argv[1])).write("shop")
    while True:
        number = writer.next_number
        body = b"x" * 70_000 + b"%d" % number if number % 3 == 0 else b"%d" % number
        numbers = writer.append([an_interaction(exchange=an_exchange(response=a_response(body=body)))] * (number % 4 + 1))
        os.write(1, b"%d\\n" % numbers[-1])

for _ in sys.stdin:
    pid = os.fork()
    if pid == 0:
        record()
    os.write(1, b"pid %d\\n" % pid)
    os.waitpid(pid, 0)
    os.write(1, b"gone\\n")
"""


def a_killed_round(nursery: subprocess.Popen[bytes], wanted: int, pause_s: float) -> int:
    """Let a child record, kill it at some point after it has confirmed `wanted` groups; give what it confirmed."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(b"go\n")
    nursery.stdin.flush()
    confirmed, groups, pid = 0, 0, 0
    for line in nursery.stdout:
        if line == b"gone\n":
            break
        if line.startswith(b"pid "):
            pid = int(line[4:])
        else:
            confirmed = int(line)
            groups += 1
        if pid and groups >= wanted:
            time.sleep(pause_s)  # so that the kill falls anywhere between two confirmations
            os.kill(pid, signal.SIGKILL)
            wanted = 1 << 60
    return confirmed


def test_up_to_a_hundred_kills_lose_nothing_that_was_confirmed_and_leave_nothing_half(tmp_path: Path) -> None:
    chance = random.Random(20)
    command = [sys.executable, "-c", NURSERY, str(tmp_path), str(Path(__file__).parent.parent)]
    library = Library(FileStore(tmp_path))
    deadline = time.monotonic() + 30
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as nursery:
        rounds = 0
        while rounds < 10 or (rounds < 100 and time.monotonic() < deadline):
            rounds += 1
            confirmed = a_killed_round(nursery, chance.randrange(1, 5), chance.random() * 0.003)
            cassette = library.read("shop")
            numbers = [interaction.number for interaction in cassette.interactions]

            assert numbers == list(range(1, len(numbers) + 1))
            assert len(numbers) >= confirmed
            assert all("crc32" in one.reason or "not JSON" in one.reason for one in cassette.damages[:1])
            assert len(cassette.damages) <= 1
            if rounds % 10 == 0:
                library.write("shop").close()
                assert_consistent(tmp_path / "shop")
                assert len(library.read("shop").interactions) == len(numbers)
        assert nursery.stdin is not None
        nursery.stdin.close()

    library.write("shop").close()  # which mends what the last kill left
    assert library.manifest("shop").interactions == len(library.read("shop").interactions)


# what was written


def with_body(body: bytes) -> Interaction:
    return an_interaction(exchange=an_exchange(response=a_response(body=body, headers=())))


@pytest.mark.parametrize(
    "body",
    [
        b'plain s3cr"t\\ text',
        b'{"token":"s3cr\\"t\\\\"}',
        json.dumps({"inner": json.dumps({"token": 's3cr"t\\'})}).encode(),
        b'\xffs3cr"t\\',
        b"\xff" * 5000 + b's3cr"t\\',
        b"x" * 70_000 + b's3cr"t\\',
    ],
)
def test_a_needle_is_found_in_every_written_form(tmp_path: Path, body: bytes) -> None:
    with Library(FileStore(tmp_path)).write("shop") as writer:
        writer.append([small(), with_body(body)])

        assert writer.contains([b"absent", b's3cr"t\\', b""]) == (b's3cr"t\\',)


def test_a_needle_is_found_in_a_header_that_is_not_ascii_and_in_the_manifest(tmp_path: Path) -> None:
    request = a_request(headers=((b"X-Key", b"\xffkey"),))
    with Library(FileStore(tmp_path)).write("shop", manifest=Manifest("shop", profile="odd")) as writer:
        writer.append([an_interaction(exchange=an_exchange(request))])

        assert writer.contains([b"\xffkey", b"profile: odd"]) == (b"\xffkey", b"profile: odd")


@pytest.mark.parametrize("place", ["file", "memory"])
def test_a_rewritten_cassette_holds_the_old_bytes_nowhere(tmp_path: Path, place: str) -> None:
    library = Library(FileStore(tmp_path) if place == "file" else MemoryStore())

    def clean(interaction: Interaction) -> Interaction:
        response = interaction.exchange.response
        assert response is not None
        cleaned = replace(response, body=response.body.replace(b"s3cret", b"xxxxxx"))
        return replace(interaction, exchange=replace(interaction.exchange, response=cleaned), number=99)

    with library.write("shop") as writer:
        writer.append([small(1), with_body(b"s3cret"), with_body(b"x" * 70_000 + b"s3cret")])

        assert writer.rewrite(clean) == 2
        assert writer.contains([b"s3cret"]) == ()
        assert writer.rewrite(clean) == 0
        assert writer.append([small()]) == range(4, 5)

    assert [one.number for one in library.read("shop").interactions] == [1, 2, 3, 4]
    assert library.read("shop").damages == ()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"s3cret" in path.read_bytes()]


def test_a_rewriting_that_raises_changes_nothing(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([small(1), large(2)])

        def clean(interaction: Interaction) -> Interaction:
            if interaction.number == 2:
                raise ZeroDivisionError
            return small(7)

        with pytest.raises(ZeroDivisionError):
            writer.rewrite(clean)

    assert library.read("shop").interactions == (small(1), large(2))


def test_a_damaged_line_does_not_outlive_a_rewriting(tmp_path: Path) -> None:
    library = Library(FileStore(tmp_path))
    with library.write("shop") as writer:
        writer.append([small(1), small(2)])
    lines = tmp_path / "shop" / "interactions.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b'"target":"/pets/1"', b'"target":"/pets/8"'))
    with library.write("shop") as writer:
        assert writer.rewrite(lambda interaction: interaction) == 0
        assert [(damage.line, "dropped" in damage.reason) for damage in writer.damages] == [(1, True)]

    assert library.read("shop").interactions == (small(2),)
    assert library.read("shop").damages == ()
