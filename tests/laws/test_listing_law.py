"""A list is what a plain loop over the items gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cassettes.definition import ListSpec
from cassettes.listing import excerpt

ITEMS = st.lists(
    st.fixed_dictionaries({"n": st.integers(0, 9), "kind": st.sampled_from(["a", "B", "ab"])}), max_size=12
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["a", "B", "none"]),
        "least": st.integers(0, 9),
        "q": st.sampled_from(["A", "b", ""]),
        "sort": st.sampled_from(["n", "-n", "kind,-n"]),
        "page": st.integers(1, 5),
        "limit": st.integers(1, 30),
    },
)
SPEC = ListSpec.model_validate(
    {
        "in": "things",
        "where": [{"field": "kind", "param": "kind"}, {"field": "n", "op": "ge", "param": "least"}],
        "search": {"param": "q"},
        "sort": {"param": "sort", "default": ["-n"]},
        "page": {"number": "page", "limit": "limit", "size": 4, "most": 20},
    }
)


def naively(items, query):
    found = [item for item in items if "kind" not in query or item["kind"] == query["kind"]]
    found = [item for item in found if "least" not in query or item["n"] >= query["least"]]
    found = [item for item in found if query.get("q", "").lower() in item["kind"].lower()]
    match query.get("sort", "-n"):
        case "n":
            found.sort(key=lambda item: item["n"])
        case "-n":
            found.sort(key=lambda item: -item["n"])
        case _:
            found.sort(key=lambda item: (item["kind"], -item["n"]))
    limit = min(query.get("limit", 4), 20)
    begin = (query.get("page", 1) - 1) * limit
    return found[begin : begin + limit], len(found), begin + limit < len(found)


@settings(deadline=None)
@given(ITEMS, QUERIES)
def test_a_list_is_what_a_plain_loop_gives(items, query):
    asked = {name: [str(value)] for name, value in query.items()}
    found = excerpt(SPEC, items, asked)
    assert (found["items"], found["total"], found["has_more"]) == naively(items, query)
    assert found["all"] == len(items)
