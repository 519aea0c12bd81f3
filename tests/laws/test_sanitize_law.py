from __future__ import annotations

import base64
import json
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cassettes.exchange import Exchange, Request, Response
from sanitizers.errors import SanitizeError
from sanitizers.pipeline import Sanitizer, restore
from sanitizers.profile import PROFILES

KEY = b"k" * 32
LAW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.sampled_from(
    ["password", "token", "email", "note", "id", "apiKey", "phone", "x", "cookies", "firstName", "next_page_token"]
)
secrets = st.from_regex(r"[a-z][0-9][A-Za-z0-9]{10,20}", fullmatch=True)
texts = (
    st.text(max_size=30)
    | secrets
    | st.sampled_from(
        ["bob@corp.internal", "4556737586899855", "+4915123456789", "a=b&c=d", '{"token":"q1w2e3r4t5"}', "%41%2541"]
    )
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(names | texts, children, max_size=4),
    max_leaves=12,
)
values = st.binary(max_size=40).map(lambda raw: bytes(byte for byte in raw if byte not in b"\r\n\0"))
targets = st.lists(texts.map(lambda text: quote(text, safe="")), max_size=3).map(lambda parts: "/" + "/".join(parts))
queries = st.lists(st.tuples(names, texts), max_size=3).map(
    lambda pairs: "&".join(f"{name}={quote(text, safe='')}" for name, text in pairs)
)
headers = st.lists(
    st.tuples(
        st.sampled_from([b"X-Note", b"Cookie", b"Authorization", b"X-Api-Key", b"Accept"]),
        values | secrets.map(str.encode),
    ),
    max_size=4,
).map(tuple)
bodies = (
    documents.map(lambda document: json.dumps(document).encode("utf-8", "surrogatepass"))
    | st.binary(max_size=80)
    | queries.map(str.encode)
)
requests = st.builds(
    lambda target, query, head, body: Request("POST", f"{target}?{query}".encode(), head, body),
    targets,
    queries,
    headers,
    bodies,
)
responses = st.builds(lambda head, body: Response(200, head, body), headers, bodies)
exchanges = st.builds(Exchange, requests, responses)


def sanitizer():
    return Sanitizer(PROFILES["default"], KEY)


@LAW
@given(exchanges)
def test_cleaning_is_deterministic_and_idempotent(exchange):
    cleaner = sanitizer()
    once = cleaner.clean(exchange).exchange
    assert sanitizer().clean(exchange).exchange == once
    assert cleaner.clean(once).exchange == once
    fresh = sanitizer()
    fresh.learn(once)
    assert fresh.clean(once).exchange == once


@LAW
@given(requests)
def test_a_live_request_is_cleaned_as_the_recorded_one_was(request):
    recorded = sanitizer().clean(Exchange(request)).exchange
    assert sanitizer().clean_request(request).request == recorded.request
    replaying = sanitizer()
    replaying.learn(recorded)
    assert replaying.clean_request(request).request == recorded.request


def _wrapped(secret, where):
    forms = {
        "json": json.dumps({"a": [{"note": secret}]}),
        "inner": json.dumps({"a": json.dumps({"b": secret})}),
        "base64": json.dumps({"a": base64.b64encode(f"<{secret}>".encode()).decode()}),
        "form": f"a={quote(secret, safe='')}&b=2",
        "text": f"you sent {secret}!",
        "xml": f"<a b='{secret}'>{secret}</a>",
        "events": f"data: {secret}\n\n",
        "key": json.dumps({secret: 1}),
        "octets": f"\x00\x01{secret}\x00",
    }
    return forms[where].encode()


@LAW
@given(
    secrets,
    st.sampled_from(["json", "inner", "base64", "form", "text", "xml", "events", "key", "octets"]),
    st.integers(0, 3),
)
def test_a_secret_told_once_stands_nowhere(secret, where, place):
    request = Request(
        "POST",
        f"/a/{secret if place == 1 else 'b'}".encode(),
        ((b"X-Api-Key", secret.encode()),),
        _wrapped(secret, where),
    )
    response = Response(200, ((b"X-Echo", secret.encode()),), _wrapped(secret, where))
    cleaned = sanitizer().clean(Exchange(request, response))
    stored = repr(
        (
            cleaned.exchange.request.target,
            cleaned.exchange.request.headers,
            cleaned.exchange.request.body,
            cleaned.exchange.response.headers,
            cleaned.exchange.response.body,
        )
    )
    assert secret not in stored
    assert base64.b64encode(secret.encode()).decode().rstrip("=")[:-1] not in stored
    assert secret not in repr(cleaned.findings)
    sanitizer().guard().remember(cleaned.secrets)


@LAW
@given(requests)
def test_what_was_put_away_can_be_put_back(request):
    live = sanitizer().clean_request(request)
    echoed = Response(200, (), "\n".join(live.stand_ins).encode("utf-8", "surrogateescape"))
    restored = restore(echoed, {old: new for old, new in live.stand_ins.items() if len(old) > 8 and old.isalnum()})
    assert restored.body.count(b"\n") == echoed.body.count(b"\n")


@LAW
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"application/json",
            b"text/xml",
            b"multipart/form-data; boundary=b",
            b"text/event-stream",
            b"image/png",
            b"text/plain; charset=utf-16",
        ]
    ),
)
def test_any_bytes_are_cleaned_or_refused(body, content_type):
    try:
        cleaned = sanitizer().clean(Exchange(Request("POST", b"/", ((b"Content-Type", content_type),), body))).exchange
    except SanitizeError:
        return
    assert cleaned.request.headers == ((b"Content-Type", content_type),)


people = st.sampled_from(
    ["Bilal", "Jansen", "Ada", "Ito", "May", "Will", "Jürgen", "O'Brien", "Li", "van Dijk", "Grant"]
)
shapes = st.sampled_from(
    [
        "{0}",
        "{0} {1}",
        "{1}, {0}",
        "hello {0}!",
        "{0}.{1}",
        "B. {1}",
        "in {0}, {1} will",
        "/u?q={0}",
        "<b>{1}</b>",
        "{0}7",
    ]
)
cases = st.sampled_from([str, str.lower, str.upper])
mentions = st.builds(lambda shape, case, one, other: case(shape.format(one, other)), shapes, cases, people, people)
# A whole sentence in a field for a name has one stand-in for all of it: see docs/sanitizing.md.
full_names = st.builds(
    lambda shape, one, other: shape.format(one, other), st.sampled_from(["{0} {1}", "{1}, {0}"]), people, people
)
registrations = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("givenName", "familyName", "patient"), people | full_names),
        **dict.fromkeys(("note", "q", "page"), people | mentions),
    },
)
visits = st.builds(
    lambda who, sent, told: Exchange(
        Request("POST", f"/u/{quote(who)}?q={quote(who, safe='')}".encode(), (), json.dumps(sent).encode()),
        Response(200, (), json.dumps(told, ensure_ascii=False).encode()),
    ),
    mentions,
    registrations,
    registrations,
)


@LAW
@given(st.lists(visits, max_size=4))
def test_names_are_cleaned_alike_in_a_recording_in_a_second_look_and_in_a_replay(session):
    cleaner = sanitizer()
    for exchange in session:
        cleaner.clean(exchange)
    recorded = [cleaner.clean(exchange).exchange for exchange in session]
    replaying = sanitizer()
    for exchange in recorded:
        replaying.learn(exchange)
    for exchange, stored in zip(session, recorded, strict=True):
        assert cleaner.clean(stored).exchange == stored
        assert replaying.clean(stored).exchange == stored
        assert replaying.clean_request(exchange.request).request == stored.request
