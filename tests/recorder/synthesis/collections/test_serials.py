"""Numbers that items get in turn are the next one, whichever call gives them."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Office:
    """Bills of a firm: drafts have no number, those that are issued, copied or made at once get the next one."""

    def __init__(self, chance):
        self.chance, self.firms = chance, {}

    def answer(self, method, target, sent, headers):
        del method, headers
        if target == "/firms":
            name = f"f{self.chance.randrange(10**6, 10**7)}"
            self.firms[name] = {}
            return 201, {"id": name, "name": sent["name"]}
        _, _, name, _, *rest = target.split("/")
        bills = self.firms[name]
        if not rest:
            return 201, self.made(bills, sent["text"], sent.get("state", "draft"))
        bill = bills[rest[0]]
        if rest[1:] == ["copy"]:
            return 201, {"copy": self.made(bills, bill["text"], "issued")}
        if rest[1:]:
            bill |= {"state": "issued", "number": self.following(bills)}
        return 200, dict(bill)

    def made(self, bills, text, state):
        bill = {"id": f"b{self.chance.randrange(10**6, 10**7)}", "text": text, "state": state}
        bill["number"] = self.following(bills) if state == "issued" else None
        bills[bill["id"]] = bill
        return dict(bill)

    def following(self, bills):
        return max((one["number"] or 0 for one in bills.values()), default=0) + 1


def billing(ask, chance):
    firm = ask("POST", "/firms", {"name": word(chance)}).json["id"]
    bills = f"/firms/{firm}/bills"
    for _ in range(chance.randint(2, 5)):
        how = chance.choice(["draft", "issued", "copy"])
        made = ask("POST", bills, {"text": word(chance), "state": "draft" if how == "draft" else "issued"}).json["id"]
        if how != "issued":
            ask("POST", f"{bills}/{made}/{'issue' if how == 'draft' else 'copy'}")
        ask("GET", f"{bills}/{made}")


def test_numbers_count_on_together_below_each_item():
    mocks = learnt(Office, billing, count=8)
    for _ in range(2):
        firm = mocks.ask("POST", "/firms", {"name": "new"}).json["id"]
        bills = f"/firms/{firm}/bills"
        draft = mocks.ask("POST", bills, {"text": "a", "state": "draft"}).json
        first = mocks.ask("POST", bills, {"text": "b", "state": "issued"}).json
        copy = mocks.ask("POST", f"{bills}/{first['id']}/copy").json["copy"]
        issued = mocks.ask("POST", f"{bills}/{draft['id']}/issue").json
        last = mocks.ask("POST", bills, {"text": "c", "state": "issued"}).json
        assert [one["number"] for one in (draft, first, copy, issued, last)] == [None, 1, 2, 3, 4]


class Moody(Office):
    """An office whose numbers go up by one or by two."""

    def following(self, bills):
        return super().following(bills) + self.chance.randint(0, 1)


def test_numbers_that_leave_some_out_are_none_that_items_get_in_turn():
    mocks = learnt(Moody, billing, count=8)
    assert not any("selectattr('number', 'number')" in str(one) for one in mocks.made.definitions)
