"""A bounded queue in front of one worker: sanitize, guard, append; it never delays or fails the traffic."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from cassettes.cassette import Interaction
from cassettes.errors import CassetteError
from cassettes.exchange import Exchange
from sanitizers.errors import LeakError, SanitizeError
from sanitizers.guard import Guard, variants
from sanitizers.names import written_words
from sanitizers.pipeline import Sanitizer

_log = logging.getLogger("mimic.recorder")
_BATCH: Final = 64
_OVERHEAD_BYTES: Final = 2048
_FEW_NAMES: Final = 32  # so few are sought in the bytes; for more it takes less to clean all interactions once more


class Shelf(Protocol):
    """Where interactions go: durable when `append` returns."""

    def append(self, interactions: Sequence[Interaction]) -> range: ...
    def contains(self, needles: Iterable[bytes]) -> tuple[bytes, ...]: ...
    def rewrite(self, transform: Callable[[Interaction], Interaction]) -> int: ...


@dataclass(frozen=True, slots=True)
class Counters:
    """What became of the exchanges offered: all of them are recorded, dropped, failed, or still queued."""

    offered: int = 0
    recorded: int = 0
    dropped: int = 0
    failed: int = 0
    queued: int = 0


class Capture:
    """Records one session into one cassette.

    An exchange counts as recorded when it is durable. One that finds the queue full is dropped; one that cannot be
    cleaned, or that the guard refuses, or that the disk does not take, has failed. Both are counted and logged.
    """

    def __init__(
        self,
        shelf: Shelf,
        sanitizer: Sanitizer | None,
        *,
        session: str,
        queue_bytes: int = 256 << 20,
        on_recorded: Callable[[Interaction], None] | None = None,
    ) -> None:
        self._shelf = shelf
        self._sanitizer = sanitizer
        self._guard = sanitizer.guard() if sanitizer is not None else Guard()
        self._secrets: set[str] = set()
        self._unsought: set[str] = set()
        self._late_names: set[str] = set()
        self._written = 0
        self._written_when_sought = 0
        self._session = session
        self._limit = queue_bytes
        self._on_recorded = on_recorded
        self._queue: deque[tuple[Exchange, int]] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._offered = self._recorded = self._dropped = self._failed = 0
        self._worker = threading.Thread(target=self._work, name=f"capture-{session}", daemon=True)
        self._worker.start()

    def offer(self, exchange: Exchange) -> bool:
        """Take an exchange if there is room; returns at once. True if it was taken."""
        size = _OVERHEAD_BYTES + len(exchange.request.body) + (len(exchange.response.body) if exchange.response else 0)
        with self._changed:
            self._offered += 1
            if self._stopping or self._bytes + size > self._limit:
                self._dropped += 1
                taken = False
            else:
                self._queue.append((exchange, size))
                self._bytes += size
                self._changed.notify_all()
                taken = True
        if not taken:
            _log.warning("an exchange was dropped: the recorder cannot keep up", extra={"session": self._session})
        return taken

    def lose(self, reason: str) -> None:
        """Count an exchange that never came to be offered."""
        with self._changed:
            self._offered += 1
            self._dropped += 1
        _log.warning("an exchange was not recorded: %s", reason, extra={"session": self._session})

    @property
    def counters(self) -> Counters:
        """How many exchanges went which way so far."""
        with self._changed:
            queued = self._offered - self._recorded - self._dropped - self._failed
            return Counters(self._offered, self._recorded, self._dropped, self._failed, queued)

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything offered so far has been settled; False if that took too long."""
        with self._changed:
            goal = self._offered
            return self._changed.wait_for(lambda: self._settled() >= goal or not self._worker.is_alive(), timeout_s)

    def stop(self, timeout_s: float = 30.0) -> Counters:
        """Take no more, settle what waits, and end the worker."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._worker.join(timeout_s)
        return self.counters

    def _settled(self) -> int:
        return self._recorded + self._dropped + self._failed

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._stopping)
                ended = not self._queue
                batch = [self._queue.popleft() for _ in range(min(_BATCH, len(self._queue)))]
            recorded = 0
            try:
                if ended:
                    self._clean_names_from_what_is_written()
                    return
                recorded = self._record([exchange for exchange, _ in batch])
            except Exception:  # noqa: BLE001  # the worker outlives whatever one exchange does to it
                _log.exception("exchanges could not be recorded", extra={"session": self._session, "count": len(batch)})
            with self._changed:
                self._bytes -= sum(size for _, size in batch)
                self._recorded += recorded
                self._failed += len(batch) - recorded
                self._changed.notify_all()

    def _record(self, exchanges: Sequence[Exchange]) -> int:
        """Clean, check and append; give how many are durable now."""
        known = len(self._secrets)
        cleaned = [interaction for exchange in exchanges if (interaction := self._clean(exchange)) is not None]
        if len(self._secrets) > known:
            self._clean_what_is_written()
        kept = self._append(cleaned) if cleaned else []
        self._written += len(kept)
        if self._late_names and self._written >= 2 * self._written_when_sought:
            self._clean_names_from_what_is_written()
        if self._on_recorded is not None:
            for interaction in kept:
                self._on_recorded(interaction)
        return len(kept)

    def _append(self, interactions: list[Interaction]) -> list[Interaction]:
        try:
            numbers = self._shelf.append(interactions)
        except (LeakError, CassetteError, OSError) as error:
            if len(interactions) > 1:
                # One of the batch is refused: the others must not be lost with it.
                return [kept for interaction in interactions for kept in self._append([interaction])]
            if isinstance(error, LeakError):
                return self._append_cleaned_again(interactions[0])
            self._tell_failure(f"the cassette could not be written: {type(error).__name__}")
            return []
        return [replace(kept, number=number) for kept, number in zip(interactions, numbers, strict=True)]

    def _append_cleaned_again(self, interaction: Interaction) -> list[Interaction]:
        """Give an interaction one more chance: a later exchange of its batch may have shown what in it is secret."""
        try:
            again = self._again(interaction)
            numbers = self._shelf.append([again])
        except SanitizeError as error:  # its sentence tells kinds and counts, never a value
            self._tell_failure(f"the guard refused an interaction: {error}")
            return []
        except (CassetteError, OSError) as error:
            self._tell_failure(f"the cassette could not be written: {type(error).__name__}")
            return []
        return [replace(again, number=numbers[0])]

    def _clean(self, exchange: Exchange) -> Interaction | None:
        if self._sanitizer is None:
            return Interaction(0, exchange, self._session)
        try:
            cleaned = self._sanitizer.clean(exchange)
        except SanitizeError as error:
            self._tell_failure(f"an exchange could not be cleaned: {error}")
            return None
        new = cleaned.secrets - self._secrets
        self._secrets |= new
        self._unsought |= new
        self._guard.remember(new)
        self._late_names |= cleaned.names
        return Interaction(0, cleaned.exchange, self._session, cleaned.findings)

    def _clean_what_is_written(self) -> None:
        """Clean what is already written of values that only now turn out to be secret."""
        unsought, self._unsought = self._unsought, set()
        needles = [variant for secret in unsought for variant in variants(secret).values()]
        if self._shelf.contains(needles):
            self._shelf.rewrite(self._again)
            _log.info("earlier interactions were cleaned once more", extra={"session": self._session})

    def _clean_names_from_what_is_written(self) -> None:
        """Clean what was written before these names were known; seldom, since it may mean to read all of it."""
        names, self._late_names = self._late_names, set()
        self._written_when_sought = self._written
        if not names or (len(names) <= _FEW_NAMES and not self._shelf.contains(written_words(names))):
            return
        if self._shelf.rewrite(self._again):
            _log.info("earlier interactions were cleaned of names", extra={"session": self._session})

    def _again(self, interaction: Interaction) -> Interaction:
        if self._sanitizer is None:
            return interaction
        cleaned = self._sanitizer.clean(interaction.exchange)
        return replace(interaction, exchange=cleaned.exchange, findings=(*interaction.findings, *cleaned.findings))

    def inspect(self, data: bytes) -> None:
        """Refuse bytes about to be written if they hold a known secret; raises LeakError."""
        if self._sanitizer is not None:
            self._guard.check(data)

    def _tell_failure(self, sentence: str) -> None:
        _log.warning(sentence, extra={"session": self._session})
