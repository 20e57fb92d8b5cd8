"""Stored values, as the audit keeps them, in the words of whoever reads them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core import access
from clientier.core.actor import Actor
from clientier.core.wording import listed
from clientier.kit import formats

NOTHING = "–"
Pairs = Mapping[str, list[Any]]


class Speaker:
    """Knows the names behind the keys in all these changes at once; what is out of reach has no name."""

    def __init__(self, actor: Actor, fields: Mapping[str, Any], all_changes: Iterable[Pairs]) -> None:
        self._fields = fields
        keys: dict[type[Model], set[Any]] = defaultdict(set)
        for changes in all_changes:
            for column in changes.keys() & fields.keys():
                if target := fields[column].related_model:
                    keys[target] |= {value for value in changes[column] if value is not None}
        self._named = {
            target: {r.pk: str(r) for r in access.visible(actor, target).filter(pk__in=found)}
            for target, found in keys.items()
        }

    def changes(self, changes: Pairs) -> list[dict[str, str]]:
        """Each change that may be read, in the order of the fields: the field, the value before and the value after."""
        return [
            {"field": capfirst(str(field.verbose_name)), "before": before, "after": after}
            for column, field in self._fields.items()
            if (pair := changes.get(column))
            for before, after in [(self._said(field, pair[0]), self._said(field, pair[1]))]
            if before != after
        ]

    def _said(self, field: Any, value: Any) -> str:
        if value is None or value == "":
            return NOTHING
        if field.related_model:
            return self._named[field.related_model].get(value, _("a record out of your reach"))
        words = dict(field.flatchoices)
        if isinstance(value, list):
            return listed(str(words.get(each, each)) for each in value) or NOTHING
        if value in words:
            return str(words[value])
        try:
            return _plain(field.to_python(value))
        except (ValidationError, ValueError, TypeError):
            return str(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.moment(timezone.localtime(value))
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return str(value)
