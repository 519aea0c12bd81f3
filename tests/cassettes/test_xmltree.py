"""An XML document is a tree of plain values, read alike from all documents of a service, and written back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cassettes.markup import read_markup
from cassettes.xmltree import Shape, in_one_order, is_holder, is_tree, read_tree, shape_of, tree_of, write_tree

SOAP = (
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="s" xmlns:n="x"><soap:Body><soap:Fault>'
    '<faultcode>a</faultcode><detail><n:Sum currency="EUR">1.50</n:Sum></detail></soap:Fault></soap:Body></soap:Envelope>'
)


def test_a_name_without_a_prefix_has_that_of_the_element_around_it():
    tree = read_tree(SOAP)
    assert tree == {
        "?xml": 'version="1.0" encoding="UTF-8"',
        "soap:Envelope": {
            "@xmlns:soap": "s",
            "@xmlns:n": "x",
            "Body": {"Fault": {":faultcode": "a", ":detail": {"n:Sum": {"@currency": "EUR", "#text": "1.50"}}}},
        },
    }
    assert (is_tree(tree), write_tree(tree)) == (True, SOAP)


def shown(*texts, sent=frozenset()):
    """Give the trees of documents, read as they show together."""
    documents = [read_markup(text) for text in texts]
    shape = shape_of(documents, sent)
    trees = [tree_of(one, shape) for one in documents]
    assert [write_tree(one) for one in trees] == list(texts)
    return [one["a"] for one in trees]


def test_what_repeats_in_one_document_is_a_list_in_all():
    assert shown("<a><b>x</b><b>y</b><c>1</c></a>", "<a><b>z</b><c>2</c></a>", "<a><c>3</c></a>") == [
        {"b": ["x", "y"], "c": 1},
        {"b": ["z"], "c": 2},
        {"b": [], "c": 3},
    ]


def test_an_empty_element_is_an_object_where_others_have_something_in_it():
    assert shown("<a><bs><b>x</b></bs></a>", "<a><bs></bs></a>") == [{"bs": {"b": ["x"]}}, {"bs": {"b": []}}]


def test_numbers_are_what_always_is_one_and_nobody_sends():
    texts = ("<a><n>1</n><m>2</m><o>03</o><f>true</f></a>", "<a><n>-20</n><m>3</m><o>4</o><f>false</f></a>")
    assert shown(*texts, sent=frozenset({"m"})) == [
        {"n": 1, "m": "2", "o": "03", "f": True},
        {"n": -20, "m": "3", "o": "4", "f": False},
    ]


def test_a_layout_is_told_in_words():
    assert read_tree("<?xml v?>\n<a><b></b></a>\n")["?layout"] == {"after": "line", "empty": "pair", "end": "line"}
    assert read_tree("<a>\n  <b />\n</a>")["?layout"] == {"indent": "  ", "empty": " />"}


def test_elements_of_one_name_follow_each_other():
    with pytest.raises(ValueError, match="elements b of a do not follow each other"):
        read_tree("<a><b/><c/><b/></a>")


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        ({"a": {"b": None, "c": [1, 2.5, True], "@d": 4, "e": {}}}, '<a d="4"><c>1</c><c>2.5</c><c>true</c><e/></a>'),
        ({"p:a": {"b": 1, ":c": 2, "q:d": {"e": 3}}}, "<p:a><p:b>1</p:b><c>2</c><q:d><q:e>3</q:e></q:d></p:a>"),
        ({"?xml": "", "?layout": {"indent": " ", "end": "\n"}, "a": {"b": ""}}, "<a>\n <b/>\n</a>\n"),
        ({"?xml": "v", "?layout": {"after": "line", "empty": "pair"}, "a": {"b": ""}}, "<?xml v?>\n<a><b></b></a>"),
        ({"a": "<&>\"'\r"}, "<a>&lt;&amp;&gt;\"'&#13;</a>"),
    ],
)
def test_a_tree_is_written(tree, written):
    assert write_tree(tree) == written


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ({}, "one root element, and this has 0"),
        ({"a": 1, "b": 2}, "one root element, and this has 2"),
        ({"a": [1]}, "this has a list"),
        ({"a": {"#text": "t", "b": 1}}, "#text beside elements"),
        ({"a": {"@b": {}}}, "an attribute or text is no object"),
        ({"a": {"b": [[1]]}}, "no list"),
        ({"?xml": "?>", "a": 1}, "text of the declaration"),
        ({"?layout": {"colour": "red"}, "a": 1}, r"\?layout has texts for after, indent, empty, quote, end"),
        ({"a": {"b c": 1}}, "'b c' cannot be the name"),
    ],
)
def test_what_cannot_be_written_is_told(tree, reason):
    with pytest.raises(ValueError, match=reason):
        write_tree(tree)


def test_a_tree_nested_without_end_is_refused():
    tree = {}
    for _ in range(80):
        tree = {"a": tree}
    with pytest.raises(ValueError, match="too deep"):
        write_tree(tree)


@pytest.mark.parametrize(
    ("name", "inside", "holds"),
    [("Parcels", "Parcel", True), ("Entries", "Entry", True), ("ItemList", "item", True), ("Order", "Line", False)],
)
def test_names_say_what_holds_others(name, inside, holds):
    assert is_holder(name, inside) is holds


def test_names_are_put_in_an_order_that_all_have():
    assert in_one_order(["a", "c"], ["a", "b", "c", "d"]) == ["a", "b", "c", "d"]
    assert in_one_order(["b"], ["a", "b"]) == ["a", "b"]


_TEXTS = st.text(st.characters(exclude_categories=["C"]), max_size=8).map(str.strip)
_NAMES = st.sampled_from(["a", "b", "p:c", "d1"])


def _within(children):
    return st.dictionaries(_NAMES, children | st.lists(children, min_size=2, max_size=3), max_size=3)


@given(st.recursive(_TEXTS, _within, max_leaves=12))
def test_what_is_written_reads_as_it_was(value):
    text = write_tree({"?xml": "", "root": value})
    again = write_tree(read_tree(text, Shape()))
    assert read_markup(again).root == read_markup(text).root
