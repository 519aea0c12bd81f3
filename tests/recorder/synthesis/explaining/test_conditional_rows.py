"""Lists whose rows are there under conditions: each row is told when it is there, and its numbers are worked out."""

from __future__ import annotations

from synthesis.telling import Mocks, learnt, scenes_of, word

from recorder.synthesis.explaining.conditional_rows import Row, Rows
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.terms.term import Term

CODES = {"SPRING": 15, "LOYAL": 5}


def quoted(sent):
    subtotal = sent["count"] * sent["price"]
    given = [("bulk", 10)] if sent["count"] >= 10 else []
    given += [("member", 4)] if sent.get("member") else []
    given += [(sent["code"], CODES[sent["code"]])] if sent.get("code") else []
    rows = [{"for": name, "percent": each, "amount": round(subtotal * each / 100, 2)} for name, each in given]
    total = round(subtotal - sum(one["amount"] for one in rows) + 4.9, 2)
    return {"subtotal": subtotal, "discounts": rows, "shipping": 4.9, "total": total}


class Till:
    def __init__(self, chance):
        self._chance = chance

    def answer(self, method, target, sent, headers):
        return 201, {"id": word(self._chance), "quote": quoted(sent)}


def visit(ask, chance):
    for _ in range(8):
        sent = {"count": chance.randint(1, 19), "price": chance.randint(100, 9_999)}
        sent |= {"member": True} if chance.random() < 0.4 else {}
        sent |= {"code": chance.choice([*CODES])} if chance.random() < 0.5 else {}
        ask("POST", "/quotes", sent)


def test_discounts_and_what_is_left_are_worked_out():
    mocks = learnt(Till, visit, 6)
    assert mocks.wrong == []
    for sent in (
        {"count": 3, "price": 12_345},
        {"count": 19, "price": 777, "member": True, "code": "SPRING"},
        {"count": 2, "price": 1_001, "code": "LOYAL"},
    ):
        assert mocks.ask("POST", "/quotes", sent).json["quote"] == quoted(sent)


def test_rows_stand_in_documents_and_in_expressions():
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    never = Term("request.json.a is defined", lambda _scene: False)
    rows = Rows("n", [Row("one", Fixed({"n": "one"}), None), Row("two", Fixed({"n": "two"}), never)])
    assert rows.document() == [{"n": "one"}, "{{ {'n': 'two'} if request.json.a is defined else omit }}"]
    assert rows.expression() == "([{'n': 'one'}] + ([{'n': 'two'}] if request.json.a is defined else []))"
    assert rows.value(scene) == [{"n": "one"}]
    assert (rows.found(1, [{"n": "one"}, {"n": "two"}]), [term.text for term in rows.terms]) == (
        {"n": "two"},
        ["request.json.a is defined"],
    )


def test_rows_that_nothing_tells_stay_as_they_were():
    answers = [[], [{"n": "a"}], [{"n": "b"}], [{"n": "a"}], [], [{"n": "b"}], [{"n": "a"}]]
    mocks = Mocks([("POST", "/x", {"s": "t"}, 200, {"list": rows}) for rows in answers])
    assert mocks.ask("POST", "/x", {"s": "t"}).status == 200
