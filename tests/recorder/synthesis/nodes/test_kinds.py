"""Values that a service makes anew are told by their form and by when they were made."""

import pytest
from synthesis.telling import BEGAN, scenes_of

from recorder.synthesis.nodes.kinds import looks_like_a_time, made_up

DASHED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
SCENES = scenes_of(*[("GET", f"/x/{number}", None, 200, {}) for number in range(5)])


def kind_of(*values, **more):
    """Give the expression of what these values are, one in each second from 2023-11-14T22:13:20Z on, or None."""
    found = made_up(list(zip(SCENES, values, strict=False)), **more)
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z"), "now()"),
        (("2023-11-14T22:13:20.004Z", "2023-11-14T22:13:21.001Z"), "now(format='iso_ms')"),
        (("2023-11-14 22:13:20", "2023-11-14 22:13:21"), "now(format='iso_naive_space')"),
        (("2023-11-14 22:13:20.004Z", "2023-11-14 22:13:21.001Z"), "now(format='iso_ms_space')"),
        (("2023-11-14T22:13:20.004", "2023-11-14T22:13:21.001"), "now(format='iso_ms_naive')"),
        (("2023-11-14 22:13:20.000411+00:00",), "now(format='iso_us_offset_space')"),
        (("2023-11-14T22:13:20.0041237Z",), "now(format='%Y-%m-%dT%H:%M:%S.%f0Z')"),
        (("2023-11-14T22:13:20.004123718Z",), "now(format='%Y-%m-%dT%H:%M:%S.%f000Z')"),
        (("2023-11-14T22:13:20.00412371Z", "2023-11-14T22:13:21.1021Z"), "now(format='%Y-%m-%dT%H:%M:%S.%f000Z')"),
        (("2023-11-14", "2023-11-14"), "now(format='date')"),
        (("2023-11-14T23:13:20Z", "2023-11-14T23:13:21Z"), "now(offset='+1h')"),
        (("2023-11-13T22:13:20Z", "2023-11-13T22:13:21Z"), "now(offset='-1d')"),
        ((int(BEGAN), int(BEGAN) + 1), "now(format='unix')"),
        ((int(BEGAN) * 1000 + 4, int(BEGAN) * 1000 + 1003), "now(format='unix_ms')"),
        ((str(int(BEGAN)), str(int(BEGAN) + 1)), "(now(format='unix') | string)"),
        ((BEGAN + 0.25, BEGAN + 1.25), "(now(format='unix_ms') / 1000)"),
        (("Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:13:21 GMT"), "now(format='http')"),
        (("2023-11-14T22:13:20Z", "2019-01-01T00:00:00Z"), None),
        (("2001-11-14T22:13:20Z", "2001-11-14T22:13:21Z"), None),
    ],
)
def test_a_time_is_one_that_follows_the_clock(values, text):
    assert kind_of(*values) == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (("0b0e4f2a-1111-4222-8333-444455556666", "9b0e4f2a-1111-4222-8333-444455557777"), "uuid()"),
        (("9f86d081", "60303ae2"), "random_hex(8)"),
        (("tok_9f86d081", "tok_60303ae2"), "('tok_' ~ random_hex(8))"),
        (("839201", "104738"), "random_string(6, '0123456789')"),
        (("qwmkzptr", "bxhdyvlo"), "random_string(8, 'abcdefghijklmnopqrstuvwxyz0123456789')"),
        (("AbZ9xQ72", "zR3kTq05"), "random_token(8)"),
        (("Ab1_9xQ72kLm3nOp4qRs5", "zR3_kTq05Wx6yZ7aB8cD9eF0gH"), f"random_string(21, '{DASHED}')"),
        (("ab1-9xq72-lm3nop4qrs5", "zr3-ktq05wx6yz7ab8cd9ef0gh"), None),
        (("ab", "cd"), None),
        (("a", "abcdefghij"), None),
        (("two words", "more of it"), None),
        (("same", "same"), None),
        (("2019-03-01", "2019-07-14", "2020-01-02"), None),
    ],
)
def test_a_text_is_made_of_the_letters_that_were_seen(values, text):
    assert kind_of(*values) == text


def test_a_uuid_behind_a_fixed_beginning_is_one_still():
    told = ("order-0b0e4f2a-1111-4222-8333-444455556666", "order-9b0e4f2a-1111-4222-8333-444455557777")
    assert kind_of(*told) == "('order-' ~ uuid())"
    assert "uuid" not in kind_of(told[0], told[1][:-1])


def test_one_value_alone_must_tell_by_its_form():
    assert kind_of("0b0e4f2a-1111-4222-8333-444455556666") == "uuid()"
    assert kind_of("order-0b0e4f2a-1111-4222-8333-444455556666") == "('order-' ~ uuid())"
    assert kind_of("sk_live_9f86d081884c7d65") == "('sk_live_' ~ random_hex(16))"
    assert (
        kind_of("/zones/W8TLOK4KB2RFBGOY") == "('/zones/' ~ random_string(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'))"
    )
    assert [kind_of(one) for one in ("rarely-seen-words", "12345678901234", "short1")] == [None] * 3


def test_media_types_hosts_and_states_in_capitals_are_no_tokens():
    plain = ("application/x-drawers-json-1.0", "image/svg+xml; v=2", "ns-2048.drawers-64.com")
    assert [kind_of(one) for one in plain] == [None] * 3
    assert kind_of("DRAWEROPEN", "DRAWERSHUT", "DRAWEROPEN") is None


def test_the_same_value_each_time_is_made_anew_only_where_it_is_an_identity():
    uuid = "0b0e4f2a-1111-4222-8333-444455556666"
    assert (kind_of(uuid, uuid), kind_of(uuid, uuid, is_identity=True)) == (None, "uuid()")


def test_fractions_from_0_to_1_are_chance():
    values = (0.123456789012, 0.98765432101, 0.5, 0.25, 0.1)
    assert (kind_of(*values), kind_of(*values[:4]), kind_of(1.5, 2.5, 0.5, 3.5, 9.1)) == (
        "random_float(0, 1)",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("value", "is_time"),
    [("2023-11-14T22:13:20Z", True), ("1700000000", True), (1_700_000_000, True), (1_700_000_000_000, True), (17, False), ("monday", False), (None, False)],
)  # fmt: skip
def test_a_time_is_known_by_its_form_alone(value, is_time):
    assert looks_like_a_time(value) is is_time


def test_ids_may_have_leads_of_their_own_where_they_are_pseudonyms():
    made = kind_of("bsk_4Gq8ZrPw2LxT7YvA", "ourk_9HsB5nQe1MzU6RcD", "wvo_3JtC7mWf8NaV2SdE")
    assert made == "('bsk_' ~ random_token(16))"


def test_a_number_of_so_many_digits_begins_with_0_only_where_others_did():
    scenes = scenes_of(*[("GET", f"/x/{number}", None, 200, {}) for number in range(24)])
    numbers = [str(4_000_000_019 + 137_104_973 * place) for place in range(24)]
    made = made_up(list(zip(scenes, numbers, strict=True)))
    assert made is not None
    assert made.text == "(random_int(1000000000, 9999999999) | string)"
    made = made_up(list(zip(scenes, ["0" + number[1:] for number in numbers], strict=True)))
    assert made is not None
    assert made.text == "random_string(10, '0123456789')"


def test_very_long_numbers_are_made_of_two_parts():
    scenes = scenes_of(*[("GET", f"/x/{number}", None, 200, {}) for number in range(24)])
    numbers = [str(6_032_301_434_874_268_424 + 137_104_973_000_000_001 * place) for place in range(24)]
    made = made_up(list(zip(scenes, numbers, strict=True)))
    assert made is not None
    assert made.text == "(random_int(100000000, 999999999) ~ random_string(10, '0123456789'))"


def test_words_that_come_again_are_states_and_not_made_up():
    scenes = scenes_of(*[("GET", f"/x/{number}", None, 200, {}) for number in range(3)])
    assert made_up(list(zip(scenes, ["expired", "expired", "active"], strict=True))) is None


def test_few_words_are_states_and_not_made_up_though_none_comes_again():
    assert made_up(list(zip(SCENES, ["viewer", "admin"], strict=False))) is None
    assert made_up(list(zip(SCENES, ["in_stock", "sold"], strict=False))) is None
    assert made_up(list(zip(SCENES, ["vqx7k", "k2wqz"], strict=False))) is not None


def test_signed_tokens_keep_what_stands_between_their_parts():
    text = kind_of(
        "WyJhZG1pbk9uZSJd.Kx3_pQ9-vTz0aB1", "WyJ1c2VyVHdvMTIz.pL0-aa8_Qx2rT7w", "WyJib2JUaHJlZTM0.Zz9_kK3-mM1nN5b"
    )
    assert text == f"(('WyJ' ~ random_token(13)) ~ '.' ~ random_string(15, '{DASHED}'))"


def test_parts_of_other_numbers_or_too_short_ones_are_no_signed_tokens():
    for values in (("WyJhZG1p9uZSJd.Kx3pQ9", "WyJ1c2VyVHdv.a.b"), ("1.25.7", "3.41.9")):
        assert "~ '.' ~" not in str(kind_of(*values))


def test_words_behind_a_sign_that_come_again_are_not_made_up_but_ids_are():
    assert kind_of("#owner", "#editor", "#owner", "#editor") is None
    assert kind_of("#k3v9qa", "#w8x2mb", "#k3v9qa", "#w8x2mb") is not None
    assert kind_of("#owner", "#editor", "#viewer", "#keeper") is not None
