"""Sessions of queues: workers that reserve, delete, touch and release; dead letters, delays, batches, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client


class Worker:
    """A project's caller with its token, and the queue that most is done with."""

    def __init__(self, client: Client, random: Random) -> None:
        self.client, self.random = client, random
        self.key = {"Authorization": f"OAuth {random.randbytes(12).hex()}"}
        self.base = f"/3/projects/{random.randbytes(12).hex()}/queues"
        self.queue = self.new("new queue")

    def ask(self, label: str, method: str, path: str, asked: object = None, *, reads: bool = False) -> Answered:
        return self.client.ask(label, method, path, json=asked, headers=self.key, reads=reads)

    def new(self, label: str, **fields: object) -> str:
        """Make a queue and give its path."""
        path = f"{self.base}/{values.slug(self.random)}"
        if self.random.random() < 0.5:
            fields["message_timeout"] = self.random.randint(30, 600)
        self.ask(label, "PUT", path, {"queue": fields})
        return path

    def post(self, queue: str, number: int) -> None:
        many = [{"body": values.sentence(self.random)} for _ in range(number)]
        self.ask("post", "POST", f"{queue}/messages", {"messages": many})

    def reserve(self, queue: str, number: int = 1) -> tuple[str, dict[str, str]]:
        """Reserve messages and give the path of the first and its reservation."""
        taken = self.ask("reserve", "POST", f"{queue}/reservations", {"n": number, "timeout": 60}, reads=True)
        reservation = {"reservation_id": taken.take("messages", 0, "reservation_id")}
        return f"{queue}/messages/{taken.take('messages', 0, 'id')}", reservation


def play(client: Client, random: Random) -> None:
    worker = Worker(client, random)
    worker.post(worker.queue, random.randint(1, 3))
    ways = [work, giving_back, dead_letters, delays, many, looking, changing, mistakes]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 5)]:
        way(worker)
    worker.ask("the queue at last", "GET", worker.queue, reads=True)
    if random.random() < 0.6:
        worker.ask("delete queue", "DELETE", worker.queue)
        worker.ask("the queue, deleted", "GET", worker.queue, reads=True)
    worker.ask("queues", "GET", worker.base, reads=True)


def work(worker: Worker) -> None:
    worker.post(worker.queue, worker.random.randint(1, 3))
    path, reservation = worker.reserve(worker.queue)
    worker.ask("the message, reserved", "GET", path, reads=True)
    if worker.random.random() < 0.5:
        touched = worker.ask("touch", "POST", f"{path}/touch", reservation)
        worker.ask("delete by the old reservation", "DELETE", path, reservation)
        reservation = {"reservation_id": touched.take("reservation_id")}
    worker.ask("delete message", "DELETE", path, reservation)
    worker.ask("the message, deleted", "GET", path, reads=True)
    worker.ask("the queue", "GET", worker.queue, reads=True)


def giving_back(worker: Worker) -> None:
    worker.post(worker.queue, 1)
    path, reservation = worker.reserve(worker.queue)
    worker.ask("what waits", "GET", f"{worker.queue}/messages?n=10", reads=True)
    worker.ask("release", "POST", f"{path}/release", reservation)
    worker.ask("what waits now", "GET", f"{worker.queue}/messages?n=10", reads=True)
    if worker.random.random() < 0.5:
        worker.ask("release again", "POST", f"{path}/release", reservation)


def dead_letters(worker: Worker) -> None:
    letters = worker.new("new queue of dead letters")
    most = worker.random.randint(1, 2)
    fields = {"queue_name": letters.rsplit("/", 1)[-1], "max_reservations": most}
    queue = worker.new("new queue with dead letters", dead_letter=fields)
    worker.post(queue, 1)
    for _ in range(most):
        path, reservation = worker.reserve(queue)
        worker.ask("fail", "POST", f"{path}/release", reservation)
    worker.ask("what still waits", "GET", f"{queue}/messages", reads=True)
    worker.ask("dead letters", "GET", f"{letters}/messages", reads=True)
    worker.ask("the queue of dead letters", "GET", letters, reads=True)


def delays(worker: Worker) -> None:
    queue = worker.new("new queue to wait")
    message = {"body": values.sentence(worker.random), "delay": worker.random.randint(3000, 9000)}
    worker.ask("post for later", "POST", f"{queue}/messages", {"messages": [message]})
    worker.ask("reserve too early", "POST", f"{queue}/reservations", {"n": 1}, reads=True)
    worker.ask("the queue that waits", "GET", queue, reads=True)


def many(worker: Worker) -> None:
    queue = worker.new("new queue for many")
    worker.post(queue, worker.random.randint(2, 4))
    taken = worker.ask("reserve two", "POST", f"{queue}/reservations", {"n": 2, "timeout": 60}, reads=True)
    pairs = [{name: row[name] for name in ("id", "reservation_id")} for row in taken.find("messages") or []]
    if worker.random.random() < 0.5:
        pairs.insert(1, {"id": str(worker.random.randint(10**18, 2 * 10**18)), "reservation_id": "x"})
    if worker.random.random() < 0.4:
        pairs[-1] = {**pairs[-1], "reservation_id": worker.random.randbytes(16).hex()}
    worker.ask("delete many", "DELETE", f"{queue}/messages", {"ids": pairs}, reads=True)
    worker.ask("the queue after", "GET", queue, reads=True)
    if worker.random.random() < 0.5:
        worker.ask("clear", "DELETE", f"{queue}/messages", {})
        worker.ask("the queue, cleared", "GET", queue, reads=True)


def looking(worker: Worker) -> None:
    worker.post(worker.queue, worker.random.randint(1, 2))
    worker.ask("the first that waits", "GET", f"{worker.queue}/messages", reads=True)
    asked = {"n": worker.random.randint(1, 2), "delete": True}
    worker.ask("take for good", "POST", f"{worker.queue}/reservations", asked, reads=True)
    worker.ask("what is left", "GET", f"{worker.queue}/messages?n=10", reads=True)


def changing(worker: Worker) -> None:
    fields = {"message_timeout": worker.random.randint(30, 900)}
    worker.ask("change queue", "PATCH", worker.queue, {"queue": fields}, reads=True)
    worker.ask("the queue, changed", "GET", worker.queue, reads=True)
    worker.ask("queues by page", "GET", f"{worker.base}?per_page={worker.random.randint(1, 2)}", reads=True)


def mistakes(worker: Worker) -> None:
    queue, random, client = worker.queue, worker.random, worker.client
    nowhere, json = f"{worker.base}/{values.slug(random)}", {"Content-Type": "application/json", **worker.key}
    nothing = f"{queue}/messages/{random.randint(10**18, 2 * 10**18)}"
    letters = {"queue": {"dead_letter": {"queue_name": values.slug(random), "max_reservations": 3}}}
    ways: list[Callable[[], object]] = [
        lambda: worker.ask("queue twice", "PUT", queue, {"queue": {}}),
        lambda: worker.ask("timeout too short", "PATCH", queue, {"queue": {"message_timeout": random.randint(1, 29)}}),
        lambda: worker.ask("no dead letters there", "PUT", nowhere, letters),
        lambda: worker.ask("no queue", "GET", nowhere),
        lambda: worker.ask("post to no queue", "POST", f"{nowhere}/messages", {"messages": [{"body": "a"}]}),
        lambda: worker.ask("post nothing", "POST", f"{queue}/messages", {"messages": []}),
        lambda: worker.ask("post no body", "POST", f"{queue}/messages", {"messages": [{"text": "a"}]}),
        lambda: worker.ask("reserve too many", "POST", f"{queue}/reservations", {"n": random.randint(101, 900)}),
        lambda: worker.ask("no message", "GET", nothing),
        lambda: worker.ask("touch no message", "POST", f"{nothing}/touch", {"reservation_id": "x"}),
        lambda: worker.ask("delete no message", "DELETE", nothing, {}),
        lambda: client.ask("malformed", "POST", f"{queue}/messages", content=b'{"mess', headers=json),
        lambda: client.ask("nobody", "GET", queue),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 6)]:
        way()
