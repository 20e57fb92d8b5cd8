"""How long pages take at the server: `python -m bench.pages --customers 100000` prints a table, and judges nothing.

A company is built in a database of its own beside the one that CLIENTIER_DATABASE_URL names, and dropped at the
end. Names, contacts, people and products come from the demo generator; orders are drawn in the database, skewed
as trade is: most customers buy little, few buy much, many have stopped.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import os
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

TIMES = 30
WHO = ("director", "rep")
TARGET_MS = 100
SMALLER = 18_484
SEED = 20
TODAY = dt.date(2026, 11, 21)
ROWS = """
INSERT INTO trade_order (number, kind, day, customer_id, currency, rate_to_base, amount, amount_base, search)
SELECT 'B' || c.id || '-' || n, 'sale', %(today)s::date - (c.silent + (c.age - c.silent) * random())::int,
    c.id, %(currency)s, 1, 0, 0, array_to_tsvector(ARRAY['b' || c.id || n])
FROM (SELECT id, (random() ^ 3 * 700)::int AS silent, (30 + random() * 1000)::int AS age,
             1 + (random() ^ 6 * 60)::int AS orders FROM parties_customer) c, generate_series(1, c.orders) n;
INSERT INTO trade_orderline (order_id, line_no, description, quantity, unit_price, discount, amount, cost, freight,
    amount_base, discount_base, cost_base, freight_base)
SELECT o.id, n, '', 1, a, 0, a, k, f, a, 0, k, f
FROM trade_order o, generate_series(1, 2) n,
    LATERAL (SELECT round((20 + random() ^ 8 * 9000)::numeric, 2) AS a, o.id) p,
    LATERAL (SELECT round(p.a * (0.55 + random()::numeric * 0.5), 2) AS k, round(p.a * 0.04, 2) AS f) q;
UPDATE trade_order o SET amount = s.amount, amount_base = s.amount
FROM (SELECT order_id, sum(amount) AS amount FROM trade_orderline GROUP BY 1) s WHERE s.order_id = o.id;
INSERT INTO activities_interaction (customer_id, user_id, kind, at, minutes, summary, outcome, next_step)
SELECT c.id, c.owner_id, 'call', %(today)s::timestamptz - random() * interval '400 days', 10, 'Call', '', ''
FROM parties_customer c, generate_series(1, (random() * 4)::int) WHERE c.owner_id IS NOT NULL;
ANALYZE;
"""


def main() -> None:
    """Build, run, time, print, drop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    chosen = parser.parse_args()
    server = os.environ.get("CLIENTIER_DATABASE_URL")
    if not server:
        parser.error("CLIENTIER_DATABASE_URL must name a PostgreSQL server to build the company on")
    sizes = sorted({min(SMALLER, chosen.customers), chosen.customers})
    for size in sizes:
        with company(server, size, keep=chosen.keep and size == sizes[-1]):
            print(f"value run on {size:>9,} customers {value_run():8.2f} s", flush=True)
            if size == sizes[-1]:
                time_pages(_paths)


@contextmanager
def company(
    server: str, size: int, *, keep: bool, trade: bool = True, name: str | None = None
) -> Iterator[None]:
    """A database with a company of that size, with or without trade; Django works in it until the block ends."""
    name = name or f"bench_pages_{size}"
    _in_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _in_server(server, f"CREATE DATABASE {name}")
    enter(server, name)
    from django.db import connection

    try:
        began = time.perf_counter()
        _build(size, trade=trade)
        print(f"built {size:>9,} customers in {time.perf_counter() - began:.0f} s", flush=True)
        yield
    finally:
        connection.close()
        if not keep:
            _in_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _in_server(server: str, statement: str) -> None:
    with psycopg.connect(server, dbname="postgres", autocommit=True) as session:
        session.execute(statement)


def enter(server: str, name: str) -> None:
    """Point Django to this database of the server, whether it was set up before or not."""
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    os.environ["CLIENTIER_DATABASE_URL"] = url
    os.environ["CLIENTIER_DEVELOP"] = "1"  # static files need not be collected to be linked to
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientier.site.settings")
    django.setup()
    from django.db import connection

    from clientier.site.settings import database

    connection.close()
    connection.settings_dict["NAME"] = database(url)["NAME"]


def _build(size: int, *, trade: bool) -> None:
    """Tables, people, products, customers and contacts by the generator; their trade by the database."""
    from django.core.management import call_command
    from django.db import connection

    from clientier.core.actor import Door, system
    from clientier.rooms.people.queries import organisation
    from clientier.site import defaults
    from clientier.site.demo.loading import Loader

    call_command("migrate", verbosity=0)
    defaults.lay_down()
    Loader(_world(size), system(Door.COMMAND), lambda name, rows: None).load()
    facts = {"today": TODAY, "currency": organisation().base_currency}
    with connection.cursor() as cursor:
        for statement in filter(str.strip, ROWS.split(";\n") if trade else ["ANALYZE"]):
            cursor.execute(statement, facts if "%(" in statement else None)


def _world(size: int) -> Any:
    """The generated company with all its people and none of its trade."""
    from dataclasses import replace

    import numpy as np

    from clientier.site.demo.characters import draw_characters
    from clientier.site.demo.contacts import make_contacts
    from clientier.site.demo.customers import make_customers
    from clientier.site.demo.generator import TRADE_DAYS, generate
    from clientier.site.demo.world import Table

    people = draw_characters(SEED, size, TRADE_DAYS)
    customers, names = make_customers(SEED, people, TODAY)
    contacts = make_contacts(
        SEED, people=people, customers=customers, names=names, today=np.datetime64(TODAY)
    )
    small = generate(SEED, TODAY, 100)
    without = ("addresses", "orders", "lines", "costs", "interactions", "tasks")
    none = {name: Table({c: v[:0] for c, v in getattr(small, name).columns.items()}) for name in without}
    return replace(small, customers=customers, contacts=contacts, **none)


def value_run() -> float:
    """Seconds of the first judgement of everybody, written."""
    from clientier.core.actor import Door, system
    from clientier.rooms.value.commands.runs import run_value
    from clientier.rooms.value.models import ValueRun

    began = time.perf_counter()
    run_value(ValueRun, actor=system(Door.COMMAND), as_of=TODAY)
    return time.perf_counter() - began


def time_pages(
    addresses: Callable[[Any], dict[str, str]], target_ms: int = TARGET_MS, asking_so: Iterable[str] = WHO
) -> None:
    """Each page as somebody who sees everybody asks for it, and beside it as a rep does, without debugging."""
    from django.test import Client

    from clientier.rooms.people.models import User

    asking = {}
    for who in asking_so:
        asking[who] = Client()
        asking[who].force_login(User.objects.get(username=who))
    columns = "".join(f"{who:>14}{'95 %':>8}{'queries':>9}" for who in asking)
    print(f"\n{'page':<44}{columns}   (median ms; target {target_ms})")
    paths = {who: addresses(client) for who, client in asking.items()}
    for name in next(iter(paths.values())):
        measured = [_measured(client, paths[who][name]) for who, client in asking.items()]
        figures = "".join(f"{middle:14.1f}{slow:8.1f}{asked:9}" for middle, slow, asked in measured)
        mark = "  slow" if max(middle for middle, _, _ in measured) > target_ms else ""
        print(f"{name:<44}{figures}{mark}", flush=True)


def _measured(client: Any, path: str) -> tuple[float, float, int]:
    """The median and the 95th percentile in milliseconds, and how often the database is asked."""
    from django.db import connection

    asked: list[str] = []
    with connection.execute_wrapper(_counting(asked)):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    times = [_milliseconds(lambda: client.get(path)) for _ in range(TIMES)]
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], len(asked)


def _counting(asked: list[str]) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        asked.append(sql)
        return execute(sql, *arguments)

    return wrapper


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _paths(client: Any) -> dict[str, str]:
    from clientier.rooms.parties.models import Customer

    seen = Customer.objects.filter(phone__gt="", name__regex="^[一-鿿]{6}")
    named = seen.order_by("pk")[1]
    from pypinyin import Style, lazy_pinyin

    initials = "".join(lazy_pinyin(named.name[:4], style=Style.FIRST_LETTER))
    digits = "".join(c for c in named.phone if c.isdigit())[-6:]
    best = Customer.objects.order_by("-standing__net_profit").exclude(standing=None)[0]
    by_name = "/customers/?order=sort_key"
    return {
        "list by profit": "/customers/",
        "list by name": by_name,
        "list by profit, losses first": "/customers/?order=standing__net_profit",
        "list by last purchase": "/customers/?order=-standing__last_day",
        "list filtered by tier and country": "/customers/?f=standing__tier:in:major,ordinary&f=country:in:DE",
        "list filtered by words in the name": f"/customers/?f=name:contains:{named.name[2:4]}",
        "list filtered by a word in most names": "/customers/?f=name:contains:公司",
        "list filtered by Latin letters": "/customers/?f=name:contains:ltd",
        "list, 40th page": page(client, "/customers/", 40),
        "list by name, 40th page": page(client, by_name, 40),
        "count of the list": "/customers/count/",
        "search by characters": f"/search/?q={named.name[:3]}",
        "search by two characters": f"/search/?q={named.name[2:4]}",
        "search by initials": f"/search/?q={initials}",
        "search by part of a phone number": f"/search/?q={digits}",
        "search by a surname": "/search/?q=wang",
        "search inside the list": f"/customers/?q={initials}",
        "card of the best reached": f"{first_card(client)}",
        "card of the best": f"/customers/{best.pk}/" if _may(client, best.pk) else first_card(client),
        "pyramid": "/value/pyramid/",
        "profit": "/value/profit/",
        "flow": "/value/flow/",
        "today": "/",
        "orders": "/orders/",
        "contacts": "/contacts/",
    }


def _may(client: Any, pk: int) -> bool:
    return bool(client.get(f"/customers/{pk}/").status_code == 200)


def first_card(client: Any) -> str:
    return _found(r'data-row data-url="([^"]+)"', client.get("/customers/"))


def _found(pattern: str, answer: Any) -> str:
    """What the page says there, or nothing."""
    found = re.search(pattern, answer.content.decode())
    return html.unescape(found[1]) if found else ""


def page(client: Any, path: str, number: int) -> str:
    """The address of that page, by following the ways on."""
    base = path.split("?", maxsplit=1)[0]
    for _ in range(number - 1):
        onward = _found(r'rel="next" href="([^"]+)"', client.get(path))
        if not onward:
            break
        path = base + onward
    return path


if __name__ == "__main__":
    main()
