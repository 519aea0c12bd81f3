"""Where nothing tells which answer comes, they are given by weight, as often as they were recorded."""

from collections import Counter

import pytest
from synthesis.telling import Mocks, recorded, visits, word

from gateway.inprocess import serve
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.reports.account import endpoint_accounts

BUSY = {"error": "busy, try again"}


class Flaky:
    """Keeps notes; one call in four fails with 503, whatever it is about."""

    def __init__(self, chance, share=0.25, status=503):
        self._chance, self._share, self._status = chance, share, status
        self._notes = {}

    def answer(self, method, target, sent, headers):
        if self._chance.random() < self._share:
            return self._status, BUSY
        if method == "POST":
            note = {"id": f"n-{self._chance.getrandbits(40):010x}", "text": sent["text"]}
            self._notes[note["id"]] = note
            return 201, note
        note = self._notes.get(target.rpartition("/")[2])
        return (200, note) if note else (404, {"error": "no such note"})


def stubborn(ask, chance):
    """Make notes and read them and one that is not there, each until it is not busy."""

    def until(*call):
        for _ in range(40):
            given = ask(*call)
            if given.status < 500:
                return given
        raise AssertionError("always busy")

    for _ in range(4):
        note = until("POST", "/notes", {"text": word(chance)}).json
        until("GET", f"/notes/{note['id']}")
        until("GET", "/notes/n-0000000000")


def variants(definition):
    return [case["response"]["variants"] for case in definition["cases"] if "variants" in case["response"]]


def reads(*statuses, target="/quote", answers=None):
    """Give a session that asks the same again and again."""
    told = answers or {200: {"text": "wool is warm"}}
    return [("GET", target, None, status, told.get(status, BUSY)) for status in statuses]


def test_a_failure_that_nothing_tells_comes_as_often_as_it_was_recorded():
    mocks = Mocks(*visits(Flaky, stubborn, 8))
    for identity, status in (("post-notes", 201), ("get-note", 200)):
        [[usual, failed]] = variants(mocks.definition(identity))
        assert (usual["response"]["status"], failed["response"]["status"]) == (status, 503)
        assert failed["response"]["body"] == BUSY
        assert 0.15 < failed["weight"] / (usual["weight"] + failed["weight"]) < 0.35
    drawn = Counter(mocks.ask("POST", "/notes", {"text": "new"}).status for _ in range(2_000))
    [[usual, failed]] = variants(mocks.definition("post-notes"))
    assert abs(drawn[503] / 2_000 - failed["weight"] / (usual["weight"] + failed["weight"])) < 0.03


def test_what_is_told_by_conditions_stays_so_and_a_failure_keeps_nothing():
    mocks = Mocks(*visits(Flaky, stubborn, 8))
    absent = {mocks.ask("GET", "/notes/n-ffffffffff").status for _ in range(50)}
    assert absent == {404}
    saves = [save for case in mocks.definition("post-notes")["cases"] for save in case.get("save", ())]
    assert saves
    assert all("vars.answer.status < 300" in save["when"] for save in saves)
    note = next(one for one in iter(lambda: mocks.ask("POST", "/notes", {"text": "kept"}), None) if one.status == 201)
    read = Counter(mocks.ask("GET", f"/notes/{note.json['id']}").status for _ in range(100))
    assert set(read) == {200, 503}


def test_the_evidence_stands_beside_it():
    mocks = Mocks(reads(200, 503, 200, 200, 503, 200), reads(200, 200, 503, 200))
    [case] = mocks.definition("get-quote")["cases"]
    assert case["note"] == (
        "by weight, since nothing tells which: 7 x 200, 3 x 503; 2 times it was gone when the same was asked again"
    )


def test_the_report_says_so():
    [account] = endpoint_accounts(Mocks(reads(200, 503, 200, 200, 503, 200)).made)
    assert [one.status for one in account.cases] == [200]
    assert "answers by weight, since nothing tells which comes: 2 calls otherwise than the usual" in account.doubts


def test_each_of_them_waits_as_it_did():
    rows = reads(200, 503, 200, 200, 503, 200)
    made = distil([recorded(rows)], Options(latency=True), serve)
    [[usual, failed]] = variants(made.definitions[-1])
    assert usual["response"]["delay"] == failed["response"]["delay"] == {"fixed": 5}


def test_an_answer_that_goes_to_and_fro_is_given_by_weight():
    answers = [{"layout": one, "columns": columns} for one, columns in (("wide", 3), ("narrow", 1))]
    rows = [("GET", "/page", None, 200, answers[place]) for place in (0, 0, 1, 0, 1, 0, 0, 1)]
    mocks = Mocks(rows)
    [[often, seldom]] = variants(mocks.definition("get-page"))
    assert [(one["weight"], one["response"]["body"]) for one in (often, seldom)] == [(5, answers[0]), (3, answers[1])]
    given = Counter(mocks.ask("GET", "/page").json["layout"] for _ in range(1_000))
    assert 0.55 < given["wide"] / 1_000 < 0.7


def test_the_same_recording_gives_the_same_definitions_and_the_recording_is_told_again():
    first, second = (Mocks(*visits(Flaky, stubborn, 6)) for _ in range(2))
    assert first.made.definitions == second.made.definitions
    assert first.made.definitions[0]["id"] == "recorded-sessions"
    serve(first.made.definitions, lambda: 0.0)


@pytest.mark.parametrize(
    "sessions",
    [
        [reads(503, 200, 200, 200, 200)],  # once
        [reads(200, 200, 503, 503, 503), reads(200, 503, 503, 503)],  # broken from then on
        [reads(503, 200), reads(503, 200), reads(503, 200)],  # always at first
        [reads(200, 200, 429, 200, 429, 200, 429)],  # asked too often
        [reads(*([200] * 6)), reads(*([503] * 6))],  # away for a whole session
        [reads(202, 202, 200, answers={202: {"is": "pending"}, 200: {"is": "done"}})] * 4,  # goes on
    ],
)  # fmt: skip
def test_what_is_not_chance_is_not_given_by_weight(sessions):
    mocks = Mocks(*sessions)
    assert [variants(one) for one in mocks.made.definitions if "cases" in one and variants(one)] == []


def test_a_refusal_that_counts_what_was_tried_is_not_chance():
    """Locked after two tries, for a time: the same is asked of the same state, as far as anybody can see."""
    rows = []
    for _ in range(3):
        rows += [("POST", "/open", {"pin": 1}, status, {"error": str(status)}) for status in (401, 401, 423, 423)]
        rows += [("POST", "/open", {"pin": 7}, 200, {"open": True})]
    assert not variants(Mocks(rows, rows).definition("post-open"))


def test_what_a_condition_tells_is_not_chance_though_it_comes_and_goes():
    rows = []
    for place in range(6):
        on = place % 2 == 0
        rows += [
            ("PUT", "/switch", {"on": on}, 200, {"on": on}),
            ("GET", "/light", None, *((200, {"light": True}) if on else (503, {"error": "dark"}))),
        ]
    assert not variants(Mocks(rows, rows).definition("get-light"))


def test_without_guards_nothing_is_given_by_weight():
    assert not variants(Mocks(reads(200, 503, 200, 200, 503, 200), without=["guards"]).definition("get-quote"))
