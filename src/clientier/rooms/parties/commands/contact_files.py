"""Contacts of a file on their way in: numbered, their telephones in one form, their reporting lines without rings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.reasons import Reason, add_reasons
from clientier.kit.imports.registry import Batch, Beginning, Row, WritesEach
from clientier.kit.imports.rings import refuse_rings
from clientier.rooms.parties.commands.contacts import normal_reach, write_contacts
from clientier.rooms.parties.commands.forgotten import forgotten_rows
from clientier.rooms.parties.commands.former_numbers import lead_on
from clientier.rooms.parties.models import Contact, Customer

add_reasons(
    line_leaves_customer=_("a reporting line stays within one customer"),
    same_as_itself=_("a post is tied to another post of the same person, not to itself"),
)


class ContactWriting(WritesEach):
    """Contacts of a file on their way in; those without a number are known by customer and name."""

    def __init__(self, beginning: Beginning) -> None:
        super().__init__(write_contacts, Contact, beginning.actor)
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(("customer_id", "name"))

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Complete the rows; refuse those whose reporting line cannot be.

        A row with the number of a contact that was merged is one of the contact that it is part of now.
        """
        rows = batch.rows
        reached = [row for row in rows if row.get("phone") or row.get("channels")]
        customers = {row["customer_id"] for row in reached if row.get("customer_id")}
        countries = dict(Customer.objects.filter(pk__in=customers).values_list("pk", "country"))
        for row in reached:
            row.update(normal_reach(row, countries.get(row.get("customer_id") or 0, "")))
        if self._numbers:
            self._numbers.number(rows)
        lead_on(Contact, "contacts", rows)
        super().prepare(batch)
        return {
            **{
                p: Problem("", "external_id", Reason("required"))
                for p, row in enumerate(rows)
                if not row["external_id"]
            },
            **refuse_rings(Contact, rows, batch.row_numbers, field="reports_to", actor=self._actor),
            **_lines_that_leave(rows),
            **_same_as_themselves(rows),
            **forgotten_rows(Contact, rows),
        }


def _lines_that_leave(rows: list[Row]) -> dict[int, Problem]:
    heads = {row["reports_to_id"] for row in rows if row.get("reports_to_id")}
    customers = dict(Contact.objects.filter(pk__in=heads).values_list("pk", "customer_id"))
    return {
        position: Problem("", "reports_to", Reason("line_leaves_customer"))
        for position, row in enumerate(rows)
        if row.get("reports_to_id") and customers.get(row["reports_to_id"]) != row.get("customer_id")
    }


def _same_as_themselves(rows: list[Row]) -> dict[int, Problem]:
    tied = {row["same_person_as_id"] for row in rows if row.get("same_person_as_id")}
    keys = dict(Contact.objects.filter(pk__in=tied).values_list("pk", "external_id"))
    return {
        position: Problem("", "same_person_as", Reason("same_as_itself"))
        for position, row in enumerate(rows)
        if row.get("same_person_as_id") and keys.get(row["same_person_as_id"]) == row["external_id"]
    }
