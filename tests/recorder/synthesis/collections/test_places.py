"""Items and their ids are found where most answers show them."""

from collections import Counter
from random import Random

from journeys import call, kept
from synthesis.telling import Mocks, word

from cassettes.cassette import Cassette, Manifest
from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.places import likeliest, lists_in, locate, objects_in, own_field
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.sample import samples_of

TEA, RYE = {"key": "a1", "name": "tea"}, {"key": "b2", "name": "rye"}


def located(*calls, role):
    """Give the collection and the binding of calls of one endpoint."""
    [endpoint] = endpoints_of(samples_of([Cassette(Manifest("things"), kept(*calls))]))
    collection = Collection(("things", None), "things")
    binding = Binding(role, collection)
    locate(collection, {endpoint: binding})
    return collection, binding


def test_an_item_stands_where_its_own_id_is_answered():
    calls = (call("GET", f"/things/{one['key']}", answer={"thing": one}) for one in (TEA, RYE))
    collection, binding = located(*calls, role="item")
    assert (collection.id_path, binding.entity) == (("key",), ("thing",))


def test_rows_stand_where_most_objects_are_and_their_id_is_what_differs():
    answer = {"rows": [TEA, RYE], "links": []}
    collection, binding = located(call("GET", "/things", answer=answer), role="collection")
    assert (collection.id_path, binding.rows, binding.rows_are_ids) == (("key",), ("rows",), False)


def test_a_list_of_texts_is_one_of_ids():
    _, binding = located(call("GET", "/things", answer={"keys": ["a1", "b2"]}), role="collection")
    assert (binding.rows, binding.rows_are_ids) == (("keys",), True)


def test_objects_and_lists_are_looked_for_near_the_top():
    deep = {"a": {"b": {"c": {"d": [1]}}}, "rows": [2]}
    assert [where for where, _ in objects_in(deep)] == [(), ("a",), ("a", "b"), ("a", "b", "c")]
    assert list(lists_in(deep)) == [(("rows",), [2])]


def test_of_places_that_are_as_frequent_the_one_nearest_the_top_is_likeliest():
    assert likeliest(Counter({("a", "b"): 2, ("c",): 2, ("d", "e"): 1})) == ("c",)


def test_a_field_that_some_rows_lack_is_no_id():
    assert own_field([[{"key": "a1", "id": 1}, {"key": "b2"}]]) == ("key",)


def test_items_may_stand_deeper_in_xml():
    deep = {"a": {"b": {"c": {"d": {"rows": [1]}}}}}
    assert [where for where, _ in lists_in({"?xml": "", **deep})] == [("a", "b", "c", "d", "rows")]
    assert list(lists_in(deep)) == []


def test_items_may_hold_their_id_at_the_end_of_a_path():
    def session(number):
        made, other = (word(Random(number + step)) for step in (0, 500))
        rows = [{"Id": f"/zones/{one}", "Name": f"name {one}"} for one in (made, other)]
        return [
            *(("POST", "/v1/zones", {"Name": row["Name"]}, 201, {"Zone": row}) for row in rows),
            ("GET", f"/v1/zones/{made}", None, 200, {"Zone": rows[0]}),
            ("GET", "/v1/zones", None, 200, {"Zones": rows}),
            ("DELETE", f"/v1/zones/{made}", None, 200, {}),
            ("GET", f"/v1/zones/{made}", None, 404, {"error": "no such zone"}),
            ("GET", "/v1/zones", None, 200, {"Zones": rows[1:]}),
        ]

    mocks = Mocks(*map(session, range(5)))
    assert mocks.wrong == []
    first, second = (mocks.ask("POST", "/v1/zones", {"Name": name}).json["Zone"] for name in ("red", "blue"))
    assert first["Id"].startswith("/zones/")
    assert first["Name"] == "red"
    assert mocks.ask("GET", f"/v1{first['Id']}").json == {"Zone": first}
    mocks.ask("DELETE", f"/v1{first['Id']}")
    assert mocks.ask("GET", f"/v1{first['Id']}").status == 404
    assert mocks.ask("GET", "/v1/zones").json == {"Zones": [second]}
