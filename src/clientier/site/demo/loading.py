"""From the generated world into the database, through the same bulk writing as imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from clientier.core import audit, bulk
from clientier.core.actor import Actor
from clientier.core.money import from_e4
from clientier.rooms.activities.models import Interaction, Task
from clientier.rooms.catalog.models import Product
from clientier.rooms.parties.models import Address, Contact, Customer
from clientier.rooms.people.models import Organisation, Role, Team, Territory, User
from clientier.rooms.trade.models import CostToServe, CurrencyRate, Order, OrderLine
from clientier.site.demo.catalogue import load_catalogue, load_costs, product_rows
from clientier.site.demo.tags import define_tags, tags_of
from clientier.site.demo.world import Table, World

PASSWORD = "clientier"  # noqa: S105 - the published password of the demo accounts
ROLES = {"analyst": "viewer"}
IN_BASE = ("amount_base", "cost_base", "freight_base", "discount_base")
RATE = Decimal(10) ** -6
Said = Callable[[str, int], None]


class Loader:
    """Loads each table after those it refers to; keeps the keys by which they refer."""

    def __init__(self, world: World, actor: Actor, said: Said) -> None:
        self.world, self.actor, self.said = world, actor, said
        self.keys: dict[str, dict[str, int]] = {}

    @transaction.atomic
    def load(self) -> None:
        """Everything or nothing; the installation is marked as showing sample data."""
        for name in self.world.tables():
            load = getattr(self, f"_{name}", None)
            if load:
                load(getattr(self.world, name))
                self.said(name, len(getattr(self.world, name)))
        Organisation.objects.filter(pk=1).update(
            base_currency=self.world.base_currency, sample_data=True, name="Clientier"
        )
        audit.note("demo.load", Organisation, self.actor, **self.world.summary())

    def _teams(self, table: Table) -> None:
        self._tree(Team, table)

    def _territories(self, table: Table) -> None:
        self._tree(Territory, table)

    def _tree(self, model: type[Team] | type[Territory], table: Table) -> None:
        made: dict[str, int] = {}
        for code, name, parent in table.rows("code", "name", "parent"):
            made[code] = model.objects.create(name=name, parent_id=made.get(parent)).pk
        self.keys[model._meta.model_name or ""] = made

    def _users(self, table: Table) -> None:
        roles = {role.code: role for role in Role.objects.all()}
        password = make_password(PASSWORD)
        for row in self._rows(table):
            role = roles[ROLES.get(row["role"], row["role"])]
            user = User.objects.create(
                username=row["username"], name=row["name"], email=row["email"], role=role,
                language=row["language"], password=password, minute_cost=from_e4(row["minute_cost_e4"]),
                team_id=self.keys["team"].get(row["team"]),
                territory_id=self.keys["territory"].get(row["territory"]),
            )  # fmt: skip
            self.keys.setdefault("user", {})[row["username"]] = user.pk

    def _customers(self, table: Table) -> None:
        define_tags(self.actor)
        copied = (
            "external_id", "kind", "name", "other_names", "phone", "email", "website", "industry", "city",
            "region", "country", "employees", "registration_number", "first_seen", "note",
        )  # fmt: skip
        rows = [
            {
                **{name: row[name] for name in copied},
                **tags_of(row["external_id"]),
                "owner_id": self.keys["user"].get(row["owner"]),
                "territory_id": self.keys["territory"].get(row["territory"]),
            }
            for row in self._rows(table)
        ]
        self._write(Customer, rows, "external_id")
        known = self.keys["customer"]
        parents = [
            {"external_id": row["external_id"], "parent_id": known[row["parent"]]}
            for row in self._rows(table)
            if row["parent"]
        ]
        for row in parents:
            Customer.objects.filter(external_id=row["external_id"]).update(parent_id=row["parent_id"])

    def _contacts(self, table: Table) -> None:
        self._write(Contact, list(self._referring(table, customer="customer")), "external_id")

    def _addresses(self, table: Table) -> None:
        made = [Address(**row) for row in self._referring(table, customer="customer")]
        for address in made:
            address.latitude = round(Decimal(str(address.latitude)), 6)
            address.longitude = round(Decimal(str(address.longitude)), 6)
        Address.objects.bulk_create(made, batch_size=2000)

    def _products(self, table: Table) -> None:
        self._write(Product, product_rows(self.world, self.actor), "external_id")
        load_costs(self.world, self.keys["product"], self.actor)
        for name, number in load_catalogue(self.world, self.keys, self.actor).items():
            self.said(name, number)

    def _rates(self, table: Table) -> None:
        CurrencyRate.objects.bulk_create(
            CurrencyRate(currency=c, day=day, rate_to_base=rate * RATE)
            for c, day, rate in table.rows("currency", "day", "rate_e6")
            if c != self.world.base_currency
        )

    def _orders(self, table: Table) -> None:
        totals: dict[str, list[int]] = {}
        for number, amount, base in self.world.lines.rows("order", "amount_e4", "amount_base_e4"):
            kept = totals.setdefault(number, [0, 0])
            kept[0] += amount
            kept[1] += base
        rows = [
            {
                "number": row["number"], "kind": row["kind"], "day": row["day"],
                "customer_id": self.keys["customer"][row["customer"]],
                "currency": row["currency"], "rate_to_base": row["rate_e6"] * RATE,
                "sold_by_id": self.keys["user"].get(row["sold_by"]),
                "amount": from_e4(totals[row["number"]][0]),
                "amount_base": from_e4(totals[row["number"]][1]),
            }
            for row in self._rows(table)
        ]  # fmt: skip
        self._write(Order, rows, "number", derived=("amount", "amount_base"))

    def _lines(self, table: Table) -> None:
        money = ("unit_price", "discount", "amount", "cost", "freight", *IN_BASE)
        rows = [
            {
                "order_id": self.keys["order"][row["order"]],
                "line_no": row["line_no"],
                "product_id": self.keys["product"].get(row["product"]),
                "description": row["description"],
                "quantity": row["quantity"],
                **{name: from_e4(row[f"{name}_e4"]) for name in money},
            }
            for row in self._rows(table)
        ]
        bulk.upsert(OrderLine, rows, key=("order_id", "line_no"), actor=self.actor, derived=IN_BASE)

    def _costs(self, table: Table) -> None:
        rows = [
            {
                **{name: row[name] for name in ("external_id", "day", "kind", "currency", "note")},
                "customer_id": self.keys["customer"][row["customer"]],
                "amount": from_e4(row["amount_e4"]),
                "amount_base": from_e4(row["amount_base_e4"]),
            }
            for row in self._rows(table)
        ]
        bulk.upsert(CostToServe, rows, key=("external_id",), actor=self.actor, derived=("amount_base",))

    def _interactions(self, table: Table) -> None:
        rows = list(self._referring(table, customer="customer", contact="contact", user="user"))
        for row in rows:
            row["at"] = row["at"].replace(tzinfo=UTC)
        bulk.upsert(Interaction, rows, key=("external_id",), actor=self.actor)

    def _tasks(self, table: Table) -> None:
        for row in self._rows(table):
            Task.objects.create(
                customer_id=self.keys["customer"][row["customer"]],
                assigned_to_id=self.keys["user"][row["assigned_to"]],
                title=row["title"], due_on=row["due_on"], state=row["state"],
                origin=f"demo:{row['external_id']}",
            )  # fmt: skip

    def _rows(self, table: Table) -> Iterator[dict[str, Any]]:
        for values in table.rows():
            yield dict(zip(table.columns, values, strict=True))

    def _referring(self, table: Table, **references: str) -> Iterator[dict[str, Any]]:
        """The rows with the natural keys of other tables replaced by their ids."""
        for row in self._rows(table):
            for column, kind in references.items():
                row[f"{column}_id"] = self.keys[kind].get(row.pop(column))
            yield row

    def _write(self, model: Any, rows: list[dict[str, Any]], key: str, derived: tuple[str, ...] = ()) -> None:
        bulk.upsert(model, rows, key=(key,), actor=self.actor, derived=derived)
        self.keys[model._meta.model_name] = dict(model.objects.values_list(key, "pk"))
