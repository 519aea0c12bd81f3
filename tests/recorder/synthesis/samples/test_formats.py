"""A format at the end of a service's paths, as `.json`, is no part of a name."""

from __future__ import annotations

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, as_the_service, learnt, told, visits

from recorder.synthesis.samples.formats import set_formats_aside


class Formatted(Shelf):
    """Things under `/things.json`, each at `/things/{id}.json`."""

    def answer(self, method, target, sent, headers):
        if not target.endswith(".json"):
            return 406, {"error": "say a format"}
        return super().answer(method, target.removesuffix(".json"), sent, headers)


class Shown(Shelf):
    """Things that are shown as `.json`, and made, changed and deleted without a format."""

    def answer(self, method, target, sent, headers):
        if (method == "GET") != target.endswith(".json"):
            return 406, {"error": "say a format"}
        return super().answer(method, target.removesuffix(".json"), sent, headers)


def a_formatted_visit(ask, words):
    a_visit(lambda method, target, *more: ask(method, f"{target}.json", *more), words)


def a_showing(ask, words):
    a_visit(lambda method, target, *more: ask(method, target + (".json" if method == "GET" else ""), *more), words)


def test_paths_that_end_in_a_format_are_learnt_as_those_without():
    mocks = learnt(Formatted, a_formatted_visit)
    assert mocks.wrong == []
    assert {("POST", "/things.json"), ("GET", "/things.json"), ("GET", "/things/{thing}.json")} <= set(mocks.paths)
    mocked, real = as_the_service(Formatted, a_formatted_visit, mocks)
    assert mocked == real


def test_what_is_shown_in_a_format_is_what_was_made_without():
    mocks = learnt(Shown, a_showing)
    assert mocks.wrong == []
    key = mocks.ask("POST", "/things", {"name": "lamp", "size": 3}).json["id"]
    assert mocks.ask("GET", f"/things/{key}.json").json == {"id": key, "name": "lamp", "size": 3}
    mocks.ask("DELETE", f"/things/{key}")
    assert mocks.ask("GET", f"/things/{key}.json").status == 404


def test_what_nobody_called_of_one_session_ends_in_the_format_too():
    def making(ask, words):
        for _ in range(2):
            key = ask("POST", "/things.json", {"name": "lamp", "size": words.randint(1, 99)}).json["id"]
            ask("GET", f"/things/{key}.json")

    mocks = Mocks(*visits(Formatted, making, 1))
    key = mocks.ask("POST", "/things.json", {"name": "lamp", "size": 4}).json["id"]
    assert mocks.ask("DELETE", f"/things/{key}.json").status == 204
    assert mocks.ask("GET", f"/things/{key}.json").status == 404


def test_a_format_that_is_of_a_name_stays():
    files = [("PUT", f"/keep/{name}", {"a": 1}, 200, {"a": 1}) for name in ("plan.json", "plans.json", "old/plan.json")]
    samples = told(*files)
    set_formats_aside(samples)
    assert [sample.segments[-1] for sample in samples] == ["plan.json", "plans.json", "plan.json"]


def test_what_is_answered_in_another_form_is_of_no_format():
    samples = told(("GET", "/plans.json", None, 200, b"text"), ("GET", "/plans/1", None, 200, {"id": 1}))
    set_formats_aside(samples)
    assert samples[0].segments == ("plans.json",)
