"""Customers drawn from the models themselves, so that the truth about each is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clientier.worth.models.history import History


@dataclass(frozen=True)
class Population:
    """What was seen until the ages, who was still a customer then, and what he bought within the horizon."""

    history: History
    alive: np.ndarray
    bought: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """x, t_x and age of each customer."""
        return self.history.x, self.history.t_x, self.history.age


def leaving_at_purchases(
    random, customers, parameters, *, first_may_be_last=True, k=1, horizon=180.0, ages=(200, 900)
):
    """Customers of an (M)BG/CNBD-k: gaps Erlang-k, leaving after a purchase with a probability of their own."""
    r, alpha, a, b = parameters
    rate, leave = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    age = random.uniform(*ages, customers)
    x, t_x, now, bought = np.zeros((4, customers))
    alive, log_gaps = np.zeros(customers, dtype=bool), 0.0
    active = np.arange(customers)
    if first_may_be_last:
        active = np.flatnonzero(random.random(customers) >= leave)
    while len(active):
        now[active] += random.gamma(k, 1 / rate[active])
        seen = active[now[active] <= age[active]]
        beyond = active[now[active] > age[active]]
        alive[beyond] = True
        soon = beyond[now[beyond] <= age[beyond] + horizon]
        bought[soon] += 1
        log_gaps += np.log(now[seen] - t_x[seen]).sum()
        x[seen] += 1
        t_x[seen] = now[seen]
        active = np.concatenate([seen, soon])
        active = active[random.random(len(active)) >= leave[active]]
    return Population(History.of(x, t_x, age, log_gaps=float(log_gaps)), alive, bought)


def leaving_unseen(random, customers, parameters, *, horizon=180.0, ages=(200, 900)):
    """Customers of a Pareto/NBD: they leave at a moment of their own, whether they buy or not."""
    r, alpha, s, beta = parameters
    rate = random.gamma(r, 1 / alpha, customers)
    left = random.exponential(1 / random.gamma(s, 1 / beta, customers))
    age = random.uniform(*ages, customers)
    x = random.poisson(rate * np.minimum(left, age)).astype(float)
    last = np.minimum(left, age) * random.random(customers) ** (1 / np.maximum(x, 1))
    bought = random.poisson(rate * np.clip(left - age, 0, horizon)).astype(float)
    return Population(History.of(x, np.where(x > 0, last, 0.0), age), left > age, bought)
