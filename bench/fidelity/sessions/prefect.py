"""Sessions of Prefect: flows and what they run, states, deployments, pools, limits, variables, filters, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

API = "/api"
STATES = ("PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CRASHED")
ENDS = ("COMPLETED", "COMPLETED", "FAILED", "CANCELLED", "CRASHED")
SORTS = ("NAME_ASC", "NAME_DESC", "EXPECTED_START_TIME_DESC", "EXPECTED_START_TIME_ASC")
TAGS = ("nightly", "import", "report", "urgent")


@dataclass
class Run:
    """A run of a flow, with the flow's id."""

    id: str
    name: str
    flow: str


@dataclass
class Desk:
    """What a session has made so far: flows by their names, and runs."""

    flows: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)


def play(client: Client, random: Random) -> None:
    desk = Desk()
    for _ in range(random.randint(1, 2)):
        flow(client, random, desk)
    for _ in range(random.randint(2, 3)):
        run(client, random, desk)
    kinds = [states, filtering, paging, flows, variables, limits, pools, deployments, artifacts, tasks]
    kinds += [logs, renaming, deleting, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(5, 7)]:
        kind(client, random, desk)
    post(client, "runs at the end", "flow_runs/filter", {"sort": "EXPECTED_START_TIME_ASC"}, reads=True)
    if random.random() < 0.5:
        post(client, "count at the end", "flow_runs/count", {}, reads=True)


def post(client: Client, label: str, path: str, asked: object, *, reads: bool = False) -> Answered:
    return client.ask(label, "POST", f"{API}/{path}", json=asked, reads=reads)


def get(client: Client, label: str, path: str) -> Answered:
    return client.ask(label, "GET", f"{API}/{path}", reads=True)


def patch(client: Client, label: str, path: str, asked: object) -> Answered:
    return client.ask(label, "PATCH", f"{API}/{path}", json=asked)


def delete(client: Client, label: str, path: str) -> Answered:
    return client.ask(label, "DELETE", f"{API}/{path}")


def key(random: Random) -> str:
    return f"{values.word(random)}_{random.randint(10, 99)}"


def flow(client: Client, random: Random, desk: Desk) -> None:
    name = values.slug(random)
    asked: dict[str, object] = {"name": name}
    if random.random() < 0.5:
        asked["tags"] = random.sample(TAGS, random.randint(1, 2))
    desk.flows[name] = post(client, "new flow", "flows/", asked).take("id")
    if random.random() < 0.3:
        post(client, "the flow again", "flows/", asked)
    if random.random() < 0.4:
        get(client, "the flow", f"flows/{desk.flows[name]}")


def run(client: Client, random: Random, desk: Desk) -> None:
    chosen, name = random.choice(list(desk.flows.values())), values.slug(random)
    asked: dict[str, object] = {"flow_id": chosen, "name": name}
    if random.random() < 0.5:
        asked["parameters"] = {"city": random.choice(values.CITIES), "size": random.randint(1, 90)}
    if random.random() < 0.5:
        asked["tags"] = random.sample(TAGS, random.randint(1, 2))
    if random.random() < 0.3:
        asked["state"] = {"type": "RUNNING"}
    made = post(client, "new run", "flow_runs/", asked)
    one = Run(made.take("id"), name, chosen)
    desk.runs.append(one)
    if random.random() < 0.4:
        get(client, "the run", f"flow_runs/{one.id}")


def move(client: Client, random: Random, one: Run, kind: str) -> None:
    state: dict[str, object] = {"type": kind}
    if random.random() < 0.4:
        state["message"] = values.sentence(random)
    if kind == "FAILED" and random.random() < 0.3:
        state["name"] = "TimedOut"
    post(client, "to another state", f"flow_runs/{one.id}/set_state", {"state": state, "force": True}, reads=True)


def states(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    move(client, random, one, "RUNNING")
    if random.random() < 0.8:
        move(client, random, one, random.choice(ENDS))
    get(client, "the run in its state", f"flow_runs/{one.id}")
    if random.random() < 0.6:
        path = f"flow_run_states/?flow_run_id={one.id}"
        get(client, "states of the run", path)
    if random.random() < 0.5:
        asked = {"state": {"type": "RUNNING"}, "force": False}
        post(client, "begin it again", f"flow_runs/{one.id}/set_state", asked, reads=True)


def filtering(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    move(client, random, one, random.choice(STATES[1:]))
    chosen: list[dict[str, object]] = [
        {"state": {"type": {"any_": random.sample(STATES, random.randint(1, 2))}}},
        {"state": {"type": {"not_any_": [random.choice(STATES)]}}},
        {"tags": {"all_": [random.choice(TAGS)]}},
        {"tags": {"any_": random.sample(TAGS, 2)}},
        {"name": {"like_": random.choice("abcdefghilmnoprst")}},
        {"name": {"any_": [one.name]}},
        {"id": {"any_": [one.id]}},
    ]
    for within in random.sample(chosen, random.randint(2, 3)):
        asked = {"flow_runs": within, "sort": random.choice(SORTS[:2])}
        post(client, "runs filtered", "flow_runs/filter", asked, reads=True)
        if random.random() < 0.3:
            post(client, "count of the filtered", "flow_runs/count", {"flow_runs": within}, reads=True)
    if random.random() < 0.5:
        asked = {"flows": {"id": {"any_": [one.flow]}}, "sort": random.choice(SORTS)}
        post(client, "runs of a flow", "flow_runs/filter", asked, reads=True)


def paging(client: Client, random: Random, desk: Desk) -> None:
    if random.random() < 0.5:
        run(client, random, desk)
    sort, size = random.choice(SORTS), random.choice([1, 2])
    asked = {"sort": sort, "limit": size}
    if random.random() < 0.5:
        for number in (1, 2):
            post(client, "a page of runs", "flow_runs/paginate", {**asked, "page": number}, reads=True)
    else:
        for offset in (0, size):
            post(client, "some runs", "flow_runs/filter", {**asked, "offset": offset}, reads=True)


def flows(client: Client, random: Random, desk: Desk) -> None:
    name = random.choice(list(desk.flows))
    get(client, "the flow by its name", f"flows/name/{name}")
    if random.random() < 0.6:
        patch(client, "tags of the flow", f"flows/{desk.flows[name]}", {"tags": random.sample(TAGS, 2)})
        get(client, "the flow with its tags", f"flows/{desk.flows[name]}")
    if random.random() < 0.5:
        flow(client, random, desk)
    sort = random.choice(["NAME_ASC", "NAME_DESC", "CREATED_DESC"])
    post(client, "flows", "flows/filter", {"sort": sort}, reads=True)
    if random.random() < 0.5:
        asked = {"flows": {"tags": {"all_": [random.choice(TAGS)]}}}
        post(client, "flows of a tag", "flows/filter", asked, reads=True)
    if random.random() < 0.4:
        post(client, "count of flows", "flows/count", {}, reads=True)


def variables(client: Client, random: Random, desk: Desk) -> None:  # noqa: ARG001
    names = [key(random) for _ in range(random.randint(1, 3))]
    for name in names:
        value = random.choice([values.word(random), random.randint(1, 500), {"city": random.choice(values.CITIES)}])
        asked: dict[str, object] = {"name": name, "value": value}
        if random.random() < 0.4:
            asked["tags"] = [random.choice(TAGS)]
        post(client, "new variable", "variables/", asked)
    get(client, "the variable", f"variables/name/{names[0]}")
    if random.random() < 0.6:
        patch(client, "another value", f"variables/name/{names[0]}", {"value": values.title(random)})
        get(client, "the variable so set", f"variables/name/{names[0]}")
    if random.random() < 0.6:
        post(client, "variables", "variables/filter", {"sort": random.choice(["NAME_ASC", "NAME_DESC"])}, reads=True)
    if random.random() < 0.4:
        post(client, "the variable again", "variables/", {"name": names[0], "value": 1})
    if random.random() < 0.5:
        delete(client, "remove the variable", f"variables/name/{names[0]}")
        get(client, "the variable, removed", f"variables/name/{names[0]}")
    if random.random() < 0.4:
        post(client, "count of variables", "variables/count", {}, reads=True)


def limits(client: Client, random: Random, desk: Desk) -> None:  # noqa: ARG001
    name, limit = key(random), random.randint(1, 4)
    post(client, "new limit", "v2/concurrency_limits/", {"name": name, "limit": limit})
    for _ in range(random.randint(1, 3)):
        asked = {"names": [name], "slots": random.randint(1, 2), "mode": "concurrency"}
        post(client, "take slots", "v2/concurrency_limits/increment", asked)
    get(client, "the limit with its slots", f"v2/concurrency_limits/{name}")
    if random.random() < 0.6:
        asked = {"names": [name], "slots": 1, "occupancy_seconds": 2.0}
        post(client, "give slots back", "v2/concurrency_limits/decrement", asked)
        get(client, "the limit after that", f"v2/concurrency_limits/{name}")
    if random.random() < 0.5:
        patch(client, "another limit", f"v2/concurrency_limits/{name}", {"limit": limit + random.randint(1, 4)})
        get(client, "the limit so set", f"v2/concurrency_limits/{name}")
    if random.random() < 0.4:
        delete(client, "remove the limit", f"v2/concurrency_limits/{name}")
        get(client, "the limit, removed", f"v2/concurrency_limits/{name}")


def pools(client: Client, random: Random, desk: Desk) -> None:  # noqa: ARG001
    name = key(random)
    asked: dict[str, object] = {"name": name, "type": random.choice(["process", "docker"])}
    if random.random() < 0.5:
        asked["concurrency_limit"] = random.randint(1, 9)
    post(client, "new pool", "work_pools/", asked)
    queue = {"name": values.slug(random), "priority": random.randint(2, 5)}
    if random.random() < 0.6:
        post(client, "new queue", f"work_pools/{name}/queues", queue)
        get(client, "the queue", f"work_pools/{name}/queues/{queue['name']}")
        post(client, "queues", f"work_pools/{name}/queues/filter", {}, reads=True)
    if random.random() < 0.6:
        patch(client, "pause the pool", f"work_pools/{name}", {"is_paused": True, "description": values.title(random)})
    get(client, "the pool", f"work_pools/{name}")
    if random.random() < 0.3:
        post(client, "the pool again", "work_pools/", asked)
    if random.random() < 0.4:
        delete(client, "remove the pool", f"work_pools/{name}")
        get(client, "the pool, removed", f"work_pools/{name}")
    if random.random() < 0.5:
        post(client, "pools", "work_pools/filter", {}, reads=True)


def deployments(client: Client, random: Random, desk: Desk) -> None:
    flow_name = random.choice(list(desk.flows))
    asked: dict[str, object] = {"name": values.slug(random), "flow_id": desk.flows[flow_name]}
    if random.random() < 0.5:
        asked |= {"tags": [random.choice(TAGS)], "description": values.title(random)}
    if random.random() < 0.4:
        asked["parameters"] = {"city": random.choice(values.CITIES)}
    number = post(client, "new deployment", "deployments/", asked).take("id")
    if random.random() < 0.6:
        get(client, "the deployment by its name", f"deployments/name/{flow_name}/{asked['name']}")
    if random.random() < 0.6:
        made = post(client, "run the deployment", f"deployments/{number}/create_flow_run", {"name": key(random)})
        desk.runs.append(Run(made.take("id"), str(made.find("name")), desk.flows[flow_name]))
    if random.random() < 0.5:
        post(client, "pause the deployment", f"deployments/{number}/pause_deployment", {})
        get(client, "the deployment, paused", f"deployments/{number}")
    if random.random() < 0.4:
        patch(client, "describe the deployment", f"deployments/{number}", {"description": values.title(random)})
        get(client, "the deployment so described", f"deployments/{number}")
    if random.random() < 0.4:
        delete(client, "remove the deployment", f"deployments/{number}")
        get(client, "the deployment, removed", f"deployments/{number}")


def artifacts(client: Client, random: Random, desk: Desk) -> None:
    one, name = random.choice(desk.runs), values.slug(random)
    asked: dict[str, object] = {"key": name, "type": "markdown", "flow_run_id": one.id}
    for _ in range(random.randint(1, 2)):
        post(client, "new artifact", "artifacts/", {**asked, "data": f"# {values.title(random)}"})
    get(client, "the latest artifact", f"artifacts/{name}/latest")
    if random.random() < 0.6:
        within = {"artifacts": {"key": {"any_": [name]}}, "sort": "ID_DESC"}
        post(client, "count of artifacts", "artifacts/count", {"artifacts": within["artifacts"]}, reads=True)


def tasks(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    made = ""
    for number in range(random.randint(1, 2)):
        asked = {"flow_run_id": one.id, "task_key": values.word(random), "dynamic_key": str(number)}
        asked["name"] = f"{asked['task_key']}-{number}"
        made = post(client, "new task run", "task_runs/", asked).take("id")
    get(client, "the task run", f"task_runs/{made}")
    if random.random() < 0.6:
        within = {"task_runs": {"flow_run_id": {"any_": [one.id]}}, "sort": "NAME_ASC"}
        post(client, "task runs of the run", "task_runs/filter", within, reads=True)
    if random.random() < 0.4:
        delete(client, "remove the task run", f"task_runs/{made}")
        get(client, "the task run, removed", f"task_runs/{made}")


def logs(client: Client, random: Random, desk: Desk) -> None:
    one, minute = random.choice(desk.runs), random.randint(10, 40)
    lines = []
    for number in range(random.randint(1, 3)):
        when = f"2026-10-{random.randint(10, 28)}T08:{minute + number}:00Z"
        level = random.choice([10, 20, 30, 40])
        text = values.sentence(random)
        lines.append({"name": "flow", "level": level, "message": text, "timestamp": when, "flow_run_id": one.id})
    post(client, "log lines", "logs/", lines)
    within: dict[str, object] = {"flow_run_id": {"any_": [one.id]}}
    post(client, "lines of the run", "logs/filter", {"logs": within, "sort": "TIMESTAMP_ASC"}, reads=True)
    if random.random() < 0.5:
        within = {**within, "level": {"ge_": random.choice([20, 30, 40])}}
        post(client, "worse lines", "logs/filter", {"logs": within, "sort": "TIMESTAMP_DESC"}, reads=True)


def renaming(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    asked: dict[str, object] = {"name": values.slug(random)}
    if random.random() < 0.5:
        asked["tags"] = [random.choice(TAGS)]
    patch(client, "rename the run", f"flow_runs/{one.id}", asked)
    one.name = str(asked["name"])
    get(client, "the run, renamed", f"flow_runs/{one.id}")


def deleting(client: Client, random: Random, desk: Desk) -> None:
    run(client, random, desk)
    one = random.choice(desk.runs)
    desk.runs.remove(one)
    delete(client, "delete the run", f"flow_runs/{one.id}")
    get(client, "the run, deleted", f"flow_runs/{one.id}")
    if random.random() < 0.4:
        delete(client, "delete the run again", f"flow_runs/{one.id}")
    if random.random() < 0.5:
        asked = {"state": {"type": "RUNNING"}}
        post(client, "begin the deleted", f"flow_runs/{one.id}/set_state", asked)
    if len(desk.flows) > 1:
        name = next((name for name, flow in desk.flows.items() if all(run.flow != flow for run in desk.runs)), "")
        if name:
            delete(client, "delete the flow", f"flows/{desk.flows[name]}")
            get(client, "the flow, deleted", f"flows/name/{name}")
            del desk.flows[name]


def mistakes(client: Client, random: Random, desk: Desk) -> None:
    one, name = random.choice(desk.runs), values.slug(random)
    nobody = f"{random.getrandbits(32):08x}-0000-4000-8000-{random.getrandbits(48):012x}"
    json, word = {"Content-Type": "application/json"}, values.word(random)
    slots = {"names": [name], "slots": random.randint(-3, 0)}
    wrong = {"state": {"type": word.upper()}}
    ways: list[Callable[[], object]] = [
        lambda: post(client, "no name", "flows/", {"tags": [word]}),
        lambda: post(client, "a name with a slash", "flows/", {"name": f"{word}/{name}"}),
        lambda: client.ask("malformed", "POST", f"{API}/flows/", content=b'{"name": ', headers=json),
        lambda: post(client, "an unknown key", "flows/", {"name": name, word: 1}),
        lambda: get(client, "no such flow", f"flows/{nobody}"),
        lambda: get(client, "no such name", f"flows/name/{name}"),
        lambda: get(client, "no such run", f"flow_runs/{nobody}"),
        lambda: get(client, "no id", f"flow_runs/{word}"),
        lambda: post(client, "a run without a flow", "flow_runs/", {"name": name}),
        lambda: post(client, "a bad state", f"flow_runs/{one.id}/set_state", wrong),
        lambda: post(client, "no state", f"flow_runs/{one.id}/set_state", {}),
        lambda: post(client, "a bad sort", "flow_runs/filter", {"sort": word}),
        lambda: post(client, "a bad limit", "flow_runs/filter", {"limit": random.randint(300, 900)}),
        lambda: post(client, "a bad offset", "flow_runs/filter", {"offset": -random.randint(1, 9)}),
        lambda: post(client, "a bad variable", "variables/", {"name": values.title(random), "value": 1}),
        lambda: get(client, "no such variable", f"variables/name/{word}"),
        lambda: patch(client, "a run that is not there", f"flow_runs/{nobody}", {"name": name}),
        lambda: post(client, "no slots", "v2/concurrency_limits/increment", slots),
        lambda: get(client, "no such limit", f"v2/concurrency_limits/{name}"),
        lambda: get(client, "no such pool", f"work_pools/{name}"),
        lambda: post(client, "a deployment of no flow", "deployments/", {"name": name, "flow_id": nobody}),
        lambda: get(client, "no such path", word),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
