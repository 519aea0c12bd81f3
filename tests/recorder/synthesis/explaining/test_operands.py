"""What numbers are reckoned from, and what chooses between them."""

from synthesis.telling import scenes_of

from recorder.synthesis.explaining.operands import is_amount, key_terms, numeric_terms
from recorder.synthesis.terms.vocabulary import Vocabulary


def sending(*bodies):
    scenes = scenes_of(*(("POST", "/loads", body, 201, {}) for body in bodies))
    return [(scene, 0) for scene in scenes], Vocabulary(scenes, {})


def test_numbers_and_texts_of_decimals_are_operands_and_texts_of_digits_are_ids():
    cases, vocabulary = sending({"kg": 3, "fee": "1.50", "box": "77"}, {"kg": 4, "fee": "2.25", "box": "78"})
    found = {one.part.text: one.values for one in numeric_terms(cases, vocabulary)}
    assert found["request.json.kg"] == [3, 4]
    assert found["(request.json.fee | float)"] == [1.5, 2.25]
    assert not any("box" in text for text in found)


def test_a_text_of_digits_is_an_operand_where_other_calls_send_it_with_a_point():
    bodies = [{"sum": "77", "box": "77"}, {"sum": "78", "box": "78"}, {"sum": "7.50", "box": "79"}]
    cases, vocabulary = sending(*bodies)
    found = {one.part.text: one.values for one in numeric_terms(cases[:2], vocabulary)}
    assert found["(request.json.sum | float)"] == [77, 78]
    assert not any("box" in text for text in found)


def test_words_with_few_values_choose():
    cases, vocabulary = sending(*({"zone": zone, "name": f"n{n}"} for n, zone in enumerate("abab" * 3)))
    texts = [one.part.text for one in key_terms(cases, vocabulary)]
    assert "request.json.zone" in texts
    assert "request.json.name" not in texts


def test_an_amount_may_be_written_as_a_text():
    assert [is_amount(value) for value in (3, "3.5", "-2", "1e4", "x", True, None)] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
