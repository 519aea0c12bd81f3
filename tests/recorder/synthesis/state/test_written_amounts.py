"""Amounts that are written as texts are compared, added and written again with as many digits as they had."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from synthesis.telling import as_the_service, learnt, word


class Purse:
    """Purses with a balance; what is paid from one to another costs a hundredth, and is refused where it is too much."""

    def __init__(self, chance):
        self.chance = chance
        self.purses = {}

    def answer(self, method, target, sent, headers):
        del headers
        _, kind, *rest = target.split("/")
        if kind == "payments":
            return self.pay(sent)
        if kind == "sums":
            return self.sum_up(sent)
        if method == "POST" and not rest:
            made = {"id": word(self.chance, "0123456789abcdef", 12), "owner": sent["owner"], "balance": sent["balance"]}
            self.purses[made["id"]] = made
            return 201, made
        found = self.purses.get(rest[0])
        if found is None:
            return 404, {"error": "no purse"}
        if rest[1:] == ["deposits"]:
            found["balance"] = f"{Decimal(found['balance']) + Decimal(sent['amount']):.2f}"
            return 201, {"amount": sent["amount"], "balance": found["balance"]}
        return 200, found

    def pay(self, sent):
        one, other = self.purses.get(sent["from"]), self.purses.get(sent["to"])
        if one is None or other is None:
            return 404, {"error": "no purse"}
        amount = Decimal(sent["amount"])
        if amount > 500:
            return 422, {"error": "at most 500.00 at once"}
        if amount > Decimal(one["balance"]):
            return 409, {"error": "not enough"}
        one["balance"] = f"{Decimal(one['balance']) - amount:.2f}"
        other["balance"] = f"{Decimal(other['balance']) + amount:.2f}"
        return 201, {"id": word(self.chance, "0123456789abcdef", 12), "amount": sent["amount"], "from": sent["from"]}

    def sum_up(self, sent):
        rows = [{**row, "total": f"{Decimal(row['unit']) * row['quantity']:.2f}"} for row in sent["rows"]]
        net = sum(Decimal(row["total"]) for row in rows)
        tax = (net * Decimal("0.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        total = {"currency": "EUR", "value": f"{net + tax:.2f}"}
        return 200, {"rows": rows, "net": f"{net:.2f}", "tax": f"{tax:.2f}", "total": total}


def money(words, most):
    return f"{words.randint(1, most)}.{words.randint(0, 99):02d}"


def paying(ask, words):
    """Open two purses, fill them, pay back and forth, sometimes too much, and look at both; sum up a bill."""
    one, other = (
        ask("POST", "/purses", {"owner": word(words), "balance": money(words, 300)}).json["id"] for _ in range(2)
    )
    for _ in range(4):
        ask("POST", f"/purses/{one}/deposits", {"amount": money(words, 90)})
        pair = [one, other] if words.random() < 0.6 else [other, one]
        ask("POST", "/payments", {"from": pair[0], "to": pair[1], "amount": money(words, words.choice((40, 250, 900)))})
        ask("GET", f"/purses/{one}")
        ask("GET", f"/purses/{other}")
    rows = [{"unit": money(words, 40), "quantity": words.randint(1, 9)} for _ in range(words.randint(1, 3))]
    ask("POST", "/sums", {"rows": rows})
    ask("GET", f"/purses/{word(words)}")


def test_written_amounts_are_compared_and_moved_like_numbers_and_written_again():
    mocks = learnt(Purse, paying, count=8)
    mocked, real = as_the_service(Purse, paying, mocks)
    assert mocked == real
    one, other = (
        mocks.ask("POST", "/purses", {"owner": name, "balance": full}).json["id"]
        for name, full in (("ada", "99.50"), ("bob", "3.05"))
    )

    def pay(amount):
        return mocks.ask("POST", "/payments", {"from": one, "to": other, "amount": amount}).status

    # As texts 100.00 is less than 99.50, and 9.50 is more.
    assert [pay(amount) for amount in ("100.00", "9.50", "900.00", "90.00", "0.25")] == [409, 201, 422, 201, 409]
    balances = [mocks.ask("GET", f"/purses/{key}").json["balance"] for key in (one, other)]
    assert balances == ["0.00", "102.55"]
    rows = [{"unit": "1.20", "quantity": 3}, {"unit": "0.10", "quantity": 4}]
    answered = mocks.ask("POST", "/sums", {"rows": rows}).json
    assert [row["total"] for row in answered["rows"]] == ["3.60", "0.40"]
    assert (answered["net"], answered["tax"], answered["total"]["value"]) == ("4.00", "0.76", "4.76")
