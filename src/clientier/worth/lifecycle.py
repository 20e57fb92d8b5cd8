"""Where each customer stands in his life with the company: class, stage, value type, and won back or not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clientier.worth.facts import Columns
from clientier.worth.policy import Policy
from clientier.worth.tiers import KEY_TIERS

CLASSES = ("non_customer", "potential", "target", "first_time", "repeat", "loyal", "lost")
STAGES = ("acquisition", "growth", "maturity", "decline", "churned")
ATTITUDES = ("", "loyal", "switching", "none")
VALUE_TYPES = ("", "most_valuable", "most_growable", "below_zero", "migrator")
Bools = NDArray[np.bool_]


def lifecycle_classes(
    columns: Columns,
    buyer: Bools,
    policy: Policy,
    before: NDArray[Any] | None,
    old_signals: NDArray[Any],
    *,
    trusted: bool,
) -> Columns:
    """Class, runs in a row at which the customer looked lost (`lost_signals`), and whether he was won back.

    Lost: P(active within `lost_horizon_days`) below `lost_p_active` after `lost_least_days` of silence (where
    everybody buys like clockwork a model gives up within weeks, which is a warning and not yet a loss), or silent
    for `lost_silence_days` and for `lost_gap_multiple` times the customer's own longest usual gap (a model of
    random purchases forgives the regular ones too much). Where too few have bought again for a model to be
    `trusted`, silence alone tells, twice as long for those without a rhythm of their own. Lost takes
    `lost_confirmations` runs in a row; a customer whom no earlier run has seen is judged at once. Loyal: at least
    `loyal_purchases` repeat purchases and P(active within `loyal_horizon_days`) of `loyal_p_active` or more. A lost
    customer who buys again is won back.
    """
    limit = np.maximum(policy.lost_silence_days, policy.lost_gap_multiple * columns["gap_limit_days"])
    if not trusted:
        limit = np.where(columns["gap_is_own"], limit, 2.0 * policy.lost_silence_days)
    out_of_rhythm = columns["recency_days"] > limit
    unlikely = trusted & (columns[f"p_active_{policy.lost_horizon_days}"] < policy.lost_p_active)
    unlikely &= columns["recency_days"] > policy.lost_least_days
    silent = buyer & (unlikely | out_of_rhythm)
    signals = np.where(silent, np.minimum(old_signals.astype(int) + 1, 100), 0).astype(np.int8)
    lost = silent.copy()
    won_back = np.zeros(len(buyer), dtype=bool)
    if before is not None:
        known = before != ""
        lost = silent & (~known | (signals >= policy.lost_confirmations) | (before == "lost"))
        won_back = (before == "lost") & buyer & ~lost
    x = columns["x"]
    loyal = buyer & (x >= policy.loyal_purchases)
    loyal &= columns[f"p_active_{policy.loyal_horizon_days}"] >= policy.loyal_p_active
    classes = np.where(
        lost,
        "lost",
        np.where(loyal, "loyal", np.where(buyer & (x > 0), "repeat", np.where(buyer, "first_time", ""))),
    )
    return {
        "lifecycle": np.where(buyer, classes, columns["prospect"]).astype("U12"),
        "lost_signals": signals,
        "silence_limit_days": limit,
        "won_back": won_back,
    }


def stages(classes: NDArray[np.str_], columns: Columns, policy: Policy) -> NDArray[np.str_]:
    """Stage from class and the change of revenue between the two windows; silence beyond the own rhythm is
    decline.
    """
    revenue, prior = columns["revenue_e4"].astype(float), columns["prior_revenue_e4"].astype(float)
    change = revenue - prior
    threshold = policy.stage_change * np.abs(prior)
    silent = columns["recency_days"] > columns["gap_limit_days"]
    stage = np.where(change > threshold, "growth", np.where(-change > threshold, "decline", "maturity"))
    stage = np.where(silent, "decline", stage)
    stage = np.where(np.isin(classes, ("repeat", "loyal")), stage, "acquisition")
    return np.where(classes == "lost", "churned", stage).astype("U11")


def value_types(columns: Columns, member: Bools, policy: Policy) -> NDArray[np.str_]:
    """Below zero: negative profit. Most valuable: key tiers. Most growable: not key, but CLV among the key share,
    or a growth candidate whose expected profit of the next year would be key today. Migrator: all others.
    """
    profit, tier = columns["net_profit_e4"], columns["tier"]
    key = (tier == 1) | (tier == 2)
    worth_most = np.zeros(len(profit), dtype=bool)
    if member.any():
        cut = np.quantile(columns["clv_e4"][member], 1.0 - sum(policy.boundaries[:2]))
        worth_most = member & (columns["clv_e4"] > max(cut, 0.0))
    grows_into_key = np.zeros(len(profit), dtype=bool)
    if (columns["tier_exact"] == KEY_TIERS).any():
        key_profit = profit[columns["tier_exact"] == KEY_TIERS].min()
        grows_into_key = columns["growth_candidate"] & (columns["expected_profit_365_e4"] >= key_profit)
    growable = (worth_most | grows_into_key) & (columns["lifecycle"] != "lost")
    kind = np.where(growable, "most_growable", "migrator")
    kind = np.where(key, "most_valuable", kind)
    kind = np.where(profit < 0, "below_zero", kind)
    return np.where(member, kind, "").astype("U13")


def growth_candidates(columns: Columns, policy: Policy) -> Bools:
    """Not yet at the top, profitable, not declining, and the next tier within reach of what is expected or
    grown.
    """
    profit, gap = columns["net_profit_e4"], columns["gap_to_next_tier_e4"]
    grows = columns["stage"] == "growth"
    expected = columns["expected_profit_365_e4"] >= profit + gap
    near = gap <= policy.growth_reach * np.maximum(profit, 0)
    able = (
        (columns["tier"] > 1)
        & (profit > 0)
        & np.isin(columns["lifecycle"], ("first_time", "repeat", "loyal"))
    )
    return able & (expected | (grows & near)) & (columns["stage"] != "decline")


def attitudes(columns: Columns, policy: Policy) -> NDArray[np.str_]:
    """Loyalty attitude where something is known of it, else ''.

    Loyal: does not switch, and gives us `loyal_share_of_wallet` of his demand or more. Switching: known to change
    suppliers. None: neither; he buys wherever it suits him. Without a share, one who is known not to switch is
    loyal.
    """
    share, switches = columns["share_of_wallet"], columns["switches"]
    with np.errstate(invalid="ignore"):
        faithful = np.where(np.isnan(share), switches == 0, share >= policy.loyal_share_of_wallet)
    kind = np.where(switches == 1, "switching", np.where(faithful, "loyal", "none"))
    return np.where(np.isnan(share) & np.isnan(switches), "", kind).astype("U9")
