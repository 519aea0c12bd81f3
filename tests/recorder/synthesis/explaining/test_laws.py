"""Laws are what numbers in objects of one form come to wherever they are shown."""

from synthesis.telling import told

from recorder.synthesis.explaining.laws import Laws, form_of


def bill(at, **more):
    rows = [{"percent": 5 * (at % 3 + 1), "amount": round(40 * at * (at % 3 + 1) * 5 / 100, 2)}]
    return {"net": 40 * at, "fee": 7 * at * at, "gross": 40 * at + 7 * at * at, "off": rows, **more}


def laws(*answers):
    return Laws(told(*(("GET", "/bills", None, 200, one) for one in answers)))


def test_a_law_holds_in_the_answers_of_all():
    found = laws(*(bill(at) for at in range(1, 10))).of(bill(1), ("gross",), ())
    assert found is not None
    assert (found.write("n", "f"), [one.part.path for one in found.operands]) == ("(n + f)", [("net",), ("fee",)])


def test_a_law_speaks_of_nothing_that_is_left_out():
    assert laws(*(bill(at) for at in range(1, 10))).of(bill(1), ("gross",), [("fee",)]) is None


def test_one_exception_is_no_law():
    assert laws(*(bill(at) for at in range(1, 10)), {**bill(10), "gross": 1}).of(bill(1), ("gross",), ()) is None


def test_few_answers_are_no_law():
    assert laws(*(bill(at) for at in range(1, 5))).of(bill(1), ("gross",), ()) is None


def test_other_objects_have_other_laws():
    assert laws(*(bill(at) for at in range(1, 10))).of({"gross": 1, "net": 1}, ("gross",), ()) is None


def test_rows_are_reckoned_from_the_object_that_has_them():
    found = laws(*(bill(at) for at in range(1, 12))).of_row(bill(1), ("off",), "amount", ())
    assert found is not None
    assert [(one.part.path, one.part.in_row) for one in found.operands] == [(("percent",), True), (("net",), False)]
    assert found.write("row.percent", "vars.net") == "(row.percent * vars.net / 100)"


def test_objects_have_one_form_or_none():
    assert form_of([{"a": 1}, {"a": 2}]) == {"a": 1}
    assert form_of([{"a": 1}, {"b": 2}]) is form_of([]) is form_of([7]) is None
