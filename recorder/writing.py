"""Definitions and documents written as files that people read: block style, no aliases, long texts as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import yaml

from cassettes.document import Document

_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_LISTS: Final = ("routes", "mocks", "definitions")


class _Dumper(_DUMPER):  # type: ignore[misc]  # the C dumper where there is one
    """Writes everything out: the same value twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text and not text.startswith((" ", "\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _closed_text(dumper: Any, text: str) -> Any:
    style = '"' if text.endswith("\n\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style) if style else _text(dumper, text)


class _ClosedDumper(_Dumper):
    """Writes texts that end with empty lines in quotes, so that what follows them cannot become a part of them."""


_ClosedDumper.add_representer(str, _closed_text)
_END: Final = "...\n"


def yaml_text(value: Any) -> str:
    """Write a value as YAML that more can be written after; the same value gives the same text."""
    text = _dumped(value, _Dumper).removesuffix(_END)
    # The mark of the document's end comes with a block of text that keeps its empty lines, wherever that stands.
    return _dumped(value, _ClosedDumper) if text.endswith("\n\n") else text


def _dumped(value: Any, dumper: Any) -> str:
    text: str = yaml.dump(value, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


def json_text(value: Any) -> str:
    """Write a value as indented JSON."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def definitions_text(definitions: Sequence[dict[str, Any]], path: Path | None) -> str:
    """Write definitions as the file's name asks: JSON for `.json`, else YAML with an empty line between them."""
    if path is not None and path.suffix == ".json":
        return json_text(list(definitions))
    return "\n".join(yaml_text([one]) for one in definitions) or "[]\n"


def definitions_of(document: Document) -> list[Any] | None:
    """Give the definitions that stand in a file, or None where it has no place for any."""
    value = document.value
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if key in value), None)
    if value is None:
        return []
    return value if isinstance(value, list) else None


def merged_text(text: str, document: Document, merged: Sequence[dict[str, Any]]) -> str:
    """Write merged definitions into the text they came from: what did not change stays as it was, comments and all.

    `merged` begins with the file's definitions in their order; what comes after them is appended.
    """
    at = next(((key,) for key in _LISTS if isinstance(document.value, dict) and key in document.value), ())
    existing = definitions_of(document) or []
    lines = text.splitlines(keepends=True)
    starts = [document.line((*at, index)) - 1 for index in range(len(existing))]
    if not existing or len(set(starts)) < len(starts) or not all(_begins_an_item(lines[start]) for start in starts):
        return _rewritten(document, at, merged)
    end = _end(lines, starts[-1])
    pieces = ["".join(lines[: starts[0]])]
    indent = len(lines[starts[0]]) - len(lines[starts[0]].lstrip())
    for index, one in enumerate(existing):
        until = starts[index + 1] if index + 1 < len(existing) else end
        kept = "".join(lines[starts[index] : until])
        pieces.append(kept if merged[index] == one else _item(merged[index], indent) + _tail(kept))
    if pieces[-1] and not pieces[-1].endswith("\n"):
        pieces.append("\n")
    pieces += ["\n" + _item(one, indent) for one in merged[len(existing) :]]
    return "".join(pieces) + "".join(lines[end:])


def _begins_an_item(line: str) -> bool:
    return line.lstrip().startswith("- ")


def _end(lines: list[str], start: int) -> int:
    """Give the line after the last item: the first that is indented less and is neither empty nor a comment."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if line.strip() and not line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent:
            return number
    return len(lines)


def _item(definition: dict[str, Any], indent: int) -> str:
    text = yaml_text([definition])
    return text if not indent else "".join(" " * indent + line for line in text.splitlines(keepends=True))


def _tail(kept: str) -> str:
    """Give the empty lines and comments after an item, which belong to what follows."""
    lines = kept.splitlines(keepends=True)
    count = 0
    while count < len(lines) and (not lines[-1 - count].strip() or lines[-1 - count].lstrip().startswith("#")):
        count += 1
    return "".join(lines[len(lines) - count :])


def _rewritten(document: Document, at: tuple[str, ...], merged: Sequence[dict[str, Any]]) -> str:
    if isinstance(document.value, dict):
        return yaml_text({**document.value, (at[0] if at else "routes"): list(merged)})
    return definitions_text(merged, None)
