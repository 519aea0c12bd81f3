"""The file of a capsule is Python that says what was recorded, whatever was recorded."""

import ast

from builders import a_request, a_response, an_exchange, an_interaction

from cassettes.exchange import Failure
from gateway.capsule_file import facts_of, render_capsule, told
from recorder.check import parse_check


def asserts(interaction, check=None):
    tree = ast.parse(render_capsule([interaction], "t-1", "shop", check))
    test = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    return test.name, [ast.unparse(node.test) for node in test.body if isinstance(node, ast.Assert)]


def test_without_a_check_the_answer_is_the_recorded_one():
    assert asserts(an_interaction()) == ("test_get_pets_1_200", ["status == 200", "json == {'id': 1, 'name': 'Rex'}"])
    text = an_interaction(1, an_exchange(None, a_response(404, headers=(), body="grüß".encode())))
    assert asserts(text) == ("test_get_pets_1_404", ["status == 404", "text == 'grüß'"])
    binary = an_interaction(1, an_exchange(None, a_response(headers=(), body=b"\0" * 10)))
    assert asserts(binary)[1] == [
        "status == 200",
        "answer.sha256 == '01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca'",
    ]


def test_a_failure_is_told_by_what_a_client_sees():
    kinds = {
        kind: asserts(an_interaction(1, an_exchange(failure=Failure(kind))))[1]
        for kind in ("reset", "timeout", "connect")
    }
    assert kinds == {"reset": ["status == 0"], "timeout": ["status == 504"], "connect": ["status == 502"]}


def test_a_check_is_what_is_asserted():
    assert asserts(an_interaction(), parse_check("200 <= status < 300"))[1] == ["200 <= status < 300"]


def test_nothing_recorded_becomes_code():
    evil = '"""\nimport os; os.abort()\n\\'
    exchange = an_exchange(
        a_request('GET"""', f'/{evil}/"""'.encode()), a_response(headers=((b"X", b'"""'),), body=evil.encode())
    )
    tree = ast.parse(render_capsule([an_interaction(1, exchange)], evil, evil, None))
    imported = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imported == ["import os", "import pytest", "from gateway.capsule import play, serving"]
    assert told(an_interaction(1, exchange)).isascii()


def test_a_check_may_name_what_was_recorded():
    assert facts_of(an_interaction()) == {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "text": '{"id":1,"name":"Rex"}',
        "json": {"id": 1, "name": "Rex"},
    }
    assert facts_of(an_interaction(1, an_exchange(failure=Failure("reset"))))["status"] == 0
