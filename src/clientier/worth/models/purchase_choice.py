"""Which purchase model to believe: likelihood alone, with a weak prior, or the prior alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models import purchase_fit, purchases
from clientier.worth.models.history import History
from clientier.worth.policy import Policy

Floats = NDArray[np.float64]
OUTLIER_FACTOR = 5.0


def choose_model(
    x: Floats, t_x: Floats, age: Floats, policy: Policy
) -> tuple[purchases.PurchaseModel, dict[str, Any]]:
    """Likelihood alone where there is evidence enough, with a weak prior where not; the prior alone without
    any.
    """
    ripe = age >= policy.fit_age_days
    capped = np.minimum(x, OUTLIER_FACTOR * np.quantile(x, 0.999)) if len(x) and x.max() > 50 else x
    history = History.of(capped[ripe], t_x[ripe], age[ripe]).compressed()
    repeaters = int((x[ripe] > 0).sum())
    fallback: str | None = None
    evidence = "data"
    if repeaters < policy.fewest_repeat_customers:
        evidence, fallback = "prior_and_data", "few_repeat_customers"
    fitted = None
    if repeaters and evidence == "data":
        fitted = purchase_fit.fit(history, policy.model)
        if fitted.at_boundary or not fitted.converged:
            evidence, fallback = "prior_and_data", "degenerate_fit"
    prior = purchase_fit.weak_prior(history)
    if evidence == "prior_and_data" and repeaters:
        fitted = purchase_fit.fit(history, policy.model, prior)
    if fitted is None:
        r, alpha, a, b = (float(value) for value in np.exp(prior.centre))
        model = purchases.PurchaseModel(policy.model, r, alpha, a, b)
        evidence, fallback = "prior", "no_repeat_customers"
    else:
        model = fitted.model
    report = {"evidence": evidence, "fallback": fallback, "n_too_young": int((~ripe).sum())}
    return model, report | _describe(model, fitted, history, repeaters)


def _describe(
    model: purchases.PurchaseModel,
    fitted: purchase_fit.PurchaseFit | None,
    history: History,
    repeaters: int,
) -> dict[str, Any]:
    return {
        "model": model.name,
        "time_unit": "day",
        "r": model.r,
        "alpha": model.alpha,
        "a": model.a,
        "b": model.b,
        "log_likelihood": fitted.log_likelihood if fitted else None,
        "standard_errors": fitted.standard_errors if fitted else None,
        "n_customers": round(float(history.weight.sum())),
        "n_repeat_customers": repeaters,
        "n_rows": len(history.x),
        "passes": fitted.passes if fitted else 0,
    }
