"""Recounts: sums of items added up anew, or gone on with, where calls changed the rows behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from recorder.synthesis.collections.keys import key_term
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.sources import Source
from recorder.synthesis.listings.totals import Row, Total
from recorder.synthesis.samples.amounts import amount, amounts_in
from recorder.synthesis.samples.values import MISSING, Path, look
from recorder.synthesis.terms.timeline import Timeline


def recounts(
    totals: Sequence[Total], endpoint: Endpoint, saves: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Give the saves that add up anew what is made of the collections in which something was saved.

    To what drifts only new rows are added.
    """
    saved = {save.get("in", "") for save in saves}
    groups: dict[tuple[str, int], list[Total]] = defaultdict(list)
    for total in totals:
        if total.sources & saved and len(endpoint.params) >= total.source.shared:
            groups[total.collection.name, total.source.shared].append(total)
    for (name, shared), inside in groups.items():
        prefix = key_term(endpoint, shared, trailing=True).text
        yield renewal(
            name, prefix if shared else "", {one.path: one.reached(prefix, "vars.row", saves) for one in inside}
        )


def renewal(collection: str, prefix: str, texts: Mapping[Path, str]) -> dict[str, Any]:
    """Give the save that works parts of all items of a collection out anew, of those whose keys begin with a prefix."""
    item: dict[str, Any] = {}
    for path, text in texts.items():
        item = placed(item, path, f"{{{{ {text} }}}}")
    merge: bool | str = "deep" if any(len(path) > 1 for path in texts) else True
    return {
        "in": collection,
        "under": f"{{{{ {prefix} }}}}" if prefix else "",
        "as": "row",
        "item": item,
        "merge": merge,
    }


def sum_up(totals: Sequence[Total], timeline: Timeline, moment: int) -> None:
    """Have items show what their rows come to after a moment, where rows changed in it."""
    known: dict[tuple[Source, str, int], dict[str, list[Row]]] = {}

    def rows_of(source: Source, key: str, when: int) -> Sequence[Row]:
        prefix = source.prefix(key)
        if (source, prefix, when) not in known:
            by_link = known[source, prefix, when] = defaultdict(list)
            for row, one in source.rows(timeline, prefix, when):
                by_link[source.named(row)].append((amounts_in(row), one))
        return known[source, prefix, when].get(key.rpartition("/")[2], [])

    def summed(total: Total, key: str, item: dict[str, Any]) -> Decimal | None:
        made = total.of(partial(rows_of, key=key, when=moment + 1), item)
        if made is None or not total.drifts:
            return made
        was, value = total.of(partial(rows_of, key=key, when=moment), item), amount(look(item, total.path))
        return None if was is None or value is None else value + made - was

    changed = [total for total in totals if any(timeline.changed(name, moment) for name in total.sources)]
    for total in changed:
        name = total.collection.name
        for key, item in timeline.under(name, "", moment + 1).items():
            made = summed(total, key, item) if isinstance(item, dict) else None
            shown = total.shown(made) if made is not None else None
            if shown is not None and look(item, total.path) not in (MISSING, shown):
                timeline.put(name, key, placed(timeline.get(name, key, moment + 1), total.path, shown), moment)


def placed(item: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Give an object with a value at a path, as a copy where it differs."""
    name, *rest = path
    inner = item.get(str(name))
    made = placed(inner if isinstance(inner, dict) else {}, tuple(rest), value) if rest else value
    return {**item, str(name): made}
