"""Naming: what is sent and answered as XML, or sent as a form, called what it is there and not as if it were JSON."""

from __future__ import annotations

import re
from typing import Any, Final

from cassettes.xmltree import is_tree
from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.elements import HEADER
from recorder.synthesis.terms.term import literal, member

_ASKED: Final = "asked"
_OF_HEADER: Final = "asked_header"
_HEADER: Final = f"request.json[{literal(HEADER)}]"
_WHOLE: Final = re.compile(rf"(?:{re.escape(_HEADER)}|\brequest\.json) is (not )?defined")
_SENT: Final = re.compile(r"\brequest\.json\b")
_TOLD: Final = re.compile(r"\bvars\.answer\.json\b")

Definition = dict[str, Any]


def with_elements(behaviour: Behaviour, definition: Definition) -> Definition:
    """Give a definition that speaks of the arguments in what is sent as of XML or a form, of what is told as of XML."""
    is_told = any(outcome.answered.form == "xml" for _, outcome in behaviour.cases) and not behaviour.scenes
    if is_told or any(is_tree(scene.sample.answer_json) for scene in behaviour.scenes):
        definition = _written(definition, lambda text: _TOLD.sub("vars.answer.xml", text))
    if behaviour.endpoint.is_form:
        definition = _written(definition, _of_form)
    element = behaviour.endpoint.element
    if not element and not behaviour.endpoint.asked:
        return definition
    names = {_ASKED: _free(_ASKED, behaviour), _OF_HEADER: _free(_OF_HEADER, behaviour)}
    made: Definition = _written(definition, lambda text: as_arguments(text, names))
    text = repr(made)
    let: dict[str, str] = {}
    if f"vars.{names[_OF_HEADER]}" in text:
        let[names[_OF_HEADER]] = f"{{{{ xml_object({member('request.xml', (*element[:1], 'Header'))}) }}}}"
    if re.search(rf"\bvars\.{names[_ASKED]}\b", text):
        let[names[_ASKED]] = f"{{{{ {_arguments(behaviour, element)} }}}}"
    return _with_let(made, let)


def as_arguments(text: str, names: dict[str, str]) -> str:
    """Write an expression on the arguments of a call as one on what these and the header are called."""
    if "request.json" not in text:
        return text
    text = _WHOLE.sub(lambda found: _is_there(found, names), text).replace(_HEADER, f"vars.{names[_OF_HEADER]}")
    return _SENT.sub(f"vars.{names[_ASKED]}", text)


def _of_form(text: str) -> str:
    """Write an expression on the members of an object as one on the fields of a form."""
    text = _WHOLE.sub(lambda found: f"(request.form | length) {'<' if found[1] else '>='} 1", text)
    return _SENT.sub("request.form", text)


def _is_there(found: re.Match[str], names: dict[str, str]) -> str:
    """Write whether arguments or a header are there: what is named and is not there is null."""
    name = names[_OF_HEADER if found[0].startswith(_HEADER) else _ASKED]
    return f"vars.{name} is {'' if found[1] else 'not '}none"


def _arguments(behaviour: Behaviour, element: tuple[str, ...]) -> str:
    if behaviour.endpoint.asked:
        return f"xml_object({behaviour.endpoint.asked})"
    lists = next((one.sample.element_lists for one in behaviour.scenes if one.sample.element_lists), ())
    return f"xml_object({', '.join([member('request.xml', element), *map(literal, lists)])})"


def _free(name: str, behaviour: Behaviour) -> str:
    while name in behaviour.lookups:
        name += "_"
    return name


def _with_let(definition: Definition, let: dict[str, str]) -> Definition:
    """Give a definition that names these before all else that it names."""
    if not let:
        return definition
    made: Definition = {}
    for key, value in definition.items():
        if key in ("let", "list", "cases") and "let" not in made:
            made["let"] = {**let, **definition.get("let", {})}
        made.setdefault(key, value)
    return made


def _written(document: Any, write: Any) -> Any:
    if isinstance(document, str):
        return write(document)
    if isinstance(document, list):
        return [_written(one, write) for one in document]
    if isinstance(document, dict):
        return {name: _written(one, write) for name, one in document.items()}
    return document
