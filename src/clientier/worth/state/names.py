"""Customers named by text: their keys, whole numbers that are given once and lie beside the state.

Keys are given in the order of the names among those who come new, and never changed. A fold with newcomers adds
a file of them; many files become one.
"""

from __future__ import annotations

from clientier.worth.state.definition import LINE_COLUMNS
from clientier.worth.state.files import StateFiles, StateRefused

MOST_FILES = 32
KEY_COLUMNS = ("customer_id", "customer_key")


def newcomers(lines: str, keys: str, highest_key: int) -> str:
    """Keys for the names among the lines that have none yet, counted on from the highest one given."""
    return f"""SELECT customer_id,
        CAST({highest_key} + ROW_NUMBER() OVER (ORDER BY customer_id) AS BIGINT) AS customer_key
        FROM (SELECT lines.customer_id FROM {lines} AS lines
            LEFT JOIN {keys} AS known ON known.customer_id = lines.customer_id
            WHERE known.customer_key IS NULL GROUP BY lines.customer_id) AS nameless"""


def keyed(lines: str, keys: str) -> str:
    """The lines with the keys of their customers; those of customers without a key are left out."""
    columns = ", ".join(f"lines.{name}" for name in LINE_COLUMNS if name != "customer_key")
    return f"""SELECT known.customer_key, {columns} FROM {lines} AS lines
        INNER JOIN {keys} AS known ON known.customer_id = lines.customer_id"""


def nobody() -> str:
    """Keys of which there are none."""
    return """SELECT customer_id, customer_key FROM (SELECT CAST('' AS VARCHAR) AS customer_id,
        CAST(0 AS BIGINT) AS customer_key) AS nobody WHERE customer_key > 0"""


def with_newcomers(state: StateFiles, lines: str) -> tuple[str, ...]:
    """The files of keys for the state and these lines; `worth_keys` are known to the engine from here on.

    Raises StateRefused where the state names its customers in the other way.
    """
    engine, kept = state.engine, state.manifest.keys
    named = "customer_id" in engine.types(lines)
    if not named:
        if kept:
            raise StateRefused("state_has_names")
        return ()
    if not kept and state.manifest.base_customers:
        raise StateRefused("state_has_numbers")
    found = engine.fetch(f"SELECT COUNT(*) - COUNT(customer_id) AS missing FROM {lines}")
    if missing := int(found["missing"][0]):
        raise StateRefused("values_missing", column="customer_id", lines=missing)
    if kept:
        engine.read_parquet("worth_keys_before", state.paths(kept))
    else:
        engine.define("worth_keys_before", nobody())
    highest = engine.fetch("SELECT COALESCE(MAX(customer_key), 0) AS highest FROM worth_keys_before")
    engine.keep("worth_newcomers", newcomers(lines, "worth_keys_before", int(highest["highest"][0])))
    everybody = " UNION ALL ".join(
        f"SELECT {', '.join(KEY_COLUMNS)} FROM {table}" for table in ("worth_keys_before", "worth_newcomers")
    )
    engine.define("worth_keys", everybody)
    if not engine.fetch("SELECT COUNT(*) AS customers FROM worth_newcomers")["customers"][0]:
        return kept
    if len(kept) >= MOST_FILES:
        return (state.write("keys", everybody).name,)
    return (*kept, state.write("keys", f"SELECT {', '.join(KEY_COLUMNS)} FROM worth_newcomers").name)


def with_keys(state: StateFiles, lines: str) -> str:
    """The name of a table with the lines under keys: the table itself where they carry them."""
    if "customer_id" not in state.engine.types(lines):
        return lines
    state.engine.define(f"{lines}_keyed", keyed(lines, "worth_keys"))
    return f"{lines}_keyed"


def open_keys(state: StateFiles) -> bool:
    """Make customer_id and customer_key known as `worth_keys`; False where ids are the keys themselves."""
    kept = state.manifest.keys
    if kept:
        state.engine.read_parquet("worth_keys", state.paths(kept))
    return bool(kept)
