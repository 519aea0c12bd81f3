"""A quota is exact: what a client is told is left, is left, and comes back when it is told."""

import pytest
from builders import a_request

from cassettes.definition import RateLimit
from gateway.errors import ConfigError
from gateway.faults.quota import Grant, Quota, compile_key
from gateway.view import RequestView


class Clock:
    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


def a_quota(clock=None, *, keys=100, **limit):
    return Quota(RateLimit.model_validate(limit), clock or Clock(), keys=keys)


def test_a_window_begins_with_the_first_request_and_ends_by_itself():
    clock = Clock()
    quota = a_quota(clock, limit=2, window_s=10)
    first = [quota.take("a") for _ in range(3)]
    clock.now += 9.5
    late = quota.take("a")
    clock.now += 0.5
    after = quota.take("a")
    assert first == [Grant(True, 1, 10), Grant(True, 0, 10), Grant(False, 0, 10)]
    assert (late, after) == (Grant(False, 0, 1), Grant(True, 1, 10))


def test_a_refused_request_uses_nothing_up():
    quota = a_quota(limit=5, cost=3)
    assert [quota.take("a") for _ in range(3)] == [Grant(True, 2, 60), Grant(False, 2, 60), Grant(False, 2, 60)]


def test_a_limit_of_zero_refuses_all_and_a_cost_of_zero_nothing():
    assert not a_quota(limit=0).take("a").allowed
    assert all(a_quota(limit=0, cost=0).take("a").allowed for _ in range(3))


def test_each_key_has_its_own_window():
    quota = a_quota(limit=1)
    assert [quota.take(key).allowed for key in "abab"] == [True, True, False, False]


def test_what_is_over_is_forgotten_and_there_are_never_more_keys_than_allowed():
    clock = Clock()
    quota = a_quota(clock, limit=1, window_s=10, keys=3)
    for key in "abcde":
        clock.now += 1
        quota.take(key)
    assert len(quota) == 3
    assert not quota.take("e").allowed
    assert quota.take("a").allowed
    clock.now += 100
    quota.take("z")
    assert len(quota) == 1


def test_the_headers_are_those_of_both_drafts():
    quota = a_quota(limit=100, window_s=90)
    assert quota.headers(Grant(True, 7, 30)) == (
        (b"RateLimit-Limit", b"100"),
        (b"RateLimit-Policy", b'"default";q=100;w=90'),
        (b"RateLimit-Remaining", b"7"),
        (b"RateLimit-Reset", b"30"),
        (b"RateLimit", b'"default";r=7;t=30'),
    )


@pytest.mark.parametrize(
    ("key", "headers", "found"),
    [
        ("global", (), ""),
        ("route", (), "pets"),
        ("client-ip", (), "192.0.2.7"),
        ("session", ((b"Cookie", b"a=1; mimic_session=s1"),), "s1"),
        ("session", ((b"X-Mimic-Session", b"s2"),), "s2"),
        ("session", (), ""),
        ("header:X-Api-Key", ((b"x-api-KEY", b"k"),), "k"),
        ("header:X-Api-Key", (), ""),
        ("{{ request.method }}", (), "GET"),
    ],
)
def test_a_key_says_whose_request_it_is(key, headers, found):
    rendered = lambda text: lambda view: view.request.method  # noqa: E731
    assert compile_key(key, rendered)(RequestView(a_request(headers=headers)), "pets") == found


@pytest.mark.parametrize(
    ("key", "reason"), [("ip", "none of the known keys"), ("{{ x }}", "templates are not available")]
)
def test_a_key_that_is_none_is_refused_with_what_would_be_right(key, reason):
    with pytest.raises(ConfigError, match=f"rate_limit.key: .*{reason}.*; give global, client-ip"):
        compile_key(key, None)


def test_many_windows_that_end_at_once_are_cleared_away_a_few_at_a_time():
    now = [0.0]
    quota = Quota(RateLimit(limit=1, window_s=10), lambda: now[0])
    for number in range(1_000):
        quota.take(str(number))
    now[0] = 20.0
    assert quota.take("1").allowed
    assert len(quota) == 1_000 - 100
