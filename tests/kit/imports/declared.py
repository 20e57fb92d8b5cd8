"""Targets such as the rooms declare them, for the tests of imports."""

from __future__ import annotations

from clientier.kit.imports.targets import Choice, Field, Kind, Target

CUSTOMERS = Target(
    slug="customers",
    label="Customers",
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label="Customer number",
            required=True,
            synonyms=(
                "customer no",
                "customer id",
                "account id",
                "id",
                "客户编号",
                "客户代码",
                "CustomerKey",
                "ResellerKey",
            ),
        ),
        Field(
            name="kind",
            label="Kind",
            kind=Kind.CHOICE,
            default="company",
            choices=(
                Choice("company", "Company", ("公司", "企业", "business", "organisation")),
                Choice("person", "Person", ("个人", "consumer", "private")),
            ),
        ),
        Field(
            name="name",
            label="Name",
            required=True,
            max_length=200,
            synonyms=(
                "company name",
                "customer name",
                "account name",
                "客户名称",
                "公司名称",
                "名称",
                "reseller name",
            ),
        ),
        Field(name="phone", label="Phone", synonyms=("telephone", "电话", "手机", "联系电话")),
        Field(name="email", label="Email", synonyms=("e-mail", "email address", "邮箱", "电子邮件")),
        Field(name="city", label="City", synonyms=("城市", "town", "billing city")),
        Field(name="country", label="Country", synonyms=("国家", "CountryRegionCode", "billing country")),
        Field(
            name="employees",
            label="Employees",
            kind=Kind.INTEGER,
            synonyms=("number of employees", "员工人数", "NumberEmployees"),
        ),
        Field(
            name="first_seen",
            label="First seen",
            kind=Kind.DAY,
            synonyms=("created date", "建档日期", "DateFirstPurchase"),
        ),
        Field(name="active", label="Active", kind=Kind.YES_NO, synonyms=("enabled", "是否有效")),
    ),
)

PRODUCTS = Target(
    slug="products",
    label="Products",
    key=("external_id",),
    fields=(
        Field(
            name="external_id",
            label="Product number",
            required=True,
            synonyms=("ProductKey", "ProductID", "产品编号"),
        ),
        Field(
            name="name",
            label="Name",
            required=True,
            synonyms=("product name", "EnglishProductName", "产品名称"),
        ),
        Field(name="cost", label="Cost", kind=Kind.DECIMAL, decimals=4, synonyms=("standard cost", "成本")),
        Field(
            name="price",
            label="Price",
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=("list price", "unit price", "单价"),
        ),
    ),
)

ORDER_LINES = Target(
    slug="order_lines",
    label="Order lines",
    key=("order", "line_no"),
    fields=(
        Field(
            name="order",
            label="Order number",
            required=True,
            synonyms=("order no", "order id", "SalesOrderNumber", "订单号", "订单编号"),
        ),
        Field(
            name="line_no",
            label="Line",
            kind=Kind.INTEGER,
            synonyms=("line number", "SalesOrderLineNumber", "行号"),
        ),
        Field(
            name="day",
            label="Day",
            kind=Kind.DAY,
            required=True,
            synonyms=("order date", "date", "日期", "订单日期"),
        ),
        Field(
            name="customer",
            label="Customer",
            required=True,
            lookup="customers",
            synonyms=("customer id", "客户编号", "CustomerKey", "ResellerKey"),
        ),
        Field(
            name="product",
            label="Product",
            lookup="products",
            synonyms=("ProductKey", "ProductID", "产品编号"),
        ),
        Field(
            name="quantity",
            label="Quantity",
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=("qty", "order quantity", "数量"),
        ),
        Field(name="unit_price", label="Unit price", kind=Kind.DECIMAL, decimals=4, synonyms=("单价",)),
        Field(
            name="discount",
            label="Discount",
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=("discount amount", "折扣"),
        ),
        Field(
            name="amount",
            label="Amount",
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=("sales amount", "total", "金额", "net amount"),
        ),
        Field(
            name="cost",
            label="Cost",
            kind=Kind.DECIMAL,
            decimals=4,
            synonyms=("total product cost", "成本"),
        ),
        Field(name="freight", label="Freight", kind=Kind.DECIMAL, decimals=4, synonyms=("运费",)),
    ),
)
