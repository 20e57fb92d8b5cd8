"""Should one believe the engine? `validate` asks it at earlier days and compares with what came."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from clientier.worth.appraisal import Result, appraise
from clientier.worth.book.sources import Tables
from clientier.worth.counting import EPOCH, count
from clientier.worth.policy import Policy
from clientier.worth.refusals import WorthError
from clientier.worth.validation import alarms, looks
from clientier.worth.validation.findings import findings
from clientier.worth.validation.surprises import FEWEST_REPEATERS
from clientier.worth.validation.tracked import tracked
from clientier.worth.validation.trial import TOTAL_RULES

Progress = Callable[[str, dict[str, Any]], None]
SHORTEST_HORIZON_DAYS = 30
FEWEST_CUSTOMERS = 20
MOST_ORIGINS = 4
SPACING_DAYS = 91


class HistoryTooShort(WorthError):
    """There is not enough history to hold a part of it back."""


@dataclass(frozen=True)
class Validation:
    """What came of asking the engine at earlier days; everything is plain values, ready for JSON.

    `origins` holds one entry a day asked, oldest first, each with `purchases`, `money`, `warnings` and what
    was chosen and replaced; `pooled` the same over all of them; `findings` what to think of it, as codes and
    values; `notices` what was changed of what was asked.
    """

    as_of: datetime.date
    horizon_days: int
    policy: Policy
    origins: list[dict[str, Any]]
    pooled: dict[str, Any]
    findings: list[dict[str, Any]]
    notices: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The validation as plain values."""
        return {
            "as_of": self.as_of.isoformat(),
            "horizon_days": self.horizon_days,
            "policy": self.policy.as_dict(),
            "origins": self.origins,
            "pooled": self.pooled,
            "findings": self.findings,
            "notices": self.notices,
        }


def validate(
    tables: Tables,
    policy: Policy | None = None,
    *,
    as_of: datetime.date | None = None,
    horizon_days: int = 365,
    origins: int = MOST_ORIGINS,
    spacing_days: int = SPACING_DAYS,
    progress: Progress | None = None,
) -> Validation:
    """Ask the engine at up to `origins` earlier days, each refitted on what was known then, and compare with
    the `horizon_days` after them, told by the engine itself.

    The last origin lies `horizon_days` before `as_of`, the others `spacing_days` apart before it, as far as
    at least as much history as the horizon lies before them. Where the history is shorter than twice the
    horizon, the horizon is half of it. Raises HistoryTooShort below 60 days or without customers to judge.
    """
    rules = policy or Policy()
    say = progress or (lambda code, values: None)
    say("reading", {})
    latest = appraise(tables, rules, as_of=as_of)
    first = latest.customers["first_day"]
    known = first[~np.isnat(first)]
    span = int((np.datetime64(latest.as_of) - known.min()).astype(int)) if len(known) else 0
    horizon = min(horizon_days, span // 2)
    if horizon < SHORTEST_HORIZON_DAYS:
        raise HistoryTooShort("history_too_short", days=span, needed=2 * SHORTEST_HORIZON_DAYS)
    notices = []
    if horizon < horizon_days:
        notices.append({"code": "horizon_shortened", "asked": horizon_days, "used": horizon, "history": span})
    number = max(1, min(origins, (span - 2 * horizon) // spacing_days + 1))
    if number < origins:
        notices.append({"code": "fewer_origins", "asked": origins, "used": number, "history": span})
    days = [latest.as_of - datetime.timedelta(days=horizon + spacing_days * place) for place in range(number)]
    entries, seen, warned = _asked(tables, rules, days[::-1], horizon, latest, say)
    pooled, judged, left_out = _judged(seen, entries, warned, rules)
    if left_out:
        notices.append({"code": "days_left_out", "days": left_out, "number": len(left_out), "of": number})
    return Validation(latest.as_of, horizon, rules, entries, pooled, judged, notices)


def _judged(
    seen: list[looks.Look], entries: list[dict[str, Any]], warned: list[dict[str, Any]], rules: Policy
) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """The pooled figures of the days at which ten had bought twice (all, if there is none), the findings, and the
    days left out.
    """
    whole = _pooled(seen, entries, warned, rules)
    known = whole["purchases"]["n_customers"]
    if known < FEWEST_CUSTOMERS * len(seen):
        raise HistoryTooShort("few_customers", customers=known // len(seen), needed=FEWEST_CUSTOMERS)
    told = [bool((one.trial.x > 0).sum() >= FEWEST_REPEATERS) for one in seen]
    if all(told) or not any(told):
        return whole, findings(whole, entries), []
    pooled = _pooled(
        list(compress(seen, told)), list(compress(entries, told)), list(compress(warned, told)), rules
    )
    left_out = [entry["origin"] for entry, counts in zip(entries, told, strict=True) if not counts]
    return pooled, findings(pooled, entries, whole), left_out


def _asked(
    tables: Tables,
    rules: Policy,
    days: list[datetime.date],
    horizon: int,
    latest: Result,
    say: Progress,
) -> tuple[list[dict[str, Any]], list[looks.Look], list[dict[str, Any]]]:
    """What the engine said on each of the days, beside what came."""
    asking = dataclasses.replace(rules, horizon_days=tuple(sorted({*rules.horizon_days, horizon})))
    facts = count(tables, rules, latest.as_of).columns
    bought = facts["purchase_customer"], facts["purchase_day"]
    entries, seen, warned = [], [], []
    for place, day in enumerate(days, start=1):
        say("origin", {"number": place, "of": len(days), "origin": day})
        until = day + datetime.timedelta(days=horizon)
        then = appraise(tables, asking, as_of=day)
        came = _truth(tables, rules, until, horizon, latest)
        one = looks.look(then, came, horizon)
        alarm = alarms.warned_and_fallen(then, came, horizon)
        span = {"origin": day.isoformat(), "until": until.isoformat()}
        used = dataclasses.replace(rules, model=then.model["purchases"]["model"])
        weeks = {"tracking": tracked(*bought, (day - EPOCH).days, horizon, used)}
        entries.append(span | _entry(one, alarm, rules) | _chosen(then) | weeks)
        seen.append(one)
        warned.append(alarm)
    return entries, seen, warned


def _truth(tables: Tables, rules: Policy, until: datetime.date, horizon: int, latest: Result) -> Result:
    """What came, by the engine's own counting; the run already made serves where it counts the same."""
    if until == latest.as_of and horizon == rules.window_days:
        return latest
    return appraise(tables, dataclasses.replace(rules, window_days=horizon), as_of=until)


def _entry(one: looks.Look, alarm: dict[str, Any], rules: Policy) -> dict[str, Any]:
    return {
        "purchases": looks.purchase_measures(one, rules.range_share),
        "money": looks.money_measures(one),
        "warnings": alarms.judged_warnings([alarm]),
    }


def _pooled(
    seen: list[looks.Look], entries: list[dict[str, Any]], warned: list[dict[str, Any]], rules: Policy
) -> dict[str, Any]:
    """Errors, probabilities and shares over all customers and origins; rankings as the mean of the origins',
    and the size of the bias as the root of the mean square of theirs, so that they do not cancel out.
    """
    both = looks.joined(seen)
    bought, money = looks.purchase_measures(both, rules.range_share), looks.money_measures(both)
    for name in ("believed", "model"):
        bought[name]["bias_size"] = _size([entry["purchases"][name]["bias"] for entry in entries])
    for name in TOTAL_RULES:
        bought["rules"][name]["bias_size"] = _size(
            [entry["purchases"]["rules"][name]["bias"] for entry in entries]
        )
    bought["ranking"] = _means([entry["purchases"]["ranking"] for entry in entries])
    money["gini"] = _means([entry["money"]["gini"] for entry in entries])
    return {"purchases": bought, "money": money, "warnings": alarms.judged_warnings(warned)}


def _size(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.sqrt(np.mean(np.square(known)))) if known else None


def _means(rows: list[dict[str, float | None]]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in rows[0]:
        known = [value for value in (row[name] for row in rows) if value is not None]
        found[name] = float(np.mean(known)) if known else None
    return found


def _chosen(then: Result) -> dict[str, Any]:
    held = then.model["holdout"]
    return {
        "model": then.model["purchases"]["model"],
        "evidence": then.model["purchases"]["evidence"],
        "calibration": held["calibration"],
        "spread": held["spread"],
        "choice": held["choice"],
        "fallback": then.model["fallback"],
    }
