"""The named things of a context as templates see them: parts of the request, the state, the resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from cassettes.elements import shown_element
from gateway.context import Context
from gateway.templates.budget import Budget
from gateway.templates.errors import ExpressionError
from gateway.templates.functions import Function
from gateway.templates.objects import find
from gateway.templates.values import Absent, known, plain, text, weigh, whole
from gateway.view import MISSING, BodyPart, RequestView

_KEY: Final = 1000


def header(view: RequestView, name: str, inside: str) -> Any:
    """Give a header's first value; `_` and `-` are the same where no header has the name as it is written."""
    lowered = name.lower()
    found = view.header(lowered)
    if found is None and "_" in lowered:
        found = view.header(lowered.replace("_", "-"))
    return Absent(name, inside) if found is None else found


def header_or(budget: Budget, view: RequestView, name: Any, default: Any = None) -> Any:
    """Give a header's first value, or the default: `request.headers.get(name, default)`."""
    found = header(view, text(budget, name)[:_KEY], "request.headers")
    return default if isinstance(found, Absent) else found


def first(values: Mapping[str, list[str]], name: Any, inside: str) -> Any:
    """Give the first value of a repeated field."""
    found = values.get(name) if isinstance(name, str) else None
    return found[0] if found else Absent(str(name), inside)


def firsts(values: Mapping[str, list[str]]) -> dict[str, str]:
    """Give each field with its first value."""
    return {name: found[0] for name, found in values.items()}


def url(view: RequestView) -> str:
    """Give the request's URL."""
    request = view.request
    return f"{request.scheme}://{view.header('host') or ''}{request.target.decode('latin-1')}"


def query_string(view: RequestView) -> str:
    """Give the query as it was sent."""
    return view.request.query.decode("latin-1")


def segments(view: RequestView) -> list[str]:
    """Give the parts of the path between its slashes."""
    return view.path.split("/")[1:]


def parts(view: RequestView) -> dict[str, Any]:
    """Give the parts of a multipart body by name, of several of one name the first."""
    return {name: _part(part) for name, part in view.parts.items()}


def parts_all(view: RequestView) -> dict[str, Any]:
    """Give all parts of a multipart body by name, in their order."""
    return {name: list(map(_part, several)) for name, several in view.parts_all.items()}


def _part(part: BodyPart) -> dict[str, Any]:
    return {
        "name": part.name,
        "filename": part.filename,
        "content_type": part.content_type,
        "data": part.data,
        "text": part.data.decode("utf-8", "replace"),
    }


def graphql(view: RequestView) -> Any:
    """Give the GraphQL call's operation, type, variables and query."""
    call = view.graphql
    if call is None:
        return Absent("request.graphql")
    variables = dict(call.variables)
    return {"operation": call.operation, "type": call.type, "variables": variables, "query": call.query}


def xml(view: RequestView) -> Any:
    """Give the XML body as an object: `root.item[0]`, attributes as `@name`, text beside them as `#text`."""
    root = view.xml
    if root is None or root is MISSING:
        return Absent("request.xml")
    root = root.getroot() if hasattr(root, "getroot") else root
    try:
        return shown_element(root)
    except ValueError:
        raise ExpressionError("the XML body is too large for a template") from None


def json_body(view: RequestView) -> Any:
    """Give the JSON body, Absent where there is none."""
    return known(view.json, "request.json")


def _key(budget: Budget, key: Any) -> str:
    shown = text(budget, key)
    if not 0 < len(shown) <= _KEY:
        raise ExpressionError(f"a key of the state is a text of 1 to {_KEY} characters")
    return shown


def _kept(budget: Budget, value: Any) -> Any:
    weigh(budget, value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return text(budget, value)
    return plain(value)


def _seconds(ttl: Any) -> float | None:
    if ttl is None:
        return None
    if type(ttl) not in (int, float) or ttl <= 0:
        raise ExpressionError("ttl is a number of seconds above 0")
    return float(ttl)


async def state_get(context: Context, budget: Budget, key: Any, default: Any = None) -> Any:
    """Give what is kept under the key, or the default."""
    return await context.state.get(_key(budget, key), default)


async def state_set(context: Context, budget: Budget, key: Any, value: Any, ttl: Any = None) -> Any:
    """Keep a value under the key, for `ttl` seconds where they are given; gives the value."""
    kept = _kept(budget, value)
    await context.state.set(_key(budget, key), kept, _seconds(ttl))
    return kept


async def state_delete(context: Context, budget: Budget, key: Any) -> bool:
    """Forget what is kept under the key; says whether there was something."""
    return await context.state.delete(_key(budget, key))


async def state_incr(context: Context, budget: Budget, key: Any, by: Any = 1, ttl: Any = None) -> int:
    """Add to a counter; gives its new value."""
    return await context.state.incr(_key(budget, key), whole(by, "state.incr"), _seconds(ttl))


async def state_cas(context: Context, budget: Budget, key: Any, expected: Any, value: Any) -> bool:
    """Keep a value where the expected one is kept now; says whether it was."""
    return await context.state.cas(_key(budget, key), _kept(budget, expected), _kept(budget, value))


async def state_push(context: Context, budget: Budget, key: Any, value: Any) -> int:
    """Add to the end of a list; gives its new length."""
    return await context.state.push(_key(budget, key), _kept(budget, value))


async def state_pop(context: Context, budget: Budget, key: Any) -> Any:
    """Take the last item off a list."""
    return await context.state.pop(_key(budget, key))


async def state_items(context: Context, budget: Budget, key: Any) -> list[Any]:
    """Give the items of a list."""
    return await context.state.items(_key(budget, key))


async def resource_get(context: Context, budget: Budget, name: Any, item: Any) -> Any:
    """Give an item of a resource by its id or key; Absent where there is none."""
    key = text(budget, item)
    found = await context.resources.find(_key(budget, name), key) if 0 < len(key) <= _KEY else MISSING
    return Absent("an item of that id", f"resource.{name}") if found is MISSING else found


async def resource_has(context: Context, budget: Budget, name: Any, item: Any) -> bool:
    """Say whether there is an item of that id or key."""
    key = text(budget, item)
    return 0 < len(key) <= _KEY and await context.resources.find(_key(budget, name), key) is not MISSING


async def resource_all(context: Context, budget: Budget, name: Any) -> list[Any]:
    """Give all items of a resource."""
    return await resource_under(context, budget, name, "")


async def resource_under(context: Context, budget: Budget, name: Any, prefix: Any) -> list[Any]:
    """Give the items whose keys begin so."""
    found = await context.resources.all(_key(budget, name), text(budget, prefix)[:_KEY])
    budget.spend(len(found))
    return found


async def resource_children(context: Context, budget: Budget, name: Any, parent: Any = "") -> list[Any]:
    """Give the items directly below a key, as the files in a folder: their keys have one part more."""
    key = text(budget, parent)[:_KEY]
    prefix = f"{key}/" if key else ""
    found = await context.resources.entries(_key(budget, name), prefix)
    budget.spend(len(found))
    return [item for own, item in found.items() if "/" not in own[len(prefix) :]]


async def resource_count(context: Context, budget: Budget, name: Any, prefix: Any = "") -> int:
    """Give how many items a resource has, or how many whose keys begin so."""
    return len(await resource_under(context, budget, name, prefix))


async def resource_find(context: Context, budget: Budget, name: Any, field: Any, value: Any, prefix: Any = "") -> Any:
    """Give the first item whose (dotted) field is that, compared as text; Absent where there is none."""
    found = find(budget, await resource_under(context, budget, name, prefix), field, value)
    return Absent("an item with that field", f"resource.{name}") if found is None else found


async def resource_next_id(context: Context, budget: Budget, name: Any, field: Any = "id") -> int:
    """Give one more than the highest integer that the (dotted) field of any item ever was; never the same twice."""
    return await context.resources.next_number(_key(budget, name), _key(budget, field))


def _waiting(call: Callable[..., Any], gives: str = "any", *, solid: bool = True) -> Function:
    return Function(call, ("c", "b"), 50, gives, waits=True, solid=solid)


STATE: Final[dict[str, Function]] = {
    "cas": _waiting(state_cas, "bool"),
    "delete": _waiting(state_delete, "bool"),
    "get": _waiting(state_get),
    "incr": _waiting(state_incr, "int"),
    "items": _waiting(state_items),
    "pop": _waiting(state_pop),
    "push": _waiting(state_push, "int"),
    "set": _waiting(state_set),
}
RESOURCE: Final[dict[str, Function]] = {
    "all": _waiting(resource_all),
    "children": _waiting(resource_children),
    "count": _waiting(resource_count, "int"),
    "find": _waiting(resource_find, solid=False),
    "get": _waiting(resource_get, solid=False),
    "has": _waiting(resource_has, "bool"),
    "next_id": _waiting(resource_next_id, "int"),
    "under": _waiting(resource_under),
}
