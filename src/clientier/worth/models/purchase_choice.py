"""Which evidence to fit the model of the policy on: the data alone, with a weak prior, or the prior alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models import registry
from clientier.worth.models.fitting import PurchaseFit
from clientier.worth.models.history import History
from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
OUTLIER_FACTOR, OUTLIER_SHARE = 5.0, 0.999
MANY_PURCHASES = 50
FALLBACKS = {"data": None, "prior": "no_repeat_customers"}
WITHOUT_GAPS = {"mbg_k": "mbg", "bg_k": "bg"}


def choose_model(
    x: Floats,
    t_x: Floats,
    age: Floats,
    policy: Policy,
    log_gaps: float = float("nan"),
    stages: int | None = None,
) -> tuple[Any, dict[str, Any]]:
    """The model of the policy, fitted in days, and the report of its evidence.

    Likelihood alone where there are repeat customers enough, with a weak prior where not; the prior alone without
    any. `log_gaps` is the sum of the logarithms of all gaps between purchases, which the "_k" models need: without
    it their irregular sister is fitted. `stages` is their k, where it need not be found anew.
    """
    ripe = age >= policy.fit_age_days
    many = len(x) and x.max() > MANY_PURCHASES
    capped = np.minimum(x, OUTLIER_FACTOR * np.quantile(x, OUTLIER_SHARE)) if many else x
    history = History.of(capped[ripe], t_x[ripe], age[ripe], log_gaps=log_gaps).compressed()
    return _fitted(history, policy, int((~ripe).sum()), stages)


def choose_from_counts(counts: History, policy: Policy) -> tuple[Any, dict[str, Any]]:
    """The same from counts of customers alike, of whom no gaps between purchases are known."""
    ripe = counts.age >= policy.fit_age_days
    x = counts.x
    if len(x) and x.max() > MANY_PURCHASES:
        x = np.minimum(x, OUTLIER_FACTOR * _quantile(x, counts.weight, OUTLIER_SHARE))
    history = History.of(x[ripe], counts.t_x[ripe], counts.age[ripe], counts.weight[ripe]).compressed()
    return _fitted(history, policy, round(float(counts.weight[~ripe].sum())))


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    """The quantile, linear between neighbours, of values that each occur `weight` times."""
    order = np.argsort(values)
    until = np.cumsum(weight[order])
    place = share * (until[-1] - 1.0)
    low, high = (
        float(values[order][np.searchsorted(until, whole, side="right")])
        for whole in (np.floor(place), min(np.floor(place) + 1.0, until[-1] - 1.0))
    )
    return low + (place - float(np.floor(place))) * (high - low)


def _fitted(
    history: History, policy: Policy, too_young: int, stages: int | None = None
) -> tuple[Any, dict[str, Any]]:
    without_gaps = not math.isfinite(history.log_gaps)
    name = WITHOUT_GAPS.get(policy.model, policy.model) if without_gaps else policy.model
    fitted, evidence = registry.fit_any(history, name, policy.fewest_repeat_customers, stages)
    repeaters = int(history.weight[history.x > 0].sum())
    few = repeaters < policy.fewest_repeat_customers
    fallback = FALLBACKS.get(evidence, "few_repeat_customers" if few else "degenerate_fit")
    report = {"evidence": evidence, "fallback": fallback, "n_too_young": too_young}
    return fitted.model, report | _describe(fitted, repeaters)


def _describe(fitted: PurchaseFit, repeaters: int) -> dict[str, Any]:
    model = fitted.model
    return {
        "model": model.name,
        "time_unit": "day",
        **{name: getattr(model, name) for name in model.PARAMETERS},
        "stages": getattr(model, "k", 1),
        "log_likelihood": fitted.log_likelihood,
        "standard_errors": fitted.standard_errors,
        "n_customers": fitted.customers,
        "n_repeat_customers": repeaters,
        "n_rows": fitted.rows,
        "passes": fitted.passes,
    }
