"""Were the warnings right? Each kind against what the warned customers did afterwards.

Who can fall: customers who could be warned, that is repeat and loyal ones. Fallen: nothing bought in the
`horizon_days` after the origin, or at most half of what the better of the two spans of that length before it
had. Gone: nothing bought. A warning of loss was right if the next span is below zero as well. Lead time: days
from the first day of the warning to the day on which a year without a purchase is full, for the gone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.alerts import ALERTS
from clientier.worth.appraisal import Result
from clientier.worth.facts import Columns
from clientier.worth.validation import measures

Bools = NDArray[np.bool_]
DEPARTURES = tuple(name for name in ALERTS if name not in ("", "below_zero"))


def warned_and_fallen(known: Result, came: Result, horizon_days: int) -> dict[str, Any]:
    """The customers who could fall, those who did, and for each kind of warning who had it."""
    c = known.customers
    could = np.isin(c["lifecycle"], ("repeat", "loyal"))
    after = came.customers["n_purchase_days"][could].astype(float)
    part = horizon_days / known.policy.window_days
    before = np.maximum(c["n_purchase_days"], c["prior_n_purchase_days"])[could] * part
    kinds = {name: c[f"alert_{name}"][could] > 0 for name in DEPARTURES}
    kinds["any"] = np.logical_or.reduce(list(kinds.values()))
    loss = c["traded_in_window"]
    return {
        "kinds": kinds,
        "gone": after == 0,
        "fallen": (after == 0) | (after <= measures.FALLEN_TO * before),
        "loss_warned": (c["net_profit_e4"] < 0)[loss],
        "loss_came": (came.customers["net_profit_e4"] < 0)[loss],
        "lead_days": _lead_days(c, could, known)[kinds["any"] & (after == 0)],
    }


def _lead_days(c: Columns, could: Bools, known: Result) -> NDArray[np.float64]:
    """From the first day of silence beyond the limit (or the origin, if that warning is silent) to a year
    after the last purchase.
    """
    recency, limit = c["recency_days"][could], c["gap_limit_days"][could]
    began = np.where(c["alert_silence"][could] > 0, np.minimum(limit + 1.0, recency), recency)
    return known.policy.lost_silence_days - began


def judged_warnings(looks: list[dict[str, Any]]) -> dict[str, Any]:
    """Precision, recall, base rate, lift of each kind over all looks, against `fallen` and `gone`."""
    if not looks:
        return {}
    joined = {name: np.concatenate([look[name] for look in looks])
              for name in ("gone", "fallen", "loss_warned", "loss_came", "lead_days")}  # fmt: skip
    kinds = {}
    for kind in (*DEPARTURES, "any"):
        warned = np.concatenate([look["kinds"][kind] for look in looks])
        kinds[kind] = {
            "fallen": measures.warning_quality(warned, joined["fallen"]),
            "gone": measures.warning_quality(warned, joined["gone"]),
        }
    kinds["below_zero"] = {"fallen": measures.warning_quality(joined["loss_warned"], joined["loss_came"])}
    lead = joined["lead_days"]
    return {
        "kinds": kinds,
        "lead_days_median": float(np.median(lead)) if len(lead) else None,
        "n_lead": len(lead),
    }
