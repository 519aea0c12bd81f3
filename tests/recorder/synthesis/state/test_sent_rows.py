"""The saves of a call that is sent rows put each as lists show it, and remove those that are taken."""

from synthesis.rosters import mocks_of_rosters


def test_each_row_is_kept_under_its_members_as_it_is_listed():
    definition = mocks_of_rosters().definition("post-hall-changes")
    put, taken = definition["cases"][-1]["save"]
    lead = "request.path_params.hall ~ '/' ~ "
    assert put == {
        "in": "rows",
        "when": "request.json.give is defined",
        "each": "{{ each(request.json.give, {'about': row, 'note': none}) }}",
        "key": "{{ " + lead + "vars.row.about.who ~ ' ' ~ vars.row.about.part ~ ' ' ~ vars.row.about.where }}",
        "item": "{{ vars.row }}",
    }
    assert taken["delete"]
    assert taken["key"] == "{{ " + lead + "vars.row.who ~ ' ' ~ vars.row.part ~ ' ' ~ vars.row.where }}"
