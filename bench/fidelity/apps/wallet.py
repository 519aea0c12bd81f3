"""A wallet core over JSON-RPC 2.0 on one path: accounts, deposits, transfers with fees, statements."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import bearer, now

Params: TypeAlias = dict[str, Any]
OPERATORS: Final = {"teller": ("window-7-blue", "teller"), "audit": ("read-only-42", "auditor")}
CURRENCIES: Final = ("EUR", "USD", "GBP", "SEK")
_accounts: dict[str, Params] = {}
_entries: dict[str, list[Params]] = {}
_transfers: dict[str, Params] = {}
_tokens: dict[str, tuple[str, str]] = {}


class RpcError(Exception):
    """A call that is answered with an error object."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.shown = {"code": code, "message": message, **({} if data is None else {"data": data})}


CHECKS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "text": (lambda value: isinstance(value, str) and bool(value.strip()), "must be a non-empty string"),
    "amount": (lambda value: type(value) is int and 1 <= value <= 100_000_000, "must be a positive integer"),
    "credit": (lambda value: type(value) is int and 0 <= value <= 500_000, "must be an integer from 0 to 500000"),
    "start": (lambda value: type(value) is int and 0 <= value <= 10**9, "must not be negative"),
    "limit": (lambda value: type(value) is int and 1 <= value <= 100, "must be an integer from 1 to 100"),
    "money": (lambda value: value in CURRENCIES, f"must be one of {', '.join(CURRENCIES)}"),
    "state": (lambda value: value in ("open", "closed"), "must be open or closed"),
}


def check(params: Params, wants: dict[str, str]) -> None:
    wrong = [{"param": name, "reason": "is not expected"} for name in params if name not in wants]
    for name, kind in wants.items():
        good, reason = CHECKS[kind.rstrip("?")]
        if params.get(name) is None:
            wrong += [] if kind.endswith("?") else [{"param": name, "reason": "is required"}]
        elif not good(params[name]):
            wrong.append({"param": name, "reason": reason})
    if wrong:
        raise RpcError(-32602, "Invalid params", {"errors": wrong})


def shown(account: Params) -> Params:
    return {
        **account,
        "available": account["balance"] + account["overdraft"],
        "entries": len(_entries[account["account"]]),
    }


def known(number: str, *, to_use: bool = False) -> Params:
    if number not in _accounts:
        raise RpcError(1002, "Unknown account", {"account": number})
    if to_use and _accounts[number]["status"] == "closed":
        raise RpcError(1003, "Account is closed", {"account": number, "closedAt": _accounts[number]["closedAt"]})
    return _accounts[number]


def book(account: Params, kind: str, amount: int, /, **more: object) -> None:
    account["balance"] += amount
    entries = _entries[account["account"]]
    entry = {"seq": len(entries) + 1, "journal": sum(map(len, _entries.values())) + 1, "kind": kind, "amount": amount}
    entries.append({**entry, "balance": account["balance"], **more, "bookedAt": now()})


def log_in(params: Params) -> Params:
    password, role = OPERATORS.get(params["username"], ("", ""))
    if not role or password != params["password"]:
        raise RpcError(-32001, "Access denied", {"reason": "bad_credentials"})
    _tokens[token := secrets.token_hex(20)] = (params["username"], role)
    return {"token": token, "user": {"username": params["username"], "role": role}, "expiresAt": now(3600)}


def open_account(params: Params) -> Params:
    number = str(secrets.randbelow(9 * 10**9) + 10**9)
    account = {"account": number, "holder": params["holder"], "currency": params["currency"], "status": "open"}
    account |= {"balance": 0, "overdraft": params.get("overdraft") or 0, "label": None}
    _accounts[number], _entries[number] = account | {"openedAt": now(), "closedAt": None}, []
    return shown(_accounts[number])


def listed(params: Params) -> Params:
    asked = {name: params[name] for name in ("currency", "status") if params.get(name)}
    found = [one for one in _accounts.values() if asked.items() <= one.items()]
    offset, limit = params.get("offset") or 0, params.get("limit") or 20
    page = [shown(one) for one in found[offset : offset + limit]]
    return {"accounts": page, "total": len(found), "offset": offset, "limit": limit}


def label(params: Params) -> Params:
    account = known(params["account"], to_use=True)
    account["label"] = params.get("label")
    return shown(account)


def close(params: Params) -> Params:
    account = known(params["account"], to_use=True)
    if account["balance"]:
        raise RpcError(1005, "Account is not empty", {"account": account["account"], "balance": account["balance"]})
    account |= {"status": "closed", "overdraft": 0, "closedAt": now()}
    return shown(account)


def deposit(params: Params) -> Params:
    account = known(params["account"], to_use=True)
    book(account, "deposit", params["amount"], transfer=None, counterparty=None, reference=params.get("reference"))
    return {"account": account["account"], "balance": account["balance"], "entry": _entries[account["account"]][-1]}


def pay(params: Params) -> Params:
    payer, payee = known(params["from"], to_use=True), known(params["to"], to_use=True)
    if payer is payee:
        raise RpcError(1008, "Payer and payee are the same account", {"account": payer["account"]})
    if payer["currency"] != payee["currency"]:
        raise RpcError(1004, "Currency mismatch", {"from": payer["currency"], "to": payee["currency"]})
    amount, reference = params["amount"], params.get("reference")
    fee = amount // 200 if amount >= 10_000 else 0
    left, needed = payer["balance"] + payer["overdraft"], amount + fee
    if needed > left:
        raise RpcError(1001, "Insufficient funds", {"available": left, "required": needed, "missing": needed - left})
    number = str(uuid.uuid4())
    transfer = {"id": number, "sequence": len(_transfers) + 1, "from": params["from"], "to": params["to"]}
    transfer |= {"amount": amount, "fee": fee, "currency": payer["currency"], "reference": reference}
    _transfers[number] = transfer | {"status": "booked", "createdAt": now()}
    book(payer, "debit", -amount, transfer=number, counterparty=params["to"], reference=reference)
    book(payee, "credit", amount, transfer=number, counterparty=params["from"], reference=reference)
    if fee:
        book(payer, "fee", -fee, transfer=number, counterparty=None, reference=f"Fee for transfer {number[:8]}")
    return {"transfer": _transfers[number], "balances": {one["account"]: one["balance"] for one in (payer, payee)}}


def the_transfer(params: Params) -> Params:
    if params["transfer"] not in _transfers:
        raise RpcError(1006, "Unknown transfer", {"transfer": params["transfer"]})
    return _transfers[params["transfer"]]


def statement(params: Params) -> Params:
    account, start, limit = known(params["account"]), params.get("from") or 1, params.get("limit") or 20
    entries = _entries[params["account"]]
    page = entries[start - 1 : start - 1 + limit]
    closing = page[-1]["balance"] if page else account["balance"]
    opening = page[0]["balance"] - page[0]["amount"] if page else closing
    answer = {"account": params["account"], "opening": opening, "closing": closing, "entries": page}
    return answer | {"total": len(entries), "next": start + limit if start - 1 + limit < len(entries) else None}


def totals(_: Params) -> Params:
    ones, journal = list(_accounts.values()), sum(map(len, _entries.values()))
    held = {name: sum(one["balance"] for one in ones if one["currency"] == name) for name in CURRENCIES}
    states = {state: sum(one["status"] == state for one in ones) for state in ("open", "closed")}
    return {"accounts": states, "transfers": len(_transfers), "journal": journal, "held": held}


METHODS: Final[dict[str, tuple[Callable[[Params], object], str, dict[str, str]]]] = {
    "auth.login": (log_in, "", {"username": "text", "password": "text"}),
    "account.open": (open_account, "teller", {"holder": "text", "currency": "money", "overdraft": "credit?"}),
    "account.get": (lambda params: shown(known(params["account"])), "any", {"account": "text"}),
    "account.list": (listed, "any", {"currency": "money?", "status": "state?", "offset": "start?", "limit": "limit?"}),
    "account.label": (label, "teller", {"account": "text", "label": "text?"}),
    "account.close": (close, "teller", {"account": "text"}),
    "deposit.create": (deposit, "teller", {"account": "text", "amount": "amount", "reference": "text?"}),
    "transfer.create": (pay, "teller", {"from": "text", "to": "text", "amount": "amount", "reference": "text?"}),
    "transfer.get": (the_transfer, "any", {"transfer": "text"}),
    "statement.get": (statement, "any", {"account": "text", "from": "start?", "limit": "limit?"}),
    "ledger.totals": (totals, "any", {}),
}


def run(method: str, params: object, token: str) -> object:
    if method not in METHODS:
        raise RpcError(-32601, "Method not found", {"method": method})
    if not isinstance(params, dict):
        raise RpcError(-32602, "Invalid params", {"errors": [{"param": None, "reason": "params must be an object"}]})
    does, role, wants = METHODS[method]
    user, has = _tokens.get(token := str(params.get("token", token)), ("", ""))
    if role and not user:
        raise RpcError(-32001, "Access denied", {"reason": "bad_token" if token else "no_token"})
    if role not in ("", "any", has):
        raise RpcError(-32003, "Forbidden", {"method": method, "user": user, "role": has, "needs": role})
    check({name: value for name, value in params.items() if name != "token"}, wants)
    return does(params)


def answer(call: object, token: str) -> Params | None:
    if not isinstance(call, dict) or call.get("jsonrpc") != "2.0" or not isinstance(call.get("method"), str):
        return {"jsonrpc": "2.0", "error": RpcError(-32600, "Invalid Request").shown, "id": None}
    try:
        told: Params = {"result": run(call["method"], call.get("params", {}), token)}
    except RpcError as error:
        told = {"error": error.shown}
    return {"jsonrpc": "2.0", **told, "id": call["id"]} if "id" in call else None


async def rpc(request: Request) -> Response:
    try:
        asked = json.loads(await request.body())
    except ValueError:
        return JSONResponse({"jsonrpc": "2.0", "error": RpcError(-32700, "Parse error").shown, "id": None})
    batch = isinstance(asked, list) and bool(asked)
    replies = [reply for call in (asked if batch else [asked]) if (reply := answer(call, bearer(request)))]
    return JSONResponse(replies if batch else replies[0]) if replies else Response(status_code=204)


app = Starlette(routes=[Route("/rpc", rpc, methods=["POST"])])
