"""An import from the upload to the moment it may run: who may, what the file is, how it is mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientier.core import access, jobs
from clientier.core.actor import Actor, Reach
from clientier.core.errors import Conflict, DomainError, NotAllowed, NotFound
from clientier.core.models import JobRun, JobState
from clientier.core.wording import listed
from clientier.kit.imports.combining import open_mapped_source
from clientier.kit.imports.headings import normal_heading
from clientier.kit.imports.lookups import LOOKUPS
from clientier.kit.imports.mapping import Binding, FieldMapping, mapping_from_dict, mapping_to_dict
from clientier.kit.imports.proposing import Knows, proposed_mapping
from clientier.kit.imports.reading import open_source
from clientier.kit.imports.reasons import ImportRefusedError
from clientier.kit.imports.registry import TARGETS, ImportTarget, open_targets
from clientier.kit.imports.source import MEGABYTE, Source
from clientier.kit.imports.survey import Column, survey
from clientier.kit.imports.targets import Field, Target
from clientier.kit.models import ImportRun, ImportState, RememberedMapping

LONGEST_NUMBER = 60
LARGEST_UPLOAD = 512 * MEGABYTE
BEFORE_RUNNING = (ImportState.UPLOADED, ImportState.CHECKED)
TRIED_AGAIN = (*BEFORE_RUNNING, ImportState.FAILED)
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".vcf")


class ImportRefused(DomainError):
    """The file or the mapping as a whole cannot be used; nothing was written."""

    code = "import_refused"
    status = 422


class AlreadyBegun(Conflict):
    """An import runs once; what it wrote can be undone, and the file imported anew."""

    code = "import_already_begun"
    message = gettext_lazy("This import has been started already. Nothing was changed.")


def target_named(slug: str, actor: Actor) -> ImportTarget:
    """The target, for an actor who may import it; others are told that there is none."""
    if slug not in TARGETS:
        raise NotFound
    if not TARGETS[slug].open_to(actor):
        raise NotAllowed
    return TARGETS[slug]


def runs_seen_by(actor: Actor) -> QuerySet[ImportRun]:
    """The actor's own imports, and those of others where the actor may import every such record."""
    if not open_targets(actor):
        raise NotAllowed
    whole = [
        slug
        for slug, target in TARGETS.items()
        if all(actor.reach(model, "import") is Reach.ALL for model in target.writes)
    ]
    found = ImportRun.objects.filter(Q(user_id=actor.user_id) | Q(target__in=whole))
    return found.order_by("-uploaded_at", "pk")


def run_seen_by(actor: Actor, pk: UUID) -> ImportRun:
    """One import, or NotFound."""
    if found := runs_seen_by(actor).filter(pk=pk).first():
        return found
    raise NotFound


@transaction.atomic
def receive(importing: ImportTarget, file: File[bytes], *, actor: Actor) -> ImportRun:
    """Keep an uploaded file and propose how it is read. Raises ImportRefused if it is no table."""
    run = ImportRun(
        user_id=actor.user_id,
        actor_name=actor.name,
        target=importing.slug,
        file_name=PurePath(file.name or "").name[:255],
    )
    suffix = PurePath(run.file_name).suffix.lower()
    run.file.save(f"source{suffix if suffix in SUFFIXES else ''}", file, save=False)
    try:
        _propose(run, importing, actor)
    except ImportRefused:
        run.file.delete(save=False)
        raise
    run.save()
    return run


def path_of(run: ImportRun) -> Path:
    """The file of the import: the one that was uploaded, or where the command line found it."""
    return Path(run.file.path) if run.file else Path(run.path)


def mapping_of(run: ImportRun) -> FieldMapping:
    """How the file is read and its columns are mapped."""
    return mapping_from_dict(run.mapping)


def source_of(run: ImportRun, mapping: FieldMapping | None = None) -> Source:
    """The file of the import, opened as its mapping says. Raises ImportRefused in words."""
    try:
        return open_mapped_source(path_of(run), mapping or mapping_of(run), name=run.file_name)
    except ImportRefusedError as refusal:
        raise ImportRefused(str(refusal)) from refusal


def _propose(run: ImportRun, importing: ImportTarget, actor: Actor) -> None:
    try:
        source = open_source(path_of(run), name=run.file_name)
        remembered = _remembered(run, source.headings)
        mapping = remembered or proposal(importing, survey(source), actor)
    except ImportRefusedError as refusal:
        raise ImportRefused(str(refusal)) from refusal
    run.mapping = mapping_to_dict(mapping)
    run.facts = {"remembered": remembered is not None}
    run.rows_expected = source.row_estimate


def proposal(importing: ImportTarget, columns: Sequence[Column], actor: Actor) -> FieldMapping:
    """The mapping that the headings and cells suggest; where nothing numbers the records, names do if they can."""
    target = importing.for_actor(actor)
    mapping = proposed_mapping(target, columns, known_to(actor, target))
    fields = dict(mapping.fields)
    by_heading = {column.heading: column for column in columns}
    for name in target.key:
        if name in fields or "name" not in fields:
            continue
        if target.by_name[name].required or _can_number(fields["name"], by_heading):
            fields[name] = fields["name"]
    return FieldMapping(target.slug, fields)


def _can_number(names: Binding, columns: Mapping[str, Column]) -> bool:
    """Whether names tell the records apart, as far as the first rows show, and are short enough for a number."""
    if len(names.columns) != 1:
        return False
    column = columns[names.columns[0]]
    return column.distinct_share == 1 and all(len(text) <= LONGEST_NUMBER for text in column.samples)


def known_to(actor: Actor, target: Target) -> Knows:
    """Tells whether the cells of a column are keys of records that exist within the actor's sight."""
    counted: dict[tuple[str, tuple[str, ...]], bool] = {}

    def knows(declared: Field, samples: Sequence[str]) -> bool:
        lookup = LOOKUPS.get(declared.lookup or target.slug)
        if lookup is None or (not declared.lookup and lookup.key != declared.name):
            return False
        key = (lookup.slug, tuple(samples))
        if key not in counted:
            plain = [text for text in samples if "\0" not in text]
            found = access.visible(actor, lookup.model).filter(**{f"{lookup.key}__in": plain}).count()
            counted[key] = found * 2 > len(samples)
        return counted[key]

    return knows


@transaction.atomic
def set_mapping(run: ImportRun, mapping: FieldMapping, *, actor: Actor) -> ImportRun:
    """Map anew, as long as the import has not begun; what was checked before no longer holds."""
    target_named(run.target, actor)
    kept = _locked(run, BEFORE_RUNNING)
    plain = mapping_to_dict(mapping)
    if plain != kept.mapping:
        kept.mapping, kept.checked, kept.state, kept.job_id = plain, None, ImportState.UPLOADED, None
        kept.facts = {**kept.facts, "remembered": False}
        kept.save(update_fields=["mapping", "checked", "state", "facts", "job_id"])
    return kept


@transaction.atomic
def retarget(run: ImportRun, slug: str, *, actor: Actor) -> ImportRun:
    """Say that the rows are something else; the mapping is proposed anew."""
    importing = target_named(slug, actor)
    kept = _locked(run, BEFORE_RUNNING)
    kept.target, kept.checked, kept.state = importing.slug, None, ImportState.UPLOADED
    _propose(kept, importing, actor)
    kept.save(update_fields=["target", "checked", "state", "mapping", "facts"])
    return kept


def queue_check(run: ImportRun, task: Any, *, actor: Actor) -> None:
    """Have the whole file rehearsed as a job that is watched."""
    job = jobs.start(task, kind="check_import", label=run.file_name, actor=actor, import_id=str(run.pk))
    ImportRun.objects.filter(pk=run.pk, state__in=BEFORE_RUNNING).update(job_id=job.pk)


def check_under_way(run: ImportRun) -> JobRun | None:
    """The rehearsal of the whole file that is under way, if there is one."""
    if run.checked is not None:
        return None
    job = job_of(run)
    return job if job and job.state in (JobState.QUEUED, JobState.RUNNING) else None


def job_of(run: ImportRun) -> JobRun | None:
    """The long work that was last begun for the import; the command line begins none."""
    return JobRun.objects.filter(pk=run.job_id).first() if run.job_id else None


@transaction.atomic
def start(run: ImportRun, task: Any, *, actor: Actor) -> ImportRun:
    """Queue the import, once; also again after it stopped. The mapping is remembered for such files."""
    importing = target_named(run.target, actor)
    kept = _locked(run, TRIED_AGAIN)
    mapping = mapping_of(kept)
    missing = missing_fields(importing, mapping, actor)
    if missing:
        raise ImportRefused(
            _("Nothing is mapped to: %(fields)s. Nothing was imported.") % {"fields": listed(missing)}
        )
    remember(kept, source_of(kept, mapping).headings, mapping)
    job = jobs.start(task, kind="import", label=kept.file_name, actor=actor, import_id=str(kept.pk))
    kept.state, kept.job_id, kept.error = ImportState.QUEUED, job.pk, ""
    kept.stop_asked = False
    kept.save(update_fields=["state", "job_id", "error", "stop_asked"])
    return kept


@transaction.atomic
def ask_to_stop(run: ImportRun, *, actor: Actor) -> None:
    """Have a running import stop after the rows in hand; what is in stays, and it can go on or be undone."""
    target_named(run.target, actor)
    kept = _locked(run, (ImportState.QUEUED, ImportState.RUNNING))
    kept.stop_asked = True
    kept.save(update_fields=["stop_asked"])


def missing_fields(importing: ImportTarget, mapping: FieldMapping, actor: Actor) -> list[str]:
    """The labels of the required fields that nothing is mapped to."""
    return [
        str(declared.label)
        for declared in importing.for_actor(actor).fields
        if declared.required and declared.default is None and declared.name not in mapping.fields
    ]


def remember(run: ImportRun, headings: Sequence[str], mapping: FieldMapping) -> None:
    """Keep the mapping for the next file with these headings by the same user."""
    if run.user_id is not None:
        RememberedMapping.objects.update_or_create(
            user_id=run.user_id,
            target=run.target,
            headings=signature(headings),
            defaults={"mapping": mapping_to_dict(mapping)},
        )


def signature(headings: Sequence[str]) -> str:
    """What files of one shape have in common, whatever the order of their columns."""
    return hashlib.sha256("\n".join(sorted(map(normal_heading, headings))).encode()).hexdigest()


def _remembered(run: ImportRun, headings: Sequence[str]) -> FieldMapping | None:
    if run.user_id is None:
        return None
    found = RememberedMapping.objects.filter(
        user_id=run.user_id, target=run.target, headings=signature(headings)
    ).first()
    if found is None:
        return None
    mapping = mapping_from_dict(found.mapping)
    return mapping if mapping.columns_read() <= set(headings) else None


@transaction.atomic
def discard(run: ImportRun, *, actor: Actor) -> None:
    """Forget an upload that was never started, its file too."""
    target_named(run.target, actor)
    kept = _locked(run, BEFORE_RUNNING)
    if kept.file:
        kept.file.delete(save=False)
    kept.delete()


def _locked(run: ImportRun, states: Sequence[ImportState]) -> ImportRun:
    kept = ImportRun.objects.select_for_update().get(pk=run.pk)
    if kept.state not in states:
        raise AlreadyBegun
    return kept
