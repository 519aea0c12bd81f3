"""What the bookkeeping shows of a company's books: accounts with totals, statements, reports, periods."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

Row = dict[str, Any]

STATUSES: Final = ("draft", "posted", "void")


def moves(company: Row, code: str | None = None, since: str = "", until: str = "9999") -> Iterator[tuple[Row, Row]]:
    """Give the posted journals by date, with each of their lines on this account."""
    for journal in sorted(company["journals"].values(), key=lambda one: (one["date"], one["number"] or 0)):
        if journal["status"] == "posted" and since <= journal["date"] <= until:
            yield from ((journal, line) for line in journal["lines"] if code in (None, line["account"]))


def balance(company: Row, code: str, since: str = "", until: str = "9999") -> int:
    return sum(line["debit"] - line["credit"] for _, line in moves(company, code, since, until))


def account_shown(company: Row, account: Row) -> Row:
    lines = [line for _, line in moves(company, account["code"])]
    debit, credit = sum(line["debit"] for line in lines), sum(line["credit"] for line in lines)
    totals = {"debit_total": debit, "credit_total": credit, "balance": debit - credit, "line_count": len(lines)}
    return {**account, **totals}


def journal_shown(company: Row, journal: Row) -> Row:
    names = {code: account["name"] for code, account in company["accounts"].items()}
    lines = [{**line, "account_name": names[line["account"]]} for line in journal["lines"]]
    return {**journal, "lines": lines, "amount": sum(line["debit"] for line in lines)}


def company_shown(company: Row) -> Row:
    counted = Counter(journal["status"] for journal in company["journals"].values())
    shown = {name: company[name] for name in ("id", "name", "currency", "created_at")}
    return {**shown, "accounts": len(company["accounts"]), "journals": {name: counted[name] for name in STATUSES}}


def statement(company: Row, account: Row, since: str, until: str) -> tuple[list[Row], Row]:
    """Give the account's lines with a running balance, and what stands above them."""
    code = account["code"]
    opening = running = sum(line["debit"] - line["credit"] for one, line in moves(company, code) if one["date"] < since)
    rows = []
    for journal, line in moves(company, code, since, until):
        running += line["debit"] - line["credit"]
        row = {"journal_id": journal["id"], "number": journal["number"], "date": journal["date"]}
        row |= {"description": journal["description"], "debit": line["debit"], "credit": line["credit"]}
        rows.append({**row, "balance": running})
    head = {"account": code, "name": account["name"], "opening_balance": opening, "closing_balance": running}
    return rows, head


def trial_balance(company: Row, asked: str | None, until: str) -> Row:
    """Give the balances of the accounts that have lines up to this day; `asked` is the day as it was asked for."""
    rows = []
    for code in sorted(company["accounts"]):
        account, net = company["accounts"][code], balance(company, code, until=until)
        if net or any(moves(company, code, until=until)):
            shown = {"code": code, "name": account["name"], "type": account["type"]}
            rows.append({**shown, "debit": max(net, 0), "credit": max(-net, 0)})
    totals = {side: sum(row[side] for row in rows) for side in ("debit", "credit")}
    return {"as_of": asked, "rows": rows, "totals": totals}


def section(company: Row, kind: str, sign: int, since: str, until: str) -> Row:
    lines = []
    for code in sorted(company["accounts"]):
        account = company["accounts"][code]
        if account["type"] == kind:
            amount = sign * balance(company, code, since, until)
            lines.append({"code": code, "name": account["name"], "amount": amount})
    return {"lines": lines, "total": sum(line["amount"] for line in lines)}


def income_statement(company: Row, since: str, until: str) -> Row:
    """Give revenue and expenses from one day to another, by account."""
    revenue = section(company, "revenue", -1, since, until)
    expenses = section(company, "expense", 1, since, until)
    net = revenue["total"] - expenses["total"]
    shown = {"from": since, "to": until, "currency": company["currency"], "revenue": revenue, "expenses": expenses}
    return {**shown, "net_income": net}


def period_shown(company: Row, period: str) -> Row:
    year, month = int(period[:4]), int(period[5:])
    last = f"{period}-{monthrange(year, month)[1]}"
    turnover = sum(line["debit"] for _, line in moves(company, None, f"{period}-01", last))
    closed = company["closed"].get(period)
    return {"period": period, "status": "closed" if closed else "open", "closed_at": closed, "turnover": turnover}
