"""Secrets to plant: 25 kinds, each told by its own form or by the name it stands under, each value used in one place only."""

from __future__ import annotations

import base64
import hashlib
import json
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOWER: Final = string.ascii_lowercase + string.digits
MIXED: Final = string.ascii_letters + string.digits


def _stream(seed: str) -> Iterator[int]:
    counter = 0
    while True:
        yield from hashlib.sha256(f"{seed}/{counter}".encode()).digest()
        counter += 1


def _letters(seed: str, count: int, alphabet: str) -> str:
    source = _stream(seed)
    return "".join(alphabet[next(source) % len(alphabet)] for _ in range(count))


def _jwt(seed: str) -> str:
    claims = {
        "sub": _letters(seed, 12, LOWER),
        "mail": f"{_letters(seed + 'm', 9, LOWER)}@example.org",
        "exp": 1893456000,
    }
    parts = [b'{"alg":"HS256","typ":"JWT"}', json.dumps(claims).encode(), _letters(seed + "s", 32, MIXED).encode()]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _card(seed: str) -> str:
    digits = "4" + _letters(seed, 14, string.digits)
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(digits))
    number = digits + str(-total % 10)
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(seed: str) -> str:
    account = _letters(seed, 18, string.digits)
    check = 98 - int(account + "131400") % 97  # ISO 13616: DE is 13 14, check digits from modulo 97
    return f"DE{check:02d}{account}"


def _private_key(seed: str) -> str:
    text = base64.b64encode(bytes(b for b, _ in zip(_stream(seed), range(180), strict=False))).decode()
    return f"-----BEGIN PRIVATE KEY-----\\n{text}\\n-----END PRIVATE KEY-----"  # newline as two letters, as in settings


def _prefixed(prefix: str, count: int, alphabet: str = MIXED) -> Callable[[str], str]:
    return lambda seed: prefix + _letters(seed, count, alphabet)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of secret: its name, the field it stands under, how a value is made, and whether its form alone gives it away."""

    name: str
    field: str
    make: Callable[[str], str]
    by_form: bool = True


KINDS: Final = (
    Kind("jwt", "note", _jwt),
    Kind("aws key id", "note", _prefixed("AKIA", 16, string.ascii_uppercase + "234567")),
    Kind("github token", "note", _prefixed("ghp_", 36)),
    Kind(
        "github fine-grained", "note", lambda s: f"github_pat_{_letters(s, 22, MIXED)}_{_letters(s + 'b', 59, MIXED)}"
    ),
    Kind("gitlab token", "note", _prefixed("glpat-", 20)),
    Kind("stripe key", "note", _prefixed("sk_" + "live_", 24)),
    Kind("slack token", "note", lambda s: f"xoxb-{_letters(s, 12, string.digits)}-{_letters(s + 'b', 24, MIXED)}"),
    Kind("google key", "note", _prefixed("AIza", 35)),
    Kind("sendgrid key", "note", lambda s: f"SG.{_letters(s, 22, MIXED)}.{_letters(s + 'b', 43, MIXED)}"),
    Kind("npm token", "note", _prefixed("npm_", 36)),
    Kind("private key", "note", _private_key),
    Kind("card", "note", _card),
    Kind("iban", "note", _iban),
    Kind(
        "email", "note", lambda s: f"{_letters(s, 8, string.ascii_lowercase)}.{_letters(s + 'b', 6, LOWER)}@example.org"
    ),
    Kind("phone", "note", lambda s: "+49301" + _letters(s, 7, "23456789")),
    Kind("openai key", "note", _prefixed("sk-" + "proj-", 48)),
    Kind("password", "password", _prefixed("Pw!", 13), by_form=False),
    Kind("session id", "session_id", _prefixed("", 26, LOWER), by_form=False),
    Kind("access token", "access_token", _prefixed("", 40), by_form=False),
    Kind("refresh token", "refresh_token", _prefixed("1//", 40), by_form=False),
    Kind("api key", "api_key", _prefixed("", 32, LOWER), by_form=False),
    Kind("client secret", "client_secret", _prefixed("", 34, MIXED + "~_"), by_form=False),
    Kind("aws secret key", "aws_secret_access_key", _prefixed("", 40, MIXED + "/+"), by_form=False),
    Kind("csrf token", "csrf_token", _prefixed("", 43, MIXED + "-_"), by_form=False),
    Kind(
        "ssn",
        "ssn",
        lambda s: (
            f"{_letters(s, 1, '12345')}{_letters(s + 'a', 2, '123456789')}-{_letters(s + 'b', 2, '123456789')}-{_letters(s + 'c', 4, '123456789')}"
        ),
        by_form=False,
    ),
)

SENT: Final = ("header", "cookie", "path", "query", "json", "form", "multipart", "base64", "double-url", "gzip")
ISSUED: Final = ("sse", "answer")
BODIES: Final = frozenset({"json", "form", "multipart", "base64", "gzip", "sse"})


def planted(kind: Kind, place: str) -> str:
    """Give the value of a kind in a place; where only a name gives it away, a path repeats the value of the JSON place."""
    if place == "path" and not kind.by_form:
        place = "json"
    made = kind.make(f"{kind.name}/{place}")
    return made.replace("\\n", "\n") if place in BODIES else made  # lines in a body, one line elsewhere


def every_value() -> dict[tuple[str, str], str]:
    """Give all planted values by kind and place."""
    return {(kind.name, place): planted(kind, place) for kind in KINDS for place in (*SENT, *ISSUED)}
