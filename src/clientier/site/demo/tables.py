"""The demo world as files that people can open: one CSV per table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from .amounts import to_decimal
from .world import Table, World


def write_csv(world: World, folder: Path) -> list[Path]:
    """Writes `<table>.csv` for every table (UTF-8 with mark, amounts in decimals) and returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write_table(table, folder / f"{name}.csv") for name, table in world.tables().items()]


def _write_table(table: Table, path: Path) -> Path:
    readable = {_heading(name): _readable(name, column) for name, column in table.columns.items()}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(readable)
        writer.writerows(zip(*readable.values(), strict=True))
    return path


def _heading(name: str) -> str:
    return name.removesuffix("_e4").replace("rate_e6", "rate_to_base")


def _readable(name: str, column: np.ndarray) -> list[object]:
    if name.endswith("_e4"):
        return [to_decimal(value) for value in column.tolist()]
    if name.endswith("_e6"):
        return [f"{value // 1_000_000}.{value % 1_000_000:06d}" for value in column.tolist()]
    return column.tolist()
