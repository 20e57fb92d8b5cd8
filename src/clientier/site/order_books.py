"""What `score`, `validate` and `whatif` have in common: files in, words out, exit codes."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USAGE_ERROR = 2
ENGINE = "duckdb"
TABLES = {
    "costs": "costs to serve: customer, day, kind, amount or minutes",
    "customers": "customers: id, name, first seen; those without orders are kept",
    "rates": "exchange rates: currency, day, rate to the base currency (a setting)",
    "receivables": "claims: customer, due day, amount, day of payment",
    "capacity": "what roles cost and can do: role, from, until, cost, practical minutes",
    "overheads": "costs of nobody in particular: day, amount",
}
"""The tables that may come beside the orders, and what each holds."""


class ArgumentError(Exception):
    """An argument that cannot be meant, or a file that cannot be used."""


@dataclass(frozen=True)
class Book:
    """The tables and rules that the arguments name."""

    tables: Any
    policy: Any
    as_of: datetime.date | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that all three commands take."""
    parser.add_argument(
        "orders", nargs="+", help="order lines: CSV, Parquet or XLSX; globs in quotes; - for CSV from stdin"
    )
    for table, content in TABLES.items():
        parser.add_argument(f"--{table}", metavar="FILE", help=content)
    parser.add_argument("--as-of", metavar="DATE", help="last day that counts (default: last order)")
    parser.add_argument(
        "--map",
        default="",
        metavar="COLUMN=HEADING,...",
        help="headings by hand, e.g. revenue=SalesAmount,costs.amount=Fee",
    )
    parser.add_argument(
        "--model", help="purchase model: auto (default: chosen by holdout), mbg, bg, mbg_k, bg_k, pareto, nbd"
    )
    parser.add_argument(
        "--policy",
        type=Path,
        help="rules as TOML: every number is a setting; headings under [mapping.orders]",
    )
    parser.add_argument(
        "--engine",
        default=ENGINE,
        help=f"what does the counting (default {ENGINE}); with `score --state` also sail, or sc://HOST:PORT "
        "for a Spark Connect server",
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of report and refusals")
    parser.add_argument("--currency", default="", help="sign put before amounts")


def answer(command: str, args: argparse.Namespace, act: Callable[[argparse.Namespace], None]) -> int:
    """Do it; returns 0, or 2 with the reason on standard error when something given is wrong."""
    # Small matrices: threads only cost, and are read at import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from clientier import worth  # after the line above
    from clientier.worth.report.refusal_words import say_refusal

    try:
        act(args)
        sys.stdout.flush()  # a reader that has gone is noticed here, not at exit
    except worth.WorthError as error:
        return _refuse(command, say_refusal(error, args.lang))
    except BrokenPipeError:
        raise
    except UnicodeDecodeError:
        return _refuse(command, "a file is text in no encoding that is known here; save it as UTF-8")
    except OSError as error:
        return _refuse(command, f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))
    except ArgumentError as error:
        return _refuse(command, str(error))
    return 0


def check_outputs(*paths: Path | None) -> None:
    """Refuse what cannot be written before the work is done."""
    for path in paths:
        if path is not None and not path.expanduser().parent.is_dir():
            raise ArgumentError(f"{path} cannot be written: there is no folder {path.parent}")
        if path is not None and path.is_dir():
            raise ArgumentError(f"{path} is a folder; name a file")


def _refuse(command: str, words: str) -> int:
    print(f"clientier {command}: {words}", file=sys.stderr)
    return USAGE_ERROR


@contextlib.contextmanager
def opened(args: argparse.Namespace) -> Iterator[Book]:
    """The book that the arguments name; what came by standard input lies in a file as long as it is open."""
    from clientier import worth  # here and not above: see answer

    if args.engine != ENGINE:
        raise ArgumentError(
            f"--engine {args.engine} counts from a state only: use `clientier score --state FOLDER` with it, "
            f"or leave the counting to {ENGINE}"
        )
    settings, mapping = rules(args)
    as_of = day(args.as_of)
    policy = worth.Policy.from_dict(settings)
    with tempfile.TemporaryDirectory(prefix="clientier-") as folder:
        tables = worth.Tables(
            orders=[_place(path, Path(folder)) for path in args.orders],
            mapping=mapping,
            read_spreadsheet=_read_spreadsheet,
        )
        given = {table: _place(path, Path(folder)) for table in TABLES if (path := getattr(args, table))}
        tables = dataclasses.replace(tables, **given)  # type: ignore[arg-type]  # each is a source
        yield Book(tables, policy, as_of)


def _place(path: str, folder: Path) -> str:
    """The path itself, or a file that holds what comes by standard input."""
    if path == "-":
        copy = folder / "stdin.csv"
        copy.write_bytes(sys.stdin.buffer.read())
        if not copy.stat().st_size:
            raise ArgumentError("nothing came by standard input")
        return str(copy)
    check_input(path)
    return path


def check_input(path: str) -> None:
    """Refuse a folder or an empty file where files are meant."""
    place = Path(path).expanduser()
    if place.is_dir():
        raise ArgumentError(f"{path} is a folder; name its files, e.g. '{path.rstrip('/')}/*.csv'")
    if place.is_file() and not place.stat().st_size:
        raise ArgumentError(f"{path} is empty")


def rules(args: argparse.Namespace) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Settings and headings: from the TOML file, then from the command line."""
    settings: dict[str, Any] = {}
    if args.policy:
        try:
            settings = tomllib.loads(args.policy.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ArgumentError(f"{args.policy} is not TOML: {error}") from error
    written = settings.pop("mapping", {})
    if not isinstance(written, Mapping) or not all(isinstance(one, Mapping) for one in written.values()):
        raise ArgumentError(f'{args.policy}: headings stand under [mapping.orders], column = "heading"')
    mapping: dict[str, dict[str, str]] = {table: {} for table in ("orders", *TABLES)}
    for table, columns in written.items():
        _known_table(table, f"{args.policy}: [mapping]")
        mapping[table] |= {str(column): str(heading) for column, heading in columns.items()}
    for table, columns in _mapping(args.map).items():
        mapping[table] |= columns
    if args.model:
        settings["model"] = args.model
    return settings, mapping


def _known_table(table: str, where: str) -> None:
    if table not in ("orders", *TABLES):
        raise ArgumentError(f"{where} knows the tables orders, {', '.join(TABLES)}, not {table!r}")


def _mapping(text: str) -> dict[str, dict[str, str]]:
    """Headings by table; `costs.amount=Betrag` names the table, a bare column means orders."""
    mapping: dict[str, dict[str, str]] = {table: {} for table in ("orders", *TABLES)}
    for pair in (pair for pair in text.split(",") if pair.strip()):
        name, equals, heading = pair.partition("=")
        if not equals:
            raise ArgumentError(f"--map takes COLUMN=HEADING, not {pair!r}")
        table, dot, column = name.strip().rpartition(".")
        if dot:
            _known_table(table, "--map")
        mapping[table or "orders"][column] = heading.strip()
    return mapping


def day(text: str | None) -> datetime.date | None:
    """The day written, or None."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentError(f"--as-of takes a day like 2026-03-31, not {text!r}") from error


def _read_spreadsheet(path: Path) -> Mapping[str, list[Any]]:
    """The first sheet as columns of text; the heading is its first filled row."""
    from python_calamine import CalamineError, CalamineWorkbook  # only needed for spreadsheets

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=True)
    except CalamineError as error:
        raise ArgumentError(f"{path} cannot be read as a spreadsheet: {error}") from error
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


def progress(words: str) -> None:
    """Say on standard error how far it is."""
    print(words, file=sys.stderr, flush=True)


def summarise(result: Any) -> None:
    """Print the tiers, and who moved between them."""
    for row in result.tiers:
        profit = row["net_profit_e4"] / 10_000
        print(f"tier {row['tier']}  {row['n_customers']:>9,} customers  net profit {profit:>18,.2f}")
    for row in result.moves["tier"]:
        if row["from"] != row["to"]:
            print(f"moved {row['from']} -> {row['to']}  {row['n_customers']:>9,} customers")
