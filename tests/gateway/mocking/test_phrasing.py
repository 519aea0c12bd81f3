"""Messages of the library are told in the words that most services have."""

import pytest

from gateway.mocking.phrasing import phrased


@pytest.mark.parametrize(
    ("message", "variables", "wanted"),
    [
        ("Cannot query field 'a' on type 'B'.", {}, 'Cannot query field "a" on type "B".'),
        (
            "Argument 'Query.book(id:)' of type 'ID!' is required, but it was not provided.",
            {},
            'Field "book" argument "id" of type "ID!" is required, but it was not provided.',
        ),
        (
            "Variable '$id' has invalid value: Expected a value of non-null type 'ID!' to be provided.",
            {},
            'Variable "$id" of required type "ID!" was not provided.',
        ),
        (
            "Variable '$n' has invalid value at [1]: Int cannot represent non-integer value: 'x'",
            {"n": [1, "x"]},
            'Variable "$n" got invalid value "x" at "n[1]"; Int cannot represent non-integer value: "x"',
        ),
    ],
)
def test_messages_are_told_in_these_words(message, variables, wanted):
    assert phrased(message, variables, '"') == wanted
    assert phrased(message, variables, "'") == wanted.replace('"', "'")
