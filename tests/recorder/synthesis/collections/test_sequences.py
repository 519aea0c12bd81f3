"""A number that every write below an item counts on is one for all calls, and one for each item above."""

from synthesis.vaults import mocks_of_vaults


def test_writes_count_on_together_and_each_vault_on_its_own():
    mocks = mocks_of_vaults()
    for name in ("shelves30", "shelves31"):
        mocks.ask("PUT", f"/{name}")
    made = [
        mocks.ask("PUT", f"/{name}/{key}", {"kind": "map", "title": "x y", "pages": 3}).json
        for name, key in (("shelves30", "a-1"), ("shelves30", "a-2"), ("shelves31", "a-1"))
    ]
    gone = mocks.ask("DELETE", f"/shelves30/a-1?v={made[0]['v']}").json
    assert [one["n"] for one in [*made, gone]] == [1, 2, 1, 3]
    assert mocks.ask("GET", "/shelves30").json == {"vault": "shelves30", "written": 3}
