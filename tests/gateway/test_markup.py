from __future__ import annotations

import builtins
import time

import pytest

from gateway import markup
from gateway.markup import MarkupError, TooLargeError, canonical, compile_xpath, parse

ORDER = b'<o:order xmlns:o="urn:o" id="7"><o:item price="5">pen</o:item><o:item price="12">book</o:item></o:order>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def test_documents_that_mean_the_same_are_equal():
    one = parse(b'<a xmlns="u" y="2" x="1"> <b> t </b><!-- c --><c/></a>')
    other = parse(b'<p:a xmlns:p="u" x="1" y="2"><p:b>t</p:b>\n<p:c></p:c></p:a>')
    assert canonical(one) == canonical(other)
    assert canonical(one) != canonical(parse(b'<a xmlns="u" y="2" x="1"><b>t</b></a>'))
    assert canonical(parse(b"<a>x<b/>y</a>")) != canonical(parse(b"<a>x<b/></a>"))


@pytest.mark.parametrize(
    "bomb",
    [
        f'<!DOCTYPE l [<!ENTITY l0 "lol">{LAUGHS}]><l>&l9;</l>',
        f'<!DOCTYPE l [<!ENTITY a "{"x" * 50_000}">]><l>{"&a;" * 50_000}</l>',
        '<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/hostname">]><l>&f;</l>',
        '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]><l/>',
        '<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd"><l/>',
        "<a>" * 5_000 + "</a>" * 5_000,
        "<a>" + " " * (3 << 20) + "</a>",
        "<a>",
        "",
    ],
    ids=["laughs", "quadratic", "file", "parameter", "dtd", "deep", "large", "torn", "empty"],
)
def test_a_bomb_is_refused_in_time(bomb):
    began = time.process_time()
    with pytest.raises(MarkupError):
        parse(bomb.encode())
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("//o:item/@price", ["5", "12"]),
        ("/o:order/o:item[@price > 10]/text()", ["book"]),
        ("//o:item[contains(., 'oo')]", ["book"]),
        ("count(//o:item)", [2.0]),
        ("//o:order[.//o:item]/@id", ["7"]),
        ("//o:item[2]", ["book"]),
        ("//o:none", []),
        ("boolean(//o:item)", [True]),
        ("/o:order/o:item[1] | //o:none", ["pen"]),
        ("descendant::o:item[last()]", ["book"]),
    ],
)
def test_a_path_finds_texts_numbers_and_booleans(path, found):
    assert compile_xpath(path, {"o": "urn:o"})(parse(ORDER)) == found


@pytest.mark.parametrize(
    "path",
    [
        "document('file:///etc/passwd')",
        "re:test(., '(a+)+$')",
        "//*/following::*/following::*",
        "//a/ancestor::*",
        "//*[count(//*) > 1]",
        "//*[/a]",
        "//*[.//*[.//*[.//*]]]",
        "//*//*//*//*",
        "//a/..",
        "//a[@x = $y]",
        "//a[",
        "//" + "a" * 1_000,
        "id('x')",
    ],
)
def test_a_path_that_could_reach_out_or_run_away_is_refused(path):
    with pytest.raises(MarkupError):
        compile_xpath(path, {"re": "http://exslt.org/regular-expressions"})


@pytest.mark.parametrize("path", ["//*//*//*", "//a[contains(., 'y')]", "//*[.//*[.//*]]", "//a | //a | //*"])
@pytest.mark.parametrize("shape", [b"<a>x</a>" * 19_000, (b"<a>" * 180 + b"x" + b"</a>" * 180) * 100])
def test_a_path_ends_in_time_on_the_worst_document_that_it_takes(path, shape):
    root = parse(b"<r>" + shape + b"</r>")
    began = time.process_time()
    try:
        compile_xpath(path, {})(root)
    except TooLargeError:
        pass
    assert time.process_time() - began < 5


def test_without_lxml_the_message_says_how_to_have_it(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("lxml"):
            raise ImportError(name)
        return real(name, *rest)

    markup._lxml.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MarkupError, match=r"pip install mimic-gateway\[xml\]"):
        compile_xpath("//a", {})
    monkeypatch.undo()
    markup._lxml.cache_clear()


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"<a>" + b"<b/>" * 20_001 + b"</a>", "XML is read up to 20,000 elements"),
        (b"<a>" + b"<b></b>" * 30_000 + b"</a>", "XML is read up to 20,000 elements"),
        (b"<a " + b" ".join(b'b%d=""' % n for n in range(129)) + b"/>", "at most 128 attributes"),
    ],
)
def test_very_many_elements_or_attributes_are_refused(document, told):
    with pytest.raises(MarkupError, match=told):
        parse(document)
