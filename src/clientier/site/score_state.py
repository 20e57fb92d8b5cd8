"""`clientier score --state`: new lines folded into a state, and customers scored from it, on an engine of choice."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import hashlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientier.site import order_books
from clientier.site.order_books import ArgumentError, progress

if TYPE_CHECKING:  # see order_books.answer
    from clientier.worth.policy import Policy
    from clientier.worth.state.standing import StateScores
    from clientier.worth.state.store import StateStore

EPOCH = datetime.date(1970, 1, 1)
MODELS = {"auto": "mbg", "mbg": "mbg", "bg": "bg"}
PARQUET = (".parquet", ".pq")
END_BYTES = 1 << 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that scoring from a state takes beside those of every score."""
    group = parser.add_argument_group(
        "scoring from a state",
        "With --state the orders are Parquet files of new lines. Those not folded before are folded into the "
        "state, which is made where there is none; customers are then scored from it without reading older "
        "lines. docs/scale.md says what differs.",
    )
    group.add_argument("--state", type=Path, metavar="FOLDER", help="the state of all customers")
    group.add_argument(
        "--history", nargs="+", metavar="GLOB", help="all lines, for when late ones are among the new"
    )
    group.add_argument("--batch", metavar="NAME", help="what to know the new lines by (default: their files)")


def refuse_without_state(args: argparse.Namespace) -> None:
    """Refuse what has a meaning only together with --state."""
    for name in ("history", "batch"):
        if getattr(args, name):
            raise ArgumentError(f"--{name} belongs to a state; name its folder with --state")


def act(args: argparse.Namespace) -> None:
    """Fold the lines given and score the state."""
    from clientier.worth.engines.opening import opened  # here and not above: see order_books.answer
    from clientier.worth.files import format_of, read_previous
    from clientier.worth.policy import Policy
    from clientier.worth.state.standing import score_state
    from clientier.worth.state.store import StateStore

    started = time.perf_counter()
    settings, mapping = order_books.rules(args)
    policy = _policy_of_state(args, Policy.from_dict(settings))
    if args.state.is_file():
        raise ArgumentError(f"{args.state} is a file; --state names a folder")
    order_books.check_outputs(args.out)
    if args.out:
        format_of(args.out)
    as_of = order_books.day(args.as_of)
    as_of_day = (as_of - EPOCH).days if as_of else None
    files, history = _parquet(args.orders), _parquet(args.history or [])
    previous = read_previous(args.previous) if args.previous else None
    with opened(args.engine) as engine:
        state = StateStore(args.state, engine)
        state.manifest = state.read_manifest()
        all_lines = _known_history(state, history, mapping["orders"], policy)
        _fold(state, files, args.batch, mapping["orders"], policy, as_of_day=as_of_day, history=all_lines)
        scores = score_state(
            state, policy, as_of_day=as_of_day, previous=previous, history=all_lines, out=args.out
        )
    _say(scores, policy)
    if args.out:
        progress(f"wrote {args.out}")
    else:
        order_books.summarise(scores)
    progress(f"done in {time.perf_counter() - started:.1f} s")


def _policy_of_state(args: argparse.Namespace, policy: Policy) -> Policy:
    """The policy, its model one that a state can fit; refuses what a state would have to ignore."""
    for name in (*order_books.TABLES, "report"):
        if getattr(args, name):
            raise ArgumentError(f"--{name} cannot be had from a state; score without --state")
    asked = {
        "returns_on": policy.returns_on != "own_day",
        "time_zone": bool(policy.time_zone),
        "future_weight": policy.future_weight != 0,
    }
    for setting, used in asked.items():
        if used:
            raise ArgumentError(f"a state cannot do what the policy sets by {setting}; score without --state")
    if policy.model not in MODELS:
        raise ArgumentError(
            f"a state holds what mbg and bg need, not what {policy.model} does; use --model mbg"
        )
    return dataclasses.replace(policy, model=MODELS[policy.model])


def _parquet(patterns: Sequence[str]) -> list[Path]:
    from clientier.worth.book.sources import existing_files

    for pattern in patterns:
        if pattern == "-":
            raise ArgumentError("a state takes Parquet files, nothing by standard input")
        order_books.check_input(pattern)
    files = list(dict.fromkeys(path.resolve() for path in existing_files("orders", patterns)))
    for path in files:
        if path.suffix.lower() not in PARQUET:
            raise ArgumentError(f"{path} is not Parquet, which alone a state takes; score without --state")
    return files


def _known_history(
    state: StateStore, files: list[Path], chosen: Mapping[str, str], policy: Policy
) -> str | None:
    """The name under which the engine knows all lines; None where they were not given."""
    if not files:
        return None
    _know(state, "history", files, chosen, policy)
    return "history"


def _fold(
    state: StateStore,
    files: list[Path],
    batch: str | None,
    chosen: Mapping[str, str],
    policy: Policy,
    *,
    as_of_day: int | None,
    history: str | None,
) -> None:
    """Fold the files that were not folded before, all together."""
    ids = {path: batch or _id(path) for path in files}
    fresh = [path for path in files if ids[path] not in state.manifest.batches]
    if len(fresh) < len(files):
        progress(f"{len(files) - len(fresh)} of {len(files)} files were folded before and are left out")
    if not fresh:
        return
    if not batch:
        _refuse_changed(state, [ids[path] for path in fresh])
    progress(f"folding {len(fresh)} files into {state.folder} on {state.engine.name}")
    given = _know(state, "new_lines", fresh, chosen, policy)
    if as_of_day is not None and given.latest_day is not None and given.latest_day > as_of_day:
        raise ArgumentError(f"the lines reach {_date(given.latest_day)}, and --as-of cannot lie before that")
    names = tuple(dict.fromkeys(ids[path] for path in fresh))
    state.fold(names, "new_lines", history=history, keep_days=policy.window_days, until_day=given.latest_day)
    progress(f"{given.lines - given.without_customer:,} of {given.lines:,} order lines folded")
    if given.without_customer:
        progress(f"{given.without_customer:,} order lines without a customer set aside")


def _know(state: StateStore, table: str, files: list[Path], chosen: Mapping[str, str], policy: Policy) -> Any:
    from clientier.worth.state.lines import know_lines

    manifest = state.manifest
    named = True if manifest.keys else False if manifest.base_customers else None
    return know_lines(state.engine, table, files, chosen, named=named, base_currency=policy.base_currency)


def _id(path: Path) -> str:
    """The name of a file with a digest of its size and its end, where Parquet says what it holds."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - END_BYTES, 0))
        digest = hashlib.sha256(f"{size}:".encode() + stream.read()).hexdigest()
    return f"{path.name}:{digest[:16]}"


def _refuse_changed(state: StateStore, ids: Sequence[str]) -> None:
    """Refuse a file of a name folded before that holds something else now: its lines would count twice."""
    before = {name.rpartition(":")[0] for name in state.manifest.batches}
    for one in ids:
        if (name := one.rpartition(":")[0]) in before:
            raise ArgumentError(
                f"{name} was folded before and is another file now; if it holds new lines only, name them with "
                "--batch, else make the state anew from all lines"
            )


def _say(scores: StateScores, policy: Policy) -> None:
    model = scores.model
    figures = ", ".join(f"{name} {model[name]:.4g}" for name in ("r", "alpha", "a", "b"))
    progress(f"{scores.customers:,} customers, as of {_date(scores.as_of_day)}")
    progress(
        f"model {policy.model} ({figures}) from {model['n_customers']:,} customers"
        f"{'' if scores.counts_are_exact else ', neighbours counted together'}; evidence: {model['evidence']}"
    )


def _date(day: int) -> datetime.date:
    return EPOCH + datetime.timedelta(days=day)
