"""What is inferred from values accepts each of them."""

from hypothesis import given
from hypothesis import strategies as st

from recorder.inference import inferred
from recorder.openapi.validator import Validator

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_each_value_satisfies_what_was_inferred(values):
    validator = Validator(inferred(values))
    assert [value for value in values if not validator.is_valid(value)] == []


def test_values_tell_types_requirements_and_formats():
    values = [
        {"id": 1, "at": "2024-01-02T03:04:05Z", "n": None},
        {"id": 2, "at": "2024-02-02T03:04:05Z", "tags": ["x"]},
    ]
    assert inferred(values) == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": {"type": "string", "format": "date-time"},
            "n": {"type": "null"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["id", "at"],
    }
