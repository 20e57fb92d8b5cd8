"""sBG and BdW: how long customers under contract stay, projected from a few renewals.

Fader and Hardie 2007, "How to Project Customer Retention" (shifted-beta-geometric): at every renewal a customer leaves
with a probability that is Beta(alpha, beta) over customers, so retention rises because those who leave easily leave
first. Fader, Hardie, Liu, Davin, Steenburgh 2018, "How to Project Customer Retention Revisited" (beta discrete
Weibull): a third parameter lets the same customer's probability fall (c < 1) or rise (c > 1) with time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from clientier.worth.models import newton
from clientier.worth.models.fitting import Prior, PurchaseFit, covariance_of, in_logs, with_prior

Floats = NDArray[np.float64]
SMALLEST_DISCOUNT = 1e-14
MOST_PERIODS = 1_000_000


@dataclass(frozen=True)
class ContractHistory:
    """Counts of contracts alike: `renewals` made, whether they then `ended`, and how many (`weight`).

    A contract that ended at its first renewal has made none; one that ended at its third has made two.
    """

    renewals: Floats
    ended: NDArray[np.bool_]
    weight: Floats

    @classmethod
    def of_survivors(cls, survivors: Sequence[float]) -> ContractHistory:
        """From the customers of one cohort left after 0, 1, 2, ... renewals, the whole cohort first."""
        left = np.asarray(survivors, dtype=np.float64)
        lost = left[:-1] - left[1:]
        if len(left) < 2 or (lost < 0).any() or left[-1] < 0:
            raise ValueError(
                "survivors must be two numbers or more that never rise and never fall below zero"
            )
        made = np.arange(len(left), dtype=np.float64)
        made[-1] = len(left) - 1.0
        return cls(made, np.arange(len(left)) < len(left) - 1, np.append(lost, left[-1]))


@dataclass(frozen=True)
class ContractModel:
    """alpha, beta of an sBG (c = 1) or BdW; time counts renewal periods."""

    PARAMETERS: ClassVar[tuple[str, ...]] = ("alpha", "beta", "c")

    alpha: float
    beta: float
    c: float = 1.0

    def survival(self, periods: Floats) -> Floats:
        """Probability of still being a customer after so many renewals (sBG: 2007, eq. 6)."""
        passed = np.asarray(periods, dtype=np.float64) ** self.c
        return np.exp(special.betaln(self.alpha, self.beta + passed) - special.betaln(self.alpha, self.beta))

    def retention(self, period: Floats) -> Floats:
        """Share of those who were left before the given renewal (1 the first) who make it (sBG: 2007, eq. 8)."""
        number = np.asarray(period, dtype=np.float64)
        return self.survival(number) / self.survival(number - 1.0)

    def expected_renewals(self, made: Floats, horizon: int) -> Floats:
        """Expected renewals among the next `horizon` of customers who have made so many."""
        return self.discounted_renewals(made, 0.0, horizon)

    def discounted_renewals(self, made: Floats, discount: float, horizon: int | None = None) -> Floats:
        """Expected renewals to come, the i-th discounted by (1 + discount)**-i.

        Without a horizon for ever; raises ValueError without a horizon and without a discount.
        """
        if horizon is None and not discount > 0:
            raise ValueError("an endless horizon needs a discount rate above zero")
        step = math.log1p(discount)
        last = horizon if horizon is not None else math.ceil(-math.log(SMALLEST_DISCOUNT) / step)
        distinct_made, which = np.unique(made, return_inverse=True)
        now = self.survival(distinct_made)
        total = np.zeros(len(distinct_made))
        for start in range(1, min(last, MOST_PERIODS) + 1, 10_000):
            ahead = np.arange(start, min(start + 10_000, last + 1), dtype=np.float64)
            total += self.survival(distinct_made[:, None] + ahead) @ np.exp(-step * ahead)
        return (total / now)[which]

    def discounted_lifetime(self, discount: float) -> float:
        """Expected discounted periods of a new customer, the first paid at once: DEL (Fader, Hardie 2010,
        "Customer-Base Valuation in a Contractual Setting").
        """
        return 1.0 + float(self.discounted_renewals(np.zeros(1), discount)[0])

    def discounted_residual_lifetime(self, made: Floats, discount: float) -> Floats:
        """Expected discounted periods still to be paid, the next at the renewal now due: DERL (2010)."""
        return (1.0 + discount) * self.discounted_renewals(made, discount)


def weak_prior() -> Prior:
    """Beliefs with a spread of e either way: one in four leaves at a renewal, and time itself changes nothing."""
    return Prior(np.log([0.8, 2.4, 1.0]), np.array([1.0, 1.0, 0.5]))


def fit(
    history: ContractHistory, *, duration_matters: bool = False, prior: Prior | None = None
) -> PurchaseFit:
    """Fit an sBG, or with `duration_matters` a BdW, by maximum likelihood (with `prior`: posterior).

    On the tables of the 2007 paper (seven years): Regular alpha 0.704, beta 1.182; High End 0.668, 3.806.
    """
    size = 3 if duration_matters else 2
    if prior is not None:
        prior = Prior(prior.centre[:size], prior.spread[:size])
    start = np.log([0.8, 2.4, 1.0])[:size] if prior is None else prior.centre
    likelihood = ContractLikelihood(history, duration_matters)
    best = newton.maximise(with_prior(likelihood, prior, np.zeros(size)), start)
    parameters, covariance = np.exp(best.point), covariance_of(best.hessian)
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(covariance)) * parameters
    return PurchaseFit(
        model=ContractModel(*(float(value) for value in parameters)),
        log_likelihood=best.value if prior is None else likelihood(best.point)[0],
        standard_errors=tuple(float(error) for error in errors),
        covariance=covariance,
        customers=round(float(history.weight.sum())),
        rows=len(history.weight),
        passes=best.passes,
        converged=best.converged,
        at_boundary=best.at_boundary,
    )


class ContractLikelihood:
    """Log-likelihood of renewals with gradient and Hessian in the logarithms of (alpha, beta[, c])."""

    def __init__(self, history: ContractHistory, duration_matters: bool) -> None:
        self.ended, self.size = history.ended, 3 if duration_matters else 2
        self.made, self.weight = history.renewals, history.weight

    def __call__(self, point: Floats) -> newton.Evaluation:
        parameters = np.exp(point)
        stayed, slope, bend = self._survival(parameters, self.made)
        after = self._survival(parameters, self.made + 1.0)
        gone = self.ended.astype(np.float64)
        chance, slope, bend = stayed - gone * after[0], slope - gone * after[1], bend - gone * after[2]
        slope, bend = slope / chance, bend / chance
        value = float(self.weight @ np.log(chance))
        hessian = (bend * self.weight).sum(axis=2) - (slope * self.weight) @ slope.T
        return in_logs(parameters, value, slope @ self.weight, hessian)

    def _survival(self, parameters: Floats, periods: Floats) -> tuple[Floats, Floats, Floats]:
        """Survival with its first and second derivatives by the parameters."""
        alpha, beta = parameters[:2]
        c = parameters[2] if self.size == 3 else 1.0
        passed = periods**c
        psi, both = special.digamma, alpha + beta
        with np.errstate(divide="ignore", invalid="ignore"):
            pace = np.where(periods > 0, passed * np.log(periods), 0.0)
            bent = np.where(periods > 0, pace * np.log(periods), 0.0)
        late, late_both = psi(beta + passed), psi(both + passed)
        curve, curve_both = special.zeta(2.0, beta + passed), special.zeta(2.0, both + passed)
        apart, apart_curve = late - late_both, curve - curve_both
        slope = np.stack([psi(both) - late_both, apart + psi(both) - psi(beta), apart * pace])
        bend = np.empty((3, 3, len(periods)))
        bend[0, 0] = bend[0, 1] = special.zeta(2.0, both) - curve_both
        bend[1, 1] = bend[0, 0] + curve - special.zeta(2.0, beta)
        bend[0, 2], bend[1, 2] = -curve_both * pace, apart_curve * pace
        bend[2, 2] = apart_curve * pace**2 + apart * bent
        bend[1, 0], bend[2, 0], bend[2, 1] = bend[0, 1], bend[0, 2], bend[1, 2]
        survival = np.exp(special.betaln(alpha, beta + passed) - special.betaln(alpha, beta))
        slope, bend = slope[: self.size], bend[: self.size, : self.size]
        return survival, survival * slope, survival * (bend + slope[:, None] * slope[None, :])
