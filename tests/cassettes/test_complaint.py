"""What is wrong with a definition is told in one sentence for each place."""

import pytest
from pydantic import BaseModel, Field

from cassettes.complaint import Complaint, complain, complaints, flaws, known_names
from cassettes.definition import Comparison, MockDefinition
from cassettes.document import read_document

MODES = "mock, passthrough, proxy, proxy-with-fallback, record, replay"


def told(**parts):
    found = flaws(MockDefinition, {"id": "a", "response": {}, **parts})
    return [(".".join(map(str, path)), reason) for path, reason in found]


def test_nothing_is_told_of_what_is_right():
    assert told() == []


def test_names_are_those_that_are_written():
    assert {"not", "equals", "ge"} <= set(known_names(Comparison))
    assert "not_" not in known_names(Comparison)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"nme": "x"}, ("nme", "unknown key 'nme': did you mean 'name'?")),
        ({"status": 3}, ("status", "unknown key 'status': did you mean 'response.status'?")),
        (
            {"match": {"headers": {"X": {"equls": "a"}}}},
            ("match.headers.X.equls", "unknown key 'equls': did you mean 'equals'?"),
        ),
        (
            {"match": {"headers": {"X": [{"equals": "a"}, {"ends": "b"}]}}},
            ("match.headers.X.1.ends", "unknown key 'ends': did you mean 'ends_with'?"),
        ),
        (
            {"match": {"not": {"any": [{"body": {"jsn": 1}}]}}},
            ("match.not.any.0.body.jsn", "unknown key 'jsn': did you mean 'json'?"),
        ),
        (
            {"faults": {"outage": {"frm": "2024-01-01"}}},
            ("faults.outage.frm", "unknown key 'frm': did you mean 'from'?"),
        ),
        (
            {"match": {"path": {"globb": "x"}}},
            ("match.path.globb", "unknown key 'globb': did you mean 'glob'?"),
        ),
        (
            {"match": {"path": {"q": 1}}},
            ("match.path.q", "unknown key 'q' (known: equals, glob, regex, template)"),
        ),
        (
            {"mode": "proxi", "upstream": "https://a.test"},
            (
                "mode",
                f"expected one of {MODES}, not 'proxi': did you mean 'proxy'?",
            ),
        ),
        (
            {"response": {"repeat_policy": {"then": "lst"}}},
            (
                "response.repeat_policy.then",
                f"expected one of last, loop, {MODES}, not 'lst': did you mean 'last'?",
            ),
        ),
        ({"response": {"status": 99}}, ("response.status", "should be greater than or equal to 200")),
        (
            {"response": {"status": "abc"}},
            ("response.status", "a status is a number from 200 to 599, or a template"),
        ),
        ({"response": {"status": []}}, ("response.status", "a whole number or a text is expected, not a list")),
        (
            {"response": {"headers": {"X": 5}}},
            ("response.headers.X", "a text or a list is expected, not 5: put it in quotes"),
        ),
        ({"response": 7}, ("response", "a mapping is expected, not 7")),
        ({"match": None}, ("match", "a mapping is expected, not nothing")),
        ({"match": {"path": "x"}}, ("match.path", "a path begins with '/' (or '^', as a regex): write '/x'")),
        ({"priority": "high"}, ("priority", "a whole number is expected, not 'high'")),
        ({"priority": 1.5}, ("priority", "a whole number is expected, not 1.5")),
        ({"enabled": "perhaps"}, ("enabled", "true or false is expected, not 'perhaps'")),
        ({"tags": "x"}, ("tags", "a list is expected, not 'x'")),
        ({"tags": ["x", 1]}, ("tags.1", "a text is expected, not 1: put it in quotes")),
        ({"id": ""}, ("id", "should have at least 1 character")),
        ({"mode": "proxy"}, ("", "mode 'proxy' needs an upstream: add upstream: https://… or the alias of one")),
        (
            {"response": {"delay": {"fixed": 1, "normal": [1, 2]}}},
            ("response.delay", "give exactly one of fixed, uniform, normal, lognormal or percentiles"),
        ),
        (
            {"response": {"delay": {"uniform": [1, "x"]}}},
            ("response.delay.uniform.1", "a number is expected, not 'x'"),
        ),
        (
            {"response": {"delay": {"uniform": 3}}},
            ("response.delay.uniform", "a list is expected, not 3"),
        ),
    ],
)
def test_a_mistake_is_one_sentence(parts, expected):
    assert told(**parts) == [expected]


def test_trailers_have_their_reason_alone():
    [(path, reason)] = told(response={"trailers": {}})
    assert (path, reason[:22]) == ("response", "trailers are not sent:")


def test_a_missing_key_is_named():
    assert flaws(MockDefinition, {"response": {}}) == [((), "the key 'id' is missing")]


def test_every_place_is_told_at_once():
    assert [path for path, _ in told(prority=1, match={"pth": "/x"}, response={"status": 99, "bdy": 1})] == [
        "match.pth",
        "response.status",
        "response.bdy",
        "prority",
    ]


def test_what_a_pattern_means_is_told_in_words():
    expected = "expected global, session, client-ip or header:NAME, not 'sesion'"
    assert told(state={"scope": "sesion"}) == [("state.scope", expected)]


def test_a_pattern_of_keys_is_told():
    [(path, reason)] = told(state={"keys": [{"nobody": "x"}]})
    assert (path, reason[:32]) == ("state.keys.0.nobody", "the key 'nobody' should match pa")


def test_a_complaint_has_file_line_and_path():
    document = read_document("- id: a\n  response:\n    sttus: 3\n", "m.yaml")
    [found] = complaints(document, (0,), MockDefinition, document.value[0])
    assert found == Complaint("m.yaml", 3, "0.response.sttus", "unknown key 'sttus': did you mean 'status'?")
    assert str(found) == "m.yaml:3: 0.response.sttus: unknown key 'sttus': did you mean 'status'?"
    assert str(complain(document, (), "no")) == "m.yaml:1: no"


def test_any_model_can_be_complained_about():
    class Small(BaseModel, extra="forbid"):
        sizes: dict[str, int] = Field(default_factory=dict)

    assert flaws(Small, {"sizes": {"a": "x"}}) == [(("sizes", "a"), "a whole number is expected, not 'x'")]
