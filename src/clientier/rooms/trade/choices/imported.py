from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clientier.core.money import Currency
from clientier.kit.imports.reasons import add_reasons
from clientier.kit.imports.targets import Choice, Field, Kind, Target, words

add_reasons(
    rate_missing=_("no rate of %(currency)s is known for %(day)s or before; import currency rates first"),
    order_differs=_("differs from an earlier row of the same order, “%(text)s”"),
    order_incomplete=_("another row of the same order is in error, and this one depends on it"),
    order_kept_here=_("order “%(text)s” was entered here; it is changed by its own documents, not by files"),
    amount_missing=_("has neither an amount, nor both quantity and unit price"),
    share_not_fraction=_("“%(text)s” is no share: write 5%% or 0.05"),
)

CURRENCIES = tuple(Choice(code, label) for code, label in Currency.choices)


def _money(name: str, label: object, **more: object) -> Field:
    return Field(name=name, label=label, kind=Kind.DECIMAL, decimals=4, **more)  # type: ignore[arg-type]


IMPORTED_ORDERS = Target(
    slug="orders",
    label=_("Orders with lines"),
    description=_("One row a line; the number, day and customer of the order stand on each of its rows."),
    key=("number", "line_no"),
    fields=(
        Field(
            name="number",
            label=_("Order number"),
            required=True,
            synonyms=words(
                "order no, order id, order, invoice, invoice no, "
                "invoice number, document number, SalesOrderNumber, 订单号, "
                "订单编号, 单号, 單號, 訂單號"
            ),
        ),
        Field(
            name="line_no",
            label=_("Line"),
            kind=Kind.INTEGER,
            help=_("If the file has none, lines are numbered in its order."),
            synonyms=words("line number, line no, position, item, SalesOrderLineNumber, 行号, 行號"),
        ),
        Field(
            name="day",
            label=_("Day"),
            kind=Kind.DAY,
            required=True,
            synonyms=words("order date, date, invoice date, 日期, 订单日期, 下单日期, 訂單日期"),
        ),
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            synonyms=words(
                "customer, customer id, customer no, customer code, account, "
                "client id, debtor, CustomerKey, ResellerKey, 客户编号, "
                "客户代码, 客户, 客戶編號"
            ),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            help=_("Orders or returns; without it everything is an order."),
            synonyms=words("order type, document type, 类型, 單別, 订单类型"),
            choices=(
                Choice("sale", _("Order"), ("sales", "invoice", "销售", "订单", "訂單")),
                Choice("return", _("Return"), ("credit", "credit note", "refund", "退货", "退貨")),
            ),
        ),
        Field(
            name="currency",
            label=_("Currency"),
            kind=Kind.CHOICE,
            help=_("Without it, the base currency."),
            synonyms=words("currency code, 币种, 货币, 幣別"),
            choices=CURRENCIES,
        ),
        Field(
            name="sold_by",
            label=_("Sold by"),
            lookup="users",
            help=_("The sign-in name of a user."),
            synonyms=words("salesperson, sales rep, employee, 业务员, 销售员, 業務員"),
        ),
        Field(
            name="product",
            label=_("Product number"),
            lookup="products",
            synonyms=words(
                "product, product id, product code, sku, item no, article, ProductKey, 产品编号, 货号, 料号"
            ),
        ),
        Field(
            name="description",
            label=_("Description"),
            synonyms=words("product name, item name, text, 品名, 产品名称, 品項"),
        ),
        Field(
            name="quantity",
            label=_("Quantity"),
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=words("qty, order quantity, units, 数量, 數量"),
        ),
        _money("unit_price", _("Unit price"), synonyms=words("price, 单价, 單價")),
        _money("discount", _("Discount"), synonyms=words("discount amount, rebate, 折扣额, 折让, 折讓")),
        _money(
            "discount_share",
            _("Discount as a share"),
            help=_("5% or 0.05, taken off quantity times price."),
            synonyms=words("discount rate, discount pct, discount percent, 折扣率, 折扣"),
        ),
        _money(
            "amount",
            _("Amount"),
            help=_("After discount, before tax. Without it: quantity times unit price, less the discount."),
            synonyms=words(
                "net amount, sales amount, line total, total, revenue, sales, "
                "turnover, 金额, 销售额, 不含税金额, 金額"
            ),
        ),
        _money(
            "cost",
            _("Cost of goods"),
            help=_("Of the whole line. Without it, the cost of the product times the quantity."),
            synonyms=words("cost, total cost, total product cost, cogs, 成本, 总成本, 總成本"),
        ),
        _money("unit_cost", _("Cost of one unit"), synonyms=words("unit cost, 单位成本, 單位成本")),
        _money("freight", _("Freight of the line"), synonyms=words("freight, shipping, 运费, 運費")),
        _money(
            "order_freight",
            _("Freight of the order"),
            help=_("One figure for the whole order; it is shared out over its lines."),
            synonyms=words("order freight, shipping cost, 整单运费"),
        ),
    ),
)

IMPORTED_COSTS = Target(
    slug="costs",
    label=_("Costs to serve"),
    description=_("Freight, rebates, fees, interest: what serving a customer cost beside the goods."),
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label=pgettext_lazy("record", "Number"),
            max_length=60,
            help=_("By this number rows find their cost again; without it, by what they say."),
            synonyms=words("id, cost id, document number, 单号, 编号"),
        ),
        Field(
            name="customer",
            label=_("Customer number"),
            required=True,
            lookup="customers",
            synonyms=words("customer, customer id, customer no, account, 客户编号, 客户, 客戶編號"),
        ),
        Field(
            name="day",
            label=_("Day"),
            kind=Kind.DAY,
            required=True,
            synonyms=words("date, posting date, 日期"),
        ),
        Field(
            name="kind",
            label=_("Kind"),
            kind=Kind.CHOICE,
            synonyms=words("cost type, type, category, 费用类型, 类型, 費用類型"),
            choices=(
                Choice("freight", _("Freight"), ("shipping", "delivery", "运费")),
                Choice("rebate", _("Rebates"), ("rebate", "bonus", "返利")),
                Choice("fee", _("Listing and promotion fees"), ("fee", "promotion", "进场费", "促销费")),
                Choice("reward", _("Rewards"), ("reward", "gift", "奖励")),
                Choice("expense", _("Expenses"), ("expense", "travel", "entertainment", "费用", "差旅")),
                Choice("late_interest", _("Interest on late money"), ("interest", "利息")),
                Choice("bad_debt", _("Bad debts"), ("write-off", "坏账", "壞帳")),
                Choice("service", _("Service"), ("support", "服务", "售后")),
                Choice("other", _("Other costs"), ("misc", "其他")),
            ),
        ),
        _money("amount", _("Amount"), required=True, synonyms=words("cost, value, 金额, 金額")),
        Field(
            name="currency",
            label=_("Currency"),
            kind=Kind.CHOICE,
            help=_("Without it, the base currency."),
            synonyms=words("currency code, 币种, 幣別"),
            choices=CURRENCIES,
        ),
        Field(name="note", label=_("Note"), synonyms=words("text, remark, description, 备注, 備註")),
    ),
)

IMPORTED_RATES = Target(
    slug="rates",
    label=_("Currency rates"),
    description=_("What one unit of a currency is worth in the base currency, from a day on."),
    key=("currency", "day"),
    fields=(
        Field(
            name="currency",
            label=_("Currency"),
            kind=Kind.CHOICE,
            required=True,
            synonyms=words("currency code, from, 币种, 幣別"),
            choices=CURRENCIES,
        ),
        Field(
            name="day", label=_("Day"), kind=Kind.DAY, required=True, synonyms=words("date, valid from, 日期")
        ),
        Field(
            name="rate_to_base",
            label=_("Rate"),
            kind=Kind.DECIMAL,
            decimals=9,
            required=True,
            synonyms=words("rate, exchange rate, average rate, 汇率, 匯率"),
        ),
    ),
)
