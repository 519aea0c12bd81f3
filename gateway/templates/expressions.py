"""Compiles expressions: a checked tree becomes an expression of Python that calls only our own bounded functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jinja2 import nodes

from gateway.templates import calls, fake, named, operators, output, things, values
from gateway.templates.code import Code, Notes
from gateway.templates.dates import now_iso
from gateway.templates.errors import ExpressionError
from gateway.templates.functions import FUNCTIONS
from gateway.templates.grammar import parse, refusal

_NESTED: Final = 3
_COMPARISONS: Final = {
    "eq": "equal", "ne": "unequal", "lt": "less", "lteq": "less_or_equal", "gt": "greater", "gteq": "greater_or_equal",
    "in": "contained", "notin": "not_contained",
}  # fmt: skip
_SIGNS: Final = {
    "Add": "add(b, {}, {})", "Sub": "subtract({}, {})", "Mul": "multiply({}, {})", "Div": "divide({}, {})",
    "FloorDiv": "floor_divide({}, {})", "Mod": "modulo({}, {})",
}  # fmt: skip


class Expressions:
    """Writes expressions, and notes what they need."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def value(self, node: nodes.Node) -> Code:
        """Write an expression as it is."""
        self.notes.cost += 1
        refused = refusal(node)
        if refused:
            raise ExpressionError(refused)
        return _WRITERS[type(node).__name__](self, node)

    def solid(self, node: nodes.Node) -> str:
        """Write an expression whose value is used: an absent one is an error where the template says so."""
        code = self.value(node)
        return code.text if code.solid or self.notes.missing == "empty" else f"present({code.text})"

    def item(self, node: nodes.Node) -> str:
        """Write an expression that becomes a part of JSON: null where it is absent."""
        return self.as_item(self.value(node))

    def as_item(self, code: Code) -> str:
        """Write what `item` writes, for an expression that is written already."""
        if code.solid:
            return code.text
        return f"plain({code.text})" if self.notes.missing == "empty" else f"present({code.text})"

    def written(self, code: Code, form: str) -> str:
        """Write how an expression is put out: as `text`, in a JSON `string`, as a `json` value or as `markup`."""
        text = code.text
        if self.notes.missing == "error" and not code.solid:
            text = f"present({text})"
        if code.gives == "int":
            return f"str({text})"
        if code.gives == "bool":
            return f"('true' if {text} else 'false')"
        if form == "text":
            return text if code.gives in ("plain", "text", "json") else f"text(b, {text})"
        if form == "string":
            return text if code.gives == "plain" else f"in_json_string(b, {text})"
        if form == "json":
            if code.gives == "plain":
                return f"'\"' + {text} + '\"'"
            return text if code.gives == "json" else f"as_json_value(b, {text})"
        return text if code.gives == "plain" else f"marked_up(b, {text})"

    def const(self, node: nodes.Const) -> Code:
        value = node.value
        if isinstance(value, str):
            if "{{" in value and "}}" in value.partition("{{")[2]:
                return self.nested(value)
            return Code(repr(value), "plain" if value.isalnum() else "text", solid=True, short=True)
        if isinstance(value, bool):
            return Code(repr(value), "bool", solid=True, short=True)
        return Code(repr(value), "int" if type(value) is int else "any", solid=True, short=True)

    def nested(self, source: str) -> Code:
        """Write a text that is itself a template: `state.get("otp:{{ request.json.phone }}")`."""
        if self.notes.nested >= _NESTED:
            raise ExpressionError("templates in texts are nested too deep")
        tree = parse(source, "a text in this expression").tree
        if any(not isinstance(one, nodes.Output) for one in tree.body):
            raise ExpressionError("a text inside an expression can hold {{ }}, but no {% %}")
        self.notes.nested += 1
        pieces = [
            repr(one.data) if isinstance(one, nodes.TemplateData) else self.solid(one)
            for body in tree.body
            for one in body.iter_child_nodes()
        ]
        self.notes.nested -= 1
        return Code(f"concat(b, {', '.join(pieces)})", "text", solid=True)

    def name(self, node: nodes.Name) -> Code:
        root = named.root_of(self, node)
        if root:
            return named.whole(root)
        found = self.notes.find(node.name)
        if isinstance(found, str):
            return Code(found)
        if node.name == "omit":
            self.notes.omits = True
            return Code("OMIT", solid=True)
        known = ", ".join(sorted(named.ROOTS - {"loop"}))
        hint = f"; write {node.name}()" if node.name in FUNCTIONS else ""
        raise ExpressionError(f"there is no {node.name!r} here{hint} (there are {known}, and what {{% set %}} made)")

    def look_up(self, node: nodes.Getattr | nodes.Getitem) -> Code:
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
            bounds = [self.item(one) if one else "None" for one in (node.arg.start, node.arg.stop, node.arg.step)]
            return Code(f"cut(b, {self.solid(node.node)}, {', '.join(bounds)})")
        found = named.looked_up(self, node)
        if found is not None:
            return found
        inner = self.value(node.node)
        return Code(f"look({inner.text}, {named.key_text(self, node)}, {named.told(node.node)!r})", short=inner.short)

    def list(self, node: nodes.List) -> Code:
        return Code(f"[{', '.join(map(self.item, node.items))}]", solid=True)

    def tuple(self, node: nodes.Tuple) -> Code:
        return self.list(nodes.List(node.items))

    def dict(self, node: nodes.Dict) -> Code:
        pairs = [f"{self.key(one.key)}: {self.item(one.value)}" for one in node.items]
        return Code(f"{{{', '.join(pairs)}}}", solid=True)

    def key(self, node: nodes.Node) -> str:
        code = self.value(node)
        return code.text if code.gives in ("plain", "text") else f"text(b, {code.text})"

    def condition(self, node: nodes.CondExpr) -> Code:
        test, yes = self.value(node.test), self.value(node.expr1)
        no = self.value(node.expr2) if node.expr2 is not None else Code("Absent('the value')")
        gives = yes.gives if yes.gives == no.gives else "any"
        text = f"({yes.text} if {test.text} else {no.text})"
        return Code(text, gives, solid=yes.solid and no.solid, short=yes.short and no.short)

    def calculation(self, node: nodes.BinExpr) -> Code:
        form = _SIGNS[type(node).__name__]
        return Code(form.format(self.solid(node.left), self.solid(node.right)), solid=True)

    def both(self, node: nodes.And) -> Code:
        left, right = self.value(node.left), self.value(node.right)
        gives = "bool" if left.gives == right.gives == "bool" else "any"
        return Code(f"({left.text} and {right.text})", gives, solid=left.solid and right.solid)

    def either(self, node: nodes.Or) -> Code:
        left, right = self.value(node.left), self.value(node.right)
        gives = "bool" if left.gives == right.gives == "bool" else "any"
        # What `or` gives is its right side wherever the left one is absent.
        return Code(f"({left.text} or {right.text})", gives, solid=right.solid, short=left.short and right.short)

    def negation(self, node: nodes.Not) -> Code:
        return Code(f"(not {self.value(node.node).text})", "bool", solid=True)

    def minus(self, node: nodes.Neg) -> Code:
        return Code(f"negative({self.solid(node.node)})", solid=True)

    def plus(self, node: nodes.Pos) -> Code:
        return Code(f"positive({self.solid(node.node)})", solid=True)

    def concatenation(self, node: nodes.Concat) -> Code:
        return Code(f"concat(b, {', '.join(map(self.solid, node.nodes))})", "text", solid=True)

    def comparison(self, node: nodes.Compare) -> Code:
        left = self.solid(node.expr)
        pairs: list[str] = []
        for at, operand in enumerate(node.ops):
            right = self.solid(operand.expr)
            if operand.op in ("eq", "ne") and isinstance(operand.expr, nodes.Const) and len(node.ops) == 1:
                sign = "==" if operand.op == "eq" else "!="
                return Code(f"({left} {sign} {right})", "bool", solid=True)
            following = ""
            if at + 1 < len(node.ops):
                following = self.notes.name("t")
                right = f"({following} := {right})"
            pairs.append(f"{_COMPARISONS[operand.op]}(b, {left}, {right})")
            left = following
        return Code(f"({' and '.join(pairs)})", "bool", solid=True)


_WRITERS: Final[dict[str, Callable[[Expressions, Any], Code]]] = {
    **dict.fromkeys(_SIGNS, Expressions.calculation),
    "And": Expressions.both,
    "Call": calls.call,
    "Compare": Expressions.comparison,
    "Concat": Expressions.concatenation,
    "CondExpr": Expressions.condition,
    "Const": Expressions.const,
    "Dict": Expressions.dict,
    "Filter": calls.filtered,
    "Getattr": Expressions.look_up,
    "Getitem": Expressions.look_up,
    "List": Expressions.list,
    "Name": Expressions.name,
    "Neg": Expressions.minus,
    "Not": Expressions.negation,
    "Or": Expressions.either,
    "Pos": Expressions.plus,
    "Test": calls.asked,
    "Tuple": Expressions.tuple,
}

PROGRAM: Final[dict[str, Any]] = {
    **calls.PROGRAM,
    **{name: getattr(operators, name) for name in (
        "add", "subtract", "multiply", "divide", "floor_divide", "modulo", "negative", "positive", "concat", "cut",
        *_COMPARISONS.values(),
    )},
    **{name: getattr(output, name) for name in (
        "as_json_value", "in_json_string", "joined", "json_for_script", "marked_up", "put",
    )},
    **{name: getattr(things, name) for name in (
        "first", "firsts", "graphql", "header", "header_or", "json_body", "parts", "parts_all", "query_string",
        "segments", "url", "xml",
    )},
    **{name: getattr(values, name) for name in (
        "Absent", "OMIT", "kept", "look", "plain", "present", "pruned", "text",
    )},
    "fake": fake.fake,
    "now_iso": now_iso,
}  # fmt: skip
"""The names that a program's expressions may use."""
