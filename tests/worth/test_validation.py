"""Asking the engine at earlier days: a well specified simulation is believed, a broken one is caught, warnings are
judged, and what cannot be judged is refused.
"""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from clientier import worth
from clientier.worth.report.trust import write_trust_page
from clientier.worth.validation import alarms
from tests.worth.books import AS_OF, appraise, orders, row
from tests.worth.simulated import launched_book, mbg_book, stopped_book


@pytest.fixture(scope="module")
def believed() -> worth.Validation:
    """The validation of customers who behave as the model says."""
    return worth.validate(worth.Tables(orders=mbg_book()), as_of=AS_OF, horizon_days=365, origins=2)


def finding(validation, code):
    return next(one for one in validation.findings if one["code"] == code)


def test_a_well_specified_simulation_is_believed(believed):
    assert len(believed.origins) == 2
    assert finding(believed, "error_below_naive")["ok"]
    assert finding(believed, "bias_below_naive")["ok"]
    assert finding(believed, "ranking_not_worse")["ok"]
    assert finding(believed, "ranges_cover")["ok"]
    bought = believed.pooled["purchases"]
    assert abs(bought["model"]["bias"]) < 0.08
    assert bought["brier"]["p_active"] < 0.8 * bought["brier"]["base_rate"]


def test_deciles_of_a_well_specified_simulation_lie_on_the_line(believed):
    for group in believed.pooled["purchases"]["deciles_p_active"]:
        assert group["actual"] == pytest.approx(group["expected"], abs=0.09)


def test_truth_is_told_by_the_engine_itself(believed):
    book, last = mbg_book(), believed.origins[-1]
    origin, until = (np.datetime64(last[name]).astype(int) for name in ("origin", "until"))
    known = np.unique(book["customer_id"][book["day"] <= origin])
    later = (book["day"] > origin) & (book["day"] <= until) & np.isin(book["customer_id"], known)
    pairs = np.unique(np.stack([book["customer_id"][later], book["day"][later]]), axis=1)
    assert last["purchases"]["actual"] == pairs.shape[1]
    assert last["purchases"]["n_customers"] == len(known)
    profit = (book["amount_e4"] - book["cost_e4"])[later].sum() / 10_000
    assert last["money"]["actual"] == pytest.approx(profit)


def test_a_broken_model_is_caught_and_gives_way():
    found = worth.validate(worth.Tables(orders=stopped_book()), as_of=AS_OF, horizon_days=180, origins=1)
    uses = [verdict["use"] for entry in found.origins for verdict in entry["fallback"]]
    assert "totals" in uses
    bought = found.pooled["purchases"]
    assert bought["believed"]["error"] < bought["model"]["error"]


def test_a_launch_is_followed_and_days_before_it_are_told_apart():
    found = worth.validate(worth.Tables(orders=launched_book()), worth.Policy(model="mbg"), as_of=AS_OF,
                           horizon_days=90, origins=3)  # fmt: skip
    before, last = found.origins[0], found.origins[-1]
    assert [verdict["rule"] for verdict in last["fallback"] if verdict["use"] == "totals"] == ["present"]
    assert abs(last["purchases"]["believed"]["bias"]) < 0.3 < 0.5 < abs(last["purchases"]["model"]["bias"])
    assert before["purchases"]["believed"]["bias"] < -0.9
    assert found.notices == [{"code": "days_left_out", "days": [before["origin"]], "number": 1, "of": 3}]
    assert finding(found, "bias_below_naive_all_days")["ours"] > finding(found, "bias_below_naive")["ours"]
    assert found.pooled["purchases"]["n_customers"] == sum(
        entry["purchases"]["n_customers"] for entry in found.origins[1:]
    )


def test_promises_are_judged_with_and_without_the_days_left_out_and_both_are_said():
    found = worth.validate(worth.Tables(orders=launched_book()), worth.Policy(model="mbg"), as_of=AS_OF,
                           horizon_days=90, origins=3)  # fmt: skip
    judged = [
        one["code"] for one in found.findings if "ours" in one and not one["code"].endswith("_all_days")
    ]
    again = [one["code"] for one in found.findings if one["code"].endswith("_all_days")]
    assert len(judged) >= 3 and again == [f"{code}_all_days" for code in judged]
    believed = [entry["purchases"]["believed"]["bias"] for entry in found.origins]
    told = finding(found, "bias_below_naive_all_days")
    assert told["ours"] == pytest.approx(np.sqrt(np.mean(np.square(believed))))
    page = write_trust_page(found)
    assert f"1 of 3 days ({found.origins[0]['origin']})" in page and "Over all days asked: Totals" in page


def test_where_nobody_ever_bought_twice_no_day_is_left_out():
    book = orders(*((who, at, 50) for who, at in enumerate(range(-700, 360, 2))))
    found = worth.validate(worth.Tables(orders=book), as_of=AS_OF, horizon_days=180, origins=2)
    assert [one["code"] for one in found.notices] == []
    assert not any(one["code"].endswith("_all_days") for one in found.findings)
    assert found.pooled["purchases"]["n_customers"] == sum(
        entry["purchases"]["n_customers"] for entry in found.origins
    )


def test_the_answer_is_plain_values(believed):
    assert json.loads(json.dumps(believed.as_dict()))["horizon_days"] == 365


def test_a_horizon_that_the_history_does_not_allow_is_shortened_and_said():
    found = worth.validate(worth.Tables(orders=mbg_book(days=400)), as_of=AS_OF)
    codes = {notice["code"]: notice for notice in found.notices}
    assert codes["horizon_shortened"]["asked"] == 365
    assert (
        found.horizon_days == codes["horizon_shortened"]["used"] == codes["horizon_shortened"]["history"] // 2
    )
    assert codes["fewer_origins"]["used"] == len(found.origins) == 1


def test_a_history_too_short_is_refused_with_what_is_needed():
    book = orders(*((who, 320 + who, 5) for who in range(40)))
    with pytest.raises(worth.HistoryTooShort) as refusal:
        worth.validate(worth.Tables(orders=book), as_of=AS_OF)
    assert refusal.value.code == "history_too_short" and refusal.value.values["needed"] == 60


def test_too_few_customers_are_refused():
    book = orders(*((1, at, 5) for at in range(-300, 360, 20)))
    with pytest.raises(worth.HistoryTooShort) as refusal:
        worth.validate(worth.Tables(orders=book), as_of=AS_OF)
    assert refusal.value.code == "few_customers"


def test_warned_and_fallen_by_hand():
    def weekly(who, *spans):
        return [(who, at, 50) for first, last in spans for at in range(first, last, 7)]

    book = orders(
        *weekly(1, (-360, 360)),  # goes on
        *weekly(2, (-360, -30)),  # stopped before the origin, for good
        *weekly(3, (-360, -28), (40, 180)),  # silent at the origin, but back: a false alarm
        *weekly(4, (-360, 10)),  # stops after the origin: nobody could know
        *(line for who in range(10, 40) for line in weekly(who, (-360 + who, 360))),
    )  # fmt: skip
    then = appraise(book, as_of=_date(0))
    came = appraise(book, as_of=_date(180), window_days=180)
    seen = alarms.warned_and_fallen(then, came, 180)
    judged = alarms.judged_warnings([seen])["kinds"]["silence"]["fallen"]
    assert (judged["n_warned"], judged["n_fallen"], judged["n_right"]) == (2, 2, 1)
    assert (judged["precision"], judged["recall"]) == (0.5, 0.5)
    assert row(then, 2)["alert"] == row(then, 3)["alert"] == "silence"


def test_lead_time_runs_from_the_first_day_of_the_warning_to_a_year_of_silence():
    book = orders(*((1, at, 50) for at in range(-360, -30, 7)),
                  *((who, at, 50) for who in range(2, 40) for at in range(-360 + who, 360, 7)))  # fmt: skip
    then, came = appraise(book, as_of=_date(0)), appraise(book, as_of=_date(180), window_days=180)
    lead = alarms.warned_and_fallen(then, came, 180)["lead_days"]
    assert lead.tolist() == [365 - (row(then, 1)["gap_limit_days"] + 1)]


def _date(number):
    return np.datetime64(AS_OF, "D").item() - _days(364 - number)


def _days(number):
    return np.timedelta64(number, "D").item()


def test_tier_stability_counts_moves_and_flaps():
    def run(first, second, tiers):
        result = appraise(orders((1, 200, first), (2, 200, second)))
        columns = dict(result.customers) | {"tier": np.array(tiers, dtype=np.int8)}
        return dataclasses.replace(result, customers=columns)

    found = worth.tier_stability([run(9, 5, [2, 3]), run(9, 5, [3, 3]), run(9, 5, [2, 3]), run(9, 5, [2, 4])])
    assert (found["runs"], found["customers_and_runs"]) == (4, 8)
    assert (found["moves"], found["flaps"]) == (3, 1)
    assert found["exact_moves"] == 0 and found["moves_ratio"] is None
