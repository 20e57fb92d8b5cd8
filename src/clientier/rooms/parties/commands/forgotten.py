"""Whoever was forgotten stays so: neither an import nor a hand fills the emptied record again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clientier.core.bulk import Outcome
from clientier.core.custom.kinds import is_nothing
from clientier.core.errors import Conflict
from clientier.core.personal import personal_of
from clientier.kit.imports.checking import Problem
from clientier.kit.imports.reasons import Reason, add_reasons
from clientier.kit.imports.registry import Batch, Begin, WritesEach
from clientier.rooms.parties.models import Contact, Customer

add_reasons(forgotten=_("belongs to a person who was forgotten; the record stays empty"))


class StaysForgotten(Conflict):
    """A person's own values come back only in a record of their own, entered anew."""

    code = "stays_forgotten"
    message = _("This person was forgotten, and the record stays empty. Enter a new one if they come back.")


class WritesBesidePersons(WritesEach):
    """A writing for rows that tell of the customer they name: of who was forgotten, nothing is told anew."""

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        refused = super().prepare(batch)
        named = {row["customer_id"] for row in batch.rows if row.get("customer_id")}
        gone = set(
            Customer.objects.filter(pk__in=named, erased_on__isnull=False).values_list("pk", flat=True)
        )
        problem = Problem("", "customer", Reason("forgotten"))
        return refused | {p: problem for p, row in enumerate(batch.rows) if row.get("customer_id") in gone}


def beside_persons(command: Callable[..., Outcome], model: type[Model]) -> Begin:
    """Begin a writing that hands every batch to this bulk command, without the rows of who was forgotten."""
    return lambda beginning: WritesBesidePersons(command, model, beginning.actor)


def refuse_filling(record: Customer | Contact, changes: Mapping[str, Any]) -> None:
    """Raise StaysForgotten where personal fields of an erased record would be filled, custom ones among them."""
    said = personal_of(type(record))
    filled = {name.partition("__")[0] for name, value in changes.items() if not is_nothing(value)}
    if record.erased_on is not None and said and filled & {*said.erased}:
        raise StaysForgotten


def forgotten_rows(
    model: type[Customer] | type[Contact], rows: Sequence[Mapping[str, Any]]
) -> dict[int, Problem]:
    """The rows of an import that would fill an erased record again, by their position."""
    numbers = {row["external_id"] for row in rows if row.get("external_id")}
    erased = model._default_manager.filter(erased_on__isnull=False, external_id__in=numbers)
    gone = set(erased.values_list("external_id", flat=True)) if numbers else set()
    problem = Problem("", "external_id", Reason("forgotten"))
    return {position: problem for position, row in enumerate(rows) if row.get("external_id") in gone}
