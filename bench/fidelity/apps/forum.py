"""A forum in JSON:API style: members with tokens, boards, topics that lock and go, posts, likes, and notifications."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

Record = dict[str, Any]
Shown = Callable[[Record, Record | None], Record]

MEDIA: Final = "application/vnd.api+json"
BOARDS: Final[dict[str, Record]] = {
    "announcements": {"id": "1", "title": "Announcements", "description": "News from the team", "readOnly": True},
    "general": {"id": "2", "title": "General", "description": "Anything and everything", "readOnly": False},
    "help": {"id": "3", "title": "Help & Support", "description": "Ask, and be helped", "readOnly": False},
    "showcase": {"id": "4", "title": "Showcase", "description": "Show what you made", "readOnly": False},
}

SORTABLE: Final = ("created", "title", "postCount", "lastPosted", "likeCount", "number")

_numbers: Final = {kind: count(1) for kind in ("users", "sessions", "topics", "posts", "notifications")}
_tables: dict[str, dict[str, Record]] = {kind: {} for kind in _numbers}
_tokens: dict[str, str] = {}


class RefusedError(Exception):
    """A refusal, answered as a list of errors with what each is about."""

    def __init__(self, status: int, detail: str, /, **source: str) -> None:
        self.status, self.errors = status, [(detail, source)]


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        error = RefusedError(400, str(error))
    status = {"status": str(error.status), "title": HTTPStatus(error.status).phrase}
    errors = [{**status, "detail": detail, **({"source": source} if source else {})} for detail, source in error.errors]
    return JSONResponse({"errors": errors}, error.status, media_type=MEDIA)


def answer(data: object, status: int = 200, /, headers: dict[str, str] | None = None, **more: object) -> Response:
    return JSONResponse({"data": data, **more}, status, headers, MEDIA)


def made(data: Record, **more: object) -> Response:
    return answer(data, 201, {"Location": data["links"]["self"]}, **more)


async def attributes(request: Request, kind: str, *required: str) -> Record:
    """Read the attributes of a resource of a kind; an id in the document must be that of the path."""
    if request.headers.get("content-type", "").split(";")[0] != MEDIA:
        raise RefusedError(415, f"The content type must be {MEDIA}")
    data = (await json_object(request)).get("data")
    if not isinstance(data, dict) or not isinstance(data.get("attributes"), dict):
        raise RefusedError(400, "The document must have data with attributes", pointer="/data")
    if data.get("type") != kind:
        raise RefusedError(409, f"The type must be {kind}, not {data.get('type')}", pointer="/data/type")
    if data.get("id") != request.path_params.get("id") and request.method == "PATCH":
        raise RefusedError(409, "The id does not match the endpoint", pointer="/data/id")
    blank = RefusedError(422, "")
    blank.errors = [
        (f"The {name} field is required.", {"pointer": f"/data/attributes/{name}"})
        for name in required
        if not data["attributes"].get(name)
    ]
    if blank.errors:
        raise blank
    return dict(data["attributes"])


def add(kind: str, /, **values: object) -> Record:
    one: Record = {"id": str(next(_numbers[kind])), **values, "created": now()}
    _tables[kind][one["id"]] = one
    return one


def caller(request: Request) -> Record | None:
    token = bearer(request)
    if token and token not in _tokens:
        raise RefusedError(401, "The token is not valid or was revoked")
    return _tables["users"][_tokens[token]] if token else None


def member(request: Request) -> Record:
    user = caller(request)
    if user is None:
        raise RefusedError(401, "Sign in to do this")
    return user


def known(request: Request, kind: str) -> Record:
    number = request.path_params["id"]
    one = _tables[kind].get(number)
    if one is None:
        raise RefusedError(404, f"There is no resource of type {kind} with id {number}")
    if one.get("deleted") or (kind == "posts" and _tables["topics"][one["topic"]]["deleted"]):
        raise RefusedError(410, f"This {kind[:-1]} has been deleted")
    return one


def own(request: Request, kind: str) -> Record:
    user, one = member(request), known(request, kind)
    if one["author"] != user["id"]:
        raise RefusedError(403, f"Only its author may change this {kind[:-1]}")
    return one


def kept(kind: str, /, **wanted: object) -> list[Record]:
    """Give the records of a kind with these values that are not deleted."""
    found = [one for one in _tables[kind].values() if not one.get("deleted")]
    return [one for one in found if all(one[name] == value for name, value in wanted.items())]


def resource(kind: str, number: str, path: str, shown: Record, **related: tuple[str, str]) -> Record:
    relationships = {name: {"data": {"type": to, "id": which}} for name, (to, which) in related.items()}
    with_related = {"relationships": relationships} if relationships else {}
    return {"type": kind, "id": number, "attributes": shown, **with_related, "links": {"self": f"/api{path}"}}


def user_shown(user: Record, viewer: Record | None) -> Record:
    posts = kept("posts", author=user["id"])
    shown = {"username": user["username"], "bio": user["bio"], "created": user["created"]}
    shown |= {"topicCount": len(kept("topics", author=user["id"])), "postCount": len(posts)}
    shown |= {"likesReceived": sum(len(post["likes"]) for post in posts)}
    shown |= {"email": user["email"]} if viewer is user else {}
    return resource("users", user["id"], f"/users/{user['id']}", shown)


def board_shown(slug: str) -> Record:
    shown = {"slug": slug, **BOARDS[slug], "topicCount": len(kept("topics", board=slug))}
    return resource("boards", str(shown.pop("id")), f"/boards/{slug}", shown)


def topic_shown(topic: Record, _: Record | None) -> Record:
    posts = kept("posts", topic=topic["id"])
    shown = {name: topic[name] for name in ("title", "tags", "locked", "created")}
    shown |= {"postCount": len(posts), "lastPosted": posts[-1]["created"]}
    board, author = ("boards", BOARDS[topic["board"]]["id"]), ("users", topic["author"])
    return resource("topics", topic["id"], f"/topics/{topic['id']}", shown, author=author, board=board)


def post_shown(post: Record, viewer: Record | None) -> Record:
    shown = {name: post[name] for name in ("body", "number", "created", "edited")}
    shown |= {"likeCount": len(post["likes"]), "liked": bool(viewer and viewer["id"] in post["likes"])}
    author, topic = ("users", post["author"]), ("topics", post["topic"])
    return resource("posts", post["id"], f"/posts/{post['id']}", shown, author=author, topic=topic)


def note_shown(note: Record, _: Record | None) -> Record:
    shown = {"kind": note["kind"], "read": note["read"], "created": note["created"]}
    actor, post = ("users", note["actor"]), ("posts", note["post"])
    return resource("notifications", note["id"], f"/notifications/{note['id']}", shown, actor=actor, post=post)


def listed(request: Request, found: list[Record], shown: Shown, **meta: object) -> Response:
    """Give a page of the records in the order asked for, with the included authors."""
    asked, viewer = dict(request.query_params), caller(request)
    resources = in_order([shown(one, viewer) for one in found], asked.get("sort", "created"))
    number, size = asked.get("page[number]", "1"), asked.get("page[size]", "10")
    if not number.isdecimal() or not size.isdecimal() or not (int(number) and 0 < int(size) <= 50):
        raise RefusedError(400, "page[number] starts at 1, page[size] is 1 to 50", parameter="page")
    here, each, last = int(number), int(size), max(-(-len(found) // int(size)), 1)
    page = resources[(here - 1) * each : here * each]
    places = {"self": here, "first": 1, "prev": here - 1, "next": here + 1, "last": last}
    urls = {at: f"{request.url.path}?{urlencode({**asked, 'page[number]': at})}" for at in range(1, last + 1)}
    total = {"total": len(found), "pages": last, **meta}
    return answer(page, **included(request, page), meta=total, links={rel: urls.get(at) for rel, at in places.items()})


def in_order(resources: list[Record], sort: str) -> list[Record]:
    name = sort.removeprefix("-")
    if name not in SORTABLE or any(name not in one["attributes"] for one in resources):
        raise RefusedError(400, f"Cannot sort by {name}", parameter="sort")
    return sorted(resources, key=lambda one: (one["attributes"][name], int(one["id"])), reverse=sort.startswith("-"))


def included(request: Request, page: list[Record]) -> Record:
    wanted = request.query_params.get("include")
    if wanted is None:
        return {}
    if wanted != "author" or any("author" not in one["relationships"] for one in page):
        raise RefusedError(400, f"Cannot include {wanted}", parameter="include")
    authors = {one["relationships"]["author"]["data"]["id"]: None for one in page}
    return {"included": [user_shown(_tables["users"][number], None) for number in authors]}


async def register(request: Request) -> Response:
    asked = await attributes(request, "users", "username", "email", "password")
    if kept("users", username=asked["username"]):
        raise RefusedError(422, "The username has already been taken.", pointer="/data/attributes/username")
    if len(str(asked["password"])) < 8:
        detail = "The password must be at least 8 characters."
        raise RefusedError(422, detail, pointer="/data/attributes/password")
    user = add("users", **{name: asked[name] for name in ("username", "email", "password")}, bio=asked.get("bio"))
    return made(user_shown(user, user))


async def sign_in(request: Request) -> Response:
    asked = await attributes(request, "sessions", "username", "password")
    found = kept("users", username=asked["username"], password=asked["password"])
    if not found:
        raise RefusedError(401, "The username or the password is wrong")
    session, token = add("sessions", user=found[0]["id"]), secrets.token_urlsafe(32)
    _tokens[token] = found[0]["id"]
    shown = {"token": token, "created": session["created"]}
    data = resource("sessions", session["id"], "/sessions/current", shown, user=("users", found[0]["id"]))
    return made(data, included=[user_shown(found[0], found[0])])


async def sign_out(request: Request) -> Response:
    member(request)
    del _tokens[bearer(request)]
    return Response(status_code=204)


async def user(request: Request) -> Response:
    viewer, found = caller(request), known(request, "users")
    if request.method == "PATCH":
        if member(request) is not found:
            raise RefusedError(403, "You may change your own profile only")
        found["bio"] = (await attributes(request, "users")).get("bio", found["bio"])
    return answer(user_shown(found, viewer))


async def boards(_: Request) -> Response:
    return answer([board_shown(slug) for slug in BOARDS], meta={"total": len(BOARDS)})


def board_of(request: Request) -> str:
    slug = str(request.path_params["slug"])
    if slug not in BOARDS:
        raise RefusedError(404, f"There is no board {slug}")
    return slug


async def board(request: Request) -> Response:
    return answer(board_shown(board_of(request)))


async def topics(request: Request) -> Response:
    wanted = {"board": board_of(request)} if "slug" in request.path_params else {}
    wanted |= {name: value for name in ("board", "author") if (value := request.query_params.get(f"filter[{name}]"))}
    tag = request.query_params.get("filter[tag]")
    return listed(request, [one for one in kept("topics", **wanted) if tag in (None, *one["tags"])], topic_shown)


async def open_topic(request: Request) -> Response:
    author, slug = member(request), board_of(request)
    if BOARDS[slug]["readOnly"]:
        raise RefusedError(403, f"Only the team may open topics in {slug}")
    asked = await attributes(request, "topics", "title", "body")
    values = {"title": asked["title"], "tags": asked.get("tags", []), "board": slug, "author": author["id"]}
    topic = add("topics", **values, locked=False, deleted=False)
    add_post(topic, author, asked["body"])
    return made(topic_shown(topic, author))


def add_post(topic: Record, author: Record, body: str) -> Record:
    topic["posted"] = topic.get("posted", 0) + 1
    values = {"topic": topic["id"], "author": author["id"], "body": body, "number": topic["posted"]}
    return add("posts", **values, edited=None, likes={}, deleted=False)


def notify(to: str, kind: str, actor: Record, post: Record) -> None:
    if to != actor["id"]:
        add("notifications", to=to, kind=kind, actor=actor["id"], post=post["id"], read=False)


async def topic(request: Request) -> Response:
    found = known(request, "topics")
    if request.method == "GET":
        data = topic_shown(found, None)
        return answer(data, **included(request, [data]))
    own(request, "topics")
    if request.method == "DELETE":
        found["deleted"] = True
        for post in kept("posts", topic=found["id"]):
            post["deleted"] = True
        return Response(status_code=204)
    asked = await attributes(request, "topics")
    found |= {name: asked[name] for name in ("title", "tags", "locked") if name in asked}
    return answer(topic_shown(found, None))


async def posts(request: Request) -> Response:
    return listed(request, kept("posts", topic=known(request, "topics")["id"]), post_shown)


async def write(request: Request) -> Response:
    author, topic = member(request), known(request, "topics")
    if topic["locked"]:
        raise RefusedError(423, "The topic is locked; nobody can post in it")
    post = add_post(topic, author, (await attributes(request, "posts", "body"))["body"])
    notify(topic["author"], "reply", author, post)
    return made(post_shown(post, author))


async def post(request: Request) -> Response:
    found = known(request, "posts")
    if request.method == "GET":
        data = post_shown(found, caller(request))
        return answer(data, **included(request, [data]))
    own(request, "posts")
    if request.method == "DELETE":
        if found["number"] == 1:
            raise RefusedError(409, "The first post goes with its topic only")
        found["deleted"] = True
        return Response(status_code=204)
    found |= {"body": (await attributes(request, "posts", "body"))["body"], "edited": now()}
    return answer(post_shown(found, caller(request)))


async def like(request: Request) -> Response:
    user, post = member(request), known(request, "posts")
    if post["author"] == user["id"]:
        raise RefusedError(403, "You cannot like your own post")
    if request.method == "DELETE":
        if post["likes"].pop(user["id"], None) is None:
            raise RefusedError(404, "You have not liked this post")
        return Response(status_code=204)
    if user["id"] in post["likes"]:
        raise RefusedError(409, "You have liked this post already")
    post["likes"][user["id"]] = now()
    notify(post["author"], "like", user, post)
    return answer(liking(post), meta={"likeCount": len(post["likes"])})


def liking(post: Record) -> list[Record]:
    return [{"type": "users", "id": number, "meta": {"likedAt": at}} for number, at in post["likes"].items()]


async def likes(request: Request) -> Response:
    data = liking(known(request, "posts"))
    return answer(data, meta={"likeCount": len(data)})


async def notes(request: Request) -> Response:
    mine = kept("notifications", to=member(request)["id"])
    unread = [one for one in mine if not one["read"]]
    wanted = unread if request.query_params.get("filter[read]") == "false" else mine
    return listed(request, wanted, note_shown, unread=len(unread))


async def read(request: Request) -> Response:
    user, note = member(request), known(request, "notifications")
    if note["to"] != user["id"]:
        raise RefusedError(404, f"There is no resource of type notifications with id {note['id']}")
    note["read"] = (await attributes(request, "notifications")).get("read") is True
    unread = len(kept("notifications", to=user["id"], read=False))
    return answer(note_shown(note, user), meta={"unread": unread})


app = Starlette(
    routes=[
        Route("/api/users", register, methods=["POST"]),
        Route("/api/users/{id}", user, methods=["GET", "PATCH"]),
        Route("/api/sessions", sign_in, methods=["POST"]),
        Route("/api/sessions/current", sign_out, methods=["DELETE"]),
        Route("/api/boards", boards),
        Route("/api/boards/{slug}", board),
        Route("/api/boards/{slug}/topics", topics),
        Route("/api/boards/{slug}/topics", open_topic, methods=["POST"]),
        Route("/api/topics", topics),
        Route("/api/topics/{id}", topic, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/topics/{id}/posts", posts),
        Route("/api/topics/{id}/posts", write, methods=["POST"]),
        Route("/api/posts/{id}", post, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/posts/{id}/relationships/likes", likes),
        Route("/api/posts/{id}/relationships/likes", like, methods=["POST", "DELETE"]),
        Route("/api/notifications", notes),
        Route("/api/notifications/{id}", read, methods=["PATCH"]),
    ],
    exception_handlers={BodyError: refused, RefusedError: refused},
)
