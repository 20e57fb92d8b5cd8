from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.targets import Field, Kind, Target, words

IMPORTED_WAREHOUSES = Target(
    slug="warehouses",
    label=_("Warehouses"),
    description=_("Where goods are kept."),
    key=("code",),
    fields=(
        Field(
            name="code",
            label=_("Code"),
            required=True,
            synonyms=words("warehouse code, warehouse id, warehouse no, id, 仓库编号, 仓库代码, 倉庫編號"),
        ),
        Field(
            name="name",
            label=_("Name"),
            required=True,
            synonyms=words("warehouse, warehouse name, 仓库, 仓库名称, 倉庫"),
        ),
        Field(name="address", label=_("Address"), synonyms=words("location, 地址, 仓库地址")),
        Field(
            name="active",
            label=_("In use"),
            kind=Kind.YES_NO,
            synonyms=words("active, enabled, 是否启用, 启用"),
        ),
    ),
)
