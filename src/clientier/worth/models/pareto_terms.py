"""The likelihood of a Pareto/NBD customer as a sum: still here, or gone at one of several moments of silence.

The integral over the moment of leaving (Fader, Hardie 2005, eq. 18) runs in u = ln(m + t), m the smaller of alpha
and beta: there the integrand has no singularity nearer than pi, falls off at most exponentially, and a rule of 8 to
32 nodes, chosen by how far it falls, is exact to about 1e-10. Beyond a fall of e**-40 nothing is left to integrate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clientier.worth.models.quadrature import legendre_rule

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
# (nodes, greatest fall of the logarithm, greatest length in logarithmic time) that the rule covers
RULES = ((8, 2.0, 3.0), (12, 6.0, 5.0), (16, 12.0, 8.0), (32, np.inf, np.inf))
ENOUGH_FALL, MOST_FALL = 40.0, 60.0


@dataclass(frozen=True)
class LeavingTerms:
    """Logarithms of the scenarios of some rows, against the density at t_x: row 0 stayed, row j left at node j.

    `log_a` and `log_b` are ln(alpha + t) and ln(beta + t) at the moments (row 0: at the end of observation), and
    `reference` what has to be added to each column.
    """

    terms: Floats
    log_a: Floats
    log_b: Floats
    reference: Floats

    def p_stayed(self) -> Floats:
        """Posterior probability of the first scenario."""
        odds = np.exp(self.terms - self.terms.max(axis=0))
        return odds[0] / odds.sum(axis=0)


def leaving_terms(
    parameters: Floats, x: Floats, t_x: Floats, age: Floats
) -> Iterator[tuple[Places, LeavingTerms]]:
    """The scenarios of all rows, in groups that need the same number of nodes, with the places of their rows."""
    length, fall = _extent(parameters, x, t_x, age)
    left = np.ones(len(x), dtype=bool)
    for size, most_fall, longest in RULES:
        here = left & (fall <= most_fall) & (length <= longest)
        left &= ~here
        place = np.flatnonzero(here)
        if len(place):
            yield place, _terms(parameters, x[place], t_x[place], age[place], length[place], size)


def _terms(
    parameters: Floats, x: Floats, t_x: Floats, age: Floats, length: Floats, size: int
) -> LeavingTerms:
    r, alpha, s, beta = parameters
    nodes, weights = legendre_rule(size)
    shorter = min(alpha, beta)
    shape, start = r + x, shorter + t_x
    log_start = np.log(start)
    log_a, log_b = np.empty((2, size + 1, len(x)))
    near, far = (log_a, log_b) if alpha <= beta else (log_b, log_a)
    near[1:] = log_start + nodes[:, None] * length
    since = np.exp(near[1:])
    np.log(since + abs(beta - alpha), out=far[1:])
    log_a[0], log_b[0] = np.log(alpha + age), np.log(beta + age)
    reference_a, reference_b = np.log(alpha + t_x), np.log(beta + t_x)
    terms = shape * (reference_a - log_a) + s * (reference_b - log_b)
    with np.errstate(divide="ignore"):
        terms[1:] += near[1:] - log_b[1:] + np.log(length) + np.log(s * weights)[:, None]
    return LeavingTerms(terms, log_a, log_b, -shape * reference_a - s * reference_b)


def _extent(parameters: Floats, x: Floats, t_x: Floats, age: Floats) -> tuple[Floats, Floats]:
    """Length in u that has to be integrated, and how far the logarithm of the integrand falls over it."""
    r, alpha, s, beta = parameters
    shorter = min(alpha, beta)

    def fall_until(rows: slice | Places, time: Floats) -> Floats:
        step = time - t_x[rows]
        return (
            (r + x[rows]) * np.log1p(step / (alpha + t_x[rows]))
            + (s + 1.0) * np.log1p(step / (beta + t_x[rows]))
            - np.log1p(step / (shorter + t_x[rows]))
        )

    length = np.log1p((age - t_x) / (shorter + t_x))
    fall = fall_until(slice(None), age)
    far = np.flatnonzero(fall > MOST_FALL)
    low, high = np.zeros(len(far)), length[far]
    for _ in range(60):
        middle = 0.5 * (low + high)
        fallen = fall_until(far, t_x[far] + (shorter + t_x[far]) * np.expm1(middle))
        low, high = np.where(fallen < ENOUGH_FALL, middle, low), np.where(fallen < ENOUGH_FALL, high, middle)
        if np.all((fallen >= ENOUGH_FALL) & (fallen <= MOST_FALL)):
            high = middle
            break
    length[far] = high
    fall[far] = ENOUGH_FALL
    return length, fall
