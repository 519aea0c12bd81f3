"""The shop's customers: who they are, and the tokens that prove it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Final

TOKEN_LIFE_S: Final = 3600


@dataclass(slots=True)
class Account:
    """A customer, with what is in the cart: quantity by product id."""

    id: str
    email: str
    password: str
    name: str
    phone: str
    cart: dict[str, int] = field(default_factory=dict)


class Accounts:
    """All customers, and the secrets that were given to them since the shop opened."""

    def __init__(self) -> None:
        self._signing_key = secrets.token_bytes(32)
        self._sessions: dict[str, str] = {}
        self._refresh: dict[str, str] = {}
        people = (
            Account("u-1", "ada.marlow@harbour.test", "correct horse battery", "Ada Marlow", "+44 20 7946 0958"),
            Account("u-2", "ben.okafor@harbour.test", "staple-gun 42", "Ben Okafor", "+44 20 7946 0123"),
        )
        self._by_id = {account.id: account for account in people}

    def find(self, email: str, password: str) -> Account | None:
        """Give the account of that e-mail address if the password is right."""
        for account in self._by_id.values():
            if account.email == email and hmac.compare_digest(account.password.encode(), password.encode()):
                return account
        return None

    def issue(self, account: Account) -> dict[str, object]:
        """Give new tokens, as the body of an answer; a refresh token is good for one use."""
        refresh_token = "rt_" + secrets.token_urlsafe(24)
        self._refresh[refresh_token] = account.id
        return {
            "access_token": self._sign(account),
            "refresh_token": refresh_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_S,
        }

    def open_session(self, account: Account) -> str:
        """Give the value of a new session cookie."""
        session = secrets.token_hex(16)
        self._sessions[session] = account.id
        return session

    def redeem(self, refresh_token: str) -> Account | None:
        return self._by_id.get(self._refresh.pop(refresh_token, ""))

    def of_session(self, session: str) -> Account | None:
        return self._by_id.get(self._sessions.get(session, ""))

    def of_token(self, token: str) -> Account | None:
        """Give the account that a bearer token names, if it was signed here and is not too old."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(signed), signature):
            return None
        claims = json.loads(_unpad(signed.partition(".")[2]))
        return self._by_id.get(claims["sub"]) if claims["exp"] > time.time() else None

    def _sign(self, account: Account) -> str:
        now_s = int(time.time())
        claims = {
            "sub": account.id,
            "email": account.email,
            "iat": now_s,
            "exp": now_s + TOKEN_LIFE_S,
            "jti": secrets.token_hex(8),
        }
        head = {"alg": "HS256", "typ": "JWT"}
        signed = ".".join(_pad_free(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        return f"{signed}.{self._signature(signed)}"

    def _signature(self, signed: str) -> str:
        return _pad_free(hmac.digest(self._signing_key, signed.encode(), hashlib.sha256))


def _pad_free(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpad(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
