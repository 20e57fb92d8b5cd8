"""The cohorts as a heat table: of each half-year's newcomers, the share that still buys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from clientier.kit import formats
from clientier.rooms.value.charts.figures import number
from clientier.rooms.value.charts.links import customers_url

HEAT_STEPS = 8


class CohortFigures(Protocol):
    @property
    def start(self) -> dt.date: ...
    @property
    def customers(self) -> int: ...
    @property
    def bought(self) -> Sequence[int]: ...


def heat(found: Sequence[CohortFigures]) -> dict[str, Any]:
    """The cohorts as rows, the half-years since the first purchase as columns; darker: more still buy."""
    widest = max((len(cohort.bought) for cohort in found), default=0)
    later = [str(half) for half in range(1, widest)]
    return {
        "columns": [_("Half-year of the first purchase"), _("Customers"), *later],
        "rows": [_heat_row(cohort, widest) for cohort in found],
    }


def _heat_row(cohort: CohortFigures, widest: int) -> dict[str, Any]:
    last = len(cohort.bought) - 1
    return {
        "label": f"{cohort.start.year} H{2 if cohort.start.month > 6 else 1}",
        "customers": number(cohort.customers, _cohort_url(cohort.start)),
        "cells": [
            _heat_cell(bought, cohort.customers, last=place == last)
            for place, bought in enumerate(cohort.bought)
            if place
        ],
        "blanks": range(widest - len(cohort.bought)),
    }


def _heat_cell(bought: int, customers: int, *, last: bool) -> dict[str, Any]:
    share = bought / customers if customers else 0.0
    return {
        "text": formats.percent(share) if customers else "",
        "number": formats.number(bought),
        "step": round(share * HEAT_STEPS),
        "unfinished": last,
    }


def _cohort_url(start: dt.date) -> str:
    end = dt.date(start.year, 6, 30) if start.month == 1 else dt.date(start.year, 12, 31)
    return customers_url(f"standing__first_day:between:{start},{end}")
