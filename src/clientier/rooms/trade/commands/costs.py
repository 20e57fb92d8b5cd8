"""Writing what serving a customer cost, one entry at a time or many, and what currencies were worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from clientier.core import bulk, commands
from clientier.core.actor import Actor
from clientier.core.commands import command
from clientier.core.money import convert
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.reasons import Reason
from clientier.kit.imports.registry import Batch, Beginning, Row, WritesEach
from clientier.rooms.people.queries import organisation
from clientier.rooms.trade.models import CostToServe, CurrencyRate
from clientier.rooms.trade.queries.rates import Rates, rate_on

FACTS_OF_A_COST = ("customer_id", "day", "kind", "amount", "currency", "note")


@command("cost.record", needs="add")
def record_cost(model: type[CostToServe], *, actor: Actor, changes: dict[str, Any]) -> CostToServe:
    """Enter a cost to serve; its amount in the base currency follows from the day's rate."""
    return commands.apply(_in_base(model(), changes), changes, actor)


@command("cost.correct", needs="change")
def correct_cost(cost: CostToServe, *, actor: Actor, changes: dict[str, Any]) -> CostToServe:
    return commands.apply(_in_base(cost, changes), changes, actor)


def _in_base(cost: CostToServe, changes: dict[str, Any]) -> CostToServe:
    facts = {name: changes.get(name, getattr(cost, name)) for name in ("amount", "currency", "day")}
    if None in facts.values():
        return cost  # what is missing is named when the whole record is validated
    cost.amount_base = convert(Decimal(facts["amount"]), rate_on(facts["currency"], facts["day"]))
    return cost


def rate_missing(currency: str, day: object) -> Reason:
    """Why a row in a foreign currency cannot be taken."""
    return Reason("rate_missing", {"currency": currency, "day": str(day)})


def write_costs(costs: Sequence[Mapping[str, Any]], *, actor: Actor, currency_of_new: str) -> bulk.Outcome:
    """Create or update costs to serve by their number. Rows hold stored columns and ``amount_base``."""
    return bulk.upsert(
        CostToServe,
        costs,
        key=("external_id",),
        actor=actor,
        derived=("amount_base",),
        defaults={"currency": currency_of_new},
        action="import",
    )


def write_rates(rates: Sequence[Mapping[str, Any]], *, actor: Actor) -> bulk.Outcome:
    """Create or update the rates of currencies by currency and day."""
    return bulk.upsert(CurrencyRate, rates, key=("currency", "day"), actor=actor, action="import")


class CostWriting(WritesEach):
    """Costs of a file on their way in: in the base currency by the rate of their day."""

    def __init__(self, beginning: Beginning) -> None:
        self._base = organisation().base_currency
        command = partial(write_costs, currency_of_new=self._base)
        super().__init__(command, CostToServe, beginning.actor, {"currency": self._base})
        self._rates = Rates(self._base)
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(FACTS_OF_A_COST)
        self._has_currency = "currency" in beginning.fields

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Number the rows that have none, and value all in the base currency."""
        super().prepare(batch)
        if self._numbers:
            self._numbers.number(batch.rows)
        known = self._known_currencies(batch.rows)
        refused: dict[int, Problem] = {}
        for position, row in enumerate(batch.rows):
            currency = row.get("currency") or known.get(row["external_id"], self._base)
            rate = self._rates.at(currency, row["day"])
            if rate is None:
                refused[position] = Problem("", "currency", rate_missing(currency, row["day"]))
            else:
                row["amount_base"] = convert(row["amount"], rate)
        return refused

    def _known_currencies(self, rows: Sequence[Row]) -> dict[str, str]:
        """The currencies of costs that exist, where the file does not speak of them."""
        if self._has_currency:
            return {}
        numbers = [row["external_id"] for row in rows]
        found = CostToServe.objects.filter(external_id__in=numbers)
        return {str(number): currency for number, currency in found.values_list("external_id", "currency")}
