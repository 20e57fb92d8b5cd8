from __future__ import annotations

import numpy as np

from clientier.site.demo.seasons import chinese_new_year
from clientier.site.demo.world import World
from tests.site.demo.measures import Measures, measure, positions

TODAY = np.datetime64("2026-11-21")


def share_of_best(measures: Measures, share: float) -> float:
    profit = np.sort(measures.profit[measures.bought])[::-1]
    return float(profit[: round(len(profit) * share)].sum() / profit.sum())


def test_a_fifth_of_the_customers_earns_four_fifths_of_the_profit(
    whole: Measures, last_year: Measures
) -> None:
    for measures in (whole, last_year):
        assert 0.70 < share_of_best(measures, 0.2) < 0.85


def test_the_best_hundredth_stands_apart(whole: Measures, last_year: Measures) -> None:
    for measures in (whole, last_year):
        assert 0.20 < share_of_best(measures, 0.01) < 0.40


def test_some_customers_cost_more_than_they_bring(whole: Measures, last_year: Measures) -> None:
    for measures in (whole, last_year):
        below = measures.bought & (measures.profit < 0)
        assert 0.055 < below.sum() / measures.bought.sum() < 0.12
        assert 0.06 < np.mean(measures.profit < 0) < 0.12


def test_several_of_the_largest_by_revenue_are_below_zero(last_year: Measures) -> None:
    largest = np.argsort(-last_year.revenue)[: int(last_year.bought.sum()) // 10]
    assert 8 <= np.sum(last_year.profit[largest] < 0) <= 40


def test_many_small_ones_below_zero_eat_time(last_year: Measures) -> None:
    small = last_year.bought & (last_year.revenue < np.median(last_year.revenue[last_year.bought]) * 3)
    below = small & (last_year.profit < 0)
    assert below.sum() > 100
    assert last_year.minutes[below].mean() > 3 * last_year.minutes[small & ~below].mean()


def test_the_best_fifth_gets_only_about_half_of_the_time(whole: Measures) -> None:
    best = np.argsort(-np.where(whole.bought, whole.profit, -np.inf))[: int(whole.bought.sum()) // 5]
    assert 0.40 < whole.minutes[best].sum() / whole.minutes.sum() < 0.60


def test_a_quarter_was_lost_over_time(whole: Measures) -> None:
    silent_days = (TODAY - whole.last_sale[whole.bought]).astype(int)
    assert 0.20 < np.mean(silent_days > 365) < 0.30


def test_some_regulars_fell_silent_in_the_last_weeks(world: World, whole: Measures) -> None:
    """Silent: 20 orders or more, and a silence of 4 to 16 weeks that is over 2.5 of the usual gaps."""
    orders = world.orders
    sale = orders["kind"] == "sale"
    first = np.full(len(whole.profit), TODAY)
    np.minimum.at(first, positions(world, orders["customer"][sale]), orders["day"][sale])
    regular = whole.sale_count >= 20
    usual_gap = (whole.last_sale - first).astype(int)[regular] / (whole.sale_count[regular] - 1)
    silence = (TODAY - whole.last_sale[regular]).astype(int)
    broken = (silence > 2.5 * usual_gap) & (silence >= 28) & (silence <= 112)
    assert 40 <= broken.sum() <= 160


def test_there_are_rising_stars_and_large_decliners(world: World, last_year: Measures) -> None:
    before = measure(world, since="2024-11-21", until="2025-11-21")
    median = np.median(before.revenue[before.bought])
    rank = np.searchsorted(np.sort(before.revenue[before.bought]), before.revenue) / before.bought.sum()
    company = world.customers["kind"] == "company"
    rising = company & (before.revenue > median / 2) & (rank < 0.9) & (last_year.revenue > 2 * before.revenue)
    declining = (rank > 0.85) & (last_year.revenue < 0.6 * before.revenue) & last_year.bought
    assert rising.sum() > 50
    assert declining.sum() > 30


def test_some_came_back_some_are_new_and_some_never_bought(world: World, whole: Measures) -> None:
    recent = measure(world, since="2026-06-01")
    pause = measure(world, since="2025-12-20", until="2026-06-01")
    before = measure(world, until="2025-10-01")
    won_back = recent.bought & ~pause.bought & (before.sale_count >= 10)
    assert won_back.sum() > 20
    first_time = (whole.sale_count == 1) & (TODAY - whole.last_sale < np.timedelta64(56, "D"))
    assert first_time.sum() > 80
    assert 250 < np.sum(~whole.bought) < 400


def test_chinese_companies_hardly_buy_around_the_new_year(world: World) -> None:
    country = dict(world.customers.rows("external_id", "country"))
    chinese = np.array([country[one] == "CN" for one in world.orders["customer"]])
    days = world.orders["day"]
    for year in (2024, 2025, 2026):
        new_year = np.datetime64(chinese_new_year(year))
        dip = chinese & (days >= new_year - 3) & (days < new_year + 11)
        usual = chinese & (days >= new_year - 180) & (days < new_year + 180)
        assert dip.sum() / 14 < 0.3 * usual.sum() / 360


def test_the_last_quarter_is_the_strongest(world: World) -> None:
    days = world.orders["day"]
    in_years = (days >= np.datetime64("2024-01-01")) & (days < np.datetime64("2026-01-01"))
    months = days[in_years].astype("datetime64[M]").astype(int) % 12
    quarters = np.bincount(months // 3, minlength=4)
    assert quarters.argmax() == 3
    assert quarters[3] > 1.1 * quarters[1:3].mean()


def test_companies_keep_a_steadier_rhythm_than_persons(world: World) -> None:
    kind = dict(world.customers.rows("external_id", "kind"))
    days: dict[str, list[int]] = {}
    for customer, sort, day in world.orders.rows("customer", "kind", "day"):
        if sort == "sale":
            days.setdefault(customer, []).append(day.toordinal())
    variation: dict[str, list[float]] = {"company": [], "person": []}
    for customer, ordinals in days.items():
        gaps = np.diff(sorted(ordinals))
        if len(gaps) >= 8:
            variation[kind[customer]].append(float(gaps.std() / gaps.mean()))
    assert np.median(variation["company"]) < 0.85 < np.median(variation["person"])


def test_some_products_come_back_more_often(world: World) -> None:
    category = dict(world.products.rows("external_id", "category"))
    names = np.array([category[one] for one in world.lines["product"]])
    returned = world.lines["quantity"] < 0
    rate = {one: returned[names == one].sum() / (names == one).sum() for one in set(names)}
    assert max(rate, key=rate.__getitem__) == "家用电器 Home appliances"
    assert max(rate.values()) > 4 * min(rate.values())
