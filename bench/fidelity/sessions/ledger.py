"""Sessions of the ledger: logged in by cookie, accounts opened, filled, moved between, looked through, closed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


class Caller:
    """One who calls: the client with its cookies, and the number of the next call."""

    def __init__(self, client: Client, random: Random) -> None:
        self.client = client
        self.user = values.login(random)
        self.pin = str(random.randint(1000, 9999))
        self.calls = random.randint(1, 500)

    def call(self, label: str, method: str, /, *, reads: bool = False, **params: object) -> Answered:
        self.calls += 1
        asked = {"jsonrpc": "2.0", "id": self.calls, "method": method, "params": params}
        return self.client.ask(label, "POST", "/rpc", json=asked, reads=reads)


def play(client: Client, random: Random) -> None:
    caller = Caller(client, random)
    caller.call("log in", "auth.login", user=caller.user, pin=caller.pin)
    kinds: list[Callable[[Caller, Random], None]] = [saving, saving, moving, moving, closing, strangers, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(3, 5)]:
        kind(caller, random)
    caller.call("accounts", "account.list", reads=True)
    caller.call("log out", "auth.logout")
    caller.call("accounts when logged out", "account.list", reads=True)


def opened(caller: Caller, random: Random) -> str:
    made = caller.call("open", "account.open", label=values.title(random))
    return made.take("result", "number")


def deposit(caller: Caller, random: Random, account: str) -> int:
    amount = random.randint(100, 5000)
    memo: dict[str, Any] = {"memo": values.sentence(random)} if random.random() < 0.5 else {}
    caller.call("deposit", "ledger.deposit", account=account, amount=amount, **memo)
    return amount


def saving(caller: Caller, random: Random) -> None:
    account = opened(caller, random)
    for _ in range(random.randint(1, 3)):
        deposit(caller, random, account)
    caller.call("account", "account.get", reads=True, account=account)
    caller.call("history", "ledger.history", reads=True, account=account)
    if random.random() < 0.4:
        caller.call("short history", "ledger.history", reads=True, account=account, limit=1)


def moving(caller: Caller, random: Random) -> None:
    source, target = opened(caller, random), opened(caller, random)
    amount = deposit(caller, random, source)
    part = random.randint(1, amount)
    caller.call("transfer", "ledger.transfer", reads=True, **{"from": source, "to": target, "amount": part})
    caller.call("giver", "account.get", reads=True, account=source)
    caller.call("taker", "account.get", reads=True, account=target)
    if random.random() < 0.6:
        much = amount + random.randint(1, 999)
        caller.call(
            "transfer too much", "ledger.transfer", reads=True, **{"from": source, "to": target, "amount": much}
        )
    if random.random() < 0.4:
        caller.call("history of the taker", "ledger.history", reads=True, account=target)


def closing(caller: Caller, random: Random) -> None:
    account = opened(caller, random)
    if random.random() < 0.5:
        deposit(caller, random, account)
        caller.call("close a full account", "account.close", reads=True, account=account)
        return
    caller.call("close", "account.close", reads=True, account=account)
    caller.call("deposit when closed", "ledger.deposit", reads=True, account=account, amount=random.randint(1, 99))
    caller.call("open accounts", "account.list", reads=True, open=True)


def strangers(caller: Caller, random: Random) -> None:
    account = opened(caller, random)
    other = Caller(caller.client.user(), random)
    other.call("accounts of a stranger", "account.list")
    other.call("log in elsewhere", "auth.login", user=other.user, pin=other.pin)
    other.call("another's account", "account.get", reads=True, account=account)
    other.call("accounts of the other", "account.list", reads=True)
    if random.random() < 0.5:
        third = Caller(caller.client.user(), random)
        third.call("wrong pin", "auth.login", reads=True, user=caller.user, pin=f"{int(caller.pin) + 1}")


def mistakes(caller: Caller, random: Random) -> None:
    nowhere = f"AC{random.randint(90_000, 99_999)}"
    account = opened(caller, random)
    ways: list[Callable[[], object]] = [
        lambda: caller.call("unknown method", f"ledger.{values.word(random)}"),
        lambda: caller.call("no params", "ledger.deposit"),
        lambda: caller.call("half the params", "ledger.transfer", to=account),
        lambda: caller.call("no such account", "account.get", account=nowhere),
        lambda: caller.call("bad amount", "ledger.deposit", account=account, amount=-random.randint(1, 99)),
        lambda: caller.client.ask("old protocol", "POST", "/rpc", json={"method": "account.list", "id": 1}),
        lambda: caller.client.ask(
            "malformed", "POST", "/rpc", content=b'{"jsonrpc"', headers={"Content-Type": "application/json"}
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
