"""Which records an import wrote: what the lists ask when they are opened from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from clientier.core.errors import BadQuestion
from clientier.core.models import BulkChange
from clientier.kit.models import ImportRun

MADE = "made"


def written_by(model: type[Model], asked: str) -> QuerySet[BulkChange, Any]:
    """The ids of the records that an import made or changed and that still stand so; "…:made" for those made."""
    name, _mark, only = asked.partition(":")
    found = BulkChange.objects.filter(
        request_id=run_asked_for(name).request_id, record=model._meta.label_lower, undone_by=None
    )
    return (found.filter(before__isnull=True) if only == MADE else found).values("record_id")


def run_asked_for(name: str) -> ImportRun:
    """The import of that id; BadQuestion where there is none."""
    try:
        return ImportRun.objects.get(pk=UUID(name))
    except (ValueError, ImportRun.DoesNotExist) as error:
        raise BadQuestion(_("There is no such import.")) from error


def chip(asked: str) -> str:
    """What the list says of this condition: the file, by its name."""
    return run_asked_for(asked.partition(":")[0]).file_name
