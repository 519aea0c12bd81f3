"""Conditions, lists and saves of definitions in words, for people who do not read templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

_ONE: Final = re.compile(
    r"""(?P<root>request|vars)(?P<steps>(?:\.\w+|\['[^']*'\]|\[\d+\])*)""",
)
_STEP: Final = re.compile(r"\.(\w+)|\['([^']*)'\]|\[(\d+)\]")
_VALUE: Final = r"""'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|none"""
_SUBJECT: Final = r"""\(?(?:request|vars)(?:\.\w+|\['[^']*'\]|\[\d+\])*(?: \| (?:string|length)\))?"""
_CONDITION: Final = re.compile(
    rf"(?P<left>{_SUBJECT}) (?P<sign>==|!=|<=|>=|<|>|in|not in) (?P<right>{_SUBJECT}|{_VALUE}|\[(?:{_VALUE}|, )*\])"
)
_TEST: Final = re.compile(rf"(?P<left>{_SUBJECT}) is (?P<no>not )?(?P<test>none|defined)")
_SIGNS: Final = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "in": "is one of",
    "not in": "is none of",
}
_LENGTHS: Final = {"<": "is shorter than", ">": "is longer than", "==": "has the length", "!=": "has not the length"}
_PLACES: Final = {
    "json": "the body’s {}",
    "form": "the form’s {}",
    "query": "the parameter {}",
    "headers": "the header {}",
    "cookies": "the cookie {}",
    "path_params": "the path’s {}",
    "auth": "the credentials’ {}",
}
_SENT: Final = {"asked": "the body", "asked_header": "the message’s header"}
"""What XML that is sent is called in definitions."""
_WHOLE: Final = {
    "json": "a JSON body",
    "query_string": "a query",
    "headers.authorization": "the header Authorization",
    "path": "the path",
    "method": "the method",
    "url": "the URL",
}


def condition_words(when: str | list[str] | None) -> str:
    """Say when a case answers; what is not understood stays as it is written."""
    if when is None:
        return "otherwise"
    parts = [when] if isinstance(when, str) else when
    return " and ".join(_one(part) for part in parts)


def _one(text: str) -> str:
    text = text.strip()
    if text.startswith("not (") and text.endswith(")") and _closes_last(text[4:]):
        return f"not: {_one(text[5:-1])}"
    several = _conjuncts(text)
    if len(several) > 1:
        return " and ".join(map(_one, several))
    if text.startswith("(") and text.endswith(")") and _closes_last(text):
        return _one(text[1:-1])
    return _tested(text) or _held(text) or text


def _held(text: str) -> str:
    """Say a condition that compares, or that is a value by itself."""
    found = _CONDITION.fullmatch(text)
    if found is not None:
        signs = _SIGNS | _LENGTHS if " | length" in found["left"] else _SIGNS
        return f"{_named(found['left'])} {signs[found['sign']]} {_right(found['right'])}"
    negative = re.fullmatch(rf"not ({_SUBJECT})", text)
    if negative is not None:
        return f"{_named(negative[1])} is not sent" if "request." in text else f"{_named(negative[1])} is empty"
    return f"{_named(text)} is there" if re.fullmatch(_SUBJECT, text) else ""


def _tested(text: str) -> str:
    found = _TEST.fullmatch(text)
    if found is None:
        return ""
    subject, is_not = found["left"], found["no"] is not None
    name = _named(subject)
    if found["test"] == "defined":
        there = "is sent" if "request." in subject else "is there"
        return f"{name} {'is missing' if is_not else there}"
    if re.fullmatch(r"vars\.\w+", subject):
        known = name.removeprefix("the ")
        if known.startswith("other "):
            return f"there is {'an' if is_not else 'no '}{known}"
        return f"there is {'such' if is_not else 'no such'} {_article(known) if is_not else ''}{known}"
    return f"{name} {'is not null' if is_not else 'is null'}"


def _article(noun: str) -> str:
    return "an " if noun[:1] in "aeiou" else "a "


def _right(text: str) -> str:
    return _named(text) if re.fullmatch(_SUBJECT, text) else text.removeprefix("[").removesuffix("]")


def _named(text: str) -> str:
    """Name a value of the request or a thing that was looked up."""
    text = text.strip("()").partition(" | ")[0]
    found = _ONE.fullmatch(text)
    if found is None:
        return text
    steps = [one or two or three for one, two, three in _STEP.findall(found["steps"])]
    if not steps:
        return text
    if found["root"] == "vars":
        return _thing(steps)
    return _WHOLE.get(".".join(steps)) or _of_request(steps)


def _of_request(steps: list[str]) -> str:
    if len(steps) > 1 and steps[0] in _PLACES:
        name = (
            "-".join(part.capitalize() for part in steps[1].split("-"))
            if steps[0] == "headers"
            else ".".join(steps[1:])
        )
        return _PLACES[steps[0]].format(name)
    return "the request’s " + ".".join(steps)


def _thing(steps: list[str]) -> str:
    name, rest = steps[0].replace("_", " "), ".".join(steps[1:])
    if steps[0] in _SENT:
        return f"{_SENT[steps[0]]}’s {rest}" if rest else _SENT[steps[0]]
    known = f"other item of the same {name[5:]}" if name.startswith("same ") else name
    return f"the {known}’s {rest}" if rest else f"the {known}"


def _conjuncts(text: str) -> list[str]:
    """Take a text apart at each `and` that stands outside of brackets and quotes."""
    parts, depth, start, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == "'" and text[place - 1 : place] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (letter in "([{") - (letter in ")]}")
            if depth == 0 and text.startswith(" and ", place):
                parts.append(text[start:place])
                start = place + 5
    return [*parts, text[start:]]


def _closes_last(text: str) -> bool:
    """Tell whether the bracket that a text begins with is closed by its last character."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def list_words(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what the query parameters of a list mean, as pairs of name and meaning."""
    found: list[tuple[str, str]] = []
    if spec.get("params"):
        found.append(("(in the body)", "what is asked of the list stands there"))
    for part in ("where", "search", "sort", "page"):
        if spec.get(part):
            found += _LISTED[part](spec[part])
    if spec.get("fields_param"):
        found.append((str(spec["fields_param"]), "which fields of each item are given"))
    if spec.get("free"):
        found.append(("any field’s name", "only items whose field is that value"))
    return found


_GIVES: Final = {
    "one": "one of {}",
    "list": "a list of {}",
    "made": "makes one of {}",
    "changed": "changes one of {}",
    "removed": "removes one of {}",
}


def graph_words(field: Mapping[str, Any]) -> str:
    """Say what a field of a GraphQL service gives, or does."""
    told = _GIVES[field["gives"]].format(field["in"])
    named = f", whose {field.get('by', 'id')} is this one’s {field['of']}" if field.get("of") else ""
    return f"{told}{named}"


_FILTERS: Final = {
    "eq": "is it",
    "ne": "is not it",
    "lt": "is less",
    "le": "is at most that",
    "gt": "is more",
    "ge": "is at least that",
    "like": "contains it",
    "starts": "begins with it",
    "in": "is one of several",
    "has": "has it among others",
    "present": "is there",
    "filled": "is there and not null",
}


def _filters(tests: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for test in tests:
        name = test.get("param") or f"(always {test.get('value')!r})"
        yield str(name), f"only items whose {test['field']} {_FILTERS.get(test.get('op', 'eq'), 'fits')}"


def _search(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    fields = ", ".join(spec.get("fields") or ()) or "any text"
    yield str(spec.get("param") or "(always)"), f"a text that is looked for in {fields}"


def _sort(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if spec.get("param"):
        yield str(spec["param"]), f"the fields to order by; {spec.get('descending', '-')} turns one round"
    if spec.get("descending_param"):
        yield str(spec["descending_param"]), "the fields to order by, the last first"
    for word, order in spec.get("words", {}).items():
        yield f"{spec.get('param')}={word}", "ordered by " + ", ".join(map(str, order))
    if spec.get("order_param"):
        yield str(spec["order_param"]), "asc or desc"
    if spec.get("default"):
        yield "(no order asked)", "ordered by " + ", ".join(map(str, spec["default"]))


def _page(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if spec.get("number"):
        yield str(spec["number"]), f"which page, counted from {spec.get('first', 1)}"
    if spec.get("offset"):
        yield str(spec["offset"]), "how many items are passed over"
    if spec.get("end"):
        yield str(spec["end"]), "the place before which the part ends"
    if spec.get("cursor"):
        by = f"the item with this {spec['by']}" if spec.get("by") else "where an earlier part ended"
        yield str(spec["cursor"]), f"goes on after {by}"
    if spec.get("limit"):
        yield str(spec["limit"]), "how many items at most" + (f", else {spec['size']}" if spec.get("size") else "")
    elif spec.get("size"):
        yield "(always)", f"{spec['size']} items a part"


_LISTED: Final[dict[str, Callable[[Any], Iterator[tuple[str, str]]]]] = {
    "where": _filters,
    "search": _search,
    "sort": _sort,
    "page": _page,
}


def save_words(save: Mapping[str, Any]) -> str:
    """Say what a case keeps or forgets."""
    if "state" in save:
        return f"{'forgets' if save.get('delete') else 'keeps'} {save['state']}"
    if save.get("under") is not None:
        return f"forgets a part of {save['in']}"
    if save.get("delete"):
        return f"forgets an item of {save['in']}"
    return f"changes an item of {save['in']}" if save.get("merge") else f"keeps an item in {save['in']}"
