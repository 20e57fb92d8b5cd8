"""The state on disk: a base and an overlay of changed customers in Parquet, and a manifest that names them.

A fold writes new files beside the old and then renames the manifest: whatever dies in between leaves the old
state. A batch is folded once, by its id. One process folds at a time. Keys of customers named by text, and the
days and gaps that scores need, lie beside it in files that the same manifest names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from clientier.worth.state import definition, kept, names
from clientier.worth.state.dense import rebuilt_columns
from clientier.worth.state.files import Manifest, StateFiles, StateRefused

OVERLAY_SHARE = 0.125


class StateStore(StateFiles):
    """The customer state in a folder, folded and read by an engine."""

    def open(self, table: str) -> None:
        """Make the state of all customers with lines known to the engine under this name."""
        self.manifest = self.read_manifest()
        self._open_files(table + "_all")
        names = ", ".join(definition.STATE_TYPES)
        self.engine.define(table, f"SELECT {names} FROM {table}_all WHERE n_lines > 0")

    def rebuild(
        self, batch: str | Sequence[str], lines: str, *, keep_days: int = 0, until_day: int | None = None
    ) -> None:
        """Replace the state by one computed from all lines (a table of the engine).

        All batches folded before count as part of these lines, and so does `batch`.
        """
        with self.alone(whatever_is_there=True):
            self._rebuild(_ids(batch), lines, keep_days, until_day)

    def _rebuild(self, batches: tuple[str, ...], lines: str, keep_days: int, until_day: int | None) -> None:
        keys = names.with_newcomers(self, lines)
        lines = names.with_keys(self, lines)
        latest = _later(self._latest_day(lines), until_day)
        columns = rebuilt_columns(self.engine, lines)
        if columns is None:
            self.engine.define("worth_days", definition.customer_days(lines))
            statement = definition.customer_state("worth_days")
        else:
            self.engine.read_columns("worth_rebuilt", columns)
            statement = f"SELECT {', '.join(definition.STATE_TYPES)} FROM worth_rebuilt"
        base = self.write("base", statement)
        self.engine.read_parquet("worth_base", [base])
        late = kept.kept_anew(self, lines, latest, keep_days)
        self.commit(
            Manifest(
                generation=self.manifest.generation + 1,
                watermark_day=latest,
                base=base.name,
                base_customers=self._count("worth_base"),
                batches=tuple(dict.fromkeys((*self.manifest.batches, *batches))),
                keys=keys,
                **late,
            )
        )

    def fold(
        self,
        batch: str | Sequence[str],
        lines: str,
        *,
        changed: Sequence[int] = (),
        history: str | None = None,
        keep_days: int = 0,
        until_day: int | None = None,
    ) -> bool:
        """Fold the lines of a batch (a table of the engine) into the state; False if it already was.

        Any days may be among them. Customers in `changed`, whose older lines were edited or withdrawn, and
        customers with a purchase before their last one known are recomputed from `history`: all lines as they
        stand now, this batch among them. Raises `StateRefused("history_needed")` when it is not there, and
        "history_incomplete" when nothing in it was edited or withdrawn and lines folded before are missing.
        Lines may have `customer_id`, a text, in place of `customer_key`: keys are given and kept. With
        `keep_days` the customer-days of so many days are kept for windows, and all gaps between purchases.
        `until_day` is the day that the batch reaches, where that is later than its lines.
        """
        with self.alone():
            batches = _ids(batch)
            if known := [name for name in batches if name in self.manifest.batches]:
                if len(known) == len(batches):
                    return False
                raise StateRefused("batch_partly_folded", batches=", ".join(known))
            if self.manifest.watermark_day is None and not len(changed):
                self._rebuild(batches, lines, keep_days, until_day)
                return True
            keys = names.with_newcomers(self, lines)
            lines = names.with_keys(self, lines)
            history = history and names.with_keys(self, history)
            engine, latest = self.engine, _later(self._latest_day(lines), until_day)
            engine.define("worth_days", definition.customer_days(lines))
            engine.keep("worth_fresh", definition.customer_state("worth_days"))
            self._open_files("worth_now")
            again = self._to_recompute(changed)
            if len(again) and history is None:
                raise StateRefused("history_needed", customers=len(again))
            engine.define("worth_changed", self._changed_states(again, history, edited=len(changed) > 0))
            if self.manifest.overlay:
                engine.define("worth_overlaid", definition.overlaid("worth_changed", "worth_now_overlay"))
                overlay = self.write("overlay", "SELECT * FROM worth_overlaid")
            else:
                overlay = self.write("overlay", "SELECT * FROM worth_changed")
            after = self._after(batches, latest, overlay)
            late = kept.kept_after_fold(self, after.watermark_day, keep_days, history, again=len(again) > 0)
            self.commit(replace(after, keys=keys, **late))
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

    def _changed_states(self, again: np.ndarray, history: str | None, *, edited: bool) -> str:
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
        if not edited:
            self._refuse_incomplete_history()
        names = ", ".join(definition.STATE_TYPES)
        return f"""SELECT {names} FROM worth_folded WHERE NOT ({chosen})
            UNION ALL {definition.emptied("worth_again", "worth_found")}"""

    def _refuse_incomplete_history(self) -> None:
        """Refuse a history that holds fewer lines of the customers in `worth_again` than were folded."""
        found = self.engine.fetch("""SELECT COUNT(*) AS customers FROM worth_folded AS folded
            INNER JOIN worth_again AS again ON again.customer_key = folded.customer_key
            LEFT JOIN worth_found AS found ON found.customer_key = folded.customer_key
            WHERE COALESCE(found.n_lines, 0) < folded.n_lines""")
        if customers := int(found["customers"][0]):
            raise StateRefused("history_incomplete", customers=customers)

    def _after(self, batches: tuple[str, ...], latest: int | None, overlay: Path) -> Manifest:
        """The manifest of the folded state; an overlay that has grown large is made part of a new base."""
        before = self.manifest
        after = replace(
            before,
            generation=before.generation + 1,
            watermark_day=_later(before.watermark_day, latest),
            overlay=overlay.name,
            batches=(*before.batches, *batches),
        )
        self.engine.read_parquet("worth_grown", [overlay])
        if self._count("worth_grown") <= OVERLAY_SHARE * before.base_customers:
            return after
        source = "worth_grown"
        if before.base:
            self.engine.define("worth_all", definition.overlaid("worth_grown", "worth_now_base"))
            source = "worth_all"
        base = self.write("base", f"SELECT * FROM {source} WHERE n_lines > 0 ORDER BY customer_key")
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


def _later(one: int | None, other: int | None) -> int | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _ids(batch: str | Sequence[str]) -> tuple[str, ...]:
    return (batch,) if isinstance(batch, str) else tuple(batch)
