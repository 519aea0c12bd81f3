"""The pseudonym key: 32 bytes from the environment or from a file that only its owner can read."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from typing import TYPE_CHECKING, Final

from sanitizers.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE: Final = "MIMIC_SANITIZE_KEY"
FILE_NAME: Final = "sanitize.key"
SIZE_BYTES: Final = 32


def load_or_create(home: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """Give the key of the environment, else of `home`/sanitize.key, which is made (mode 0600) where there is none.

    Raises ProfileError where a key is there but is not 32 bytes in hexadecimal or base64.
    """
    found = load(home, environment)
    return found if found is not None else _created(home / FILE_NAME)


def load(home: Path, environment: Mapping[str, str] | None = None) -> bytes | None:
    """Give the key of the environment, else of `home`/sanitize.key; None where there is none.

    Raises ProfileError where a key is there but is not 32 bytes in hexadecimal or base64.
    """
    given = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if given:
        return _parsed(given, VARIABLE)
    path = home / FILE_NAME
    try:
        return _parsed(path.read_text("ascii").strip(), str(path))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise _malformed(str(path)) from None


def key_id(key: bytes) -> str:
    """Give eight hex digits that name a key without helping to guess it."""
    return hmac.digest(key, b"mimic key id", "sha256").hex()[:8]


def _created(path: Path) -> bytes:
    key = secrets.token_bytes(SIZE_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # never replaces the key that another process made in the meantime
    except FileExistsError:
        return _parsed(path.read_text("ascii").strip(), str(path))
    finally:
        draft.unlink(missing_ok=True)
    return key


def _parsed(text: str, source: str) -> bytes:
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(text)
        except ValueError:
            continue
        if len(key) == SIZE_BYTES:
            return key
    raise _malformed(source)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _malformed(source: str) -> ProfileError:
    return ProfileError(f"{source} does not hold a key: {SIZE_BYTES} bytes in hexadecimal or base64 are expected.")
