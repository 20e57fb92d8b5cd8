"""Lists and records as files: exactly what the page shows, as far as the actor may take it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.core.custom import definitions
from clientier.kit import business_cards, cells, export, paging, parquet_export, rows
from clientier.kit.asking import Asking
from clientier.kit.cells import Setting
from clientier.kit.questions import Question
from clientier.kit.resource import Column, Resource, label_of


@require_GET
def exported(request: Asking, shown: Resource) -> HttpResponseBase:
    """Exactly what the list shows: its columns, its filters, its order, its reach."""
    access.require(request.actor, shown.model, "export")
    question = Question.parse(request.GET)
    columns = rows.shown(shown, request.actor, question)
    way, descending = rows.ordering(shown, request.actor, question)
    found = rows.select(shown, request.actor, question, request.setting.today)
    found = found.filter(access.rows(request.actor, shown.model, "export"))
    order = paging.Order.by(shown.model, way, descending=descending)
    records = paging.in_order(rows.joined(shown, found, columns, request.actor), order).iterator(
        chunk_size=2000
    )
    lines = _lines(shown, columns, records, request.setting, get_language())
    headings = [label_of(shown, column) for column in columns]
    match request.GET.get("as"):
        case "vcf" if shown.business_card:
            return business_cards.as_vcf(shown, request.actor, found)
        case "parquet":
            types = parquet_export.types_of(shown, columns)
            return parquet_export.as_parquet(shown.slug, headings, types, lines)
        case "xlsx":
            return export.as_xlsx(shown.slug, headings, lines)
    return export.as_csv(shown.slug, headings, lines)


@require_GET
def business_card(request: Asking, shown: Resource, pk: int) -> HttpResponseBase:
    """One record as a vCard, as far as the actor may export and read it."""
    access.require(request.actor, shown.model, "export")
    record = access.get(request.actor, shown.model, pk, "export")
    return business_cards.as_vcf(shown, request.actor, shown.model._default_manager.filter(pk=record.pk))


def _lines(
    shown: Resource, columns: list[Column], records: Any, setting: Setting, language: str | None
) -> Iterator[list[Any]]:
    """Sent after the page is answered, so it holds the definitions itself, and remembers the reader's language."""
    with definitions.held():
        with translation.override(language):
            drawers = [cells.drawer(shown, column, setting) for column in columns]
        for record in records:
            with translation.override(language):
                line = [draw(record).value for draw in drawers]
            yield line
