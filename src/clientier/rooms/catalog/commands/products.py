"""Writing products, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.reasons import quoting
from clientier.kit.imports.registry import Batch, Beginning, Row, WritesEach, Written, written
from clientier.kit.imports.rings import refuse_rings
from clientier.rooms.catalog.choices.products import ProductKind
from clientier.rooms.catalog.commands.categories import find_or_make_categories
from clientier.rooms.catalog.models import Product
from clientier.rooms.people.queries import organisation

Rows = Sequence[Mapping[str, Any]]


def write_products(products: Rows, *, actor: Actor, currency_of_new: str) -> bulk.Outcome:
    """Create or update products by their number. Rows hold stored columns."""
    return bulk.upsert(
        Product, products, key=("external_id",), actor=actor, defaults={"currency": currency_of_new},
        action="import",
    )  # fmt: skip


class ProductWriting(WritesEach):
    """Products of a file on their way in, with the categories that they name.

    Where the file names no currency, that of new products is the base currency.
    """

    def __init__(self, beginning: Beginning) -> None:
        self._currency = organisation().base_currency
        super().__init__(write_products, Product, beginning.actor, {"currency": self._currency})

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Services are never stocked; products that would come after themselves are refused."""
        super().prepare(batch)
        _keep_services_out_of_stock(batch.rows)
        return refuse_rings(Product, batch.rows, batch.row_numbers, field="successor", actor=self._actor)

    def write(self, batch: Batch) -> Written:
        """Categories first, then the products that are of them."""
        refused, made = self._categorised(batch.rows)
        kept = [position for position in range(len(batch)) if position not in refused]
        rows = [dict(batch.rows[position]) for position in kept]
        for row in rows:
            row.pop("category", None)
        done = (
            written(self._command(rows, actor=self._actor, currency_of_new=self._currency))
            if rows
            else Written()
        )
        done.refused = refused | {kept[position]: why for position, why in done.refused.items()}
        if made:
            done.beside["categories_made"] += made
        return done

    def _categorised(self, rows: Sequence[Row]) -> tuple[dict[int, Problem], int]:
        """Set the category of each row; refuse those whose category is not there and may not be made."""
        if not rows or "category" not in rows[0]:
            return {}, 0
        texts = list(dict.fromkeys(row["category"] for row in rows if row["category"]))
        ids, made = find_or_make_categories(texts, actor=self._actor)
        refused: dict[int, Problem] = {}
        for position, row in enumerate(rows):
            row["category_id"] = ids.get(row["category"])
            if row["category"] and row["category_id"] is None:
                refused[position] = Problem("", "category", quoting("not_found", row["category"]))
        return refused, made


def _keep_services_out_of_stock(rows: Sequence[Row]) -> None:
    """Rows that say what kind a product is say as well whether it is stocked: those that exist keep what they have."""
    if not rows or not {"kind", "stocked"} & rows[0].keys():
        return
    numbers = [row["external_id"] for row in rows]
    known = {
        number: (kind, stocked)
        for number, kind, stocked in Product.objects.filter(external_id__in=numbers).values_list(
            "external_id", "kind", "stocked"
        )
    }
    for row in rows:
        kind, stocked = known.get(row["external_id"], (ProductKind.GOODS, True))
        kind = row.get("kind") or kind
        row["stocked"] = bool(row.get("stocked", stocked)) and kind != ProductKind.SERVICE
