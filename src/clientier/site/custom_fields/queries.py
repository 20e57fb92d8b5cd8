"""The custom fields and layouts that there are, as the pages of an administrator ask for them."""

from __future__ import annotations

from django.db.models import Count, Model, QuerySet

from clientier.core.coded import CodedField
from clientier.core.custom.models import CustomField
from clientier.kit.models import Layout
from clientier.rooms.people.models import Role

MOST_INDUSTRIES = 300


def fields_of(record: str) -> QuerySet[CustomField]:
    """Those of one kind of record, retired ones last."""
    return CustomField.objects.filter(record=record).order_by("retired", "place", "code")


def all_fields() -> QuerySet[CustomField]:
    return CustomField.objects.order_by("record", "place", "code")


def field_named(record: str, code: str) -> CustomField | None:
    return CustomField.objects.filter(record=record, code=code).first()


def layout_for(record: str, role: Role | None, subkind: str, industry: str) -> Layout | None:
    """The layout for exactly this role, kind and industry."""
    found = Layout.objects.filter(record=record, role=role, subkind=subkind)
    return found.filter(industry__iexact=industry).first()


def layouts_of(record: str) -> QuerySet[Layout]:
    """All layouts of one kind of record."""
    kept = Layout.objects.filter(record=record).select_related("role")
    return kept.order_by("role__name", "industry", "subkind")


def industries_of(model: type[Model]) -> list[str]:
    """The industries that records of this kind name, the most frequent first."""
    named = model._default_manager.exclude(industry="").values("industry").annotate(number=Count("pk"))
    kept = [row["industry"] for row in named.order_by("-number", "industry")[:MOST_INDUSTRIES]]
    return [industry_named(model, each) for each in kept]


def industry_named(model: type[Model], kept: str) -> str:
    """An industry as a reader calls it."""
    field = model._meta.get_field("industry") if kept else None
    return field.name_of(kept) if isinstance(field, CodedField) else kept


def roles() -> QuerySet[Role]:
    return Role.objects.order_by("name")
