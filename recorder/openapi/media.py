"""Media types: what a name says about the text behind it."""

from __future__ import annotations


def essence(name: str) -> str:
    """Give a media type without parameters, in small letters."""
    return name.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Say whether it is JSON, or a wildcard that JSON satisfies."""
    kind = essence(name)
    return kind in ("application/json", "text/json", "*/*", "application/*") or kind.endswith("+json")


def is_xml(name: str) -> bool:
    """Say whether it is XML."""
    kind = essence(name)
    return kind in ("application/xml", "text/xml") or kind.endswith("+xml")


def is_text(name: str) -> bool:
    """Say whether it is a text that people read."""
    kind = essence(name)
    return kind.startswith("text/") or kind in (
        "application/x-ndjson", "application/jsonl", "application/yaml", "application/x-yaml", "application/javascript",
        "application/json-seq", "application/x-www-form-urlencoded", "application/graphql", "application/csv",
    )  # fmt: skip


def covers(pattern: str, name: str) -> bool:
    """Say whether a documented type, which may be a wildcard, covers a concrete one; parameters are passed over."""
    wanted, given = essence(pattern), essence(name)
    if wanted in ("*/*", given):
        return True
    return wanted.endswith("/*") and given.startswith(wanted[:-1])
