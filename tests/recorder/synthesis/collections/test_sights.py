"""Things that no path names are known by their id and their form."""

from journeys import call, kept

from cassettes.cassette import Cassette, Manifest
from recorder.synthesis.collections.binding import Binding, Collection, Creation
from recorder.synthesis.collections.sights import Sight, find_drops, find_list, ids_of, things
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.sample import samples_of

ADA = {"id": "u-1", "name": "Ada", "mail": "ada@harbour.test"}
BOB = {"id": "u-2", "name": "Bob", "mail": "bob@harbour.test"}


def a_visit(user, session):
    return [
        call("POST", "/login", {"mail": user["mail"], "word": "x"}, answer={"user": user}, session=session),
        call("GET", "/me", answer=user, session=session),
    ]


def seen(*calls):
    """Give the endpoints of calls by method and path, with bindings that bind nothing."""
    endpoints = endpoints_of(samples_of([Cassette(Manifest("visits"), kept(*calls))]))
    return {f"{one.method} {one.path}": one for one in endpoints}, {one: Binding("none", None) for one in endpoints}


def test_an_object_that_two_endpoints_show_is_a_thing():
    endpoints, bindings = seen(*a_visit(ADA, "a"), *a_visit(BOB, "b"))
    [group] = things(list(endpoints.values()), bindings)
    assert [(one.endpoint.path, one.where, one.id_path, one.label, one.is_told) for one in group] == [
        ("/login", ("user",), ("id",), "user", False),
        ("/me", (), ("id",), "", False),
    ]
    assert ids_of(group) == {(0, "u-1"), (1, "u-2")}


def test_what_one_endpoint_shows_alone_is_none():
    endpoints, bindings = seen(*a_visit(ADA, "a")[1:], *a_visit(BOB, "b")[1:])
    assert things(list(endpoints.values()), bindings) == []


def test_an_endpoint_that_lists_things_is_bound_to_them():
    endpoints, bindings = seen(call("GET", "/everybody", answer={"people": [ADA, BOB]}))
    endpoint = endpoints["GET /everybody"]
    users = Collection(("", "users", None), "users", ("id",))
    sight = Sight(endpoint, (), ("id",), "user", set(ADA), {(0, "u-1"), (0, "u-2")}, is_sent=False, is_told=False)
    find_list(endpoint, bindings[endpoint], users, [sight])
    bound = bindings[endpoint]
    assert (bound.role, bound.collection, bound.rows) == ("collection", users, ("people",))


def test_rows_of_another_kind_with_the_same_ids_are_not_they():
    endpoints, bindings = seen(call("GET", "/cups", answer=[{"id": "u-1", "size": 3}, {"id": "u-2", "size": 4}]))
    endpoint = endpoints["GET /cups"]
    sight = Sight(endpoint, (), ("id",), "user", set(ADA), {(0, "u-1"), (0, "u-2")}, is_sent=False, is_told=False)
    find_list(endpoint, bindings[endpoint], Collection(("", "users", None), "users", ("id",)), [sight])
    assert bindings[endpoint].rows != ("people",)
    assert bindings[endpoint].collection is None or bindings[endpoint].collection.name != "users"


def test_a_call_after_which_a_thing_is_not_shown_drops_it():
    endpoints, bindings = seen(
        call("POST", "/show", {"user": "u-1"}, answer={"user": ADA}),
        call("POST", "/forget", {"whom": "u-1"}, answer={"done": True}),
        call("POST", "/show", {"user": "u-1"}, answer={"error": "unknown"}, status=404),
    )
    users = Collection(("", "users", None), "users", ("id",))
    show = bindings[endpoints["POST /show"]]
    show.also.append(Creation(users, ("user",), ("user", "id"), is_told=True))
    find_drops(list(endpoints.values()), bindings, users, {(0, "u-1")})
    assert bindings[endpoints["POST /forget"]].drops == [(users, ("whom",))]
