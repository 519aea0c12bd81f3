"""Definitions and requests made to take a gateway's time, memory or files: what is saved, and what is then asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from template_payloads import BODY, MEMORY_AND_TIME, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = "/hostile"
JSON: Final = ("Content-Type", "application/json")
XML: Final = ("Content-Type", "application/xml")
FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request of the data plane, or of the admin API where its target says so."""

    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = (JSON,)
    target: str = PATH
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Case:
    """One definition (or none), and what is asked once it is saved.

    `refused` says that it may not be saved; None that either is right. `told` must stand in the refusal.
    """

    group: str
    name: str
    definition: dict[str, Any] | None
    asks: tuple[Ask, ...] = ()
    refused: bool | None = None
    told: str = ""


def _definition(match: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    wanted = {"method": "*", "path": PATH} | (match or {})
    return {"id": "hostile", "match": wanted, "response": {"body": "matched"}} | more


def _answering(body: Any, **more: Any) -> dict[str, Any]:
    return _definition(response={"body": body} | more)


def _nested(open_: str, inner: str, close: str, depth: int) -> bytes:
    return (open_ * depth + inner + close * depth).encode()


DEEP: Final = (
    _nested("[", "1", "]", 100_000),
    _nested('{"a":', "1", "}", 100_000),
    _nested("[", "1", "]", 900),
    _nested('{"a":', "1", "}", 900),
)
"""JSON bodies nested deep: beyond what is read as JSON, and just within."""
LARGE: Final = (
    b"[" + b",".join(b'{"id":%d,"name":"name%d","tags":["a","b"]}' % (n, n) for n in range(230_000)) + b"]",
    b'{"items":[' + b",".join(b"%d" % n for n in range(1_300_000)) + b"]}",
    b'{"text":"' + b"a" * 10_000_000 + b'"}',
    b"{" + b",".join(b'"key%d":%d' % (n, n) for n in range(550_000)) + b"}",
)
"""JSON bodies of 10 MB: of objects, of numbers, one text, one object."""
REPEATING: Final = json.dumps({
    "a": [f"a{n}*" for n in range(20_000)], "b": "x" * 1_000_000, "e": "x" * 1_000_000,
    "c": list(range(20_000)), "d": list(range(20_000)),
}).encode()  # fmt: skip
"""A JSON body whose filters can ask for the same large values again and again."""
JSON_BODIES: Final = (*DEEP, *LARGE, REPEATING)


def templates() -> Iterator[Case]:
    """Give the templates that have taken template engines down, as texts and inside JSON, and in other places."""
    asks = (Ask(BODY),)
    for name, source in (MEMORY_AND_TIME | OBJECTS).items():
        yield Case("templates", name, _answering(source), asks)
        yield Case("templates in JSON", name, _answering({"a": [source]}), asks)
    for name in ("a text doubled by ~", "a list doubled", "much made up", "large texts searched", "a class"):
        source = (MEMORY_AND_TIME | OBJECTS)[name]
        yield Case("templates elsewhere", f"{name} in a header", _answering("", headers={"X-A": source}), asks)
        yield Case("templates elsewhere", f"{name} as status", _answering("", status=source), asks)
        limited = _definition(faults={"rate_limit": {"limit": 5, "key": source}})
        yield Case("templates elsewhere", f"{name} as a rate limit's key", limited, asks)
        keyed = _definition(state={"keys": [source]}, response={"body": "{{ state.get('a') }}"})
        yield Case("templates elsewhere", f"{name} as a state's key", keyed, asks)
        hook = {"url": "http://127.0.0.1:9/", "body": source}
        yield Case("templates elsewhere", f"{name} in a webhook", _definition(hooks={"webhooks": [hook]}), asks)
    split = "/hostile?a=x%0d%0aX-Split:%20yes%0d%0a%0d%0aevil"
    reflecting = _answering("", headers={"X-A": "{{ request.query.a }}"})
    yield Case("header splitting", "from the query", reflecting, (Ask(target=split),))
    yield Case("header splitting", "written", _answering("", headers={"X-A": "a\r\nb: c"}), refused=True, told="X-A")
    yield Case("header splitting", "its name", _answering("", headers={"X-A\r\nB": "a"}), refused=True, told="X-A")
    quoted = _answering("", headers={"X-A": "{{ 'a\\r\\nX-Split: yes' }}"})
    yield Case("header splitting", "by the template", quoted, (Ask(),))


PATTERNS: Final = {
    "(a+)+$": None,
    "(a|a)*$": None,
    "(.*a){20}": None,
    "a{1000}{1000}": True,
    "((a{100}){100}){100}": True,
    "(x+x+)+y": None,
    "(?:a?){500}a{500}": None,
    "[\\p{L}\\p{N}]{1000}": None,
    "(?=a)b": True,
    "(a)\\1": True,
    "(" * 400 + "a" + ")" * 400: None,
    "a" * 5_000: True,
    ".*" * 400: None,
    "(((((a*)*)*)*)*)*b": None,
}
"""Patterns, with whether they are refused (None: either)."""
_LONG: Final = b"a" * 1_000_000 + b"!"


def patterns() -> Iterator[Case]:
    """Give patterns wherever a definition takes one."""
    for number, (pattern, refused) in enumerate(PATTERNS.items()):
        name = f"{number}: {pattern[:30]}"
        text = (Ask(_LONG, (("Content-Type", "text/plain"), ("X-A", "a" * 15_000 + "!"))),)
        quoted = (Ask(b'{"a":"' + _LONG + b'"}'), Ask(b'{"a":[' + b'"' + b"a" * 200 + b'",' * 4_000 + b'"b"]}'))
        path = Ask(target="/hostile/" + "a" * 15_000 + "!")
        yield Case("regex of a path", name, _definition({"path": {"regex": f"^/hostile/{pattern}"}}), (path,), refused)
        yield Case("regex of a header", name, _definition({"headers": {"X-A": {"regex": pattern}}}), text, refused)
        yield Case("regex of a body", name, _definition({"body": {"regex": pattern}}), text, refused)
        found = _definition({"body": {"jsonpath": "$..*", "regex": pattern}})
        yield Case("regex of what JSONPath finds", name, found, quoted, refused)
        partial = _definition({"body": {"partial": {"a": f"${{regex:{pattern}}}"}}})
        yield Case("regex placeholder", name, partial, quoted, None)
        schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
        yield Case("regex of a JSON Schema", name, _definition({"body": {"json_schema": schema}}), quoted, None)
        escaped = pattern.replace("\\", "\\\\")
        for filter_ in ("regex_search", "regex_replace", "regex_findall", "regex_match"):
            searched = _answering(f'{{{{ request.body | {filter_}("{escaped}") }}}}')
            yield Case("regex of a template", f"{filter_} {name}", searched, text, None)
        query = _definition({"query": {"a": {"regex": pattern}}})
        yield Case("regex of a query", name, query, (Ask(target="/hostile?a=" + "a" * 15_000),), refused)
        filtered = _definition({"body": {"jsonpath": f"$.a[?search(@, '{escaped}')]"}})
        yield Case("regex in JSONPath", name, filtered, quoted, None)
    for glob in ("/hostile/" + "*a" * 300, "/hostile/" + "*" * 900, "/hostile/**/" + "**/" * 200, "/{a}" * 300):
        ask = (Ask(target="/hostile/" + "a" * 15_000 + "!"), Ask(target="/hostile" + "/a" * 7_000))
        yield Case("glob", glob[:40], _definition({"path": glob}), ask)
        yield Case("glob", f"of a header {glob[:40]}", _definition({"headers": {"X-A": {"glob": glob}}}), ask)


JSON_PATHS: Final = (
    "$..*..*", "$..*..*..*", "$" + "..*" * 50, "$" + "..a" * 200, "$" + "[*]" * 500, "$" + ".a" * 3_000,
    "$[" + ",".join("*" * 200) + "]", "$..[" + ",".join(["*"] * 100) + "]", "$..[?@..*]", "$..[?@.a==@.a]",
    "$..[?count(@..*)>1]", "$[?" + "(" * 2_000 + "@.a" + ")" * 2_000 + "]", "$[?" + "!" * 1_000 + "@.a]",
    "$[?@.a=~'(a+)+$']", "$[?(@.constructor.constructor('return process')())]", "$[?(__import__('os'))]",
    "$[::1]", "$..[::-1]", "$[9007199254740991]", "$[-9007199254740991:]", "$[1e400]", "$[?length(@..*)>1]",
    "$..[?match(@,'(a|a)*')]", "$" + "[?@.a" * 100 + "]" * 100, "$..id", "$[*].name", "$.items[?@>5]",
    "$[0:1000000:1,0:1000000:1]", "$.a[?search($.b,'(x+x+)+y')]", "$.a[?$.c==$.d]",
    "$.a[?match($.b,@)]", "$.a[?match('x',@)]", "$.a[?$.b==$.e]",
)  # fmt: skip


def json_matches() -> Iterator[Case]:
    """Give what is asked of JSON bodies, with bodies that are deep or large."""
    asks = tuple(Ask(body) for body in JSON_BODIES)
    for path in JSON_PATHS:
        yield Case("JSONPath", path[:50], _definition({"body": {"jsonpath": path}}), asks)
    mixed = {
        "json": {"json": {"a": 1}},
        "json, large": {"json": [{"id": n} for n in range(2_000)]},
        "partial": {"partial": {"items": [1, 2, 1_299_999]}},
        "partial of many": {"partial": list(range(500))},
        "partial of objects": {"partial": [{"id": n} for n in range(0, 230_000, 1_000)]},
        "partial, any": {"partial": {"text": "${any-string}"}},
        "a schema of all items": {
            "json_schema": {"type": "array", "items": {"type": "object", "required": ["id", "name", "zip"]}}
        },
        "a schema of unique items": {
            "json_schema": {"uniqueItems": True, "properties": {"items": {"uniqueItems": True}}}
        },
        "a schema that branches": {"json_schema": _branching(40)},
        "a schema that recurs": {"json_schema": {"additionalProperties": {"$ref": "#"}, "items": {"$ref": "#"}}},
        "a schema of formats": {"json_schema": {"items": {"properties": {"name": {"format": "email"}}}}},
        "xpath": {"xpath": "//a[b='c']"},
        "text": {"contains": "zzz"},
        "a length": {"jsonpath": "$", "length": 5},
        "equal text": {"equals_ignore_case": "zzz"},
    }
    for name, body in mixed.items():
        yield Case("JSON bodies", name, _definition({"body": body}), asks)
    yield Case("JSON bodies", "GraphQL", _definition({"graphql": {"operation": "a"}}), asks)
    templated = _answering("{{ request.json }}{{ request.body | length }}")
    yield Case("JSON bodies", "in a template", templated, asks)
    yield Case("JSON bodies", "in a template's look-up", _answering("{{ request.json[0].a }}"), asks)
    yield Case("JSON bodies", "of a resource", _definition(response=None, resource={"name": "things"}), asks)


def _branching(depth: int) -> dict[str, Any]:
    definitions = {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(depth)}
    return {"$defs": definitions | {f"a{depth}": {"type": "null"}}, "$ref": "#/$defs/a0"}


XML_BODIES: Final = (
    b"<a>" + b"<b c='d'>e</b>" * 145_000 + b"</a>",
    b"<a>" * 100_000 + b"</a>" * 100_000,
    b"<a>" * 200 + b"</a>" * 200,
    b"<a>" + b"".join(b"<b%d/>" % n for n in range(19_000)) + b"</a>",
    b"<a " + b" ".join(b'b%d="c"' % n for n in range(100_000)) + b"/>",
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (ord("b") + n, b"&%c;" % (ord("a") + n) * 10) for n in range(9)) + b"]><a>&j;</a>",
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    b"<a>" + b"x" * 1_900_000 + b"</a>",
    b"<a" + b' xmlns:a="b"' + b">" + b"<a:b/>" * 19_000 + b"</a>",
    b"<a>" + b"<b><c>1</c></b>" * 9_500 + b"</a>",
    b"<a>" * 250 + b"<b/>" * 240 + b"</a>" * 250,
)  # fmt: skip
X_PATHS: Final = (
    "//*//*", "//*//*//*", "//*[.//*]", "//*[.//*[.//*]]", "//*[count(.//*)>1]", "//*[contains(.,'zzz')]",
    "//*[contains(normalize-space(.),'zzz')]", "//a//a//a", "count(//*//*)", "//*[" * 9 + "a" + "]" * 9,
    "document('file:///etc/passwd')", "//*[re:test(., '(a+)+$')]", "//*/ancestor::*/descendant::*", "//*/following::*",
    "//b[last()]", "//*[position()=last()]", "//b[.='zzz']", "string(//*)", "sum(//c)", "//*[name()='b5']", "//@*",
    "//*[translate(.,'a','b')='zzz']", "(" * 300 + "//a" + ")" * 300, "//a|//b|//c", "a" + "|a" * 400,
    "//b[c=//c]", "//*[substring(.,2)='z']", "//b[preceding-sibling::b]", "concat(//a,//b,//c)", "//b[c=../b/c]",
    "//*[*=*]", "//a[b=b]", "a[b=b]", "*[*/*=*/*]",
)  # fmt: skip


def markup() -> Iterator[Case]:
    """Give XPath and equal XML, with documents that are deep, large or lie about entities."""
    asks = tuple(Ask(body, (XML,)) for body in XML_BODIES)
    for path in X_PATHS:
        yield Case("XPath", path[:40], _definition({"body": {"xpath": path}}), asks)
    yield Case("XML", "equal", _definition({"body": {"xml": "<a><b/></a>"}}), asks)
    for number, body in enumerate(XML_BODIES):
        document = _definition({"body": {"xml": body[:300_000].decode()}})
        yield Case("XML", f"definition {number}", document, (Ask(b"<a/>", (XML,)),))
    yield Case("XML", "in a template", _answering("{{ request.xml }}"), asks)


def bodies() -> Iterator[Case]:
    """Give forms, multipart bodies, GraphQL documents, cookies, queries and Prefer headers that hold very much."""
    boundary = ("Content-Type", "multipart/form-data; boundary=x")
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n1\r\n'
    parts = Ask(b"".join(part % (b"f%d" % n) for n in range(50_000)) + b"--x--\r\n", (boundary,))
    same = Ask((part % b"a") * 50_000 + b"--x--\r\n", (boundary,))
    dashes = Ask(b"\r\n--" * 1_000_000, (boundary,))
    semicolons = Ask(b"--x\r\nContent-Disposition: form-data" + b";" * 1_000_000 + b"\r\n\r\n1\r\n--x--", (boundary,))
    heads = Ask(b"--x\r\n" + b"A: b\r\n" * 200_000 + b"\r\n1\r\n--x--", (boundary,))
    whole = Ask((part % b"a") + b"z" * 10_000_000 + b"\r\n--x--\r\n", (boundary,))
    multipart = _definition({"body": {"multipart": {"a": {"text": {"contains": "zzz"}}}}})
    yield Case("multipart", "many parts", multipart, (parts, same, dashes, semicolons, heads, whole))
    in_template = _answering("{{ request.form.a }}")
    forms = (
        Ask(b"&".join(b"a%d=b" % n for n in range(500_000)), (FORM,)),
        Ask(b"a=b&" * 1_000_000, (FORM,)),
        Ask(b"a=" + b"%41" * 1_500_000, (FORM,)),
        Ask(b"&" * 5_000_000, (FORM,)),
        Ask(b";" * 5_000_000, (FORM,)),
    )
    yield Case("form", "matched", _definition({"body": {"form": {"a": {"contains": "zzz"}}}}), forms)
    yield Case("form", "exact", _definition({"body": {"form": {"a": "b"}, "form_exact": True}}), forms)
    yield Case("form", "in a template", in_template, (*forms, parts, same))
    calls = tuple(Ask(json.dumps({"query": text}).encode()) for text in GRAPHQL)
    yield Case("GraphQL", "operation", _definition({"graphql": {"operation": "a"}}), calls)
    yield Case("GraphQL", "query", _definition({"graphql": {"query": "{ a }"}}), calls)
    for number, text in enumerate(GRAPHQL):
        yield Case(
            "GraphQL", f"definition {number}", _definition({"graphql": {"query": text}}), (Ask(b'{"query":"{a}"}'),)
        )
    many = "; ".join(f"a{n}=b" for n in range(6_000))
    prefer = ", ".join(f"example=a{n}" for n in range(5_000))
    headers = (("Cookie", many[:60_000]), ("Prefer", prefer[:60_000]), ("X-Forwarded-For", "1.1.1.1, " * 6_000))
    asking = _answering("{{ request.cookies }}{{ request.query }}", prefer=True, examples={"a": {"body": "b"}})
    floods = (
        *(Ask(headers=(one,), method="GET") for one in headers),
        Ask(target="/hostile?" + "a&" * 8_000, method="GET"),
        Ask(target="/hostile?" + "&".join(f"a{n}=b" for n in range(2_000)), method="GET"),
        Ask(target="/hostile?a=" + "%41" * 5_000, method="GET"),
        Ask(target="/hostile" + "/.." * 5_000, method="GET"),
        Ask(target="/hostile" + "%2f" * 5_000, method="GET"),
    )
    yield Case("floods", "cookies, Prefer and parameters", asking, floods)
    strict = _definition({"query": {"zz": "1"}, "query_exact": True, "cookies": {"zz": {"contains": "1"}}})
    yield Case("floods", "as predicates", strict, floods)
    gzip_bomb = _zeros()
    for name, match in {"text": {"contains": "zzz"}, "JSON": {"json": {"a": 1}}, "regex": {"regex": "z+"}}.items():
        squeezed = Ask(gzip_bomb, (JSON, ("Content-Encoding", "gzip")))
        yield Case("compressed", name, _definition({"body": match}), (squeezed,))
    token = "Bearer " + "a" * 20_000 + "." + "b" * 20_000 + "." + "c" * 20_000
    jwt = _definition({"jwt": {"claims": {"sub": {"regex": "a+"}}}})
    yield Case("JWT", "a long token", jwt, (Ask(headers=(("Authorization", token),)),))


def _zeros() -> bytes:
    import gzip

    return gzip.compress(b"0" * 100_000_000)


GRAPHQL: Final = (
    "{a" * 10_000 + "}" * 10_000,
    "{" + "a " * 30_000 + "}",
    "query a($a: " + "[" * 5_000 + "Int" + "]" * 5_000 + ") {a}",
    "{a(b: " + "[" * 4_900 + "]" * 4_900 + ")}",
    "{a(b: " + "[" * 800 + "]" * 800 + ")}",
    "{a" * 400 + "}" * 400,
    "{a(b: " + "{c: " * 2_000 + "1" + "}" * 2_000 + ")}",
    "fragment a on B {...a} {...a}" * 200,
    "{a}" + "#" * 60_000,
    '{a(b: """' + '"' * 50_000,
    "{" + "a:b " * 1_600 + "}",
)

FILES: Final = (
    "../x", "/etc/passwd", "..\\x", "a/../../x", "a\x00b", "file:///etc/passwd", "%2e%2e/x", "..%2fx", "..%252fx",
    "//etc/passwd", "....//x", "~/x", "C:\\x", "\\\\host\\x", "/proc/self/environ", "/dev/zero", ".", "", "a" * 5_000,
    "{{ request.query.f }}", "./{{ request.query.f }}", "a/{{ request.path_params.a }}",
)  # fmt: skip


def files() -> Iterator[Case]:
    """Give names of files outside of the folder that definitions may name files of."""
    for name in FILES:
        document = _definition(response={"body_file": name})
        yield Case("path traversal", repr(name[:40]), document, refused=True, told="body_file")


def resources() -> Iterator[Case]:
    """Give a resource of 1,000 items, listed by parameters that ask for very much."""
    seed = [{"id": n, "name": "n" * 500, "deep": {"a": {"b": n}}} for n in range(1, 1_001)]
    document = _definition({"path": "/hostile/**"}, response=None, resource={"name": "things", "seed": seed})
    queries = (
        "sort=name", "sort=" + ",".join(["name"] * 1_000), "sort=" + "-" * 5_000 + "name", "sort=deep.a.b",
        "limit=999999999999999999999", "limit=-1", "offset=99999999999999999999", "page=1e9", "page=-5", "limit=10000",
        "&".join(f"name=a{n}" for n in range(1_000)), "&".join(f"f{n}=a" for n in range(1_000)),
        "name=" + "a" * 10_000, "name[regex]=(a%2B)%2B$", "sort=id&" + "sort=name&" * 1_000, "deep.a.b=5",
        ".".join("a" * 3_000) + "=1", "sort=" + ".".join("a" * 3_000), "limit=" + "9" * 5_000, "sort=",
    )  # fmt: skip
    asks = [Ask(target=f"/hostile?{query}", method="GET") for query in queries]
    asks += [Ask(target=f"/hostile/{item}", method="GET") for item in ("9" * 5_000, "%00", "..", "a" * 10_000, "-1")]
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    asks += [Ask(deep, target="/hostile"), Ask(deep, target="/hostile/1", method="PATCH")]
    asks += [Ask(LARGE[0], target="/hostile"), Ask(LARGE[3], target="/hostile/1", method="PUT")]
    yield Case("resources", "1,000 items", document, tuple(asks))


def documents() -> Iterator[Case]:
    """Give documents of the admin API that are no definitions, or are very deep, wide or odd."""
    deep: Any = 1
    for _ in range(800):
        deep = [deep]
    yield Case("documents", "a deep body", _answering(deep))
    yield Case("documents", "a deep JSON to match", _definition({"body": {"json": deep}}))
    yield Case("documents", "a deep schema", _definition({"body": {"json_schema": {"const": deep}}}))
    inner: dict[str, Any] = {"path": "/hostile"}
    for _ in range(400):
        inner = {"not": inner}
    yield Case("documents", "not of not", _definition(inner))
    yield Case(
        "documents",
        "many conditions",
        _definition({"any": [{"query": {f"a{n}": "1"}} for n in range(5_000)]}),
        (Ask(),),
    )
    yield Case("documents", "many unknown keys", {"id": "hostile"} | {f"key{n}": 1 for n in range(5_000)}, refused=True)
    yield Case(
        "documents", "many wrong keys", _definition({"headerss" + str(n): 1 for n in range(3_000)}), refused=True
    )
    yield Case(
        "documents",
        "a date without end",
        _definition({"headers": {"Date": {"before": "infinity"}}}),
        refused=True,
        told="before",
    )
    outage = _definition(faults={"outage": {"from": "infinity"}})
    yield Case("documents", "an outage without end", outage, refused=True, told="from")
    yield Case("documents", "a large number", _answering({"a": 10**30}))
    yield Case("documents", "half a surrogate", _answering("\ud800"))
    yield Case("documents", "a long id", {"id": "a" * 100_000, "response": {"body": "a"}}, refused=True, told="id")
    yield Case(
        "documents",
        "many variants",
        _definition(response={"variants": [{"response": {"body": f"{n}{{{{ uuid() }}}}"}} for n in range(2_000)]}),
        (Ask(),),
    )
    yield Case("documents", "a large body", _answering("x" * 5_000_000), (Ask(),))
    yield Case("documents", "a large JSON body", _answering({"a": ["x" * 100] * 40_000}), (Ask(),))


def every_case() -> Iterator[Case]:
    """Give all of them."""
    for kind in (documents, templates, patterns, json_matches, markup, bodies, files, resources):
        yield from kind()
