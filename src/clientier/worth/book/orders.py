"""Order lines as they were given, turned into typed ones."""

from __future__ import annotations

from collections.abc import Mapping

from clientier.worth.book.cells import Cells
from clientier.worth.refusals import TableRefused

KINDS: Mapping[str, tuple[str, ...]] = {
    "sale": ("sale", "order", "invoice", "sales", "purchase", "销售", "訂單", "订单", "銷售"),
    "return": ("return", "refund", "sales return", "退货", "退款", "退貨"),
    "cancellation": ("cancellation", "cancel", "cancelled", "canceled", "void", "取消", "作废", "作廢"),
    "credit": ("credit", "credit note", "credit memo", "贷项", "红字", "貸項"),
}


def type_orders(cells: Cells) -> None:
    """Leave worth_orders behind: a row a line, amounts in the line's own currency."""
    found = cells.found
    day = cells.day("day")
    amount = _amount(cells)
    kind = f"CASE WHEN ({amount}) < 0 THEN 'return' ELSE 'sale' END"
    if "kind" in found:
        kind = cells.word("kind", KINDS, ", ".join(KINDS))
    cells.connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE worth_orders AS
        SELECT rowid AS line, {cells.customer_id()} AS customer_id, ({day})::INTEGER AS day,
            {kind} AS kind, {amount} AS amount, {cells.money("cost")} AS cost,
            coalesce({cells.money("freight")}, 0) AS freight,
            coalesce({cells.money("discount")}, 0) AS discount,
            {cells.text("order_id")} AS order_id, {cells.text("line_id")} AS line_id,
            {cells.text("of_order")} AS of_order, {cells.text("of_line")} AS of_line,
            {cells.currency()} AS currency, {cells.rate()} AS own_rate, false AS rate_missing
        FROM worth_orders_raw""")
    _refuse_repeated_lines(cells)
    _refuse_positive_returns(cells)
    if "cost" not in found:
        cells.notices.append(("no_cost_of_goods", {}))


def _amount(cells: Cells) -> str:
    """The amount of a line, or quantity times unit price where the table has no amounts."""
    if "amount" in cells.found:
        return cells.money("amount", needed=True)
    quantity = cells.number("quantity", needed=True)
    price = cells.money("unit_price", needed=True)
    return f"round(({quantity}) * ({price}))::BIGINT"


def _refuse_positive_returns(cells: Cells) -> None:
    row, number = cells.connection.execute(
        "SELECT min(line), count(*) FROM worth_orders WHERE kind = 'return' AND amount > 0"
    ).fetchone() or (None, 0)
    if number:
        column = cells.found.get("amount", "amount")
        raise TableRefused("return_not_negative", table="orders", row=row + 1, column=column,
                           hint="returns_are_negative", rows_affected=number)  # fmt: skip


def _refuse_repeated_lines(cells: Cells) -> None:
    """A line id (or order and line number) may occur once: a file loaded twice would double every figure."""
    found = cells.found
    if "line_id" in found:
        key = named = cells.text("line_id")
        column = found["line_id"]
    elif {"order_id", "line_no"} <= found.keys():
        named = cells.text("line_no")
        key = f"{cells.text('order_id')}, {named}"
        column = found["line_no"]
    else:
        return
    repeated = cells.connection.execute(
        f"SELECT max(rowid), count(*) FROM worth_orders_raw WHERE {named} IS NOT NULL "
        f"GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if repeated:
        raise TableRefused("line_repeated", table="orders", row=repeated[0] + 1, column=column,
                           hint="remove_repeated_lines", rows_affected=repeated[1])  # fmt: skip
