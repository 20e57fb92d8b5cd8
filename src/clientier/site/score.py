"""`clientier score`: from order files to scored customers and a report, without server or database."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from clientier.site import order_books, score_state
from clientier.site.order_books import progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    order_books.add_arguments(parser)
    parser.add_argument("--out", type=Path, help="where to write the scores (.parquet or .csv)")
    parser.add_argument("--report", type=Path, help="where to write the HTML report")
    parser.add_argument(
        "--previous", type=Path, metavar="SCORES", help="scores of the run before: tiers settle, moves show"
    )
    score_state.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Score the files; returns 0, or 2 with the reason on standard error when something given is wrong."""
    return order_books.answer("score", args, score_state.act if args.state else _score)


def _score(args: argparse.Namespace) -> None:
    from clientier import worth  # here and not above: see order_books.answer
    from clientier.worth.files import read_previous, write_scores

    started = time.perf_counter()
    score_state.refuse_without_state(args)
    order_books.check_outputs(args.out, args.report)
    with order_books.opened(args) as book:
        previous = read_previous(args.previous) if args.previous else None
        progress(f"reading {', '.join(args.orders)}")
        result = worth.appraise(book.tables, book.policy, as_of=book.as_of, previous=previous)
    counts = result.counts
    progress(
        f"{counts['orders']['used']:,} of {counts['orders']['in']:,} order lines, "
        f"{counts['customers']['all']:,} customers, as of {result.as_of}"
    )
    if args.out:
        write_scores(result, args.out)
        progress(f"wrote {args.out}")
    if args.report:
        from clientier.worth.report.page import write_page  # only where a report is asked for

        args.report.write_text(write_page(result, args.lang, args.currency), encoding="utf-8")
        progress(f"wrote {args.report}")
    if not args.out and not args.report:
        order_books.summarise(result)
    progress(f"done in {time.perf_counter() - started:.1f} s")
