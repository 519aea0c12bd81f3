"""Log lines are JSON with their facts, and never quote an exception's text."""

import io
import json
import logging

import pytest

from gateway.logs import set_up_logs


@pytest.fixture
def logs():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_carries_its_facts(logs):
    set_up_logs("info", "json", logs)
    logging.getLogger("mimic.plane").info("%s %s", "GET", "/a", extra={"trace": "t1", "ms": 1.5})
    line = json.loads(logs.getvalue())
    assert (line["message"], line["trace"], line["ms"], line["level"]) == ("GET /a", "t1", 1.5, "info")


@pytest.mark.parametrize("style", ["json", "plain"])
def test_an_exceptions_text_is_not_quoted(logs, style):
    set_up_logs("info", style, logs)
    try:
        raise ValueError("sesame")
    except ValueError:
        logging.getLogger("mimic").exception("failed")
    assert "ValueError" in logs.getvalue()
    assert "test_logs.py:" in logs.getvalue()
    assert "sesame" not in logs.getvalue()


def test_a_line_break_cannot_forge_a_line(logs):
    set_up_logs("info", "json", logs)
    logging.getLogger("mimic").info("a\n{}", extra={"path": "\x1b[2J\n"})
    assert logs.getvalue().count("\n") == 1
    assert "\x1b" not in logs.getvalue()
