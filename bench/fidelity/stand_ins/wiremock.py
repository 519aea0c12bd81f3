"""WireMock: its own recording of the same sessions, with repeats as scenarios."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import httpx

from bench.fidelity.session import played
from bench.fidelity.stand_in import Fresh, Learned, LearningError, Lesson
from bench.fidelity.transcript import Step
from bench.fidelity.upstream import running, steady_port
from bench.peer import java, npm_package
from bench.process import ServerProcess


class WireMock:
    """The jar that the npm package carries. It records in a run of its own, since a recorder sees only what passes it.

    Malformed JSON is kept from it: one such request, and it answers 422 instead of writing its recording.
    """

    name = "wiremock"

    def obtain(self) -> None:
        self._jar = npm_package("wiremock", "wiremock/build/wiremock-standalone-*.jar")
        java()

    def learn(self, lesson: Lesson) -> Learned:
        port, took, asked = steady_port(), 0.0, 0
        with self._server(lesson) as here:
            target = {"targetBaseUrl": f"http://127.0.0.1:{port}", "repeatsAsScenarios": True}
            _admin(here, "POST", "/recordings/start", target)
            for seed in lesson.seeds:
                with running(lesson.upstream, port) as there:
                    transcript = played(lesson.upstream.name, lesson.program, seed, here, behind=there, spares=True)
                    asked += len(transcript.steps)
            began = time.perf_counter()
            _admin(here, "POST", "/recordings/stop", {})
            took = time.perf_counter() - began
            rules = len(_admin(here, "GET", "/mappings", None)["mappings"])
        return Learned(lesson, took, rules, asked, 1.0)

    @contextlib.contextmanager
    def serving(self, learned: Learned) -> Iterator[Fresh]:
        with self._server(learned.lesson) as here:

            @contextlib.contextmanager
            def fresh() -> Iterator[str]:
                _admin(here, "POST", "/scenarios/reset", {})
                yield here

            yield fresh

    def answered(self, step: Step) -> bool:
        return step.status != 0 and step.header("matched-stub-id") is not None

    @contextlib.contextmanager
    def _server(self, lesson: Lesson) -> Iterator[str]:
        root = lesson.folder / "root"
        for folder in ("mappings", "__files"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        port = steady_port()
        command = [*java(), str(self._jar), "--disable-banner", "--bind-address", "127.0.0.1", "--port", str(port)]
        command += ["--root-dir", str(root)]
        with ServerProcess(command, lesson.folder / "run", port=port) as server:
            here = f"http://127.0.0.1:{port}"
            server.wait_until_ready(lambda _: bool(_admin(here, "GET", "/mappings", None)))
            yield here


def _admin(here: str, method: str, path: str, asked: object) -> dict[str, list[object]]:
    try:
        answered = httpx.request(method, f"{here}/__admin{path}", json=asked, timeout=60, trust_env=False)
    except httpx.TransportError as error:
        raise ConnectionError(str(error)) from None
    if answered.status_code >= 400:
        raise LearningError(f"WireMock answered {answered.status_code} to {path}: {answered.text[:300]}")
    found: dict[str, list[object]] = answered.json() if answered.content else {}
    return found
