from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words

IMPORTED_PRODUCTS = Target(
    slug="products",
    label=_("Products"),
    description=_("What you sell, with its cost: without costs there is revenue, but no profit."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=_("Product number"),
            required=True,
            help=_("By this number rows find their product again. No numbers? Choose the column of names."),
            synonyms=words(
                "product id, product code, sku, item no, article number, id, "
                "ProductKey, 产品编号, 货号, 料号, 編號"
            ),
        ),
        Field(
            name="name",
            label=_("Name"),
            required=True,
            synonyms=words(
                "product name, product, item, description, EnglishProductName, 产品名称, 品名, 品項"
            ),
        ),
        Field(name="category", label=_("Category"), synonyms=words("group, product group, 类别, 分类, 類別")),
        Field(name="unit", label=_("Unit"), synonyms=words("uom, unit of measure, 单位, 單位")),
        Field(
            name="cost",
            label=_("Cost"),
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=words("unit cost, standard cost, purchase price, 成本, 单位成本, 成本價"),
        ),
        Field(
            name="price",
            label=_("Price"),
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=words("unit price, list price, sales price, 单价, 售价, 單價"),
        ),
        Field(
            name="currency",
            label=_("Currency"),
            kind=Kind.CHOICE,
            help=_("Without it, the base currency."),
            synonyms=words("currency code, 币种, 幣別"),
            choices=tuple(Choice(code, label) for code, label in Currency.choices),
        ),
        Field(
            name="active",
            label=_("Sold at present"),
            kind=Kind.YES_NO,
            synonyms=words("active, enabled, 在售, 是否有效"),
        ),
    ),
)
