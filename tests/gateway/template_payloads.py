"""Templates that have taken template engines down, or reached the objects behind them; each is to end in an error."""

import json

BODY = json.dumps({
    "list": list(range(100_000)), "text": "a" * 1_500_000, "many": ["x" * 100] * 10_000, "s": "ab" * 1000,
    "nest": [[number] * 10 for number in range(10_000)],
}).encode()  # fmt: skip


def _doubled(start, step, times=60, end="{{ a }}"):
    return f"{{% set a = {start} %}}" + f"{{% set a = {step} %}}" * times + end


def _looped(inside, count=10_000):
    return f"{{% for i in range({count}) %}}{inside}{{% endfor %}}"


MEMORY_AND_TIME = {
    "a repeated text": '{{ "a" * 1000000000 }}',
    "a repeated text, unknown until run": '{% set a = "a" %}{% set n = 1000000000 %}{{ a * n }}',
    "a repeated list": "{{ [0] * 300000000 }}",
    "a wide format": '{{ "%0999999999d" | format(1) }}',
    "a wide format by operator": '{{ "%0999999999d" % 1 }}',
    "a wide format by method": '{{ "{:>999999999}".format(1) }}',
    "center": '{{ "a" | center(1000000000) }}',
    "a method that pads": '{{ "a".ljust(1000000000) }}',
    "zeros": '{{ "a".zfill(1000000000) }}',
    "replace": '{{ request.json.text | replace("a", request.json.s) }}',
    "replace of nothing": '{{ request.json.s | replace("", request.json.s) }}',
    "join": "{{ range(10000) | join(request.json.s) }}",
    "a text doubled by ~": _doubled('"aaaaaaaaaa"', "a ~ a"),
    "a text doubled by +": _doubled('"aaaaaaaaaa"', "a + a"),
    "a list doubled": _doubled("[1]", "a + a"),
    "a list in a list twice": _doubled("[1]", "[a, a]", 35),
    "an object in an object twice": _doubled("{}", '{"a": a, "b": a}', 35, "{{ a | tojson | length }}"),
    "two such lists compared": _doubled("[1]", "[a, a]", 30, "") + _doubled("[1]", "[a, a]", 0, "").replace(" a ", " b ")
    + "{% set b = [b, b] %}" * 30 + "{{ a == b }}",
    "numbers squared": _doubled("99999", "a * a"),
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a long number": "{{ " + "9" * 5000 + " }}",
    "a long hexadecimal number": "{{ 0x" + "f" * 50_000 + " }}",
    "no finite number": "{{ 1e999 }}",
    "a long range": "{{ range(100000000) }}",
    "loops in loops": _looped(_looped("x", 9999), 9999),
    "a loop over a long text": "{% for c in request.json.text %}{{ c }}{% endfor %}",
    "lipsum": "{{ lipsum(n=2000000) }}",
    "slice": "{{ range(10) | slice(50000000) | list }}",
    "batch": "{{ range(10) | batch(50000000, 1) | list }}",
    "wordwrap": "{{ request.json.text | wordwrap(1) }}",
    "indent": '{{ "a" | indent(1000000000) }}',
    "urlize": "{{ request.json.text | urlize }}",
    "a template of two megabytes": "{{ 1 }}" * 300_000,
    "many expressions": "{{ 1 }}" * 9000,
    "a long sum": "{{ " + "+".join("1" * 20_000) + " }}",
    "deep parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep lists": "{{ " + "[" * 200 + "]" * 200 + " }}",
    "many signs": "{{ " + "-" * 3000 + "1 }}",
    "many filters": "{{ 1" + "|string" * 3000 + " }}",
    "many look-ups": "{{ request.json" + ".a" * 3000 + " }}",
    "deep conditions": "{% if 1 %}" * 300 + "{% endif %}" * 300,
    "deep loops": "{% for a in [1, 2] %}" * 30 + "{% endfor %}" * 30,
    "an endless macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a recursive loop": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "much output": "{{ request.json.text }}{{ request.body }}" * 5,
    "much output as JSON": "{{ request.json }}" * 500,
    "large values compared": _looped("{{ request.json == request.json }}"),
    "large lists sorted": _looped("{{ request.json.many | sort | length }}"),
    "large texts made": _looped("{% set a = request.json.many | join %}"),
    "large texts cut": _looped("{% set a = request.json.text[1:] %}"),
    "large texts searched": _looped('{{ request.json.s ~ "x" in request.json.text }}'),
    "map of map": '{{ request.json.many | map("map", "map", "upper") | list }}',
    "a long body of a loop": _looped("{{ request.json.a.b.c }}" * 100),
    "much made up": _looped("{{ faker.text() }}"),
    "a long text made up": "{{ faker.text(max_nb_chars=100000000) }}",
    "many words made up": "{{ faker.words(100000000) }}",
    "bytes made up": "{{ faker.binary(100000000) }}",
    "a long token": "{{ random_token(1000000000) }}",
    "a pattern of a million": '{{ random_regex("(a{1000}){1000}") }}',
    "a pattern of nothing, often": '{{ random_regex("((((a{0}){1000}){1000}){1000}){1000}") }}',
    "a large pattern": '{{ request.json.s | regex_search("a{1000}{1000}") }}',
    "a pattern over a long text": '{{ request.json.text | regex_search("(.*a){20}") }}',
    "a wide date": '{{ now(format="%999999999Y") }}',
    "a far date": '{{ now(offset="999999999w") }}',
    "large claims": '{{ jwt(request.json, "k") }}',
    "many parts": '{{ request.json.text.split("a") | length }}',
    "a large key": "{{ request.json.nest | dictsort }}",
}  # fmt: skip

OBJECTS = {
    "a class": '{{ "".__class__ }}',
    "subclasses": "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "the filter attr": '{{ "" | attr("__class__") }}',
    "attr of format (CVE-2025-27516)": '{{ ("a" | attr("format"))(1) }}',
    "format (CVE-2016-10745)": '{{ "{0.__class__}".format(1) }}',
    "format_map (CVE-2019-10906)": '{{ "{x.__class__}".format_map({"x": 1}) }}',
    "a stored format (CVE-2024-56326)": '{% set f = "{0.__class__}".format %}{{ f(1) }}',
    "map of format": '{{ ["{0.__class__.__mro__}"] | map("format", 1) | list }}',
    "a name of a file (CVE-2024-56201)": "{% include \"x\\n__import__('os')\" %}",
    "globals": "{{ request.__init__.__globals__ }}",
    "cycler": '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
    "self": "{{ self.__init__ }}",
    "joiner": '{{ joiner("x") }}',
    "namespace": "{{ namespace(a=1) }}",
    "import": '{% import "os" as os %}',
    "extends": '{% extends "x" %}',
    "providers": "{{ faker.get_providers() }}",
    "faker's class": "{{ faker.__class__() }}",
    "arguments as a dict": '{{ hash(**{"a": 1}) }}',
}
