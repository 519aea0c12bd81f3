"""Definitions edited where they stand in their files: order, comments, quotes and all that did not change stay."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cassettes.document import Path as Place
from cassettes.document import read_document
from cassettes.errors import DefinitionError
from cassettes.splice import rendered_item, rewritten, spliced
from gateway.documents.definitions import LISTS
from gateway.errors import ConfigError


def edit_file(file: Path, identity: str, document: Mapping[str, Any] | None) -> None:
    """Make a definition of a file be this document, or (None) take it away; the file is replaced in one step.

    A file that held nothing but this definition is removed with it. Raises ConfigError.
    """
    text = _read(file)
    if document is None and definition_place(text, str(file), identity) == ():
        file.unlink()
        return
    _replace(file, edited(text, str(file), identity, document))


def add_to_file(file: Path, document: Mapping[str, Any]) -> None:
    """Add a definition at the end of a file's list; a file that is not there is made. Raises ConfigError."""
    _replace(file, added(_read(file) if file.exists() else "", str(file), document))


def document_in(file: Path, identity: str) -> dict[str, Any]:
    """Give a definition as it is written in a file; raises ConfigError."""
    text = _read(file)
    value = _at(_value(text, str(file)), definition_place(text, str(file), identity))
    return dict(value)


def edited(text: str, name: str, identity: str, document: Mapping[str, Any] | None) -> str:
    """Give a file's text with one definition made this document, or taken away."""
    value = _value(text, name)
    place = definition_place(text, name, identity)
    if document is None:
        items = _at(value, place[:-1])
        wanted: Any = [item for index, item in enumerate(items) if index != place[-1]]
        place = place[:-1]
    else:
        wanted = _in_order_of(_at(value, place), dict(document))
    return _with(text, name, place, wanted)


def added(text: str, name: str, document: Mapping[str, Any]) -> str:
    """Give a file's text with one definition more."""
    value = _value(text, name)
    if value is None:
        if name.endswith(".json"):
            return _as_json([document])
        return text + ("" if text.endswith("\n") or not text else "\n") + rendered_item(dict(document))
    place = _list_place(value)
    items = _at(value, place)
    if not isinstance(items, list):
        raise ConfigError(f"{name}: it holds one definition and no list: name another file for {document.get('id')!r}")
    return _with(text, name, place, [*items, dict(document)])


def relisted(text: str, name: str, documents: Sequence[Mapping[str, Any]]) -> str:
    """Give a file's text with its list made these definitions: those that were there in their order, then new ones."""
    value = _value(text, name)
    place = _list_place(value)
    items = _at(value, place)
    if not isinstance(items, list):
        raise ConfigError(f"{name}: it holds one definition and no list: write it as a list")
    kept = [_in_order_of(old, dict(new)) for old, new in zip(items, documents, strict=False)]
    return _with(text, name, place, [*kept, *map(dict, documents[len(items) :])])


def replace_file(file: Path, text: str) -> None:
    """Write a file in one step: whoever reads it finds the old text or the new one. Raises ConfigError."""
    _replace(file, text)


def definition_place(text: str, name: str, identity: str) -> Place:
    """Give the path of a definition in a file's document, () where it is the whole; raises ConfigError."""
    value = _value(text, name)
    place = _list_place(value)
    items = _at(value, place)
    if isinstance(items, dict) and items.get("id") == identity:
        return place
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict) and item.get("id") == identity:
            return (*place, index)
    raise ConfigError(f"{name}: there is no definition with the id {identity!r}")


def _with(text: str, name: str, place: Place, wanted: Any) -> str:
    """Give the text with the value at a path replaced, changed as little as can be."""
    is_json = name.endswith(".json")
    whole = _replaced(_value(text, name), place, wanted)
    news = [spliced(text, place, wanted, is_json=is_json)]
    if not is_json:
        news.append(rewritten(text, place, wanted))
    for new in news:
        if new is not None and _same(_value_or_none(new, name), whole, place):
            return new
    if is_json:
        return _as_json(whole)
    raise ConfigError(f"{name}: this change cannot be made without writing the file anew: change it by hand")


def _as_json(value: Any) -> str:
    # orjson would refuse integers beyond 64 bits.
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _same(one: Any, other: Any, place: Place) -> bool:
    # Of an emptied list nothing is left in YAML.
    emptied = _at(other, place) == [] and _at(one, place) in (None, [])
    return emptied or json.dumps(one) == json.dumps(other)


def _value(text: str, name: str) -> Any:
    if not text.strip():
        return None
    try:
        return read_document(text, name).value
    except DefinitionError as error:
        raise ConfigError(str(error)) from None


def _value_or_none(text: str, name: str) -> Any:
    with contextlib.suppress(ConfigError):
        return _value(text, name)
    return None


def _list_place(value: Any) -> Place:
    if isinstance(value, dict) and "id" not in value:
        return next(((key,) for key in LISTS if key in value), ())
    return ()


def _at(value: Any, place: Place) -> Any:
    for part in place:
        if value is None:
            return None
        value = value[part]
    return value


def _replaced(value: Any, place: Place, wanted: Any) -> Any:
    if not place:
        return wanted
    copy = value.copy()
    copy[place[0]] = _replaced(value[place[0]], place[1:], wanted)
    return copy


def _in_order_of(old: Any, new: Any) -> Any:
    """Give the new value with the keys that were there in the order they had, and numbers as they were written."""
    if isinstance(old, dict) and isinstance(new, dict):
        kept = {key: _in_order_of(old[key], new[key]) for key in old if key in new}
        return kept | {key: value for key, value in new.items() if key not in old}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_in_order_of(was, now) for was, now in zip(old, new, strict=True)]
    numbers = type(old) in (int, float) and type(new) in (int, float)
    return old if numbers and old == new else new


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: it is not UTF-8 text") from None


def _replace(file: Path, text: str) -> None:
    target = file.resolve()
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        descriptor, beside = tempfile.mkstemp(prefix=".", suffix="~", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(text.encode())
                opened.flush()
                os.fsync(opened.fileno())
            Path(beside).chmod(mode)
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None


def merged(document: Any, patch: Any) -> Any:
    """Give a document with a merge patch (RFC 7396) applied: null takes a key away."""
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result
