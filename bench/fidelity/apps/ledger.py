"""A ledger by JSON-RPC: one address, methods by name, who is logged in told by a cookie."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import now

_sessions: dict[str, str] = {}
_owners: dict[str, str] = {}
_accounts: dict[str, dict[str, Any]] = {}
_entries: list[dict[str, Any]] = []


class RpcError(Exception):
    """An error with its code, message and further facts."""

    def __init__(self, code: int, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code, self.message, self.facts = code, message, facts


def wanted(params: dict[str, Any], *names: str) -> list[Any]:
    lacking = [name for name in names if name not in params]
    if lacking:
        raise RpcError(-32602, "Invalid params", missing=lacking)
    return [params[name] for name in names]


def owned(user: str, number: str) -> dict[str, Any]:
    found = _accounts.get(number)
    if found is None or found["owner"] != user:
        raise RpcError(1404, "Unknown account", account=number)
    return found


def open_account(user: str, params: dict[str, Any]) -> dict[str, Any]:
    (label,) = wanted(params, "label")
    number = f"AC{10_000 + 37 * len(_accounts)}"
    _accounts[number] = {
        "number": number,
        "owner": user,
        "label": label,
        "balance": 0,
        "opened": now(),
        "closed": False,
    }
    return _accounts[number]


def book(account: dict[str, Any], amount: int, memo: str | None) -> dict[str, Any]:
    account["balance"] += amount
    entry = {"ref": secrets.token_hex(8), "account": account["number"], "amount": amount, "memo": memo}
    _entries.append({**entry, "balance": account["balance"], "at": now()})
    return _entries[-1]


def deposit(user: str, params: dict[str, Any]) -> dict[str, Any]:
    number, amount = wanted(params, "account", "amount")
    account = owned(user, number)
    if not isinstance(amount, int) or amount <= 0:
        raise RpcError(1422, "Amount must be a positive integer", amount=amount)
    if account["closed"]:
        raise RpcError(1409, "Account is closed", account=number)
    return book(account, amount, params.get("memo"))


def transfer(user: str, params: dict[str, Any]) -> dict[str, Any]:
    source, target, amount = wanted(params, "from", "to", "amount")
    giver, taker = owned(user, source), _accounts.get(target)
    if taker is None:
        raise RpcError(1404, "Unknown account", account=target)
    if giver["balance"] < amount:
        raise RpcError(1402, "Insufficient funds", balance=giver["balance"], needed=amount)
    memo = params.get("memo")
    given, taken = book(giver, -amount, memo), book(taker, amount, memo)
    return {"debit": given, "credit": taken["ref"], "balance": giver["balance"]}


def history(user: str, params: dict[str, Any]) -> dict[str, Any]:
    (number,) = wanted(params, "account")
    owned(user, number)
    found = [entry for entry in _entries if entry["account"] == number][::-1]
    limit = params.get("limit", 5)
    return {"entries": found[:limit], "count": len(found), "more": len(found) > limit}


def accounts(user: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in _accounts.values() if one["owner"] == user and not (params.get("open") and one["closed"])]


def close(user: str, params: dict[str, Any]) -> dict[str, Any]:
    (number,) = wanted(params, "account")
    account = owned(user, number)
    if account["balance"]:
        raise RpcError(1409, "Account is not empty", balance=account["balance"])
    account["closed"] = True
    return account


METHODS: dict[str, Callable[[str, dict[str, Any]], Any]] = {
    "account.open": open_account,
    "account.list": accounts,
    "account.get": lambda user, params: owned(user, *wanted(params, "account")),
    "account.close": close,
    "ledger.deposit": deposit,
    "ledger.transfer": transfer,
    "ledger.history": history,
}


def log_in(params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    name, pin = wanted(params, "user", "pin")
    if _owners.setdefault(name, pin) != pin:
        raise RpcError(1401, "Wrong PIN")
    token = secrets.token_urlsafe(18)
    _sessions[token] = name
    return {"user": name, "since": now()}, token


def called(request: Request, asked: dict[str, Any]) -> tuple[Any, str | None]:
    method, params = asked.get("method"), asked.get("params", {})
    if method == "auth.login":
        return log_in(params)
    token = request.cookies.get("ledger_sid", "")
    user = _sessions.get(token)
    if method == "auth.logout" and user:
        del _sessions[token]
        return True, ""
    if method not in METHODS and method != "auth.logout":
        raise RpcError(-32601, "Method not found", method=method)
    if user is None:
        raise RpcError(1401, "Not logged in")
    return METHODS[str(method)](user, params), None


def checked(asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict) or asked.get("jsonrpc") != "2.0":
        raise RpcError(-32600, "Invalid Request")
    return asked


async def rpc(request: Request) -> Response:
    number, token = None, None
    try:
        asked = checked(json.loads(await request.body()))
        number = asked.get("id")
        result, token = called(request, asked)
        answer = JSONResponse({"jsonrpc": "2.0", "id": number, "result": result})
    except ValueError:
        answer = JSONResponse({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}})
    except RpcError as error:
        told: dict[str, Any] = {"code": error.code, "message": error.message}
        told |= {"data": error.facts} if error.facts else {}
        answer = JSONResponse({"jsonrpc": "2.0", "id": number, "error": told})
    if token:
        answer.set_cookie("ledger_sid", token, httponly=True, samesite="strict")
    elif token == "":
        answer.delete_cookie("ledger_sid")
    return answer


app = Starlette(routes=[Route("/rpc", rpc, methods=["POST"])])
