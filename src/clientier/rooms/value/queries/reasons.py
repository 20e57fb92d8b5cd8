"""The sentence behind every judgement, from its inputs and thresholds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clientier.core.money import from_e4
from clientier.core.wording import listed
from clientier.kit import formats
from clientier.rooms.value.choices import Lifecycle, Tier, Warning
from clientier.rooms.value.models import Appraisal, ValueRun

HEALTH_PARTS = {
    "activity": lambda: _("rhythm"),
    "trend": lambda: _("trend"),
    "value": lambda: _("value"),
    "margin": lambda: _("margin"),
}


def why_tier(score: Appraisal, run: ValueRun, currency: str) -> str:
    """Rank among how many, by what, and where the tier begins; or why there is none."""
    if not score.tier:
        return _("Outside of the pyramid: no trade and no cost in the last 12 months.")
    active = run.facts["counts"]["customers"]["in_pyramid"]
    words = _("Rank %(rank)s of %(all)s active customers by net profit of 12 months (%(profit)s).") % {
        "rank": formats.number(score.rank or 0),
        "all": formats.number(active),
        "profit": formats.with_symbol(score.net_profit, currency),
    }
    if score.net_profit < 0:
        return f"{words} " + _("A customer below zero is never key.")
    if score.tier_exact != score.tier:
        return (
            words
            + " "
            + _("By this run alone it would be %(exact)s; a move needs two runs in a row beyond the band.")
            % {"exact": Tier(score.tier_exact).label}
        )
    return words


def why_lifecycle(score: Appraisal, today: dt.date) -> str:
    """What the customer did that makes it a first-time, repeat, loyal or lost one."""
    if score.last_day is None:
        return _("Has not bought anything yet.")
    facts = {
        "times": score.purchase_days,
        "ago": formats.since(score.last_day, today),
        "chance": formats.percent(score.p_active_365 or 0),
        "soon": formats.percent(score.p_active_90 or 0),
    }
    silence = (today - score.last_day).days
    if score.lifecycle == Lifecycle.LOST and score.gap_limit_days and silence > 3 * score.gap_limit_days:
        limit = {"limit": round(score.gap_limit_days)}
        return _("Last purchase %(ago)s; nine times of ten it used to buy again within %(limit)d days.") % (
            facts | limit
        )
    if score.lifecycle == Lifecycle.LOST:
        return _("Last purchase %(ago)s; the chance of another within a year is %(chance)s.") % facts
    if score.lifecycle == Lifecycle.LOYAL:
        return _("Buys regularly, last %(ago)s; the chance of a purchase within 90 days is %(soon)s.") % facts
    if score.lifecycle == Lifecycle.FIRST_TIME:
        return _("Bought once, %(ago)s.") % facts
    return _("Has bought again, last %(ago)s; the chance of a purchase within 90 days is %(soon)s.") % facts


def why_warning(score: Appraisal, today: dt.date, currency: str) -> str:
    """What turned bad, against the customer's own habit."""
    facts: dict[str, Any] = {
        "days": (today - score.last_day).days if score.last_day else 0,
        "gap": round(score.mean_gap_days or 0),
        "limit": round(score.gap_limit_days or 0),
        "soon": formats.percent(score.p_active_90 or 0),
        "change": formats.percent(score.growth or 0),
        "loss": formats.with_symbol(-score.net_profit, currency),
    }
    match score.warning:
        case Warning.SILENCE:
            words = _(
                "Silent for %(days)d days; buys about every %(gap)d days, nine times of ten within %(limit)d."
            )
        case Warning.ACTIVITY_DROP:
            words = _("The chance of a purchase within 90 days has fallen below half, to %(soon)s.")
        case Warning.PURCHASES_FALLING:
            words = _("Bought less than half as often as in the year before (revenue %(change)s).")
        case Warning.BELOW_ZERO:
            words = _("Cost %(loss)s more than it brought in the last 12 months.")
        case _:
            return ""
    return words % facts


def why_health(score: Appraisal) -> str:
    parts = [f"{HEALTH_PARTS[name]()} {value}" for name, value in score.health_parts.items()]
    return _("Of 100 each: %(parts)s.") % {"parts": listed(parts)}


def driver_amount(score: Appraisal, name: str) -> Any:
    """One part of the cost to serve, as an amount."""
    return from_e4(score.costs.get(name, 0))
