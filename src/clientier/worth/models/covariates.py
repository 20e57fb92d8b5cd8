"""BG/NBD and MBG/NBD with attributes of the customers that do not change: industry, region, first basket, source.

Fader and Hardie 2007, "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models": attributes z act
on the rate of purchases as alpha * exp(-rate effect . z) and on leaving as a * exp(effect . z), b * exp(effect . z). A
rate effect of 0.1 means purchases 10 % more frequent for each unit of z.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models import newton, purchase_fit
from clientier.worth.models.covariate_terms import PARAMETER_SIGNS, per_customer
from clientier.worth.models.fitting import Prior, PurchaseFit, covariance_of, with_prior
from clientier.worth.models.history import History
from clientier.worth.models.purchases import PurchaseModel

Floats = NDArray[np.float64]
EFFECT_SPREAD = 1.0


@dataclass(frozen=True)
class AttributeModel:
    """A base model (of a customer with all attributes zero) and the effects of each attribute."""

    base: PurchaseModel
    rate_effects: Floats
    a_effects: Floats
    b_effects: Floats

    def of(self, attributes: Floats) -> PurchaseModel:
        """The model of customers with these attributes (one value each)."""
        return PurchaseModel(
            self.base.name,
            self.base.r,
            self.base.alpha * math.exp(-float(self.rate_effects @ attributes)),
            self.base.a * math.exp(float(self.a_effects @ attributes)),
            self.base.b * math.exp(float(self.b_effects @ attributes)),
        )

    def ask(
        self, question: str, attributes: Floats, history: tuple[Floats, Floats, Floats], *more: float
    ) -> Floats:
        """Any question of `PurchaseModel` ("p_active", "expected", ...) for customers x attributes.

        One base model per distinct combination: quick for groups and bands, slow for attributes that all differ.
        """
        kinds, which = np.unique(attributes, axis=0, return_inverse=True)
        which = which.reshape(-1)
        answer = np.empty(len(attributes))
        for place, kind in enumerate(kinds):
            rows = np.flatnonzero(which == place)
            parts = (part[rows] for part in history)
            answer[rows] = getattr(self.of(kind), question)(*parts, *more)
        return answer


@dataclass(frozen=True)
class AttributeFit:
    """The fitted model, its errors in the order (rate, a, b) x attributes, and whether the attributes are worth it.

    `likelihood_ratio` is twice the gain of log-likelihood over the model without attributes; `p_value` the chance
    of such a gain were they all without effect (chi-squared, `freedom` degrees).
    """

    model: AttributeModel
    log_likelihood: float
    effect_errors: Floats
    covariance: Floats
    without: PurchaseFit
    likelihood_ratio: float
    freedom: int
    p_value: float
    converged: bool


def fit(history: History, attributes: Floats, name: str = "mbg", prior: Prior | None = None) -> AttributeFit:
    """Fit by maximum likelihood; attributes are rows of the history x attributes, numbers around zero.

    With `prior` (of the base model) by maximum posterior, effects then being believed small (spread 1). Raises
    ValueError where the shapes differ or an attribute is the same for all.
    """
    if attributes.ndim != 2 or len(attributes) != len(history.x):
        raise ValueError("attributes must have one row for each row of the history")
    if len(history.x) and (attributes.min(axis=0) == attributes.max(axis=0)).any():
        raise ValueError("an attribute that is the same for all customers says nothing")
    size = attributes.shape[1]
    unit = history.mean_age
    shift = np.zeros(4 + 3 * size)
    shift[1] = math.log(unit)
    without = purchase_fit.fit(history, name, prior)
    likelihood = AttributeLikelihood(history.in_units_of(unit), attributes, 1 if name == "mbg" else 0)
    wide = None
    if prior is not None:
        centre = np.append(prior.centre, np.zeros(3 * size))
        wide = Prior(centre, np.append(prior.spread, np.full(3 * size, EFFECT_SPREAD)))
    base = without.model
    start = np.append(np.log([base.r, base.alpha, base.a, base.b]), np.zeros(3 * size)) - shift
    best = newton.maximise(with_prior(likelihood, wide, shift), start)
    point = best.point + shift
    covariance = covariance_of(best.hessian)
    effects = point[4:].reshape(3, size)
    model = AttributeModel(PurchaseModel(name, *(float(value) for value in np.exp(point[:4]))), *effects)
    value = best.value if wide is None else likelihood(best.point)[0]
    value -= float(history.weight @ history.x) * math.log(unit)
    ratio = max(2.0 * (value - without.log_likelihood), 0.0)
    return AttributeFit(
        model=model,
        log_likelihood=value,
        effect_errors=np.sqrt(np.maximum(np.diag(covariance)[4:], 0.0)).reshape(3, size),
        covariance=covariance,
        without=without,
        likelihood_ratio=ratio,
        freedom=3 * size,
        p_value=float(special.chdtrc(3 * size, ratio)),
        converged=best.converged and not best.at_boundary,
    )


class AttributeLikelihood:
    """Log-likelihood with gradient and Hessian in (log r, log alpha, log a, log b, effects on rate, a, b)."""

    def __init__(self, history: History, attributes: Floats, extra: int) -> None:
        self.history, self.attributes, self.extra = history, attributes, extra
        size = attributes.shape[1]
        with_one = np.column_stack([np.ones(len(attributes)), attributes])
        self.designs, self.places = [with_one[:, :1]], [np.array([0])]
        for part in range(3):
            own = np.arange(4 + part * size, 4 + (part + 1) * size)
            self.designs.append(PARAMETER_SIGNS[part + 1] * with_one)
            self.designs[-1][:, 0] = 1.0
            self.places.append(np.append(part + 1, own))

    def __call__(self, point: Floats) -> newton.Evaluation:
        weight = self.history.weight
        logs = [design @ point[place] for design, place in zip(self.designs, self.places, strict=True)]
        values, slopes, bends = per_customer(self.history, np.exp(np.stack(logs)), self.extra)
        gradient, hessian = np.zeros(len(point)), np.zeros((len(point), len(point)))
        for first in range(4):
            own = self.places[first]
            gradient[own] += self.designs[first].T @ (weight * slopes[first])
            for second in range(4):
                block = (self.designs[first] * (weight * bends[first, second])[:, None]).T @ self.designs[
                    second
                ]
                hessian[np.ix_(own, self.places[second])] += block
        return float(weight @ values), gradient, hessian
