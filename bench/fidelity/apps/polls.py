"""Polls by slug: drafts that open and close, a vote for each voter that can be changed, results in percent, a quota."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

Poll = dict[str, Any]

QUOTA: Final = 6
TURNS: Final = {"open": ("draft", "open"), "close": ("open", "closed"), "reopen": ("closed", "open")}
_polls: dict[str, Poll] = {}
_votes: dict[str, dict[str, list[int]]] = {}


class RefusedError(Exception):
    """A refusal: a status, a code and a sentence."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


def owner_of(request: Request) -> str:
    owner = request.headers.get("x-user", "")
    if not owner:
        raise RefusedError(401, "unauthenticated", "Send your name in X-User")
    return owner


def poll_of(request: Request, *, own: bool = False) -> Poll:
    slug = request.path_params["slug"]
    if slug not in _polls:
        raise RefusedError(404, "poll_not_found", f"There is no poll '{slug}'")
    if own and _polls[slug]["owner"] != owner_of(request):
        raise RefusedError(403, "not_yours", "Only the owner may change a poll")
    return _polls[slug]


def shown(poll: Poll) -> Poll:
    return {**poll, "voters": len(_votes[poll["slug"]]), "links": {"results": f"/polls/{poll['slug']}/results"}}


def summary(poll: Poll) -> Poll:
    told = {name: poll[name] for name in ("slug", "question", "status", "owner")}
    return {**told, "option_count": len(poll["options"]), "voters": len(_votes[poll["slug"]])}


def slug_for(question: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", question.lower()).strip("-")
    taken = sum(key == slug or re.fullmatch(rf"{slug}-\d+", key) is not None for key in _polls)
    return f"{slug}-{taken + 1}" if taken else slug


def checked(asked: Poll, *, whole: bool) -> None:
    question, options = (
        asked.get("question", "" if whole else "kept"),
        asked.get("options", [] if whole else ["a", "b"]),
    )
    if not isinstance(question, str) or not question.strip():
        raise RefusedError(422, "question_blank", "A poll needs a question")
    if len(question) > 80:
        raise RefusedError(422, "question_too_long", f"The question has {len(question)} of at most 80 characters")
    if not isinstance(options, list) or not 2 <= len(options) <= 6:
        raise RefusedError(422, "options_count", "A poll has 2 to 6 options")
    if len(set(options)) < len(options):
        raise RefusedError(422, "options_repeat", "No two options may be the same")


def numbered(options: list[str]) -> list[Poll]:
    return [{"id": number, "text": text} for number, text in enumerate(options, 1)]


async def polls(request: Request) -> Response:
    if request.method == "POST":
        return await created(request)
    asked = request.query_params
    found = [poll for poll in _polls.values() if asked.get("status") in (None, poll["status"])]
    found = [poll for poll in found if asked.get("owner") in (None, poll["owner"])][::-1]
    offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 20))
    page = [summary(poll) for poll in found[offset : offset + limit]]
    more = offset + limit < len(found)
    return JSONResponse({"polls": page, "count": len(found), "next_offset": offset + limit if more else None})


async def created(request: Request) -> Response:
    owner, asked = owner_of(request), await json_object(request)
    checked(asked, whole=True)
    if sum(poll["owner"] == owner for poll in _polls.values()) >= QUOTA:
        raise RefusedError(429, "quota", f"You have {QUOTA} polls already", **{"Retry-After": "3600"})
    slug = slug_for(asked["question"])
    poll = {"slug": slug, "question": asked["question"], "options": numbered(asked["options"]), "owner": owner}
    poll |= {"multiple": asked.get("multiple", False), "status": "draft", "created_at": now(), "closed_at": None}
    _polls[slug], _votes[slug] = poll, {}
    return JSONResponse({"poll": shown(poll)}, 201, {"Location": f"/polls/{slug}"})


async def poll(request: Request) -> Response:
    if request.method == "GET":
        return JSONResponse({"poll": shown(poll_of(request))})
    found = poll_of(request, own=True)
    if request.method == "DELETE":
        del _polls[found["slug"]], _votes[found["slug"]]
        return Response(status_code=204)
    asked = await json_object(request)
    if found["status"] != "draft":
        raise RefusedError(409, "poll_not_draft", f"A poll that is {found['status']} cannot be changed")
    checked(asked, whole=False)
    found |= {name: asked[name] for name in ("question", "multiple") if name in asked}
    if "options" in asked:
        found["options"] = numbered(asked["options"])
    return JSONResponse({"poll": shown(found)})


async def turned(request: Request) -> Response:
    found, (before, after) = poll_of(request, own=True), TURNS[request.path_params["turn"]]
    if found["status"] != before:
        raise RefusedError(409, f"poll_not_{before}", f"The poll is {found['status']}, not {before}")
    found |= {"status": after, "closed_at": now() if after == "closed" else None}
    return JSONResponse({"poll": shown(found)})


async def vote(request: Request) -> Response:
    found, voter = poll_of(request), request.path_params["voter"]
    votes = _votes[found["slug"]]
    if request.method == "PUT":
        if found["status"] != "open":
            raise RefusedError(409, "poll_not_open", f"The poll is {found['status']}, not open")
        choices = (await json_object(request)).get("choices")
        if not isinstance(choices, list) or not choices:
            raise RefusedError(422, "choices_missing", "Choose at least one option")
        if len(choices) > 1 and not found["multiple"]:
            raise RefusedError(422, "too_many_choices", "This poll takes one choice")
        if unknown := [choice for choice in choices if choice not in {option["id"] for option in found["options"]}]:
            raise RefusedError(422, "unknown_option", f"Option {unknown[0]} is not in this poll")
        status = 200 if voter in votes else 201
        votes[voter] = choices
        return JSONResponse({"vote": {"voter": voter, "choices": choices}}, status)
    if voter not in votes:
        raise RefusedError(404, "vote_not_found", f"{voter} has not voted")
    if request.method == "DELETE":
        del votes[voter]
        return Response(status_code=204)
    return JSONResponse({"vote": {"voter": voter, "choices": votes[voter]}})


async def results(request: Request) -> Response:
    found = poll_of(request)
    if found["status"] == "draft":
        raise RefusedError(409, "poll_is_draft", "A draft has no results")
    votes = _votes[found["slug"]]
    counts = Counter(choice for choices in votes.values() for choice in choices)
    total = sum(counts.values())
    rows = []
    for option in found["options"]:
        given = counts[option["id"]]
        rows.append({**option, "votes": given, "percent": round(100 * given / total, 1) if total else 0})
    best = max(row["votes"] for row in rows)
    leaders = [row["text"] for row in rows if row["votes"] == best and best]
    told = {"slug": found["slug"], "status": found["status"], "voters": len(votes), "total_votes": total}
    return JSONResponse({**told, "options": rows, "leader": leaders[0] if len(leaders) == 1 else None})


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        error = RefusedError(400, "bad_json", str(error))
    return JSONResponse({"error": {"code": error.code, "message": str(error)}}, error.status, error.headers)


app = Starlette(
    routes=[
        Route("/polls", polls, methods=["GET", "POST"]),
        Route("/polls/{slug}", poll, methods=["GET", "PATCH", "DELETE"]),
        Route("/polls/{slug}/results", results),
        Route("/polls/{slug}/votes/{voter}", vote, methods=["GET", "PUT", "DELETE"]),
        Route("/polls/{slug}/{turn}", turned, methods=["POST"]),
    ],
    exception_handlers={RefusedError: refused, BodyError: refused},
)
