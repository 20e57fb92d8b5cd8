from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from clientier.core.money import Currency
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class ProductKind(models.TextChoices):
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")


LONGEST_CATEGORY = 80
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
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            synonyms=words("product kind, product type, goods or service, 产品类型, 商品类型, 產品類型"),
            choices=(
                Choice("goods", _("Goods"), ("product", "item", "material", "商品", "货物", "实物")),
                Choice("service", _("Service"), ("services", "labour", "labor", "服务", "劳务", "服務")),
            ),
        ),
        Field(
            name="category",
            label=_("Category"),
            max_length=LONGEST_CATEGORY,
            help=_("A category that is not there yet is made. “Tools > Drills” says one within another."),
            synonyms=words("group, product group, 类别, 分类, 類別"),
        ),
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
            name="tax_rate",
            label=_("Tax rate in percent"),
            kind=Kind.DECIMAL,
            decimals=3,
            synonyms=words("tax rate, vat, vat rate, tax percent, 税率, 稅率"),
        ),
        Field(
            name="is_spare_part",
            label=_("Spare part"),
            kind=Kind.YES_NO,
            synonyms=words("is spare part, spare, 备件, 备品, 備件"),
        ),
        Field(
            name="stocked",
            label=_("Kept in stock"),
            kind=Kind.YES_NO,
            synonyms=words("stock item, inventory item, storable, 库存商品, 是否库存"),
        ),
        Field(
            name="successor",
            label=_("Number of the successor"),
            lookup="products",
            synonyms=words("replaced by, successor product, superseded by, 替代产品, 后继产品, 替代料号"),
        ),
        Field(
            name="active",
            label=_("Sold at present"),
            kind=Kind.YES_NO,
            synonyms=words("active, enabled, 在售, 是否有效"),
        ),
    ),
)

IMPORTED_COSTS_OVER_TIME = Target(
    slug="cost-changes",
    label=_("Costs over time"),
    description=_("From which day each product costs how much. What holds today becomes its cost."),
    key=("product", "from_day"),
    fields=(
        Field(
            name="product",
            label=_("Product number"),
            required=True,
            lookup="products",
            synonyms=words("product, product id, sku, item no, article number, 产品编号, 货号, 料号, 編號"),
        ),
        Field(
            name="from_day",
            label=_("Holds from"),
            kind=Kind.DAY,
            required=True,
            synonyms=words(
                "from, from day, valid from, start date, effective date, date, 生效日期, 开始日期"
            ),
        ),
        Field(
            name="cost",
            label=_("Cost"),
            kind=Kind.DECIMAL,
            decimals=4,
            required=True,
            synonyms=words("unit cost, standard cost, 成本, 单位成本, 成本價"),
        ),
    ),
)
