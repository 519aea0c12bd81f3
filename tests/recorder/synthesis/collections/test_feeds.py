"""What lists the last write of each thing is told from a log of all writes."""

from synthesis.followers import Followed, following
from synthesis.telling import recorded, visits

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.collections.feeds import find_feeds
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.sample import samples_of


class Logged(Followed):
    """Documents whose writes are all told."""

    def write(self, vault, key, sent, version, *, gone):
        status, told = super().write(vault, key, sent, version, gone=gone)
        if status < 400:
            vault["news"][told["n"]] = vault["news"].pop(key)
        return status, told


def feeds_of(service):
    endpoints = endpoints_of(samples_of([recorded(*visits(service, following, 4))]))
    collections, bindings = bind(endpoints)
    return find_feeds(endpoints, collections, bindings), collections, bindings


def test_a_feed_is_told_by_what_writes_were_answered_with():
    [feed], collections, bindings = feeds_of(Followed)
    assert (feed.own, feed.number, feed.collection.name) == ("about", "n", "news")
    assert feed.collection in collections
    assert bindings[feed.endpoint].rows == ("news",)
    assert {(one.method, place.rows) for one, place in feed.places.items()} == {
        ("PUT", None),
        ("DELETE", None),
        ("POST", ("rows",)),
    }


def test_a_log_of_all_writes_is_none():
    found, _, _ = feeds_of(Logged)
    assert found == []
