"""Imports, spoken as JSON: what came in, and the way back. No future annotations: ninja reads the real types."""

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema, Status
from ninja.files import UploadedFile

from clientier.kit.api import MOST_AT_ONCE, PROBLEMS
from clientier.kit.asking import Asking
from clientier.kit.imports import executing, runs
from clientier.kit.imports.registry import TARGETS
from clientier.kit.imports.taking_back import take_back
from clientier.kit.jobs import import_file
from clientier.kit.models import ImportRun


class Imported(Schema):
    """One import: how far it came, what became of the rows, what an undo left as it was (by kind of record).

    ``records`` is the address of the list of the records that it made or changed and that still stand so.
    """

    id: UUID
    target: str
    file_name: str
    state: str
    rows: int
    created: int
    updated: int
    unchanged: int
    errors: int
    error: str
    left: dict[str, int]
    uploaded_at: dt.datetime
    records: str


class Imports(Schema):
    items: list[Imported]
    next: str = ""


class RefusedRow(Schema):
    """A row that did not come in, and why, in the language of the asker."""

    row_number: int
    reasons: list[str]


class Undo(Schema):
    """Without ``leave_changed`` an import of which a record was changed since is not undone at all."""

    leave_changed: bool = False


class Undone(Schema):
    records: int
    left: dict[str, int]


def router() -> Router:
    """Bring a file in, look what became of it, take it back."""
    made = Router(tags=["imports"])
    _reading(made)
    _writing(made)
    return made


def _reading(made: Router) -> None:
    @made.get("/", response={200: Imports, **PROBLEMS}, operation_id="imports_list")
    def index(request: Asking, page: int = 1, limit: int = Query(50, ge=1, le=MOST_AT_ONCE)) -> Any:
        start = max(page - 1, 0) * limit
        found = list(runs.runs_seen_by(request.actor)[start : start + limit + 1])
        following = str(page + 1) if len(found) > limit else ""
        return {"items": [_facts(run) for run in found[:limit]], "next": following}

    @made.get("/{uuid:pk}", response={200: Imported, **PROBLEMS}, operation_id="imports_get")
    def one(request: Asking, pk: UUID) -> Any:
        return _facts(runs.run_seen_by(request.actor, pk))

    @made.get(
        "/{uuid:pk}/errors", response={200: list[RefusedRow], **PROBLEMS}, operation_id="imports_errors"
    )
    def errors(
        request: Asking, pk: UUID, after: int = 0, limit: int = Query(MOST_AT_ONCE, ge=1, le=MOST_AT_ONCE)
    ) -> Any:
        run = runs.run_seen_by(request.actor, pk)
        found = run.problems.filter(row_number__gt=after).order_by("row_number")[:limit]
        return [
            {
                "row_number": each.row_number,
                "reasons": [str(executing.problem_from(reason)) for reason in each.reasons],
            }
            for each in found
        ]


def _writing(made: Router) -> None:
    @made.post("/new/{slug:target}", response={202: Imported, **PROBLEMS}, operation_id="imports_create")
    def create(request: Asking, target: str, file: UploadedFile) -> Any:
        importing = runs.target_named(target, request.actor)
        run = runs.receive(importing, file, actor=request.actor)
        return Status(202, _facts(runs.start(run, import_file, actor=request.actor)))

    @made.post("/{uuid:pk}/stop", response={204: None, **PROBLEMS}, operation_id="imports_stop")
    def stop(request: Asking, pk: UUID) -> Any:
        runs.ask_to_stop(runs.run_seen_by(request.actor, pk), actor=request.actor)
        return Status(204, None)

    @made.post("/{uuid:pk}/undo", response={200: Undone, **PROBLEMS}, operation_id="imports_undo")
    def undo(request: Asking, pk: UUID, body: Undo) -> Any:
        run = runs.run_seen_by(request.actor, pk)
        number = take_back(run, actor=request.actor, leave_changed=body.leave_changed)
        return {"records": number, "left": run.facts.get("left", {})}


def _facts(run: ImportRun) -> dict[str, Any]:
    importing = TARGETS.get(run.target)
    shown = f"/api/v1/{importing.shown_in}/?imported={run.pk}" if importing else ""
    names = (
        "id",
        "target",
        "file_name",
        "state",
        "created",
        "updated",
        "unchanged",
        "errors",
        "error",
        "uploaded_at",
    )
    return {
        **{name: getattr(run, name) for name in names},
        "rows": run.rows_done,
        "left": run.facts.get("left", {}),
        "records": shown,
    }
