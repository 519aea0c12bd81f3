"""Sessions of MLflow: experiments, runs with what they log, searches with filters and pages, models, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

API = "/api/2.0/mlflow"
OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad")
STAGES = ("Staging", "Production", "Archived")
ORDERS = ("metrics.loss ASC", "metrics.loss DESC", "attributes.start_time DESC", "params.optimizer ASC")
RUN_ORDERS = (*ORDERS, "attributes.run_name ASC")
HISTORY_PAGE = 2


@dataclass
class Run:
    """A run, with the time that it said it began and how many losses it logged."""

    id: str
    name: str
    began: int
    losses: int = 0


@dataclass
class Desk:
    """What a session has made so far: its experiment, its runs, its registered models."""

    experiment: str
    name: str
    runs: list[Run] = field(default_factory=list)
    models: list[str] = field(default_factory=list)


def play(client: Client, random: Random) -> None:
    desk = settle(client, random)
    for _ in range(random.randint(2, 3)):
        run(client, random, desk)
    kinds = [searching, paging, history, tagging, registry, bin_of_runs, experiments, renaming, retiring, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random, desk)
    asked = {"experiment_ids": [desk.experiment], "order_by": ["attributes.start_time ASC"], "max_results": 50}
    post(client, "runs at the end", "runs/search", asked, reads=True)


def post(client: Client, label: str, path: str, asked: object, *, reads: bool = False) -> Answered:
    return client.ask(label, "POST", f"{API}/{path}", json=asked, reads=reads)


def get(client: Client, label: str, path: str, **query: object) -> Answered:
    return client.ask(label, "GET", f"{API}/{path}", query=query, reads=True)


def moment(random: Random) -> int:
    return 1_790_000_000_000 + random.randint(0, 9_000_000) * 1000


def settle(client: Client, random: Random) -> Desk:
    name = values.slug(random)
    asked: dict[str, object] = {"name": name}
    if random.random() < 0.5:
        asked["tags"] = [{"key": "team", "value": values.word(random)}]
    made = post(client, "new experiment", "experiments/create", asked)
    desk = Desk(made.take("experiment_id"), name)
    if random.random() < 0.6:
        get(client, "the experiment", "experiments/get", experiment_id=desk.experiment)
    return desk


def run(client: Client, random: Random, desk: Desk) -> None:
    began, name = moment(random), values.slug(random)
    asked: dict[str, object] = {"experiment_id": desk.experiment, "run_name": name, "start_time": began}
    if random.random() < 0.5:
        asked["tags"] = [{"key": "owner", "value": values.login(random)}]
    made = post(client, "new run", "runs/create", asked)
    one = Run(made.take("run", "info", "run_id"), name, began)
    desk.runs.append(one)
    optimizer, rate = random.choice(OPTIMIZERS), random.choice(["0.1", "0.01", "0.001"])
    if random.random() < 0.5:
        for key, value in (("optimizer", optimizer), ("rate", rate)):
            post(client, "log a parameter", "runs/log-parameter", {"run_id": one.id, "key": key, "value": value})
        loss(client, random, one)
    else:
        batch(client, random, one, [{"key": "optimizer", "value": optimizer}, {"key": "rate", "value": rate}])
    if random.random() < 0.7:
        finish(client, random, one)
    if random.random() < 0.6:
        get(client, "the run", "runs/get", run_id=one.id)


def loss(client: Client, random: Random, one: Run) -> None:
    asked = {"run_id": one.id, "key": "loss", "value": round(random.uniform(0.01, 2), 3)}
    asked |= {"timestamp": one.began + 1000 * one.losses, "step": one.losses}
    post(client, "log the loss", "runs/log-metric", asked)
    one.losses += 1


def batch(client: Client, random: Random, one: Run, params: list[dict[str, str]]) -> None:
    found: list[dict[str, object]] = []
    for _ in range(random.randint(1, 3)):
        when = {"timestamp": one.began + 1000 * one.losses, "step": one.losses}
        found.append({"key": "loss", "value": round(random.uniform(0.01, 2), 3), **when})
        one.losses += 1
    found.append({"key": "accuracy", "value": round(random.random(), 2), "timestamp": one.began, "step": 0})
    post(client, "log a batch", "runs/log-batch", {"run_id": one.id, "metrics": found, "params": params})


def finish(client: Client, random: Random, one: Run) -> None:
    asked = {"run_id": one.id, "status": random.choice(["FINISHED", "FINISHED", "FAILED", "KILLED"])}
    post(client, "end the run", "runs/update", {**asked, "end_time": one.began + random.randint(1, 9000) * 1000})


def searching(client: Client, random: Random, desk: Desk) -> None:
    within = {"experiment_ids": [desk.experiment]}
    filters = [
        f"params.optimizer = '{random.choice(OPTIMIZERS)}'",
        f"metrics.loss < {round(random.uniform(0.3, 1.7), 2)}",
        f"metrics.loss >= {round(random.uniform(0.3, 1.7), 2)}",
        f"attributes.status = '{random.choice(['FINISHED', 'RUNNING', 'FAILED'])}'",
        f"metrics.loss > {round(random.uniform(0.2, 1), 2)} and params.rate = '{random.choice(['0.1', '0.01'])}'",
        f"attributes.run_name LIKE '{random.choice('abcdefghi')}%'",
    ]
    for chosen in random.sample(filters, random.randint(1, 3)):
        asked = {**within, "filter": chosen, "order_by": [random.choice(ORDERS)]}
        post(client, "runs filtered", "runs/search", asked, reads=True)
    if random.random() < 0.7:
        order = [random.choice(RUN_ORDERS)]
        post(client, "runs in order", "runs/search", {**within, "order_by": order}, reads=True)
    if random.random() < 0.4:
        post(client, "the best run", "runs/search", {**within, "max_results": 1, "order_by": [ORDERS[0]]}, reads=True)


def paging(client: Client, random: Random, desk: Desk) -> None:
    asked: dict[str, object] = {"experiment_ids": [desk.experiment], "max_results": random.choice([1, 2])}
    asked["order_by"] = [random.choice(["attributes.start_time ASC", "attributes.start_time DESC"])]
    page = post(client, "first page of runs", "runs/search", asked, reads=True)
    if page.find("next_page_token"):
        asked["page_token"] = page.take("next_page_token")
        post(client, "next page of runs", "runs/search", asked, reads=True)


def history(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    for _ in range(random.randint(1, 2)):
        loss(client, random, one)
    get(client, "losses", "metrics/get-history", run_id=one.id, metric_key="loss")
    if random.random() < 0.6:
        query = {"run_id": one.id, "metric_key": "loss", "max_results": HISTORY_PAGE}
        page = get(client, "first page of losses", "metrics/get-history", **query)
        if page.find("next_page_token"):
            more = {**query, "page_token": page.take("next_page_token")}
            get(client, "next page of losses", "metrics/get-history", **more)
    get(client, "the run with its last loss", "runs/get", run_id=one.id)


def tagging(client: Client, random: Random, desk: Desk) -> None:
    one, key = random.choice(desk.runs), random.choice(["stage", "note", "review"])
    tag = {"run_id": one.id, "key": key, "value": values.word(random)}
    post(client, "tag the run", "runs/set-tag", tag)
    if random.random() < 0.4:
        post(client, "tag the run anew", "runs/set-tag", {**tag, "value": values.word(random)})
    get(client, "the run with its tag", "runs/get", run_id=one.id)
    if random.random() < 0.4:
        asked = {"experiment_ids": [desk.experiment], "filter": f"tags.{key} = '{tag['value']}'"}
        post(client, "runs of a tag", "runs/search", asked, reads=True)
    if random.random() < 0.6:
        post(client, "remove the tag", "runs/delete-tag", {"run_id": one.id, "key": key})
        get(client, "the run without the tag", "runs/get", run_id=one.id)
    if random.random() < 0.5:
        asked = {"experiment_id": desk.experiment, "key": "goal", "value": values.title(random)}
        post(client, "tag the experiment", "experiments/set-experiment-tag", asked)
        get(client, "the experiment with its tag", "experiments/get", experiment_id=desk.experiment)


def registry(client: Client, random: Random, desk: Desk) -> None:
    name = values.slug(random)
    asked: dict[str, object] = {"name": name}
    if random.random() < 0.6:
        asked["description"] = values.sentence(random)
    post(client, "new model", "registered-models/create", asked)
    desk.models.append(name)
    for _ in range(random.randint(1, 2)):
        version(client, random, desk, name)
    get(client, "the model", "registered-models/get", name=name)
    kinds: list[Callable[[], None]] = [
        lambda: alias(client, random, name),
        lambda: stages(client, random, name),
        lambda: describing(client, random, name),
        lambda: models(client, random, desk, name),
    ]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(1, 3)]:
        kind()
    if random.random() < 0.4:
        client.ask("delete the model", "DELETE", f"{API}/registered-models/delete", json={"name": name})
        get(client, "the model, deleted", "registered-models/get", name=name)
        desk.models.remove(name)


def version(client: Client, random: Random, desk: Desk, name: str) -> None:
    one = random.choice(desk.runs)
    asked = {"name": name, "run_id": one.id}
    asked["source"] = f"mlflow-artifacts:/{desk.experiment}/{one.id}/artifacts/model"
    if random.random() < 0.5:
        asked["description"] = values.title(random)
    post(client, "new version", "model-versions/create", asked)


def alias(client: Client, random: Random, name: str) -> None:
    chosen = random.choice(["champion", "challenger", "candidate"])
    post(client, "set an alias", "registered-models/alias", {"name": name, "alias": chosen, "version": "1"})
    get(client, "the version of the alias", "registered-models/alias", name=name, alias=chosen)
    if random.random() < 0.5:
        gone = {"name": name, "alias": chosen}
        client.ask("remove the alias", "DELETE", f"{API}/registered-models/alias", json=gone)
        get(client, "the alias, removed", "registered-models/alias", name=name, alias=chosen)


def stages(client: Client, random: Random, name: str) -> None:
    asked = {"name": name, "version": "1", "stage": random.choice(STAGES), "archive_existing_versions": False}
    post(client, "to another stage", "model-versions/transition-stage", asked)
    get(client, "the version in its stage", "model-versions/get", name=name, version="1")


def describing(client: Client, random: Random, name: str) -> None:
    asked = {"name": name, "version": "1", "description": values.sentence(random)}
    client.ask("describe the version", "PATCH", f"{API}/model-versions/update", json=asked, reads=True)
    if random.random() < 0.5:
        asked = {"name": name, "description": values.sentence(random)}
        client.ask("describe the model", "PATCH", f"{API}/registered-models/update", json=asked, reads=True)
    if random.random() < 0.4:
        gone = {"name": name, "version": "1"}
        client.ask("delete the version", "DELETE", f"{API}/model-versions/delete", json=gone)
        get(client, "the version, deleted", "model-versions/get", **gone)


def models(client: Client, random: Random, desk: Desk, name: str) -> None:
    get(client, "versions of the model", "model-versions/search", filter=f"name='{name}'")
    if random.random() < 0.6:
        get(client, "models by name", "registered-models/search", filter=f"name LIKE '{name[:3]}%'")
    if random.random() < 0.3:
        one = random.choice(desk.runs)
        get(client, "versions of a run", "model-versions/search", filter=f"run_id='{one.id}'")


def bin_of_runs(client: Client, random: Random, desk: Desk) -> None:
    one = random.choice(desk.runs)
    post(client, "delete the run", "runs/delete", {"run_id": one.id})
    get(client, "the run in the bin", "runs/get", run_id=one.id)
    within = {"experiment_ids": [desk.experiment]}
    view = random.choice(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"])
    post(client, "runs by where they are", "runs/search", {**within, "run_view_type": view}, reads=True)
    if random.random() < 0.4:
        asked = {"run_id": one.id, "key": "stage", "value": values.word(random)}
        post(client, "tag a run in the bin", "runs/set-tag", asked)
    if random.random() < 0.6:
        post(client, "restore the run", "runs/restore", {"run_id": one.id})
        get(client, "the run restored", "runs/get", run_id=one.id)
    else:
        desk.runs.remove(one)
        run(client, random, desk)


def experiments(client: Client, random: Random, desk: Desk) -> None:
    others = [values.slug(random) for _ in range(random.randint(1, 2))]
    for name in others:
        post(client, "another experiment", "experiments/create", {"name": name})
    post(client, "experiments", "experiments/search", {"max_results": 20}, reads=True)
    if random.random() < 0.5:
        asked: dict[str, object] = {"max_results": 2, "order_by": [random.choice(["name ASC", "name DESC"])]}
        page = post(client, "first page of experiments", "experiments/search", asked, reads=True)
        if page.find("next_page_token"):
            asked["page_token"] = page.take("next_page_token")
            post(client, "next page of experiments", "experiments/search", asked, reads=True)
    get(client, "the experiment of a name", "experiments/get-by-name", experiment_name=random.choice(others))
    if random.random() < 0.4:
        asked = {"filter": f"name LIKE '{desk.name[:2]}%'", "max_results": 10}
        post(client, "experiments by name", "experiments/search", asked, reads=True)


def renaming(client: Client, random: Random, desk: Desk) -> None:
    name = values.slug(random)
    asked = {"experiment_id": desk.experiment, "new_name": name}
    post(client, "rename the experiment", "experiments/update", asked)
    get(client, "the experiment renamed", "experiments/get", experiment_id=desk.experiment)
    if random.random() < 0.5:
        get(client, "its former name", "experiments/get-by-name", experiment_name=desk.name)
    desk.name = name
    if random.random() < 0.5:
        one = random.choice(desk.runs)
        asked = {"run_id": one.id, "run_name": values.slug(random)}
        post(client, "rename the run", "runs/update", asked, reads=True)
        get(client, "the run renamed", "runs/get", run_id=one.id)


def retiring(client: Client, random: Random, _: Desk) -> None:
    made = post(client, "an experiment to retire", "experiments/create", {"name": values.slug(random)})
    number = made.take("experiment_id")
    post(client, "retire it", "experiments/delete", {"experiment_id": number})
    get(client, "the retired experiment", "experiments/get", experiment_id=number)
    if random.random() < 0.5:
        asked = {"experiment_id": number, "run_name": values.slug(random), "start_time": moment(random)}
        post(client, "a run in a retired experiment", "runs/create", asked)
    if random.random() < 0.5:
        view = random.choice(["ACTIVE_ONLY", "DELETED_ONLY"])
        asked = {"view_type": view, "max_results": 10}
        post(client, "experiments by where they are", "experiments/search", asked, reads=True)
    if random.random() < 0.5:
        post(client, "bring it back", "experiments/restore", {"experiment_id": number})
        get(client, "the experiment is back", "experiments/get", experiment_id=number)


def mistakes(client: Client, random: Random, desk: Desk) -> None:
    one, other = random.choice(desk.runs), f"{random.getrandbits(128):032x}"
    number, name = str(random.randint(500, 9999)), values.slug(random)
    changed = {"run_id": one.id, "key": "optimizer", "value": values.word(random)}
    metric = {"run_id": one.id, "key": "loss", "timestamp": one.began, "step": 0}
    version = {"name": name, "source": f"mlflow-artifacts:/{desk.experiment}/{one.id}/artifacts/model"}
    search = {"experiment_ids": [desk.experiment]}
    ways: list[Callable[[], object]] = [
        lambda: post(client, "no such experiment for a run", "runs/create", {"experiment_id": number}),
        lambda: post(client, "no name", "experiments/create", {}),
        lambda: get(client, "no such experiment", "experiments/get", experiment_id=number),
        lambda: get(client, "no such name", "experiments/get-by-name", experiment_name=name),
        lambda: get(client, "no such run", "runs/get", run_id=other),
        lambda: post(client, "change a parameter", "runs/log-parameter", changed),
        lambda: post(client, "a metric without value", "runs/log-metric", metric),
        lambda: post(client, "no such run to end", "runs/update", {"run_id": other, "status": "FINISHED"}),
        lambda: post(client, "no such tag", "runs/delete-tag", {"run_id": one.id, "key": values.word(random)}),
        lambda: post(client, "a broken filter", "runs/search", {**search, "filter": f"{values.word(random)} < "}),
        lambda: post(client, "too many runs", "runs/search", {**search, "max_results": 60000}),
        lambda: get(client, "no such model", "registered-models/get", name=name),
        lambda: post(client, "a version of no model", "model-versions/create", version),
    ]
    if desk.models:
        again = {"name": desk.models[-1]}
        ways.append(lambda: post(client, "the model again", "registered-models/create", again))
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
