from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.targets import Field, Kind, Target, words

IMPORTED_COMPONENTS = Target(
    slug="components",
    label=_("Bills of materials"),
    description=_("Which parts are in which assembly, and how many of each."),
    key=("assembly", "part"),
    fields=(
        Field(
            name="assembly",
            label=_("Number of the assembly"),
            required=True,
            lookup="products",
            synonyms=words(
                "assembly, parent, parent item, parent product, bom, product, 父项, 母件编码, 成品编号, 父件"
            ),
        ),
        Field(
            name="part",
            label=_("Number of the part"),
            required=True,
            lookup="products",
            synonyms=words("part, component, child, child item, material, 子项, 子件编码, 部件编号, 子件"),
        ),
        Field(
            name="quantity",
            label=_("Quantity"),
            kind=Kind.DECIMAL,
            decimals=4,
            default=1,
            synonyms=words("qty, quantity per assembly, usage, amount, 用量, 数量, 數量"),
        ),
        Field(
            name="position",
            label=_("Position"),
            kind=Kind.INTEGER,
            synonyms=words("pos, line, item, 序号, 项次, 位置"),
        ),
        Field(
            name="is_spare_part",
            label=_("As a spare part"),
            kind=Kind.YES_NO,
            synonyms=words("spare part, is spare part, spare, 备件, 易损件"),
        ),
    ),
)
