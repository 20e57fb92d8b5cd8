"""Profit per customer of the demo world, computed the plain way: a second path beside the value engine's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clientier.site.demo.world import World


@dataclass(frozen=True)
class Measures:
    """One entry per customer of the world, in its order; money in the base currency, time in minutes."""

    profit: np.ndarray
    revenue: np.ndarray
    minutes: np.ndarray
    last_sale: np.ndarray
    sale_count: np.ndarray
    bought: np.ndarray


def positions(world: World, references: np.ndarray) -> np.ndarray:
    """The customers' positions behind their external ids."""
    index = {key: position for position, key in enumerate(world.customers["external_id"])}
    return np.array([index[one] for one in references], dtype=int)


def measure(world: World, since: str = "1900-01-01", until: str = "2999-01-01") -> Measures:
    """Revenue, profit after all costs to serve and minutes of every customer between two days."""
    size = len(world.customers)
    orders, lines = world.orders, world.lines
    buyer, sale = positions(world, orders["customer"]), orders["kind"] == "sale"
    number = {key: position for position, key in enumerate(orders["number"])}
    line_order = np.array([number[one] for one in lines["order"]])

    def within(days: np.ndarray) -> np.ndarray:
        return (days >= np.datetime64(since)) & (days < np.datetime64(until))

    def total(customer: np.ndarray, figure: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return np.bincount(customer[chosen], weights=figure[chosen], minlength=size)

    margin = lines["amount_base_e4"] - lines["cost_base_e4"] - lines["freight_base_e4"]
    in_lines, in_costs = within(orders["day"])[line_order], within(world.costs["day"])
    in_calls = within(world.interactions["at"])
    minute_cost = dict(world.users.rows("username", "minute_cost_e4"))
    caller_cost = np.array([minute_cost[one] for one in world.interactions["user"]])
    caller, minutes = positions(world, world.interactions["customer"]), world.interactions["minutes"]
    spent = total(caller, caller_cost * minutes, in_calls)
    served = total(positions(world, world.costs["customer"]), world.costs["amount_base_e4"], in_costs)
    chosen = within(orders["day"]) & sale
    last_sale = np.full(size, np.datetime64("1900-01-01"))
    np.maximum.at(last_sale, buyer[chosen], orders["day"][chosen])
    count = np.bincount(buyer[chosen], minlength=size)
    return Measures(
        profit=(total(buyer[line_order], margin, in_lines) - served - spent) / 10_000,
        revenue=total(buyer[line_order], lines["amount_base_e4"], in_lines) / 10_000,
        minutes=total(caller, minutes, in_calls),
        last_sale=last_sale,
        sale_count=count,
        bought=count > 0,
    )
