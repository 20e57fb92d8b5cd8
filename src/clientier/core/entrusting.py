"""The one place that decides who may be given records: only people who may sign in.

It is asked wherever a record comes to name a user: by every command, by bulk writes and imports, by undoing.
All fields that lead to a user count, custom ones as well; who is named there already may stay when other things
change. A kind of record lists as ``REMEMBERS_WHO`` the fields that only tell who something was done by, which
people who have left go on having done. What comes back out of the trash comes back to whom it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clientier.core.custom import definitions, values
from clientier.core.custom.models import Kind
from clientier.core.errors import DomainError


class CannotBeGiven(DomainError):
    """Who may not sign in cannot answer for anything."""

    code = "cannot_be_given"


def refuse(model: type[models.Model], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise CannotBeGiven if these stored values of a record, by column, newly name somebody who may not sign in."""
    given = {name: after.get(name) for name in named_columns(model) if after.get(name) != before.get(name)}
    if after.get(values.COLUMN) != before.get(values.COLUMN):
        was, now = values.spread(model, before), values.spread(model, after)
        given |= {name: now.get(name) for name in naming(model) if now.get(name) != was.get(name)}
    if labels := {key: label_of(model, name) for name, key in given.items() if key is not None}:
        refuse_users(labels, labels)


def refuse_users(keys: Iterable[Any], labels: Mapping[Any, str] | None = None) -> None:
    """Raise CannotBeGiven if one of these users may not sign in; ``labels`` say as what each was to be named."""
    shut_out = get_user_model()._default_manager.filter(pk__in=set(keys), is_active=False)
    for user in shut_out.order_by("pk")[:1]:
        raise CannotBeGiven(_words(str(user), (labels or {}).get(user.pk, "")))


def shut_out(keys: Iterable[Any]) -> set[Any]:
    """Those of these users who may not sign in."""
    asked = {key for key in keys if key is not None}
    found = get_user_model()._default_manager.filter(pk__in=asked, is_active=False)
    return set(found.values_list("pk", flat=True)) if asked else set()


def able(user: models.Model) -> bool:
    """Whether this record may be named as who answers for something: all but users who may not sign in."""
    return not isinstance(user, get_user_model()) or bool(user.is_active)


def able_users() -> models.QuerySet[Any]:
    """The users who may be given something, by name."""
    return get_user_model()._default_manager.filter(is_active=True).order_by("name", "pk")


def given_anew(model: type[models.Model], columns: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of SQL for staged rows ``s`` that name users: the key that a row gives, and the same of a row ``t``."""
    known = set(columns)
    pairs = [(f's."{name}"', f't."{name}"') for name in named_columns(model) if name in known]
    if values.COLUMN in known:
        for code in custom_codes(model):
            key = f"(%s.\"{values.COLUMN}\" ->> '{code}')::bigint"
            pairs.append((key % "s", key % "t"))
    return pairs


def given_before(model: type[models.Model]) -> list[tuple[str, str]]:
    """Pairs of SQL for changes ``b`` of the ledger: the key of a user from before, and the same of a row ``t``."""
    pairs = [(f"(b.before ->> '{name}')::bigint", f't."{name}"') for name in named_columns(model)]
    key, before, now = "(%s ->> '%s')::bigint", f"b.before -> '{values.COLUMN}'", f't."{values.COLUMN}"'
    pairs += [(key % (before, code), key % (now, code)) for code in custom_codes(model)]
    return pairs


def gives(field: models.Field[Any, Any]) -> bool:
    """Whether naming somebody in this field makes them answer for the record."""
    return field.name not in getattr(field.model, "REMEMBERS_WHO", ())


def offers_only_able(model: type[models.Model]) -> bool:
    """Whether what offers records of this kind for a form must leave some of them out."""
    return issubclass(model, get_user_model())


@lru_cache(maxsize=256)
def named_columns(model: type[models.Model]) -> Sequence[str]:
    """The columns of a kind of record that hold the users who answer for it."""
    fields = [field for field in model._meta.concrete_fields if field.is_relation and gives(field)]
    return tuple(str(field.attname) for field in fields if field.related_model is get_user_model())


def custom_codes(model: type[models.Model]) -> list[str]:
    """The codes of the custom fields that name users."""
    if not definitions.takes_custom_fields(model):
        return []
    return [code for code, each in definitions.live(model).items() if each.kind is Kind.USER]


def naming(model: type[models.Model]) -> list[str]:
    """The columns that name who answers for a record, and the paths of the custom fields that name users."""
    return [*named_columns(model), *(f"{definitions.PREFIX}{code}" for code in custom_codes(model))]


def label_of(model: type[models.Model], name: str) -> str:
    """The heading of the field that holds such a column."""
    known = definitions.at(model, name)
    if known is not None:
        return str(known.label)
    field = next(field for field in model._meta.concrete_fields if name in (field.attname, field.name))
    return capfirst(str(field.verbose_name))


def _words(name: str, label: str) -> str:
    facts = {"name": name, "field": label}
    if not label:
        return (
            _("%(name)s may not sign in, so nothing can be given to this user. Choose somebody else.") % facts
        )
    return (
        _(
            "%(field)s: %(name)s may not sign in, so nothing can be given to this user. Choose somebody else, "
            "or let the user in again first. Nothing was changed."
        )
        % facts
    )
