"""The files of a state: a manifest names them, and only its renaming makes new ones count.

Whatever dies before that leaves the old state. One process at a time may hold the folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from clientier.worth.engines.engine import Engine
from clientier.worth.refusals import WorthError
from clientier.worth.state import definition

MANIFEST = "state.json"


class StateRefused(WorthError):
    """The state, or the batch for it, cannot be used as it is."""


@dataclass(frozen=True)
class Manifest:
    """Which files are the state, up to which day, from which batches, by which definition."""

    generation: int = 0
    watermark_day: int | None = None
    base: str | None = None
    overlay: str | None = None
    base_customers: int = 0
    batches: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    days_after: int | None = None
    schema_version: int = definition.SCHEMA_VERSION
    definition: str = field(default_factory=definition.fingerprint)

    def files(self) -> set[str]:
        """The names of all files that are this state."""
        return {name for name in (self.base, self.overlay, *self.keys, *self.days, *self.gaps) if name}


class StateFiles:
    """A folder with a state, and the engine that reads and writes it."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.engine = Path(folder), engine
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manifest = Manifest()

    def paths(self, names: tuple[str, ...]) -> list[Path]:
        """Where these files of the state are."""
        return [self.folder / name for name in names]

    def read_manifest(self, *, whatever_is_there: bool = False) -> Manifest:
        """What is on disk now; with `whatever_is_there` also by another definition, its customers left out."""
        path = self.folder / MANIFEST
        if not path.exists():
            return Manifest()
        kept = json.loads(path.read_text(encoding="utf-8"))
        for name, code in (("schema_version", "schema_changed"), ("definition", "definition_changed")):
            if kept[name] != getattr(Manifest(), name):
                if whatever_is_there:
                    return Manifest(generation=kept["generation"], batches=tuple(kept["batches"]))
                raise StateRefused(code, found=kept[name], hint="rebuild")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        return Manifest(**values)

    def write(self, part: str, statement: str) -> Path:
        """Run a statement into a file of the next state; it counts once it is committed."""
        path = self.folder / f"{part}-{self.manifest.generation + 1:06}.parquet"
        if path.exists():  # what a run that died has left
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.engine.write_parquet(path, statement)
        return path

    def commit(self, after: Manifest) -> None:
        """Make the new files the state, in one rename; the files before stay one fold longer for readers."""
        for name in after.files() - self.manifest.files():
            _to_disk(self.folder / name)
        named = after.files() | self.manifest.files()
        beside = self.folder / (MANIFEST + ".new")
        beside.write_text(json.dumps(asdict(after), indent=1), encoding="utf-8")
        _to_disk(beside)
        beside.replace(self.folder / MANIFEST)
        _to_disk(self.folder)
        self.manifest = after
        for path in self.folder.glob("*-*.parquet"):
            if path.name not in named:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextmanager
    def alone(self, *, whatever_is_there: bool = False) -> Iterator[None]:
        """Hold the folder against other processes, and start from what is on disk now."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateRefused("state_in_use", folder=str(self.folder)) from None
            self.manifest = self.read_manifest(whatever_is_there=whatever_is_there)
            yield


def _to_disk(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
