"""Customers of a file on their way in, with the addresses that stand in their rows."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from clientier.kit.imports.checking import Problem
from clientier.kit.imports.numbering import MadeNumbers
from clientier.kit.imports.reasons import Reason, add_reasons, quoting
from clientier.kit.imports.registry import Batch, Beginning, Row, WritesEach, Written
from clientier.kit.imports.rings import refuse_rings
from clientier.rooms.parties.choices.customers import CustomerKind
from clientier.rooms.parties.commands.addresses import write_addresses
from clientier.rooms.parties.commands.customers import write_customers
from clientier.rooms.parties.commands.forgotten import forgotten_rows
from clientier.rooms.parties.commands.former_numbers import lead_on
from clientier.rooms.parties.commands.phones import normal_phone
from clientier.rooms.parties.commands.registration import is_mistyped
from clientier.rooms.parties.models import Customer

DELIVERY = ("delivery_street", "delivery_city", "delivery_region", "delivery_postcode", "delivery_country")
ADDRESS_FIELDS = ("street", "postcode", *DELIVERY)
PARTS = ("line", "city", "region", "postcode", "country")
OF_KIND = {
    "registered": ("street", "city", "region", "postcode", "country"),
    "delivery": DELIVERY,
}
TELLING = {"registered": ("street", "postcode"), "delivery": DELIVERY}

add_reasons(
    number_mistyped=_(
        "the check digit of “%(text)s” does not fit: a letter or figure is wrong, or two are exchanged"
    )
)


class CustomerWriting(WritesEach):
    """Customers of a file on their way in; those without a number are known by their name."""

    def __init__(self, beginning: Beginning) -> None:
        # What spills over from other columns must not take the place of what people wrote themselves.
        only_new = () if "note" in beginning.fields else ("note",)
        super().__init__(partial(write_customers, only_new=only_new), Customer, beginning.actor)
        self._fields = beginning.fields
        self._numbers = None if "external_id" in beginning.fields else MadeNumbers(("name",))
        self._addresses: dict[str | None, list[Row]] = {}

    def prepare(self, batch: Batch) -> dict[int, Problem]:
        """Complete the rows; refuse mistyped registration numbers and companies that would own themselves.

        A row with the number of a customer that was merged is one of the customer that it is part of now.
        """
        refused: dict[int, Problem] = {}
        for position, row in enumerate(batch.rows):
            country = row.get("country") or ""
            if row.get("phone"):
                row["phone"] = normal_phone(row["phone"], country)
            if not self._numbers and not row["external_id"]:
                refused[position] = Problem("", "external_id", Reason("required"))
            number = row.get("registration_number")
            if number and row.get("kind") != CustomerKind.PERSON and is_mistyped(number, country):
                refused[position] = Problem("", "registration_number", quoting("number_mistyped", number))
        if self._numbers:
            self._numbers.number(batch.rows)
        lead_on(Customer, "customers", batch.rows)
        self._set_addresses_aside(batch.rows)
        super().prepare(batch)
        return {
            **refuse_rings(Customer, batch.rows, batch.row_numbers, field="parent", actor=self._actor),
            **refused,
            **forgotten_rows(Customer, batch.rows),
        }

    def write(self, batch: Batch) -> Written:
        """The customers, then what their rows say of addresses."""
        done = super().write(batch)
        keys = [row["external_id"] for p, row in enumerate(batch.rows) if p not in done.refused]
        with_address = [key for key in keys if key in self._addresses]
        if with_address:
            ids = dict(Customer.objects.filter(external_id__in=with_address).values_list("external_id", "pk"))
            self._write_addresses(ids)
        return done

    def _set_addresses_aside(self, rows: list[Row]) -> None:
        """Take the fields of addresses out of the rows, and keep them by customer until these are written."""
        there = self._fields & set(ADDRESS_FIELDS)
        if not there:
            return
        for row in rows:
            found = []
            for kind, names in OF_KIND.items():
                if any(row.get(name) for name in TELLING[kind]):
                    parts = {part: row.get(name) or "" for part, name in zip(PARTS, names, strict=True)}
                    found.append({"kind": kind, **parts})
            if found:
                self._addresses[row["external_id"]] = found
            for name in there:
                row.pop(name, None)

    def _write_addresses(self, ids: dict[str | None, int]) -> None:
        rows = [
            {"customer_id": pk, **address} for key, pk in ids.items() for address in self._addresses.pop(key)
        ]
        if rows:
            write_addresses(rows, actor=self._actor)
