"""Where customers stand: the current run, the state a next run builds on, and policies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db.models import QuerySet

from clientier import worth
from clientier.rooms.parties.models import Customer
from clientier.rooms.value.choices import TIERS
from clientier.rooms.value.models import Score, Standing, ValuePolicy, ValueRun

FIRST_MINUTE_COST_E4 = 20_000
TIER_NUMBERS = {"": 0, **{str(tier): place for place, tier in enumerate(TIERS, start=1)}}


def current_run() -> ValueRun | None:
    return ValueRun.objects.filter(is_current=True).select_related("policy", "previous").first()


def current_policy() -> ValuePolicy:
    """The newest rules; a new installation begins with the engine's defaults and a rate for minutes."""
    found = ValuePolicy.objects.order_by("-version").first()
    return found or ValuePolicy(version=1, rules=worth.Policy(minute_cost_e4=FIRST_MINUTE_COST_E4).as_dict())


def policies() -> QuerySet[ValuePolicy]:
    """All versions of the rules, the newest first."""
    return ValuePolicy.objects.select_related("made_by").order_by("-version")


def rules_of(policy: ValuePolicy) -> worth.Policy:
    return worth.Policy.from_dict(policy.rules)


def standing_of(customer_id: int) -> Standing | None:
    return Standing.objects.filter(customer_id=customer_id).first()


def tiers_told(customers: Sequence[int]) -> dict[int, str]:
    """The tier of each of these customers that has one."""
    found = Standing.objects.filter(customer__in=customers).exclude(tier="")
    return dict(found.order_by().values_list("customer", "tier"))


def tier_told(customer: Customer) -> str:
    """The tier of a customer; where its standing was read along with it, nothing is asked."""
    if Customer._meta.get_field("standing").is_cached(customer):
        known = getattr(customer, "standing", None)
    else:
        known = standing_of(customer.pk)
    return known.tier if known else ""


def previous_state(run: ValueRun | None) -> worth.Previous | None:
    """What the engine must remember of that run so that nobody flips back and forth."""
    if run is None:
        return None
    names = (
        "customer_id", "tier", "tier_candidate", "tier_confirmations", "lifecycle", "lost_signals", "tier_since",
    )  # fmt: skip
    rows = list(Score.objects.filter(run=run).values_list(*names))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    ids, tier, candidate, confirmations, lifecycle, signals, since = columns
    return worth.Previous(
        customer_id=np.array(ids, dtype=np.int64),
        tier=np.array([TIER_NUMBERS[t] for t in tier], dtype=np.int8),
        candidate=np.array([TIER_NUMBERS[t] for t in candidate], dtype=np.int8),
        confirmations=np.array(confirmations, dtype=np.int8),
        lifecycle=np.array(lifecycle, dtype="U12"),
        lost_signals=np.array(signals, dtype=np.int8),
        tier_since=np.array(since, dtype="datetime64[D]"),
    )
