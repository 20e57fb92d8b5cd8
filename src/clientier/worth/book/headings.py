# ruff: noqa: E501 - a list of headings is read by column, not by line
"""What columns are called: the names of the data contract, and the headings that order books really carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from clientier.worth.refusals import TableRefused

ORDERS: Mapping[str, tuple[str, ...]] = {
    "customer_id": (
        "customer", "customerid", "customerkey", "customerno", "customernumber", "customercode", "client",
        "clientid", "account", "accountid", "accountnumber", "buyer", "buyerid", "reseller", "resellerkey",
        "resellerid", "userid", "custid", "cust", "member", "memberid", "debtor",
        "客户", "客户编号", "客户号", "客户代码", "客户id", "客户名称", "会员", "会员号", "会员编号", "买家", "购货单位",
        "客戶", "客戶編號", "客戶代碼", "客戶名稱", "會員", "會員編號",
    ),
    "day": (
        "date", "orderdate", "invoicedate", "transactiondate", "purchasedate", "salesdate", "saledate", "postingdate",
        "documentdate", "orderday", "createdat", "orderedat", "eventts", "datetime", "timestamp",
        "日期", "订单日期", "下单日期", "下单时间", "交易日期", "销售日期", "开票日期", "成交日期", "购买日期", "单据日期",
        "訂單日期", "下單日期", "交易日期", "銷售日期", "開票日期", "購買日期",
    ),
    "amount": (
        "amounte4", "amountbase", "revenue", "sales", "salesamount", "netamount", "netsales", "linetotal", "lineamount",
        "total", "totalamount", "ordertotal", "value", "dollarvalue", "turnover", "monetaryvalue", "orderamount",
        "金额", "销售额", "销售金额", "订单金额", "成交金额", "收入", "实付金额", "不含税金额", "总额", "交易金额",
        "金額", "銷售額", "銷售金額", "訂單金額", "成交金額", "實付金額", "總額",
    ),
    "order_id": (
        "order", "orderid", "ordernumber", "orderno", "salesordernumber", "salesorderid", "invoice", "invoiceno",
        "invoicenumber", "invoiceid", "transactionid", "documentnumber", "receipt",
        "订单", "订单号", "订单编号", "单据编号", "单号", "发票号", "交易号", "訂單", "訂單號", "訂單編號", "單號", "發票號",
    ),
    "line_id": ("lineid", "orderlineid", "salesorderdetailid", "明细编号", "明細編號"),
    "line_no": ("lineno", "linenumber", "orderlinenumber", "salesorderlinenumber", "行号", "行號", "序号"),
    "kind": ("kind", "linekind", "transactiontype", "documenttype", "ordertype", "类型", "单据类型", "類型", "單據類型"),
    "cost": (
        "coste4", "costbase", "totalcost", "productcost", "totalproductcost", "costofgoods", "costofsales", "cogs",
        "成本", "销售成本", "总成本", "商品成本", "產品成本", "銷售成本", "總成本",
    ),
    "freight": (
        "freighte4", "freightbase", "freightcost", "shipping", "shippingcost", "deliverycost", "运费", "物流费", "運費",
    ),
    "discount": (
        "discounte4", "discountbase", "discountamount", "rebateamount", "折扣", "折扣额", "折扣金额", "优惠金额", "折扣額",
    ),
    "quantity": ("quantity", "qty", "orderquantity", "orderqty", "units", "数量", "數量"),
    "unit_price": ("unitprice", "price", "unitpricenet", "单价", "售价", "單價"),
    "of_order": ("oforder", "originalorder", "originalorderid", "returnedorder", "refundedorder", "原订单号", "原訂單號"),
    "of_line": ("ofline", "originalline", "originallineid", "returnedline", "原行号", "原行號"),
    "currency": ("currency", "currencycode", "币种", "货币", "幣別", "幣種"),
    "rate": ("ratetobase", "exchangerate", "fxrate", "汇率", "匯率"),
    "product": ("product", "productid", "productkey", "sku", "stockcode", "item", "itemid", "产品", "商品", "產品"),
}  # fmt: skip
COSTS: Mapping[str, tuple[str, ...]] = {
    "customer_id": ORDERS["customer_id"],
    "day": (*ORDERS["day"], "interactiondate", "costdate", "发生日期", "費用日期", "费用日期"),
    "kind": ("kind", "costkind", "costtype", "activity", "driver", "类型", "费用类型", "類型", "費用類型"),
    "amount": (*ORDERS["amount"], "cost", "coste4", "费用", "費用", "成本"),
    "minutes": ("minutes", "duration", "durationminutes", "timespent", "分钟", "时长", "分鐘", "時長"),
    "role": ("role", "jobtitle", "position", "角色", "岗位", "崗位"),
    "currency": ORDERS["currency"],
    "rate": ORDERS["rate"],
}
CUSTOMERS: Mapping[str, tuple[str, ...]] = {
    "customer_id": (*ORDERS["customer_id"], "id", "编号", "編號"),
    "name": ("name", "companyname", "fullname", "customername", "resellername", "accountname", "名称", "姓名", "公司名称", "名稱"),
    "kind": ("kind", "customertype", "客户类型", "客戶類型"),
    "first_seen": ("firstseen", "createddate", "createdon", "since", "customersince", "建档日期", "建檔日期"),
    "prospect": ("prospect", "stage", "lifecycle", "阶段", "階段"),
    "share_of_wallet": ("shareofwallet", "walletshare", "钱包份额", "錢包份額"),
    "switches": ("switches", "switcher", "buyselsewhere", "品牌转移", "品牌轉移"),
}  # fmt: skip
RATES: Mapping[str, tuple[str, ...]] = {
    "currency": ORDERS["currency"],
    "day": (*ORDERS["day"], "ratedate", "validfrom"),
    "rate": (*ORDERS["rate"], "rate", "value"),
}
RECEIVABLES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ORDERS["customer_id"],
    "day": ("dueon", "duedate", "due", "到期日", "应收日期", "應收日期"),
    "paid_on": ("paidon", "paymentdate", "paiddate", "paid", "付款日期", "回款日期", "收款日期"),
    "amount": (*ORDERS["amount"], "amountdue", "应收金额", "應收金額"),
    "currency": ORDERS["currency"],
    "rate": ORDERS["rate"],
}
CAPACITY: Mapping[str, tuple[str, ...]] = {
    "role": COSTS["role"],
    "day": ("from", "fromday", "start", "startdate", "validfrom", "开始日期", "開始日期"),
    "until": ("until", "to", "end", "enddate", "validto", "结束日期", "結束日期"),
    "cost": ("cost", "coste4", "costofcapacity", "成本"),
    "minutes": ("minutes", "practicalminutes", "capacityminutes", "分钟", "分鐘"),
}
OVERHEADS: Mapping[str, tuple[str, ...]] = {
    "day": COSTS["day"],
    "amount": COSTS["amount"],
    "currency": ORDERS["currency"],
    "rate": ORDERS["rate"],
}

NEEDED = {
    "orders": ("customer_id", "day", "amount"),
    "costs": ("customer_id", "day"),
    "customers": ("customer_id",),
    "rates": ("currency", "day", "rate"),
    "receivables": ("customer_id", "day", "amount"),
    "capacity": ("day", "until", "cost", "minutes"),
    "overheads": ("day", "amount"),
}
ALL = {"orders": ORDERS, "costs": COSTS, "customers": CUSTOMERS, "rates": RATES, "receivables": RECEIVABLES,
       "capacity": CAPACITY, "overheads": OVERHEADS}  # fmt: skip


def plain(heading: str) -> str:
    """A heading without case, spaces and punctuation, so that `Sales Order No.` meets `salesorderno`."""
    return re.sub(r"[\W_]+", "", heading).lower()


def recognise(table: str, headings: Iterable[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Which heading stands for which column of the contract; what the caller chose goes before what is
    guessed.

    `chosen` may use `revenue` for `amount`; a chosen heading is looked up as written, then without case and
    spaces.
    """
    present = list(headings)
    by_plain: dict[str, str] = {}
    for heading in present:
        by_plain.setdefault(plain(heading), heading)
    found: dict[str, str] = {}
    for wanted, heading in chosen.items():
        column = _contract_name(table, wanted)
        found[column] = heading if heading in present else by_plain.get(plain(heading), heading)
    taken = set(found.values())
    for column, names in ALL[table].items():
        if column in found:
            continue
        for name in (plain(column), *names):
            guess = by_plain.get(plain(name))
            if guess is not None and guess not in taken:
                found[column] = guess
                taken.add(guess)
                break
    return found


def match(table: str, present: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Which of the headings stands for which column; raises TableRefused where one that is needed, or was
    chosen, is not there.
    """
    found = recognise(table, present, chosen)
    for column, heading in found.items():
        if column not in ALL[table]:
            raise TableRefused("unknown_column_name", table=table, column=column, hint=", ".join(ALL[table]))
        if heading not in present:
            raise TableRefused("column_missing", table=table, column=heading, hint=", ".join(present))
    for column in NEEDED[table]:
        computable = column == "amount" and {"quantity", "unit_price"} <= found.keys()
        if column not in found and not computable:
            raise TableRefused("column_missing", table=table, column=column, hint=", ".join(present))
    if table == "costs" and not {"amount", "minutes"} & found.keys():
        raise TableRefused("column_missing", table=table, column="amount", hint=", ".join(present))
    return found


def _contract_name(table: str, wanted: str) -> str:
    aliases = {
        "revenue": "amount",
        "customer": "customer_id",
        "date": "day",
        "order": "order_id",
        "line": "line_id",
    }
    name = wanted.removesuffix("_e4")
    return name if name in ALL[table] else aliases.get(name, name)
