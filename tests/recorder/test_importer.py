from recorder.importer import Remark, Remarks


def test_a_remark_that_comes_twice_is_kept_once_and_in_order():
    remarks = Remarks()
    remarks.warn("#/b", "made up")
    remarks.note("#/a", "chosen")
    remarks.warn("#/b", "made up")
    remarks.fail("#/c", "skipped")
    assert remarks.all() == (
        Remark("warning", "#/b", "made up"),
        Remark("note", "#/a", "chosen"),
        Remark("error", "#/c", "skipped"),
    )
