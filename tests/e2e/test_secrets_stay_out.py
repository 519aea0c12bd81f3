"""Secrets planted in every place of a session: none is written anywhere, and the cleaned cassette answers the same client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from e2e.client import Client
from e2e.gateway_process import Gateway, run
from e2e.leaks import Searcher
from e2e.planting import PARTS, answer
from e2e.plants import KINDS, SENT, every_value
from e2e.upstream import serving

if TYPE_CHECKING:
    from pathlib import Path

    from e2e.client import Step

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("secrets")]
STEPS = len(KINDS) * (len(SENT) + 3)


class Planted:
    """The planting session as it was recorded: its folders, steps, and all that the gateway said while it ran."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.home, self.temporary = folder / "home", folder / "temporary"
        self.temporary.mkdir(parents=True)
        with serving(answer) as upstream:
            command = ("record", upstream, "--cassette", "planted", "--port", "0", *words)
            with Gateway(self.home, *command, folder=self.temporary, TMPDIR=str(self.temporary)) as gateway:
                client = Client(gateway.base).run(PARTS)
                self.told = gateway.get("/metrics")[1] + gateway.get("/api/admin/status")[1]
            self.said = gateway.output.encode()
        assert client.broken == []
        self.steps: list[Step] = client.steps

    def leaks(self) -> dict[str, list[str]]:
        """Give kind and place of each planted value that was found, with where it was found."""
        values = every_value()
        search = Searcher.of(set(values.values()))
        hits = search.found_below(self.home) | search.found_below(self.temporary)
        for where, data in (("output", self.said), ("status and metrics", self.told)):
            for value in search.found_in(data):
                hits.setdefault(value, []).append(where)
        return {f"{kind} in {place}": hits[value] for (kind, place), value in values.items() if value in hits}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp("cleaned"))


@pytest.fixture(scope="module")
def replayed(cleaned: Planted) -> Client:
    with Gateway(cleaned.home, "replay", "planted", "--port", "0") as gateway:
        return Client(gateway.base).run(PARTS)


def test_the_search_finds_every_value_in_an_uncleaned_recording(tmp_path: Path) -> None:
    raw = Planted(tmp_path, "--unsafe-raw")

    assert len(raw.leaks()) == len(every_value()) == len(KINDS) * (len(SENT) + 2)


def test_no_planted_value_is_in_the_cassette_the_home_folder_the_logs_or_the_temporary_files(cleaned: Planted) -> None:
    assert cleaned.leaks() == {}


def test_every_planted_exchange_was_recorded(cleaned: Planted) -> None:
    lines = next(cleaned.home.rglob("interactions.jsonl")).read_text()

    assert [step.name for step in cleaned.steps if step.header("x-mimic-trace") not in lines] == []
    assert len(cleaned.steps) == len(lines.splitlines()) == STEPS


def test_the_scanner_finds_nothing_in_the_cleaned_cassette(cleaned: Planted) -> None:
    folder = next(cleaned.home.rglob("interactions.jsonl")).parent

    scanned = run(cleaned.home, "scan", str(folder))

    assert (scanned.returncode, scanned.stderr) == (0, ""), scanned.stdout


def test_the_cleaned_cassette_answers_every_request_of_the_same_client(cleaned: Planted, replayed: Client) -> None:
    assert replayed.broken == []
    assert len(replayed.steps) == len(cleaned.steps)
    assert [step.name for step in replayed.steps if step.header("x-mimic-served-by") != "cassette"] == []


def test_what_the_client_sent_comes_back_to_it_as_it_sent_it(cleaned: Planted, replayed: Client) -> None:
    pairs = [
        (was, now) for was, now in zip(cleaned.steps, replayed.steps, strict=True) if was.part.startswith("sending")
    ]

    assert len(pairs) == len(KINDS) * len(SENT)
    changed = [(was.name, was.content(), now.content()) for was, now in pairs if was.content() != now.content()]
    assert changed == []
