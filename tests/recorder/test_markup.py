from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recorder.markup import markup_leaves


def test_texts_and_attributes_have_the_path_of_their_element():
    assert markup_leaves("<a b='1'><c>x</c><c>y</c><d/></a>", 10) == [
        ("/a@b", "1", "b"),
        ("/a/c", "x", "c"),
        ("/a/c[2]", "y", "c"),
    ]


def test_what_is_not_closed_or_never_opened_is_stepped_over():
    assert markup_leaves("<ul><li>a<li>b</ul></p><p>c < d", 10) == [
        ("/ul/li", "a", "li"),
        ("/ul/li/li", "b", "li"),
        ("/p", "c", "p"),
        ("/p", "<", "p"),
        ("/p", "d", "p"),
    ]


@given(st.text(alphabet="<>/!?[]-=\"'ab &;CDATA", max_size=200))
def test_it_never_raises_and_keeps_its_bound(text):
    assert len(markup_leaves(text, 5)) <= 5
