"""The handful of duties that lie on people's desks when they first sign in."""

from __future__ import annotations

import numpy as np

from .chance import deal, stream, texts
from .characters import Characters
from .wording import task_titles
from .world import Table

_COUNTS = {
    "silent": 14,
    "declining": 8,
    "rising": 8,
    "won_back": 5,
    "first_time": 10,
    "potential": 10,
    "steady": 12,
}


def make_tasks(seed: int, *, people: Characters, customers: Table, today: np.datetime64) -> Table:
    """Tasks for their customers' owners: most open, some overdue, some done in the last days; by due day."""
    random = stream(seed, "tasks")
    chosen = [
        deal(random, np.flatnonzero(people.is_company & (people.fate == fate)), count)
        for fate, count in _COUNTS.items()
    ]
    customer = np.concatenate(chosen)
    due = random.integers(-4, 12, len(customer))
    order = np.argsort(due, kind="stable")
    customer, due = customer[order], due[order]
    done = (due < 0) & (random.random(len(due)) < 0.7)
    return Table(
        {
            "external_id": texts([f"T{number + 1:06d}" for number in range(len(customer))]),
            "customer": customers["external_id"][customer],
            "title": task_titles(random, people.fate[customer], customers["country"][customer] == "CN"),
            "due_on": today + due,
            "assigned_to": customers["owner"][customer],
            "state": np.where(done, "done", "open").astype(object),
            "reason": people.fate[customer],
        }
    )
