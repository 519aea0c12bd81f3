"""Long-running jobs: accepted with 202, polled until done, cancelled, failed; the result at an address of its own."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now

KINDS: Final = ("count-words", "sum", "explode")
# What a job's state is at each look: real services take time, a test's clock is how often it asked.
STATES: Final = (("queued", 0), ("running", 40), ("running", 80), ("succeeded", 100))

_jobs: dict[str, dict[str, Any]] = {}
_looks: dict[str, int] = {}
_results: dict[str, dict[str, Any]] = {}


def fault(status: int, message: str, /, **more: object) -> Response:
    return JSONResponse({"message": message, "statusCode": status, **more}, status)


def compute(kind: str, asked: Any) -> dict[str, Any]:
    if kind == "sum":
        return {"total": sum(asked), "count": len(asked), "largest": max(asked)}
    words = str(asked).split()
    return {"words": len(words), "characters": len(str(asked)), "first": words[0] if words else None}


async def submit(request: Request) -> Response:
    asked = await json_object(request)
    kind, given = asked.get("kind"), asked.get("input")
    if kind not in KINDS:
        return fault(400, "Unknown job kind", kind=kind, allowed=list(KINDS))
    if kind == "sum" and not (given and isinstance(given, list) and all(isinstance(one, int) for one in given)):
        return fault(400, "input must be a non-empty list of integers", field="input")
    number = str(uuid4())
    path = f"/jobs/{number}"
    job = {
        "jobId": number,
        "kind": kind,
        "state": "queued",
        "progress": 0,
        "label": asked.get("label"),
        "submittedAt": now(),
        "finishedAt": None,
        "error": None,
        "links": {"self": path, "result": None},
    }
    _jobs[number], _looks[number] = job, 0
    _results[number] = {"jobId": number, "kind": kind, "result": compute(kind, given) if kind != "explode" else None}
    return JSONResponse(job, 202, {"Location": path, "Retry-After": "1"})


def known(request: Request) -> dict[str, Any] | Response:
    number = request.path_params["id"]
    return _jobs.get(number) or fault(404, f"Job {number} not found")


async def look(request: Request) -> Response:
    job = known(request)
    if isinstance(job, Response):
        return job
    if job["state"] in ("queued", "running"):
        advance(job)
    done = job["state"] not in ("queued", "running")
    return JSONResponse(job, headers={} if done else {"Retry-After": "1"})


def advance(job: dict[str, Any]) -> None:
    _looks[job["jobId"]] += 1
    state, progress = STATES[_looks[job["jobId"]]]
    if job["kind"] == "explode" and state == "running" and progress > 50:
        job |= {"state": "failed", "finishedAt": now()}
        job["error"] = {"code": "E_EXPLODED", "detail": "The job exploded", "retryable": False}
        return
    job |= {"state": state, "progress": progress}
    if state == "succeeded":
        job |= {"finishedAt": now(), "links": {**job["links"], "result": f"/jobs/{job['jobId']}/result"}}


async def result(request: Request) -> Response:
    job = known(request)
    if isinstance(job, Response):
        return job
    if job["state"] in ("queued", "running"):
        return RedirectResponse(f"/jobs/{job['jobId']}", 303)
    if job["state"] != "succeeded":
        return fault(410, f"The job has no result: it {job['state']}", state=job["state"])
    return JSONResponse(_results[job["jobId"]])


async def cancel(request: Request) -> Response:
    job = known(request)
    if isinstance(job, Response):
        return job
    if job["state"] not in ("queued", "running"):
        return fault(409, f"Cannot cancel a job that has {job['state']}", state=job["state"])
    job |= {"state": "cancelled", "finishedAt": now()}
    return JSONResponse(job)


async def listed(request: Request) -> Response:
    states = request.query_params.getlist("state")
    found = [job for job in _jobs.values() if not states or job["state"] in states]
    brief = [{key: job[key] for key in ("jobId", "kind", "state", "label")} for job in found]
    return JSONResponse({"items": brief, "total": len(brief)})


async def malformed(_: Request, error: Exception) -> Response:
    return fault(400, str(error))


app = Starlette(
    routes=[
        Route("/jobs", submit, methods=["POST"]),
        Route("/jobs", listed),
        Route("/jobs/{id}", look),
        Route("/jobs/{id}", cancel, methods=["DELETE"]),
        Route("/jobs/{id}/result", result),
    ],
    exception_handlers={BodyError: malformed},
)
