"""The demo world: plain tables with natural keys, ready to be loaded in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Table:
    """Equally long named columns, each a NumPy array; `rows` gives plain Python values for COPY."""

    columns: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different length: {lengths}")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yields a tuple per row of the named columns (all if none is named): str, int, date, ... or None."""
        return zip(*(self.columns[name].tolist() for name in names or self.columns), strict=True)


@dataclass(frozen=True)
class World:
    """Everything that a fresh installation shows; the same seed, day and size give the same bytes.

    Conventions: references hold the natural key of the other table, "" when there is none; absent text is "";
    absent numbers and days are None in `rows()`. `day` is a calendar day, `at` a moment in UTC without zone.
    `_e4` are exact whole ten-thousandths of the row's currency, `_base_e4` of the base currency, CNY:
    x_base_e4 = x_e4 * rate_e6 / 10**6, rounded half-even; `rate_e6` is the rate to base in millionths.
    Teams, territories and orders come after those that they refer to; customers may precede their parents.

    teams         code, name, parent
    territories   code, name, parent, country ("" above countries), region (of Chinese provinces, else "")
    users         username, name, email, role (administrator, sales_manager, account_manager, sales_rep,
                  service, analyst), team, territory, language (en, zh-hans, zh-hant), timezone,
                  minute_cost_e4 (CNY)
    customers     external_id, kind (company, person), name, other_names, phone, email, website,
                  industry ("" for persons), city, region, country (ISO 2), employees (None for persons),
                  registration_number ("" for persons), owner -> users, territory -> territories,
                  parent -> customers, first_seen, note
    contacts      external_id, customer, name, job_title, department, decision_role (decider, influencer,
                  user, buyer, gatekeeper, champion, blocker), attitude (supporter, neutral, opponent),
                  phone, email, wechat, do_not_contact (bool), left_on (None while there)
    addresses     customer, kind (registered, delivery, billing), line, city, region, postcode, country,
                  latitude, longitude (degrees, float)
    products      external_id, name, category, unit, cost_e4, price_e4 (both of today), currency (CNY),
                  active (bool)
    rates         currency (CNY, USD, EUR, HKD), day (the first of each month, from the one before the
                  month of the first possible order), rate_e6
    orders        number, kind (sale, return), day, customer, currency, rate_e6, sold_by -> users, status
                  (confirmed in the last five days, else delivered), return_of -> orders ("" for sales);
                  first all sales by day, then all returns by day
    lines         order -> orders, line_no, product -> products, description, unit_price_e4 (positive),
                  quantity (whole), discount_e4, amount_e4 (= quantity * unit_price_e4 - discount_e4),
                  cost_e4, freight_e4 (all for the whole line, in the order's currency), amount_base_e4,
                  cost_base_e4, freight_base_e4, discount_base_e4. Lines of returns have negative quantity,
                  discount, amount and cost, and freight 0 (their freight is a cost to serve)
    costs         external_id, customer, day, kind (freight, rebate, fee, reward, expense, late_interest,
                  bad_debt, service), amount_e4 (positive), currency, rate_e6, amount_base_e4, note
    interactions  external_id, customer, contact -> contacts ("" for persons), kind (call,
                  email, message, visit, meeting), at, minutes, user -> users, summary, outcome, next_step
    tasks         external_id, customer, title, due_on, assigned_to -> users, state (open, done), reason
                  (silent, declining, rising, won_back, first_time, potential, steady)
    """

    seed: int
    today: date
    base_currency: str
    teams: Table
    territories: Table
    users: Table
    customers: Table
    contacts: Table
    addresses: Table
    products: Table
    rates: Table
    orders: Table
    lines: Table
    costs: Table
    interactions: Table
    tasks: Table

    def tables(self) -> dict[str, Table]:
        """The tables by name, in an order in which they can be loaded."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if isinstance(value, Table)}

    def summary(self) -> dict[str, int]:
        """The number of rows in every table, and of the kinds that people ask about."""
        counts = {name: len(table) for name, table in self.tables().items()}
        counts["companies"] = int(np.sum(self.customers["kind"] == "company"))
        counts["persons"] = int(np.sum(self.customers["kind"] == "person"))
        counts["buyers"] = len(set(self.orders["customer"].tolist()))
        counts["returns"] = int(np.sum(self.orders["kind"] == "return"))
        return counts
