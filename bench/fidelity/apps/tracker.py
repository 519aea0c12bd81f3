"""An issue tracker: issues numbered in each project, labels, comments, assignees, events, search, pages by Link."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object

Row = dict[str, Any]

# Personal access tokens; visitors without one may read.
USERS: Final = {
    "trk_pat_ada7c2f1": {"login": "ada", "id": 11, "type": "User", "site_admin": True},
    "trk_pat_bruno90d": {"login": "bruno", "id": 12, "type": "User", "site_admin": False},
    "trk_pat_chiara44": {"login": "chiara", "id": 13, "type": "User", "site_admin": False},
    "trk_pat_robot5be": {"login": "release-robot", "id": 40, "type": "Bot", "site_admin": False},
}
LOGINS: Final = {user["login"]: user for user in USERS.values()}
REASONS: Final = {"open": ("reopened",), "closed": ("completed", "not_planned")}
_projects: dict[str, Row] = {}
_ids: Final = {kind: count(start) for kind, start in (("project", 70), ("issue", 9001), ("comment", 310), ("event", 1))}


class RefusedError(Exception):
    """A refusal: its status, its message, and the errors of single fields."""

    def __init__(self, status: int, message: str, /, *errors: Row) -> None:
        self.status, self.body = status, {"message": message, **({"errors": list(errors)} if errors else {})}


def invalid(resource: str, field: str, code: str) -> RefusedError:
    return RefusedError(422, "Validation Failed", {"resource": resource, "field": field, "code": code})


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user_of(request: Request) -> Row:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if not kind:
        raise RefusedError(401, "Requires authentication")
    if kind.lower() not in ("token", "bearer") or token not in USERS:
        raise RefusedError(401, "Bad credentials")
    return USERS[token]


def project_of(request: Request) -> Row:
    if request.path_params["key"] not in _projects:
        raise RefusedError(404, "Not Found")
    return _projects[request.path_params["key"]]


def owned(request: Request) -> Row:
    user, project = user_of(request), project_of(request)
    if user["login"] != project["owner"]["login"] and not user["site_admin"]:
        raise RefusedError(403, "Must have admin rights to Project.")
    return project


def issue_of(request: Request) -> Row:
    found: Row | None = project_of(request)["issues"].get(request.path_params["number"])
    if found is None:
        raise RefusedError(404, "Not Found")
    if found["deleted"]:
        raise RefusedError(410, "This issue was deleted")
    return found


def link_to(request: Request, path: str) -> str:
    return str(request.base_url) + path


def project_shown(request: Request, project: Row) -> Row:
    open_issues = [one for one in project["issues"].values() if one["state"] == "open" and not one["deleted"]]
    shown = {name: project[name] for name in ("id", "key", "name", "description", "owner", "created_at")}
    url = link_to(request, f"projects/{project['key']}")
    return {"url": url, **shown, "open_issues_count": len(open_issues)}


def issue_shown(request: Request, issue: Row) -> Row:
    project = _projects[issue["project"]]
    url = link_to(request, f"projects/{project['key']}/issues/{issue['number']}")
    hidden = ("deleted", "events", "comment_list", "label_names")
    shown = {name: value for name, value in issue.items() if name not in hidden}
    labels = [project["labels"][name] for name in issue["label_names"]]
    return {"url": url, **shown, "labels": labels, "comments": len(issue["comment_list"])}


def answered(request: Request, body: Row, status: int = 200) -> Response:
    """Answer with an entity tag, or that nothing was modified."""
    tag = f'W/"{hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    location = {"Location": body["url"]} if status == 201 else {}
    return JSONResponse(body, status, {"ETag": tag, **location})


def number_of(request: Request, name: str, default: int, most: int) -> int:
    given = request.query_params.get(name, "")
    return min(max(int(given), 1), most) if given.isdecimal() else default


def page(request: Request, rows: list[Row]) -> tuple[list[Row], dict[str, str]]:
    """Give the page that was asked for, and a Link header to those around it (RFC 8288)."""
    here, each = number_of(request, "page", 1, 10_000), number_of(request, "per_page", 30, 100)
    last = max(-(-len(rows) // each), 1)
    places = {"prev": here - 1, "next": here + 1, "last": last, "first": 1}
    wanted = [rel for rel, at in places.items() if 1 <= at <= last and at != here]
    query = {rel: urlencode({**request.query_params, "page": places[rel]}) for rel in wanted}
    path = link_to(request, request.url.path.lstrip("/"))
    links = ", ".join(f'<{path}?{query[rel]}>; rel="{rel}"' for rel in wanted)
    return rows[(here - 1) * each : here * each], {"Link": links} if links else {}


def record(issue: Row, actor: Row, event: str, /, **details: object) -> None:
    one = {"id": next(_ids["event"]), "event": event, "actor": actor, **details, "created_at": now()}
    issue["events"].append(one)


async def projects(request: Request) -> Response:
    if request.method == "GET":
        rows, links = page(request, [project_shown(request, one) for one in _projects.values()])
        return JSONResponse(rows, headers=links)
    user, asked = user_of(request), await json_object(request)
    key, name = str(asked.get("key", "")), asked.get("name")
    if not name:
        raise invalid("Project", "name", "missing_field")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", key):
        raise invalid("Project", "key", "invalid")
    if key in _projects:
        raise invalid("Project", "key", "already_exists")
    project: Row = {"id": next(_ids["project"]), "key": key, "name": name, "description": asked.get("description")}
    project |= {"owner": user, "created_at": now(), "issues": {}}
    labels = {label: {"name": label, "color": color} for label, color in (("bug", "d73a4a"), ("question", "d876e3"))}
    _projects[key] = {**project, "labels": labels}
    return answered(request, project_shown(request, _projects[key]), 201)


async def project(request: Request) -> Response:
    return answered(request, project_shown(request, project_of(request)))


async def labels(request: Request) -> Response:
    found = project_of(request)["labels"]
    if request.method == "GET":
        rows, links = page(request, [found[name] for name in sorted(found)])
        return JSONResponse(rows, headers=links)
    found, asked = owned(request)["labels"], await json_object(request)
    name, color = asked.get("name"), str(asked.get("color", "ededed")).lower()
    if not name:
        raise invalid("Label", "name", "missing_field")
    if name in found:
        raise invalid("Label", "name", "already_exists")
    if not re.fullmatch(r"[0-9a-f]{6}", color):
        raise invalid("Label", "color", "invalid")
    found[name] = {"name": name, "color": color}
    return JSONResponse(found[name], 201)


def label_names(project: Row, given: Any) -> list[str]:
    if not isinstance(given, list) or any(name not in project["labels"] for name in given):
        raise invalid("Issue", "labels", "invalid")
    return list(dict.fromkeys(given))


def assignees(given: Any) -> list[Row]:
    if not isinstance(given, list) or any(login not in LOGINS for login in given):
        raise invalid("Issue", "assignees", "invalid")
    return [LOGINS[login] for login in dict.fromkeys(given)]


def passes(issue: Row, asked: dict[str, str]) -> bool:
    state, wanted = asked.get("state", "open"), [name for name in asked.get("labels", "").split(",") if name]
    logins = [one["login"] for one in issue["assignees"]]
    assignee, creator = asked.get("assignee"), asked.get("creator")
    by_assignee = assignee is None or assignee in logins or (assignee == "none" and not logins)
    fits = by_assignee and creator in (None, issue["user"]["login"]) and state in ("all", issue["state"])
    return fits and not issue["deleted"] and set(wanted) <= set(issue["label_names"])


def in_order(asked: dict[str, str], found: list[Row]) -> list[Row]:
    """Give the newest first, or by how often they were commented on."""
    by_comments = asked.get("sort") == "comments"
    key = (lambda one: (len(one["comment_list"]), one["id"])) if by_comments else (lambda one: one["id"])
    return sorted(found, key=key, reverse=asked.get("direction", asked.get("order", "desc")) == "desc")


async def issues(request: Request) -> Response:
    project = project_of(request)
    if request.method == "GET":
        asked = dict(request.query_params)
        if asked.get("state", "open") not in ("open", "closed", "all"):
            raise invalid("Issue", "state", "invalid")
        found = in_order(asked, [one for one in project["issues"].values() if passes(one, asked)])
        rows, links = page(request, found)
        return JSONResponse([issue_shown(request, one) for one in rows], headers=links)
    user, asked = user_of(request), await json_object(request)
    if not asked.get("title"):
        raise invalid("Issue", "title", "missing_field")
    issue: Row = {"id": next(_ids["issue"]), "project": project["key"], "number": len(project["issues"]) + 1}
    issue |= {"title": asked["title"], "body": asked.get("body"), "user": user, "state": "open", "state_reason": None}
    issue |= {"assignees": assignees(asked.get("assignees", [])), "created_at": now()}
    issue |= {"label_names": label_names(project, asked.get("labels", [])), "comment_list": [], "events": []}
    issue |= {"updated_at": issue["created_at"], "closed_at": None, "closed_by": None, "deleted": False}
    project["issues"][issue["number"]] = issue
    return answered(request, issue_shown(request, issue), 201)


def move(issue: Row, user: Row, state: Any, reason: Any) -> None:
    if state not in REASONS:
        raise invalid("Issue", "state", "invalid")
    if reason is not None and reason not in REASONS[state]:
        raise invalid("Issue", "state_reason", "invalid")
    if state != issue["state"]:
        closed = state == "closed"
        issue |= {"state": state, "state_reason": reason or REASONS[state][0]}
        issue |= {"closed_at": now() if closed else None, "closed_by": user if closed else None}
        record(issue, user, "closed" if closed else "reopened", state_reason=issue["state_reason"])


async def issue(request: Request) -> Response:
    found = issue_of(request)
    if request.method == "DELETE":
        owned(request)
        found["deleted"] = True
        return Response(status_code=204)
    if request.method == "PATCH":
        user, asked, project = user_of(request), await json_object(request), project_of(request)
        if "title" in asked and not asked["title"]:
            raise invalid("Issue", "title", "missing_field")
        names = label_names(project, asked.get("labels", found["label_names"]))
        people = assignees(asked.get("assignees", [one["login"] for one in found["assignees"]]))
        if "state" in asked:
            move(found, user, asked["state"], asked.get("state_reason"))
        if asked.get("title", found["title"]) != found["title"]:
            record(found, user, "renamed", rename={"from": found["title"], "to": asked["title"]})
        found |= {name: asked[name] for name in ("title", "body") if name in asked}
        found |= {"label_names": names, "assignees": people, "updated_at": now()}
    return answered(request, issue_shown(request, found))


async def issue_labels(request: Request) -> Response:
    found, user, project = issue_of(request), user_of(request), project_of(request)
    if request.method == "POST":
        names = label_names(project, (await json_object(request)).get("labels"))
        for name in [one for one in names if one not in found["label_names"]]:
            found["label_names"].append(name)
            record(found, user, "labeled", label=project["labels"][name])
    elif (name := request.path_params["name"]) in found["label_names"]:
        found["label_names"].remove(name)
        record(found, user, "unlabeled", label=project["labels"][name])
    else:
        raise RefusedError(404, "Label does not exist")
    found["updated_at"] = now()
    return JSONResponse([project["labels"][name] for name in found["label_names"]])


async def issue_assignees(request: Request) -> Response:
    found, user = issue_of(request), user_of(request)
    people, adds = assignees((await json_object(request)).get("assignees")), request.method == "POST"
    for one in [one for one in people if (one in found["assignees"]) != adds]:
        record(found, user, "assigned" if adds else "unassigned", assignee=one)
    kept = [one for one in found["assignees"] if adds or one not in people]
    found["assignees"] = [*kept, *(one for one in people if adds and one not in kept)]
    found["updated_at"] = now()
    return JSONResponse(issue_shown(request, found), 201 if adds else 200)


async def comments(request: Request) -> Response:
    found = issue_of(request)
    if request.method == "GET":
        rows, links = page(request, found["comment_list"])
        return JSONResponse(rows, headers=links)
    user, asked = user_of(request), await json_object(request)
    if not asked.get("body"):
        raise invalid("IssueComment", "body", "missing_field")
    number = next(_ids["comment"])
    comment = {"id": number, "url": link_to(request, f"projects/{found['project']}/comments/{number}"), "user": user}
    found["comment_list"].append({**comment, "body": asked["body"], "created_at": now(), "updated_at": now()})
    found["updated_at"] = now()
    return answered(request, found["comment_list"][-1], 201)


async def comment(request: Request) -> Response:
    project = project_of(request)
    for one in (one for one in project["issues"].values() if not one["deleted"]):
        for found in one["comment_list"]:
            if found["id"] == request.path_params["id"]:
                return await change_comment(request, one, found)
    raise RefusedError(404, "Not Found")


async def change_comment(request: Request, issue: Row, found: Row) -> Response:
    if request.method != "GET":
        user = user_of(request)
        if user["login"] != found["user"]["login"] and not user["site_admin"]:
            raise RefusedError(403, "Must be the author of the comment.")
        if request.method == "DELETE":
            issue["comment_list"].remove(found)
            return Response(status_code=204)
        body = (await json_object(request)).get("body")
        if not body:
            raise invalid("IssueComment", "body", "missing_field")
        found |= {"body": body, "updated_at": now()}
    return answered(request, found)


async def events(request: Request) -> Response:
    rows, links = page(request, issue_of(request)["events"])
    return JSONResponse(rows, headers=links)


async def search(request: Request) -> Response:
    """Find issues by words and qualifiers: `crash is:open project:OPAL label:bug author:ada`."""
    asked = dict(request.query_params)
    if not asked.get("q", "").strip():
        raise invalid("Search", "q", "missing")
    terms = asked["q"].split()
    qualified = dict(term.split(":", 1) for term in terms if ":" in term)
    words = [term.lower() for term in terms if ":" not in term]
    wanted = {"state": qualified.get("is", "all"), "labels": qualified.get("label", "")}
    wanted |= {name: qualified[to] for name, to in (("assignee", "assignee"), ("creator", "author")) if to in qualified}
    key = qualified.get("project")
    found = [
        one for project in _projects.values() if key in (None, project["key"]) for one in project["issues"].values()
    ]
    found = [one for one in found if passes(one, wanted)]
    found = [one for one in found if all(word in f"{one['title']} {one['body']}".lower() for word in words)]
    rows, links = page(request, in_order(asked, found))
    items = [issue_shown(request, one) for one in rows]
    return JSONResponse({"total_count": len(found), "incomplete_results": False, "items": items}, headers=links)


async def refused(_: Request, error: Exception) -> Response:
    if isinstance(error, BodyError):
        return JSONResponse({"message": "Problems parsing JSON"}, 400)
    assert isinstance(error, RefusedError)
    return JSONResponse(error.body, error.status)


ISSUE: Final = "/projects/{key}/issues/{number:int}"
app = Starlette(
    routes=[
        Route("/projects", projects, methods=["GET", "POST"]),
        Route("/projects/{key}", project),
        Route("/projects/{key}/labels", labels, methods=["GET", "POST"]),
        Route("/projects/{key}/issues", issues, methods=["GET", "POST"]),
        Route("/projects/{key}/comments/{id:int}", comment, methods=["GET", "PATCH", "DELETE"]),
        Route(ISSUE, issue, methods=["GET", "PATCH", "DELETE"]),
        Route(f"{ISSUE}/labels", issue_labels, methods=["POST"]),
        Route(ISSUE + "/labels/{name}", issue_labels, methods=["DELETE"]),
        Route(f"{ISSUE}/assignees", issue_assignees, methods=["POST", "DELETE"]),
        Route(f"{ISSUE}/comments", comments, methods=["GET", "POST"]),
        Route(f"{ISSUE}/events", events),
        Route("/search/issues", search),
    ],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
