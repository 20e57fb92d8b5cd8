"""The state on disk: a base and an overlay of changed customers in Parquet, and a manifest that names them.

A fold writes new files beside the old and then renames the manifest: whatever dies in between leaves the old
state. A batch is folded once, by its id. One process folds at a time.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from clientier.worth.engines.engine import Engine
from clientier.worth.refusals import WorthError
from clientier.worth.state import definition
from clientier.worth.state.dense import rebuilt_columns

OVERLAY_SHARE = 0.125
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
    schema_version: int = definition.SCHEMA_VERSION
    definition: str = field(default_factory=definition.fingerprint)


class StateStore:
    """The customer state in a folder, folded and read by an engine."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.engine = Path(folder), engine
        self.folder.mkdir(parents=True, exist_ok=True)
        self.manifest = Manifest()

    def open(self, table: str) -> None:
        """Make the state of all customers with lines known to the engine under this name."""
        self.manifest = self._read_manifest()
        self._open_files(table + "_all")
        names = ", ".join(definition.STATE_TYPES)
        self.engine.define(table, f"SELECT {names} FROM {table}_all WHERE n_lines > 0")

    def rebuild(self, batch: str, lines: str) -> None:
        """Replace the state by one computed from all lines (a table of the engine).

        All batches folded before count as part of these lines, and so does `batch`.
        """
        with self._alone(whatever_is_there=True):
            latest = self._latest_day(lines)
            columns = rebuilt_columns(self.engine, lines)
            if columns is None:
                self.engine.define("worth_days", definition.customer_days(lines))
                statement = definition.customer_state("worth_days")
            else:
                self.engine.read_columns("worth_rebuilt", columns)
                statement = f"SELECT {', '.join(definition.STATE_TYPES)} FROM worth_rebuilt"
            base = self._write("base", statement)
            self.engine.read_parquet("worth_base", [base])
            self._commit(
                Manifest(
                    generation=self.manifest.generation + 1,
                    watermark_day=latest,
                    base=base.name,
                    base_customers=self._count("worth_base"),
                    batches=tuple(dict.fromkeys((*self.manifest.batches, batch))),
                )
            )

    def fold(
        self, batch: str, lines: str, *, changed: Sequence[int] = (), history: str | None = None
    ) -> bool:
        """Fold the lines of a batch (a table of the engine) into the state; False if it already was.

        Any days may be among them. Customers in `changed`, whose older lines were edited or withdrawn, and
        customers with a purchase before their last one known are recomputed from `history`: all lines as they
        stand now, this batch among them. Raises `StateRefused("history_needed")` when it is not there.
        """
        with self._alone():
            if batch in self.manifest.batches:
                return False
            engine, latest = self.engine, self._latest_day(lines)
            engine.define("worth_days", definition.customer_days(lines))
            engine.keep("worth_fresh", definition.customer_state("worth_days"))
            self._open_files("worth_now")
            again = self._to_recompute(changed)
            if len(again) and history is None:
                raise StateRefused("history_needed", customers=len(again))
            engine.define("worth_changed", self._changed_states(again, history))
            if self.manifest.overlay:
                engine.define("worth_overlaid", definition.overlaid("worth_changed", "worth_now_overlay"))
                overlay = self._write("overlay", "SELECT * FROM worth_overlaid")
            else:
                overlay = self._write("overlay", "SELECT * FROM worth_changed")
            self._commit(self._after(batch, latest, overlay))
            return True

    def _latest_day(self, lines: str) -> int | None:
        """The last day among the lines, which must be as the definition wants them: fractions would be rounded
        one way here and another there, and who has no key would be nobody's.
        """
        whole = self.engine.fetch(f"SELECT {', '.join(definition.WHOLE_COLUMNS)} FROM {lines} LIMIT 0")
        for name, values in whole.items():
            if values.dtype.kind not in "iu":
                raise StateRefused("column_not_whole", column=name, found=str(values.dtype))
        counts = ", ".join(f"COUNT({name}) AS {name}" for name in definition.FILLED_COLUMNS)
        found = self.engine.fetch(
            f"SELECT COUNT(*) AS n_lines, COALESCE(MAX(day), 0) AS latest_day, {counts} FROM {lines}"
        )
        n_lines = int(found["n_lines"][0])
        for name in definition.FILLED_COLUMNS:
            if missing := n_lines - int(found[name][0]):
                raise StateRefused("values_missing", column=name, lines=missing)
        return int(found["latest_day"][0]) if n_lines else None

    def _to_recompute(self, changed: Sequence[int]) -> np.ndarray:
        late = self.engine.fetch(definition.late_customers("worth_now", "worth_fresh"))["customer_key"]
        return np.union1d(late.astype(np.int64), np.asarray(changed, dtype=np.int64))

    def _changed_states(self, again: np.ndarray, history: str | None) -> str:
        """Folded states of the customers of the batch, recomputed ones of those in `again`."""
        if not len(again):
            return definition.folded("worth_now", "worth_fresh")
        engine = self.engine
        engine.read_columns("worth_again", {"customer_key": again})
        chosen = "customer_key IN (SELECT customer_key FROM worth_again)"
        engine.define("worth_lines_again", f"SELECT * FROM {history} WHERE {chosen}")
        engine.define("worth_days_again", definition.customer_days("worth_lines_again"))
        engine.keep("worth_found", definition.customer_state("worth_days_again"))
        engine.define("worth_folded", definition.folded("worth_now", "worth_fresh"))
        names = ", ".join(definition.STATE_TYPES)
        return f"""SELECT {names} FROM worth_folded WHERE NOT ({chosen})
            UNION ALL {definition.emptied("worth_again", "worth_found")}"""

    def _after(self, batch: str, latest: int | None, overlay: Path) -> Manifest:
        """The manifest of the folded state; an overlay that has grown large is made part of a new base."""
        before = self.manifest
        known = [day for day in (before.watermark_day, latest) if day is not None]
        after = replace(
            before,
            generation=before.generation + 1,
            watermark_day=max(known, default=None),
            overlay=overlay.name,
            batches=(*before.batches, batch),
        )
        self.engine.read_parquet("worth_grown", [overlay])
        if self._count("worth_grown") <= OVERLAY_SHARE * before.base_customers:
            return after
        source = "worth_grown"
        if before.base:
            self.engine.define("worth_all", definition.overlaid("worth_grown", "worth_now_base"))
            source = "worth_all"
        base = self._write("base", f"SELECT * FROM {source} WHERE n_lines > 0 ORDER BY customer_key")
        self.engine.read_parquet("worth_base", [base])
        return replace(after, base=base.name, overlay=None, base_customers=self._count("worth_base"))

    def _open_files(self, table: str) -> None:
        """Know the files of the manifest as table_base and table_overlay, and both together as `table`."""
        manifest, parts = self.manifest, []
        for part, name in (("overlay", manifest.overlay), ("base", manifest.base)):
            if name:
                self.engine.read_parquet(f"{table}_{part}", [self.folder / name])
                parts.append(f"{table}_{part}")
        if len(parts) == 2:
            self.engine.define(table, definition.overlaid(*parts))
        elif parts:
            self.engine.define(table, f"SELECT * FROM {parts[0]}")
        else:
            zeros = ", ".join(f"CAST(0 AS {kind}) AS {name}" for name, kind in definition.STATE_TYPES.items())
            self.engine.define(table, f"SELECT * FROM (SELECT {zeros}) AS nobody WHERE n_lines > 0")

    def _count(self, table: str) -> int:
        return int(self.engine.fetch(f"SELECT COUNT(*) AS customers FROM {table}")["customers"][0])

    def _read_manifest(self, *, whatever_is_there: bool = False) -> Manifest:
        path = self.folder / MANIFEST
        if not path.exists():
            return Manifest()
        kept = json.loads(path.read_text(encoding="utf-8"))
        for name, code in (("schema_version", "schema_changed"), ("definition", "definition_changed")):
            if kept[name] != getattr(Manifest(), name):
                if whatever_is_there:
                    return Manifest(generation=kept["generation"], batches=tuple(kept["batches"]))
                raise StateRefused(code, found=kept[name], hint="rebuild")
        return Manifest(**{**kept, "batches": tuple(kept["batches"])})

    def _write(self, part: str, statement: str) -> Path:
        path = self.folder / f"{part}-{self.manifest.generation + 1:06}.parquet"
        if path.exists():  # what a run that died has left
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.engine.write_parquet(path, statement)
        return path

    def _commit(self, after: Manifest) -> None:
        """Make the new files the state, in one rename; the files before stay one fold longer for readers."""
        for name in {after.base, after.overlay} - {self.manifest.base, self.manifest.overlay, None}:
            _to_disk(self.folder / str(name))
        named = {after.base, after.overlay, self.manifest.base, self.manifest.overlay}
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
    def _alone(self, *, whatever_is_there: bool = False) -> Iterator[None]:
        """Hold the folder against other processes, and start from what is on disk now."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StateRefused("state_in_use", folder=str(self.folder)) from None
            self.manifest = self._read_manifest(whatever_is_there=whatever_is_there)
            yield


def _to_disk(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
