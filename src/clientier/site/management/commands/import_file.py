"""Import files from the command line, through the same engine as the pages."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from clientier.core.actor import Actor, Door, system
from clientier.core.errors import DomainError
from clientier.kit.imports import executing, problems, runs
from clientier.kit.imports.dates import DateOrder
from clientier.kit.imports.engine import Counts
from clientier.kit.imports.mapping import FieldMapping, mapping_from_dict, mapping_to_dict
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.survey import survey
from clientier.kit.imports.taking_back import take_back
from clientier.kit.models import ImportRun
from clientier.rooms.people.queries import actor_of, organisation, user_named

SOME_IN_ERROR, REFUSED = 1, 2
FORMS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")
OPTIONS_OF_MAPPING = (
    "encoding",
    "delimiter",
    "sheet",
    "heading_row",
    "date_order",
    "decimal_mark",
    "time_zone",
)


class Command(BaseCommand):
    help = (
        "Import customers, contacts, products, orders or costs from CSV, Excel, OpenDocument, Parquet or vCard. "
        "Exit code 0: all rows are in; 1: some were in error; 2: the file was refused, nothing is in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="files of the same kind")
        parser.add_argument("--target", choices=sorted(TARGETS), help="what the rows are")
        parser.add_argument("--mapping", type=Path, help="which column is what, as JSON; else it is proposed")
        parser.add_argument("--save-mapping", type=Path, help="write the mapping that was used to this file")
        parser.add_argument("--dry-run", action="store_true", help="count what would happen; write nothing")
        parser.add_argument("--problems", type=Path, help="write the rows in error here (.csv or .xlsx)")
        parser.add_argument("--as", dest="username", help="act as this user, with the rights of that user")
        parser.add_argument("--encoding", help="such as utf-8, gb18030, cp1252; else it is detected")
        parser.add_argument("--delimiter", help="what separates the columns of a text file")
        parser.add_argument("--sheet", help="the sheet of a workbook")
        parser.add_argument("--heading-row", type=int, help="the row of the headings; 0: there is none")
        parser.add_argument("--date-order", choices=FORMS, help="how days are written")
        parser.add_argument("--decimal-mark", choices=(".", ","))
        parser.add_argument("--time-zone", help="of moments without one; else the company's")
        parser.add_argument("--undo", type=UUID, metavar="ID", help="take an import back, as a whole")
        parser.add_argument("--resume", type=UUID, metavar="ID", help="go on with an import that was cut off")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["username"])
        try:
            if options["undo"]:
                number = take_back(runs.run_seen_by(actor, options["undo"]), actor=actor)
                self.stdout.write(f"Undone: {number} records are as they were before.")
                return
            in_error = self._import_all(options, actor)
        except (DomainError, ImportRefusedError) as refusal:
            raise CommandError(str(refusal), returncode=REFUSED) from refusal
        if in_error:
            raise CommandError(f"{in_error} rows were in error; all others are in.", returncode=SOME_IN_ERROR)

    def _import_all(self, options: dict[str, Any], actor: Actor) -> int:
        if options["resume"]:
            return self._run(runs.run_seen_by(actor, options["resume"]), options, actor, options["problems"])
        if not options["files"]:
            raise CommandError("Name the file to import.", returncode=REFUSED)
        in_error = 0
        for path in options["files"]:
            in_error += self._run(
                self._prepared(path, options, actor), options, actor, self._beside(path, options)
            )
        return in_error

    def _prepared(self, path: Path, options: dict[str, Any], actor: Actor) -> ImportRun:
        """The import of one file, mapped as told or as proposed."""
        mapping = self._mapping(path, options, actor)
        if options["save_mapping"]:
            plain = json.dumps(mapping_to_dict(mapping), ensure_ascii=False, indent=2)
            options["save_mapping"].write_text(plain + "\n", encoding="utf-8")
        return ImportRun(
            user_id=actor.user_id,
            actor_name=actor.name,
            target=mapping.target,
            file_name=path.name,
            path=str(path.resolve()),
            mapping=mapping_to_dict(mapping),
        )

    def _mapping(self, path: Path, options: dict[str, Any], actor: Actor) -> FieldMapping:
        told = {name: options[name] for name in OPTIONS_OF_MAPPING if options[name] is not None}
        if options["mapping"]:
            try:
                plain = json.loads(options["mapping"].read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CommandError(f"{options['mapping']}: {error}", returncode=REFUSED) from error
            return replace(mapping_from_dict(plain), **told)
        if not options["target"]:
            raise CommandError("Say what the rows are: --target, or --mapping.", returncode=REFUSED)
        reading = {
            name: told[name] for name in ("encoding", "delimiter", "sheet", "heading_row") if name in told
        }
        source = open_source(path, **reading)
        importing = runs.target_named(options["target"], actor)
        proposed = runs.proposal(importing, survey(source), actor)
        for name, binding in proposed.fields.items():
            self.stderr.write(f"  {' + '.join(binding.columns)} → {name}")
        return replace(proposed, **told)

    def _run(self, run: ImportRun, options: dict[str, Any], actor: Actor, problem_file: Path | None) -> int:
        began = time.perf_counter()
        if options["dry_run"]:
            rehearsed = executing.rehearse(run, actor=actor, said=self._progress)
            counts, words = rehearsed.counts, "would be"
            for reason in rehearsed.plain()["reasons"]:
                problem = executing.problem_from(reason["problem"])
                self.stderr.write(f"  {reason['rows']} × {problem} (row {reason['row_number']})")
        else:
            run = self._executed(run, actor)
            counts = Counts(run.rows_done, run.created, run.updated, run.unchanged, run.errors)
            words = "were"
        seconds = time.perf_counter() - began
        self._end_progress()
        self.stdout.write(
            f"{run.file_name}: {counts.rows} rows; {counts.created} {words} created, "
            f"{counts.updated} changed, {counts.unchanged} unchanged, {counts.errors} in error; "
            f"{seconds:.1f} s"
        )
        if not options["dry_run"]:
            self.stdout.write(f"  import {run.pk}; take it back with --undo {run.pk}")
            if counts.errors and problem_file:
                self._write_problems(run, problem_file)
        return counts.errors

    def _executed(self, run: ImportRun, actor: Actor) -> ImportRun:
        """Run it; what was refused before its first row is not remembered as an import."""
        run.save()
        try:
            return executing.execute(run, actor=actor, said=self._progress)
        except runs.ImportRefused:
            if not run.rows_done:
                run.delete()
            raise

    def _write_problems(self, run: ImportRun, path: Path) -> None:
        write = problems.write_problems_csv
        if path.suffix.lower() == ".xlsx":
            write = problems.write_problems_workbook
        number = write(runs.source_of(run), executing.problems_of(run), path)
        self.stdout.write(f"  {number} rows in error, with the reasons: {path}")

    def _beside(self, path: Path, options: dict[str, Any]) -> Path | None:
        """Where the rows in error of this file go; several files have one each."""
        told: Path | None = options["problems"]
        if told is None or len(options["files"]) == 1:
            return told
        return told.with_name(f"{told.stem}-{path.stem}{told.suffix}")

    def _actor(self, username: str | None) -> Actor:
        if username is None:
            return replace(system(Door.COMMAND), time_zone=organisation().time_zone)
        user = user_named(username)
        if user is None:
            raise CommandError(f"There is no user {username}.", returncode=REFUSED)
        return actor_of(user, Door.COMMAND)

    def _progress(self, done: int, total: int | None) -> None:
        if sys.stderr.isatty():
            share = f" of {total}" if total else ""
            self.stderr.write(f"\r  {done}{share} rows", ending="")
            self.stderr.flush()

    def _end_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
