"""Every column that the run judged has its reason, and the values of the reasons are those of the columns."""

from __future__ import annotations

import re

import numpy as np
import pytest

from clientier import worth
from clientier.worth.explanation import EXPLAINED
from tests.worth.books import AS_OF, appraise, orders, row
from tests.worth.simulated import mbg_book

INPUTS = re.compile(
    r"(lifetime_|prior_|serve_|n_|p_active_|expected_purchases_|alert_)\w+"
    r"|(revenue|discount|cost|freight|gross|gross_margin|cost_to_serve|net_profit)_e4"
    r"|customer_id|name|prospect|first_seen|first_day|last_day|recency_days|mean_gap_days|minutes|x|t_x|age"
    r"|lost_signals|won_back|newcomer|traded_in_window|tier_candidate|tier_confirmations"
    r"|added_per_purchase_e4|growing_purchases|receivable_e4|overdue_e4|days_overdue|share_of_wallet|switches"
)


@pytest.fixture(scope="module")
def result():
    book = mbg_book(customers=300)
    return worth.appraise(worth.Tables(orders=book, customers={"customer_id": [9_999]}), as_of=AS_OF)


def test_every_column_is_an_input_or_explained(result):
    open_ = [name for name in result.customers if name not in EXPLAINED and not INPUTS.fullmatch(name)]
    assert open_ == []


def test_the_values_of_the_reasons_are_those_of_the_columns(result):
    for place in (0, 17, 100, int(np.argmax(result.customers["alert_strength"]))):
        reasons = worth.explain(result, place)
        for column, (section, name) in EXPLAINED.items():
            value = result.customers[column][place]
            if column.startswith("alert") and not result.customers["alert"][place]:
                continue
            if (section == "tier" and result.customers["tier"][place] == 0) or column == "value_at_risk_e4":
                continue
            found = [reason[name] for reason in reasons[section] if name in reason]
            assert any(_same(value, one) for one in found), (column, value, found)


def _same(value, found):
    if found is None:
        return value != value or bool(np.isnat(value)) if isinstance(value, np.datetime64) else value != value
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[D]").item() == found
    return value == found


def test_a_warning_names_its_thresholds():
    late = [(1, at, 50) for at in range(-200, 320, 14)]
    steady = [(who, at, 50) for who in range(2, 30) for at in range(-200 + who, 365, 14)]
    result = appraise(orders(*late, *steady))
    assert row(result, 1)["alert"] == "silence"
    silence = worth.explain(result, 0)["alert"][0]
    assert silence["p_silence"] < silence["below"] == result.policy.silence_p
    assert silence["recency_days"] > silence["gap_limit_days"]


def test_customers_without_purchases_are_explained_too(result):
    place = list(result.customers["customer_id"]).index(9_999)
    reasons = worth.explain(result, place)
    assert reasons["forecast"] == reasons["rhythm"] == reasons["ranking"] == []
    assert reasons["tier"][0]["code"] == "outside_pyramid"
    assert reasons["lifecycle"][0] == {"code": "potential", "purchases": 0}


def test_the_forecast_says_what_replaced_the_model(result):
    forecast = worth.explain(result, 0)["forecast"]
    fallen = [reason for reason in forecast if reason["code"] == "fell_back"]
    assert [one["use"] for one in fallen] == [one["use"] for one in result.model["fallback"]]
    range_ = next(reason for reason in forecast if reason["code"] == "purchases")
    assert (
        range_["low"] - 0.5 <= range_["used"] <= range_["high"] + 0.5
    )  # whole numbers: 2 stands for up to 2.5
