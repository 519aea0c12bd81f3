from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from gateway.matchers.jsonpath import ExhaustedError, PathError, compile_path, getter
from gateway.matchers.jsontree import same
from gateway.view import MISSING

CORPUS = Path(os.environ.get("MIMIC_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))
SUITE = CORPUS / "suites" / "jsonpath-standard+jsonpath-compliance-test-suite" / "cts.json"
DEEP = json.loads('{"a":' * 900 + "1" + "}" * 900)
WIDE = [{"a": {"b": [n, n, n]}} for n in range(5_000)]


@pytest.mark.skipif(not SUITE.exists(), reason="the suite of RFC 9535 is not here")
def test_the_compliance_suite_of_rfc_9535_passes_whole():
    cases = json.loads(SUITE.read_text(encoding="utf-8"))["tests"]
    assert len(cases) >= 703
    assert [case["name"] for case in cases if not _passes(case)] == []


def _passes(case):
    try:
        path = compile_path(case["selector"])
    except PathError:
        return case.get("invalid_selector", False)
    if case.get("invalid_selector"):
        return False
    found = path.find(case["document"])
    return any(same(found, wanted) for wanted in case.get("results") or [case["result"]])


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$", ()),
        ("$.a.b[0]['c d']", ("a", "b", 0, "c d")),
        ("$[-1]", (-1,)),
        ("$.a.*", None),
        ("$..a", None),
        ("$['a','b']", None),
        ("$.a[0:1]", None),
    ],
)
def test_a_singular_path_is_its_steps(path, steps):
    assert compile_path(path).steps == steps


def test_a_getter_looks_names_up_in_objects_and_indexes_in_arrays_only():
    tree = {"a": [{"0": "x"}, "text"]}
    assert getter(("a", -1))(tree) == "text"
    assert getter(("a", 0, "0"))(tree) == "x"
    for steps in [("a", 0, 0), ("a", 1, 0), ("a", "0"), ("a", 2), ("a", -3), ("b",), ("a", 1, "x")]:
        assert getter(steps)(tree) is MISSING
    assert getter(())(tree) is tree
    assert getter(("a",))([1]) is MISSING


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("username", r"begins with \$: write '\$.username'"),
        ("$.a b", "this does not go on a path, at character 4"),
        ("$[?(@.constructor.constructor('return process')())]", "a function stands only in a filter"),
        ("$[?(__import__('os').system('id'))]", "a path, a value or a function is missing"),
        ("$[?(eval('1'))]", r"there is no function eval\(\)"),
        ("$.a.length()", "a function stands only in a filter"),
        ("$[?(@.name =~ /(a+)+$/)]", r"use match\(\) or search\(\)"),
        ("$[(@.length-1)]", "a name in quotes"),
        ("$[?" + "(" * 100 + "@" + ")" * 100 + "]", "nested deeper"),
        ("$[?" + "!" * 900 + "@]", "a path, a value or a function is missing"),
        ("$" + ".a" * 600, "at most 1000 characters"),
        ("$[?@.a == 1e999]", "too large a number|is missing"),
        ("", "begins with"),
        ("$[", "missing, at the end"),
    ],
)
def test_what_is_no_jsonpath_or_would_run_code_is_refused(path, reason):
    with pytest.raises(PathError, match=reason):
        compile_path(path)


@pytest.mark.parametrize(
    "path", ["$..*..*..*..*", "$..[?@..*]", "$..[?@..[?@..*]]", "$..*[?@ == $]", "$[?count($..*) > 1]"]
)
@pytest.mark.parametrize("tree", [DEEP, WIDE], ids=["deep", "wide"])
def test_a_path_that_could_run_away_ends_in_time(path, tree):
    began = time.process_time()
    try:
        compile_path(path).find(tree)
    except ExhaustedError:
        pass
    assert time.process_time() - began < 5


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*a){20}", "a{1000}{1000}", "(?=a)b"])
def test_a_pattern_in_a_filter_ends_in_time(pattern):
    began = time.process_time()
    compile_path(f"$[?match(@, '{pattern}') || search(@, '{pattern}')]").find(["a" * 1_000_000 + "b"])
    assert time.process_time() - began < 5
