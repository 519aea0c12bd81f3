"""XML is taken apart as it is written, and written back to the same bytes."""

from __future__ import annotations

import pytest

from cassettes.markup import PLAIN, Element, Layout, Markup, merged, read_markup, write_markup

DOCUMENTS = (
    "<a/>",
    "<a></a>",
    "<a />",
    '<?xml version="1.0" encoding="UTF-8"?><s:a xmlns:s="urn:x" s:b="1 &amp; &quot;2&quot;">t &lt; &amp; "q"</s:a>',
    "<?xml version='1.0'?>\n<a>\n  <b/>\n  <b>2</b>\n  <c>\n    <d>&quot;t&quot;</d>\n  </c>\n</a>\n",
    '<a>\n\t<b x="1">&#34;</b>\n</a>',
    "<a><b></b><c> kept </c></a>",
    "<Liste><Größe>1</Größe></Liste>",
)


@pytest.mark.parametrize("text", DOCUMENTS)
def test_a_document_is_written_as_it_was(text):
    assert write_markup(read_markup(text)) == text


def test_it_is_elements_with_their_prefixes_and_order():
    read = read_markup('<?xml version="1.0"?><s:a xmlns:s="u"> <b>1</b><!-- no --><s:c/> </s:a>')
    assert read.declaration == 'version="1.0"'
    assert read.root == Element("s:a", {"xmlns:s": "u"}, [Element("b", text="1"), Element("s:c")])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a>", "not well-formed"),
        ("", "not well-formed"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "a document type"),
        ("<a>t<b/></a>", "a holds text between elements"),
        ("<a>" * 70 + "</a>" * 70, "too large"),
        (f"<a>{'<b/>' * 20_001}</a>", "too large"),
    ],
)
def test_what_cannot_be_read_is_told(text, reason):
    with pytest.raises(ValueError, match=reason):
        read_markup(text)


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        (Element("a b"), "'a b' cannot be the name"),
        (Element("a", {"x>": "1"}), "'x>' cannot be the name"),
        (Element("a", text="\x00"), r"U\+0000 cannot stand in XML"),
        (Element("a", {"b": "\ud800"}), r"U\+D800 cannot stand in XML"),
    ],
)
def test_what_cannot_be_written_is_told(root, reason):
    with pytest.raises(ValueError, match=reason):
        write_markup(Markup(None, root, PLAIN))


def test_several_documents_show_a_layout_together():
    layouts = [read_markup(text).layout for text in ("<a><b>1</b></a>", "<a><b/></a>", '<a><b>"</b></a>\n')]
    assert merged(layouts) == Layout(None, "", "/>", '"', "")
