from __future__ import annotations

import hashlib

import pytest
from journeys import call

from recorder.leaves import Leaf
from recorder.transformation import Digests
from recorder.variation import Sample, Source, digests_of, variation

TIMES = (1_700_000_000.0, 1_700_000_900.0)
NOTHING = (Digests(()), Digests(()))


def a_sample(first, second, *, place="response.body $.x", kind="text", times=TIMES, digests=NOTHING, source=None):
    leaves = [None if value is None else Leaf(place, value, kind, "x") for value in (first, second)]
    return Sample(place, *leaves, times, digests, source)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("same", "same", ("constant", "")),
        (None, "same", ("changed", "only in one recording")),
        ("2023-11-14T22:13:20Z", "2023-11-14T22:28:20Z", ("clock", "now")),
        ("1700000600", "1700001500", ("clock", "now + 600 s")),
        ("Tue, 14 Nov 2023 22:13:20 GMT", "Tue, 14 Nov 2023 22:28:21 GMT", ("clock", "now")),
        ("2023-11-14T22:13:20Z", "2023-11-15T22:13:20Z", ("clock", "")),
        ("17", "42", ("counter", "")),
        ("ord-17", "ord-42", ("counter", "")),
        ("42", "17", ("changed", "")),
        ("0a26846e-31f7-42e3-86e1-6bf6f81c635d", "eeab9e37-31f7-42e3-86e1-6bf6f81c635d", ("uuid", "")),
        ("tok_8fJk20LmQx71Zr94", "tok_9aaaaaLmQx71Zr94", ("token", "")),
        ('"0cc175b9c0f1b6a831c399e269772661"', '"92eb5ffee6ae2fec3ad71c777531578f"', ("token", "as long as a md5, of nothing in the exchange")),
        ("0.7312345", "0.1299999", ("random", "")),
        ("a8f3k2z9", "b7r4t1q0", ("random", "")),
        ("789413", "240290", ("random", "digits alone")),
        ("Wool blanket", "Oak tray", ("changed", "")),
        ("SKU-170", "SKU-149", ("changed", "")),
    ],
)  # fmt: skip
def test_a_pair_of_values_is_classed(first, second, found):
    assert variation([a_sample(first, second)]) == [found]


def test_a_value_of_the_request_or_an_earlier_answer_is_that():
    echo, link, part = Source("echo", "of request.body $.x"), Source("link", "of response.body $.id"), Source("link", "holds a", is_whole=False)  # fmt: skip
    assert variation([a_sample("a", "b", source=echo)]) == [("echo", "of request.body $.x")]
    assert variation([a_sample("a", "a", source=echo)]) == [("echo", "of request.body $.x")]
    assert variation([a_sample("7", "9", source=link)]) == [("link", "of response.body $.id")]
    assert variation([a_sample("7", "7", source=link)]) == [("constant", "")]
    assert variation([a_sample("7", "7", place="request.path.1", source=link)]) == [("link", "of response.body $.id")]
    assert variation([a_sample("x a", "x a", source=part)]) == [("constant", "")]


def test_a_counter_grows_with_time_over_all_pairs():
    grows = [a_sample("1", "5", times=(1.0, 9.0)), a_sample("2", "6", times=(2.0, 10.0))]
    jumps = [a_sample("1", "5", times=(1.0, 9.0)), a_sample("9", "6", times=(2.0, 10.0))]
    assert [kind for kind, _ in variation(grows)] == ["counter", "counter"]
    assert [kind for kind, _ in variation(jumps)] == ["changed", "changed"]
    assert variation([a_sample("1", "2", place="request.body $.quantity")]) == [("changed", "")]


def test_a_hash_is_verified_in_both():
    exchanges = [call("POST", "/x", {"name": name}, answer={"ok": name})[0] for name in ("Ada Marlow", "Ben Marlow")]
    digests = tuple(digests_of(one) for one in exchanges)
    of_field = [hashlib.sha1(name.encode()).hexdigest() for name in ("Ada Marlow", "Ben Marlow")]
    of_body = [f'"{hashlib.md5(one.response.body).hexdigest()}"' for one in exchanges]
    assert variation([a_sample(*of_field, digests=digests)]) == [("hash", "sha1 of request.body $.name")]
    assert variation([a_sample(*of_body, digests=digests)]) == [("hash", "md5 of response.body")]
