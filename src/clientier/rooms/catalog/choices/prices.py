from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.money import Currency
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words


class PricedTier(models.TextChoices):
    """The layers of the pyramid that a price list can be for, by the codes that the value room gives them."""

    IMPORTANT = "important", pgettext_lazy("tier", "Important")
    MAJOR = "major", pgettext_lazy("tier", "Major")
    ORDINARY = "ordinary", pgettext_lazy("tier", "Ordinary")
    SMALL = "small", pgettext_lazy("tier", "Small")


IMPORTED_PRICE_LISTS = Target(
    slug="price-lists",
    label=_("Price lists"),
    description=_(
        "Lists for everybody, for a tier, or for one customer; their prices come in a file of their own."
    ),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=_("Number of the price list"),
            required=True,
            synonyms=words("price list id, price list no, list id, id, 价目表编号, 价格表编号, 價目表編號"),
        ),
        Field(
            name="name",
            label=_("Name"),
            required=True,
            synonyms=words("price list, price list name, list name, 价目表, 价格表名称, 價目表"),
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
            name="tier",
            label=_("For the tier"),
            kind=Kind.CHOICE,
            synonyms=words("tier, customer tier, customer group, 客户层级, 适用层级"),
            choices=tuple(Choice(code, label) for code, label in PricedTier.choices),
        ),
        Field(
            name="customer",
            label=_("For the customer"),
            lookup="customers",
            synonyms=words("customer, customer id, account id, 客户编号, 客戶編號"),
        ),
        Field(
            name="valid_from",
            label=_("Valid from"),
            kind=Kind.DAY,
            synonyms=words("from, start, start date, 生效日期, 开始日期"),
        ),
        Field(
            name="valid_until",
            label=_("Valid until"),
            kind=Kind.DAY,
            synonyms=words("until, end, end date, expires, 失效日期, 结束日期"),
        ),
        Field(
            name="priority", label=_("Priority"), kind=Kind.INTEGER, synonyms=words("rank, 优先级, 優先級")
        ),
        Field(
            name="active",
            label=_("In use"),
            kind=Kind.YES_NO,
            synonyms=words("active, enabled, 是否启用, 启用"),
        ),
    ),
)
IMPORTED_PRICES = Target(
    slug="prices",
    label=_("Prices in lists"),
    description=_("What each product costs in each list, from which quantity on."),
    key=("price_list", "product", "minimum_quantity"),
    fields=(
        Field(
            name="price_list",
            label=_("Number of the price list"),
            required=True,
            lookup="price-lists",
            synonyms=words("price list, price list id, list, 价目表编号, 价目表, 价格表"),
        ),
        Field(
            name="product",
            label=_("Product number"),
            required=True,
            lookup="products",
            synonyms=words("product, product id, sku, item no, article number, 产品编号, 货号, 料号, 編號"),
        ),
        Field(
            name="minimum_quantity",
            label=_("From quantity"),
            kind=Kind.DECIMAL,
            decimals=4,
            default=1,
            synonyms=words(
                "minimum quantity, min qty, from qty, quantity break, qty, 起订量, 最小数量, 数量"
            ),
        ),
        Field(
            name="unit_price",
            label=_("Unit price"),
            kind=Kind.DECIMAL,
            decimals=4,
            required=True,
            synonyms=words("price, net price, list price, 单价, 价格, 單價"),
        ),
    ),
)
