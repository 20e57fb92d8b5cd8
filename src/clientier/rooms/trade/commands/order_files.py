"""Orders with their lines from one file, in which the facts of the order stand again on every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from clientier.core.money import PLACES, convert
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.kinds import cell_text
from clientier.kit.imports.reasons import Reason, quoting
from clientier.kit.imports.registry import Batch, Beginning, Row, Written
from clientier.rooms.catalog.models import Product
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.choices.orders import OrderKind
from clientier.rooms.trade.commands.costs import rate_missing
from clientier.rooms.trade.commands.orders import (
    kept_here,
    known_orders,
    total_orders,
    write_lines,
    write_orders,
)
from clientier.rooms.trade.queries.rates import Rates

ZERO, ONE = Decimal(0), Decimal(1)
FACTS_OF_ORDERS = ("kind", "day", "customer_id", "currency", "sold_by_id", "order_freight")
HEADER = ("kind", "day", "customer_id", "currency", "sold_by_id")
LINE = ("product_id", "description", "quantity", "unit_price", "discount", "amount", "cost", "freight")
EMPTY = {"description": "", "quantity": ONE, "unit_price": ZERO, "discount": ZERO, "freight": ZERO}
TURNED_IN_RETURNS = ("amount", "quantity", "cost", "discount")


@dataclass(slots=True)
class Spread:
    """The freight of an order, shared out over its lines by amount; the last line takes what is left."""

    freight: Decimal
    weight: Decimal = ZERO
    lines: int = 0
    left: Decimal = ZERO
    lines_left: int = 0

    def share(self, amount: Decimal) -> Decimal:
        """The freight of the next line."""
        self.lines_left -= 1
        if self.lines_left == 0:
            return self.left
        part = abs(amount) / self.weight if self.weight else ONE / self.lines
        share = (self.freight * part).quantize(PLACES, ROUND_HALF_EVEN)
        self.left -= share
        return share


class OrderWriting:
    """One file of orders on its way in.

    Where the file numbers no lines, or gives one freight for the whole order, an order with a row in error
    is refused as a whole: its other rows cannot be numbered or charged without that one.
    """

    def __init__(self, beginning: Beginning) -> None:
        self._fields, self._actor = beginning.fields, beginning.actor
        self._base = organisation().base_currency
        self._rates = Rates(self._base)
        self._facts: dict[str, tuple[Any, ...]] = {}
        self._lines: Counter[str] = Counter()
        self._spreads: dict[str, Spread] = {}
        self._broken: set[str] = set()
        self._products: dict[int, tuple[Decimal | None, str]] = {}

    @property
    def looks_ahead(self) -> bool:
        """When lines depend on the whole of their order."""
        return "line_no" not in self._fields or "order_freight" in self._fields

    @property
    def _cost_follows(self) -> bool:
        return "cost" not in self._fields and "unit_cost" not in self._fields

    def look_ahead(self, batch: Batch, broken: Sequence[Row]) -> None:
        """Learn which orders are broken, and what their freight is to be shared by."""
        self._broken.update(row["number"] for row in broken if row.get("number"))
        refused = self._complete_all(batch)
        for position, row in enumerate(batch.rows):
            number = row["number"]
            if position in refused:
                self._broken.add(number)
            elif (freight := row.get("order_freight")) is not None:
                spread = self._spreads.setdefault(number, Spread(freight, left=freight))
                spread.weight += abs(row["amount"])
                spread.lines += 1
                spread.lines_left += 1

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Give every line its amount, cost, number, share of freight and rate."""
        refused = self._complete_all(batch)
        for position, row in enumerate(batch.rows):
            number = row["number"]
            if number in self._broken:
                refused.setdefault(position, Problem("", "number", Reason("order_incomplete")))
            if position in refused:
                continue
            if row.get("line_no") is None:
                self._lines[number] += 1
                row["line_no"] = self._lines[number]
            if "order_freight" in row:
                spread = self._spreads.get(number)
                row["freight"] = spread.share(row["amount"]) if spread else ZERO
        return refused

    def write(self, batch: Batch) -> Written:
        """The orders, then their lines, then the sums that orders keep."""
        headers = self._headers(batch.rows)
        numbers = list(headers)
        orders = write_orders(
            list(headers.values()), actor=self._actor, currency_of_new=self._base, action="import"
        )
        refused = {numbers[position] for position in orders.out_of_reach}
        kept = [p for p, row in enumerate(batch.rows) if row["number"] not in refused]
        ids = {number: known[0] for number, known in known_orders(numbers).items()}
        lines = [self._line(batch.rows[position], ids) for position in kept]
        outcome = write_lines(lines, actor=self._actor, cost_follows=self._cost_follows, action="import")
        total_orders([ids[number] for number in numbers if number not in refused])
        out = {p for p, row in enumerate(batch.rows) if row["number"] in refused}
        out |= {kept[position] for position in outcome.out_of_reach}
        return Written(
            outcome.created,
            outcome.updated,
            outcome.unchanged,
            {position: Problem("", "", Reason("out_of_reach")) for position in out},
            Counter({"orders_created": orders.created, "orders_updated": orders.updated}),
        )

    def _complete_all(self, batch: Batch) -> dict[int, Problem]:
        known = self._known_orders(batch.rows)
        self._learn_products(batch.rows)
        ours = kept_here(list({row["number"] for row in batch.rows}))
        refused = {}
        for position, row in enumerate(batch.rows):
            number = row["number"]
            if number in ours:
                refused[position] = Problem("", "number", quoting("order_kept_here", number))
                continue
            problem = self._complete(row, known)
            if problem:
                refused[position] = problem
        return refused

    def _complete(self, row: Row, known: dict[str, tuple[str, str]]) -> Problem | None:
        """Put into the row what follows from it, or say why it cannot be taken."""
        number = row["number"]
        facts = tuple(row.get(name) for name in FACTS_OF_ORDERS)
        first = self._facts.setdefault(number, facts)
        if facts != first:
            name = next(n for n, a, b in zip(FACTS_OF_ORDERS, facts, first, strict=True) if a != b)
            return Problem("", name.removesuffix("_id"), quoting("order_differs", number))
        known_kind, known_currency = known.get(number, (OrderKind.SALE, self._base))
        currency = row.get("currency") or known_currency
        rate = self._rates.at(currency, row["day"])
        if rate is None:
            return Problem("", "currency", rate_missing(currency, row["day"]))
        row["rate_to_base"] = rate
        problem = _give_amount(row)
        if problem is None:
            self._give_cost(row, currency, rate)
            if (row.get("kind") or known_kind) == OrderKind.RETURN:
                _turn(row)
        return problem

    def _give_cost(self, row: Row, currency: str, rate: Decimal) -> None:
        """The file's cost, else the unit cost or the product's, times the quantity."""
        if row.get("cost") is not None:
            return
        quantity = row["quantity"] if row.get("quantity") is not None else ONE
        unit_cost = row.get("unit_cost")
        if unit_cost is None and row.get("product_id") in self._products:
            unit_cost, of = self._products[row["product_id"]]
            if unit_cost is not None and of != currency:
                product_rate = self._rates.at(of, row["day"])
                unit_cost = None if product_rate is None else convert(unit_cost, product_rate / rate)
        row["cost"] = None if unit_cost is None else (unit_cost * quantity).quantize(PLACES, ROUND_HALF_EVEN)

    def _known_orders(self, rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
        """Kind and currency of orders that exist, for what the file does not say."""
        if {"kind", "currency"} <= self._fields:
            return {}
        found = known_orders(list({row["number"] for row in rows}))
        return {number: (kind, currency) for number, (_pk, kind, currency) in found.items()}

    def _learn_products(self, rows: Sequence[Row]) -> None:
        """What products cost, where a row of the file may leave that open."""
        named: set[int] = {
            row["product_id"] for row in rows if row.get("product_id") and row.get("cost") is None
        }
        if unknown := named - self._products.keys():
            found = Product.objects.filter(pk__in=unknown).values_list("pk", "cost", "currency")
            self._products.update({pk: (cost, currency) for pk, cost, currency in found})

    def _headers(self, rows: Sequence[Row]) -> dict[str, Row]:
        """The orders of these lines, each with the sums of what is here of it."""
        headers: dict[str, Row] = {}
        for row in rows:
            header = headers.get(row["number"])
            if header is None:
                header = headers[row["number"]] = self._header(row)
            amount, rate = row["amount"], row["rate_to_base"]
            header["amount"] += amount
            header["amount_base"] += amount if rate == 1 else convert(amount, rate)
        return headers

    def _header(self, row: Row) -> Row:
        header = {name: row[name] for name in ("number", *HEADER) if name in row}
        for name, blank in (("kind", OrderKind.SALE.value), ("currency", self._base)):
            if name in header and header[name] is None:
                header[name] = blank
        return {**header, "rate_to_base": row["rate_to_base"], "amount": ZERO, "amount_base": ZERO}

    def _line(self, row: Row, ids: dict[str, int]) -> Row:
        line = {name: row[name] for name in LINE if name in row}
        for name, blank in EMPTY.items():
            if name in line and line[name] is None:
                line[name] = blank
        line["order_id"], line["line_no"] = ids[row["number"]], row["line_no"]
        line["rate_to_base"] = row["rate_to_base"]
        return line


def _give_amount(row: Row) -> Problem | None:
    """The file's amount, else quantity times price less the discount; the discount follows from its share."""
    quantity, price = row.get("quantity"), row.get("unit_price")
    share, discount = row.get("discount_share"), row.get("discount")
    gross = None if quantity is None or price is None else quantity * price
    if share is not None and not ZERO <= share <= ONE:
        return Problem("", "discount_share", quoting("share_not_fraction", cell_text(share)))
    if row.get("amount") is None:
        if gross is None:
            return Problem("", "amount", Reason("amount_missing"))
        net = gross * (ONE - share) if share is not None else gross - (discount or ZERO)
        row["amount"] = net.quantize(PLACES, ROUND_HALF_EVEN)
    if "discount_share" in row and discount is None:
        row["discount"] = _discount(row["amount"], gross, share or ZERO)
    return None


def _discount(amount: Decimal, gross: Decimal | None, share: Decimal) -> Decimal:
    """What the share of the discount comes to: from the full price, else from what was left of it."""
    if not share or (gross is None and share == ONE):
        return ZERO
    full = gross if gross is not None else amount / (ONE - share)
    return (full - amount).quantize(PLACES, ROUND_HALF_EVEN)


def _turn(row: Row) -> None:
    """In a return everything is negative, whichever way the file writes it."""
    for name in TURNED_IN_RETURNS:
        value = row.get(name)
        if value is not None and value > 0:
            row[name] = -value
