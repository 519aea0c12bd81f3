"""A blog: accounts with signed tokens, posts with slugs and drafts, tags, comments, likes, follows, a feed, search."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, bearer, json_object, now

Row = dict[str, Any]

_SECRET: Final = secrets.token_bytes(32)
SEEDED_AT: Final = "2026-02-03T08:15:00.000Z"


class FailureError(Exception):
    """A refusal: its status and its body."""

    def __init__(self, status: int, body: Row) -> None:
        self.status, self.body = status, body


class Blog:
    """All that the blog keeps."""

    def __init__(self) -> None:
        self.users: dict[int, Row] = {}
        self.passwords: dict[int, str] = {}
        self.posts: dict[str, Row] = {}
        self.comments: dict[int, Row] = {}
        self.likes: set[tuple[int, int]] = set()
        self.follows: set[tuple[int, int]] = set()
        editor = self.add_user("editor", "editor@blog.example", secrets.token_hex(8), at="2026-01-15T10:00:00.000Z")
        for title, tags in (("Welcome to the blog", ["meta"]), ("House rules", ["meta", "howto"])):
            post = self.add_post(editor, title, f"{title}. Please read on.", tags, at=SEEDED_AT)
            post |= {"status": "published", "published_at": SEEDED_AT}

    def add_user(self, username: str, email: str, password: str, at: str = "") -> Row:
        number = len(self.users) + 1
        user = {"id": number, "username": username, "email": email, "bio": None, "created_at": at or now()}
        self.users[number], self.passwords[number] = user, password
        return user

    def slug_of(self, title: str) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        taken = sum(1 for other in self.posts if re.fullmatch(re.escape(slug) + r"(-\d+)?", other))
        return f"{slug}-{taken + 1}" if taken else slug

    def add_post(self, author: Row, title: str, body: str, tags: list[str], at: str = "") -> Row:
        post: Row = {"id": 100 + len(self.posts) + 1, "slug": self.slug_of(title), "title": title, "body": body}
        post |= {"tags": sorted(set(tags)), "status": "draft", "author_id": author["id"], "lock_version": 0}
        post |= {"published_at": None, "created_at": at or now(), "gone": False}
        post["updated_at"] = post["created_at"]
        self.posts[post["slug"]] = post
        return post


blog: Final = Blog()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(user: Row) -> str:
    issued = int(time.time())
    claims = {"sub": user["id"], "name": user["username"], "iat": issued, "exp": issued + 86400}
    head = b64(b'{"alg":"HS256","typ":"JWT"}') + "." + b64(json.dumps({**claims, "jti": secrets.token_hex(8)}).encode())
    return head + "." + b64(hmac.digest(_SECRET, head.encode(), hashlib.sha256))


def viewer(request: Request) -> Row | None:
    head, _, signature = bearer(request).rpartition(".")
    if not head or not hmac.compare_digest(signature, b64(hmac.digest(_SECRET, head.encode(), hashlib.sha256))):
        return None
    claims = head.split(".")[1]
    found: int = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]
    return blog.users[found]


def signed_in(request: Request) -> Row:
    if "authorization" not in request.headers:
        raise FailureError(401, {"error": "You need to sign in before continuing"})
    user = viewer(request)
    if user is None:
        raise FailureError(401, {"error": "Invalid or expired token"})
    return user


def invalid(**errors: str) -> FailureError:
    return FailureError(422, {"errors": {field: [message] for field, message in errors.items()}})


def author_of(post: Row) -> Row:
    user = blog.users[post["author_id"]]
    return {"id": user["id"], "username": user["username"]}


def shown(post: Row, user: Row | None) -> Row:
    likes = [who for what, who in blog.likes if what == post["id"]]
    comments = sum(1 for one in blog.comments.values() if one["post_id"] == post["id"])
    hidden = ("author_id", "gone")
    body: Row = {name: value for name, value in post.items() if name not in hidden}
    body |= {"author": author_of(post), "likes_count": len(likes), "comments_count": comments}
    return {**body, "liked": user is not None and user["id"] in likes}


def post_of(request: Request, user: Row | None) -> Row:
    post = blog.posts.get(request.path_params["slug"])
    hidden = post is not None and post["status"] == "draft" and (user is None or user["id"] != post["author_id"])
    if post is None or post["gone"] or hidden:
        raise FailureError(404, {"error": "Post not found"})
    return post


def own_post(request: Request) -> Row:
    user = signed_in(request)
    post = post_of(request, user)
    if post["author_id"] != user["id"]:
        raise FailureError(403, {"error": "You are not the author of this post"})
    return post


def paged(request: Request, rows: list[Row]) -> Response:
    asked = request.query_params
    page, size = asked.get("page", "1"), asked.get("per_page", "10")
    if not page.isdecimal() or not size.isdecimal() or int(page) < 1 or not 1 <= int(size) <= 50:
        raise FailureError(400, {"error": "page and per_page must be positive, per_page at most 50"})
    begin = (int(page) - 1) * int(size)
    return JSONResponse(rows[begin : begin + int(size)], headers={"X-Total-Count": str(len(rows))})


def published() -> list[Row]:
    found = [post for post in blog.posts.values() if post["status"] == "published" and not post["gone"]]
    return sorted(found, key=lambda post: (post["published_at"], post["id"]), reverse=True)


async def sign_up(request: Request) -> Response:
    asked = await json_object(request)
    errors = {name: "can't be blank" for name in ("username", "email", "password") if not asked.get(name)}
    if "email" not in errors and "@" not in str(asked["email"]):
        errors["email"] = "is invalid"
    if "password" not in errors and len(str(asked["password"])) < 8:
        errors["password"] = "is too short (minimum is 8 characters)"
    for name in ("username", "email"):
        if name not in errors and any(user[name] == asked[name] for user in blog.users.values()):
            errors[name] = "has already been taken"
    if errors:
        raise invalid(**errors)
    return JSONResponse(blog.add_user(asked["username"], asked["email"], asked["password"]), 201)


async def sign_in(request: Request) -> Response:
    asked = await json_object(request)
    user = next((one for one in blog.users.values() if one["email"] == asked.get("email")), None)
    if user is None or blog.passwords[user["id"]] != asked.get("password"):
        raise FailureError(401, {"error": "Invalid email or password"})
    return JSONResponse({"token": sign(user), "expires_in": 86400, "user": user})


async def me(request: Request) -> Response:
    user = signed_in(request)
    if request.method == "PATCH":
        asked = await json_object(request)
        if len(str(asked.get("bio") or "")) > 120:
            raise invalid(bio="is too long (maximum is 120 characters)")
        user["bio"] = asked.get("bio", user["bio"])
    return JSONResponse(user)


def named(request: Request) -> Row:
    name = request.path_params["username"]
    user = next((one for one in blog.users.values() if one["username"] == name), None)
    if user is None:
        raise FailureError(404, {"error": "User not found"})
    return user


def profile_shown(user: Row, by: Row | None) -> Row:
    posts = sum(1 for post in published() if post["author_id"] == user["id"])
    followers = [who for who, whom in blog.follows if whom == user["id"]]
    body = {"id": user["id"], "username": user["username"], "bio": user["bio"], "posts_count": posts}
    return {**body, "followers_count": len(followers), "following": by is not None and by["id"] in followers}


async def profile(request: Request) -> Response:
    return JSONResponse(profile_shown(named(request), viewer(request)))


async def follow(request: Request) -> Response:
    user, other = signed_in(request), named(request)
    if user is other:
        raise invalid(base="You can't follow yourself")
    pair = (user["id"], other["id"])
    if request.method == "DELETE":
        blog.follows.discard(pair)
    else:
        blog.follows.add(pair)
    return JSONResponse(profile_shown(other, user))


async def posts(request: Request) -> Response:
    if request.method == "GET":
        tag, author, user = request.query_params.get("tag"), request.query_params.get("author"), viewer(request)
        rows = [post for post in published() if tag is None or tag in post["tags"]]
        rows = [post for post in rows if author is None or author_of(post)["username"] == author]
        return paged(request, [shown(post, user) for post in rows])
    user, asked = signed_in(request), await json_object(request)
    errors = {name: "can't be blank" for name in ("title", "body") if not str(asked.get(name) or "").strip()}
    if errors:
        raise invalid(**errors)
    post = blog.add_post(user, asked["title"], asked["body"], asked.get("tags", []))
    if asked.get("publish"):
        post |= {"status": "published", "published_at": post["created_at"]}
    return JSONResponse(shown(post, user), 201, {"Location": f"/api/posts/{post['slug']}"})


async def post(request: Request) -> Response:
    if request.method == "GET":
        user = viewer(request)
        return JSONResponse(shown(post_of(request, user), user))
    found = own_post(request)
    if request.method == "DELETE":
        found["gone"] = True
        return Response(status_code=204)
    asked = await json_object(request)
    if "title" in asked and not str(asked["title"]).strip():
        raise invalid(title="can't be blank")
    if "lock_version" in asked and asked["lock_version"] != found["lock_version"]:
        raise FailureError(409, {"error": "The post was changed meanwhile", "lock_version": found["lock_version"]})
    found |= {name: asked[name] for name in ("title", "body") if name in asked}
    if "tags" in asked:
        found["tags"] = sorted(set(asked["tags"]))
    found |= {"lock_version": found["lock_version"] + 1, "updated_at": now()}
    return JSONResponse(shown(found, signed_in(request)))


async def publish(request: Request) -> Response:
    found = own_post(request)
    if found["status"] == "published":
        raise FailureError(409, {"error": "Post is already published"})
    found |= {"status": "published", "published_at": now()}
    return JSONResponse(shown(found, signed_in(request)))


async def like(request: Request) -> Response:
    user = signed_in(request)
    found = post_of(request, user)
    blog.likes ^= {(found["id"], user["id"])}
    body = shown(found, user)
    return JSONResponse({"slug": body["slug"], "liked": body["liked"], "likes_count": body["likes_count"]})


def comment_shown(comment: Row) -> Row:
    return {"id": comment["id"], "body": comment["body"], "author": author_of(comment), "created_at": comment["at"]}


async def comments(request: Request) -> Response:
    if request.method == "GET":
        found = post_of(request, viewer(request))
        rows = [comment_shown(one) for one in blog.comments.values() if one["post_id"] == found["id"]]
        return paged(request, rows)
    user = signed_in(request)
    found, asked = post_of(request, user), await json_object(request)
    if not str(asked.get("body") or "").strip():
        raise invalid(body="can't be blank")
    number = max(blog.comments, default=0) + 1
    blog.comments[number] = {"id": number, "post_id": found["id"], "author_id": user["id"], "body": asked["body"]}
    blog.comments[number]["at"] = now()
    return JSONResponse(comment_shown(blog.comments[number]), 201)


async def comment(request: Request) -> Response:
    user, found = signed_in(request), blog.comments.get(request.path_params["id"])
    if found is None or found["post_id"] == 0:
        raise FailureError(404, {"error": "Comment not found"})
    owner = next(post["author_id"] for post in blog.posts.values() if post["id"] == found["post_id"])
    if user["id"] not in (found["author_id"], owner):
        raise FailureError(403, {"error": "You can't delete this comment"})
    # A comment's number is not given again.
    blog.comments[found["id"]] = {**found, "post_id": 0}
    return Response(status_code=204)


async def feed(request: Request) -> Response:
    user = signed_in(request)
    rows = [post for post in published() if (user["id"], post["author_id"]) in blog.follows]
    return paged(request, [shown(post, user) for post in rows])


async def drafts(request: Request) -> Response:
    user = signed_in(request)
    mine = [one for one in blog.posts.values() if one["author_id"] == user["id"] and not one["gone"]]
    return JSONResponse([shown(one, user) for one in mine if one["status"] == "draft"])


async def search(request: Request) -> Response:
    words = request.query_params.get("q", "").strip().lower()
    if not words:
        raise FailureError(400, {"error": "q is missing"})
    rows = [post for post in published() if words in post["title"].lower() or words in post["body"].lower()]
    results = [{"slug": post["slug"], "title": post["title"], "author": author_of(post)["username"]} for post in rows]
    return JSONResponse({"query": request.query_params["q"], "total": len(results), "results": results})


async def tags(_: Request) -> Response:
    counts: dict[str, int] = {}
    for one in published():
        for name in one["tags"]:
            counts[name] = counts.get(name, 0) + 1
    return JSONResponse([{"name": name, "posts_count": counts[name]} for name in sorted(counts)])


async def refused(_: Request, error: Exception) -> Response:
    if isinstance(error, BodyError):
        return JSONResponse({"error": "The request body could not be parsed"}, 400)
    assert isinstance(error, FailureError)
    return JSONResponse(error.body, error.status)


app = Starlette(
    routes=[
        Route("/api/users", sign_up, methods=["POST"]),
        Route("/api/sessions", sign_in, methods=["POST"]),
        Route("/api/me", me, methods=["GET", "PATCH"]),
        Route("/api/me/drafts", drafts),
        Route("/api/users/{username}", profile),
        Route("/api/users/{username}/follow", follow, methods=["POST", "DELETE"]),
        Route("/api/posts", posts, methods=["GET", "POST"]),
        Route("/api/posts/{slug}", post, methods=["GET", "PATCH", "DELETE"]),
        Route("/api/posts/{slug}/publish", publish, methods=["POST"]),
        Route("/api/posts/{slug}/like", like, methods=["POST"]),
        Route("/api/posts/{slug}/comments", comments, methods=["GET", "POST"]),
        Route("/api/comments/{id:int}", comment, methods=["DELETE"]),
        Route("/api/feed", feed),
        Route("/api/search", search),
        Route("/api/tags", tags),
    ],
    exception_handlers={FailureError: refused, BodyError: refused},
)
