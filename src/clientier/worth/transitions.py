"""When customers came to be what they are, found from their own purchases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.facts import Columns
from clientier.worth.policy import Policy

NEVER = np.datetime64("NaT", "D")
Days = NDArray[Any]


def class_since(columns: Columns, policy: Policy) -> Days:
    """The day on which each customer's lifecycle class began; NaT where nothing tells.

    First-time: the first purchase. Repeat and loyal: the purchase that made him so, or the one by which he came
    back from a silence longer than `lost_silence_days`, if that was later. Lost: the first day on which a rule of
    loss held (rhythm broken, or P(active) too low). Those who never bought: first seen.
    """
    classes = columns["lifecycle"]
    since = columns["first_seen"].copy()
    reached = {"first_time": 1, "repeat": 2, "loyal": policy.loyal_purchases + 1}
    back = _came_back(columns, policy)
    for name, purchases in reached.items():
        here = classes == name
        day = _purchase(columns, purchases)[here]
        since[here] = np.fmax(day, back[here]) if purchases > 1 else day
    lost = classes == "lost"
    given_up = np.maximum(columns["unlikely_since"], columns["last_day"] + policy.lost_least_days + 1)
    since[lost] = np.fmin(_out_of_rhythm(columns)[lost], given_up[lost])
    return since


def _purchase(columns: Columns, number: int) -> Days:
    """The day of each customer's purchase of that number, counted from 1."""
    count = columns["lifetime_n_purchase_days"]
    day = np.full(len(count), NEVER)
    enough = count >= number
    start = np.cumsum(count) - count
    day[enough] = columns["purchase_day"][start[enough] + number - 1].astype("datetime64[D]")
    return day


def _came_back(columns: Columns, policy: Policy) -> Days:
    """The last purchase that ended a silence of more than `lost_silence_days`."""
    customer, day = columns["purchase_customer"], columns["purchase_day"]
    ended = (np.diff(day) > policy.lost_silence_days) & (customer[1:] == customer[:-1])
    latest = np.full(len(columns["customer_id"]), NEVER)
    latest[customer[1:][ended]] = day[1:][ended].astype("datetime64[D]")  # sorted: the last one stays
    return latest


def _out_of_rhythm(columns: Columns) -> Days:
    """The first day of silence beyond the limit of loss, where that day has come."""
    longest = columns["silence_limit_days"]
    broken = columns["recency_days"] > longest
    day = np.full(len(longest), NEVER)
    day[broken] = columns["last_day"][broken] + np.floor(longest[broken]).astype(np.int64) + 1
    return day
