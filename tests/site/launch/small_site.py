"""The smallest site that uses the database: gunicorn serves it in place of the product."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import psycopg


def application(_environ: dict[str, object], respond: Callable[..., object]) -> Iterable[bytes]:
    """Answer with the number of rows in the table `proof`."""
    with psycopg.connect(os.environ["CLIENTIER_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM proof").fetchone()
    assert row is not None
    respond("200 OK", [("Content-Type", "text/plain")])
    return [str(row[0]).encode()]


def prepare() -> None:
    """Make the table and add one row for every start."""
    with psycopg.connect(os.environ["CLIENTIER_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS proof (id bigserial PRIMARY KEY)")
        connection.execute("INSERT INTO proof DEFAULT VALUES")
    print("  tables      ready", flush=True)


if __name__ == "__main__":
    prepare()
