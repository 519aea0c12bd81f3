"""A library: cassettes by name over a store, read with whatever damage they have and listed with it."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cassettes.cassette import Cassette, Damage, Interaction, Manifest
from cassettes.codec import load_interaction
from cassettes.errors import CassetteError, CassetteFormatError, CassetteNotFoundError, CodecError
from cassettes.manifest import dump_manifest, load_manifest
from cassettes.reel import Reel
from cassettes.shelf import BODIES, INTERACTIONS, MANIFEST, Shelf, rebuilt, split_lines
from cassettes.stores import open_store
from cassettes.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cassettes.store import Store

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\Z")


class Library:
    """The cassettes of a store, by name.

    With `allow_paths` a reference that holds a slash is the path of a cassette's folder anywhere, as a person at the
    command line means it; never allow that for names that come over the network.
    """

    def __init__(self, store: Store, *, allow_paths: bool = False) -> None:
        self._store = store
        self._allow_paths = allow_paths

    def names(self) -> list[str]:
        """Give the names of all cassettes, sorted."""
        files = (name.split("/") for name in self._store.list())
        return sorted({path[0] for path in files if len(path) == 2 and path[1] in {MANIFEST, INTERACTIONS}})

    def manifest(self, name: str) -> Manifest:
        """Give the manifest alone; after a crash its counts can be behind. Raises CassetteError as `read` does."""
        return self._manifest(name, self._shelf(name))[0]

    def read(self, name: str) -> Cassette:
        """Give everything in the cassette that is whole and a note of everything that is not; changes nothing.

        Raises CassetteNotFoundError, CassetteFormatError for a newer format, CassetteError where the store fails.
        """
        shelf = self._shelf(name)
        manifest, damages = self._manifest(name, shelf)
        interactions: list[Interaction] = []
        for number, line in split_lines(shelf.lines()):
            try:
                interactions.append(load_interaction(line, shelf.read_blob))
            except CassetteError as error:  # also a blob that the store cannot read
                damages.append(Damage(INTERACTIONS, number, str(error)))
        return Cassette(rebuilt(manifest, interactions), tuple(interactions), tuple(damages))

    def reel(self, name: str) -> Reel:
        """Give the cassette to be read piece by piece, for what is too large to be held. Raises as `read` does."""
        shelf = self._shelf(name)
        manifest, damages = self._manifest(name, shelf)
        return Reel(shelf, manifest, tuple(damages))

    def write(
        self, name: str, *, manifest: Manifest | None = None, inspect: Callable[[bytes], None] | None = None
    ) -> Writer:
        """Open the cassette for appending, alone; one that is there is repaired and continued, else it is created.

        What `manifest` says of upstreams and profile is added to one that is there. `inspect` sees all bytes of
        interactions before they are written, and may refuse them by raising. Raises CassetteBusyError where
        another writer holds it, CassetteFormatError for a newer format.
        """
        return Writer(self._shelf(name), manifest or Manifest(Path(name).name), inspect)

    def delete(self, name: str) -> None:
        """Remove the cassette; other files in its folder stay. Raises CassetteNotFoundError, CassetteBusyError."""
        shelf = self._existing(name)
        with shelf.lock():
            shelf.sweep()
            # The manifest last: what a crash leaves is an emptied cassette, never one without its sanitizer's profile.
            for file in (INTERACTIONS, *(f"{BODIES}/{blob}" for blob in shelf.blobs()), MANIFEST):
                shelf.delete(file)

    def rename(self, old: str, new: str) -> None:
        """Give the cassette a new name, which must be free. Raises CassetteNotFoundError, CassetteBusyError."""
        if not _NAME.match(old) or not _NAME.match(new):
            raise _bad_reference(new if _NAME.match(old) else old, allow_paths=False)
        if self._shelf(new).exists():
            raise CassetteError(f"there is a cassette {new} already; delete it first, or choose another name")
        with self._existing(old).lock():
            manifest, _ = self._manifest(old, self._shelf(old))
            self._store.move(old, new)
            self._shelf(new).write(MANIFEST, dump_manifest(replace(manifest, name=new)))

    def _shelf(self, reference: str) -> Shelf:
        if _NAME.match(reference):
            return Shelf(self._store, reference)
        if self._allow_paths and ("/" in reference or "\\" in reference) and "\0" not in reference:
            return Shelf(open_store(Path(reference)), "")
        raise _bad_reference(reference, allow_paths=self._allow_paths)

    def _existing(self, name: str) -> Shelf:
        shelf = self._shelf(name)
        if not shelf.exists():
            raise self._not_found(name)
        return shelf

    def _manifest(self, name: str, shelf: Shelf) -> tuple[Manifest, list[Damage]]:
        """Give the manifest, or one made up where it is damaged."""
        try:
            return load_manifest(shelf.read(MANIFEST)), []
        except CassetteNotFoundError:
            if not shelf.exists():
                raise self._not_found(name) from None
            damage = "the manifest is missing"
        except CassetteFormatError:
            raise
        except CodecError as error:
            damage = str(error)
        return Manifest(Path(name).name), [Damage(MANIFEST, 0, damage)]

    def _not_found(self, name: str) -> CassetteNotFoundError:
        names = self.names()
        near = difflib.get_close_matches(name, names, n=1)
        if near:
            return CassetteNotFoundError(f"there is no cassette {name}; did you mean {near[0]}?")
        there = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
        return CassetteNotFoundError(f"there is no cassette {name}; there are: {there or 'none'}")


def _bad_reference(reference: str, *, allow_paths: bool) -> CassetteError:
    or_path = ", or a path such as ./tapes/shop" if allow_paths else ""
    return CassetteError(
        f"{reference[:80]!a} is not a cassette's name: letters, digits, dots, underscores and hyphens, "
        f"the first not a dot{or_path}"
    )
