from __future__ import annotations

import ast
import re

import pytest
from house.tree import PACKAGES, ROOT, modules, named, parsed

LINES = 400
FUNCTION_LINES = 50
BANNED_WORDS = {"Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Handler", "Data"}
SOURCES = modules(*PACKAGES, "examples")

# A module without a test file of its own, and what tests it instead.
TESTED_ELSEWHERE = {
    "cassettes/cassette.py": "values without behaviour",
    "cassettes/errors.py": "names of what can go wrong",
    "sanitizers/errors.py": "names of what can go wrong",
    "recorder/errors.py": "names of what can go wrong",
    "gateway/errors.py": "names of what can go wrong",
    "gateway/inbound/carrier.py": "a contract; tests/gateway/inbound/test_cycle.py tests what it is for",
    "gateway/context.py": "values and contracts; tests/gateway/test_supplies.py makes them",
    "gateway/state.py": "contracts; tests/gateway/test_states.py tests each backend by them",
    "gateway/options.py": "values without behaviour",
    "gateway/mode.py": "values and contracts; tests/gateway/test_modes.py tests what they are for",
    "recorder/exporter.py": "a contract; tests/recorder/test_exporters.py tests what it is for",
    "gateway/commands/capsule.py": "tests/e2e/test_tracing.py runs it as a child process",
    "gateway/commands/drift.py": "tests/e2e/test_drift.py runs it as a child process",
    "gateway/commands/provenance.py": "tests/e2e/test_tracing.py runs it as a child process",
    "gateway/commands/volatile.py": "tests/e2e/test_tracing.py runs it as a child process",
    "gateway/commands/blast.py": "tests/e2e/test_synthesis.py runs it as a child process",
    "gateway/commands/recorded.py": "tests/e2e/test_synthesis.py reads cassettes and a journal with it",
    "gateway/commands/recordings.py": "tests/e2e/test_synthesis.py runs its commands as child processes",
    "gateway/commands/synthesizing.py": "tests/e2e/test_synthesis.py runs it as a child process",
    "gateway/commands/updating.py": "tests/e2e/test_synthesis.py runs it as a child process",
    "gateway/commands/verifying.py": "tests/e2e/test_synthesis.py runs it as a child process",
    "recorder/synthesis/reports/report_style.py": "a style sheet; tests/recorder/synthesis/reports/test_report.py looks at its hash",
    "recorder/synthesis/state/play.py": "tests/recorder/synthesis/state/test_world.py plays sessions with it",
    "gateway/commands/control.py": "tests/gateway/test_cli.py runs it as a child process",
    "gateway/commands/serving.py": "tests/gateway/test_cli.py runs it as a child process",
    "gateway/commands/shelves.py": "tests/gateway/test_cli.py runs it as a child process",
}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_module_says_in_one_sentence_what_it_is(path):
    docstring = ast.get_docstring(parsed(path)) or ""
    assert docstring, "begin the file with a one-sentence docstring: a noun that a newcomer understands"
    first = docstring.splitlines()[0]
    assert first.endswith((".", ":")), f"the first line is not a sentence: {first!r}"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_module_is_short_enough_to_read_at_once(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_function_fits_on_a_screen(path):
    functions = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = {node.name: size for node in functions if (size := _size(node)) >= FUNCTION_LINES}
    assert not long


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_class_is_named_for_what_it_is(path):
    names = [node.name for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if BANNED_WORDS & set(re.findall(r"[A-Z][a-z]*", name))] == []


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=named)
def test_a_module_has_its_test_file(path):
    if path.name == "__init__.py" or named(path) in TESTED_ELSEWHERE:
        return
    inside = path.relative_to(ROOT)
    own = ROOT / "tests" / inside.parent / f"test_{inside.stem.lstrip('_')}.py"
    # A plural folder may be tested as the table it is: tests/cassettes/test_stores.py for cassettes/stores/*.
    whole = ROOT / "tests" / inside.parent.parent / f"test_{inside.parent.name}.py"
    assert own.exists() or (len(inside.parts) > 2 and whole.exists()), f"write {own.relative_to(ROOT)}"


def test_no_exception_outlives_its_module():
    assert [name for name in TESTED_ELSEWHERE if not (ROOT / name).exists()] == []


def test_there_is_no_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "common", "helpers", "core", "base", "misc"}
    assert [named(path) for path in SOURCES if drawers & {*path.parts, path.stem}] == []


def _size(node):
    return (node.end_lineno or node.lineno) - node.lineno + 1
