"""Order lines in Parquet as companies have them, and the command that scores them, for tests of `score --state`."""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import numpy as np

from clientier.site import score
from clientier.worth.engines.embedded import EmbeddedEngine
from tests.worth.state.random_books import FIRST_DAY, random_lines


def run(*arguments: object) -> int:
    """`clientier score` with these arguments, in this process."""
    parser = argparse.ArgumentParser()
    score.add_arguments(parser)
    return score.run(parser.parse_args([str(argument) for argument in arguments]))


def company_lines(seed: int, *, lines: int = 6_000, customers: int = 900, days: int = 1_100) -> dict:
    """Lines with returns, several a day, and customers who leave for good; days as whole numbers."""
    rng = np.random.default_rng(seed)
    drawn = random_lines(rng, lines, customers=customers, days=days)
    last = FIRST_DAY + days * rng.beta(1.2, 1.0, customers)
    stays = drawn["day"] <= last[drawn["customer_key"]]
    drawn = {name: column[stays] for name, column in drawn.items()}
    return {name: column[np.argsort(drawn["day"], kind="stable")] for name, column in drawn.items()}


def write_lines(path: Path, lines: dict, where: str = "true", columns: str = "*") -> Path:
    """The lines of a condition as a Parquet file, in the order they have, under the columns given."""
    engine = EmbeddedEngine()
    engine.read_columns("worth_lines", lines | {"place": np.arange(len(lines["day"]))})
    with engine.connection as connection:
        connection.execute(f"""COPY (SELECT {columns} FROM (SELECT * FROM worth_lines WHERE {where} ORDER BY place))
            TO '{path}' (FORMAT parquet)""")
    return path


def differences(one: Path, other: Path) -> dict[str, object]:
    """Columns of `other` that differ from those of `one`: how many rows, or how far where they are floating."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET threads = 1")
        types = dict(
            connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{other}')").fetchall()
        )
        given = dict(
            connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{one}')").fetchall()
        )
        found: dict[str, object] = {
            name: f"{given.get(name)} is {kind}" for name, kind in types.items() if given.get(name) != kind
        }
        measures = {}
        for name in types.keys() - {"customer_id"}:
            measure = f"count(*) FILTER (one.{name} IS DISTINCT FROM other.{name})"
            if types[name] == "DOUBLE":
                measure = f"""max(CASE WHEN (one.{name} IS NULL) <> (other.{name} IS NULL) THEN 1
                    ELSE abs(one.{name} - other.{name}) / greatest(1, abs(one.{name})) END)"""
            measures[name] = measure
        row = connection.execute(f"""SELECT {", ".join(measures.values())}
            FROM '{one}' AS one FULL JOIN '{other}' AS other USING (customer_id)""").fetchone()
    for name, value in zip(measures, row, strict=True):
        if value is None or value > (1e-12 if types[name] == "DOUBLE" else 0):
            found[name] = value
    return found
