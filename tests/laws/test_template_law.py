"""A template in the part of Jinja that we keep renders as Jinja's own sandbox renders it."""

import json

from contexts import a_context
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from gateway.templates import TemplateError as OurError
from gateway.templates import compile_template, quoted

DATA = {
    "n": 7, "f": 2.5, "zero": 0, "s": "hello World", "e": "", "t": "a,b;c <x> é", "yes": True, "no": False, "null": None,
    "list": [3, 1, 2, 1], "words": ["b", "A", "a", "c"], "empty": [], "o": {"x": 1, "y": "z", "in": {"deep": [1, "k"]}},
    "people": [{"name": "Ann", "age": 30}, {"name": "Bob", "age": 25}, {"name": "Cyd", "age": 30}],
}  # fmt: skip
BODY = json.dumps(DATA).encode()


def _shown(value):
    """Give a value as our text form does: that is where we differ from Jinja on purpose."""
    if value is None or isinstance(value, bool | list | tuple | dict):
        return "" if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return value


JINJA = SandboxedEnvironment(keep_trailing_newline=True, finalize=_shown)


def _of(*parts):
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


_number_leaf = st.sampled_from(["1", "2", "10", "0.5", "request.json.n", "request.json.f", "request.json.list[1]", "x"])
_text_leaf = st.sampled_from(["'a'", '"b c"', "request.json.s", "request.json.t", "request.json.o.y", "''"])
_list_leaf = st.sampled_from(["request.json.list", "[1, 2, 3]", "request.json.empty", "(range(4) | list)", "[x, 5]"])
_words_leaf = st.sampled_from(["request.json.words", "['q', 'r']", "request.json.s.split(' ')", "'a,b'.split(',')"])
_bool_leaf = st.sampled_from(
    ["true", "false", "request.json.yes", "request.json.nope is defined", "request.json.null is none"]
)


def _deeper(inner):
    number, text, numbers, words, truth = inner
    number = st.one_of(
        number,
        _of("(", number, st.sampled_from([" + ", " - ", " * ", " / ", " // ", " % "]), number, ")"),
        _of("-", number),
        _of("(", number, " | abs)"),
        _of("(", text, " | length)"),
        _of("(", numbers, " | sum)"),
        _of("(", numbers, " | length)"),
        _of("(", number, " | round(", st.sampled_from(["", "1", "2"]), "))"),
        _of("(", number, " | int)"),
        _of("(", number, " if ", truth, " else ", number, ")"),
    )
    text = st.one_of(
        text,
        _of("(", text, " ~ ", st.one_of(text, number), ")"),
        _of("(", text, " + ", text, ")"),
        _of("(", text, " | ", st.sampled_from(["upper", "lower", "title", "capitalize", "trim", "reverse"]), ")"),
        _of("(", text, " | replace('a', ", text, "))"),
        _of("(", text, " | truncate(", st.sampled_from(["3", "5, true", "4, false, '..', 0", "8"]), "))"),
        _of("(", words, " | join(", st.sampled_from(["''", "', '", "'-'"]), "))"),
        _of("(", numbers, " | join('/'))"),
        _of("(request.json.nope | default(", text, "))"),
        _of("(", text, " | urlencode)"),
        _of(text, st.sampled_from(["[:3]", "[1:]", "[::-1]", ".upper()", ".strip()", ".replace('l', 'L')"])),
        _of("(", text, " if ", truth, " else ", text, ")"),
    )
    numbers = st.one_of(
        numbers,
        _of(
            "(", numbers, " | ", st.sampled_from(["sort", "unique | list", "reverse | list", "sort(reverse=true)"]), ")"
        ),
        _of("(", numbers, " + ", numbers, ")"),
        _of("[", number, ", ", number, "]"),
        _of("(", numbers, " | select('gt', 1) | list)"),
        st.sampled_from(["(request.json.people | map(attribute='age') | list)"]),
        _of(numbers, st.sampled_from(["[1:]", "[:2]", "[::2]"])),
    )
    words = st.one_of(
        words,
        _of("(", words, " | ", st.sampled_from(["sort", "unique | list", "map('upper') | list"]), ")"),
        st.sampled_from(["(request.json.people | selectattr('age', 'eq', 30) | map(attribute='name') | list)"]),
        _of("[", text, ", ", text, "]"),
    )
    truth = st.one_of(
        truth,
        _of("(", number, st.sampled_from([" == ", " != ", " < ", " >= "]), number, ")"),
        _of("(1 < ", number, " <= 9)"),
        _of("(", text, st.sampled_from([" == ", " < ", " in ", " not in "]), text, ")"),
        _of("(", number, " in ", numbers, ")"),
        _of("(not ", truth, ")"),
        _of("(", truth, st.sampled_from([" and ", " or "]), truth, ")"),
        _of("(", number, " is ", st.sampled_from(["number", "string", "defined", "none"]), ")"),
        _of(text, ".startswith(", text, ")"),
    )
    return number, text, numbers, words, truth


_leaves = (_number_leaf, _text_leaf, _list_leaf, _words_leaf, _bool_leaf)
_expressions = _deeper(_deeper(_leaves))
_any = st.one_of(*_expressions)
_number, _text, _numbers, _words, _truth = _expressions
_literal = st.sampled_from(["", " ", "a\n", "\n  b", "{", "}", '"', "x}} ", "# "])
_open, _close = st.sampled_from(["{%", "{%-"]), st.sampled_from(["%}", "-%}"])


def _tag(*parts):
    return _of(_open, " ", *parts, " ", _close)


_output = _of(st.sampled_from(["{{ ", "{{- "]), _any, st.sampled_from([" }}", " -}}"]))
_piece = st.one_of(
    _literal, _output, _of("{# ", st.sampled_from(["x", "{{ y }}"]), " #}"), st.just("{% raw %}{{ q }}{% endraw %}")
)


def _statements(body):
    return st.one_of(
        body,
        _of(_tag("if ", _truth), body, _tag("elif ", _truth), body, _tag("else"), body, _tag("endif")),
        _of(
            _tag("for x in ", _numbers),
            body,
            "{{ loop.index }}{{ loop.last }}{{ x }}",
            _tag("else"),
            body,
            _tag("endfor"),
        ),
        _of(_tag("for x in ", _numbers, " if x > 1"), body, "{{ loop.length }}", _tag("endfor")),
        _of(_tag("for k, w in request.json.o.items()"), "{{ k }}{{ w is mapping }}", body, _tag("endfor")),
        _of(_tag("set x = ", _number), body, "{{ x }}"),
        _of(body, body),
    )


_source = _statements(_statements(_piece)).map(lambda text: "{% set x = 1 %}" + text)


def _by_jinja(source):
    try:
        return JINJA.from_string(source).render(request={"json": DATA})
    except (TemplateError, TypeError, ValueError, ArithmeticError):
        return None


def _by_us(source):
    try:
        return compile_template(source, "a law").render(a_context(BODY))
    except OurError as error:
        return error


@settings(max_examples=600, deadline=None)
@given(_source)
def test_what_jinja_renders_we_render_alike(source):
    wanted = _by_jinja(source)
    if wanted is None:
        return
    assert _by_us(source) == wanted


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from('{}%#- \r\n"a'), max_size=12),
    st.sampled_from(["", "{% endraw %}"]),
    st.sampled_from(["text", "json"]),
)
def test_a_quoted_text_renders_as_itself(text, end, kind):
    assert compile_template(quoted(text + end), "a law", kind=kind).render(a_context()) == text + end


@settings(max_examples=150, deadline=None)
@given(_any)
def test_in_a_json_body_every_expression_gives_json_of_its_value(source):
    wanted = _by_jinja("{% set x = 1 %}{{ " + source + " }}")
    if wanted is None:
        return
    rendered = compile_template(
        '{% set x = 1 %}{"v": {{ ' + source + ' }}, "s": "{{ ' + source + ' }}"}', "a law", kind="json"
    )
    read = json.loads(rendered.render(a_context(BODY)))
    assert read["s"] == wanted
    assert (read["v"] if isinstance(read["v"], str) else _shown(read["v"])) == wanted or str(read["v"]) == wanted
