"""The scripts of definitions: found by id, run with what they may see, and checked before they are needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from cassettes.complaint import shown_path
from cassettes.definition import MockDefinition, responses_of
from gateway.config import Settings
from gateway.context import Context
from gateway.errors import ScriptError
from gateway.script import Script, ScriptAnswer, ScriptEngine, ScriptResult
from gateway.scripts.answer import Stage, read_answer
from gateway.scripts.sources import load_scripts
from gateway.scripts.surface import functions, inputs

_UNCHANGED = frozenset({"passthrough", "proxy", "proxy-with-fallback", "record", "replay"})
_TURN_ON = "set scripts_enabled: true"


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with the scripts that definitions name, as sentences; `errors` stop, `warnings` do not."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Scripts:
    """Runs scripts by their id; without an engine scripts are not enabled, and none runs."""

    def __init__(self, engine: ScriptEngine | None, sources: Mapping[str, Script]) -> None:
        self._engine = engine
        self._sources = sources

    @property
    def enabled(self) -> bool:
        """Whether scripts run at all."""
        return self._engine is not None

    async def run(
        self, script_id: str, context: Context, response: ScriptAnswer | None = None, *, stage: Stage = "answer"
    ) -> ScriptResult:
        """Run a script for one request; `response` is the answer that a script `after` it is given.

        Variables that it sets stay in the context. Raises ScriptError.
        """
        script = self._sources.get(script_id)
        if script is None:
            raise ScriptError(script_id, f"there is no such script{self._nearest(script_id)}")
        if self._engine is None:
            raise ScriptError(script_id, f"scripts are not enabled: {_TURN_ON}")
        started = time.perf_counter()
        log: list[str] = []
        outcome = await self._engine.run(
            script,
            functions(context, log),
            inputs(context, response),
            now=context.clock(),
            seed=context.random.getrandbits(64),
        )
        answer = read_answer(script_id, outcome.value, stage, response)
        return ScriptResult(answer, tuple(log), outcome.printed, time.perf_counter() - started)

    def problems(self, definitions: Iterable[MockDefinition]) -> Findings:
        """Say which definitions name a script that does not exist, or one that does not run."""
        errors: list[str] = []
        warnings: list[str] = []
        for definition in definitions:
            if definition.hooks.after is not None and definition.mode in _UNCHANGED:
                warnings.append(
                    f"{definition.id}: hooks.after: it runs in mode mock only, not in mode {definition.mode}"
                )
            for place, script_id, is_hook in named_scripts(definition):
                where = f"{definition.id}: {place}"
                if script_id not in self._sources:
                    errors.append(f"{where}: there is no script {script_id!r}{self._nearest(script_id)}")
                elif not self.enabled and is_hook:
                    warnings.append(f"{where}: the script {script_id!r} does not run: scripts are off; {_TURN_ON}")
                elif not self.enabled:
                    errors.append(f"{where}: the script {script_id!r} cannot answer: scripts are off; {_TURN_ON}")
        return Findings(tuple(errors), tuple(warnings))

    async def check(self) -> tuple[str, ...]:
        """Say which scripts cannot be read by the engine, with place and line; nothing of them runs."""
        sentences: list[str] = []
        for script in self._sources.values() if self._engine is not None else ():
            try:
                assert self._engine is not None
                await self._engine.check(script)
            except ScriptError as error:
                sentences.append(f"{script.place}:{error.line or 1}: {error.reason}")
        return tuple(sentences)

    async def check_all(self, definitions: Iterable[MockDefinition]) -> Findings:
        """Say all that is wrong: with the names in definitions, and with the scripts themselves."""
        found = self.problems(definitions)
        return Findings(found.errors + await self.check(), found.warnings)

    async def close(self) -> None:
        """End the engine; runs under way fail."""
        if self._engine is not None:
            await self._engine.close()

    def _nearest(self, script_id: str) -> str:
        near = get_close_matches(script_id, self._sources, n=3)
        if near:
            return f": did you mean {' or '.join(map(repr, near))}?"
        return f" (known: {', '.join(sorted(self._sources)) or 'none'})"


def open_scripts(settings: Settings, open_engine: Callable[[float], ScriptEngine]) -> Scripts:
    """Read the scripts that the settings name, and open an engine where scripts are enabled; raises ConfigError."""
    texts = {name: text.source for name, text in settings.scripts.items() if not isinstance(text, str)}
    files = {name: file for name, file in settings.scripts.items() if isinstance(file, str)}
    sources = load_scripts(files, settings.scripts_folder, texts)
    engine = open_engine(settings.script_timeout_ms / 1000) if settings.scripts_enabled else None
    return Scripts(engine, sources)


def named_scripts(definition: MockDefinition) -> Iterator[tuple[str, str, bool]]:
    """Give where a definition names a script, its id, and whether it is a hook."""
    hooks = definition.hooks
    if hooks.before is not None:
        yield "hooks.before", hooks.before, True
    if hooks.after is not None:
        yield "hooks.after", hooks.after, True
    for place, response in responses_of(definition):
        where = shown_path(place)
        if response.script is not None:
            yield f"{where}.script", response.script, False
        for index, variant in enumerate(response.variants):
            if variant.response.script is not None:
                yield f"{where}.variants.{index}.response.script", variant.response.script, False
        for name, example in response.examples.items():
            if example.script is not None:
                yield f"{where}.examples.{name}.script", example.script, False
