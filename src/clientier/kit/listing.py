"""What the list page shows, put together for its template: columns, rows, filters, views, ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.kit import (
    bulk,
    cells,
    custom_forms,
    filtering,
    formats,
    paging,
    panels,
    questions,
    rows,
    saved_views,
)
from clientier.kit.cells import Cell, Setting
from clientier.kit.models import Sharing
from clientier.kit.questions import Question
from clientier.kit.resource import Column, Resource, kind_of, label_of

PAGE_SIZE = 50


def listing(
    shown: Resource, actor: Actor, question: Question, setting: Setting, views: Sequence[Any] = ()
) -> dict[str, Any]:
    """The whole context of a list page, with at most ``PAGE_SIZE`` rows; ``views`` are all that are offered."""
    columns = rows.shown(shown, actor, question)
    path, descending = rows.ordering(shown, actor, question)
    found = rows.joined(shown, rows.select(shown, actor, question, setting.today), columns, actor)
    order = paging.Order.by(shown.model, path, descending=descending)
    page = paging.page(found, order, size=PAGE_SIZE, after=question.after, before=question.before)
    base = reverse(f"{shown.slug}-list")
    in_place = {column.path for column in editable(shown, actor)}
    return {
        "resource": _described(shown),
        "base_url": base,
        "columns": [
            _heading(shown, actor, column, question, path, descending) | {"editable": column.path in in_place}
            for column in columns
        ],
        "may_edit": bool(in_place),
        "rows": _rows(shown, columns, page.records, setting, question),
        "search": question.search,
        "searchable": shown.searchable,
        "query": question.query(),
        "next_url": f"?{question.query(after=page.after)}" if page.after else "",
        "prev_url": f"?{question.query(before=page.before)}" if page.before else "",
        "count_url": f"{reverse(f'{shown.slug}-count')}?{question.query()}",
        **_rights(shown, actor, question),
        **filtering.filters(shown, actor, question),
        **_views(shown, actor, question, views),
        **_choosing(shown, actor, question, columns),
        "actions": [_of_list(each, question) for each in panels.list_actions_of(shown.slug, actor)],
        "empty": _empty(shown, actor, question),
    }


def _of_list(action: dict[str, Any], question: Question) -> dict[str, Any]:
    """An action on what the list shows takes the question along."""
    asked = question.query() if action.get("of_list") else ""
    return {**action, "url": f"{action['url']}?{asked}"} if asked else action


def editable(shown: Resource, actor: Actor) -> list[Column]:
    """The columns whose values the actor may change where they stand: plain fields of the form, but for the name."""
    if actor.reach(shown.model, "change") is Reach.NONE:
        return []
    entered = {*shown.form_fields, *custom_forms.paths_for(shown.model, actor)} - {shown.title_column}
    writable = access.fields(actor, shown.model).writable & entered
    return [column for column in rows.readable(shown, actor) if column.path in writable]


def count_words(found: Any) -> str:
    """“1,234 records”, or “more than 10,000” where counting on would be waste."""
    number, more = rows.capped_count(found)
    if more:
        return _("more than %(number)s") % {"number": formats.number(number)}
    return ngettext("%(number)s record", "%(number)s records", number) % {"number": formats.number(number)}


def _described(shown: Resource) -> dict[str, Any]:
    return {
        "slug": shown.slug,
        "label": shown.label,
        "label_plural": shown.label_plural,
        "icon": shown.icon,
        "description": str(shown.description),
    }


def _heading(
    shown: Resource, actor: Actor, column: Column, question: Question, path: str, descending: bool
) -> dict[str, Any]:
    kind = kind_of(shown, column)
    now = ("desc" if descending else "asc") if column.path == path else ""
    first = "" if questions.family(kind) in {"text", "choice"} else "-"
    turned = ("" if now == "desc" else "-") if now else first
    url = f"?{question.query(order=turned + column.path)}" if rows.is_sortable(shown, column, actor) else None
    numeric = kind in {"money", "number", "percent", "delta"}
    return {
        "path": column.path,
        "label": label_of(shown, column),
        "kind": kind,
        "width": dict(question.widths).get(column.path),
        "align": "right" if numeric else "left",
        "sorted": now,
        "sort_url": url,
    }


def _rows(
    shown: Resource, columns: list[Column], records: Sequence[Any], setting: Setting, question: Question
) -> list[dict[str, Any]]:
    """The records; both the row and the name in it lead on with the way back to this very list."""
    origin = question.query()
    back = f"?from={quote(origin, safe='')}" if origin else ""
    drawers = [cells.drawer(shown, column, setting) for column in columns]
    return [_row(record, [draw(record) for draw in drawers], back) for record in records]


def _row(record: Any, drawn: list[Cell], back: str) -> dict[str, Any]:
    own = cells.link_to(record)
    url = f"{own}{back}"
    return {
        "pk": record.pk,
        "url": url,
        "own_url": own,
        "label": str(record),
        "cells": [replace(each, url=url) if back and own and each.url == own else each for each in drawn],
    }


def _rights(shown: Resource, actor: Actor, question: Question) -> dict[str, Any]:
    may = {action: actor.reach(shown.model, action) is not Reach.NONE for action in ("add", "export")}
    export = reverse(f"{shown.slug}-export")
    forms_of = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}
    if shown.business_card:
        forms_of["vcf"] = "vCard"
    return {
        "can_add": may["add"] and bool(_add_page(shown)),
        "add_url": reverse(_add_page(shown)) if _add_page(shown) else "",
        "export": [
            {"label": label, "url": f"{export}?{question.query()}&as={form}"}
            for form, label in forms_of.items()
        ]
        if may["export"]
        else [],
        "bulk": bulk.offered(shown, actor),
        "bulk_url": reverse(f"{shown.slug}-bulk"),
        "bulk_field_url": reverse(f"{shown.slug}-bulk-field"),
    }


def _views(shown: Resource, actor: Actor, question: Question, offered: Sequence[Any]) -> dict[str, Any]:
    now = question.query()
    base = reverse(f"{shown.slug}-list")
    saved = [view for view in offered if view.resource == shown.slug]
    views = [
        {
            "label": view.name,
            "url": saved_views.address(view),
            "active": view.query == now,
            "shared": view.sharing != Sharing.PRIVATE,
            "pinned": view.pinned,
            "opens": view.opens,
            "choose_url": reverse("view-choose", args=[view.pk]),
            "delete_url": reverse("view-delete", args=[view.pk]) if view.user_id == actor.user_id else "",
        }
        for view in saved
    ]
    whole = f"{base}?{saved_views.WHOLE_LIST}" if any(view.opens for view in saved) else base
    return {
        "views": views,
        "active_view": next((view for view in views if view["active"] and now), None),
        "base_view": {"label": _("All"), "url": whole, "active": not now},
        "save_view_url": reverse(f"{shown.slug}-save-view"),
        "sharings": [{"value": value, "label": label} for value, label in Sharing.choices],
    }


def _choosing(shown: Resource, actor: Actor, question: Question, columns: list[Column]) -> dict[str, Any]:
    paths, widths = [column.path for column in columns], dict(question.widths)
    others = [c for c in rows.readable(shown, actor) if c.path not in paths]
    return {
        "column_choices": [
            {
                "path": c.path,
                "label": label_of(shown, c),
                "shown": c.path in paths,
                "width": widths.get(c.path, ""),
            }
            for c in (*columns, *others)
        ],
        "widths": {"least": questions.WIDTHS[0], "most": questions.WIDTHS[-1], "step": questions.WIDTHS.step},
        "columns_url": reverse(f"{shown.slug}-list"),
    }


def _empty(shown: Resource, actor: Actor, question: Question) -> dict[str, str]:
    if question.conditions or question.search or question.imported:
        return {
            "title": _("Nothing matches"),
            "text": _("No record in your reach answers this search and these filters."),
            "action_label": _("Show all"),
            "action_url": reverse(f"{shown.slug}-list"),
        }
    may_add = bool(_add_page(shown)) and actor.reach(shown.model, "add") is not Reach.NONE
    may_see = actor.reach(shown.model, "view") is not Reach.NONE
    return {
        "title": _("Nothing here yet"),
        "text": str(shown.empty) if may_see else str(access.NotAllowed.message),
        "action_label": _("Add the first") if may_add else "",
        "action_url": reverse(_add_page(shown)) if may_add else "",
    }


def _add_page(shown: Resource) -> str:
    """The name of the page on which a new record is entered, if there is one."""
    return shown.add_page or (f"{shown.slug}-create" if shown.form else "")
