"""The nightly check against history: CDNOW as published, what is chosen, what is replaced, what cannot be
checked.
"""

from __future__ import annotations

import numpy as np
import pytest

from clientier import worth
from clientier.worth import Policy
from clientier.worth.validation import verdicts
from clientier.worth.validation.holdout import look_at_history
from clientier.worth.validation.level import Surprise
from clientier.worth.validation.ranges import count_range, fitting_spread, whole_range
from clientier.worth.validation.trial import Trial, look_back
from tests.worth.books import AS_OF, appraise, orders
from tests.worth.simulated import mbg_book, stopped_book


def test_cdnow_holdout_equals_the_measured_one(shared_data):
    rows = [
        line.split() for line in (shared_data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines() if line
    ]
    text = [f"{row[2][:4]}-{row[2][4:6]}-{row[2][6:]}" for row in rows]
    day = np.array(text, dtype="datetime64[D]").astype(np.int64)
    pairs = np.unique(np.stack([np.array([int(row[1]) for row in rows]), day]), axis=1)
    as_of = int(np.datetime64("1998-06-30").astype("datetime64[D]").astype(np.int64))
    facts = {"purchase_customer": pairs[0], "purchase_day": pairs[1]}
    held = look_at_history(facts, as_of, Policy(model="bg")).report
    assert (held["days"], held["n_customers"]) == (272, 2357)
    assert held["actual"] == (pairs[1] > as_of - 272).sum()
    assert held["expected"] == pytest.approx(1653, rel=0.01)
    assert held["error"] < held["naive_error"]
    assert held["ranking"] > 0.7
    assert held["came_over_expected"] == pytest.approx(1.14, abs=0.01)


def test_what_was_known_and_what_came_are_split_at_the_origin():
    customer, day = np.array([1, 1, 1, 2, 2, 3]), np.array([0, 10, 40, 5, 60, 45])
    trial, known = look_back(customer, day, origin=30, horizon_days=20, window_days=25)
    assert known.tolist() == [1, 2]
    assert (trial.x.tolist(), trial.t_x.tolist(), trial.age.tolist()) == ([1, 0], [10, 0], [30, 25])
    assert (trial.recent.tolist(), trial.actual.tolist()) == ([1, 0], [1, 0])


def test_naive_rules_by_hand():
    trial = Trial(
        90, 365, *(np.array(column, dtype=float) for column in ([4, 0], [80, 0], [100, 50], [4, 1], [3, 0]))
    )
    assert trial.rule("last_year").tolist() == pytest.approx([4 * 90 / 365, 90 / 365])
    assert trial.rule("past_rate").tolist() == [3.6, 0.0]
    assert trial.rule("recency").tolist() == [-20.0, -50.0]
    assert trial.rule("frequency_recency").tolist() == pytest.approx([5 - 20 / 51, 1 - 50 / 51])
    assert trial.totals()["past_rate"]["bias"] == pytest.approx(0.2)


def test_a_rules_surprise_is_kept_between_a_half_and_the_double():
    assert verdicts.calibration_factor(np.array([50.0]), np.array([60.0])) == pytest.approx(1.2)
    assert verdicts.calibration_factor(np.array([1.0]), np.array([60.0])) == 2.0


def test_the_calibrated_expectation_is_the_models_times_the_factor():
    result = worth.appraise(worth.Tables(orders=mbg_book()), as_of=AS_OF)
    held = result.model["holdout"]
    assert held["fallback"] == [] and held["choice"]["code"] == "default_stands"
    raw, calibrated = (result.customers[f"expected_purchases_365{end}"] for end in ("", "_calibrated"))
    assert np.allclose(calibrated, raw * held["calibration"], equal_nan=True)
    assert held["calibration"] == {part["days"]: part["factor"] for part in held["factors"]}[364]
    assert (
        0.95 < held["calibration"] < 1.05
    )  # the model is true: surprises are chance, and little of them is used
    assert held["choice"]["days_asked"] == 3


def test_a_broken_model_is_replaced_by_a_naive_rule_that_says_why():
    result = worth.appraise(worth.Tables(orders=stopped_book()), as_of=AS_OF)
    verdict = next(one for one in result.model["fallback"] if one["use"] == "totals")
    assert verdict["rule_figure"] < verdict["model_figure"]
    assert verdict["code"] in ("error_worse_than_naive", "bias_worse_than_naive")
    c, held = result.customers, result.model["holdout"]
    assert (verdict["rule"], held["reason"]) == ("present", None)
    monthly = c["expected_purchases_365_calibrated"].mean()
    assert monthly == pytest.approx(365 / 30, rel=0.05)
    assert monthly < c["expected_purchases_365"].mean() / 1.5


def test_a_rule_replaces_the_model_only_when_clearly_better_on_every_day():
    def day(model, rule):
        return {"error_left": model}, {"last_year": {"error_left": rule}}

    assert verdicts.steadily_better([day(1.0, 0.99)]) is None
    assert verdicts.steadily_better([day(1.0, 0.90), day(1.0, 1.0)]) is None
    assert verdicts.steadily_better([day(1.0, 0.97), day(2.0, 1.9)]) == {
        "use": "totals", "code": "error_worse_than_naive", "rule": "last_year", "figure": "error_left",
        "model_figure": 1.5, "rule_figure": pytest.approx(1.435),
    }  # fmt: skip


def test_the_present_speaks_when_the_newest_quarter_came_out_at_more_than_double():
    assert verdicts.off_by_more_than_double(Surprise(100.0, 190.0), 190.0) is None
    assert verdicts.off_by_more_than_double(Surprise(10.0, 29.0), 29.0) is None  # too few to tell
    found = verdicts.off_by_more_than_double(Surprise(100.0, 300.0), 240.0)
    assert found is not None and (found["rule"], found["code"]) == ("present", "bias_worse_than_naive")
    assert (found["model_figure"], found["rule_figure"]) == pytest.approx((-2 / 3, -0.2))
    assert verdicts.off_by_more_than_double(Surprise(100.0, 300.0), 20.0) is None  # the rule is further off


def test_profit_is_ranked_by_what_ranked_best():
    actual = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    reverse, noise = -actual, np.array([1.0, 3.0, 2.0, 5.0, 4.0])
    assert verdicts.ranking_verdict(actual, noise, actual)[1]["rule"] == "mean_of_both"
    assert verdicts.ranking_verdict(reverse * 9, actual, actual)[1]["code"] == "ranking_worse_than_naive"
    assert verdicts.ranking_verdict(actual, actual, actual)[1]["code"] == "past_profit_stands"


def test_the_default_stands_unless_another_model_is_clearly_better():
    def tried(error, brier):
        return {"error_left": error, "brier": brier}

    close = verdicts.choose([{"mbg": tried(1.0, 0.2), "bg": tried(0.995, 0.199)}], "mbg")
    assert (close["model"], close["code"]) == ("mbg", "default_stands")
    once = {"mbg": tried(1.0, 0.2), "bg": tried(0.9, 0.19)}
    better = verdicts.choose([once], "mbg")
    assert (better["model"], better["code"]) == ("bg", "clearly_better")
    assert better["loss"]["bg"] == pytest.approx((0.9 + 0.95) / 2)
    other_way = {"mbg": tried(2.0, 0.2), "bg": tried(2.2, 0.21)}
    assert (
        verdicts.choose([once, other_way], "mbg")["code"] == "default_stands"
    )  # one lucky day is not enough


def test_auto_tries_every_candidate_and_uses_the_chosen_one():
    result = worth.appraise(worth.Tables(orders=mbg_book()), Policy(model="auto"), as_of=AS_OF)
    held = result.model["holdout"]
    assert {one["model"] for one in held["tried"]} >= {"mbg", "bg"}
    assert result.model["purchases"]["model"] == held["choice"]["model"]


def test_ranges_widen_until_they_cover():
    rng = np.random.default_rng(5)
    alive, mean, x = np.ones(2000), np.full(2000, 20.0), np.full(2000, 500.0)
    actual = rng.poisson(rng.gamma(4.0, 5.0, 2000)).astype(float)
    spread = fitting_spread(alive, mean, x, actual, 0.8)
    assert spread > 1.5
    low, high = whole_range(*count_range(alive, mean, x, 0.8, spread))
    assert 0.8 <= np.mean((actual >= low) & (actual <= high)) < 0.87


def test_a_book_where_nobody_comes_back_says_so_and_expects_little():
    book = orders(*((who, at, 50) for who, at in enumerate(range(-700, 360, 2))))
    result = appraise(book)
    held = result.model["holdout"]
    assert (held["reason"], held["choice"]["code"]) == ("few_came_back", "not_checked")
    assert result.model["purchases"]["fallback"] == "no_repeat_customers"
    assert result.customers["expected_purchases_365_calibrated"].sum() < 5


def test_ends_are_the_whole_numbers_at_which_the_tails_begin():
    low, high = whole_range(np.array([0.2, 0.6, 1.5]), np.array([0.4, 1.6, 4.4]))
    assert (low.tolist(), high.tolist()) == ([0.0, 1.0, 1.0], [0.0, 2.0, 4.0])


def test_a_short_history_is_not_checked_and_not_calibrated():
    held = appraise(orders((1, 300, 5), (2, 310, 5), (1, 350, 5))).model["holdout"]
    assert (held["calibration"], held["reason"]) == (1.0, "history_too_short")
    assert held["choice"] == {"code": "not_checked", "model": "mbg"}
