"""Bookkeeping over REST: a chart of accounts, journals that are drafted, posted and voided, statements and reports."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.books_reports import (
    STATUSES,
    account_shown,
    balance,
    company_shown,
    income_statement,
    journal_shown,
    period_shown,
    statement,
    trial_balance,
)
from bench.fidelity.apps.parts import BodyError, bearer, json_object, now, short_id

Row = dict[str, Any]

KEYS: Final = {"bk_live_4f9c2a7d1e": "accountant", "bk_live_77aa01c3b9": "viewer"}
TYPES: Final = ("asset", "liability", "equity", "revenue", "expense")
_companies: dict[str, Row] = {}


class ApiError(Exception):
    """What is refused: a status, a code, a sentence, and the field or what else is told."""

    def __init__(self, status: int, code: str, message: str, /, **more: object) -> None:
        self.status, self.body = status, {"error": {"code": code, "message": message, **more}}


def need(holds: object, status: int, code: str, message: str, /, **more: object) -> None:
    if not holds:
        raise ApiError(status, code, message, **more)


def invalid(field: str, message: str, code: str = "validation_failed") -> ApiError:
    return ApiError(422, code, message, field=field)


def text_of(asked: Row, field: str, most: int = 120) -> str:
    found = asked.get(field)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= most:
        raise invalid(field, f"{field} is required and must be a string of at most {most} characters")
    return found.strip()


def date_of(asked: Any, field: str, default: str | None = None) -> str:
    found = asked.get(field) or default
    if found is None:
        raise invalid(field, f"{field} is required")
    try:
        return date.fromisoformat(str(found)).isoformat()
    except ValueError:
        raise invalid(field, f"{field} must be a date as YYYY-MM-DD") from None


def whole_of(asked: Any, field: str, default: int, most: int) -> int:
    found = str(asked.get(field, default))
    if not found.isdecimal() or not 1 <= int(found) <= most:
        raise invalid(field, f"{field} must be between 1 and {most}")
    return int(found)


def choice_of(asked: Any, field: str, choices: tuple[str, ...], default: str | None = None) -> str | None:
    found = asked.get(field, default)
    if found is not None and found not in choices:
        raise invalid(field, f"{field} must be one of {', '.join(choices)}")
    return found


def company_of(request: Request) -> Row:
    found = _companies.get(request.path_params["company"])
    if found is None:
        raise ApiError(404, "company_not_found", "No such company")
    return found


def account_of(request: Request) -> tuple[Row, Row]:
    company, code = company_of(request), request.path_params["code"]
    need(code in company["accounts"], 404, "account_not_found", f"No account {code} in this company")
    return company, company["accounts"][code]


def journal_of(request: Request) -> tuple[Row, Row]:
    company, number = company_of(request), request.path_params["journal"]
    need(number in company["journals"], 404, "journal_not_found", "No such journal in this company")
    return company, company["journals"][number]


async def create_company(request: Request) -> Response:
    asked = await json_object(request)
    name, currency = text_of(asked, "name"), str(asked.get("currency", "EUR"))
    if not re.fullmatch("[A-Z]{3}", currency):
        raise invalid("currency", "currency must be a code of three capital letters")
    company: Row = {"id": short_id("co_", 12), "name": name, "currency": currency, "created_at": now()}
    _companies[company["id"]] = company | {"accounts": {}, "journals": {}, "closed": {}, "last": 0}
    place = {"Location": f"/v1/companies/{company['id']}"}
    return JSONResponse(company_shown(_companies[company["id"]]), 201, headers=place)


async def show_company(request: Request) -> Response:
    return JSONResponse(company_shown(company_of(request)))


async def create_account(request: Request) -> Response:
    company, asked = company_of(request), await json_object(request)
    code, name = text_of(asked, "code", 10), text_of(asked, "name")
    kind = choice_of(asked, "type", TYPES)
    if kind is None:
        raise invalid("type", "type is required")
    need(code not in company["accounts"], 409, "code_taken", f"There is an account {code} already", field="code")
    account = {"code": code, "name": name, "type": kind, "archived": False, "created_at": now()}
    company["accounts"][code] = account
    return JSONResponse(account_shown(company, account), 201)


async def list_accounts(request: Request) -> Response:
    company, kind = company_of(request), choice_of(request.query_params, "type", TYPES)
    found = [company["accounts"][code] for code in sorted(company["accounts"])]
    rows = [account_shown(company, one) for one in found if kind in (None, one["type"])]
    return JSONResponse({"data": rows, "count": len(rows)})


async def show_account(request: Request) -> Response:
    return JSONResponse(account_shown(*account_of(request)))


async def change_account(request: Request) -> Response:
    company, account = account_of(request)
    asked = await json_object(request)
    if "name" in asked:
        account["name"] = text_of(asked, "name")
    if asked.get("archived"):
        left = balance(company, account["code"])
        need(not left, 409, "balance_not_zero", "Only accounts with a balance of zero can be archived", balance=left)
    account["archived"] = bool(asked.get("archived", account["archived"]))
    return JSONResponse(account_shown(company, account))


async def delete_account(request: Request) -> Response:
    company, account = account_of(request)
    used = sum(
        account["code"] in [line["account"] for line in journal["lines"]] for journal in company["journals"].values()
    )
    need(not used, 409, "account_in_use", f"Account {account['code']} has journals", journals=used)
    del company["accounts"][account["code"]]
    return Response(status_code=204)


async def show_statement(request: Request) -> Response:
    company, account = account_of(request)
    query = request.query_params
    since, until = date_of(query, "from", "1900-01-01"), date_of(query, "to", "2999-12-31")
    need(since <= until, 422, "validation_failed", "from must not be after to", field="from")
    page, size = whole_of(query, "page", 1, 10_000), whole_of(query, "per_page", 25, 100)
    rows, head = statement(company, account, since, until)
    paging = {"page": page, "per_page": size, "total": len(rows), "pages": -(-len(rows) // size)}
    return JSONResponse({**head, "lines": rows[(page - 1) * size : page * size], "paging": paging})


def lines_of(company: Row, given: Any) -> list[Row]:
    if not isinstance(given, list) or len(given) < 2:
        raise invalid("lines", "A journal needs at least two lines")
    lines = []
    for at, row in enumerate(given):
        under, one = f"lines[{at}]", row if isinstance(row, dict) else {}
        code, sides = one.get("account"), [one.get("debit") or 0, one.get("credit") or 0]
        account = company["accounts"].get(str(code))
        need(account, 422, "unknown_account", f"There is no account {code}", field=f"{under}.account")
        need(not account["archived"], 422, "account_archived", f"Account {code} is archived", field=f"{under}.account")
        if not all(isinstance(side, int) and side >= 0 for side in sides):
            raise invalid(under, "debit and credit are whole numbers of cents, not negative")
        if bool(sides[0]) == bool(sides[1]):
            raise invalid(under, "A line has either a debit or a credit")
        lines.append({"account": code, "debit": sides[0], "credit": sides[1], "memo": one.get("memo")})
    return lines


def check_balanced(lines: list[Row]) -> None:
    debit, credit = sum(line["debit"] for line in lines), sum(line["credit"] for line in lines)
    told = {"total_debit": debit, "total_credit": credit, "difference": debit - credit}
    need(debit == credit, 422, "unbalanced", "Debits and credits must be equal", **told)


def check_open(company: Row, on: str) -> None:
    need(on[:7] not in company["closed"], 409, "period_closed", f"The period {on[:7]} is closed", period=on[:7])


def add_journal(company: Row, on: str, description: str, lines: list[Row], **more: object) -> Row:
    journal: Row = {"id": short_id("jr_", 12), "number": None, "date": on, "description": description}
    journal |= {"status": "draft", "lines": lines, "reverses": None, "created_at": now(), "posted_at": None}
    company["journals"][journal["id"]] = journal | more
    return company["journals"][journal["id"]]


def post(company: Row, journal: Row) -> None:
    company["last"] += 1
    journal |= {"status": "posted", "number": company["last"], "posted_at": now()}


async def create_journal(request: Request) -> Response:
    company, asked = company_of(request), await json_object(request)
    on, description = date_of(asked, "date"), text_of(asked, "description")
    status = choice_of(asked, "status", ("draft", "posted"), "draft")
    lines = lines_of(company, asked.get("lines"))
    if status == "posted":
        check_balanced(lines)
        check_open(company, on)
    journal = add_journal(company, on, description, lines)
    if status == "posted":
        post(company, journal)
    place = {"Location": f"/v1/companies/{company['id']}/journals/{journal['id']}"}
    return JSONResponse(journal_shown(company, journal), 201, headers=place)


async def list_journals(request: Request) -> Response:
    company, query = company_of(request), request.query_params
    status, account = choice_of(query, "status", STATUSES), query.get("account")
    since, until = date_of(query, "from", "1900-01-01"), date_of(query, "to", "2999-12-31")
    page, size = whole_of(query, "page", 1, 10_000), whole_of(query, "per_page", 25, 100)
    found = [one for one in reversed(company["journals"].values()) if since <= one["date"] <= until]
    found = [one for one in found if status in (None, one["status"])]
    found = [one for one in found if account is None or account in [line["account"] for line in one["lines"]]]
    rows = [journal_shown(company, one) for one in found[(page - 1) * size : page * size]]
    paging = {"page": page, "per_page": size, "total": len(found), "pages": -(-len(found) // size)}
    return JSONResponse({"data": rows, "paging": paging})


async def show_journal(request: Request) -> Response:
    return JSONResponse(journal_shown(*journal_of(request)))


async def replace_lines(request: Request) -> Response:
    company, journal = journal_of(request)
    asked = await json_object(request)
    need(journal["status"] == "draft", 409, "not_a_draft", f"The journal is {journal['status']}")
    journal["lines"] = lines_of(company, asked.get("lines"))
    return JSONResponse(journal_shown(company, journal))


async def delete_journal(request: Request) -> Response:
    company, journal = journal_of(request)
    need(journal["status"] == "draft", 409, "not_a_draft", f"The journal is {journal['status']}")
    del company["journals"][journal["id"]]
    return Response(status_code=204)


async def post_journal(request: Request) -> Response:
    company, journal = journal_of(request)
    need(journal["status"] == "draft", 409, "not_a_draft", f"The journal is {journal['status']}")
    check_balanced(journal["lines"])
    check_open(company, journal["date"])
    post(company, journal)
    return JSONResponse(journal_shown(company, journal))


async def void_journal(request: Request) -> Response:
    company, journal = journal_of(request)
    reason = text_of(await json_object(request), "reason")
    need(journal["status"] == "posted", 409, "not_posted", f"The journal is {journal['status']}")
    check_open(company, journal["date"])
    journal |= {"status": "void", "void_reason": reason, "voided_at": now()}
    return JSONResponse(journal_shown(company, journal))


async def reverse_journal(request: Request) -> Response:
    company, journal = journal_of(request)
    asked = await json_object(request)
    need(journal["status"] == "posted", 409, "not_posted", f"The journal is {journal['status']}")
    on = date_of(asked, "date", journal["date"])
    check_open(company, on)
    lines = [{**line, "debit": line["credit"], "credit": line["debit"]} for line in journal["lines"]]
    made = add_journal(company, on, f"Reversal: {journal['description']}", lines, reverses=journal["id"])
    post(company, made)
    return JSONResponse(journal_shown(company, made), 201)


async def transfer(request: Request) -> Response:
    company, asked = company_of(request), await json_object(request)
    source, target = text_of(asked, "from_account", 10), text_of(asked, "to_account", 10)
    amount, on = asked.get("amount"), date_of(asked, "date")
    if not isinstance(amount, int) or amount <= 0:
        raise invalid("amount", "amount must be a positive whole number of cents")
    for field, code in (("from_account", source), ("to_account", target)):
        account = company["accounts"].get(code)
        need(account, 422, "unknown_account", f"There is no account {code}", field=field)
        need(account["type"] == "asset", 422, "not_an_asset", f"Account {code} is no asset", field=field)
    need(source != target, 422, "same_account", "from_account and to_account must differ", field="to_account")
    check_open(company, on)
    have = balance(company, source)
    told = {"available": have, "requested": amount}
    need(have >= amount, 422, "insufficient_funds", f"Account {source} has too little", **told)
    lines = [{"account": target, "debit": amount, "credit": 0, "memo": None}]
    lines.append({"account": source, "debit": 0, "credit": amount, "memo": None})
    journal = add_journal(company, on, asked.get("description") or f"Transfer from {source} to {target}", lines)
    post(company, journal)
    after = {"from": balance(company, source), "to": balance(company, target)}
    return JSONResponse({"journal": journal_shown(company, journal), "balances": after}, 201)


async def show_trial_balance(request: Request) -> Response:
    company, asked = company_of(request), request.query_params.get("as_of")
    return JSONResponse(trial_balance(company, asked, date_of(request.query_params, "as_of", "2999-12-31")))


async def show_income_statement(request: Request) -> Response:
    company, query = company_of(request), request.query_params
    since, until = date_of(query, "from"), date_of(query, "to")
    need(since <= until, 422, "validation_failed", "from must not be after to", field="from")
    return JSONResponse(income_statement(company, since, until))


def period_of(request: Request) -> tuple[Row, str]:
    company, period = company_of(request), request.path_params["period"]
    need(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period), 422, "validation_failed", "A period is YYYY-MM")
    return company, period


async def show_period(request: Request) -> Response:
    return JSONResponse(period_shown(*period_of(request)))


async def close_period(request: Request) -> Response:
    company, period = period_of(request)
    need(period not in company["closed"], 409, "already_closed", f"The period {period} is closed already")
    drafts = sum(one["status"] == "draft" and one["date"][:7] == period for one in company["journals"].values())
    need(not drafts, 409, "drafts_left", f"The period {period} has drafts", drafts=drafts)
    company["closed"][period] = now()
    return JSONResponse(period_shown(company, period))


def guarded(does: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def run(request: Request) -> Response:
        role = KEYS.get(bearer(request))
        need(role, 401, "unauthorized", "A valid API key is required")
        need(role == "accountant" or request.method == "GET", 403, "forbidden", "This key may only read")
        return await does(request)

    return run


async def refused(_: Request, error: Exception) -> Response:
    if isinstance(error, BodyError):
        error = ApiError(400, "malformed_json", str(error))
    assert isinstance(error, ApiError)
    return JSONResponse(error.body, error.status)


BASE: Final = "/v1/companies/{company}"
TABLE: Final[tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...]] = (
    ("POST", "/v1/companies", create_company),
    ("GET", BASE, show_company),
    ("POST", f"{BASE}/accounts", create_account),
    ("GET", f"{BASE}/accounts", list_accounts),
    ("GET", BASE + "/accounts/{code}", show_account),
    ("PATCH", BASE + "/accounts/{code}", change_account),
    ("DELETE", BASE + "/accounts/{code}", delete_account),
    ("GET", BASE + "/accounts/{code}/statement", show_statement),
    ("POST", f"{BASE}/journals", create_journal),
    ("GET", f"{BASE}/journals", list_journals),
    ("GET", BASE + "/journals/{journal}", show_journal),
    ("DELETE", BASE + "/journals/{journal}", delete_journal),
    ("PUT", BASE + "/journals/{journal}/lines", replace_lines),
    ("POST", BASE + "/journals/{journal}/post", post_journal),
    ("POST", BASE + "/journals/{journal}/void", void_journal),
    ("POST", BASE + "/journals/{journal}/reverse", reverse_journal),
    ("POST", f"{BASE}/transfers", transfer),
    ("GET", f"{BASE}/reports/trial-balance", show_trial_balance),
    ("GET", f"{BASE}/reports/income-statement", show_income_statement),
    ("GET", BASE + "/periods/{period}", show_period),
    ("POST", BASE + "/periods/{period}/close", close_period),
)

app = Starlette(
    routes=[Route(path, guarded(does), methods=[method]) for method, path, does in TABLE],
    exception_handlers={ApiError: refused, BodyError: refused},
)
