"""All models of purchases by name, fitted the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from clientier.worth.models import beta_binomial, nbd, pareto_fit, purchase_fit, regular_fit
from clientier.worth.models.fitting import Prior, PurchaseFit
from clientier.worth.models.history import History


@dataclass(frozen=True)
class Kind:
    """One kind of model: how it is fitted, and what is believed before any data are seen."""

    fit: Callable[[History, Prior | None], PurchaseFit]
    weak_prior: Callable[[History], Prior | None]
    needs_gaps: bool = False
    counts_opportunities: bool = False


def _naive(history: History, prior: Prior | None) -> PurchaseFit:
    """Nothing to fit."""
    return PurchaseFit(
        model=nbd.PastRateModel(),
        log_likelihood=float("nan"),
        standard_errors=(),
        covariance=np.zeros((0, 0)),
        customers=round(history.customers),
        rows=len(history.x),
        passes=0,
        converged=True,
        at_boundary=False,
    )


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "mbg": Kind(lambda history, prior: purchase_fit.fit(history, "mbg", prior), purchase_fit.weak_prior),
        "bg": Kind(lambda history, prior: purchase_fit.fit(history, "bg", prior), purchase_fit.weak_prior),
        "mbg_k": Kind(
            lambda history, prior: regular_fit.fit(history, "mbg_k", prior), purchase_fit.weak_prior, True
        ),
        "bg_k": Kind(
            lambda history, prior: regular_fit.fit(history, "bg_k", prior), purchase_fit.weak_prior, True
        ),
        "pareto": Kind(pareto_fit.fit, pareto_fit.weak_prior),
        "bg_bb": Kind(beta_binomial.fit, beta_binomial.weak_prior, counts_opportunities=True),
        "nbd": Kind(nbd.fit, nbd.weak_prior),
        "naive": Kind(_naive, lambda history: None),
    }
)


def fit(history: History, name: str, prior: Prior | None = None, stages: int | None = None) -> PurchaseFit:
    """Fit the model of that name by maximum likelihood, with `prior` by maximum posterior.

    `stages` is the number k of the "_k" models where it is known already; finding it takes a dozen fits. Raises
    KeyError for an unknown name, and ValueError where the history lacks what the model needs (gaps for the "_k"
    models, whole opportunities for "bg_bb").
    """
    if stages is not None and KINDS[name].needs_gaps:
        return regular_fit.fit(history, name, prior, stages)
    return KINDS[name].fit(history, prior)


def weak_prior(history: History, name: str) -> Prior | None:
    """What is believed of the parameters of that model before the data speak; None where it has none."""
    return KINDS[name].weak_prior(history)


def fit_any(
    history: History, name: str, fewest_repeat_customers: int = 500, stages: int | None = None
) -> tuple[PurchaseFit, str]:
    """A fit that always answers, and its evidence: "data", "prior_and_data" or "prior".

    The likelihood alone where there are repeat customers enough and its top lies inside; else with the weak prior;
    without a single repeat purchase nearly the prior alone, because only silence speaks.
    """
    repeaters = float(history.weight[history.x > 0].sum())
    prior = weak_prior(history, name)
    if prior is None:
        return fit(history, name, stages=stages), "data"
    if repeaters >= max(fewest_repeat_customers, 1):
        attempt = fit(history, name, stages=stages)
        if attempt.converged and not attempt.at_boundary:
            return attempt, "data"
    return fit(history, name, prior, stages), "prior_and_data" if repeaters else "prior"
