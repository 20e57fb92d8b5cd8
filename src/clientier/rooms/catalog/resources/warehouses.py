from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.catalog.models import Warehouse

warehouses = register(
    Resource(
        model=Warehouse,
        slug="warehouses",
        icon="building-store",
        title_column="name",
        order="name",
        columns=(
            Column(path="name"),
            Column(path="code"),
            Column(path="address", shown=False, sortable=False),
            Column(path="active"),
        ),
        form=(Section("", ("name", "code", "address", "active")),),
        empty=_("Where goods are kept."),
    )
)
