"""Tasks of several users: keys of their own, views of their own, sharing, and a summary of each user's tasks."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

STATES = {"todo": ("doing", "done"), "doing": ("todo", "done"), "done": ("todo",)}

_users: dict[str, dict[str, Any]] = {}
_tasks: dict[str, dict[str, Any]] = {}


def error(status: int, reason: str, message: str, /, **more: object) -> Response:
    return JSONResponse({"status": "error", "reason": reason, "message": message, **more}, status)


def caller(request: Request) -> dict[str, Any] | Response:
    key = request.headers.get("x-api-key")
    if not key:
        return error(401, "missing_key", "Send your key in the header X-Api-Key")
    return _users.get(key) or error(401, "unknown_key", "The key is not known")


def shown(task: dict[str, Any], user: dict[str, Any]) -> dict[str, Any]:
    return {**task, "mine": task["owner"] == user["username"], "shared_with": sorted(task["shared_with"])}


async def sign_up(request: Request) -> Response:
    asked = await json_object(request)
    name = str(asked.get("username", ""))
    if not name.isalnum():
        return error(422, "invalid_username", "Only letters and digits are allowed", username=name)
    if any(user["username"] == name for user in _users.values()):
        return error(409, "username_taken", f"The username {name} is taken", username=name)
    key = f"key_{secrets.token_hex(16)}"
    _users[key] = {"username": name, "display_name": asked.get("display_name", name), "joined_at": now()}
    return JSONResponse({"status": "ok", "user": _users[key], "api_key": key}, 201)


async def add(request: Request) -> Response:
    user = caller(request)
    if isinstance(user, Response):
        return user
    asked = await json_object(request)
    if not asked.get("title"):
        return error(422, "invalid_task", "The task is not valid", fields={"title": "may not be blank"})
    task = {
        "id": short_id("", 8).lower(),
        "title": asked["title"],
        "state": "todo",
        "priority": asked.get("priority", 3),
        "owner": user["username"],
        "shared_with": set(),
        "due": asked.get("due"),
        "created_at": now(),
    }
    _tasks[task["id"]] = task
    return JSONResponse({"status": "ok", "task": shown(task, user)}, 201)


def sees(user: dict[str, Any], task: dict[str, Any]) -> bool:
    return task["owner"] == user["username"] or user["username"] in task["shared_with"]


async def listed(request: Request) -> Response:
    user = caller(request)
    if isinstance(user, Response):
        return user
    asked = request.query_params
    found = [task for task in _tasks.values() if sees(user, task)]
    if "state" in asked:
        found = [task for task in found if task["state"] == asked["state"]]
    if asked.get("mine") == "true":
        found = [task for task in found if task["owner"] == user["username"]]
    if asked.get("order") == "priority":
        found.sort(key=lambda task: task["priority"])
    return JSONResponse({"status": "ok", "count": len(found), "tasks": [shown(task, user) for task in found]})


async def task(request: Request) -> Response:
    user = caller(request)
    if isinstance(user, Response):
        return user
    found = _tasks.get(request.path_params["id"])
    if found is None or not sees(user, found):
        return error(404, "not_found", f"Task {request.path_params['id']} was not found")
    if request.method == "GET":
        return JSONResponse({"status": "ok", "task": shown(found, user)})
    if found["owner"] != user["username"]:
        return error(403, "not_owner", "Only its owner may change the task", owner=found["owner"])
    if request.method == "DELETE":
        del _tasks[found["id"]]
        return JSONResponse({"status": "ok", "deleted": found["id"]})
    asked = await json_object(request)
    state = asked.get("state", found["state"])
    if state != found["state"] and state not in STATES[found["state"]]:
        message = f"A task that is {found['state']} cannot become {state}"
        return error(409, "bad_transition", message, allowed=list(STATES[found["state"]]))
    found |= {name: asked[name] for name in ("title", "priority", "due", "state") if name in asked}
    return JSONResponse({"status": "ok", "task": shown(found, user)})


async def share(request: Request) -> Response:
    user = caller(request)
    if isinstance(user, Response):
        return user
    found = _tasks.get(request.path_params["id"])
    if found is None or not sees(user, found):
        return error(404, "not_found", f"Task {request.path_params['id']} was not found")
    if found["owner"] != user["username"]:
        return error(403, "not_owner", "Only its owner may change the task", owner=found["owner"])
    name = request.path_params["username"]
    if not any(one["username"] == name for one in _users.values()):
        return error(404, "unknown_user", f"There is no user {name}")
    if request.method == "DELETE":
        found["shared_with"].discard(name)
        return Response(status_code=204)
    found["shared_with"].add(name)
    return JSONResponse({"status": "ok", "task": shown(found, user)})


async def summary(request: Request) -> Response:
    user = caller(request)
    if isinstance(user, Response):
        return user
    mine = [task for task in _tasks.values() if task["owner"] == user["username"]]
    shared = [task for task in _tasks.values() if user["username"] in task["shared_with"]]
    states = {state: sum(task["state"] == state for task in mine) for state in STATES}
    return JSONResponse({"status": "ok", "user": user, "states": states, "shared_with_me": len(shared)})


async def malformed(_: Request, problem: Exception) -> Response:
    return error(400, "malformed", str(problem))


app = Starlette(
    routes=[
        Route("/users", sign_up, methods=["POST"]),
        Route("/me", summary),
        Route("/tasks", listed),
        Route("/tasks", add, methods=["POST"]),
        Route("/tasks/{id}", task, methods=["GET", "PATCH", "DELETE"]),
        Route("/tasks/{id}/shares/{username}", share, methods=["PUT", "DELETE"]),
    ],
    exception_handlers={BodyError: malformed},
)
