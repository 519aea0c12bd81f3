"""A forward without a task: the answer that comes whole is given back from where it arrived."""

from __future__ import annotations

from typing import Protocol

from gateway.hop import LoopError, UpgradeError
from gateway.mode import Answering
from gateway.outbound.failure import UnsendableRequestError, UpstreamError, UpstreamResetError
from gateway.passage import Passage, fail, leave, offer, prepare, take_head, take_whole


class Attendant(Protocol):
    """Who began a relay, and is told how it went; exactly one of these is called, once."""

    def conclude(self, passage: Passage) -> None:
        """Take note that the passage is over, or answer what it says `instead`."""

    def go_on(self, passage: Passage, answer: Answering | None) -> None:
        """Perform the rest in a task: from this answer on, or once more from the beginning."""

    def give_up(self) -> None:
        """Answer for the exception that is being handled."""


class Relay:
    """Stands where a future would: an upstream's connection tells it of the answer, or of what went wrong."""

    __slots__ = ("_attendant", "_over", "_passage")

    def __init__(self, passage: Passage, attendant: Attendant) -> None:
        self._passage = passage
        self._attendant = attendant
        self._over = False

    def done(self) -> bool:
        """Whether it was told."""
        return self._over

    def set_result(self, answer: Answering) -> None:
        """Give the answer back if it is whole; else leave the rest to a task."""
        self._over = True
        passage, attendant = self._passage, self._attendant
        try:
            if take_head(passage, answer):
                if not answer.done or not passage.framed:
                    attendant.go_on(passage, answer)
                    return
                data = take_whole(passage, answer)
                passage.downstream.reply_now(answer.status, answer.reason, passage.told, data)
                offer(passage, answer)
            attendant.conclude(passage)
        except Exception:  # noqa: BLE001  # it must not reach the upstream's connection
            answer.release()
            attendant.give_up()

    def set_exception(self, error: BaseException) -> None:
        """Conclude from a failure; a connection that was closed as it was picked is tried again, in a task."""
        self._over = True
        passage, attendant = self._passage, self._attendant
        try:
            if passage.downstream.gone:
                leave(passage)
            elif isinstance(error, UpstreamResetError) and not error.answered:
                attendant.go_on(passage, None)
                return
            else:
                assert isinstance(error, UpstreamError), error  # nothing else ends a request without a body
                fail(passage, error)
            attendant.conclude(passage)
        except Exception:  # noqa: BLE001  # as above
            attendant.give_up()


def relay(passage: Passage, attendant: Attendant) -> bool:
    """Send a request without a body if a connection is ready; False, and nothing done, where it takes a task."""
    upstream, request, downstream = passage.plan.upstream, passage.request, passage.downstream
    if not upstream.ready:
        return False
    try:
        target, headers, has_body = prepare(passage)
        if has_body:
            return False
        waiter = Relay(passage, attendant)
        withdraw = upstream.send_now(request.method, target, headers, waiter, on_informational=downstream.inform)
    except (LoopError, UpgradeError, UnsendableRequestError):
        return False  # the task finds the same and answers it
    if withdraw is None:
        return False
    downstream.when_gone(withdraw)
    return True
