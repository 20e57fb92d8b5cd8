"""The editor of layouts: one page, buttons only, so that it is as quick by keyboard as by mouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientier.core import access, commands
from clientier.core.custom import definitions
from clientier.core.outside import whole_number
from clientier.kit import layouts
from clientier.kit.asking import Asking
from clientier.kit.models import Layout
from clientier.kit.pages import tell
from clientier.kit.resource import REGISTRY, Resource
from clientier.rooms.people.models import Role
from clientier.site.administration import for_administrators
from clientier.site.custom_fields import queries

MOST_GROUPS = 20


@dataclass
class Sheet:
    """A layout while it is edited: groups with their words and fields; the last one holds what is not shown."""

    titles: list[dict[str, str]] = field(default_factory=list)
    folded: list[bool] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, shown: Resource, layout: Layout | None) -> Sheet:
        """What is kept, or what is shown without a layout."""
        made = cls()
        if layout:
            for section in layout.sections:
                made._add(section.get("names", {}), section["fields"], folded=bool(section.get("folded")))
        else:
            language = get_language() or "en"
            for group in layouts.first_groups(shown):
                made._add({language: group.title}, group.fields, folded=group.folded)
        return made._complete(shown)

    @classmethod
    def posted(cls, shown: Resource, data: QueryDict) -> Sheet:
        made = cls()
        count = min(whole_number(data.get("groups", "")) or 0, MOST_GROUPS)
        for number in range(count):
            names = {
                language: text.strip()[:80]
                for language, _name in settings.LANGUAGES
                if (text := data.get(f"title_{number}_{language}", "")).strip()
            }
            made._add(names, data.getlist(f"fields_{number}"), folded=f"folded_{number}" in data)
        return made._complete(shown)

    def _add(self, names: dict[str, str], fields: Any, *, folded: bool) -> None:
        self.titles.append(dict(names))
        self.fields.append(list(fields))
        self.folded.append(folded)

    def _complete(self, shown: Resource) -> Sheet:
        """Every field once; what no group holds is not shown."""
        known = [*shown.form_fields, *(each.path for each in definitions.live(shown.model).values())]
        seen: set[str] = set()
        for place, names in enumerate(self.fields):
            self.fields[place] = [n for n in dict.fromkeys(names) if n in known and n not in seen]
            seen |= set(names)
        self.hidden = [name for name in known if name not in seen]
        return self

    def act(self, asked: str, shown: Resource) -> None:
        """Do what a button says: ``up:name``, ``down:``, ``hide:``, ``show:``, ``group`` or ``drop:number``."""
        verb, _colon, rest = asked.partition(":")
        if verb == "group" and len(self.titles) < MOST_GROUPS:
            self._add({get_language() or "en": _("New section")}, [], folded=False)
        elif verb == "drop" and (place := whole_number(rest)) is not None and place < len(self.titles) > 1:
            for kept in (self.titles, self.folded, self.fields):
                del kept[place]
        elif verb in ("up", "down"):
            self._move(rest, -1 if verb == "up" else 1)
        elif verb == "hide":
            self.fields = [[name for name in names if name != rest] for names in self.fields]
        elif verb == "show" and self.fields:
            self.fields[-1].append(rest)
        self._complete(shown)

    def _move(self, name: str, by: int) -> None:
        """One place on; from the end of a group into the next."""
        for place, names in enumerate(self.fields):
            if name not in names:
                continue
            at = names.index(name)
            if 0 <= at + by < len(names):
                names[at], names[at + by] = names[at + by], names[at]
            elif 0 <= place + by < len(self.fields):
                names.remove(name)
                other = self.fields[place + by]
                other.insert(0 if by > 0 else len(other), name)
            return

    def sections(self) -> list[dict[str, Any]]:
        """As a layout is stored."""
        whole = zip(self.titles, self.fields, self.folded, strict=True)
        return [{"names": names, "fields": fields, "folded": folded} for names, fields, folded in whole]


@for_administrators
def edit(request: Asking, slug: str) -> HttpResponse:
    """The layout for one role (or all) and one kind of record (or all)."""
    shown = _resource(slug)
    role = _role(request.GET.get("role", ""))
    subkind = _subkind(shown.model, request.GET.get("subkind", ""))
    label = shown.model._meta.label_lower
    kept = queries.layout_for(label, role, subkind)
    here = (
        f"{reverse('layout', args=[slug])}?{urlencode({'role': role.pk if role else '', 'subkind': subkind})}"
    )
    sheet = Sheet.of(shown, kept)
    asked = request.POST.get("act", "")
    if request.method == "POST":
        sheet = Sheet.posted(shown, request.POST)
        if asked == "reset" and kept:
            commands.delete(kept, actor=request.actor)
            tell(request, _("Layout removed"), undo=True)
            return redirect(here)
        if asked == "save":
            facts = {"record": label, "role": role, "subkind": subkind, "sections": sheet.sections()}
            try:
                _save(kept, facts, request)
            except ValidationError as refusal:  # without a section, or made by somebody else meanwhile
                messages.error(request, " ".join(refusal.messages))
            else:
                tell(request, _("Layout saved"), undo=True)
            return redirect(here)
        sheet.act(asked, shown)
    return render(request, "site/layout.html", _page(shown, sheet, kept, role, subkind, here, asked))


def _save(kept: Layout | None, facts: dict[str, Any], request: Asking) -> None:
    if kept:
        commands.update(kept, actor=request.actor, changes={"sections": facts["sections"]})
    else:
        commands.create(Layout, actor=request.actor, changes=facts)


def _page(
    shown: Resource, sheet: Sheet, kept: Layout | None, role: Role | None, subkind: str, here: str, asked: str
) -> dict[str, Any]:
    needed = set(layouts.needed(shown))
    deciding = layouts.first_deciding(shown.model)
    choices = access.field_at(shown.model, deciding).choices if deciding else []
    return {
        "shown": {"slug": shown.slug, "label": shown.label_plural},
        "kept": kept is not None,
        "here": here,
        "asked": asked,
        "roles": [{"value": each.pk, "label": str(each)} for each in queries.roles()],
        "role": role.pk if role else "",
        "subkind": subkind,
        "subkinds": [{"value": value, "label": str(label)} for value, label in choices or []],
        "groups": [
            {
                "number": number,
                "folded": sheet.folded[number],
                "titles": [
                    {"language": code, "name": name, "text": sheet.titles[number].get(code, "")}
                    for code, name in settings.LANGUAGES
                ],
                "said": definitions.said(sheet.titles[number], _("Section")),
                "fields": [_field(shown, name, needed) for name in names],
            }
            for number, names in enumerate(sheet.fields)
        ],
        "hidden": [_field(shown, name, needed) for name in sheet.hidden],
        "crumbs": [{"label": _("Settings"), "url": reverse("settings")}],
    }


def _field(shown: Resource, name: str, needed: set[str]) -> dict[str, Any]:
    return {"name": name, "label": capfirst(layouts.named(shown, name)), "needed": name in needed}


def _resource(slug: str) -> Resource:
    found = REGISTRY.get(slug)
    if found is None or not found.form:
        raise access.NotFound
    return found


def _role(text: str) -> Role | None:
    return queries.roles().filter(pk=whole_number(text) or 0).first()


def _subkind(model: type[Model], text: str) -> str:
    deciding = layouts.first_deciding(model)
    known = dict(access.field_at(model, deciding).flatchoices) if deciding else {}
    return text if text in known else ""
