"""Versions of a number and a token count on from the version that the item has, also from a deleted one's."""

from synthesis.vaults import mocks_of_vaults


def test_a_version_counts_on_and_its_token_is_another_each_time():
    mocks = mocks_of_vaults()
    mocks.ask("PUT", "/shelves20")
    versions, path = [], "/shelves20/a-1"
    for number in range(3):
        query = f"?v={versions[-1]}" if versions else ""
        sent = {"kind": "map", "title": "x y", "pages": number}
        versions.append(mocks.ask("PUT", f"{path}{query}", sent).json["v"])
    assert [one.partition("-")[0] for one in versions] == ["1", "2", "3"]
    assert len({one.partition("-")[2] for one in versions}) == 3
    assert {len(one) for one in versions} == {14}
