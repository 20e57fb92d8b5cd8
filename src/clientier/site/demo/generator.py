"""The demo world, whole: everything drawn from one seed and one day."""

from __future__ import annotations

from datetime import date

import numpy as np

from .characters import draw_characters
from .contacts import make_addresses, make_contacts
from .costs import make_costs
from .customers import make_customers
from .effort import make_interactions
from .ledger import make_ledger
from .rates import BASE_CURRENCY
from .staff import make_teams, make_territories, make_users
from .tasks import make_tasks
from .trade import make_trade
from .world import World

TRADE_DAYS = 3 * 365


def generate(seed: int, today: date, size: int = 4000) -> World:
    """Three years of trade with `size` customers until the day before; equal arguments, equal bytes."""
    people = draw_characters(seed, size, TRADE_DAYS)
    customers, names = make_customers(seed, people, today)
    trade = make_trade(seed, people, today)
    orders, lines = make_ledger(seed, trade, customers)
    now = np.datetime64(today)
    contacts = make_contacts(seed, people=people, customers=customers, names=names, today=now)
    return World(
        seed=seed,
        today=today,
        base_currency=BASE_CURRENCY,
        teams=make_teams(),
        territories=make_territories(),
        users=make_users(),
        customers=customers,
        contacts=contacts,
        addresses=make_addresses(seed, people, customers),
        products=trade.products,
        rates=trade.rates,
        orders=orders,
        lines=lines,
        costs=make_costs(seed, trade, customers),
        interactions=make_interactions(
            seed, people=people, customers=customers, contacts=contacts, today=now
        ),
        tasks=make_tasks(seed, people=people, customers=customers, today=now),
    )
