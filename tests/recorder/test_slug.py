import pytest

from recorder.slug import slugged


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("A title", "a-title"),
        ("  Été à Paris: 2026! ", "ete-a-paris-2026"),
        ("snake_case and-dash", "snake-case-and-dash"),
        ("日本", ""),
        ("", ""),
    ],
)
def test_words_are_in_small_letters_without_accents_and_signs(text, slug):
    assert slugged(text) == slug


def test_words_may_be_joined_otherwise():
    assert slugged("A title", "_") == "a_title"
