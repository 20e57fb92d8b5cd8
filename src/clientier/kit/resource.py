"""A resource says, once, how one kind of record is listed, filtered, edited, shown and shared.

It is data. It has no hooks: a page that does not fit is an ordinary view made of the same public parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import capfirst

from clientier.core import commands
from clientier.core.access import field_at
from clientier.core.coded import CodedField
from clientier.core.money import MoneyField

REGISTRY: dict[str, Resource] = {}
_extensions: dict[str, list[Column]] = {}
_orders: dict[str, str] = {}

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Column:
    """One fact in the list: where it is found, what it is called, how it looks.

    ``kind`` is one of the cell kinds of ``kit.cells``; empty means that it follows from the model field.
    ``currency`` is the path to the currency of a money column (empty: the base currency). ``place`` orders
    the columns; ``shown`` says whether a newcomer sees it; ``tones`` gives choices their colour.
    """

    path: str
    label: Words = ""
    kind: str = ""
    place: int = 50
    shown: bool = True
    sortable: bool = True
    filterable: bool = True
    currency: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """Fields that belong together; a ``folded`` one is closed on the form until somebody opens it."""

    title: Words
    fields: tuple[str, ...]
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Companion:
    """A record of another kind that belongs to one record alone, and is filled in on that record's form.

    ``path`` leads from it to that record; ``when`` names the field and its value for which it makes sense.
    """

    resource: Resource
    path: str
    when: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """``columns`` are also what may be filtered by, exported and read over the API; ``form`` what may be written.

    ``business_card`` says which path fills which property of a vCard, for kinds of records that can be one.
    ``add_page`` names the page on which such a record is begun, where that is not a form of its fields. ``kept_in`` is
    a field and those of its values with which a record is kept for good: no page offers to delete it.
    """

    model: type[Model]
    slug: str
    icon: str
    columns: tuple[Column, ...]
    form: tuple[Section, ...] = ()
    searchable: bool = False
    order: str = "-pk"
    title_column: str = ""
    description: Words = ""
    empty: Words = ""
    card: str = ""
    business_card: Mapping[str, str] = field(default_factory=dict)
    hint_paths: tuple[str, ...] = ()
    companions: tuple[Companion, ...] = ()
    add_page: str = ""
    kept_in: tuple[str, tuple[str, ...]] = ("pk", ())
    create: Callable[..., Any] = commands.create
    update: Callable[..., Any] = commands.update
    delete: Callable[..., Any] = commands.delete

    def __post_init__(self) -> None:
        for path in (
            *(c.path for c in self.columns),
            *self.form_fields,
            *self.hint_paths,
            *self.business_card.values(),
        ):
            field_at(self.model, path)
        for companion in self.companions:
            field_at(companion.resource.model, companion.path)
            field_at(self.model, companion.when[0])

    @property
    def form_fields(self) -> tuple[str, ...]:
        return tuple(name for section in self.form for name in section.fields)

    @property
    def label(self) -> str:
        return capfirst(str(self.model._meta.verbose_name))

    @property
    def label_plural(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def first_order(self) -> str:
        return _orders.get(self.slug, self.order)

    @property
    def all_columns(self) -> list[Column]:
        """Its own columns and those that higher rooms lent it, in their order."""
        return sorted((*self.columns, *_extensions.get(self.slug, ())), key=lambda column: column.place)


def register(resource: Resource) -> Resource:
    if resource.slug in REGISTRY:
        raise ValueError(f"two resources are called {resource.slug!r}")
    REGISTRY[resource.slug] = resource
    return resource


def extend(slug: str, *columns: Column, order: str = "") -> None:
    """A higher room lends columns to a lower room's resource, and perhaps a better first order."""
    resource = REGISTRY[slug]
    known = {column.path for column in resource.all_columns}
    for column in columns:
        field_at(resource.model, column.path)
        if column.path in known:
            raise ValueError(f"{slug} has the column {column.path!r} already")
        _extensions.setdefault(slug, []).append(column)
    if order:
        _orders[slug] = order


def of(model: type[Model]) -> Resource | None:
    """The resource that shows records of this model, if there is one."""
    return next((r for r in REGISTRY.values() if r.model is model), None)


def label_of(resource: Resource, column: Column) -> str:
    """The heading of a column, in the active language."""
    return capfirst(str(column.label or field_at(resource.model, column.path).verbose_name))


_KINDS: tuple[tuple[type[Any], str], ...] = (
    (MoneyField, "money"),
    (CodedField, "coded"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.BooleanField, "bool"),
    (models.ForeignKey, "relation"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.IntegerField, "number"),
)


def kind_of(resource: Resource, column: Column) -> str:
    """The kind a column was given, or the one its model field implies."""
    if column.kind:
        return column.kind
    model_field = field_at(resource.model, column.path)
    if model_field.choices:
        return "choice"
    return next((kind for cls, kind in _KINDS if isinstance(model_field, cls)), "text")
