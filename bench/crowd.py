"""A million customers and two million contacts: `python -m bench.crowd` times the pages of the customer file.

Nobody trades here, so that the house is soon full: the first come from the demo generator, contacts are copied in the
database until there are two a customer, people are hired to look after them, and then all are copied, with their
contacts, their groups, their account managers and the teams and territories of these, until the house is as large as
asked for. `python -m bench.pages` measures the pages that live on trade.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import pages
from bench.staff import hire

TARGET_MS = 50
WHO = ("director", "jonas.albers", "rep")  # all customers, some thousands, some hundreds
GENERATED = 200_000
NAME = "bench_crowd"
COPIED = """
INSERT INTO parties_contact (customer_id, {columns})
SELECT c.id, {columns}
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM parties_customer) c
JOIN (SELECT {columns}, row_number() OVER (ORDER BY id) AS place FROM parties_contact) k USING (place)
LIMIT greatest(0, %(wanted)s - (SELECT count(*) FROM parties_contact))
"""
KEYS = ("id", "customer_id", "parent_id", "owner_id", "territory_id", "team_id")
OTHERWISE = {
    **{name: f"t.{name} + copy * %(span)s" for name in KEYS},
    **{name: f"t.{name} || '-' || copy" for name in ("external_id", "username")},
}


def main() -> None:
    """Build, time, print, drop; or time what was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    parser.add_argument("--again", action="store_true", help="time the pages on the database that was kept")
    chosen = parser.parse_args()
    server = os.environ.get("CLIENTIER_DATABASE_URL")
    if not server:
        parser.error("CLIENTIER_DATABASE_URL must name a PostgreSQL server to build the company on")
    if chosen.again:
        pages.enter(server, NAME)
        pages.time_pages(addresses, TARGET_MS, WHO)
        return
    copies = max(1, chosen.customers // GENERATED)
    with pages.company(server, chosen.customers // copies, keep=chosen.keep, trade=False, name=NAME):
        fill_up(2 * chosen.customers // copies)
        hire()
        multiply(copies)
        pages.time_pages(addresses, TARGET_MS, WHO)


def fill_up(contacts: int) -> None:
    """Copy contacts until there are so many."""
    from django.db import connection

    from clientier.rooms.parties.models import Contact

    own = {"id", "external_id", "customer_id"}
    columns = ", ".join(field.column for field in Contact._meta.concrete_fields if field.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(COPIED.format(columns=columns), {"wanted": contacts})


def multiply(times: int) -> None:
    """Let everybody be there so many times; indexes are laid anew, which takes less than keeping them."""
    from django.db import connection

    from clientier.rooms.parties.models import Contact, Customer
    from clientier.rooms.people.models import Team, Territory, User

    began = time.perf_counter()
    kinds = (Territory, Team, User, Customer, Contact)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM parties_contact")
        facts = {"times": times, "span": cursor.fetchone()[0]}
        indexes = [index for model in kinds for index in _copy(cursor, model, facts)]
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(_lay, indexes))
        cursor.execute("VACUUM ANALYZE")
    print(f"copied {times - 1} times in {time.perf_counter() - began:.0f} s", flush=True)


def _copy(cursor: Any, model: Any, facts: dict[str, int]) -> list[str]:
    """Copy the rows without the indexes that can wait; these are told as they are to be laid again."""
    table = model._meta.db_table
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    columns = [field.column for field in model._meta.concrete_fields]
    unique = {field.column for field in model._meta.concrete_fields if field.unique}
    otherwise = {**OTHERWISE, "name": "t.name || ' ' || copy"} if "name" in unique else OTHERWISE
    values = ", ".join(otherwise.get(column, f"t.{column}") for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
        f"FROM {table} t, generate_series(1, %(times)s - 1) copy ORDER BY copy, t.id",
        facts,
    )
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    return sorted((definition for _, definition in indexes), key=lambda text: "USING gin" not in text)


def _lay(index: str) -> None:
    """Lay one index on a connection of its own: two at a time, the long ones first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(index)
    connection.close()


def addresses(client: Any) -> dict[str, str]:
    """The pages by which the customer file is measured."""
    from clientier.rooms.people.models import User

    rep = User.objects.get(username="rep").pk
    by_name = "/customers/?order=sort_key"
    return {
        "list by name": by_name,
        "list by name, 40th page": pages.page(client, by_name, 40),
        "list by owner and country, by name": f"{by_name}&f=owner:in:{rep}&f=country:in:DE",
        "count of the list": "/customers/count/",
        "card": pages.first_card(client),
        "search by a part of a Latin name": "/search/?q=chemi",
        "search inside a Latin word": "/search/?q=emica",
        "search with a slip": "/search/?q=bauteli",
        "search by two characters": "/search/?q=机械",
        "search by initials": "/search/?q=jxyx",
        "search by part of a phone number": "/search/?q=1388",
        "search by a surname": "/search/?q=wang",
        "contacts by name": "/contacts/?order=sort_key",
    }


if __name__ == "__main__":
    main()
