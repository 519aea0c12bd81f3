from recorder.synthesis.terms.only import Only


def test_items_count_that_say_so_or_do_not():
    assert [Only("state", "open").counts({"state": one}) for one in ("open", "shut")] == [True, False]
    assert [Only("state", "open", but=True).counts({"state": one}) for one in ("open", "shut")] == [False, True]
    assert Only("state", "open").text("rows") == "keep_rows(rows, 'state', 'open')"
    assert Only("state", "open", but=True).text("rows") == "drop_rows(rows, 'state', 'open')"
    assert Only("closed", None).text("rows") == "(rows | selectattr('closed', 'none') | list)"
