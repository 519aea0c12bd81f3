"""The index finds what a scan over all definitions finds, and the same winner."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.route import compile_route
from gateway.routes import RouteTable
from gateway.view import RequestView

_segment = st.sampled_from(["a", "b", "{x}", "{y}"])
_path = st.builds(
    lambda parts, prefix: "/" + "/".join(parts) + (("/**" if parts else "**") if prefix else ""),
    st.lists(_segment, max_size=3),
    st.booleans(),
)
_definition = st.fixed_dictionaries(
    {
        "priority": st.integers(-1, 1),
        "match": st.fixed_dictionaries(
            {"path": _path, "method": st.sampled_from(["*", "GET", "POST"])},
            optional={"query": st.just({"q": "1"})},
        ),
    }
)
_request = st.builds(
    lambda parts, query, method: Request(method, ("/" + "/".join(parts) + query).encode()),
    st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=4),
    st.sampled_from(["", "?q=1", "?q=2"]),
    st.sampled_from(["GET", "POST", "PUT"]),
)


def _path_matches(route, path):
    parts = path.split(b"/")[1:]
    wanted = route.segments
    if route.is_prefix:
        parts = parts[: len(wanted)]
    if len(parts) != len(wanted):
        return False
    return all(want == part if want is not None else bool(part) for want, part in zip(wanted, parts, strict=True))


@settings(max_examples=400, deadline=None)
@given(st.lists(_definition, max_size=12), st.lists(_request, min_size=1, max_size=8))
def test_the_index_equals_a_scan(documents, requests):
    routes = [
        compile_route(MockDefinition.model_validate({"id": str(i), "response": {}, **document}), None, i)
        for i, document in enumerate(documents)
    ]
    table = RouteTable(routes)
    for request in requests:
        matching = [
            route for route in routes if _path_matches(route, request.path) and route.matches(RequestView(request))
        ]
        expected = min(matching, key=lambda route: route.rank, default=None)
        assert table.find(RequestView(request)) is expected
