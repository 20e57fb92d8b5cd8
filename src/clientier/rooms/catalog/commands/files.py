"""Prices, installed products and warehouses of files on their way in, many at once. Rows hold stored columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clientier.core import bulk
from clientier.core.actor import Actor
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.registry import Batch, Beginning, WritesEach
from clientier.rooms.catalog.models import Installation, Price, PriceList, Warehouse
from clientier.rooms.parties.commands.forgotten import WritesBesidePersons
from clientier.rooms.people.queries import organisation

Rows = Sequence[Mapping[str, Any]]


def write_price_lists(lists: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update price lists by their number."""
    new = {"currency": organisation().base_currency}
    return bulk.upsert(PriceList, lists, key=("external_id",), actor=actor, defaults=new, action="import")


def price_list_writing(beginning: Beginning) -> WritesEach:
    """Price lists of a file; those that name no currency are in the base currency."""
    new = {"currency": organisation().base_currency}
    return WritesBesidePersons(write_price_lists, PriceList, beginning.actor, new)


def write_prices(prices: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update prices by list, product and quantity."""
    key = ("price_list_id", "product_id", "minimum_quantity")
    return bulk.upsert(Price, prices, key=key, actor=actor, action="import")


def write_installations(installations: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update installed products by their number."""
    return bulk.upsert(Installation, installations, key=("external_id",), actor=actor, action="import")


class InstallationWriting(WritesBesidePersons):
    """Installed products of a file; those without a number are known by what they say."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(write_installations, Installation, beginning.actor)
        facts = ("customer_id", "product_id", "serial_number", "installed_on")
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(facts)

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Number the rows that have no number."""
        refused = super().prepare(batch)
        if self._numbers:
            self._numbers.number(batch.rows)
        return refused


def write_warehouses(warehouses: Rows, *, actor: Actor) -> bulk.Outcome:
    """Create or update warehouses by their code."""
    return bulk.upsert(Warehouse, warehouses, key=("code",), actor=actor, action="import")
