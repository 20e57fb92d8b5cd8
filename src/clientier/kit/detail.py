"""What the page of one record and its form show, put together for their templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from clientier.core import access, presence
from clientier.core.actor import Actor, Reach
from clientier.core.commands import never_delete
from clientier.core.errors import BadQuestion
from clientier.kit import cells, layouts, likeness, paging, panels, rows
from clientier.kit.cells import Setting
from clientier.kit.companions import Part
from clientier.kit.layouts import Group
from clientier.kit.questions import Question
from clientier.kit.resource import Column, Resource, Section, label_of


def page(shown: Resource, actor: Actor, record: Model, setting: Setting, origin: str = "") -> dict[str, Any]:
    """The context of a record's page; ``origin`` is the query of the list one came from."""
    with presence.looked_up(record):
        return _page(shown, actor, record, setting, origin)


def _page(shown: Resource, actor: Actor, record: Model, setting: Setting, origin: str) -> dict[str, Any]:
    base = reverse(f"{shown.slug}-list")
    may_change = bool(shown.form) and access.may(actor, record, "change")
    return {
        "title": str(record),
        "subtitle": "",
        "badges": panels.badges_of(shown.slug, actor, record, setting),
        "crumbs": [{"label": shown.label_plural, "url": f"{base}?{origin}" if origin else base}],
        "neighbours": _neighbours(shown, actor, record, setting, origin),
        "actions": [
            *panels.actions_of(shown.slug, actor, record),
            *_business_card(shown, actor, record),
            *_actions(shown, actor, record),
        ],
        "edit_url": reverse(f"{shown.slug}-update", args=[record.pk]) if may_change else "",
        "history_url": reverse(f"{shown.slug}-history", args=[record.pk]),
        "sections": _sections(shown, actor, record, setting),
        **panels.shown(shown.slug, actor, record, setting),
    }


def form_page(
    shown: Resource,
    form: Any,
    record: Model | None,
    beside: Sequence[Part] = (),
    laid_out: Sequence[Group] = (),
) -> dict[str, Any]:
    """The context of the page on which a record is entered or changed, with the companions beside it."""
    base = reverse(f"{shown.slug}-list")
    back = cells.link_to(record) if record else base
    title = _("Edit %(name)s") if record else _("New %(name)s")
    return {
        "title": title % {"name": record or shown.label.lower()},
        "crumbs": [{"label": shown.label_plural, "url": base}],
        "form": form,
        "sections": [
            {"title": str(s.title), "fields": [form[name] for name in s.fields if name in form.fields]}
            for s in laid_out
            if not s.folded
        ],
        "folded": [
            *_folded(form, [section for section in laid_out if section.folded]),
            *(section for part in beside for section in _beside(part, form)),
        ],
        "companion_forms": [part.form for part in beside],
        "submit_label": _("Save"),
        "cancel_url": back,
        "draft_key": f"{shown.slug}:{record.pk if record else 'new'}",
        "watch": None if record else likeness.watch_on(shown.slug, form),
    }


def _beside(part: Part, form: Any) -> Iterator[dict[str, Any]]:
    """The sections of a companion; the page hides them while the record is of another kind."""
    name, value = part.companion.when
    if name in form.fields:
        yield from _folded(part.form, part.companion.resource.form, when=f"{name}:{value}")
    elif form.initial.get(name) == value:
        yield from _folded(part.form, part.companion.resource.form)


def _folded(form: Any, sections: Sequence[Section | Group], when: str = "") -> Iterator[dict[str, Any]]:
    for section in sections:
        fields = [form[name] for name in section.fields if name in form.fields]
        if fields:
            wrong = any(field.errors for field in fields)
            moving = when or getattr(section, "when", "")
            yield {"title": str(section.title), "fields": fields, "when": moving, "open": wrong}


def facts(
    shown: Resource, actor: Actor, record: Model, setting: Setting, names: Sequence[str]
) -> list[dict[str, Any]]:
    """Those of the fields that the actor may read and that hold something, with their labels."""
    declared = {column.path: column for column in shown.columns}
    rows.tell_reached(actor, record, names)
    past = reverse(f"{shown.slug}-history", args=[record.pk])
    return [
        {"label": label_of(shown, Column(path=name)), "cell": drawn, "name": name, "past_url": past}
        for name in names
        if access.can_read(actor, shown.model, name)
        for drawn in [cells.cell(shown, declared.get(name, Column(path=name)), record, setting)]
        if drawn.text or drawn.points
    ]


def _sections(shown: Resource, actor: Actor, record: Model, setting: Setting) -> list[dict[str, Any]]:
    rows.tell_reached(actor, record, shown.form_fields)
    made = [
        {"title": section.title, "facts": facts(shown, actor, record, setting, section.fields)}
        for section in layouts.for_card(shown, actor, record)
    ]
    return [section for section in made if section["facts"]]


def _business_card(shown: Resource, actor: Actor, record: Model) -> list[dict[str, Any]]:
    if not shown.business_card or actor.reach(shown.model, "export") is Reach.NONE:
        return []
    return [{"label": "vCard", "url": reverse(f"{shown.slug}-vcf", args=[record.pk]), "icon": "address-book"}]


def _actions(shown: Resource, actor: Actor, record: Model) -> list[dict[str, Any]]:
    name, kept = shown.kept_in
    if (
        shown.delete is never_delete
        or getattr(record, name) in kept
        or not access.may(actor, record, "delete")
    ):
        return []
    url = reverse(f"{shown.slug}-delete", args=[record.pk])
    return [{"label": _("Delete"), "url": url, "method": "post", "icon": "trash", "danger": True}]


def _neighbours(
    shown: Resource, actor: Actor, record: Model, setting: Setting, origin: str
) -> dict[str, str] | None:
    """The records before and after this one in the list one came from."""
    try:
        question = Question.parse(QueryDict(origin))
        path, descending = rows.ordering(shown, actor, question)
        found = rows.select(shown, actor, question, setting.today)
    except BadQuestion:
        return None
    order = paging.Order.by(shown.model, path, descending=descending)
    after, before = paging.beside(found, order, record)
    tail = f"?from={quote(origin, safe='')}" if origin else ""
    return {
        "next_url": f"{cells.link_to(after)}{tail}" if after else "",
        "prev_url": f"{cells.link_to(before)}{tail}" if before else "",
        "text": "",
    }
