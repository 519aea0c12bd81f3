"""A client of mocks says the values that they made up where it said recorded ones."""

import json

from journeys import call
from synthesis.recordings import a_cassette

from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.samples.substitution import Substitution

REAL, MADE = "ord-71c0ab", "ord-x9k2mm"


def a_sample(*words, **more):
    [sample] = samples_of([a_cassette(call(*words, **more))])
    return sample


def test_one_value_stands_for_one_other():
    names = Substitution()
    assert names.fits(REAL, MADE)
    assert [names.fits(REAL, MADE), names.fits(REAL, "ord-other1"), names.fits("ord-other1", MADE)] == [
        True,
        False,
        False,
    ]


def test_what_the_client_chose_and_what_is_a_plain_word_stand_for_nothing():
    names = Substitution()
    names.asked(a_sample("PUT", f"/orders/{REAL}?mode=fast-1234", {"name": "Ada-4711"}))
    assert [names.fits(one, MADE) for one in (REAL, "fast-1234", "Ada-4711", "tea", "two words 1234")] == [False] * 5


def test_what_may_be_made_up_can_be_limited():
    names = Substitution(allows=lambda real, made: made == MADE)
    assert [names.fits("ord-00001", "ord-00002"), names.fits(REAL, MADE)] == [False, True]


def test_a_request_is_sent_with_the_values_that_were_answered():
    names = Substitution({REAL: MADE}, {MADE: REAL})
    sample = a_sample(
        "POST",
        f"/orders/{REAL}/pay",
        {"order": REAL},
        headers=((b"Content-Length", b"23"), (b"X-Order", REAL.encode())),
    )
    asked = names.asked(sample)
    assert (asked.target, json.loads(asked.body)) == (f"/orders/{MADE}/pay".encode(), {"order": MADE})
    assert asked.headers == (
        (b"Content-Type", b"application/json"), (b"Content-Length", b"23"), (b"X-Order", MADE.encode()),
    )  # fmt: skip


def test_nothing_changes_where_nothing_was_made_up():
    sample = a_sample("POST", "/orders", {"order": REAL})
    assert Substitution().asked(sample) is sample.interaction.exchange.request
