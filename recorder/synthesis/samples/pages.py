"""Pages: whether a list says of itself that there is more than it shows."""

from __future__ import annotations

import re
from typing import Final

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, is_number, leaves

_HOW_MANY: Final = re.compile(r"(?:^|[_.-])(?:total|count)(?![a-z])|(?:Total|Count)(?![a-z])")
_MORE: Final = re.compile(
    r"has_?(?:more|next)(?:_?page)?|next(?:_?(?:page|url|link|cursor|token|page_?token))?", re.IGNORECASE
)
_LEAD: Final = re.compile(r"^[@$]?\w+[.:]|^[@$_]")
"""What a name may begin with that says whose it is, as in `@odata.nextLink`."""


def is_a_page(sample: Sample, count: int) -> bool:
    """Tell whether an answer with so many rows says that there are more: by a total, a link or a flag."""
    if sample.answer_json is MISSING:
        return False
    if 'rel="next"' in (sample.answer_header("link") or ""):
        return True
    told = [(str(path[-1]), value) for path, value in leaves(sample.answer_json, longest_list=0) if path]
    told += [(name, int(value)) for name, value in sample.answer_headers if _is_size(name, value)]
    return any(
        (_HOW_MANY.search(name) is not None and is_number(value) and value > count)
        or (_MORE.fullmatch(_LEAD.sub("", name)) is not None and bool(value))
        for name, value in told
    )


def _is_size(name: str, value: str) -> bool:
    return _HOW_MANY.search(name) is not None and value.isdigit()
