"""Since when, and by whom: what the audit knows of one record, in words."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.models import AuditEntry
from clientier.kit import formats

SHOWN = 200


def entries(actor: Actor, record: Model) -> list[dict[str, Any]]:
    """Every change of the record that single commands made, the newest first, without hidden fields."""
    kind = record._meta.label_lower
    found = AuditEntry.objects.filter(record=kind, record_id=str(record.pk)).order_by("-id")[:SHOWN]
    fields = _readable(actor, type(record))
    return [
        {
            "when": formats.moment(timezone.localtime(entry.at)),
            "who": entry.actor_name,
            "door": _doors().get(entry.door, entry.door),
            "changes": [
                _change(fields[column], *pair) for column, pair in entry.changes.items() if column in fields
            ],
        }
        for entry in found
    ]


def _change(field: Field[Any, Any], before: Any, after: Any) -> dict[str, str]:
    label = capfirst(str(field.verbose_name))
    return {"field": label, "before": _shown(field, before), "after": _shown(field, after)}


def _readable(actor: Actor, model: type[Model]) -> dict[str, Field[Any, Any]]:
    allowed = access.fields(actor, model).readable
    return {f.attname: f for f in model._meta.concrete_fields if f.name in allowed and not f.primary_key}


def _shown(field: Field[Any, Any], value: Any) -> str:
    if value is None or value == "":
        return "–"
    if field.is_relation and field.related_model is not None:
        related: Any = field.related_model
        return str(related._default_manager.filter(pk=value).first() or value)
    words = dict(field.flatchoices)
    return str(words.get(value, value))


def _doors() -> dict[str, str]:
    return {
        "page": _("in the browser"),
        "api": _("over the API"),
        "import": _("by an import"),
        "job": _("by the product itself"),
        "command": _("from the command line"),
    }
