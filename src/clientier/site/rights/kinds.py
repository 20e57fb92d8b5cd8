"""The kinds of records that rights speak of, with their fields, in the words of whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.text import capfirst

from clientier.core.errors import NotFound
from clientier.kit.resource import REGISTRY
from clientier.site import defaults

# What a record is called is what one sees of it: whoever may not see this gets no right to the kind at all.
NAMING = {
    "people.user": {"name", "username"}, "people.team": {"name"}, "people.territory": {"name"},
    "people.role": {"name"}, "parties.customer": {"name"}, "parties.contact": {"name"},
    "parties.address": {"line", "city", "region", "country"}, "parties.share": {"customer", "user", "team"},
    "activities.task": {"title"}, "activities.interaction": {"kind", "at"}, "catalog.product": {"name"},
    "catalog.category": {"name"}, "catalog.component": {"assembly", "part"}, "catalog.pricelist": {"name"},
    "catalog.costchange": {"product", "from_day"}, "catalog.price": {"price_list", "product"},
    "catalog.installation": {"product"}, "catalog.warehouse": {"name"},
    "trade.costtoserve": {"kind", "day"}, "trade.currencyrate": {"currency", "day", "rate_to_base"},
    "trade.order": {"number"},
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """``label`` is the kind as rights name it; ``owned`` tells whether its records belong to somebody."""

    model: type[Model]
    label: str
    name: str
    owned: bool


def kinds() -> list[Kind]:
    """All kinds that a role can be given rights to: those with a list, then those shown on other pages."""
    listed: list[Any] = [shown.model for shown in REGISTRY.values()]
    beside = [
        apps.get_model(label) for label in (*defaults.SHARED, *defaults.CUSTOMERS, "parties.loanrequest")
    ]
    return [_kind(model) for model in dict.fromkeys([*listed, *beside])]


def kind_called(label: str) -> Kind:
    """The kind with this label, or NotFound."""
    if found := next((kind for kind in kinds() if kind.label == label), None):
        return found
    raise NotFound


def _kind(model: type[Model]) -> Kind:
    owned = bool(getattr(model, "OWNER_PATH", ""))
    return Kind(model, model._meta.label_lower, capfirst(str(model._meta.verbose_name_plural)), owned)


def fields_of(kind: Kind) -> Iterator[tuple[str, str, bool]]:
    """Each field that can be hidden or locked: its name, what it is called, and whether it may be hidden."""
    naming = NAMING.get(kind.label, set())
    found: Any = kind.model._meta.concrete_fields
    for field in found:
        if field.serialize and not field.primary_key:
            yield field.name, capfirst(str(field.verbose_name)), field.name not in naming
