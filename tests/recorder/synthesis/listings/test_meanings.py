"""What a parameter may mean is tried in order, the likeliest first."""

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.listings.listing import Listing
from recorder.synthesis.listings.meanings import after, as_called, defaults, fields_of, list_fields_of, meanings, orders

POOL = [{"color": "red", "n": 1, "tags": ["a"]}, {"color": "blue", "n": 2, "tags": []}]


def a_listing(query="", given=("a",)):
    [scene] = scenes_of(call("GET", f"/things{query}", answer=[]))
    return Listing(scene, POOL, ["a", "b"], list(given), scene.sample.query, {})


def test_fields_are_the_scalars_of_items_and_lists_stand_apart():
    assert (fields_of([a_listing()]), list_fields_of([a_listing()])) == (["color", "n"], ["tags"])


def test_a_list_may_be_cut_and_ordered_without_being_asked():
    drafts = [change({}) for change in defaults([a_listing()])]
    assert drafts[0] == {"sort": {"default": ["n"]}}
    assert {"page": {"size": 1}} in drafts
    assert {"where": [{"field": "color", "op": "ne", "value": "red"}]} in drafts


def test_a_parameter_that_is_called_like_a_field_filters_by_it_first():
    first = next(meanings("color", [a_listing("?color=red")]))
    assert first({"in": "things"}) == {
        "in": "things",
        "where": [{"field": "color", "op": "eq", "param": "color"}],
    }


def test_a_number_limits_first_and_counts_pages_then():
    drafts = [change({}) for change in meanings("n2", [a_listing("?n2=2")])]
    assert drafts[:2] == [{"page": {"limit": "n2"}}, {"page": {"number": "n2", "first": 1}}]


def test_a_parameter_most_likely_means_what_it_is_called_everywhere():
    def first(query):
        name = query[1:].partition("=")[0]
        return next(meanings(name, [a_listing(query)]))({})

    assert first("?p=2") == {"page": {"number": "p", "first": 1}}
    assert first("?pageSize=2") == {"page": {"limit": "pageSize"}}
    assert first("?_start=1") == {"page": {"offset": "_start"}}
    assert first("?q=red") == {"search": {"param": "q"}}
    assert first("?n_gte=1") == {"where": [{"field": "n", "op": "ge", "param": "n_gte"}]}
    assert first("?maxN=1") == {"where": [{"field": "n", "op": "le", "param": "maxN"}]}


def test_the_name_of_a_field_sorts_and_shows():
    drafts = [change({}) for change in meanings("by", [a_listing("?by=-n"), a_listing("?by=color")])]
    assert drafts[0] == {"sort": {"param": "by"}}
    constants = [change({}) for change in meanings("by", [a_listing("?by=N_DESC"), a_listing("?by=COLOR_ASC")])]
    assert constants[0] == {"sort": {"param": "by"}}


def test_a_cursor_leaves_the_field_of_another_behind_and_changes_follow_each_other():
    cursors = [change for change in meanings("c", [a_listing("?c=abcd")]) if "cursor" in change({}).get("page", {})]
    by_color = next(change for change in cursors if change({})["page"].get("by") == "color")
    assert after(by_color, cursors[0])({}) == {"page": {"cursor": "c"}}


def test_parameters_that_always_come_together_mean_what_they_are_called():
    first = as_called(["page", "q", "size"], [a_listing("?page=1&q=red&size=2")])[0]
    assert first({}) == {"page": {"number": "page", "first": 1, "limit": "size"}, "search": {"param": "q"}}
    assert as_called(["q"], [a_listing("?q=red")])[0]({}) == {"search": {"param": "q"}}
    assert as_called(["kind"], [a_listing("?kind=red")]) == []
    assert as_called(["after", "limit"], [a_listing("?after=1&limit=2")]) == []


def test_an_order_is_beside_the_parameter_that_sorts():
    made = [change({"sort": {"param": "by"}}) for change in orders([a_listing()])]
    assert made[0] == {"sort": {"param": "by", "default": ["n"]}}


def test_what_is_called_as_pages_are_everywhere_is_no_filter_by_chance():
    drafts = [change({}) for change in meanings("offset", [a_listing("?offset=2")])]
    assert drafts[0] == {"page": {"offset": "offset"}}
    assert all(set(draft) <= {"page"} for draft in drafts)


def test_bounds_that_are_days_are_of_what_has_days():
    [scene] = scenes_of(call("GET", "/things?from=2025-02-01&to=2025-03-01", answer=[]))
    pool = [{"id": 1, "day": "2025-02-03", "name": "oak"}, {"id": 2, "day": "2025-04-03", "name": "elm"}]
    listing = Listing(scene, pool, ["1", "2"], ["1"], scene.sample.query, {})
    first, last = (next(meanings(name, [listing]))({}) for name in ("from", "to"))
    assert first == {"where": [{"field": "day", "op": "ge", "param": "from"}]}
    assert last == {"where": [{"field": "day", "op": "le", "param": "to"}]}
    [scene] = scenes_of(call("GET", "/things?from=oak", answer=[]))
    other = next(meanings("from", [Listing(scene, pool, ["1", "2"], ["1"], scene.sample.query, {})]))({})
    assert other != first


def test_a_flag_or_what_is_called_as_a_field_says_nothing_of_where_a_list_goes_on():
    listings = [a_listing("?color=red&sold=true&from=a1b2c3")]
    told = {name: [change({}) for change in meanings(name, listings)] for name in ("color", "sold", "from")}
    assert [name for name, drafts in told.items() if any("cursor" in one.get("page", {}) for one in drafts)] == ["from"]


def test_an_offset_is_no_number_of_a_page():
    drafts = [change({}) for change in meanings("offset", [a_listing("?offset=4")])]
    assert {"offset": "offset"} in [draft["page"] for draft in drafts]
    assert not any("number" in draft.get("page", {}) for draft in drafts)


def test_a_limit_is_never_where_a_list_begins():
    drafts = [change({}) for change in meanings("limit", [a_listing("?limit=2")])]
    assert {"page": {"limit": "limit"}} in drafts
    assert not any("offset" in draft["page"] for draft in drafts)


def test_a_parameter_asks_for_one_of_a_list_that_is_called_as_it_is_before_other_fields():
    first = next(meanings("tag", [a_listing("?tag=a")]))
    assert first({}) == {"where": [{"field": "tags", "op": "has", "param": "tag"}]}
    drafts = [change({}) for change in meanings("about", [a_listing("?about=a")])]
    has_tag, is_color = (
        {"where": [{"field": field, "op": op, "param": "about"}]} for field, op in (("tags", "has"), ("color", "eq"))
    )
    assert drafts.index(has_tag) > drafts.index(is_color)


def test_fields_that_are_named_without_a_sign_may_all_descend():
    drafts = [change({}) for change in meanings("last", [a_listing("?last=color")])]
    assert {"sort": {"param": "last"}} in drafts
    assert {"sort": {"descending_param": "last"}} in drafts
    signed = [change({}) for change in meanings("by", [a_listing("?by=-color")])]
    assert {"sort": {"param": "by"}} in signed
    assert {"sort": {"descending_param": "by"}} not in signed
