"""How strict the warnings must be: the widest limits at which enough of the warned did fall, at earlier days.

A silence as rare as one in twenty is kept by one in twenty of those who stay, at any time. Where many leave, most of
the warned have gone; where hardly anybody leaves, nearly all are false alarms. So the limit of the policy is the
widest allowed, and it is tightened until `warning_precision` of those it would have warned did fall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth import rhythm
from clientier.worth.facts import own_gap_quantile
from clientier.worth.policy import Policy
from clientier.worth.validation.measures import FALLEN_TO
from clientier.worth.validation.surprises import SHORTEST_PAST_DAYS
from clientier.worth.validation.trial import Trial, look_back

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
STRICTER = (1.0, 0.4, 0.2, 0.1, 0.04, 0.02)
HORIZONS = (365, 182)
SHORTEST_HORIZON = 90


@dataclass(frozen=True)
class Sight:
    """What warnings could have seen at an earlier day, and who fell afterwards; one entry a customer."""

    p_silence: Floats
    beyond: Bools
    now: Floats
    before: Floats
    fallen: Bools


def tightened(policy: Policy, checked: Mapping[str, Any]) -> Policy:
    """The policy with the limits that the check left."""
    return replace(policy, silence_p=checked["silence_p"], falling_fraction=checked["falling_fraction"])


def thresholds(facts: Mapping[str, Any], as_of_day: int, policy: Policy) -> dict[str, Any]:
    """The limits to warn by, and for each what it would have done: customers warned and how many of them fell.

    The widest limit counts at which (fallen + 1) / (warned + 2) reaches the precision wanted; else the strictest.
    """
    sights = _sights(facts["purchase_customer"], facts["purchase_day"], as_of_day, policy)
    silence = [(policy.silence_p * part, [(one.p_silence < policy.silence_p * part) & one.beyond for one in sights])
               for part in STRICTER]  # fmt: skip
    falling = [(policy.falling_fraction * part,
                [(one.before >= policy.falling_purchases) & (one.now <= policy.falling_fraction * part * one.before)
                 for one in sights]) for part in STRICTER]  # fmt: skip
    report: dict[str, Any] = {"wanted": policy.warning_precision, "n_looks": len(sights)}
    for name, ladder in (("silence_p", silence), ("falling_fraction", falling)):
        rungs = [_rung(limit, warned, sights) for limit, warned in ladder]
        good = [rung for rung in rungs if rung["share"] >= policy.warning_precision]
        report[name] = (good or rungs[-1:])[0]["limit"]
        report[f"{name}_tried"] = rungs
    return report


def _rung(limit: float, warned: list[Bools], sights: list[Sight]) -> dict[str, Any]:
    number = sum(int(those.sum()) for those in warned)
    right = sum(int((those & one.fallen).sum()) for those, one in zip(warned, sights, strict=True))
    return {"limit": limit, "n_warned": number, "n_right": right, "share": (right + 1.0) / (number + 2.0)}


def _sights(customer: Ints, day: Ints, as_of_day: int, policy: Policy) -> list[Sight]:
    span = int(as_of_day - day.min()) if len(day) else 0
    furthest = min(HORIZONS[0], span // 2)
    horizons = [furthest, *(days for days in HORIZONS[1:] if days < furthest - SHORTEST_PAST_DAYS)]
    return [
        _sight(customer, day, as_of_day - days, days, policy) for days in horizons if days >= SHORTEST_HORIZON
    ]


def _sight(customer: Ints, day: Ints, origin: int, days: int, policy: Policy) -> Sight:
    window = policy.window_days
    trial, known = look_back(customer, day, origin=origin, horizon_days=days, window_days=window)
    earlier = (day > origin - 2 * window) & (day <= origin - window)
    before = np.bincount(np.searchsorted(known, customer[earlier]), minlength=len(known)).astype(np.float64)
    silence = trial.age - trial.t_x
    here = (trial.x > 0) & (silence <= policy.lost_silence_days)
    usual = np.maximum(trial.recent, before) * (days / window)
    unlikely, limit = _silences(customer, day, origin, trial, policy)
    return Sight(
        p_silence=unlikely[here],
        beyond=(silence > limit)[here] & (trial.x >= policy.silence_purchases)[here],
        now=trial.recent[here],
        before=before[here],
        fallen=((trial.actual == 0) | (trial.actual <= FALLEN_TO * usual))[here],
    )


def _silences(customer: Ints, day: Ints, origin: int, trial: Trial, policy: Policy) -> tuple[Floats, Floats]:
    """How probable each one's silence was, and beyond which it is longer than usual."""
    seen = day <= origin
    who, when = customer[seen], day[seen]
    same = who[1:] == who[:-1]
    gaps = np.diff(when)[same].astype(np.float64)
    count = trial.x.astype(np.int64)
    gaps = gaps[np.lexsort((gaps, np.repeat(np.arange(len(count)), count)))]
    shape = rhythm.regularity(count, gaps)
    mean_gap = float(gaps.mean()) if len(gaps) else 1.0
    x, t_x = trial.x, trial.t_x
    limit = rhythm.silence_quantile(x, t_x, policy.gap_share, shape, mean_gap)
    own = own_gap_quantile(count, gaps, policy.gap_share)
    limit = np.where(x >= policy.own_gap_purchases, own, limit)
    return rhythm.p_silence(x, t_x, trial.age - t_x, shape, mean_gap), limit
