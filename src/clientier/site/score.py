"""`clientier score`: from order files to scored customers and a report, without server or database."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

USAGE_ERROR = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("orders", nargs="+", help="order lines: CSV, Parquet or XLSX; globs in quotes")
    parser.add_argument("--out", type=Path, help="where to write the scores (.parquet or .csv)")
    parser.add_argument("--report", type=Path, help="where to write the HTML report")
    parser.add_argument("--costs", help="costs to serve: customer, day, kind, amount or minutes")
    parser.add_argument("--customers", help="customers: id, name, first seen; those without orders are kept")
    parser.add_argument("--as-of", metavar="DATE", help="last day that counts (default: last order)")
    parser.add_argument(
        "--map",
        default="",
        metavar="COLUMN=HEADING,...",
        help="headings by hand, e.g. revenue=SalesAmount,costs.amount=Fee",
    )
    parser.add_argument("--model", choices=("mbg", "bg"), help="purchase model (default: mbg)")
    parser.add_argument("--policy", type=Path, help="rules as TOML; every number is a setting")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the report")
    parser.add_argument("--currency", default="", help="sign put before amounts in the report")


def run(args: argparse.Namespace) -> int:
    """Score the files; returns 0, or 2 with the reason on standard error when something given is wrong."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # small matrices: threads only cost, and are read at import
    from clientier import worth  # after the line above
    from clientier.worth.report.words import say_refusal

    try:
        _score(args)
    except worth.WorthError as error:
        return _refuse(say_refusal(error, args.lang))
    except (_ArgumentError, OSError) as error:
        return _refuse(str(error))
    return 0


class _ArgumentError(Exception):
    """An argument that cannot be meant."""


def _refuse(words: str) -> int:
    print(f"clientier score: {words}", file=sys.stderr)
    return USAGE_ERROR


def _score(args: argparse.Namespace) -> None:
    from clientier import worth  # here and not above: see run
    from clientier.worth.files import write_scores
    from clientier.worth.report.page import write_page

    started = time.perf_counter()
    policy = worth.Policy.from_dict(_settings(args))
    tables = worth.Tables(
        orders=args.orders,
        costs=args.costs,
        customers=args.customers,
        mapping=_mapping(args.map),
        read_spreadsheet=_read_spreadsheet,
    )
    as_of = _day(args.as_of)
    _progress(f"reading {', '.join(args.orders)}")
    result = worth.appraise(tables, policy, as_of=as_of)
    counts = result.counts
    _progress(
        f"{counts['orders']['used']:,} of {counts['orders']['in']:,} order lines, "
        f"{counts['customers']['all']:,} customers, as of {result.as_of}"
    )
    if args.out:
        write_scores(result, args.out)
        _progress(f"wrote {args.out}")
    if args.report:
        args.report.write_text(write_page(result, args.lang, args.currency), encoding="utf-8")
        _progress(f"wrote {args.report}")
    if not args.out and not args.report:
        _summarise(result)
    _progress(f"done in {time.perf_counter() - started:.1f} s")


def _settings(args: argparse.Namespace) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if args.policy:
        try:
            settings = tomllib.loads(args.policy.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _ArgumentError(f"{args.policy} is not TOML: {error}") from error
    if args.model:
        settings["model"] = args.model
    return settings


def _mapping(text: str) -> dict[str, dict[str, str]]:
    """Headings by table; `costs.amount=Betrag` names the table, a bare column means orders."""
    pairs = [pair for pair in text.split(",") if pair.strip()]
    for pair in pairs:
        if "=" not in pair:
            raise _ArgumentError(f"--map takes COLUMN=HEADING, not {pair!r}")
    mapping: dict[str, dict[str, str]] = {"orders": {}, "costs": {}, "customers": {}}
    for name, heading in (pair.split("=", 1) for pair in pairs):
        table, dot, column = name.strip().rpartition(".")
        if dot and table not in mapping:
            raise _ArgumentError(f"--map knows the tables {', '.join(mapping)}, not {table!r}")
        mapping[table or "orders"][column] = heading.strip()
    return mapping


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise _ArgumentError(f"--as-of takes a day like 2026-03-31, not {text!r}") from error


def _read_spreadsheet(path: Path) -> Mapping[str, list[Any]]:
    """The first sheet as columns of text; the heading is its first filled row."""
    from python_calamine import CalamineWorkbook  # only needed for spreadsheets

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
    heading = (
        [str(cell).strip() or f"column {place}" for place, cell in enumerate(rows[0], start=1)]
        if rows
        else []
    )
    return {name: [_cell(row[place]) for row in rows[1:]] for place, name in enumerate(heading)}


def _cell(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else str(value)


def _summarise(result: Any) -> None:
    for row in result.tiers:
        profit = row["net_profit_e4"] / 10_000
        print(f"tier {row['tier']}  {row['n_customers']:>9,} customers  net profit {profit:>18,.2f}")


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
