"""An oracle that finds a planted value in bytes through any encodings; it shares no code with the product."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import urllib.parse
import zlib
from itertools import pairwise


def occurrences(data: bytes, secret: str, depth: int = 4) -> list[str]:
    """Give how the secret can be read out of `data`: the chains of decodings that lead to it."""
    found: list[str] = []
    seen: set[bytes] = set()
    todo: list[tuple[bytes, str, int]] = [(data, "", depth)]
    while todo:
        blob, chain, left = todo.pop()
        if blob in seen:
            continue
        seen.add(blob)
        if secret.encode() in blob or secret.lower().encode() in blob.lower():
            found.append(chain or "plain")
        if left:
            todo += [(new, f"{chain}/{name}", left - 1) for name, new in _decodings(blob)]
    return found


def _decodings(blob: bytes) -> list[tuple[str, bytes]]:
    out: list[tuple[str, bytes]] = []
    if b"%" in blob:
        out.append(("percent", urllib.parse.unquote_to_bytes(blob)))
    if b"+" in blob:
        out.append(("plus", blob.replace(b"+", b" ")))
    if b"&" in blob:
        out.append(("html", html.unescape(blob.decode("latin-1")).encode("utf-8", "ignore")))
    if b"\\" in blob:
        text = blob.decode("latin-1")
        out.append(
            (
                "escape",
                re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text).encode("utf-8", "surrogatepass"),
            )
        )
        out.append(("unslash", re.sub(r"\\([\"/\\])", r"\1", text).encode("latin-1")))
        out.append(("newline", text.replace("\\r", "\r").replace("\\n", "\n").encode("latin-1")))
    if blob[:2] == b"\x1f\x8b":
        try:
            out.append(("gzip", gzip.decompress(blob)))
        except (OSError, EOFError, zlib.error):
            pass
    for run in re.findall(rb"[A-Za-z0-9+/_-]{8,}", blob):
        plain = run.replace(b"-", b"+").replace(b"_", b"/")
        for shift in range(4):
            part = plain[shift:]
            part = part[: len(part) // 4 * 4]
            if part:
                out.append(("base64", base64.b64decode(part)))
        tail = plain + b"=" * (-len(plain) % 4)
        try:
            out.append(("base64", base64.b64decode(tail)))
        except ValueError:
            pass
    for run in re.findall(rb"(?:[0-9a-fA-F]{2}){6,}", blob):
        out.append(("hex", bytes.fromhex(run.decode())))
        if len(run) > 13:
            out.append(("hex", bytes.fromhex(run[1:-1].decode())))
    if b"\0" in blob:
        out.append(("wide", blob.replace(b"\0", b"")))
    if b"data:" in blob:
        lines = re.findall(rb"^data: ?(.*)$", blob, re.MULTILINE)
        out.append(("events", b"".join(lines)))
    return out


def leaves(text: bytes) -> list[object]:
    """Give all leaves and member names of a JSON text, in order."""
    found: list[object] = []

    def visit(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                found.append(key)
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)
        else:
            found.append(node)

    visit(json.loads(text))
    return found


def boundaries(sizes: list[int]) -> list[tuple[int, int]]:
    """Give the spans that pieces of these sizes cover."""
    ends = [0]
    for size in sizes:
        ends.append(ends[-1] + size)
    return list(pairwise(ends))
