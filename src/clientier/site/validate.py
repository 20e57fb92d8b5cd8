"""`clientier validate`: whether to believe the engine on these files, from their own past."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from clientier.site import order_books
from clientier.site.order_books import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    order_books.add_arguments(parser)
    parser.add_argument(
        "--horizon", type=int, default=365, metavar="DAYS", help="how far ahead (default: 365)"
    )
    parser.add_argument("--origins", type=int, default=4, metavar="N", help="days to ask at (default: 4)")
    parser.add_argument("--out", type=Path, help="where to write all figures as JSON")
    parser.add_argument("--report", type=Path, help="where to write the HTML page")


def run(args: argparse.Namespace) -> int:
    """Validate; returns 0, or 2 with the reason on standard error when something given is wrong."""
    return order_books.answer("validate", args, _validate)


def _validate(args: argparse.Namespace) -> None:
    from clientier import worth  # here and not above: see order_books.answer

    order_books.check_outputs(args.out, args.report)
    for name in ("horizon", "origins"):
        if getattr(args, name) < 1:
            raise order_books.ArgumentError(f"--{name} takes a number from 1 on, not {getattr(args, name)}")
    with order_books.opened(args) as book:
        found = worth.validate(
            book.tables, book.policy, as_of=book.as_of, horizon_days=args.horizon, origins=args.origins,
            progress=_say,
        )  # fmt: skip
    if args.out:
        args.out.write_text(json.dumps(found.as_dict(), indent=1, ensure_ascii=False), encoding="utf-8")
        progress(f"wrote {args.out}")
    if args.report:
        from clientier.worth.report.trust import write_trust_page  # only where a page is asked for

        args.report.write_text(write_trust_page(found, args.lang, args.currency), encoding="utf-8")
        progress(f"wrote {args.report}")
    _table(found)


def _say(code: str, values: dict[str, Any]) -> None:
    if code == "origin":
        progress(f"asking at {values['origin']} ({values['number']} of {values['of']})")
    else:
        progress("reading")


def _table(found: Any) -> None:
    """A short table: ours beside the best naive rule, line by line, and whether it holds."""
    bought, money = found.pooled["purchases"], found.pooled["money"]
    days = ", ".join(entry["origin"] for entry in found.origins)
    print(f"{found.horizon_days} days after {days}")
    for notice in found.notices:
        if notice["code"] == "days_left_out":
            left_out = ", ".join(notice["days"])
            print(
                f"LEFT OUT {notice['number']} of {notice['of']} days ({left_out}): hardly anyone had bought twice"
            )
    print(f"{'purchases':<24}{'expected':>14}{'came':>14}{'bias':>9}{'error':>9}")
    rows = {"engine": bought["believed"], "model alone": bought["model"]}
    rows |= {_words(name): row for name, row in bought["rules"].items()}
    for name, row in rows.items():
        bias = "" if row["bias"] is None else f"{row['bias']:+.1%}"
        print(f"{name:<24}{row['expected']:>14,.0f}{bought['actual']:>14,.0f}{bias:>9}{row['error']:>9.3f}")
    ranks = {"engine": "believed", "past profit": "past_profit"}
    for title, name in ranks.items():
        gini = money["gini"][name]
        held = money["captured"][-1][name]
        if gini is not None and held is not None:
            print(f"ranking by {title:<13}{gini:>14.3f} Gini; its top 20 % held {held:.1%} of profit")
    for finding in found.findings:
        if "ours" in finding:
            promise = f"{'yes' if finding['ok'] else 'NO':<4}{_words(finding['code']):<40}"
            print(
                f"{promise}{finding['ours']:.3f} against {finding['theirs']:.3f} ({_words(finding['rival'])})"
            )


def _words(code: str) -> str:
    return code.replace("_", " ")
