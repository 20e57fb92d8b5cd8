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
OUTLIER_FACTOR = 5.0
FALLBACKS = {"data": None, "prior": "no_repeat_customers"}
WITHOUT_GAPS = {"mbg_k": "mbg", "bg_k": "bg"}


def choose_model(
    x: Floats, t_x: Floats, age: Floats, policy: Policy, log_gaps: float = float("nan")
) -> tuple[Any, dict[str, Any]]:
    """The model of the policy, fitted in days, and the report of its evidence.

    Likelihood alone where there are repeat customers enough, with a weak prior where not; the prior alone without
    any. `log_gaps` is the sum of the logarithms of all gaps between purchases, which the "_k" models need: without
    it their irregular sister is fitted.
    """
    ripe = age >= policy.fit_age_days
    capped = np.minimum(x, OUTLIER_FACTOR * np.quantile(x, 0.999)) if len(x) and x.max() > 50 else x
    history = History.of(capped[ripe], t_x[ripe], age[ripe], log_gaps=log_gaps).compressed()
    name = policy.model if math.isfinite(log_gaps) else WITHOUT_GAPS.get(policy.model, policy.model)
    fitted, evidence = registry.fit_any(history, name, policy.fewest_repeat_customers)
    repeaters = int(history.weight[history.x > 0].sum())
    few = repeaters < policy.fewest_repeat_customers
    fallback = FALLBACKS.get(evidence, "few_repeat_customers" if few else "degenerate_fit")
    report = {"evidence": evidence, "fallback": fallback, "n_too_young": int((~ripe).sum())}
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
