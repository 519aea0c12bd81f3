"""Planted secrets: 25 kinds of values, each made of parts so that no scanner takes this file for a leak."""

from __future__ import annotations

import base64
import json


def _token(*parts: str) -> str:
    return "".join(parts)


def _b64(value: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JWT = ".".join(
    [_b64({"alg": "HS256", "typ": "JWT"}), _b64({"sub": "u-1", "exp": 1999999999}), "sVd3kQ0x7Jp2mN5bR8tYw1zC4aE6gH9i"]
)
PEM = "\n".join(
    [
        "-----BEGIN " + "PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
        "AgEAAoIBAQC7VJTUt9Us8cKj",
        "-----END " + "PRIVATE KEY-----",
    ]
)

# kind → (value, the part that must not survive, a telling field name or "" where the form alone must do)
PLANTED: dict[str, tuple[str, str, str]] = {
    "jwt": (JWT, JWT.rpartition(".")[2], ""),
    "bearer": ("Bearer q8Zr2LmX0vTn5KsW7yPb3HdF", "q8Zr2LmX0vTn5KsW7yPb3HdF", ""),
    "aws key id": (_token("AK", "IA", "Q3EXAMPLE7ZN2XK5"), "Q3EXAMPLE7ZN2XK5", ""),
    "aws secret": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "zQ81kLmNpT", "K7MDENG", "aws_secret_access_key"),
    "github": (_token("gh", "p_", "R2d2C3poBb8Lu4ke5Le1aHan9SoloChewie77"), "R2d2C3poBb8Lu4ke", ""),
    "gitlab": (_token("gl", "pat-", "x7Kq2mW9vT4nR8sL1pZc"), "x7Kq2mW9vT4nR8sL1pZc", ""),
    "slack": (_token("xo", "xb-", "2481632641-9Qm4Rt7Yp2Lk"), "9Qm4Rt7Yp2Lk", ""),
    "stripe": (_token("sk", "_live_", "4eC39HqLyjWDarjtT1zdp7dc"), "4eC39HqLyjWDarjtT1zdp7dc", ""),
    "google": (_token("AI", "za", "SyD3k9Lq2Wm7Xv5Tn8Rb1Zc4Yp6Hd0Jf2Gs"), "SyD3k9Lq2Wm7Xv5Tn8", ""),
    "openai": (_token("sk", "-proj-", "a1B2c3D4e5F6g7H8i9J0k1L2m3"), "a1B2c3D4e5F6g7H8i9J0", ""),
    "npm": (_token("np", "m_", "Zx9Cv8Bn7Mm6Aa5Ss4Dd3Ff2Gg1Hh0Jj9Kk8"), "Zx9Cv8Bn7Mm6Aa5Ss4Dd", ""),
    "private key": (PEM, "AgEAAoIBAQC7VJTUt9Us8cKj", ""),
    "password": ("hunter2!Zq", "hunter2!Zq", "password"),
    "api key": ("f7c3bc1d808e04732adf679965ccc34c", "f7c3bc1d808e04732adf679965ccc34c", "api_key"),
    "session": ("s3ss10n-9f8e7d6c5b4a", "s3ss10n-9f8e7d6c5b4a", "session_id"),
    "refresh token": ("rt.8Xk2.Lq9Wm4Zt7", "rt.8Xk2.Lq9Wm4Zt7", "refreshToken"),
    "otp": ("739104", "739104", "otp"),
    "card": ("4556737586899855", "4556737586899855", ""),
    "iban": ("DE89370400440532013000", "89370400440532013000", ""),
    "email": ("dana.whitfield@corp.internal", "dana.whitfield@corp", ""),
    "phone": ("+4915123456789", "4915123456789", ""),
    "ssn": ("512-48-7736", "512-48-7736", ""),
    "full name": ("Marguerite Oakenfold", "Oakenfold", "fullName"),
    "connection": ("postgres://svc:pg-Secret-77@db.int:5432/app", "pg-Secret-77", ""),
    "birth date": ("1987-03-14", "1987-03-14", "dateOfBirth"),
}
