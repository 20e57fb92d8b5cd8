"""`clientier whatif`: who would move under other boundaries, prices, rates and service, and what it brings."""

from __future__ import annotations

import argparse
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from clientier.core.outside import whole_number
from clientier.site import order_books
from clientier.site.order_books import ArgumentError, progress

LISTS = ("boundaries",)
NUMBERS = ("future_weight", "elasticity")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    order_books.add_arguments(parser)
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE",
        help="boundaries=0.02,0.18,0.3,0.5, future_weight=0.3 or elasticity=-0.5",
    )  # fmt: skip
    parser.add_argument(
        "--price", action="append", default=[], metavar="PERCENT", help="+2%%, or of one tier: 1:+2%%"
    )
    parser.add_argument("--minute-cost", metavar="AMOUNT", help="what a minute of service costs")
    parser.add_argument(
        "--driver", action="append", default=[], metavar="NAME=FACTOR", help="freight=1.1: a cost to serve"
    )
    parser.add_argument(
        "--service", action="append", default=[], metavar="TIER=CONTACTSxMINUTES", help="1=24x30: a year's"
    )
    parser.add_argument("--out", type=Path, help="where to write everything as JSON")


def run(args: argparse.Namespace) -> int:
    """Answer; returns 0, or 2 with the reason on standard error when something given is wrong."""
    return order_books.answer("whatif", args, _what_if)


def _what_if(args: argparse.Namespace) -> None:
    from clientier import worth  # here and not above: see order_books.answer

    order_books.check_outputs(args.out)
    changes = worth.Changes.from_dict(asked(args))
    with order_books.opened(args) as book:
        progress(f"reading {', '.join(args.orders)}")
        found = worth.what_if(book.tables, book.policy, changes, as_of=book.as_of)
    if args.out:
        args.out.write_text(
            json.dumps(found.as_dict(), indent=1, ensure_ascii=False, default=str), encoding="utf-8"
        )
        progress(f"wrote {args.out}")
    _table(found, args.currency)


def asked(args: argparse.Namespace) -> dict[str, Any]:
    """The changes that the arguments name, as plain values."""
    changes: dict[str, Any] = {}
    for pair in args.set:
        name, value = _pair("--set", pair)
        if name in LISTS:
            changes[name] = [_number("--set", part) for part in value.split(",")]
        elif name in NUMBERS:
            changes[name] = _number("--set", value)
        else:
            raise ArgumentError(f"--set knows {', '.join((*LISTS, *NUMBERS))}, not {name!r}")
    for text in args.price:
        tier, colon, percent = text.rpartition(":")
        share = _number("--price", percent.strip().removesuffix("%")) / 100.0
        if colon:
            changes.setdefault("tier_prices", {})[_tier("--price", tier)] = share
        else:
            changes["price"] = share
    if args.minute_cost is not None:
        changes["minute_cost_e4"] = round(_decimal("--minute-cost", args.minute_cost) * 10_000)
    for pair in args.driver:
        name, value = _pair("--driver", pair)
        changes.setdefault("drivers", {})[name] = _number("--driver", value)
    for pair in args.service:
        tier, value = _pair("--service", pair)
        contacts, cross, minutes = value.partition("x")
        if not cross:
            raise ArgumentError(f"--service takes TIER=CONTACTSxMINUTES, not {pair!r}")
        plan = {"contacts": _number("--service", contacts), "minutes": _number("--service", minutes)}
        changes.setdefault("service", {})[_tier("--service", tier)] = plan
    return changes


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ArgumentError(f"{option} takes NAME=VALUE, not {text!r}")
    return name.strip(), value.strip()


def _tier(option: str, text: str) -> int:
    tier = whole_number(text.strip())
    if tier is None:
        raise ArgumentError(f"{option} names a tier by its number, not {text!r}")
    return tier


def _number(option: str, text: str) -> float:
    return float(_decimal(option, text))


def _decimal(option: str, text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise ArgumentError(f"{option} takes a number, not {text!r}") from error
    if not number.is_finite():
        raise ArgumentError(f"{option} takes a number, not {text!r}")
    return number


def _table(found: Any, currency: str) -> None:
    """The arithmetic, then the tiers before and after, then who goes where."""
    for step in found.steps:
        amount = step.get("net_profit_change_e4", step.get("amount_e4"))
        if amount is not None:
            sign = "+" if "net_profit_change_e4" in step and amount > 0 else ""
            name = " ".join(str(step[key]) for key in ("code", "driver", "tier") if key in step)
            print(f"{name.replace('_', ' '):<28}{sign + _money(amount, currency):>20}")
    print(f"{'tier':<6}{'customers':>20}{'net profit':>44}{'hours':>24}")
    for row in found.tiers:
        print(
            f"{row['tier']:<6}{row['n_before']:>8,} -> {row['n_after']:>8,}"
            f"{_money(row['net_profit_before_e4'], currency):>20} -> "
            f"{_money(row['net_profit_after_e4'], currency):>20}"
            f"{row['hours_before']:>10,.0f} -> {row['hours_after']:>10,.0f}"
        )
    for move in found.moves:
        print(f"tier {move['from']} -> {move['to']}  {move['n_customers']:>8,} customers")
    if not found.moves:
        print("nobody moves")


def _money(amount_e4: int, currency: str) -> str:
    return f"{'-' if amount_e4 < 0 else ''}{currency}{abs(amount_e4) / 10_000:,.2f}"
