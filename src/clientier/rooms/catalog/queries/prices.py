"""What a customer is asked for a product: by which list, and why.

Of the lists in use, in the wanted currency and valid on the day, that have a price for the quantity, the
customer's own goes before the tier's, and the tier's before those for everybody; among equals the one with the
higher priority, then the one that began last (without a beginning: before all), then the one made last.
Within a list the price of the highest quantity reached counts. Where no list has one, the product's own price
does, if it is in the wanted currency; else there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.catalog.models import Product
from clientier.rooms.catalog.queries.quantities import written

QUOTED = """
SELECT asked.place, p.price, p.currency, found.unit_price, found.minimum_quantity, found.list_id,
    found.name, found.of_customer, found.tier, found.valid_until
FROM unnest(%s::bigint[], %s::numeric[]) WITH ORDINALITY AS asked (product_id, quantity, place)
JOIN catalog_product p ON p.id = asked.product_id
LEFT JOIN LATERAL (
    SELECT c.unit_price, c.minimum_quantity, l.id AS list_id, l.name,
        l.customer_id IS NOT NULL AS of_customer, l.tier, l.valid_until
    FROM catalog_price c JOIN catalog_pricelist l ON l.id = c.price_list_id
    WHERE c.product_id = asked.product_id AND c.minimum_quantity <= asked.quantity
        AND l.active AND l.currency = %s
        AND (l.valid_from IS NULL OR l.valid_from <= %s) AND (l.valid_until IS NULL OR l.valid_until >= %s)
        AND (l.customer_id = %s OR (l.customer_id IS NULL AND l.tier IN ('', %s)))
    ORDER BY l.customer_id IS NULL, l.tier = '', l.priority DESC, l.valid_from DESC NULLS LAST, l.id DESC,
        c.minimum_quantity DESC
    LIMIT 1
) found ON TRUE
ORDER BY asked.place
"""


@dataclass(frozen=True)
class Asked:
    """So much of a product."""

    product: int
    quantity: Decimal


@dataclass(frozen=True)
class Quoted:
    """The price of one unit, None where there is none; ``price_list`` is the key of the list that it is from, None
    where it is the product's own; ``why`` says so in words."""

    price: Decimal | None
    price_list: int | None
    why: str


def price_for(
    product: Product, *, customer: int | None, tier: str, quantity: Decimal, day: dt.date, currency: str
) -> Quoted:
    """What one unit costs this customer, by its key, of this tier, on that day."""
    asked = [Asked(product.pk, quantity)]
    return prices_for(asked, customer=customer, tier=tier, day=day, currency=currency)[0]


def prices_for(
    asked: Sequence[Asked], *, customer: int | None, tier: str, day: dt.date, currency: str
) -> list[Quoted]:
    """The same for many lines, in their order, with one query; nothing is quoted for products that are not there."""
    products, quantities = [each.product for each in asked], [each.quantity for each in asked]
    with connection.cursor() as cursor:
        cursor.execute(QUOTED, [products, quantities, currency, day, day, customer or 0, tier])
        found = {place: rest for place, *rest in cursor.fetchall()}
    none = Quoted(None, None, _("There is no such product."))
    return [_quoted(found[place], currency) if place in found else none for place in range(1, len(asked) + 1)]


def _quoted(row: Sequence[object], currency: str) -> Quoted:
    own_price, own_currency, unit_price, least, list_id, name, of_customer, tier, until = row
    if isinstance(unit_price, Decimal) and isinstance(list_id, int) and isinstance(least, Decimal):
        return Quoted(unit_price, list_id, _from_list(str(name), bool(of_customer), str(tier), least, until))
    if not isinstance(own_price, Decimal):
        return Quoted(None, None, _("No price list fits, and the product has no price of its own."))
    if own_currency != currency:
        words = _("No price list fits, and the product's own price is in %(currency)s.")
        return Quoted(None, None, words % {"currency": own_currency})
    return Quoted(own_price, None, _("The product's own price: no price list fits."))


def _from_list(name: str, of_customer: bool, tier: str, least: Decimal, until: object) -> str:
    facts = {"name": name, "quantity": written(least)}
    if of_customer:
        said = _("Agreed with this customer: “%(name)s”, from %(quantity)s on.")
    elif tier:
        said = _("The list of the customer's tier: “%(name)s”, from %(quantity)s on.")
    else:
        said = _("The list for everybody: “%(name)s”, from %(quantity)s on.")
    said = said % facts
    if isinstance(until, dt.date):
        said = f"{said} " + _("Valid until %(day)s.") % {"day": formats.day(until)}
    return said
