"""No template takes the gateway's time or memory, or reaches an object of Python: known attacks end in an error."""

import time
import tracemalloc

import pytest
from contexts import a_context
from template_payloads import BODY, MEMORY_AND_TIME, OBJECTS

from gateway.templates import TemplateError, compile_template

# Far above what each takes (under 100 ms): a runaway template would take seconds.
SECONDS = 2.0
MEMORY = 128 << 20


def _outcome(source, kind):
    """Compile and render; gives the error, or what was rendered."""
    context = a_context(BODY)
    try:
        return compile_template(source, "here", kind=kind).render(context)
    except TemplateError as error:
        return error


@pytest.mark.parametrize("kind", ["text", "json"])
@pytest.mark.parametrize("source", MEMORY_AND_TIME.values(), ids=MEMORY_AND_TIME.keys())
def test_a_template_that_would_run_away_ends_in_an_error(source, kind):
    before = time.process_time()
    outcome = _outcome(source, kind)
    assert time.process_time() - before < SECONDS
    assert isinstance(outcome, TemplateError)


def test_none_of_them_takes_much_memory():
    tracemalloc.start()
    peaks = {}
    for name in (
        "join",
        "replace",
        "a text doubled by ~",
        "a list doubled",
        "a repeated list",
        "large texts cut",
        "much output",
    ):
        tracemalloc.reset_peak()
        _outcome(MEMORY_AND_TIME[name], "text")
        peaks[name] = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {name: peak for name, peak in peaks.items() if peak > MEMORY} == {}


def test_one_value_alone_is_bounded_too():
    context = a_context(b"x" * (8 << 20) + b"x")
    with pytest.raises(TemplateError, match="the output is larger than 8388608 characters"):
        compile_template("{{ request.body }}", "here").render(context)


@pytest.mark.parametrize("source", OBJECTS.values(), ids=OBJECTS.keys())
def test_no_object_of_python_is_reached(source):
    assert isinstance(_outcome(source, "text"), TemplateError)


@pytest.mark.parametrize("name", ["__class__", "__init__", "keys", "append", "_sort_key"])
def test_a_name_from_data_finds_data_only(name):
    source = "{{ [{}, [], '', 1, none] | map(attribute=request.query.n) | list }}{{ request.json[request.query.n] }}"
    context = a_context(b"{}", target=b"/?n=" + name.encode())
    assert compile_template(source, "here").render(context) == "[null,null,null,null,null]"


@pytest.mark.parametrize("tag", ["macro m()", "call m()", "include 'a'", "import 'a' as a", "from 'a' import b", "extends 'a'", "block a", "autoescape true", "do x", "filter upper", "with a = 1", "print 1", "trans", "break", "set a"])  # fmt: skip
def test_other_statements_are_refused_by_name(tag):
    word = tag.split()[0]
    outcome = _outcome(f"a\n{{% {tag} %}}b", "text")
    assert isinstance(outcome, TemplateError)
    assert (outcome.line, word in str(outcome)) == (2, True)


def test_words_of_python_and_odd_characters_stay_data():
    assert _outcome("{{ dict(lambda=1, __debug__=2) }}", "text") == '{"lambda":1,"__debug__":2}'
    assert _outcome("{{ 'a\\'\\\\\\\"' }}\x00\x1c\u2028", "text") == "a'\\\"\x00\x1c\u2028"
    assert isinstance(_outcome('{{ "\\ud800" }}', "json"), TemplateError)
