"""The way every model of purchases is fitted: Newton on the logarithms of its parameters, time scaled inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models import newton
from clientier.worth.models.history import History

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], newton.Evaluation]
FIRST_LOOK_ROWS = 5_000


@dataclass(frozen=True)
class Prior:
    """Normal beliefs about the logarithms of the parameters; those that are times in the unit of the history."""

    centre: Floats
    spread: Floats


@dataclass(frozen=True)
class PurchaseFit:
    """A fitted model, its log-likelihood in the caller's unit of time, and how the fit went.

    `covariance` is that of the logarithms of the parameters (the inverse of the negative Hessian at the top, the
    prior included where there was one); `standard_errors` are of the parameters themselves.
    """

    model: Any
    log_likelihood: float
    standard_errors: tuple[float, ...]
    covariance: Floats
    customers: int
    rows: int
    passes: int
    converged: bool
    at_boundary: bool


@dataclass(frozen=True)
class Recipe:
    """How to fit one kind of model: its likelihood on a history, its model from parameters, where to start.

    `times` marks the parameters that are times (alpha, beta), which scale with the unit; where none is, time is
    counted, not measured, and stays as it is.
    """

    likelihood: Callable[[History], Likelihood]
    build: Callable[[Floats], Any]
    start: Floats
    times: Floats


def climb(history: History, recipe: Recipe, prior: Prior | None = None) -> PurchaseFit:
    """Fit by maximum likelihood (with `prior`: by maximum posterior) on the rows counted together."""
    rows = history.compressed()
    unit = rows.mean_age if recipe.times.any() else 1.0
    scaled = rows.in_units_of(unit)
    shift = recipe.times * np.log(unit)
    likelihood = recipe.likelihood(scaled)
    start = recipe.start if prior is None else prior.centre - shift
    if len(rows.x) > 4 * FIRST_LOOK_ROWS:
        few = scaled.every(len(rows.x) // FIRST_LOOK_ROWS)
        start = newton.maximise(with_prior(recipe.likelihood(few), prior, shift), start).point
    best = newton.maximise(with_prior(likelihood, prior, shift), start)
    parameters = np.exp(best.point + shift)
    covariance = covariance_of(best.hessian)
    purchases = float(rows.weight @ rows.x)
    value = best.value if prior is None else likelihood(best.point)[0]
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(covariance)) * parameters
    return PurchaseFit(
        model=recipe.build(parameters),
        log_likelihood=value - purchases * float(np.log(unit)),
        standard_errors=tuple(float(error) for error in errors),
        covariance=covariance,
        customers=round(rows.customers),
        rows=len(rows.x),
        passes=best.passes,
        converged=best.converged,
        at_boundary=best.at_boundary,
    )


def from_parameters(kind: Any, parameters: Floats, **more: Any) -> Any:
    """A model of that kind with the parameters in its own order."""
    return kind(**dict(zip(kind.PARAMETERS, map(float, parameters), strict=True)), **more)


def covariance_of(hessian: Floats) -> Floats:
    """The inverse of the negative Hessian; a direction the data say nothing of gets none."""
    return np.asarray(np.linalg.pinv(-hessian), dtype=np.float64)


def crude_rate(history: History) -> float:
    """Repeat purchases per customer and unit of time while active, guessed: one in 90 where nothing is known."""
    time = float(history.weight @ history.age)
    return (float(history.weight @ history.x) + 0.5) / (time + 1.0) * 1.5 if time > 0 else 1.0 / 90.0


def with_prior(likelihood: Likelihood, prior: Prior | None, shift: Floats) -> Likelihood:
    """The likelihood itself, or with the log density of the prior added."""
    if prior is None:
        return likelihood

    def posterior(point: Floats) -> newton.Evaluation:
        value, gradient, hessian = likelihood(point)
        distance = (point + shift - prior.centre) / prior.spread
        return (
            value - 0.5 * float(distance @ distance),
            gradient - distance / prior.spread,
            hessian - np.diag(prior.spread**-2.0),
        )

    return posterior


def in_logs(parameters: Floats, value: float, gradient: Floats, hessian: Floats) -> newton.Evaluation:
    """Gradient and Hessian by the parameters turned into those by their logarithms."""
    scaled = parameters * gradient
    return value, scaled, np.outer(parameters, parameters) * hessian + np.diag(scaled)
