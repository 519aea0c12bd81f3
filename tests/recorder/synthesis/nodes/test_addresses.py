import pytest

from recorder.synthesis.nodes.addresses import address_text


def test_addresses_have_in_common_what_all_had():
    told = address_text(["10.2.7.41", "10.2.0.9", "10.2.254.200"])
    assert told == "('10' ~ '.' ~ '2' ~ '.' ~ random_int(1, 254) ~ '.' ~ random_int(1, 254))"


@pytest.mark.parametrize(
    "values",
    [
        ["10.2.7.41", "10.2.0.9"],
        ["10.2.7.41", "10.2.0.9", "10.2.254.256"],
        ["10.2.7.41", "10.2.0.9", "10.2.254"],
        ["1.2.7.41", "1.2.0.9", "1.2.254.10.1"],
        ["10.2.7.41"] * 4,
    ],
)
def test_other_texts_few_addresses_and_the_same_one_are_none(values):
    assert address_text(values) is None
