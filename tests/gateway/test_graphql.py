from __future__ import annotations

import pytest

from gateway.graphql import DocumentError, read_document


def test_a_document_tells_its_operations_and_prints_in_one_way():
    document = read_document("query  A{a(x:1,y:2)} mutation B { b } # end")
    assert document.operations == (("A", "query"), ("B", "mutation"))
    assert document.normal == read_document("query A {\n a(x: 1 y: 2)\n}\nmutation B{b}").normal


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("{a}", "", ("", "query")),
        ("query A{a}", "", ("A", "query")),
        ("query A{a} subscription B{b}", "B", ("B", "subscription")),
        ("query A{a} mutation B{b}", "", ("", "")),
        ("query A{a}", "Other", ("Other", "query")),
    ],
)
def test_the_operation_that_runs_is_the_named_or_the_only_one(text, asked, found):
    assert read_document(text).operation(asked) == found


@pytest.mark.parametrize("text", ["{a(", "{a" * 3_000 + "}" * 3_000, "{" + "a " * 6_000 + "}", "{a}" + " " * 70_000])
def test_what_is_no_document_or_too_large_is_refused(text):
    with pytest.raises(DocumentError):
        read_document(text)


def test_a_syntax_error_says_where():
    with pytest.raises(DocumentError, match=r"Expected Name, found <EOF>\. Line 1, column 4"):
        read_document("{a(")
