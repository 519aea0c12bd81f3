"""Items may be shown as the only row of a list."""

from journeys import call, kept

from cassettes.cassette import Cassette, Manifest
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import locate
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.sample import samples_of

TEA, RYE = {"key": "a1", "name": "tea"}, {"key": "b2", "name": "rye"}


def test_an_item_may_be_the_only_row_of_a_list():
    listed = call("GET", "/things", answer={"rows": [TEA, RYE]})
    assert shown_at(listed, *[({"rows": [one], "took": 3}, one["key"]) for one in (TEA, RYE)]) == ("rows", 0)
    assert shown_at(listed, ({"rows": [TEA]}, "a1"), ({"rows": [TEA, RYE]}, "b2")) is None
    assert shown_at(listed, ({"rows": [TEA]}, "a1"), ({"rows": [TEA]}, "a1")) is None


def shown_at(listed, *answers):
    """Give where items stand in the answers of their own paths."""
    calls = (call("GET", f"/things/{key}", answer=answer) for answer, key in answers)
    endpoints = endpoints_of(samples_of([Cassette(Manifest("things"), kept(listed, *calls))]))
    collection = Collection(("things", None), "things")
    bindings = {one: Binding("item" if one.params else "collection", collection) for one in endpoints}
    locate(collection, bindings)
    return next(binding.entity for binding in bindings.values() if binding.role == "item")
