"""The custom fields and layouts that there are, as the pages of an administrator ask for them."""

from __future__ import annotations

from django.db.models import QuerySet

from clientier.core.custom.models import CustomField
from clientier.kit.models import Layout
from clientier.rooms.people.models import Role


def fields_of(record: str) -> QuerySet[CustomField]:
    """Those of one kind of record, retired ones last."""
    return CustomField.objects.filter(record=record).order_by("retired", "place", "code")


def all_fields() -> QuerySet[CustomField]:
    return CustomField.objects.order_by("record", "place", "code")


def field_named(record: str, code: str) -> CustomField | None:
    return CustomField.objects.filter(record=record, code=code).first()


def layout_for(record: str, role: Role | None, subkind: str) -> Layout | None:
    """The layout for exactly this role and kind."""
    return Layout.objects.filter(record=record, role=role, subkind=subkind).first()


def roles() -> QuerySet[Role]:
    return Role.objects.order_by("name")
