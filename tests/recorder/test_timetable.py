from datetime import date

from recorder.timetable import day_of, on_day, without_day

DAY = date(2032, 2, 28)


def test_a_text_begins_with_a_day_or_not():
    assert day_of("2032-02-28T09:00:00Z") == DAY
    assert [day_of(one) for one in ("2032-02-30", "on 2032-02-28", "", None, 20320228)] == [None] * 5


def test_rows_are_placed_on_a_day_and_taken_off_it_again():
    placed = [{"from": "2032-02-28T22:00", "to": "2032-03-01T06:00", "beds": 2, "note": "late"}]
    rows = [
        {name: without_day(value, DAY) or value if isinstance(value, str) else value for name, value in row.items()}
        for row in placed
    ]
    assert rows == [{"from": "{0}T22:00", "to": "{2}T06:00", "beds": 2, "note": "late"}]
    assert on_day(rows, DAY) == placed


def test_only_days_from_the_first_one_on_are_taken_off():
    assert [without_day(one, DAY) for one in ("2032-02-27", "2042-02-28", "late")] == [None] * 3


def test_what_cannot_be_placed_stays():
    assert on_day([7, {"a": "x {0}", "b": "{9999}", "c": "{x}"}], DAY) == [7, {"a": "x {0}", "b": "{9999}", "c": "{x}"}]
    assert on_day([{"a": "{999}"}], date(9999, 12, 31)) == [{"a": "{999}"}]
