"""The report of a synthesis: one page without network that says whether its mocks can be trusted, and where not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from recorder.drawing import provenance_svg, shown
from recorder.provenance import provenance
from recorder.synthesis.distil import Distilled
from recorder.synthesis.reports.account import (
    CollectionAccount,
    EndpointAccount,
    TicketAccount,
    collection_accounts,
    endpoint_accounts,
    ticket_accounts,
)
from recorder.synthesis.reports.report_endpoint import endpoint_section, method, path, share, statuses
from recorder.synthesis.reports.report_style import STYLE
from recorder.synthesis.samples.sample import Sample, sessions_of

_NAMES: Final = 6
_IN_TITLE: Final = 3
_FINE: Final = 0.98
_FAIR: Final = 0.8


def report_page(made: Distilled) -> str:
    """Give the page as HTML: no script, no network, recorded values escaped; its policy allows its own style alone."""
    endpoints = endpoint_accounts(made)
    collections, tickets = collection_accounts(made), ticket_accounts(made)
    name = _named(made)
    policy = f"default-src 'none'; style-src '{_hash(STYLE)}'; base-uri 'none'; form-action 'none'"
    body = [
        _headline(made, name),
        _counts(made, endpoints, collections, tickets),
        _endpoints(endpoints),
        "<h2>Endpoint by endpoint</h2>",
        '<p class="faint">What each answers, in the order in which it is decided. Open is what came out wrong.</p>',
        *(endpoint_section(one) for one in endpoints),
        _collections(collections),
        _tickets(tickets),
        _provenance(made.synthesis.samples),
        "<footer>Values are shown as the recordings hold them: cleaned, unless they were recorded uncleaned.</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Mocks of {name}</title><style>{STYLE}</style></head>"
        f'<body><main class="page">{"".join(body)}</main></body></html>\n'
    )


def _named(made: Distilled) -> str:
    names = list(dict.fromkeys(sample.name for sample in made.synthesis.samples))
    more = f" and {len(names) - _IN_TITLE} more" if len(names) > _IN_TITLE else ""
    return shown(", ".join(names[:_IN_TITLE]) + more, 200)


def _headline(made: Distilled, name: str) -> str:
    told = made.summary
    total, learnt = told["interactions"], told["generalized"]
    width = 1000 * told["generalized_share"]
    return (
        f"<header><h1>Mocks of {name}</h1>"
        f'<p class="faint">Every recorded call was asked again of the mocks, each session from its beginning.</p>'
        f'<p class="verdict">{_verdict(told["generalized_share"])}</p>'
        f'<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{told["generalized_share"]:.1%} learnt"><rect class="learnt" width="{width:.1f}" height="10"/>'
        f'<rect class="told" x="{width:.1f}" width="{1000 - width:.1f}" height="10"/></svg>'
        '<ul class="legend">'
        f'<li><span class="dot learnt"></span><b>{told["generalized_share"]:.1%}</b> as recorded, by what was learnt '
        f"({learnt} of {total})</li>"
        f'<li><span class="dot told"></span><b>{told["literal_share"]:.1%}</b> only where the recording is told again '
        f"({total - learnt})</li></ul></header>"
    )


def _verdict(part: float) -> str:
    if part >= _FINE:
        return "These mocks answer as the recorded service did; new values of the same kinds can be expected to work."
    if part >= _FAIR:
        return (
            "Most of what was recorded is understood. Where it is not, these mocks know the recording alone: see below."
        )
    return "Much of what was recorded is not understood: away from the recorded calls, do not rely on these mocks."


def _counts(
    made: Distilled,
    endpoints: Sequence[EndpointAccount],
    collections: Sequence[CollectionAccount],
    tickets: Sequence[TicketAccount],
) -> str:
    told = made.summary
    numbers = (
        (told["interactions"], "recorded calls"),
        (told["sessions"], "sessions"),
        (len(endpoints), "endpoints"),
        (told["definitions"], "definitions"),
        (sum(len(one.cases) for one in endpoints), "cases"),
        (len(collections), "collections"),
        (len(tickets), "kinds of tickets"),
    )
    return (
        f'<ul class="counts">{"".join(f"<li><b>{count:,}</b><span>{what}</span></li>" for count, what in numbers)}</ul>'
    )


def _endpoints(endpoints: Sequence[EndpointAccount]) -> str:
    rows = "".join(
        f'<tr><td><span class="call">{method(one.method)}<a href="#{shown(one.id, 200)}">'
        f"<code>{path(one.path)}</code></a></span>{_sort(one)}</td>"
        f'<td class="number" data-label="calls">{one.calls}</td>'
        f'<td data-label="recorded"><span>{statuses(one)}</span></td>'
        f'<td class="number" data-label="cases">{len(one.cases)}</td>'
        f'<td data-label="as recorded"><span>{share(one)}</span></td>'
        f'<td data-label="answered by"><span>{_tiers(one)}</span></td>'
        f'<td class="number" data-label="p50, p95"><span>{_latency(one)}</span></td>'
        f'<td data-label="in doubt">{_first_doubt(one)}</td></tr>'
        for one in endpoints
    )
    return (
        '<h2>Endpoints</h2><table class="cards"><thead><tr><th>endpoint</th><th class="number">calls</th>'
        '<th>recorded</th><th class="number">cases</th><th>as recorded</th><th>answered by</th>'
        '<th class="number">p50, p95</th><th>in doubt</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _sort(one: EndpointAccount) -> str:
    return f'<span class="faint">{shown(one.sort, 80)}</span>' if one.sort else ""


def _tiers(one: EndpointAccount) -> str:
    return "".join(f'<span class="chip">{shown(name, 20)} {count}</span>' for name, count in one.tiers.items())


def _latency(one: EndpointAccount) -> str:
    """Write how long the recorded answers took: the median, and what 95 of 100 stayed below."""
    known = one.latency
    return "" if known is None else f"{known.p50_ms:,g}, {known.p95_ms:,g} ms"


def _first_doubt(one: EndpointAccount) -> str:
    if not one.doubts:
        return ""
    more = f" (+{len(one.doubts) - 1})" if len(one.doubts) > 1 else ""
    return f'<span class="some">{shown(one.doubts[0], 90)}{more}</span>'


def _collections(found: Sequence[CollectionAccount]) -> str:
    if not found:
        return ""
    rows = "".join(
        f'<tr><td><code>{shown(one.name, 80)}</code></td><td class="number" data-label="there from the beginning">'
        f'{one.seed}</td><td data-label="read by"><span>{_links(one.readers)}</span></td>'
        f'<td data-label="changed by"><span>{_links(one.writers)}</span></td></tr>'
        for one in found
    )
    return (
        '<h2>Collections</h2><p class="faint">What the mocks remember. Items that were there before the recordings '
        'began are in the definitions.</p><table class="cards"><thead><tr><th>collection</th>'
        '<th class="number">there from the beginning</th><th>read by</th><th>changed by</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _tickets(found: Sequence[TicketAccount]) -> str:
    if not found:
        return ""
    rows = "".join(
        f'<tr><td><code>{shown(one.name, 80)}</code></td><td data-label="shown as"><code>{shown(one.shown, 80)}</code>'
        f'</td><td data-label="handed out by"><span>{_links(one.issuers)}</span></td>'
        f'<td data-label="taken back by"><span>{_links(one.revokers)}</span></td>'
        f'<td data-label="asked for by"><span>{_links(one.readers)}</span></td></tr>'
        for one in found
    )
    return (
        '<h2>Tickets</h2><p class="faint">What one answer hands out and a later request has to show: tokens, cookies, '
        'codes.</p><table class="cards"><thead><tr><th>ticket</th><th>shown as</th><th>handed out by</th>'
        f"<th>taken back by</th><th>asked for by</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _links(ids: Sequence[str]) -> str:
    kept = [f'<a href="#{shown(one, 200)}">{shown(one, 60)}</a>' for one in ids[:_NAMES]]
    return ", ".join(kept) + (f" and {len(ids) - _NAMES} more" if len(ids) > _NAMES else "")


def _provenance(samples: Sequence[Sample]) -> str:
    """Draw where the values of the first session came from."""
    first = next(iter(sessions_of(samples)), [])
    if not first:
        return ""
    graph = provenance(sample.interaction for sample in first)
    return (
        f'<h2>Where values come from</h2><p class="faint">One session of {shown(first[0].name, 80)}, step by step: '
        "each line is a value on its way from the answer that first had it to the requests that need it.</p>"
        f'<div class="map">{provenance_svg(graph)}</div>'
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
