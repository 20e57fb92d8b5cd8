"""Where a figure leads: the list of the records behind it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode


def list_url(slug: str, *conditions: str, order: str = "") -> str:
    """The list of that kind of record under these conditions, each ``path:operator:values``."""
    asked = [("f", condition) for condition in conditions] + ([("order", order)] if order else [])
    return f"{reverse(f'{slug}-list')}?{urlencode(asked)}" if asked else reverse(f"{slug}-list")


def customers_url(*conditions: str, order: str = "") -> str:
    return list_url("customers", *conditions, order=order)


def customer_url(pk: int) -> str:
    return reverse("customers-detail", args=[pk])
