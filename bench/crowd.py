"""A million customers and two million contacts: `python -m bench.crowd` times the pages of the customer file.

Nobody trades here, so that the house is soon full: names come from the demo generator, and contacts are copied in
the database until there are two a customer. `python -m bench.pages` measures the pages that live on trade.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from bench import pages

TARGET_MS = 50
COPIED = """
INSERT INTO parties_contact (customer_id, {columns})
SELECT c.id, {columns}
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM parties_customer) c
JOIN (SELECT {columns}, row_number() OVER (ORDER BY id) AS place FROM parties_contact) k USING (place)
LIMIT greatest(0, %(wanted)s - (SELECT count(*) FROM parties_contact))
"""


def main() -> None:
    """Build, time, print, drop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the database for a closer look")
    chosen = parser.parse_args()
    server = os.environ.get("CLIENTIER_DATABASE_URL")
    if not server:
        parser.error("CLIENTIER_DATABASE_URL must name a PostgreSQL server to build the company on")
    with pages.company(server, chosen.customers, keep=chosen.keep, trade=False):
        fill_up(2 * chosen.customers)
        pages.time_pages(addresses, TARGET_MS)


def fill_up(contacts: int) -> None:
    """Copy contacts until there are so many."""
    from django.db import connection

    from clientier.rooms.parties.models import Contact

    own = {"id", "external_id", "customer_id"}
    columns = ", ".join(field.column for field in Contact._meta.concrete_fields if field.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(COPIED.format(columns=columns), {"wanted": contacts})
        cursor.execute("ANALYZE")


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
