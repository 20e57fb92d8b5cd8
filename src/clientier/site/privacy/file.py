"""One person's data as a file to hand out: a page to read and print, and the same for programs, zipped."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clientier.core import audit
from clientier.core.actor import Actor
from clientier.core.custom import definitions
from clientier.kit import formats
from clientier.rooms.parties.choices.privacy import SensitiveKind
from clientier.rooms.parties.commands.sensitive import value_looked_at
from clientier.rooms.parties.models import SensitiveFact, SensitiveLook
from clientier.rooms.parties.queries.consents import Person, matters_agreed
from clientier.rooms.parties.queries.sensitive import may, rules, told
from clientier.rooms.parties.queries.whole_person import (
    facts_of,
    history_of,
    imports_of,
    records_about,
    trashed_of,
)
from clientier.rooms.people.queries import organisation

MOST_HISTORY = 5000
MOST_COLUMNS = 12


@dataclass(frozen=True)
class PersonFile:
    """The zipped file, and how many records it tells of."""

    content: bytes
    records: int


@dataclass
class _Section:
    title: str
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether it is read better as rows under headings than record by record."""
        return len(self.rows) > 1 and len(self.columns) <= MOST_COLUMNS

    @property
    def records(self) -> list[list[tuple[str, str]]]:
        """The columns with their values, record by record."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def file_of(person: Person, *, actor: Actor, day: dt.date, reason: str, words: str) -> PersonFile:
    """All that every room keeps of the person. Sensitive facts that the actor may look at are in it, and logged."""
    sections: list[_Section] = []
    plain: dict[str, Any] = {}
    number = 0
    for records in records_about(person):
        if records.model is SensitiveFact:
            continue
        found = list(records)
        number += len(found)
        if not found:
            continue
        is_sealed = records.model is SensitiveLook
        section = _looks(found) if is_sealed else _section(found)
        kept = _named(section) if is_sealed else [audit.snapshot(record) for record in found]
        plain[records.model._meta.label_lower] = kept
        sections.append(section)
    facts = _facts(person, actor, day, reason, words)
    sections.append(facts)
    trash = _trash(person)
    sections.append(trash)
    history = _history(person)
    files = [run.file_name for run in imports_of(person)]
    plain |= {
        "sensitive": _named(facts),
        "trash": _named(trash),
        "history": _named(history),
        "imports": files,
    }
    context = {
        "person": person, "company": organisation().name or "Clientier", "day": formats.day(day),
        "sections": [each for each in (*sections, history) if each.rows], "files": files,
        "language": get_language(),
    }  # fmt: skip
    return PersonFile(_zipped(context, plain), number + len(trash.rows))


def _zipped(context: dict[str, Any], plain: dict[str, Any]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.css", render_to_string("site/privacy/person.css"))
        archive.writestr("person.html", render_to_string("site/privacy/person.html", context))
        archive.writestr(
            "person.json", json.dumps(plain, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        )
    return content.getvalue()


def _named(section: _Section) -> list[dict[str, str]]:
    return [dict(zip(section.columns, row, strict=True)) for row in section.rows]


def _section(records: list[Any]) -> _Section:
    """A table of those fields that hold something in any of the records."""
    model = type(records[0])
    secrets = getattr(model, "SECRETS", ())
    fields = [
        f for f in model._meta.concrete_fields if (f.serialize or f.primary_key) and f.name not in secrets
    ]
    drawn = [[_drawn(record, f) for f in fields] for record in records]
    filled = [place for place in range(len(fields)) if any(row[place] for row in drawn)]
    return _Section(
        capfirst(str(model._meta.verbose_name_plural)),
        [capfirst(str(fields[place].verbose_name)) for place in filled],
        [[row[place] for place in filled] for row in drawn],
    )


def _looks(looks: list[SensitiveLook]) -> _Section:
    columns = [_("When"), _("Who"), _("Kind"), _("Reason"), _("In words")]
    keys = ("when", "who", "kind", "reason", "words")
    rows = [[each[key] for key in keys] for each in told(looks)]
    return _Section(capfirst(str(SensitiveLook._meta.verbose_name_plural)), columns, rows)


def _facts(person: Person, actor: Actor, day: dt.date, reason: str, words: str) -> _Section:
    """In clear what is agreed to and the actor may look at; of the rest, that it is there, hidden."""
    kept, rows = rules(), []
    for fact in facts_of(person):
        whose = fact.contact or person  # the customer of then may be part of this person since
        open_today = kept.keeps(fact.kind) and fact.kind in matters_agreed(whose, day)
        if open_today and may(actor, whose, "look"):
            value = value_looked_at(fact, actor=actor, person=whose, reason=reason, words=words, day=day)
        else:
            value = _("kept encrypted and hidden")
        rows.append([str(SensitiveKind(fact.kind).label), value])
    return _Section(_("Sensitive facts"), [_("Kind"), _("What is known")], rows)


def _trash(person: Person) -> _Section:
    """What was deleted and may still come back, each record in one line."""
    rows = []
    for kept in trashed_of(person):
        model = apps.get_model(kept.record)
        secrets = getattr(model, "SECRETS", ())
        fields = [f for f in model._meta.concrete_fields if f.serialize and f.name not in secrets]
        told = [(f.verbose_name, _said(f, kept.values.get(f.attname))) for f in fields if not f.is_relation]
        words = "; ".join(f"{capfirst(str(name))}: {text}" for name, text in told if text)
        name = capfirst(str(model._meta.verbose_name))
        rows.append([formats.moment(timezone.localtime(kept.at)), name, words])
    return _Section(_("Trash"), [_("When"), _("Kind"), _("What is known")], rows)


def _history(person: Person) -> _Section:
    model: Any = type(person)
    fields = [f for f in model._meta.concrete_fields if f.serialize and not f.primary_key]
    names = {f.attname: capfirst(str(f.verbose_name)) for f in fields}
    names |= {each.path: str(each.label) for each in definitions.every(model).values()}
    rows = [
        [formats.moment(timezone.localtime(entry.at)), names[name], _text(pair[0]), _text(pair[1])]
        for entry in history_of(person)[:MOST_HISTORY]
        for name, pair in entry.changes.items()
        if name in names and _text(pair[0]) != _text(pair[1])
    ]
    return _Section(_("History"), [_("When"), _("Field"), _("Before"), _("After")], rows)


def _drawn(record: Model, model_field: Any) -> str:
    if model_field.is_relation:
        related = getattr(record, model_field.name)
        return str(related) if related is not None else ""
    return _said(model_field, getattr(record, model_field.attname))


def _said(model_field: Any, kept: Any) -> str:
    """A value as it is stored, or as JSON keeps it, in words."""
    words = dict(model_field.flatchoices)
    return str(words.get(kept, kept) or "") if words else _text(model_field.to_python(kept))


def _text(value: Any) -> str:
    if value is None or value == "" or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.moment(timezone.localtime(value))
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
